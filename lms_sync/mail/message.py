"""A report's parts → the exact bytes of one e-mail message.

The same parts, envelope, Message-ID and date give the same bytes. They are plain ASCII throughout, so that every
server can take them (8BITMIME and SMTPUTF8 are not needed), and no header can hold a line break.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import (
    Address,
    BaseHeader,
    HeaderRegistry,
    UniqueSingleAddressHeader,
    UniqueUnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formataddr, parseaddr
from typing import cast

from lms_sync.errors import UsageError

# Source: RFC 5322, 3.2.3 (dot-atom) before the @, RFC 1123, 2.1 after it; RFC 3696 erratum 1690 for the length.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_LONGEST_ADDRESS = 254
_MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _Subject(UniqueUnstructuredHeader):
    """A subject that readers show as it was written.

    The policy's own folding (CPython 3.11) loses blanks between encoded words and cuts letters in two.
    """

    def fold(self, *, policy: Policy) -> str:
        return f"Subject: {_encoded(str(self), 'Subject')}\r\n"


class _From(UniqueSingleAddressHeader):
    """A sender whose name readers show as it was written; see `_Subject`."""

    def fold(self, *, policy: Policy) -> str:
        sender = self.addresses[0]
        if sender.display_name.isascii():
            return f"From: {formataddr((sender.display_name, sender.addr_spec))}\r\n"
        return f"From: {_encoded(sender.display_name, 'From')}\r\n <{sender.addr_spec}>\r\n"


def _encoded(text: str, header: str) -> str:
    """Return header text in ASCII, folded. Source: RFC 2047, 2 (encoded words)."""
    return Header(text, None if text.isascii() else "utf-8", header_name=header).encode(linesep="\r\n")


def _policy() -> Policy:
    headers = HeaderRegistry()
    # The registry itself adds the base class to each type, which their annotations do not say.
    headers.map_to_type("subject", cast(type[BaseHeader], _Subject))
    headers.map_to_type("from", cast(type[BaseHeader], _From))
    return SMTP.clone(cte_type="7bit", header_factory=headers)


_POLICY = _policy()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    """File name as the reader sees it; any letters, no folder."""
    content: bytes
    media_type: str
    """`main/sub`, e.g. `application/pdf`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message says: the same in HTML and in plain text, and its attachments."""

    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...] = ()


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
        _split_sender(self.sender)
        if not self.recipients:
            raise UsageError(f"delivery {self.delivery_id}: it goes to no address", hint="Name one on the roster.")
        for address in self.recipients:
            if problem := address_problem(address):
                raise UsageError(f"delivery {self.delivery_id}: {problem}", hint="Mend the address on the roster.")

    @property
    def sender_address(self) -> str:
        """Return the bare address of the sender; bounces go there."""
        return _split_sender(self.sender)[1]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return every address once, those of `to` first."""
        return tuple(dict.fromkeys((*self.to, *self.copy)))


def address_problem(address: str) -> str:
    """Return why `address` can't be mailed to, as a sentence's half; empty when it can.

    Only ASCII addresses pass: a domain with other letters has an ASCII form (`xn--…`).
    """
    if len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return ""
    return f"{address!r} is not an address like name@example.org in plain ASCII letters"


def message_id(token: str, *, sender: str) -> str:
    """Return a Message-ID of `token` (unique, e.g. random hex) at the sender's domain. To be minted once per report.

    Raises: UsageError when the token or the sender can't stand in one.
    """
    minted = f"<{token}@{_split_sender(sender)[1].rpartition('@')[2]}>"
    return _checked_id(minted)


def build_message(parts: Parts, *, envelope: Envelope, message_id: str, date: datetime) -> bytes:
    """Return the exact bytes of the message: text and HTML as alternatives, then the attachments. Lines end in CRLF.

    `date` is aware. Raises: UsageError for a header value with a line break or another control character, or a
    Message-ID or media type of the wrong form; ValueError for a naive date.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a message needs a time zone")
    message = EmailMessage(policy=_POLICY)
    name, address = _split_sender(envelope.sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = _addresses(envelope.to)
    if envelope.copy:
        message["Cc"] = _addresses(envelope.copy)
    message["Subject"] = _header_value("subject", parts.subject)
    message["Date"] = date
    message["Message-ID"] = _checked_id(message_id)
    # Source: RFC 3834, 5; the second is what Exchange obeys. Both keep absence notes from answering.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    _fill(message, parts)
    _fix_boundaries(message, message_id)
    return message.as_bytes()


def _fill(message: EmailMessage, parts: Parts) -> None:
    message.set_content(parts.text)
    message.add_alternative(parts.html, subtype="html")
    for attachment in parts.attachments:
        main, _, sub = attachment.media_type.partition("/")
        if not re.fullmatch(rf"{_ATOM}/[A-Za-z0-9.+-]+", attachment.media_type):
            raise UsageError(f"attachment {attachment.name!r}: {attachment.media_type!r} is no media type")
        name = _header_value("attachment's name", attachment.name)
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()[:32]
        # "=_" occurs in neither base64 nor quoted-printable, so no body can hold a boundary.
        part.set_boundary(f"=_{digest}")


def _addresses(addresses: Iterable[str]) -> tuple[Address, ...]:
    return tuple(Address(addr_spec=address) for address in addresses)


def _header_value(what: str, value: str) -> str:
    # "=?" starts an encoded word, which a reader would undo, line breaks and all.
    if _CONTROL.search(value) or "=?" in value:
        raise UsageError(
            f'mail, {what}: {value!r} holds a line break, a control character or "=?"',
            hint="Take it out of the name or the template that it came from.",
        )
    return value


def _checked_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise UsageError(f"mail, Message-ID: {message_id!r} is not of the form <token@domain>")
    return message_id


def _split_sender(sender: str) -> tuple[str, str]:
    name, address = parseaddr(_header_value("sender", sender))
    problem = address_problem(address)
    if problem:
        raise UsageError(
            f"mail, sender: {sender!r} holds no address like name@example.org",
            hint='Write [mail] sender as "Name <name@example.org>".',
        )
    return name, address
