"""E-mail that carries returned workbooks: who sent it is looked at before any of them is opened."""

import base64
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lms_sync.model.address import fold_address
from lms_sync.model.received_mail import AutomaticKind, AutomaticMail, Enclosure, ReceivedMail
from lms_sync.sources.corrections.claims import Returned
from lms_sync.sources.corrections.sender import Sender, TrustedServer
from lms_sync.tables.child_process import ask_child, child_of

CHILD = child_of("lms_sync.sources.corrections.child")
MOST_SECONDS = 60.0
"""CPU seconds that taking one message apart may take."""
BY_THE_CLOCK = 300.0
"""Seconds by the clock, on a machine as busy as it may be."""


@dataclass(frozen=True, slots=True)
class MailRead:
    """What a message brought."""

    workbooks: tuple[Returned, ...] = ()
    sender_refused: str = ""
    """Why the workbooks that it carries are not opened, for its sender's sake."""
    unreadable: bool = False
    """True when the message itself could not be taken apart."""
    automatic: AutomaticMail | None = None
    """What a program's answer says; None for any other message."""
    received: ReceivedMail | None = None
    """The message that brought the workbooks; None where it brought none."""


def read_mail(
    raw: bytes, *, name: str, server: TrustedServer, contacts: Collection[str], seconds: float = MOST_SECONDS
) -> MailRead:
    """Return the workbooks that a message carries, at most five, unopened; of a stranger's none.

    `contacts` are the folded addresses of everybody who may send any. The message is taken apart by a child process.
    """
    answer = ask_child((*CHILD, *_arguments(server, seconds)), raw, seconds=BY_THE_CLOCK)
    try:
        found = json.loads(answer or b"")
        sender = Sender(**found["sender"])
        workbooks = _files(found["workbooks"])
        enclosed = tuple(Enclosure(n, c, hashlib.sha256(c).hexdigest()) for n, c in _files(found["enclosed"]))
        automatic = _automatic(found["automatic"], sender, name=name, mail=hashlib.sha256(raw).hexdigest())
    except (ValueError, KeyError, TypeError):
        return MailRead(unreadable=True)
    if automatic and not (workbooks and automatic.kind is AutomaticKind.ABSENCE):
        return MailRead(automatic=automatic)
    if workbooks and (why := _refusal(sender, contacts)):
        return MailRead(sender_refused=why)
    words = tuple(f"{enclosure.name}, sha256 {enclosure.sha256}" for enclosure in enclosed)
    returned = tuple(
        Returned(f"{name}, {file}", content, sender.address, sender.doubt, sender.verified, words)
        for file, content in workbooks
    )
    if not returned:
        return MailRead()
    mail = hashlib.sha256(raw).hexdigest()
    names = tuple(workbook.name for workbook in returned)
    answerable = sender.is_verified and not found["automatic"]["is_automatic"]
    received = ReceivedMail(
        mail, name, sender.address, str(found["message_id"]), names, enclosed, is_answerable=answerable
    )
    return MailRead(returned, received=received)


def _files(found: list[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(str(file), base64.b64decode(content)) for file, content in found]


def _automatic(found: dict[str, Any], sender: Sender, *, name: str, mail: str) -> AutomaticMail | None:
    """Return what a program's answer says; an absence note is about whoever sent it."""
    if not found["kind"]:
        return None
    kind = AutomaticKind(found["kind"])
    note = ((sender.address, ""),) if sender.address else ()
    failed = tuple((str(address), str(words)) for address, words in found["addresses"])
    about = tuple(str(identifier) for identifier in found["about"])
    return AutomaticMail(mail, name, kind, about, note if kind is AutomaticKind.ABSENCE else failed)


def _arguments(server: TrustedServer, seconds: float) -> tuple[str, ...]:
    return (str(seconds), server.authserv_id, "yes" if server.exchange_online else "")


def _refusal(sender: Sender, contacts: Collection[str]) -> str:
    """Return why nothing of a sender is opened; empty for a contact of any partner whom nothing speaks against."""
    if sender.doubt:
        return sender.doubt
    return "" if fold_address(sender.address) in contacts else "it came from an address that is no partner's contact"
