"""What came into the mailbox besides workbooks: reports of non-delivery, absence notes, and what they made of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms_sync.model.agreement import KeptFile


class AutomaticKind(StrEnum):
    """What a program's answer says."""

    NOT_DELIVERED = "not delivered"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class AutomaticMail:
    """An answer that a program gave to a message. Anybody can forge one: it doubts an address, and no more."""

    mail: str
    """Hash of the message as it came."""
    name: str
    """The message's number in the mailbox, or its file's name."""
    kind: AutomaticKind
    about: tuple[str, ...]
    """Message-IDs and envelope ids of what it answers, as it names them."""
    addresses: tuple[tuple[str, str], ...]
    """(address, the server's words); of an absence note who sent it."""


@dataclass(frozen=True, slots=True)
class MailTaken:
    """That a message was taken into account; one that comes again changes nothing."""

    on: date


@dataclass(frozen=True, slots=True)
class AddressDoubt:
    """Why an address of a partner may not be read by anybody. Mail goes on to it."""

    partner_id: str
    """As a delivery names whom it tells."""
    address: str
    kind: AutomaticKind
    since: date
    words: str
    """The server's; empty for an absence note."""
    delivery_id: str
    """The message that was answered; empty where the answer did not say which."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that came with workbooks: a certificate, a sign-in sheet."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A message of a partner's contact, with workbooks that were read."""

    mail: str
    """Hash of the message as it came."""
    name: str
    sender: str
    message_id: str
    """As it names itself; empty for none that can be answered."""
    workbooks: tuple[str, ...]
    """What the files are called that were read from it."""
    enclosures: tuple[Enclosure, ...]
    is_answerable: bool
    """True where the own mail server says that it is theirs, and no program wrote it."""


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One entry that was taken as a claim."""

    person_id: str
    requirement: str
    day: date | None
    announced: str = ""
    """The decision that the sender was told last: accepted or refused; empty for none."""


@dataclass(frozen=True, slots=True)
class CorrectionMail:
    """A message with corrections: who sent it, what became of it, and what the sender was told of that."""

    partner_id: str
    sender: str
    message_id: str
    received_on: date
    workbooks: tuple[str, ...]
    """Hashes of their content."""
    rows: tuple[ReportedRow, ...]
    refused: tuple[str, ...]
    """What was not taken and why, in sentences that only repeat what the sender wrote."""
    files: tuple[KeptFile, ...]
    """Certificates that came with it, kept among the documents."""
    is_answerable: bool
    deliveries: tuple[str, ...] = ()
    """The receipt, then what was told of decisions."""
