"""The district as a workbook: everybody × the fifteen requirements, and figures by partner and by building."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.law.standing import IN_DOUBT, MetBy, State
from lms_sync.model.course_map import topic_id
from lms_sync.reports import words
from lms_sync.reports.district.overview import STATE_ORDER, Tally, by_building, by_partner
from lms_sync.reports.missing import topic_words, urgency
from lms_sync.tables.looks import Tone
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook

FILE = "district.xlsx"
_ALL = (*(topic_id(number) for number in range(1, 14)), "on-the-job", "check-in")
_TONES: dict[str, Tone] = {
    State.DOCUMENTED: "good",
    State.COMPLETE: "good",
    IN_DOUBT: "warn",
    State.ON_PLAN: "",
    State.OVERDUE: "bad",
    State.UNDETERMINED: "warn",
    State.NOT_STARTED: "quiet",
}
_PERSON = (
    ColumnSpec("Person ID", 12),
    ColumnSpec("Person", 24),
    ColumnSpec("Partner", 22),
    ColumnSpec("Class", 12),
    ColumnSpec("Buildings", 22),
    ColumnSpec("First day with students", 14, "date"),
    ColumnSpec("State", 18),
    ColumnSpec("Next last lawful day", 14, "date"),
)


def district_workbook(reports: Sequence[GapReport], names: Mapping[str, str]) -> bytes:
    """Return the xlsx file about everybody in the reports, which were judged together; `names` are requirements'.

    The same reports give the same bytes.
    """
    day = reports[0].as_of if reports else date(2000, 1, 1)
    sheets = (
        _grid(reports, names, day),
        _tallies("By partner", "Partner", by_partner(reports)),
        _tallies("By building", "Building", by_building(reports)),
    )
    title = f"School safety training, {words.clean(reports[0].district) if reports else ''}, {words.written(day)}"
    return write_workbook(None, sheets, title=title, day=day)


def _grid(reports: Sequence[GapReport], names: Mapping[str, str], day: date) -> SheetSpec:
    columns = (*_PERSON, *(ColumnSpec(topic_words(requirement, names), 15) for requirement in _ALL))
    intro = (
        f"Who stands where on {words.written_in_full(day)}",
        "A day alone: met on that day; with an exclamation mark, after the last lawful day.",
        "“Due” and a day: still missing, and the last lawful day. Filter by the arrows in the header.",
        "Names and training records: keep this within HR.",
    )
    rows = tuple(row for report in reports for row in _rows(report))
    return SheetSpec("People", columns, rows, intro=intro, table="People", freeze_columns=2, pages_wide=3)


def _rows(report: GapReport) -> Iterator[Row]:
    for person in report.people:
        standings: dict[str, ReportedStanding] = {standing.requirement: standing for standing in person.requirements}
        absent = Toned("not required" if person.staff_class else "depends on the class", "quiet")
        yield (
            *_who(person, report),
            *(_cell(standings[name], report) if name in standings else absent for name in _ALL),
        )


def _who(person: PersonGaps, report: GapReport) -> Row:
    days = [standing.last_lawful_day for standing in person.open if standing.last_lawful_day]
    tone = "warn" if person.doubted else _TONES[person.state]
    return (
        person.person_id,
        words.clean(person.name),
        words.clean(report.partner.name),
        person.staff_class or Toned("not recorded", "warn"),
        words.clean(", ".join(name for name, _ in person.buildings)),
        person.first_day or Toned("not recorded", "warn"),
        Toned(words.state_words(person.state, person.doubted), tone),
        min(days, default=None),
    )


def _cell(standing: ReportedStanding, report: GapReport) -> Toned:
    """Return how one requirement stands: a day where it is met, else what is missing and by when."""
    if standing.met_by is not None:
        if standing.doubted:
            return Toned(f"in doubt since {words.written(standing.doubted)}", "warn")
        if standing.on is None or standing.met_by is MetBy.WAIVED:
            return Toned(f"{standing.met_by} {words.written(standing.on) if standing.on else ''}".strip(), "good")
        return Toned(standing.on, "warn" if standing.late else "good", " !" if standing.late else "")
    counted = f"{standing.have} of {standing.need}; " if standing.need > 1 else ""
    tones: dict[str, Tone] = {"overdue": "bad", "soon": "warn", "later": ""}
    return Toned(f"{counted}{_due(standing)}", tones[urgency(standing, report)])


def _due(standing: ReportedStanding) -> str:
    """Return by when something is missing, or since when it is overdue: from the day after the last lawful one."""
    last = standing.last_lawful_day
    if last is None:
        return "missing, no due day yet"
    return (
        f"overdue since {words.written(last + timedelta(days=1))}" if standing.late else f"due {words.written(last)}"
    )


def _tallies(title: str, heading: str, tallies: Sequence[Tally]) -> SheetSpec:
    columns = (
        ColumnSpec(heading, 40),
        ColumnSpec("People", 10, "number"),
        *(ColumnSpec(group.capitalize(), 15, "number") for group in STATE_ORDER),
    )
    rows: tuple[Row, ...] = tuple(
        (
            words.clean(tally.name),
            tally.total,
            *(_number(dict(tally.states).get(group, 0), group) for group in STATE_ORDER),
        )
        for tally in tallies
    )
    intro = (f"How people stand, {title.lower()}", "Those with most people overdue first.")
    return SheetSpec(title, columns, rows, intro=intro, table=title.replace(" ", ""), freeze_columns=1)


def _number(number: int, group: str) -> Toned:
    return Toned(number, _TONES[group] if number else "")
