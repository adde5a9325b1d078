"""The course map: what waits for a trainer, ticking topics, what a change would do before it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.compliance.unmapped import UnmappedCourse
from lms_sync.errors import LmsSyncError, UsageError
from lms_sync.mail.documents import XLSX
from lms_sync.model.course_map import CourseMap, CourseRow
from lms_sync.operations.take_over.course_map import (
    RowSaid,
    decided_row,
    look_at,
    map_file,
    not_kept,
    row_key,
    rows_in_file,
    take_over_map,
    with_rows,
    written,
)
from lms_sync.operations.take_over.version import opened_elsewhere
from lms_sync.operations.watch import find_unmapped
from lms_sync.reports.trainer.impact import summary, why
from lms_sync.reports.trainer.suggestions import why_words
from lms_sync.store.known.snapshot import map_history
from lms_sync.text import fold
from lms_sync.web.uploads import needed, put_aside, put_aside_before
from lms_sync.web.visit import MOST_DIGITS, Visit, content, day_of, done, form, line_from, page, whole_of
from lms_sync.workspace.mapping.versions import difference

MOST = 40
"""Courses on one page."""
AGAIN = "Open the course map again, and make the change there."
WHOLE = "Write 0, 1, 2 …"
MOST_ROWS = 100
"""Rows of the map on one page."""


def courses(visit: Visit) -> str:
    """Return the courses that wait for a decision, the most useful first, and the map as it is."""
    judgement = visit.judgement
    unmapped = judgement.once("unmapped", lambda: find_unmapped(judgement.issuer))
    wanted = fold(request.args.get("q", ""))
    found = judgement.issuer.snapshot.course_map
    rows = [
        (number, row)
        for number, row in enumerate(found.rows)
        if wanted in fold(f"{row.source} {row.course} {row.unit} {row.title}")
    ]
    start = line_from(len(rows), MOST_ROWS)
    return page(
        "courses.html",
        unmapped=[(course, why_words(course)) for course in unmapped[:MOST]],
        total=len(unmapped),
        topics=judgement.issuer.snapshot.law.topics,
        rows=rows[start : start + MOST_ROWS],
        total_rows=len(rows),
        start=start,
        most=MOST_ROWS,
        wanted=request.args.get("q", ""),
        version=found.version,
        stale=_stale(visit),
        open_in_excel=opened_elsewhere(map_file(visit.workspace).path),
    )


def _stale(visit: Visit) -> str:
    """Return a warning where the workbook says something else than the map in force."""
    try:
        in_file = rows_in_file(visit.workspace)
    except LmsSyncError as error:
        return f"{error}. The last good version is in use. {error.hint}"
    if in_file.version != visit.issuer.snapshot.course_map.version:
        return "courses.xlsx was changed and is not in use yet; the next night will use it."
    return ""


def course(visit: Visit, handle: str) -> str:
    """Return the form for one course that waits, or for one row of the map."""
    found = _course(visit, handle)
    return page(
        "course.html",
        handle=handle,
        course=found,
        version=visit.issuer.snapshot.course_map.version,
        topics=visit.issuer.snapshot.law.topics,
        suggested=found.unmapped.suggestion.topics if found.unmapped else (),
        why=why_words(found.unmapped) if found.unmapped else "",
        people=visit.issuer.snapshot.roster.people,
    )


@dataclass(frozen=True, slots=True)
class FormCourse:
    """A course on the form: one that waits, or a row of the map."""

    unmapped: UnmappedCourse | None
    row: CourseRow | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return source, course and unit."""
        source_of_key = self.unmapped or self.row
        assert source_of_key is not None
        return source_of_key.source, source_of_key.course, source_of_key.unit


def _course(visit: Visit, handle: str) -> FormCourse:
    """Return a course by its handle: that of the worklist, or `row-` and the row's place in the map in force."""
    judgement = visit.judgement
    if handle.startswith("row-"):
        rows = {f"row-{number}": row for number, row in enumerate(judgement.issuer.snapshot.course_map.rows)}
        if handle not in rows:
            abort(404)
        return FormCourse(None, rows[handle])
    unmapped = judgement.once("unmapped", lambda: find_unmapped(judgement.issuer))
    for waiting in unmapped:
        if waiting.handle == handle:
            return FormCourse(waiting, None)
    abort(404)


def decide(visit: Visit) -> str:
    """Show what the rows that were ticked would change; nothing counts yet."""
    seen = map_file(visit.workspace).sha256
    before = rows_in_file(visit.workspace)
    changed = with_rows(before, _rows(visit, before))
    with visit.district.heavy:
        return _preview(visit, written(changed, visit.issuer), seen=seen, lost=not_kept(visit.workspace))


