"""Answers that programs give: reports of non-delivery (RFC 3464, RFC 6533), absence notes (RFC 3834). Pure.

Only failures count: what is delayed, delivered, relayed or expanded has not come back. Whatever a message says of
itself may be forged.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from email.policy import compat32

from lms_sync.model.received_mail import AutomaticKind
from lms_sync.text import escaped

MOST = 50
"""Addresses and ids of one message that are looked at."""
LONGEST = 300
"""Characters of a server's words, of an address or of an id."""
_ID = re.compile(r"<[^<>\s@]{1,300}@[^<>\s@]{1,300}>")
_ADDRESS = re.compile(r"[^\s<>;,\"@]{1,254}@[^\s<>;,\"@]{1,254}")
"""Bounded, as the one before: a search without an end takes the square of a header's length."""
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "message/global")
_RETURNED_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_ANSWERED = ("In-Reply-To", "References", "X-Original-Message-ID", "Original-Message-ID")
_PROGRAMS = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([-+.=].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Automatic:
    """What a message shows of who wrote it: a person or a program, and what the program says."""

    is_automatic: bool
    """True for anything that must never be answered by a program."""
    kind: AutomaticKind | None = None
    about: tuple[str, ...] = ()
    """Message-IDs and envelope ids."""
    addresses: tuple[tuple[str, str], ...] = ()
    """(address that could not be reached, the server's words)."""


def automatic_of(message: Message) -> Automatic:
    """Return what a message that was parsed as it came (policy compat32) shows."""
    parts = tuple(_own_parts(message))
    blocks = tuple(block for part in parts for block in _status_blocks(part))
    failed = tuple(_failed(blocks))[:MOST]
    if not blocks:
        failed = tuple((address, "") for address in _ADDRESS.findall(_header(message, "X-Failed-Recipients")))[:MOST]
    if failed:
        about = _answered(message, parts, blocks)
        return Automatic(is_automatic=True, kind=AutomaticKind.NOT_DELIVERED, about=about, addresses=failed)
    if blocks or any(part.get_content_type() == "message/disposition-notification" for part in parts):
        return Automatic(is_automatic=True)  # delayed, delivered, or read
    about = _answered(message, (), ())
    if about and _is_note(message):
        return Automatic(is_automatic=True, kind=AutomaticKind.ABSENCE, about=about)
    return Automatic(is_automatic=_written_by_a_program(message))


def _own_parts(message: Message) -> Iterator[Message]:
    """Yield the parts of a message without those of messages that it carries, and without recursion."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting += [held for held in reversed(inside) if isinstance(held, Message)]


def _status_blocks(part: Message) -> Iterator[Message]:
    """Yield the blocks of a report: one about the message, one for each recipient."""
    if part.get_content_type() not in _STATUS:
        return
    inside = part.get_payload()
    text = _text(part)
    for block in inside if isinstance(inside, list) else ():
        if isinstance(block, Message):
            yield block
            # Of reports with addresses in UTF-8 the parser takes the second block for a message's body.
            text = f"{text}\n\n{_text(block)}"
    for later in re.split(r"\r?\n\r?\n", text):
        yield message_from_string(later, policy=compat32)


def _failed(blocks: Iterable[Message]) -> Iterator[tuple[str, str]]:
    """Yield (address, words) of each recipient that could not be reached; as the sender wrote the address first."""
    for block in blocks:
        if (_header(block, "Action").split() or [""])[0].strip(";").casefold() != "failed":
            continue
        named = (_header(block, name).partition(";")[2] for name in ("Original-Recipient", "Final-Recipient"))
        addresses = [found[0] for text in named if (found := _ADDRESS.findall(text))]
        words = " ".join((_header(block, "Diagnostic-Code").partition(";")[2] or _header(block, "Status")).split())
        for address in dict.fromkeys(addresses):
            yield address, words[:LONGEST]


def _answered(message: Message, parts: Iterable[Message], blocks: Iterable[Message]) -> tuple[str, ...]:
    """Return the ids of what a message answers: its own headers, the report's, and those of what it returns."""
    found = [identifier for name in _ANSWERED for identifier in _ID.findall(_header(message, name))]
    for block in blocks:
        found += [_header(block, "Original-Envelope-Id").strip(), *_ID.findall(_header(block, "Original-Message-ID"))]
    for part in parts:
        found += [
            identifier for returned in _returned(part) for identifier in _ID.findall(_header(returned, "Message-ID"))
        ]
    return tuple(dict.fromkeys(identifier[:LONGEST] for identifier in found if identifier))[:MOST]


def _returned(part: Message) -> Iterator[Message]:
    """Yield the message that comes back, or its headers."""
    inside = part.get_payload()
    if part.get_content_type() in _RETURNED and isinstance(inside, list):
        yield from (held for held in inside if isinstance(held, Message))
    elif part.get_content_type() in (*_RETURNED, *_RETURNED_HEADERS):
        yield message_from_string(_text(part), policy=compat32)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _is_note(message: Message) -> bool:
    """Tell whether a program wrote an answer. Source: RFC 3834, 5; MS-OXCMAIL; older programs' own headers."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    if submitted.removeprefix("auto-") in ("replied", "generated"):
        return True
    older = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
    return _header(message, "Precedence").strip().casefold() == "auto_reply" or any(
        _header(message, n) for n in older
    )


def _written_by_a_program(message: Message) -> bool:
    """Tell whether a message must not be answered: by a program, to a list, or with no way back."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    precedence = _header(message, "Precedence").strip().casefold()
    names = ("X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop")
    user = (_ADDRESS.findall(_header(message, "From")) or [""])[0].partition("@")[0]
    return (
        submitted not in ("", "no")
        or precedence in ("auto_reply", "bulk", "junk", "list")
        or any(_header(message, name) for name in names)
        or _header(message, "Return-Path").strip() == "<>"
        or _PROGRAMS.fullmatch(user) is not None
        or message.get_content_type() == "multipart/report"
    )


def _header(message: Message, name: str) -> str:
    """Return the first header of a name as text that may be printed, empty for none."""
    return escaped(str(message.get(name) or ""))[: 20 * LONGEST]
