"""One xAPI statement as an LRS gives it: the parts that tell who completed what and when, and no others.

Source: xAPI 1.0.3, part 2 (Data), sections 2.2 to 2.4 and 4.5.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.workspace.settings.problems import problems

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
WAIVED = "https://w3id.org/xapi/adl/verbs/waived"
"""cmi5's verb for what somebody decided need not be done. Source: cmi5, section 9.3.6."""
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
"""cmi5's reason of a waiver. Source: cmi5, section 9.5.5.2."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Account(_Part):
    """Somebody's account in a system, named by its home page."""

    home_page: str = Field(alias="homePage")
    name: str


class Actor(_Part):
    """Who did it; the specification asks for exactly one of the four identifiers."""

    kind: str = Field(default="Agent", alias="objectType")
    name: str | None = None
    mbox: str | None = None
    """`mailto:` and an e-mail address."""
    mbox_sha1sum: str | None = None
    """SHA-1 of what `mbox` would say, in hexadecimal digits."""
    openid: str | None = None
    account: Account | None = None


class Verb(_Part):
    """What was done."""

    id: str

    @property
    def word(self) -> str:
        """Return the last part of the verb's address: `completed`."""
        return self.id.rstrip("/").rpartition("/")[2]


class Definition(_Part):
    """What an activity is called."""

    name: dict[str, str] = {}
    """Language tag → name."""


class Thing(_Part):
    """What it was done to: an activity, or another statement."""

    kind: str = Field(default="Activity", alias="objectType")
    id: str = ""
    definition: Definition = Definition()

    @property
    def title(self) -> str:
        """Return the activity's name, in English where there is one, else its id."""
        names = {tag.lower(): name.strip() for tag, name in self.definition.name.items() if name.strip()}
        english = [name for tag, name in sorted(names.items()) if tag == "en" or tag.startswith("en-")]
        return names.get("en-us") or next(iter([*english, *names.values()]), self.id)


class Score(_Part):
    """A score; `scaled` lies between -1 and 1, `raw` between `min` and `max` where these are told."""

    scaled: float | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None

    @property
    def percent(self) -> Decimal | None:
        """Return the score as sheets tell it: per cent where it is scaled or its range is told, else as it is."""
        if self.scaled is not None:
            return Decimal(str(self.scaled)) * 100
        if self.raw is None:
            return None
        raw, least = Decimal(str(self.raw)), Decimal(str(self.min or 0))
        most = least if self.max is None else Decimal(str(self.max))
        return round((raw - least) / (most - least) * 100, 2) if most > least else raw


class Result(_Part):
    """How it went."""

    success: StrictBool | None = None
    completion: StrictBool | None = None
    score: Score = Score()
    extensions: dict[str, Any] = {}

    @property
    def denial(self) -> str:
        """Return which part says that nothing was completed, an empty string when none does."""
        if self.success is False:
            return "result.success is false"
        return "result.completion is false" if self.completion is False else ""


class Statement(_Part):
    """One statement."""

    id: str = Field(min_length=1)
    actor: Actor = Actor()
    verb: Verb
    thing: Thing = Field(alias="object")
    result: Result = Result()
    timestamp: str = ""
    """When it happened, as written."""
    stored: str = ""
    """When it reached the LRS, as written."""

    @property
    def key(self) -> str:
        """Return the id as identity: ids are UUIDs, whose case says nothing."""
        return self.id.strip().lower()


def parse(raw: object) -> Statement:
    """Return a statement of an answer. Raises: Misread for what is none."""
    try:
        return Statement.model_validate(raw)
    except ValidationError as error:
        raise Misread(
            "statement-unreadable",
            problems(error, Statement)[0],
            expected="a statement as xAPI 1.0.3 has it",
            remedy="Ask whoever keeps the LRS to void it and to send it again.",
        ) from error


def instant(words: object) -> datetime | None:
    """Return an ISO 8601 time, naive where it tells no offset; None for what is none."""
    try:
        return datetime.fromisoformat(words.strip().upper()) if isinstance(words, str) else None
    except ValueError:
        return None


NAMES = "object.definition.name"
KEPT: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "actor.name": ("actor", "name"),
    "actor.mbox": ("actor", "mbox"),
    "actor.mbox_sha1sum": ("actor", "mbox_sha1sum"),
    "actor.openid": ("actor", "openid"),
    "actor.account.homePage": ("actor", "account", "homePage"),
    "actor.account.name": ("actor", "account", "name"),
    "verb.id": ("verb", "id"),
    "object.objectType": ("object", "objectType"),
    "object.id": ("object", "id"),
    NAMES: ("object", "definition", "name"),
    "result.success": ("result", "success"),
    "result.completion": ("result", "completion"),
    "result.score.scaled": ("result", "score", "scaled"),
    "result.score.raw": ("result", "score", "raw"),
    "result.score.min": ("result", "score", "min"),
    "result.score.max": ("result", "score", "max"),
    "result.reason": ("result", "extensions", REASON),
    "timestamp": ("timestamp",),
    "stored": ("stored",),
}
"""Heading → where it stands in a statement: what is read of it, and nothing else (no context, no other extension)."""
IDENTIFYING = frozenset(
    ("actor.name", "actor.mbox", "actor.mbox_sha1sum", "actor.openid", "actor.account.name"),
)
READABLE = frozenset(KEPT.keys() - IDENTIFYING - {"actor.account.homePage", "result.reason"})
"""Headings whose values say nothing of who it was."""


def texts(raw: object) -> tuple[tuple[str, str], ...]:
    """Return (heading, text) of what is kept of a statement, also of one that cannot be read."""
    pairs = ((heading, _text(_at(raw, path), names=heading == NAMES)) for heading, path in KEPT.items())
    return tuple((heading, words) for heading, words in pairs if words)


def _at(raw: object, path: tuple[str, ...]) -> object:
    for name in path:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def _text(value: object, *, names: bool) -> str:
    """Return a single value as text; of a list or an object nothing, except an activity's `names`."""
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case dict() if names:
            return "; ".join(f"{tag}: {name}" for tag, name in sorted(value.items()) if isinstance(name, str))
        case _:
            return ""
