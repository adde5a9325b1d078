"""Where people would rather look: who stands where, what is due when, how it went over the year. Pure.

The one module that makes the figures, as values. HTML pages and PDFs draw them as SVG (figure_svg), mails as cells of
a table, the workbook by conditional formats. Each mark is a sign, a word and a colour: it can be read in black and
white, and by a screen reader.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding, StateCounts
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.law.days import due as months_after
from lms_sync.law.standing import IN_DOUBT, State
from lms_sync.model.course_map import topic_id
from lms_sync.reports import words
from lms_sync.reports.missing import missing_words, urgency
from lms_sync.tables.looks import Tone

TIMELINE_MONTHS = 6
REQUIREMENTS = (*(topic_id(number) for number in range(1, 14)), "on-the-job", "check-in")
"""The fifteen columns of the grid."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one requirement stands, in one cell."""

    sign: PartnerText
    word: PartnerText
    tone: Tone


MET = Mark(program("✓"), program("met"), "good")
DOUBTED = Mark(program("?"), program("in doubt"), "warn")
LATE = Mark(program("!"), program("late"), "bad")
SOON = Mark(program("◆"), program("soon"), "warn")
OPEN = Mark(program("○"), program("open"), "")
NOT_REQUIRED = Mark(program("–"), program("none"), "quiet")
LEGEND = (MET, LATE, SOON, OPEN, DOUBTED, NOT_REQUIRED)
"""Every mark, in the order in which a figure explains them."""

LEGEND_WORDS = {
    LATE: program("past the last lawful day"),
    SOON: program("due soon"),
    OPEN: program("due later"),
    DOUBTED: program("met, in doubt"),
    NOT_REQUIRED: program("not required"),
}
"""What a mark means where its word alone does not say it."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One person's mark in one column."""

    mark: Mark
    text: PartnerText
    """Sign and word, or sign and count done (`! 1/2`)."""
    spoken: PartnerText
    """In words, for templates that read the grid out: `10: late`, `Days: 1 of 2 done, late`."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person."""

    person_id: PartnerText
    name: PartnerText
    cells: tuple[GridCell, ...]
    """In the order of the columns."""


@dataclass(frozen=True, slots=True)
class Grid:
    """People × the fifteen requirements."""

    heads: tuple[PartnerText, ...]
    rows: tuple[GridRow, ...]
    key: PartnerText
    """What each sign means, in one line."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is due on one day."""

    day: date
    when: PartnerText
    people: int
    label: PartnerText
    """What is due, without names: `2 people: classroom topics`. A PDF's SVG has not the letters of every script."""
    what: PartnerText
    """Who lacks what, in one line."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is due in the next months."""

    first: date
    last: date
    """Not included: the day on which the last month ends."""
    months: tuple[tuple[date, PartnerText], ...]
    """(first day shown, name) of each month."""
    days: tuple[DueDay, ...]
    past: int
    """People whose last lawful day is past."""


def grid(report: GapReport, *, people: Iterable[PersonGaps] | None = None) -> Grid:
    """Return who stands where; of `people` only where they are given."""
    rows = tuple(_row(person, report) for person in (report.people if people is None else people))
    used = {cell.mark for row in rows for cell in row.cells}
    key = (fill("{} {}", mark.sign, LEGEND_WORDS.get(mark, mark.word)) for mark in LEGEND if mark in used)
    counted = program("1/2 = 1 of 2 done") if any("/" in cell.text for row in rows for cell in row.cells) else NOTHING
    return Grid(tuple(map(_head, REQUIREMENTS)), rows, joined(" · ", (*key, counted)))


def _head(requirement: str) -> PartnerText:
    number = requirement.removeprefix("topic-")
    return fill("{}", int(number)) if number.isdigit() else _SHORT_HEADS[requirement]


_SHORT_HEADS = {"on-the-job": program("Days"), "check-in": program("Check-ins")}


def _row(person: PersonGaps, report: GapReport) -> GridRow:
    standings: dict[str, ReportedStanding] = {standing.requirement: standing for standing in person.requirements}
    cells = tuple(_cell(requirement, standings.get(requirement), report) for requirement in REQUIREMENTS)
    return GridRow(person.person_id, words.clean(person.name), cells)


def _cell(requirement: str, standing: ReportedStanding | None, report: GapReport) -> GridCell:
    have, need = (standing.have, standing.need) if standing else (0, 0)
    return _cell_of(requirement, mark_of(standing, report), have, need)


@lru_cache(maxsize=1024)
def _cell_of(requirement: str, mark: Mark, have: int, need: int) -> GridCell:
    """Return a cell as everybody has it who stands alike."""
    count = fill("{}/{}", have, need) if need > 1 else mark.word
    done = fill("{} of {} done, {}", have, need, mark.word) if need > 1 else mark.word
    return GridCell(mark, fill("{} {}", mark.sign, count), fill("{}: {}", _head(requirement), done))


