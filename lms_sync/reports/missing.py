"""Open requirements → words: what is missing, by when, and how pressing it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Literal

from lms_sync.compliance.gap_report import GapReport, ReportedSignUp, ReportedStanding
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, law_text, program
from lms_sync.law.standing import Standing
from lms_sync.reports import words
from lms_sync.reports.partner.planned import closes_words

Urgency = Literal["overdue", "soon", "later"]

NAMED_TOPICS = 6
"""More topics than this in one place are told by their numbers only; the workbook names each."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What one person lacks of one component by one day."""

    what: PartnerText
    """`3 classroom topics: 4 Mental health, 7 Disparities, 10 De-escalation`."""
    when: PartnerText
    """The last lawful day in words, since when it is late, and the due date where that is another day."""
    urgency: Urgency


def missing_of(
    standings: Iterable[ReportedStanding], report: GapReport, names: Mapping[str, str]
) -> tuple[Missing, ...]:
    """Return what open standings of one person lack, one entry per component and due date, in the law's order."""
    return tuple(Missing(_what(gap, names), due_words(gap[0]), urgency(gap[0], report)) for gap in gaps_of(standings))


def gaps_of(standings: Iterable[ReportedStanding]) -> Iterator[Sequence[ReportedStanding]]:
    """Yield open standings of one person together that are of one component and due on one day."""
    alike = groupby(standings, key=lambda standing: (standing.component, standing.due, standing.late))
    for _, gap in alike:
        yield tuple(gap)


def _what(standings: Sequence[ReportedStanding], names: Mapping[str, str]) -> PartnerText:
    booked = [(standing.requirement, sign_up) for standing in standings for sign_up in standing.signed_up]
    return fill("{}{}", missing_words(standings, names), signed_up_words(booked, names))


def signed_up_words(booked: Iterable[tuple[str, ReportedSignUp]], names: Mapping[str, str]) -> PartnerText:
    """Return ` (signed up for Dec 3, 2026: 10 De-escalation)`, the next class first; empty for nothing."""
    days: dict[date, list[str]] = {}
    for requirement, sign_up in sorted(booked, key=lambda pair: pair[1].day):
        if requirement not in days.setdefault(sign_up.day, []):
            days[sign_up.day].append(requirement)
    days_told = (
        fill("signed up for {}: {}", words.written(day), requirement_words(requirements, names))
        for day, requirements in days.items()
    )
    line = joined("; ", days_told)
    return fill(" ({})", line) if line else NOTHING


def urgency(standing: ReportedStanding, report: GapReport) -> Urgency:
    """Return how pressing an open requirement is on the report's day; `soon` includes the last day of the span."""
    if standing.late:
        return "overdue"
    return "soon" if standing.due and standing.due <= _last_soon_day(report.as_of, report.due_soon_days) else "later"


@lru_cache(maxsize=16)
def _last_soon_day(day: date, span: int) -> date:
    return day + timedelta(days=span)


def due_words(standing: ReportedStanding) -> PartnerText:
    """Return `last lawful day 13 Oct 2026 (due 10 Oct 2026), late since 14 Oct 2026`, each part where it applies."""
    if standing.due is None or standing.last_lawful_day is None:
        return program("last lawful day not known yet")
    lawful = standing.last_lawful_day
    moved = fill(" (due {})", words.written(standing.due)) if lawful != standing.due else NOTHING
    since = fill(", late since {}", words.written(lawful + timedelta(days=1))) if standing.late else NOTHING
    return fill("last lawful day {}{}{}", words.written(lawful), moved, since)


def missing_words(
    standings: Iterable[Standing | ReportedStanding], names: Mapping[str, str], *, numbers: bool = False
) -> PartnerText:
    """Return what open standings of one component lack: a count, and the topics by number and name.

    With `numbers` topics are told by their numbers alone: `topics 1, 10`.
    """
    open_ones = tuple(standings)
    singular, several = words.COMPONENT_WORDS[open_ones[0].component]
    if open_ones[0].component != "classroom":
        return _days_missing(open_ones[0], singular, several)
    if len(open_ones) == 13:
        return program("all 13 classroom topics")
    topics = tuple(standing.requirement for standing in open_ones)
    if numbers:
        return closes_words(topics)
    listed = _numbers(topics) if len(topics) > NAMED_TOPICS else requirement_words(topics, names)
    return fill("{}: {}", words.count(len(open_ones), singular, several), listed)


def _days_missing(standing: Standing | ReportedStanding, singular: PartnerText, several: PartnerText) -> PartnerText:
    """Return `1 of 6 check-in trainings is missing`: a bare *1 of 6* is read both ways, *1 more* as a person."""
    need, have = standing.need, standing.have
    if have == 0 and need > 1:
        return fill("{} {}", program("both") if need == 2 else fill("all {}", need), several)
    verb = program("is") if need - have == 1 else program("are")
    return fill("{} of {} {} {} missing", need - have, need, singular if need == 1 else several, verb)


def _numbers(topics: Iterable[str]) -> PartnerText:
    return words.number_ranges(int(topic.removeprefix("topic-")) for topic in topics)


def requirement_words(requirements: Sequence[str], names: Mapping[str, str]) -> PartnerText:
    """Return requirements by number and name; by number alone where the names would fill a phone's screen."""
    if len(requirements) > NAMED_TOPICS:
        return closes_words(requirements)
    return joined(", ", (topic_words(requirement, names) for requirement in requirements))


def topic_words(requirement: str, names: Mapping[str, str]) -> PartnerText:
    """Return a topic with its number, `10 De-escalation`, and any other requirement by its name."""
    number = requirement.removeprefix("topic-")
    name = law_text(names.get(requirement) or words.COMPONENT_WORDS.get(requirement, ("", requirement))[1])
    return fill("{} {}", int(number), name) if number.isdigit() else name


def settling_words(requirements: Sequence[str], names: Mapping[str, str]) -> PartnerText:
    """Return that the district settles who may take what closes these requirements; empty for none."""
    if not requirements:
        return NOTHING
    return fill("The district is still settling a sitting: {}.", requirement_words(requirements, names))
