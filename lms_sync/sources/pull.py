"""What one pull of one source brings: per file the items, what is wrong, and what was left out."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from lms_sync.errors import SourceError
from lms_sync.model.evidence import Item
from lms_sync.model.finding import Finding
from lms_sync.model.known_rows import NONE_PASSED, LinesOfFile, RowsPassed
from lms_sync.model.received_mail import AutomaticMail, ReceivedMail
from lms_sync.sources.fit_items import through_the_door
from lms_sync.sources.plain_rows import NONE, RowsOfFile
from lms_sync.tables.budget import Budget, current_budget, not_tonight, spending

Export = Literal["cumulative", "increment"]
"""`cumulative`: each export holds everything so far; `increment`: only what is new since the last one."""

READER_RULES = "8"
"""Version of how sheets are read; another one makes every file be read again."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file (or API answer) that was looked at tonight."""

    name: str
    """Without its folder."""
    sha256: str
    fingerprint: str
    """See `fingerprint()`; remember it as seen only when `failed` is false."""
    items: tuple[Item, ...]
    """In the file's order; every row or matrix cell is exactly one item. Empty when the file failed."""
    findings: tuple[Finding, ...]
    """What concerns the file as a whole; what concerns one item stands in its reading."""
    dropped: tuple[str, ...] = ()
    """Headings of the columns that were removed before anything was kept."""
    failed: bool = False
    """True when the file could not be read as a whole; its absence of items then means nothing."""
    known: RowsPassed = NONE_PASSED
    """Its rows that were read before and say what is stored: each alone speaks of its record tonight."""
    plain: RowsOfFile = NONE
    """Its rows that are no `items` yet; only where a source is read by what is remembered of it."""
    lines: LinesOfFile | None = None
    """Its lines, where they were told apart by what is remembered of them."""


@dataclass(frozen=True, slots=True)
class FileSkipped:
    """One file whose content, layout, zones and reader's rules are those of an earlier pull."""

    name: str
    sha256: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Pull:
    """All that a source gave tonight; files in the order of their names."""

    source: str
    export: Export
    files: tuple[FileRead, ...]
    skipped: tuple[FileSkipped, ...] = ()
    cursor: str = ""
    """Where the next pull goes on; stored with the data and never without. Empty: as before."""
    automatic: tuple[AutomaticMail, ...] = ()
    """What programs answered to messages of ours."""
    received: tuple[ReceivedMail, ...] = ()
    """Messages of partners' contacts that brought workbooks."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the names of the files that could not be read."""
        return tuple(file.name for file in self.files if file.failed)

    @property
    def known_records(self) -> frozenset[str]:
        """Return the records of the rows that were known and not read."""
        return frozenset(chain.from_iterable([file.known.records for file in self.files]))

    @property
    def known_done(self) -> frozenset[str]:
        """Return those of them that are done."""
        return frozenset(chain.from_iterable([file.known.done.records for file in self.files]))


def fingerprint(sha256: str, layout: str, *, zone: str, district_zone: str) -> str:
    """Return what must all be unchanged for a file to be skipped; `layout` is the layout's hash."""
    parts = "\x1f".join((sha256, layout, zone, district_zone, READER_RULES))
    return hashlib.sha256(parts.encode()).hexdigest()


def within_the_night(minutes: int) -> AbstractContextManager[Budget]:
    """Have all sources of one night paid from so many CPU minutes."""
    return spending(Budget("the night", 60.0 * minutes))


def pull_within(pull: Callable[[], Pull], *, source: str, seconds: float) -> Pull:
    """Return what a source brings within its CPU time, each item come through the door.

    Raises: SourceError when the night's time is used up before.
    """
    night = current_budget()
    if night is not None and night.left <= 0:
        refusal = not_tonight(night)
        raise SourceError(f"source {source}: {refusal.found}", hint=refusal.remedy)
    with spending(Budget(f"the source {source}", seconds, within=night)):
        pulled = pull()
    files = tuple(
        replace(file, items=tuple(through_the_door(item, source=source) for item in file.items))
        for file in pulled.files
    )
    return replace(pulled, files=files)
