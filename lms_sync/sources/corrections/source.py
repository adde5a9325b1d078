"""Returned workbooks as a source like any other: a folder of the workspace, and the district's mailbox."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_sync.model.evidence import Item, Refused
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.sources.corrections.mailbox import Mailbox
from lms_sync.sources.corrections.post import MOST_BYTES, workbooks_of
from lms_sync.sources.corrections.recognise import FormContext, Returned, fingerprint_of, recognise
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull
from lms_sync.workspace.settings.corrections import CORRECTIONS


@dataclass(frozen=True, slots=True)
class Corrections:
    """What partners sent back. Files stay where they are, messages as they are."""

    folder: Path
    mailbox: Mailbox | None
    trusted: str
    """Name of the mail server whose word about senders is believed; empty for none."""
    counter: FormContext
    name: str = CORRECTIONS
    export: Export = "increment"

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return what came back: read, or skipped when its content is in `seen`.

        Raises: SourceError when the mailbox can't be read.
        """
        mails, after = self.mailbox.since(cursor) if self.mailbox else ((), cursor)
        read: list[FileRead] = []
        skipped: list[FileSkipped] = []
        for returned in (*self._dropped(), *(found for mail in mails for found in self._sent(mail.uid, mail.raw))):
            mark = fingerprint_of(returned.content, self.counter.dates)
            if mark in seen:
                skipped.append(FileSkipped(returned.name, hashlib.sha256(returned.content).hexdigest(), mark))
            else:
                read.append(recognise(returned, self.counter))
        large = [_too_large(name) for name in (*self._large(), *(f"message {m.uid}" for m in mails if not m.raw))]
        return Pull(self.name, self.export, (*read, *large), tuple(skipped), after)

    def _dropped(self) -> Iterator[Returned]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            if not path.is_file() or path.stat().st_size > MOST_BYTES or path.name.startswith((".", "~$")):
                continue
            if path.suffix.lower() == ".eml":
                yield from workbooks_of(path.read_bytes(), name=path.name, trusted=self.trusted)
            else:
                yield Returned(path.name, path.read_bytes(), "")

    def _large(self) -> Iterator[str]:
        if self.folder.is_dir():
            yield from sorted(p.name for p in self.folder.iterdir() if p.is_file() and p.stat().st_size > MOST_BYTES)

    def _sent(self, uid: int, raw: bytes) -> Iterator[Returned]:
        yield from workbooks_of(raw, name=f"message {uid}", trusted=self.trusted)


def _too_large(name: str) -> FileRead:
    finding = Finding(
        Area.CLAIM,
        "correction-too-large",
        where=name,
        found=f"more than {MOST_BYTES // 1_000_000} MB",
        expected="one workbook",
        remedy="Look at it yourself; it was passed over.",
        source=CORRECTIONS,
    )
    return FileRead(name, "", name, (Item(Origin(file=name), (), Refused(finding)),), ())
