"""The process that takes other people's mail apart: `python -m lms_sync.sources.corrections.child`.

It takes one message from stdin and answers with JSON on stdout: who sent it, what was verified of that, the
workbooks that it carries, and what it says if a program wrote it. Its arguments: bytes of memory and seconds of CPU
time that it may take, the authserv-id whose word about senders is believed, and `yes` for Exchange Online's. Nothing
of a message is run, followed or shown.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from lms_sync.sources.corrections.automatic import automatic_of
from lms_sync.sources.corrections.sender import TrustedServer, sender_of
from lms_sync.tables.limits import limit_memory, limit_time
from lms_sync.text import escaped

MOST_WORKBOOKS = 5
"""Of one message."""
MOST_ENCLOSED = 5
LONGEST_NAME = 120
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def taken_apart(raw: bytes, server: TrustedServer) -> dict[str, object]:
    """Return what a message says: `workbooks` and what is `enclosed` as (name, content in base64), at most five each.

    Attachments of attached messages are not looked at: their senders prove nothing.
    """
    message = message_from_bytes(raw, policy=compat32)
    found: list[tuple[str, str]] = []
    enclosed: list[tuple[str, str]] = []
    for part in _parts(message):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if content.startswith(b"PK\x03\x04") and len(found) < MOST_WORKBOOKS:
            found.append((_name_of(part, "workbook"), base64.b64encode(content).decode()))
        elif _is_enclosed(part, content) and len(enclosed) < MOST_ENCLOSED:
            enclosed.append((_name_of(part, "file"), base64.b64encode(content).decode()))
    return {
        "sender": asdict(sender_of(message, server)),
        "message_id": _message_id(message),
        "workbooks": found,
        "enclosed": enclosed,
        "automatic": asdict(automatic_of(message)),
    }


def _is_enclosed(part: Message, content: bytes) -> bool:
    """Tell whether a part is a document or a photograph that somebody enclosed; pictures of a signature are none."""
    if content.startswith(b"%PDF-"):
        return True
    shown_inside = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
    return content.startswith(PICTURES) and not shown_inside


def _message_id(message: Message) -> str:
    """Return the Message-ID where it is plainly one, so that an answer may name it; empty otherwise."""
    written = str(message.get("Message-ID") or "").strip()
    return written if re.fullmatch(r"<[!-;=?-~]{1,240}>", written) else ""


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold no others, without recursion, in their order."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822":
            continue
        inside = part.get_payload()
        if part.is_multipart() and isinstance(inside, list):
            waiting += [held for held in reversed(inside) if isinstance(held, Message)]
        else:
            yield part


def _name_of(part: Message, otherwise: str) -> str:
    """Return an attachment's file name without folders, and without characters that may not be printed."""
    try:
        name = str(part.get_filename() or "")
    except Exception:  # the standard library raises many kinds for a name that is encoded wrongly
        name = ""
    base = escaped(name).replace("\\", "/").rpartition("/")[2]
    return " ".join(base.split())[:LONGEST_NAME] or otherwise


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    limit_time(float(sys.argv[2]))
    trusted = TrustedServer(sys.argv[3], exchange_online=sys.argv[4] == "yes")
    json.dump(taken_apart(sys.stdin.buffer.read(), trusted), sys.stdout)
