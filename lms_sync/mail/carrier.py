"""What a carrier is: something that takes a message and says, for each recipient, what became of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lms_sync.mail.message import Envelope


class Outcome(StrEnum):
    """What became of a message for one recipient."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    """Not taken for now; the same bytes may be tried again later."""
    REFUSED = "refused"
    """Not taken, and not to be tried again."""
    UNKNOWN = "unknown"
    """It was on its way when the answer got lost; another try could deliver it twice."""


@dataclass(frozen=True, slots=True)
class RecipientResult:
    """One recipient's outcome, with the server's words."""

    address: str
    outcome: Outcome
    detail: str = ""


class Session(Protocol):
    """An open way out, for the messages of one batch."""

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Hand over `message` and return one result per recipient, in the envelope's order.

        Raises: MailError (no way out at all) or ConfigError (its settings); then nothing was transmitted.
        """
        ...


class Carrier(Protocol):
    """A way out. The carrier is its settings; a session is what it does."""

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        ...

    def session(self) -> AbstractContextManager[Session]:
        """Return a session for one batch."""
        ...
