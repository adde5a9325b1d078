"""The district's page: one HTML file for a browser, which names staff and loads nothing from anywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.model.finding import AREA_HEADINGS, Area, Finding
from lms_sync.model.finding_groups import capped, together
from lms_sync.reports import words
from lms_sync.reports.district.late import (
    booked_words,
    contacts,
    late_sentence,
    late_steps,
    need_words,
    some_names,
    soon_sentence,
)
from lms_sync.reports.district.overview import DistrictOverview, PersonDue, States, TrendPoint
from lms_sync.reports.figure_svg import bar_svg, timeline_svg, trend_svg
from lms_sync.reports.figures import GROUP_MARKS, REQUIREMENTS, Timeline
from lms_sync.reports.missing import topic_words
from lms_sync.reports.night.email import ledger, message_lines
from lms_sync.reports.night.steps import first_steps, sentence
from lms_sync.reports.night.summary import NightSummary
from lms_sync.reports.templates import Templates, fill_page

FILE = "district.html"
LISTED = 15
"""More people than this in one list are counted; the workbook has them all."""
BOOKED = 12
"""More classes than this are counted; the partners' plans have them all."""
DAYS_AHEAD = 20
"""More days than this in the picture of what is due are counted."""


@dataclass(frozen=True, slots=True)
class WaitingArea:
    """What waits in one area, told in full."""

    heading: str
    count: int
    new: int
    findings: tuple[tuple[Finding, bool], ...]
    """(finding, whether it is new tonight), the new ones first."""
    more: tuple[tuple[str, int], ...]
    """(what kind, how many more of it)."""


def district_page(overview: DistrictOverview, templates: Templates) -> str:
    """Return the page. Raises: UsageError when a workspace's template can't be filled."""
    night = overview.night
    values = {
        "overview": overview,
        "night": night,
        "known_at": templates.instant(night.known_at),
        "instant": templates.instant,
        "clean": words.clean,
        "sentence": sentence,
        "steps": first_steps(night),
        "late": late_sentence(overview),
        "late_steps": late_steps(overview),
        "soon": soon_sentence(overview),
        "booked": booked_words(overview),
        "contacts": contacts(overview),
        "need_words": need_words,
        "some_names": some_names,
        "topics": [topic_words(topic, templates.names) for topic in REQUIREMENTS if topic.startswith("topic-")],
        "bar": lambda states: bar_svg(states, states_words(states)),
        "states_words": states_words,
        "when": when,
        "listed_at_most": LISTED,
        "booked_at_most": BOOKED,
        "count": words.count,
        "trend_words": trend_words(overview.trend),
        "trend_picture": trend_svg(
            [(point.day, point.states) for point in overview.trend], trend_words(overview.trend)
        ),
        "ahead": ahead_picture(overview.timeline),
        "days_left": max(len(overview.timeline.days) - DAYS_AHEAD, 0) if overview.timeline else 0,
        "trend_states": _states_of(overview.trend),
        "areas": tuple(waiting_areas(night)),
        "messages": message_lines(night),
        "ledger": ledger,
        "marks": GROUP_MARKS,
        "number_of": lambda point, group: dict(point.states).get(group, 0),
    }
    return fill_page(templates, "district", values)


def ahead_picture(timeline: Timeline | None) -> str:
    """Return what is due next as SVG, how many people on each day; empty where nobody is assigned."""
    if timeline is None:
        return ""
    days = timeline.days[:DAYS_AHEAD]
    spoken = "; ".join(f"{due.when}: {due.label}" for due in days) or "Nothing is due in the next six months."
    return timeline_svg(replace(timeline, days=days), alternative=spoken)


def states_words(states: States) -> str:
    """Return how many people are in which state: `! 3 overdue, → 5 on plan`."""
    return ", ".join(f"{GROUP_MARKS[group].sign} {number:,} {group}" for group, number in states) or "nobody"


def when(due: PersonDue, as_of: date) -> str:
    """Return when somebody is overdue, or since when."""
    days = words.count(due.days, "day", "days")
    if due.day < as_of:
        return f"Last lawful day {words.written(due.day)}, {days} past (late)"
    return f"Last lawful day {words.written(due.day)}, {'today' if due.day == as_of else f'in {days}'}"


def waiting_areas(night: NightSummary) -> Iterator[WaitingArea]:
    """Yield what waits, by area, in the order in which a person should take it up."""
    new = {finding.id for finding in night.new}
    by_area: dict[Area, list[Finding]] = {}
    for finding in (*night.new, *night.waiting):
        by_area.setdefault(finding.area, []).append(finding)
    for area, heading in AREA_HEADINGS.items():
        if found := by_area.get(area):
            lines = capped(together(found))
            listed = [(group.as_one, any(f.id in new for f in group.findings)) for group in lines.groups]
            listed.sort(key=lambda line: (not line[1], not line[0].leads, not line[0].blocks, -len(line[0].people)))
            yield WaitingArea(heading, len(found), sum(f.id in new for f in found), tuple(listed), lines.left_out)


def trend_words(trend: Sequence[TrendPoint]) -> str:
    """Return what the trend's picture shows: of each state the first night's figure and the last one's."""
    if len(trend) < 2:
        return ""
    first, last = dict(trend[0].states), dict(trend[-1].states)
    changes = [f"{group} {first.get(group, 0):,} → {last.get(group, 0):,}" for group in _states_of(trend)]
    return f"From {words.written(trend[0].day)} to {words.written(trend[-1].day)}: {', '.join(changes)}."


def _states_of(trend: Sequence[TrendPoint]) -> tuple[str, ...]:
    there = {group for point in trend for group, _ in point.states}
    return tuple(group for group in GROUP_MARKS if group in there)
