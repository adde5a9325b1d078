"""The log of human decisions: what an entry is about, and one entry as it was logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.stored.log_payload import DECISION, PURGED_DECISION, LoggedDecision


class DecisionKind(StrEnum):
    """What an entry is about."""

    CLASS = "class"
    CLOCK = "clock"
    ASSIGNMENT = "assignment"
    """The decision before assignment (RCW 28A.400.345(1)): series confirmed or required."""
    LINK = "link"
    MERGE = "merge"
    NAME = "name"
    """Whether a Person ID that has another name now is still the same person's."""
    CLAIM = "claim"
    DOUBT = "doubt"
    """A completion that its source speaks against: kept or ended."""
    DROP = "drop"
    """Records that a person agreed are missing from a source."""
    DAYS = "days"
    """Days of a source that came with day and month exchanged, and that a person said are right."""
    MAP = "map"
    ROSTER = "roster"
    """A roster that somebody sent and took over."""
    RELEASE = "release"
    """Addresses of a partner that may be mailed to."""
    DELIVERY = "delivery"
    """One delivery that is held, let go to addresses released before, or tried again."""
    UNREAD = "unread"
    """A source that was never read whole, and without which reports may go out."""
    REFUSED = "refused"
    """Refused rows of a file, without which reports may go out."""
    DOCUMENT = "document"
    SCAN = "scan"
    """The scan of a sheet, filed with it or taken away from it."""
    REQUEST = "request"
    REVIEW = "review"
    DUTY = "duty"
    CONFIRMATION = "confirmation"
    PLAN = "plan"
    SENDING = "sending"
    """An issued document of an agreement that is to be mailed to its partner."""
    WITHDRAWAL = "withdrawal"
    HOLD = "hold"
    PURGE = "purge"
    RESTORE = "restore"
    """The database was put back from a backup."""
    CLEANING = "cleaning"
    """What earlier versions stored and this one would not keep, taken out."""
    REPORTED = "reported training"
    """Of a partner, on its page: a claim, until somebody decides."""
    ACKNOWLEDGED = "acknowledgement"
    """A partner has read its report."""
    LINK_ENDED = "partner link"
    """A link of a partner's that works no longer."""
    SHARED = "shared evidence"
    """A link to an agreement's documents, made or ended."""
    SECOND = "second person"
    """What cannot be undone: asked for, refused, or taken back; once approved, the act has an entry of its own."""
    EVIDENCE = "evidence"
    """A folder of evidence that was made for an outsider."""
    RULES = "rules"
    """Differences that new rules of the program made, accepted."""
    BASELINE = "baseline"
    """What counted when an earlier version's workspace was upgraded and no entry spoke of."""
    DIFFERENCE = "difference"
    """Which is right, where the log and the database say otherwise."""


Before = Mapping[str, Any] | None


@quickly_made
@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision as it was logged."""

    number: int
    """1, 2, 3 … without holes."""
    at: datetime
    kind: str
    payload: Mapping[str, Any]
    """As stored, since `payload_hash` is made over it; `decision` or `purged_on` says what stands in it."""
    payload_hash: str
    previous: str
    """The hash of the entry before; 64 zeros for the first."""
    hash: str
    mac: str = ""
    """A code over `hash` under the workspace's identity key; empty in entries of earlier versions."""

    @property
    def purged(self) -> bool:
        """Tell whether a purge has replaced the payload."""
        return isinstance(self.payload, Mapping) and "purged" in self.payload

    @property
    def purged_on(self) -> date:
        """Return the day on which a purge has replaced the payload. Raises: ConfigError for a whole entry."""
        return PURGED_DECISION.read(self.payload).purged

    @property
    def decision(self) -> LoggedDecision:
        """Return what the entry says. Raises: ConfigError for a purged entry."""
        return DECISION.read(self.payload)
