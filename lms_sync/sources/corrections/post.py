"""E-mail that carries returned workbooks: what is taken from a message, and whether its sender is believed."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses

from lms_sync.sources.corrections.recognise import Returned

MOST_BYTES = 10_000_000
"""A larger message is passed over, and said."""
MOST_WORKBOOKS = 5
"""Of one message."""


def workbooks_of(raw: bytes, *, name: str, trusted: str = "") -> Iterator[Returned]:
    """Yield the xlsx workbooks that a message carries, at most five; nothing of it is run, followed or shown.

    `trusted` is the name of the mail server whose Authentication-Results are believed: then a message without its
    `dmarc=pass` is doubted. Attachments of attached messages are not looked at: their senders prove nothing.
    """
    message = email.message_from_bytes(raw, policy=email.policy.default)
    sender = _sender(message)
    doubt = _doubt(message, trusted)
    found = 0
    for part in _parts(message):
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content.startswith(b"PK\x03\x04") or len(content) > MOST_BYTES:
            continue
        found += 1
        if found > MOST_WORKBOOKS:
            return
        yield Returned(f"{name}, {_safe(part.get_filename() or 'workbook')}", content, sender or "nobody", doubt)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    if message.get_content_type() == "message/rfc822":
        return
    if not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _parts(part)


def _sender(message: EmailMessage) -> str:
    """Return the one address of From; empty when there is none, or more than one."""
    try:
        addresses = getaddresses([str(header) for header in message.get_all("From", [])])
    except (ValueError, IndexError):
        return ""
    return addresses[0][1] if len(addresses) == 1 and "@" in addresses[0][1] else ""


def _doubt(message: EmailMessage, trusted: str) -> str:
    if not trusted:
        return ""
    headers = [str(header) for header in message.get_all("Authentication-Results", [])]
    # The newest header of the district's own server stands first; those below it may be forged.
    trusted_header = next((header for header in headers if header.strip().split(";")[0].split()[:1] == [trusted]), "")
    passed = re.search(r"\bdmarc\s*=\s*pass\b", trusted_header, re.IGNORECASE)
    return "" if passed else "the mail server does not vouch for its sender (no dmarc=pass)"


def _safe(name: str) -> str:
    """Return a file's name without folders and unprintable characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in base if c.isprintable())[:120] or "workbook"
