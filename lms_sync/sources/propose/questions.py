"""What nobody can know of a sheet without asking, once its columns have their roles. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from lms_sync.sources.propose.candidate import SURE, RoleCandidate
from lms_sync.sources.propose.columns import MOST, ColumnProfile
from lms_sync.sources.propose.headers import FoundHeader
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout_rules import WHO, Role, Skip
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

_LINES = ("Total", "Totals", "Grand total", "End of report", "Page", "Report generated")
_EVERYBODY = " If so, state all_attended = true; without that, and without such a column, no file is read by it"
Roles = Mapping[Role, RoleCandidate]


def name_order(roles: Roles) -> Literal["", "last, first", "first last"]:
    """Return how whole names are written: most of them with a comma, or not; empty without a column of them."""
    if "name" not in roles:
        return ""
    names = [text(value) for _, value in roles["name"].column.cells]
    commas = sum("," in name for name in names)
    return "last, first" if commas * 2 >= len(names) else "first last"


def skipped_lines(rows: Sequence[Row]) -> tuple[Skip, ...]:
    """Return the rule for lines of the report at its end; none where there are none."""
    firsts = [fold(text(next((c for c in row.cells if c is not None), None))) for row in rows[-5:]]
    marks = tuple(mark for mark in _LINES if any(first.startswith(fold(mark)) for first in firsts))
    return (Skip(first=marks, reason="a line of the report, not a completion"),) if marks else ()


def without_course(
    header: FoundHeader, roles: Roles, columns: Sequence[ColumnProfile], *, stated: Collection[Role]
) -> Iterator[str]:
    """Yield what must be asked of a sheet of rows that tells no course, no day, or not that anybody completed it.

    `stated` are the roles that labels above the header play.
    """
    if not header.rows:
        yield "is the export empty? No row stands below the header: get one with rows, headings alone say too little"
        return
    if not {*roles, *stated} & {"course", "course_title"}:
        above = [plain(text(c)) for row in header.sheet.rows if row.number < header.first for c in row.cells if c]
        hint = f" (above the table: “{above[0]}”)" if above else ""
        yield f"which course is it{hint}? Write it into constants.course_title, or a [[told]] rule"
    day = roles.get("completed_on")
    if day is None and "completed_on" not in stated:
        days = ", ".join(
            f"“{column.heading}”" for column in columns if column.days >= MOST and not column.is_forbidden
        )
        hint = f" (dates of other things are in {days})" if days else ""
        hint += _unreadable_days(columns)
        yield f"on which day was it?{hint} Name the column under completed_on, or add a [[told]] rule"
    if "status" not in roles and (day is None or day.score < SURE):
        yield (
            "does everybody on the sheet count? No column says who completed it: no mark, no signature, no result."
            + (f" If so, add completed_on = [“{day.column.heading}”] to the columns" if day else _EVERYBODY)
        )


def _unreadable_days(columns: Sequence[ColumnProfile]) -> str:
    """Return which column should tell it by its heading, and is written in a way that nobody can read for sure."""
    meant = [c for c in columns if {"complete", "date"} <= c.ideas and c.filled and not c.days and not c.is_forbidden]
    if not meant:
        return ""
    where, value = meant[0].cells[0]
    return mask(
        f" (“{meant[0].heading}” should say it, and {where} “{text(value)}” can't be read: state dates.formats)"
    )


def open_questions(
    header: FoundHeader, roles: Roles, columns: Sequence[ColumnProfile], *, matrix: bool
) -> Iterator[str]:
    """Yield what the rows leave open: who it was, ids that lost zeros, records that are told twice."""
    yield from _without_person(roles, columns)
    for role in ("course", "learner", "person_id"):
        if role in roles:
            yield from _lost_zeros(role, roles[role])
    if not matrix and set(roles) & set(WHO):
        yield from _told_twice(header.rows, roles)


def _without_person(roles: Roles, columns: Sequence[ColumnProfile]) -> Iterator[str]:
    """Yield what must be asked of a sheet of which no column tells who it was."""
    if set(roles) & set(WHO):
        return
    names = ", ".join(f"“{column.heading}”" for column in columns if column.names >= MOST and not column.is_forbidden)
    hint = f" (words stand in {names})" if names else ""
    yield f"who was it?{hint} Name the column under person_id, email or name"


def _lost_zeros(role: Role, chosen: RoleCandidate) -> Iterator[str]:
    """Yield a question about ids of which some have leading zeros and others are shorter numbers."""
    ids = [text(value).removesuffix(".0") for _, value in chosen.column.cells]
    full = {len(person_id) for person_id in ids if person_id.isdigit() and person_id.startswith("0")}
    if full and any(person_id.isdigit() and len(person_id) < min(full) for person_id in ids):
        yield f"some ids of {role} have lost leading zeros; state digits = {{{role} = {min(full)}}}"


def _told_twice(rows: Sequence[Row], roles: Roles) -> Iterator[str]:
    one_of: tuple[Role, ...] = ("person_id", "learner", "email", "name")
    who = next(((role,) for role in one_of if role in roles), ("first_name", "last_name"))
    columns = [
        roles[r].column.index for r in (*who, "course", "course_title", "unit_title", "assignment") if r in roles
    ]
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        record = tuple(fold(text(row.cell(column))) for column in columns)
        if all(record) and record in seen:
            yield (
                f"rows {seen[record]} and {row.number} are the same person and course: two attempts (attempts = true"
                " and completed_on in key), or one corrected?"
            )
            return
        seen.setdefault(record, row.number)
