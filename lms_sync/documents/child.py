"""The process that looks into other people's files: `python -m lms_sync.documents.child BYTES KIND`.

It takes one file from stdin and answers with JSON on stdout; BYTES is the memory that it may take. Before a badge
stands one line of JSON: the issuers that the settings name. It reads, and never opens, runs or fetches anything that
stands in the file.
"""

import json
import logging
import sys
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from lms_sync.documents.badge_proof import RevokedList, TrustedIssuer, look_into_badge
from lms_sync.documents.pdf_text import look_into_pdf
from lms_sync.tables.compound import Compound
from lms_sync.tables.limits import limit_memory

LONGEST = 2_000_000
"""Characters of text that are answered; names stand on a document's first pages."""
_OUTLOOK_TEXTS = ("0037", "0C1A", "0E04", "1000")
"""Subject, sender's name, recipients, body. Source: [MS-OXPROPS]."""


def mail_of(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return (text, notes) of an e-mail: subject, addresses, text parts, and the texts of attached PDFs."""
    message = message_from_bytes(content, policy=compat32)
    texts = [str(message[name] or "") for name in ("Subject", "From", "To", "Cc")]
    notes: list[str] = []
    names = []
    for part in message.walk():
        body = _body(part)
        if name := part.get_filename():
            names.append(_one_line(str(name)))
        if body.startswith(b"%PDF-"):
            text, found = look_into_pdf(body)
            texts.append(text)
            notes += found
        elif part.get_content_maintype() == "text":
            texts.append(body.decode(_charset(part), "replace"))
    if names:
        notes.insert(0, f"It carries attachments: {', '.join(names[:10])}.")
    return "\n".join(texts), tuple(dict.fromkeys(notes))


def outlook_of(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return (text, notes) of an e-mail as Outlook saves it. Source: [MS-OXMSG]."""
    compound = Compound(content)
    texts = [
        compound.stream(entry).decode("utf-16-le" if entry.name.endswith("001F") else "cp1252", "replace")
        for entry in compound.entries
        if entry.name[:12] == "__substg1.0_" and entry.name[12:16] in _OUTLOOK_TEXTS and entry.name[16:] in _TEXT
    ]
    attached = any(entry.name.startswith("__attach_version1.0_") for entry in compound.entries)
    return "\n".join(texts), ("It carries attachments.",) if attached else ()


_TEXT = ("001F", "001E")
"""Property types: text in UTF-16, text in the sender's code page."""
_READERS = {"PDF": look_into_pdf, "MAIL": mail_of, "OUTLOOK": outlook_of}


def _body(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str:
    try:
        "".encode(charset := part.get_content_charset("utf-8"))
    except (LookupError, ValueError):
        return "utf-8"
    return charset


def _one_line(name: str) -> str:
    return "".join(c if c.isprintable() else "_" for c in name)[:80]


def _badge_of(asked: bytes) -> str:
    """Return what the process answers to the issuers and a file that has the form of a badge."""
    head, _, content = asked.partition(b"\n")
    issuers = tuple(
        TrustedIssuer(
            issuer["name"], issuer["id"], issuer["key"], tuple(RevokedList(*pair) for pair in issuer["lists"])
        )
        for issuer in json.loads(head)
    )
    look = look_into_badge(content, issuers)
    return json.dumps({"text": look.text[:LONGEST], "notes": [look.note], "badge": look.badge})


def answer(kind: str, content: bytes) -> str:
    """Return what the process answers to a file of a kind. Raises: whatever its reader raises for a broken one."""
    if kind == "BADGE":
        return _badge_of(content)
    text, notes = _READERS[kind](content)
    return json.dumps({"text": text[:LONGEST], "notes": notes})


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    logging.disable()  # what the reader has to say about a file may hold what stands in it
    sys.stdout.write(answer(sys.argv[2], sys.stdin.buffer.read()))
