"""The district as a workbook: everybody × the fifteen requirements, and figures by partner and by building."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.law.standing import MetBy, State, state_group
from lms_sync.reports import words
from lms_sync.reports.district.overview import STATE_ORDER, StateTally, by_building, by_partner
from lms_sync.reports.figures import GROUP_MARKS, LEGEND, NOT_REQUIRED, REQUIREMENTS, mark_of
from lms_sync.reports.missing import topic_words
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook

FILE = "district.xlsx"
MARKS = tuple((mark.sign, mark.tone) for mark in LEGEND)
MOST_KNOWN = 10_000
"""So many cells of a report are remembered; there are hardly more where people share their standings."""
_PERSON = (
    ColumnSpec("Person ID", 10),
    ColumnSpec("Person", 19),
    ColumnSpec("Partner", 18),
    ColumnSpec("Class", 9),
    ColumnSpec("Buildings", 16),
    ColumnSpec("First day with students", 12, "date"),
    ColumnSpec("State", 14),
    ColumnSpec("Next last lawful day", 12, "date"),
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
    widths = dict.fromkeys(REQUIREMENTS, 13.0) | dict.fromkeys(("topic-08", "on-the-job", "check-in"), 15.5)
    columns = (*_PERSON, *(ColumnSpec(topic_words(name, names), width) for name, width in widths.items()))
    intro = (
        f"Status as of {words.written_in_full(day)}",
        "A date alone: met on that day; with an exclamation mark, after the last lawful day.",
        "The date beside ! late, ◆ soon and ○ open is the last lawful day. Filter by the arrows in the header.",
        "Names and training records: keep this within HR.",
    )
    rows = (row for report in reports for row in _rows(report))
    return SheetSpec("People", columns, rows, intro=intro, table="People", freeze_columns=2, marks=MARKS)


def _rows(report: GapReport) -> Iterator[Row]:
    known: dict[int, Toned] = {}

    def cell(standing: ReportedStanding) -> Toned:
        """Return a standing's cell; most people share theirs, and a cell that is known is not made anew."""
        found = known.get(id(standing))
        if found is None:
            found = _cell(standing, report)
            if len(known) < MOST_KNOWN:
                known[id(standing)] = found
        return found

    for person in report.people:
        standings: dict[str, ReportedStanding] = {standing.requirement: standing for standing in person.requirements}
        absent = f"{NOT_REQUIRED.sign} not required" if person.staff_class else "? class missing"
        yield (
            *_who(person, report),
            *[cell(standings[name]) if name in standings else absent for name in REQUIREMENTS],
        )


def _who(person: PersonGaps, report: GapReport) -> Row:
    days = [standing.last_lawful_day for standing in person.open if standing.last_lawful_day]
    group = state_group(person.state, person.doubted)
    state = f"{GROUP_MARKS[group].sign} {group}"
    if person.doubted and person.state is State.COMPLETE:
        state = words.state_words(person.state, person.doubted)
    return (
        person.person_id,
        words.clean(person.name),
        words.clean(report.partner.name),
        Toned(words.SHORT_CLASSES[person.staff_class], "" if person.staff_class else "warn"),
        words.clean(", ".join(name for name, _ in person.buildings)),
        person.first_day or Toned("not recorded", "warn"),
        Toned(state, GROUP_MARKS[group].tone),
        min(days, default=None),
    )


def _cell(standing: ReportedStanding, report: GapReport) -> Toned:
    """Return the day on which it was met, or the figure's sign and word, by which it is coloured, and the day."""
    mark = mark_of(standing, report)
    if standing.met_by is not None and not standing.doubted and standing.on and standing.met_by is not MetBy.WAIVED:
        return Toned(standing.on, "warn" if standing.late else "good", " !" if standing.late else "")
    counted = f" {standing.have} of {standing.need} done," if standing.need > 1 and standing.open else ""
    last = standing.last_lawful_day if standing.open else standing.doubted or standing.on
    word = "waived" if standing.met_by is MetBy.WAIVED else mark.word
    word = "in doubt since" if standing.doubted and not standing.open else word
    return Toned(f"{mark.sign}{counted} {word} {words.written(last) if last else ''}".strip())


def _tallies(title: str, heading: str, tallies: Sequence[StateTally]) -> SheetSpec:
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
    intro = (f"Status of people, {title.lower()}", "Those with most people overdue first.")
    return SheetSpec(title, columns, rows, intro=intro, table=title.replace(" ", ""), freeze_columns=1)


def _number(number: int, group: str) -> Toned:
    return Toned(number, GROUP_MARKS[group].tone if number else "")
