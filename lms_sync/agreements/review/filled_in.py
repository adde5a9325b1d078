"""What a filled-in checklist changes, row by row, when others may have recorded something since it was written. Pure.

A row counts as filled in only where it differs from what the copy was written from, so an old copy's blank rows never
take back what is newer. A row that two people changed differently is a conflict, and is for them to settle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.agreements.review.checklist import BLANK, PointEntry, said_of
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.author import Author


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one point."""

    point: str
    before: ReviewedPoint | None
    point_entry: PointEntry
    """`BLANK` takes the point back."""
    file: KeptFile | None
    """The attachment where it is one that was recorded before; None where it must be read, or there is none."""

    @property
    def unread(self) -> bool:
        """Tell whether the attachment must be read from the folder."""
        return bool(self.point_entry.attachment) and self.file is None

    def after(self, agreement_id: str, author: Author, today: date, *, file: KeptFile | None) -> ReviewedPoint | None:
        """Return what counts from now on, with the attachment given; None for a point that is taken back."""
        point_entry = self.point_entry
        if point_entry == BLANK:
            return None
        facts = (point_entry.done == "yes", point_entry.on, point_entry.how, point_entry.who, point_entry.note, file)
        return ReviewedPoint(agreement_id, self.point, *facts, recorded_by=author.by, recorded_on=today)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a checklist comes to."""

    changes: tuple[Change, ...]
    newer: tuple[str, ...]
    """Points that somebody recorded or took back since the copy was written, and that the copy leaves alone."""
    conflicts: tuple[str, ...]
    """Points that the copy and somebody else have changed since, each differently."""


def plan_changes(
    entries: Mapping[str, PointEntry],
    base: Mapping[str, ReviewedPoint],
    current: Mapping[str, ReviewedPoint],
    *,
    by: str,
) -> Changes:
    """Return what the rows change.

    `base` is what the copy was written from, `current` what counts now. Whoever recorded a point may say otherwise
    from an old copy, too: it is `by`'s own later word.
    """
    changes, newer, conflicts = [], [], []
    for point, row in entries.items():
        before, now = base.get(point), current.get(point)
        if row == said_of(now):
            continue
        if row == said_of(before):
            newer.append(point)
        elif before == now or (now is not None and now.recorded_by == by):
            changes.append(Change(point, now, row, _known_file(row, now, before)))
        else:
            conflicts.append(point)
    return Changes(tuple(changes), tuple(newer), tuple(conflicts))


def _known_file(point_entry: PointEntry, *recorded: ReviewedPoint | None) -> KeptFile | None:
    files = (point.file for point in recorded if point is not None and point.file is not None)
    return next((file for file in files if file.name == point_entry.attachment), None)
