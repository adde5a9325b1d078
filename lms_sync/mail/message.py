"""A report's parts → the exact bytes of one e-mail message.

The same parts, envelope, Message-ID and date give the same bytes. They are plain ASCII throughout, so that every
server can take them (8BITMIME and SMTPUTF8 are not needed), and no header can hold a line break.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
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
from email.utils import formataddr
from typing import cast

from lms_sync.errors import UsageError
from lms_sync.model.address import ATOM, LABEL, header_value, split_sender
from lms_sync.model.carrier import Envelope

_MESSAGE_ID = re.compile(rf"<{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*>")


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
class Thread:
    """An earlier message, beside which readers see this one."""

    message_id: str
    is_answer: bool
    """True where a person wrote the earlier one, to us."""


@dataclass(frozen=True, slots=True)
class MessageParts:
    """What a message says: the same in HTML and in plain text, and its attachments."""

    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    """Where an answer goes, a bare address; empty: to the sender."""
    series: str = ""
    """`district.kind`, of letters, digits, dots and hyphens: mail programs sort by it (List-Id); empty: none."""
    thread: Thread | None = None


def message_id(token: str, *, sender: str) -> str:
    """Return a Message-ID of `token` (unique, e.g. random hex) at the sender's domain. To be minted once per report.

    Raises: UsageError when the token or the sender can't stand in one.
    """
    minted = f"<{token}@{split_sender(sender)[1].rpartition('@')[2]}>"
    return _checked_id(minted)


def build_message(parts: MessageParts, *, envelope: Envelope, message_id: str, date: datetime) -> bytes:
    """Return the exact bytes of the message: text and HTML as alternatives, then the attachments. Lines end in CRLF.

    `date` is aware. Raises: UsageError for a header value with a line break or another control character, or a
    Message-ID or media type of the wrong form; ValueError for a naive date.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a message needs a time zone")
    message = EmailMessage(policy=_POLICY)
    name, address = split_sender(envelope.sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = _addresses(envelope.to)
    if envelope.copy:
        message["Cc"] = _addresses(envelope.copy)
    message["Subject"] = header_value("subject", parts.subject)
    message["Date"] = date
    message["Message-ID"] = _checked_id(message_id)
    if parts.reply_to and parts.reply_to != address:
        message["Reply-To"] = _addresses((parts.reply_to,))
    if parts.series:
        # Source: RFC 2919, 2; no list to leave, so no List-Unsubscribe.
        message["List-Id"] = f"<{header_value('series', parts.series)}.{address.rpartition('@')[2]}>"
    # Source: RFC 3834, 5; the second is what Exchange obeys. Both keep absence notes from answering. `All` would keep
    # reports of non-delivery back too (MS-OXCMAIL, 2.2.3.2.14), and these are wanted.
    if parts.thread:
        message["In-Reply-To"] = message["References"] = header_value("earlier message", parts.thread.message_id)
    answers = parts.thread is not None and parts.thread.is_answer
    message["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply, DR, RN, NRN"
    _fill(message, parts)
    _fix_boundaries(message, message_id)
    return _with_files(message, parts.attachments)


def _fill(message: EmailMessage, parts: MessageParts) -> None:
    """Add the texts, and for each attachment a part that is empty still."""
    message.set_content(parts.text)
    message.add_alternative(parts.html, subtype="html")
    for attachment in parts.attachments:
        main, _, sub = attachment.media_type.partition("/")
        if not re.fullmatch(rf"{ATOM}/[A-Za-z0-9.+-]+", attachment.media_type):
            raise UsageError(f"attachment {attachment.name!r}: {attachment.media_type!r} is no media type")
        name = header_value("attachment's name", attachment.name)
        message.add_attachment(b"", maintype=main, subtype=sub, filename=name)


def _with_files(message: EmailMessage, attachments: Sequence[Attachment]) -> bytes:
    """Return the message's bytes with the attachments' content; the library itself takes six times as long for it."""
    if not attachments:
        return message.as_bytes()
    boundary = f"\r\n--{message.get_boundary()}".encode()
    head, texts, *parts, end = message.as_bytes().split(boundary)
    filled = (part + _in_lines(file.content) for part, file in zip(parts, attachments, strict=True))
    return boundary.join((head, texts, *filled, end))


def _in_lines(content: bytes) -> bytes:
    """Return content in base64. Source: RFC 2045, 6.8 (lines of at most 76 letters)."""
    letters = b64encode(content)
    return b"".join([letters[start : start + 76] + b"\r\n" for start in range(0, len(letters), 76)])


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()[:32]
        # "=_" occurs in neither base64 nor quoted-printable, so no body can hold a boundary.
        part.set_boundary(f"=_{digest}")


def _addresses(addresses: Iterable[str]) -> tuple[Address, ...]:
    return tuple(Address(addr_spec=address) for address in addresses)


def _checked_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise UsageError(f"mail, Message-ID: {message_id!r} is not of the form <token@domain>")
    return message_id
