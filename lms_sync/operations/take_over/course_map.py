"""A new course map: what it would change, and taking it over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from lms_sync.agreements.clause_c.watch import confirmed
from lms_sync.compliance.impact import Impact, impact
from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.author import Author
from lms_sync.model.course_map import CourseMap, CourseRow, course_map
from lms_sync.model.finding import Finding
from lms_sync.model.log import DecisionKind
from lms_sync.operations.take_over.version import ReadFile, expect_unchanged, read_file
from lms_sync.operations.take_over.version import replace as replace_file
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.snapshot import read_map, record_map
from lms_sync.store.workspace import Workspace
from lms_sync.text import fold
from lms_sync.workspace.mapping.check import check_mapping_content
from lms_sync.workspace.mapping.lost_on_saving import extras
from lms_sync.workspace.mapping.versions import difference
from lms_sync.workspace.start.workbooks import map_lines, mapping_workbook


@dataclass(frozen=True, slots=True)
class NewMap:
    """A course map that is not in force yet."""

    content: bytes
    course_map: CourseMap
    findings: tuple[Finding, ...]
    """None of them blocks."""
    changes: tuple[str, ...]
    """What it changes, row by row."""
    impact: Impact


@dataclass(frozen=True, slots=True)
class MapTakenOver:
    """A map that is in force now."""

    version: str
    changes: tuple[str, ...]
    kept: Path | None
    """Where the version before is kept."""


def map_file(workspace: Workspace) -> ReadFile:
    """Return mappings/courses.xlsx as it is now."""
    return read_file(workspace.config.path(workspace.config.settings.mappings.courses))


def good_map(workspace: Workspace, content: bytes) -> tuple[CourseMap, tuple[Finding, ...]]:
    """Return the map in a workbook, and what is to be looked at in it.

    Raises: UsageError for what is no workbook; WrongCells for one that can't be the map of this workspace.
    """
    name = map_file(workspace).path.name
    # A source that is no longer configured keeps its evidence, so the map may go on naming it.
    sources = {source.name for source in workspace.config.settings.source} | workspace.store.runs.pulls().keys()
    dates, today = workspace.config.settings.district.dates, workspace.today()
    found = check_mapping_content(content, file=name, sources=sources, dates=dates, today=today)
    if found.course_map is None:
        wrong = [str(finding) for finding in found.findings if finding.blocks]
        raise WrongCells(
            f"{name} could not take effect", hint="Correct these cells, then send it again.", cells=wrong
        )
    return found.course_map, found.findings


def look_at(workspace: Workspace, issuer: Issuer, content: bytes) -> NewMap:
    """Return what a workbook would change if it were the map. Raises: WrongCells where it can't be used."""
    other, findings = good_map(workspace, content)
    certain = confirmed(workspace.store)
    found = impact(issuer.snapshot, other, issuer.pseudonyms, as_of=issuer.judged.as_of, confirmed=certain)
    return NewMap(content, other, findings, difference(issuer.snapshot.course_map, other), found)


def rows_in_file(workspace: Workspace) -> CourseMap:
    """Return the map that the workbook holds now, in force or not.

    Raises: WrongCells where it can't be read: then it is mended in Excel first.
    """
    return good_map(workspace, map_file(workspace).content)[0]


def with_rows(before: CourseMap, rows: Iterable[tuple[CourseRow | None, CourseRow]]) -> CourseMap:
    """Return the map with these rows, each in the place of the row named before it; None for a new one.

    A new one replaces the row of the same source, course, unit and first day.
    """
    new = {row_key(old or row): row for old, row in rows}
    kept = [new.pop(row_key(row), row) for row in before.rows]
    return course_map((*kept, *new.values()), before.offerings)


def row_key(row: CourseRow) -> tuple[str, str, str, date | None]:
    """Return what tells a row from every other one."""
    return row.source, fold(row.course), fold(row.unit), row.counts_from


def written(changed: CourseMap, issuer: Issuer) -> bytes:
    """Return the map as the workbook that `init` writes, with the topics in the law's words."""
    courses, offerings = map_lines(changed)
    return mapping_workbook(courses, offerings, topics=issuer.snapshot.law.wordings)


def not_kept(workspace: Workspace) -> tuple[str, ...]:
    """Return what a person has put into the workbook that is lost when the program writes it anew."""
    found = map_file(workspace)
    return extras(found.content) if found.content else ()


def take_over_map(workspace: Workspace, author: Author, *, content: bytes, seen: str) -> MapTakenOver:
    """Make a workbook the course map: the file is written whole, its version before kept, and it counts at once.

    `seen` is the hash of the file as it was when somebody decided on the new one. Raises: UsageError when the file is
    another one meanwhile, or says nothing new; WrongCells where it can't be used.
    """
    path = map_file(workspace).path
    expect_unchanged(path, seen)
    other, _ = good_map(workspace, content)
    store = workspace.store
    with store.transaction():
        before = read_map(store)
        changes = difference(before if before.version else None, other)
        if before.version == other.version and map_file(workspace).content:
            raise UsageError("it says what the map in force says", hint="Nothing was written.")
        was = {"version": before.version} if before.version else None
        after = {"version": other.version, "changes": list(changes)}
        store.audit.add(DecisionKind.MAP, other.version, author, before=was, after=after)
        record_map(store, other, now=author.at)
        kept = replace_file(path, content, at=author.at)
    return MapTakenOver(other.version, changes, kept)


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What a trainer says that a course, or a unit of it, teaches; who and when come from the act."""

    source: str
    course: str
    unit: str
    title: str = ""
    topics: Sequence[int] = ()
    on_the_job_days: int = 0
    check_ins: int = 0
    counts_from: date | None = None
    counts_until: date | None = None
    minimum_score: Decimal | None = None
    note: str = ""


def decided_row(statement: RowSaid, before: CourseRow | None, *, by: str, on: date) -> CourseRow:
    """Return a row of the map as decided; what is not asked of a trainer stays as it was."""
    own = {name: getattr(statement, name) for name in RowSaid.__dataclass_fields__} | {
        "topics": tuple(statement.topics)
    }
    if before is None:
        return CourseRow(**own, decided_by=by, decided_on=on)
    return replace(before, **own, decided_by=by, decided_on=on)
