"""What an LRS answers to a question for statements, page by page.

Source: xAPI 1.0.3, part 3 (Communication), section 2.1.3 and part 2 (Data), section 2.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.session import Session
from lms_sync.sources.xapi.cursor import shown_through

PATH = "/statements"
PAGE = "500"
"""Statements asked for at once; an LRS gives fewer when it likes, and says where more are."""


@dataclass(slots=True)
class Listing:
    """What one pull has brought so far."""

    since: Mapping[str, str]
    """What was asked for: what is new, or everything."""
    statements: list[object] = field(default_factory=list)
    fails: bool = False
    """True when the LRS failed at a question that only spares work."""
    through: list[datetime] = field(default_factory=list)
    """`shown_through` of every answer; where the LRS does not tell, when it came."""

    def ask(self, session: Session, query: Mapping[str, str]) -> None:
        """Add all statements that fit. Raises: HttpError when any page fails."""
        for answer in session.pages(PATH, {**query, "limit": PAGE}, next_url=_more):
            self.statements += body(answer)["statements"]
            self.through.append(shown_through(answer.headers) or session.endpoint.clock.now())


def shows(session: Session, query: Mapping[str, str]) -> bool:
    """Tell whether the LRS has any statement that fits. Raises: HttpError.

    A void is found by the verb of what it voids, too; such statements do not count.
    """
    pages = session.pages(PATH, {**query, "limit": PAGE}, next_url=_more)
    return any(_fits(statement, query) for answer in pages for statement in body(answer)["statements"])


def _fits(statement: Any, query: Mapping[str, str]) -> bool:
    verb = statement.get("verb") if isinstance(statement, dict) else None
    return "verb" not in query or (isinstance(verb, dict) and verb.get("id") == query["verb"])


def body(answer: WebAnswer) -> dict[str, Any]:
    """Return an answer's body. Raises: HttpError when it is not what the specification promises."""
    parsed = answer.json()
    if isinstance(parsed, dict) and isinstance(parsed.get("statements"), list):
        return parsed
    raise HttpError(
        Failure.UNREADABLE,
        f"source {answer.source}: {answer.place} answered without a list of statements",
        hint="Check `url`: it is the LRS's xAPI endpoint, the address that ends before /statements.",
        answer=answer,
    )


def _more(answer: WebAnswer) -> str:
    """Return the next page: `more` is relative to the origin, and absent or empty at the end."""
    more = body(answer).get("more")
    return urljoin(urljoin(answer.url, "/"), str(more)) if more else ""
