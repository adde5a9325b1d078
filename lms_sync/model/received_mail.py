"""What came into the mailbox besides workbooks: reports of non-delivery, absence notes, and what they made of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
