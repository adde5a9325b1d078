"""The mapping workbook → the course map, or everything that is wrong with it, by cell."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from lms_sync.errors import UsageError
from lms_sync.model.course_map import (
    EVERY_SOURCE,
    CourseMap,
    CourseRow,
    Offering,
    course_map,
    days_overlap,
    topic_id,
)
from lms_sync.model.finding import Area, Finding
from lms_sync.tables.days_to_come import days_to_come, rests_on_today
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.tables.form_cells import beyond_the_form
from lms_sync.tables.guard import read_guarded
from lms_sync.tables.read import Sheet, Unreadable, read_sheets
from lms_sync.tables.typed_days import DateOrder
from lms_sync.text import did_you_mean, fold
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS, TOPICS
from lms_sync.workspace.mapping.low_score import low_score
from lms_sync.workspace.mapping.rows import offering_of, row_of
from lms_sync.workspace.roster.open_elsewhere import how_to_open

ORDINAL = re.compile(r"(unit|module|lesson|topic|part|section|session|chapter|day|no\.?|#)\s*#?\s*([0-9]+|[ivx]+)")
"""A name that is a number only, in folded text."""
WEB = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class MappingCheck:
    """What checking the workbook gave."""

    course_map: CourseMap | None
    """None when any finding blocks: the last good version stays in force."""
    findings: tuple[Finding, ...]

    @property
    def rests_on_today(self) -> bool:
        """Tell whether another day may find something else of the same file."""
        return rests_on_today(self.findings)


def check_mapping(
    path: Path, *, sources: Collection[str], dates: DateOrder = "", today: date | None = None
) -> MappingCheck:
    """Return the map, or None, and all findings.

    `sources` are the names that the column Source may hold besides `*`: those of the settings, and those of which
    evidence is stored. `dates` is the order in which trainers write days in digits. Without `today` nothing is
    asked about days in the future.
    """
    reader = FormReader(path.name, Area.MAPPING, ())
    try:
        sheets = read_sheets(path)
    except FileNotFoundError:
        wrong = Wrong("no such file", "the mapping workbook", "Put it back; `lms-sync init` writes a starter map.")
        return MappingCheck(None, (reader.finding("file-missing", path.name, wrong),))
    except Unreadable as error:
        wrong = Wrong(error.found, error.expected, error.remedy)
        return MappingCheck(None, (reader.finding("file-unreadable", path.name, wrong),))
    except OSError as error:
        wrong = Wrong(f"it cannot be opened ({error.strerror})", "the mapping workbook", how_to_open(path))
        return MappingCheck(None, (reader.finding("file-unreadable", path.name, wrong),))
    try:
        return check_mapping_sheets(sheets, file=path.name, sources=sources, dates=dates, today=today)
    except Exception as error:  # a workbook that nobody foresaw must not end the night: the last good one stays
        return MappingCheck(None, (reader.finding("file-unreadable", path.name, beyond_the_form(error)),))


def check_mapping_content(
    content: bytes, *, file: str, sources: Collection[str], dates: DateOrder = "", today: date | None = None
) -> MappingCheck:
    """Return the same for a workbook from outside, read in a child process. Raises: UsageError for no workbook."""
    try:
        return check_mapping_sheets(
            read_guarded(content).sheets, file=file, sources=sources, dates=dates, today=today
        )
    except Unreadable as error:
        raise UsageError(f"{file}: {error.found}", hint=error.remedy) from error


def check_mapping_sheets(
    sheets: Sequence[Sheet], *, file: str, sources: Collection[str], dates: DateOrder = "", today: date | None = None
) -> MappingCheck:
    """Return the same as `check_mapping` for sheets that have been read already; `file` is the workbook's name."""
    reader = FormReader(file, Area.MAPPING, sheets, dates)
    courses, offerings = reader.read(COURSES), reader.read(OFFERINGS)
    check = _Check(reader, frozenset(sources))
    rows = [row_of(entry) for entry in courses.entries]
    offered = [offering_of(entry) for entry in offerings.entries]
    read = zip(courses.entries, rows, strict=True) if courses.whole else ()
    findings = [
        *courses.findings,
        *offerings.findings,
        *(found for entry, row in read for found in check.row(entry, row)),
        *(found for entry in offerings.entries for found in check.offering(entry) if offerings.whole),
        *(check.unmapped_offerings(offered, rows) if courses.whole and offerings.whole else ()),
        *check.doubled(rows),
        *check.doubled_offerings(offered),
        *(check.untaught(rows) if courses.whole else ()),
        *(found for _, found in days_to_come(reader, COURSES, courses, today=today)),
    ]
    blocked = any(finding.blocks for finding in findings)
    return MappingCheck(None if blocked else course_map(rows, offered), tuple(findings))


