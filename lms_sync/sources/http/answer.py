"""One answer of a server, read whole and bounded; and the error of a request that gave none of use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from requests.structures import CaseInsensitiveDict
from requests.utils import parse_header_links

from lms_sync.errors import SourceError
from lms_sync.text import visible_in

UNPARSED = object()


class Failure(StrEnum):
    """Why a request gave no answer that can be used."""

    UNREACHABLE = "unreachable"
    """No connection, or one that broke, also when tried again."""
    CERTIFICATE = "certificate"
    TIMEOUT = "time-out"
    """The answer was too slow, or the session is over."""
    THROTTLED = "throttled"
    """The server asked for fewer requests, also when tried again."""
    BROKEN = "broken"
    """The server failed (5xx), or the source's own check asked for another try, also when tried again."""
    CREDENTIALS = "credentials"
    """401: the token is wrong, expired or missing; some servers say so for a missing right."""
    FORBIDDEN = "forbidden"
    """403: the token is known and may not do this."""
    MISSING = "missing"
    """404 or 410."""
    REJECTED = "rejected"
    """Any other status that is no success."""
    REDIRECT = "redirect"
    """The server sent us elsewhere; no redirect is followed."""
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    """The body is not what the API promises."""
    PAGING = "paging"
    """A link to the next page that must not be followed, or pages without end."""


class HttpError(SourceError):
    """A request that gave no usable answer. `str()` holds no secret, no query and nobody's id."""

    def __init__(
        self,
        kind: Failure,
        message: str,
        *,
        hint: str = "",
        answer: "WebAnswer | None" = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.answer = answer
        """The last answer, where one came: a connector may look at its headers and body."""
        self.wait = wait
        """None: asking again will not help. Else it may, after at least these seconds (0: the server told none)."""

    @property
    def status(self) -> int:
        """Return the HTTP status of the answer, 0 when none came."""
        return self.answer.status if self.answer else 0


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """An answer; only its status shows in a repr, because bodies and URLs tell of people."""

    source: str = field(repr=False)
    """The source that asked, for errors."""
    place: str = field(repr=False)
    """What was asked, fit for logs and errors: method, host and path without query, ids and names."""
    url: str = field(repr=False)
    """What was asked, whole; for resolving links, never for logs."""
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Looked up without regard to case."""
    body: bytes = field(repr=False)
    """Decompressed."""
    parsed: Any = field(default=UNPARSED, repr=False, compare=False)
    """What the body says, where it was found to be JSON on arrival."""

    def __post_init__(self) -> None:
        """Make the headers' names be looked up without regard to case."""
        object.__setattr__(self, "headers", CaseInsensitiveDict(self.headers))

    def json(self) -> Any:
        """Return what the body says, as Python's JSON types.

        Raises: HttpError (`Failure.UNREADABLE`) when it is no JSON in UTF-8.
        """
        return parse(self) if self.parsed is UNPARSED else self.parsed

    @property
    def is_json(self) -> bool:
        """Tell whether the server says that the body is JSON."""
        kind = self._content_type()
        return kind == "application/json" or kind.endswith("+json")

    def link(self, relation: str) -> str:
        """Return the URL of the `Link` header with this relation (`next`), an empty string for none."""
        for link in parse_header_links(self.headers.get("Link", "")):
            if relation in link.get("rel", "").split():
                return str(link["url"])
        return ""

    def describe(self) -> str:
        """Return what the body is, told without quoting it."""
        if not self.body.strip():
            return "an empty body"
        looks = "an HTML page" if self.body.lstrip()[:1] == b"<" else "text that is not complete JSON"
        return f"{looks} ({self._content_type() or 'no content type'}, {len(self.body):,} bytes)"

    def _content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def parse(answer: WebAnswer) -> Any:
    """Return what the body of an answer says. Raises: HttpError (`Failure.UNREADABLE`) for what is no JSON.

    A byte order mark in front says nothing, as RFC 8259, section 8.1, lets readers take it.
    """
    try:
        return visible_in(json.loads(answer.body.decode("utf-8-sig"), parse_constant=_refuse_constant))
    except (ValueError, RecursionError):
        # The chained error would hold the whole body, people and all.
        raise HttpError(
            Failure.UNREADABLE,
            f"source {answer.source}: {answer.place} answered with {answer.describe()} where JSON was expected",
            hint="See the address in a browser: a sign-in page, a proxy or maintenance may answer in its place.",
            answer=answer,
            wait=0.0 if answer.is_json else None,
        ) from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
