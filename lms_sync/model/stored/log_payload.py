"""What an entry of the log of decisions says, as far as the program reads it back; its hash is made over it as it is.

What was decided (`before`, `after`) is kept for people, in the shape of its day. Only what the log says of issued
documents is read: their records are held against it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lms_sync.model.stored.stored_type import StoredType


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A decision: about what, by whom, why, and what it changed."""

    subject: str
    by: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    nonce: str
    """Random, so that a purged payload can't be guessed from its hash."""
    second: str = ""
    """Who agreed, where the settings asked for a second person; empty elsewhere."""

    @property
    def who(self) -> str:
        """Return who decided: both, where it took two."""
        return f"{self.by}; second person: {self.second}" if self.second else self.by


@dataclass(frozen=True, slots=True)
class PurgedDecision:
    """What stands in the place of a decision that retention has taken."""

    purged: date


@dataclass(frozen=True, slots=True)
class LoggedIssue:
    """What the log says of a document's issuing, or of its withdrawal."""

    number: str
    sha256: str
    as_of: date | None = None
    """None for a withdrawal."""
    people: tuple[str, ...] = ()
    """Person IDs."""
    record: str | None = None
    """A digest of the document's record; None in the first version, which logged none."""


DECISION: StoredType[LoggedDecision] = StoredType("decision in the log", LoggedDecision)
PURGED_DECISION: StoredType[PurgedDecision] = StoredType("purged decision in the log", PurgedDecision)
ISSUE: StoredType[LoggedIssue] = StoredType("logged document", LoggedIssue)