@dataclass(frozen=True, slots=True)
class _Check:
    """What one workbook's rows are held against."""

    reader: FormReader
    sources: frozenset[str]

    def row(self, entry: Entry, row: CourseRow) -> Iterable[Finding]:
        """Yield what is wrong with one row of the sheet Courses."""
        yield from self._source(entry, row)
        yield from self._names(entry, row)
        yield from self._decision(entry, row)
        yield from low_score(self.reader, entry, row)
        yield from self._link(entry)
        yield from self._dates(entry, "Counts from", last="Counts until")

    def offering(self, entry: Entry) -> Iterable[Finding]:
        """Yield what is wrong with one offering alone."""
        yield from self._link(entry)
        yield from self._dates(entry, "Starts", last="Ends")

    def unmapped_offerings(self, offerings: Sequence[Offering], rows: Sequence[CourseRow]) -> Iterable[Finding]:
        """Yield a finding for each offering of a course, or unit, that no row of the sheet Courses has."""
        keys = {(fold(row.course), fold(row.unit)) for row in rows}
        for offering in offerings:
            if not offering.course or (fold(offering.course), fold(offering.unit)) in keys:
                continue
            named = f'"{offering.course}"' + (f', unit "{offering.unit}"' if offering.unit else "")
            hint = did_you_mean(offering.course, (row.course for row in rows if row.course != offering.course))
            remedy = (
                f"{hint}Add a row to Courses, or copy course and unit from there; until then no plan proposes it."
            )
            wrong = Wrong(named, "a course and unit that a row of the sheet Courses has", remedy)
            subject = f"offering {offering.offering_id}"
            yield self.reader.finding("offering-unmapped", offering.cell, wrong, blocks=False, subject=subject)

    def doubled(self, rows: Sequence[CourseRow]) -> Iterable[Finding]:
        """Yield a blocking finding for each pair of rows that say something about the same completions."""
        by_key = defaultdict(list)
        for row in rows:
            if row.source and row.course:
                by_key[row.source, fold(row.course), fold(row.unit)].append(row)
        for same in by_key.values():
            for course_row, other in combinations(same, 2):
                if days_overlap(
                    (course_row.counts_from, course_row.counts_until), (other.counts_from, other.counts_until)
                ):
                    wrong = Wrong(
                        f"the same source, course and unit as {course_row.cell}",
                        "one row for each on any day",
                        "Delete one of the two, or let Counts until of one end before Counts from of the other.",
                    )
                    yield self.reader.finding("row-doubled", other.cell, wrong, subject=other.subject)

    def doubled_offerings(self, offerings: Sequence[Offering]) -> Iterable[Finding]:
        """Yield a blocking finding for each offering that stands there twice."""
        first: dict[str, Offering] = {}
        for offering in offerings:
            known = first.setdefault(offering.offering_id, offering)
            if known is not offering and offering.course:
                wrong = Wrong(
                    f"the same course, dates and place as {known.cell}", "one row", "Delete one of the two."
                )
                yield self.reader.finding("offering-doubled", offering.cell, wrong)

    def untaught(self, rows: Sequence[CourseRow]) -> Iterable[Finding]:
        """Yield a finding when no decided row teaches something that the series asks for."""
        taught = {name for row in rows if row.decided_on for name, _ in row.teaches}
        wanted = {topic_id(number): f"topic {number}" for number in TOPICS}
        wanted |= {"on-the-job": "on-the-job training days", "check-in": "check-in trainings"}
        missing = [words for name, words in wanted.items() if name not in taught]
        if missing:
            wrong = Wrong(
                "no decided row teaches " + ", ".join(missing),
                "at least one for every topic and component",
                "Nobody can be credited with them. Mark the courses that teach them, and record the decision.",
            )
            yield self.reader.finding("topic-untaught", COURSES.title, wrong, blocks=False)

    def _source(self, entry: Entry, row: CourseRow) -> Iterable[Finding]:
        if row.source and row.source != EVERY_SOURCE and row.source not in self.sources:
            hint = did_you_mean(row.source, self.sources)
            expected = "* or one of: " + (", ".join(sorted(self.sources)) or "(no source is set up yet)")
            wrong = Wrong(f'"{row.source}"', expected, f"{hint}Write the source's name as lms_sync.toml has it.")
            yield self.reader.finding("source-unknown", entry.where("Source"), wrong, subject=entry.subject("Source"))

    def _names(self, entry: Entry, row: CourseRow) -> Iterable[Finding]:
        """Yield findings for names that don't tell what is taught: providers order the topics differently."""
        for heading, name in (("Course", row.course), ("Unit", row.unit), ("Title", row.title)):
            if ORDINAL.fullmatch(fold(name)):
                wrong = Wrong(
                    f'"{name}", which is only a number in a list',
                    "a title that says what is taught",
                    "Providers list the topics in different orders: go by what it teaches, never by its number.",
                )
                yield self.reader.finding(
                    "named-by-number", entry.where(heading), wrong, blocks=False, subject=entry.subject(heading)
                )
            elif row.source == EVERY_SOURCE and name.isdigit() and heading != "Title":
                wrong = Wrong(
                    f'"{name}" for every source',
                    "a title, or a named source",
                    "An id means another course in each source: name the source.",
                )
                yield self.reader.finding(
                    "id-for-every-source", entry.where(heading), wrong, subject=entry.subject(heading)
                )

    def _decision(self, entry: Entry, row: CourseRow) -> Iterable[Finding]:
        by, on = bool(row.decided_by), entry.day("Decided on") is not None
        if {"Decided by", "Decided on"} & entry.wrong.keys():
            return
        if by != on:
            blank = "Decided on" if by else "Decided by"
            wrong = Wrong(
                f"{blank} is blank", "who decided and when", "Fill in both; until then the row does not count."
            )
            yield self.reader.finding(
                "decision-half", entry.where(blank), wrong, blocks=False, subject=entry.subject(blank)
            )
        elif not by and row.teaches:
            wrong = Wrong(
                "the row says what is taught, but not who decided it and when",
                "Decided by and Decided on",
                "Fill in both; until then the row does not count.",
            )
            yield self.reader.finding(
                "decision-missing",
                entry.where("Decided by"),
                wrong,
                blocks=False,
                subject=entry.subject("Decided by"),
            )

    def _link(self, entry: Entry) -> Iterable[Finding]:
        if (link := entry.text("Link")) and not WEB.fullmatch(link):
            expected = "a web address that begins with https://"
            wrong = Wrong(f'"{link}"', expected, "Copy the address from the browser.")
            yield self.reader.finding("link-unreadable", entry.where("Link"), wrong, subject=entry.subject("Link"))

    def _dates(self, entry: Entry, first: str, *, last: str) -> Iterable[Finding]:
        start, end = entry.day(first), entry.day(last)
        if start and end and end < start:
            wrong = Wrong(f"{end}, before {first} {start}", f"{start} or later", "Correct one of the two days.")
            yield self.reader.finding("days-reversed", entry.where(last), wrong, subject=entry.subject(last))
