"""Record one point of an agreement's review, as somebody says it on a page."""

from dataclasses import dataclass
from pathlib import Path

from lms_sync.agreements.review.checklist import BLANK, PointEntry, entry_problems, fingerprint_of, said_of
from lms_sync.agreements.review.filled_in import Change
from lms_sync.agreements.review.record import log_point, read_review
from lms_sync.agreements.review.status import Review
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError, WrongCells
from lms_sync.law.yearly import Point
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.author import Author
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day


@dataclass(frozen=True, slots=True)
class PointSaid:
    """What somebody says of one point, and what they had before their eyes."""

    point: str
    entry: PointEntry
    """`BLANK` takes the point back; the name of an attachment is that of `file`, or of the one that is recorded."""
    seen: str
    """`seen_of` what was recorded when they were asked."""
    file: Path | None = None


def seen_of(found: ReviewedPoint | None) -> str:
    """Return a short text for what is recorded of a point; another one as soon as anybody has changed it."""
    return fingerprint_of({found.point: found} if found else {})


def record_point(
    workspace: Workspace, author: Author, *, agreement_id: str, statement: PointSaid
) -> ReviewedPoint | None:
    """Record what is said of one point, and return what counts now; None for a point that is taken back.

    Raises: UsageError for clause C, whose document speaks for itself, and when somebody else has recorded the point
    meanwhile; WrongCells for what can't be taken as it stands.
    """
    vault = open_vault(*workspace.config.kept_files)
    with workspace.store.transaction():
        review = read_review(workspace, agreement_id)
        point, before = _point(review, statement.point)
        _expect_as_seen(statement, before, by=author.by)
        _expect_sound(statement.entry, point, review)
        taken = vault.take(statement.file) if statement.file else None
        file = taken[0] if taken else _recorded_file(before, statement.entry)
        change = Change(point.id, before, statement.entry, file)
        name = review.agreement.agreement_id
        after = change.after(name, author, workspace.day(author.at), file=file)
        log_point(workspace.store, author, name, change=change, after=after)
        if taken:
            vault.keep(*taken)
    return after


def _point(review: Review, point_id: str) -> tuple[Point, ReviewedPoint | None]:
    for point, found in review.points:
        if point.id == point_id and point.kind != "series":
            return point, found
    raise UsageError(
        f"{point_id}: no point of this review that can be recorded",
        hint="Clause C is met by a training confirmation or a training plan; the other points are in the list.",
    )


def _expect_as_seen(statement: PointSaid, before: ReviewedPoint | None, *, by: str) -> None:
    own = before is not None and before.recorded_by == by
    if statement.seen != seen_of(before) and not own:
        whose = f"recorded by {before.recorded_by} on {written_day(before.recorded_on)}" if before else "taken back"
        raise UsageError(
            f"{statement.point} was {whose} since this page was opened",
            hint="Look at it, and record yours again if it is still right.",
        )
    if statement.entry == said_of(before) and statement.file is None:
        raise UsageError(f"{statement.point} is recorded just so already", hint="Nothing was changed.")


def _expect_sound(entry: PointEntry, point: Point, review: Review) -> None:
    problems = [] if entry == BLANK else [*entry_problems(entry, point, review)]
    wrong = [f"{heading}: {why.found}. {why.remedy}" for _, heading, why in problems]
    if entry.done not in ("", "yes", "no"):
        wrong = [f'Done: "{entry.done}". Choose yes or no.', *wrong]
    if wrong:
        raise WrongCells(f"{point.id} was not recorded", hint="Correct these, then send it again.", cells=wrong)


def _recorded_file(before: ReviewedPoint | None, entry: PointEntry) -> KeptFile | None:
    file = before.file if before else None
    return file if file is not None and file.name == entry.attachment else None
