"""What cannot be undone, where the settings ask for a second, signed-in person: what is asked for, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms_sync.text import fold


class SecondAct(StrEnum):
    """An act that the settings may ask a second person for."""

    CONFIRM = "confirm"
    """A training confirmation is issued."""
    ADOPT = "adopt"
    """The board's adoption of an agreement is recorded."""
    WAIVE = "waive"
    """A document is filed by which an ESD waives somebody's training."""
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class AskedAct:
    """An act, and what it is to be done with; what it has no use for is empty."""

    act: SecondAct
    subject: str
    """The agreement; the name of the document; the day before which is purged."""
    day: date | None = None
    """As of which is confirmed; of the vote; of the document; before which is purged."""
    note: str = ""
    """What the board's vote is recorded with; what a purge would take."""
    people: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    kind: str = ""
    esd: str = ""
    number: str = ""
    insists: bool = False
    """The reason outweighs what speaks against a document."""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """An act that waits for a second person."""

    request_id: str
    wanted: AskedAct
    by: str
    email: str
    """Of who asked, by the sign-in; empty for the command line."""
    reason: str
    asked_at: datetime
    expires_at: datetime
    file: str = ""
    """Name of the file that goes with it; it lies aside until the request is decided."""
    sha256: str = ""

    def works(self, at: datetime) -> bool:
        """Tell whether it may still be approved."""
        return at < self.expires_at

    def is_of(self, name: str, email: str) -> bool:
        """Tell whether this person asked: by address, or by what they are called; a role has no say in it."""
        if email and fold(email) == fold(self.email):
            return True
        asked, other = _called(self.by), _called(name)
        return asked == other or asked in _called_by_address(email) or other in _called_by_address(self.email)


def _called(name: str) -> str:
    """Return a name as it is compared: `A. Roe, HR` and `a. roe` are one."""
    return fold(name.partition(",")[0])


def _called_by_address(email: str) -> tuple[str, ...]:
    """Return what an account may be called by its address, at the command line too: the address, what is before @."""
    return (fold(email), fold(email.partition("@")[0])) if email else ()