def mark_of(standing: ReportedStanding | None, report: GapReport) -> Mark:
    """Return how a requirement stands; None for one that the law does not ask of the person."""
    if standing is None:
        return NOT_REQUIRED
    if not standing.open:
        return DOUBTED if standing.doubted else MET
    return {"overdue": LATE, "soon": SOON, "later": OPEN}[urgency(standing, report)]


def timeline(report: GapReport, *, named: bool = True) -> Timeline:
    """Return what is due in the next six months, that day of the month included, by the last lawful day.

    Not `named`, it tells how many people lack what, and not who: of a whole district that would fill pages.
    """
    last = months_after(report.as_of, TIMELINE_MONTHS)
    days: dict[date, list[tuple[PersonGaps, ReportedStanding]]] = {}
    for person in report.people:
        for standing in person.open:
            if standing.last_lawful_day and report.as_of <= standing.last_lawful_day < last:
                days.setdefault(standing.last_lawful_day, []).append((person, standing))
    late = sum(any(standing.late for standing in person.open) for person in report.people)
    due = tuple(
        DueDay(
            day,
            words.written(day),
            len({person.person_id for person, _ in gaps}),
            _label(gaps),
            _who_lacks_what(gaps) if named else NOTHING,
        )
        for day, gaps in sorted(days.items())
    )
    return Timeline(report.as_of, last, _months(report.as_of), due, late)


def _label(gaps: Iterable[tuple[PersonGaps, ReportedStanding]]) -> PartnerText:
    """Return what is due, without names: `2 people: classroom topics`."""
    owners: dict[PartnerText, set[PartnerText]] = {}
    for person, standing in gaps:
        owners.setdefault(standing.component, set()).add(person.person_id)
    several = ((words.COMPONENT_WORDS[component][1], people) for component, people in owners.items())
    return joined("; ", (fill("{}: {}", _people(len(people)), what) for what, people in several))


def _who_lacks_what(gaps: Iterable[tuple[PersonGaps, ReportedStanding]]) -> PartnerText:
    """Return who lacks what, in one line."""
    standings: dict[PartnerText, list[ReportedStanding]] = {}
    people: dict[PartnerText, PersonGaps] = {}
    for person, standing in gaps:
        people[person.person_id] = person
        standings.setdefault(person.person_id, []).append(standing)
    lacking: dict[PartnerText, list[PartnerText]] = {}
    for person_id, person in people.items():
        parts = (tuple(of) for _, of in groupby(standings[person_id], key=lambda standing: standing.component))
        lack = joined(", ", (missing_words(part, {}, numbers=True) for part in parts))
        lacking.setdefault(lack, []).append(words.clean(person.name))
    return joined("; ", (fill("{}: {}", joined(", ", each), lack) for lack, each in lacking.items()))


def _people(number: int) -> PartnerText:
    return words.count(number, program("person"), program("people"))


def _months(first: date) -> tuple[tuple[date, PartnerText], ...]:
    starts = [first, *(months_after(first.replace(day=1), number) for number in range(1, TIMELINE_MONTHS + 1))]
    return tuple((day, words.month(day)) for day in starts)


@dataclass(frozen=True, slots=True)
class YearOfStates:
    """How many people stood in each state, month by month, today last."""

    days: tuple[StateCounts, ...]

    @property
    def most(self) -> int:
        """Return the number of people on the day with the most."""
        return max((sum(number for _, number in counts.people) for counts in self.days), default=0)


STATE_MARKS: dict[State, Mark] = {
    State.OVERDUE: Mark(LATE.sign, program("overdue"), LATE.tone),
    State.UNDETERMINED: Mark(program("?"), program("undetermined"), "warn"),
    State.ON_PLAN: Mark(program("→"), program("on plan"), ""),
    State.NOT_STARTED: Mark(program("○"), program("not started"), "quiet"),
    State.COMPLETE: Mark(program("✓"), program("complete"), "good"),
    State.DOCUMENTED: Mark(program("✓✓"), program("documented"), "good"),
}
"""How each state is drawn, from the bottom up."""

GROUP_MARKS: Mapping[str, Mark] = {
    **{str(state): mark for state, mark in STATE_MARKS.items()},
    IN_DOUBT: Mark(program("?"), program("complete, in doubt"), "warn"),
}
"""The same for what people are counted under: who is complete in doubt is nobody's *complete*."""


def counts_of(day: date, states: Iterable[State]) -> StateCounts:
    """Return how many people stand in each state."""
    found = list(states)
    return StateCounts(day, tuple((state, found.count(state)) for state in STATE_MARKS if state in found))


def states_over_the_year(report: GapReport) -> YearOfStates:
    """Return the last report of each month of the past year and today's; earlier versions' reports among them."""
    since = months_after(report.as_of, -12)
    months = {
        (counts.day.year, counts.day.month): counts for counts in report.history if since < counts.day < report.as_of
    }
    today = counts_of(report.as_of, (person.state for person in report.people))
    return YearOfStates((*months.values(), today))
