"""What a carrier is: something that takes a message and says, for each recipient, what became of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from lms_sync.errors import MailError, UsageError
from lms_sync.model.address import address_problem, split_sender


class SenderRefused(MailError):
    """The server lets this sender send nothing: no fault of the message or of whom it is for."""


class RecipientOutcome(StrEnum):
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
    outcome: RecipientOutcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends one delivery to whom."""

    delivery_id: str
    sender: str
    """`Name <address>` or an address."""
    to: tuple[str, ...]
    """Bare addresses, as are those of `copy`."""
    copy: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check. Raises: UsageError when the sender or an address can't stand in one, or when there is none."""
        split_sender(self.sender)
        if not self.recipients:
            raise UsageError(f"delivery {self.delivery_id}: it has no address", hint="Name one on the roster.")
        for address in self.recipients:
            if problem := address_problem(address):
                raise UsageError(f"delivery {self.delivery_id}: {problem}", hint="Correct the address on the roster.")

    @property
    def sender_address(self) -> str:
        """Return the bare address of the sender; bounces go there."""
        return split_sender(self.sender)[1]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return every address once, those of `to` first."""
        return tuple(dict.fromkeys((*self.to, *self.copy)))


class MailSession(Protocol):
    """An open way out, for the messages of one batch."""

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Hand over `message` and return one result per recipient, in the envelope's order.

        Raises: SenderRefused; MailError (no way out at all) or ConfigError (its settings); then nothing was
        transmitted.
        """
        ...


class Carrier(Protocol):
    """A way out. The carrier is its settings; a session is what it does."""

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        ...

    def session(self) -> AbstractContextManager[MailSession]:
        """Return a session for one batch."""
        ...


@runtime_checkable
class Reachable(Protocol):
    """A carrier whose server can be asked whether it would take messages."""

    def reach(self) -> str:
        """Sign in, send nothing, and return where to, in words. Raises: MailError or ConfigError, as `send` does."""
        ...
