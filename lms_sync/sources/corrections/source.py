"""Returned workbooks as a source like any other: a folder of the workspace, and the district's mailbox."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms_sync.model.evidence import Item, Refused
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.received_mail import AutomaticMail, ReceivedMail
from lms_sync.sources.corrections.claims import FormContext, Returned, fingerprint_of, recognise
from lms_sync.sources.corrections.mailbox import Mailbox, MailMessage, NewMail
from lms_sync.sources.corrections.post import read_mail
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull
from lms_sync.tables.budget import Budget, current_budget, seconds_for, spending
from lms_sync.tables.cells import Unreadable
from lms_sync.workspace.settings.corrections import CORRECTIONS
from lms_sync.workspace.settings.limits import LimitSettings

BY_PAGE = "by-page"
"""Folder inside that of the corrections: what partners reported on their page."""
Found = Returned | FileRead | AutomaticMail | ReceivedMail
BY_CODE = "a code that was sent to the address was typed on the partner's page"


@dataclass(frozen=True, slots=True)
class Corrections:
    """What partners sent back. Files stay where they are, messages as they are."""

    folder: Path
    mailbox: Mailbox | None
    server: TrustedServer
    """Whose word about senders is believed."""
    counter: FormContext
    limits: LimitSettings
    name: str = CORRECTIONS
    export: Export = "increment"

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return what came back: read, or skipped when its content is in `seen`.

        Raises: SourceError when the mailbox can't be read.
        """
        took = _Taken(self.counter, seen)
        for found in self._dropped():
            took.add(found)
        if self.mailbox:
            cursor = self._mails(self.mailbox.since(cursor), took)
        files = tuple(took.read), tuple(took.skipped)
        return Pull(self.name, self.export, *files, cursor, tuple(took.automatic), tuple(took.received))

    def _mails(self, new: NewMail, took: "_Taken") -> str:
        """Take messages while their CPU time lasts, and return where the next night goes on."""
        mailbox = Budget("the mailbox", 60.0 * self.limits.mailbox_minutes, within=current_budget())
        taken = 0
        for mail in new.messages:
            if mailbox.left <= 0:
                break
            with spending(Budget("one message", float(self.limits.mail_seconds), within=mailbox)):
                for found in self._sent(mail):
                    took.add(found)
            taken += 1
        if left := len(new.messages) - taken + new.left:
            why = str(mailbox.narrowest) if taken < len(new.messages) else f"{taken} messages are a night's"
            took.read.append(_not_taken(left, why))
        return new.cursor(taken)

    def _dropped(self) -> Iterator[Found]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            if not path.is_file() or path.name.startswith((".", "~$")):
                continue
            if not path.resolve().is_relative_to(self.folder.resolve()):
                found, expected = "a link that leads out of the folder, and was not followed", "the file itself"
                yield _refused(path.name, "correction-unreadable", found, expected, "Put the file itself there.")
                continue
            if path.stat().st_size > self.limits.mail_bytes:
                yield self._too_large(path.name)
            elif path.suffix.lower() == ".eml":
                yield from self._taken_from(path.read_bytes(), name=path.name)
            else:
                yield Returned(path.name, path.read_bytes(), "")
        yield from self._reported()

    def _reported(self) -> Iterator[Returned]:
        """Yield what partners reported on their page: a code has shown whose the address is."""
        folder = self.folder / BY_PAGE
        for path in sorted(folder.glob("*.eml")) if folder.is_dir() else ():
            mail = read_mail(
                path.read_bytes(), name=path.name, server=TrustedServer(), contacts=self.counter.contacts
            )
            yield from (replace(workbook, verified=BY_CODE) for workbook in mail.workbooks)

    def _sent(self, mail: MailMessage) -> Iterator[Found]:
        name = f"message {mail.uid}"
        if mail.raw:
            yield from self._taken_from(mail.raw, name=name)
        else:
            yield self._too_large(name)

    def _taken_from(self, raw: bytes, *, name: str) -> Iterator[Found]:
        """Yield the workbooks of a message; one refused item where it has no sender who may send any."""
        try:
            seconds = seconds_for(float(self.limits.mail_seconds))
        except Unreadable as error:
            yield _refused(name, "correction-unreadable", error.found, error.expected, error.remedy)
            return
        mail = read_mail(raw, name=name, server=self.server, contacts=self.counter.contacts, seconds=seconds)
        if mail.unreadable:
            remedy = "Look at it yourself, where no attachment can run; it was passed over."
            yield _refused(name, "correction-unreadable", "a message that can't be taken apart", "an e-mail", remedy)
        elif mail.automatic:
            yield mail.automatic
        elif mail.sender_refused:
            expected, remedy = "a contact of a partner", "Ask the partner's contact to send it; nothing was opened."
            yield _refused(name, "correction-sender", mail.sender_refused, expected, remedy)
        else:
            yield from mail.workbooks
            if mail.received:
                yield mail.received

    def _too_large(self, name: str) -> FileRead:
        found = f"more than {self.limits.mail_mb} MB"
        remedy = "Look at it yourself; it was passed over."
        return _refused(name, "correction-too-large", found, "one workbook", remedy)


@dataclass(slots=True)
class _Taken:
    """What was taken so far."""

    counter: FormContext
    seen: frozenset[str]
    """Fingerprints of what was read before."""
    read: list[FileRead] = field(default_factory=list)
    skipped: list[FileSkipped] = field(default_factory=list)
    automatic: list[AutomaticMail] = field(default_factory=list)
    received: list[ReceivedMail] = field(default_factory=list)

    def add(self, found: Found) -> None:
        """Read a workbook, or pass over one whose content was read before."""
        if isinstance(found, AutomaticMail):
            self.automatic.append(found)
        elif isinstance(found, ReceivedMail):
            self.received.append(found)
        elif isinstance(found, FileRead):
            self.read.append(found)
        elif (mark := fingerprint_of(found.content, self.counter.dates)) in self.seen:
            self.skipped.append(FileSkipped(found.name, hashlib.sha256(found.content).hexdigest(), mark))
        else:
            self.read.append(recognise(found, self.counter))


def _not_taken(left: int, why: str) -> FileRead:
    """Return the finding that messages wait for the next night."""
    finding = Finding(
        Area.CLAIM,
        "mail-left",
        where="the mailbox",
        found=f"{left} {'message was' if left == 1 else 'messages were'} not looked at tonight: {why}",
        expected="messages that fit into a night, by [limits] in lms_sync.toml",
        remedy="They come the next night; nothing is lost.",
        source=CORRECTIONS,
    )
    return FileRead("the mailbox", "", "the mailbox", (), (finding,))


def _refused(name: str, code: str, found: str, expected: str, remedy: str) -> FileRead:
    finding = Finding(Area.CLAIM, code, name, found, expected, remedy, source=CORRECTIONS)
    return FileRead(name, "", name, (Item(Origin(file=name), (), Refused(finding)),), ())