def _rows(visit: Visit, before: CourseMap) -> Iterator[tuple[CourseRow | None, CourseRow]]:
    """Yield the rows that the form decides, each with the row of the file that it replaces; None for a new one.

    Raises: UsageError when it decides none, and when the map is another than the form shows.
    """
    handles = request.form.getlist("decide")
    if not handles:
        raise UsageError("no course was chosen", hint="Tick “Decide this one” beside at least one course.")
    if form("map") not in ("", visit.issuer.snapshot.course_map.version):
        raise UsageError("the course map is another one since you opened the form", hint=AGAIN)
    for handle in handles:
        found = _course(visit, handle)
        statement = _row_said(handle, *found.key)
        old = _row_in_file(before, found, statement)
        yield old, decided_row(statement, old, by=visit.user.name, on=visit.workspace.today())


def _row_in_file(file: CourseMap, course: FormCourse, statement: RowSaid) -> CourseRow | None:
    """Return the row that a form is about; None for a course without one. Raises: UsageError for one that is gone."""
    if course.row is not None:
        for row in file.rows:
            if row_key(row) == row_key(course.row):
                return row
        raise UsageError(f"{course.row.course}: courses.xlsx has this row no longer", hint=AGAIN)
    source, name, unit = course.key
    same = [r for r in file.rows if (r.source, fold(r.course), fold(r.unit)) == (source, fold(name), fold(unit))]
    of_that_day = [row for row in same if row.counts_from == statement.counts_from]
    undecided = [row for row in same if row.decided_on is None]
    return next(iter((*undecided, *of_that_day)), None)


def _row_said(handle: str, source: str, name: str, unit: str) -> RowSaid:
    ticked = set(request.form.getlist(f"topic-{handle}"))
    return RowSaid(
        source,
        name,
        unit,
        title=form(f"title-{handle}"),
        topics=[number for number in range(1, 14) if str(number) in ticked],
        on_the_job_days=whole_of(f"days-{handle}", WHOLE),
        check_ins=whole_of(f"checkins-{handle}", WHOLE),
        counts_from=day_of(f"from-{handle}"),
        counts_until=day_of(f"until-{handle}"),
        minimum_score=_score(f"score-{handle}"),
        note=form(f"note-{handle}"),
    )


def _score(field: str) -> Decimal | None:
    text = form(field)
    try:
        score = Decimal(text) if text else None
    except InvalidOperation:
        score = Decimal("NaN")
    if score is not None and not (score.is_finite() and abs(score.adjusted()) <= MOST_DIGITS):
        raise UsageError(f"{text[:40]}: not a score", hint="Write a number such as 80.")
    return score


def upload(visit: Visit) -> str:
    """Show what an edited workbook would change; nothing counts yet."""
    with needed("file") as path, visit.district.heavy:
        return _preview(visit, path.read_bytes(), seen=map_file(visit.workspace).sha256, lost=())


def _preview(visit: Visit, book: bytes, *, seen: str, lost: tuple[str, ...]) -> str:
    found = look_at(visit.workspace, visit.issuer, book)
    name = put_aside(visit.district, book, ".xlsx")
    return page(
        "impact.html",
        new=found,
        summary=summary(found.impact),
        why=why,
        names=visit.issuer.templates.names,
        lost=lost,
        aside=name,
        seen=seen,
        open_in_excel=opened_elsewhere(map_file(visit.workspace).path),
    )


def save(visit: Visit) -> Response | str:
    """Take the map over that was looked at; where courses.xlsx was changed meanwhile, show both side by side."""
    path = put_aside_before(visit.district, form("aside"))
    if map_file(visit.workspace).sha256 != form("seen"):
        return _conflict(visit, path.read_bytes())
    with visit.writing() as workspace:
        author = visit.author(workspace)
        taken = take_over_map(workspace, author, content=path.read_bytes(), seen=form("seen"))
    kept = f" The version before is kept as {taken.kept.parent.name}/{taken.kept.name}." if taken.kept else ""
    return done(f"The course map {taken.version} is in force: {len(taken.changes)} changes.{kept}", "/courses")


def _conflict(visit: Visit, book: bytes) -> str:
    """Return what the file says now beside what was wanted; nothing was written."""
    wanted = look_at(visit.workspace, visit.issuer, book)
    in_force = visit.issuer.snapshot.course_map
    try:
        theirs = difference(in_force, rows_in_file(visit.workspace))
    except LmsSyncError as error:
        theirs = (f"It can't be used as it is: {error}",)
    return page("conflict.html", theirs=theirs, wanted_changes=wanted.changes)


def map_workbook(visit: Visit) -> Response:
    """Return courses.xlsx as it is now, to be edited in Excel."""
    found = map_file(visit.workspace)
    if not found.content:
        abort(404)
    return content(found.content, kind=XLSX, name=found.path.name)


def map_versions(visit: Visit) -> str:
    """Return every version of the map that was ever in force, the newest first, with what it changed."""
    periods = map_history(visit.workspace.store)
    versions = [
        (period, difference(periods[number - 1].course_map if number else None, period.course_map))
        for number, period in enumerate(periods)
    ]
    return page("map_history.html", versions=list(reversed(versions)), zone=visit.workspace.zone)
