"""What a chief reads on a phone: at most five lines, the most pressing first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.law.standing import State
from lms_sync.reports import words
from lms_sync.reports.missing import Urgency, missing_words, urgency
from lms_sync.reports.partner.as_known import as_known
from lms_sync.reports.partner.sittings import SittingLine
from lms_sync.reports.partner.to_arrange import NAMED, days_words, named, uncovered_words
from lms_sync.reports.partner.warning import warning_lines

LINES = 5
"""A chief reads no more than this on a phone."""
BOOKED = 2
"""So many sittings are told in the line about what to book."""

_PERSON, _PEOPLE = program("person"), program("people")
_CLASS, _CLASSES = program("more class"), program("more classes")
_COMPLETION, _COMPLETIONS = program("completion"), program("completions")


def brief(
    report: GapReport,
    names: Mapping[str, str],
    *,
    sittings: Sequence[SittingLine],
    plans: Mapping[PartnerText, PersonPlan],
) -> tuple[PartnerText, ...]:
    """Return who is late for what, whom to call, what to book and to agree, what is due soon, what waits."""
    late = _pressing(report, names, wanted="overdue")
    soon = _pressing(report, names, wanted="soon")
    number = sum(len(group.names) for group in late)
    to_book = joined(" ", (uncovered_words(report, plans), _book(report, sittings)))
    near = fill("Due within {} days: {}.", report.due_soon_days, _some(soon)) if soon else NOTHING
    first = (_overdue(report, late), _call(report, number) if late else NOTHING, to_book)
    days, soon_words = days_words(report), joined(" ", (_reminder(report, names), near))
    lines = [line for line in (*first, days, soon_words, _waiting(report)) if line]
    if len(lines) > LINES:
        lines = [*first, joined(" ", (days, soon_words)), lines[-1]]
    return tuple(lines)


def _reminder(report: GapReport, names: Mapping[str, str]) -> PartnerText:
    """Return whose last lawful day is warned of on this very day; empty for nobody."""
    if not report.warnings:
        return NOTHING
    listed = warning_lines(report, report.warnings[:NAMED], names)
    more = len(report.warnings) - NAMED
    return fill("◆ Reminder: {}", joined(" ", (*listed, fill("And {} more.", more) if more > 0 else NOTHING)))


@dataclass(frozen=True, slots=True)
class _Pressing:
    """People who lack the same since, or until, the same day."""

    day: date
    """The first of the last lawful days."""
    what: PartnerText
    known: PartnerText
    """What was not read since; empty where all was."""
    names: tuple[PartnerText, ...]

    @property
    def words(self) -> PartnerText:
        return fill("{}: {}", joined("; ", self.names), self.what)


def _pressing(report: GapReport, names: Mapping[str, str], *, wanted: Urgency) -> tuple[_Pressing, ...]:
    """Return the people with something as pressing as `wanted`, the earliest day first."""
    alike: dict[tuple[date, PartnerText, PartnerText], list[PartnerText]] = {}
    for person in report.people:
        standings = tuple(standing for standing in person.open if urgency(standing, report) == wanted)
        if standings:
            alike.setdefault(_gap(standings, report, names), []).append(words.clean(person.name))
    return tuple(_Pressing(*gap, tuple(alike[gap])) for gap in sorted(alike))


def _gap(
    standings: tuple[ReportedStanding, ...], report: GapReport, names: Mapping[str, str]
) -> tuple[date, PartnerText, PartnerText]:
    """Return the first last lawful day, `topics 1, 10, late since 1 Sep 2026`, and what was not read since."""
    days = [standing.last_lawful_day or date.max for standing in standings]
    several = len(set(days)) > 1
    parts = (tuple(part) for _, part in groupby(standings, key=lambda s: (s.component, s.last_lawful_day)))
    lacked = joined(", ", (_lacked(part, names, dated=several) for part in parts))
    known = as_known(standings, report)
    return min(days), lacked if several else fill("{}, {}", lacked, _when(standings[0])), known


def _lacked(standings: tuple[ReportedStanding, ...], names: Mapping[str, str], *, dated: bool) -> PartnerText:
    lacked = missing_words(standings, names, numbers=True)
    return fill("{} ({})", lacked, _when(standings[0])) if dated else lacked


def _when(standing: ReportedStanding) -> PartnerText:
    """Return since when a requirement is late, or by which day it is not."""
    last = standing.last_lawful_day
    if last is None:
        return NOTHING
    if standing.late:
        return fill("late since {}", words.written(last + timedelta(days=1)))
    return fill("last lawful day {}", words.written(last))


def _some(groups: Sequence[_Pressing], *, known: bool = False) -> PartnerText:
    """Return the first people; `known` says beside each what was not read since."""
    listed, left = [], NAMED
    for group in groups:
        names = group.names[:left]
        left -= len(names)
        if names:
            suffix = fill(" ({})", group.known) if known and group.known else NOTHING
            listed.append(joined("", (replace(group, names=names).words, suffix)))
    more = sum(len(group.names) for group in groups) - NAMED
    return joined("; ", (*listed, fill("and {} more", words.count(more, _PERSON, _PEOPLE)) if more > 0 else NOTHING))


def _overdue(report: GapReport, late: Sequence[_Pressing]) -> PartnerText:
    total = words.count(len(report.people), _PERSON, _PEOPLE)
    if not late:
        return fill("✓ Of {}, nobody is past a last lawful day.", total)
    number = sum(len(group.names) for group in late)
    verb = program("is") if number == 1 else program("are")
    start = fill("! Of {}, {} {} past the last lawful day.", total, number, verb)
    if len({group.known for group in late}) > 1:
        return fill("{} {}.", start, _some(late, known=True))
    known = fill(" ({})", late[0].known) if late[0].known else NOTHING
    return fill("{} {}{}.", start, _some(late), known)


def _call(report: GapReport, number: int) -> PartnerText:
    who = program("this person next works") if number == 1 else program("any of them next works")
    ask = program("whether this person may") if number == 1 else program("whether they may")
    call = fill(
        "Before {} at a school, call {} and ask {}; the district decides.", who, words.clean(report.contact), ask
    )
    rule = fill("The district’s own rule: {}", words.clean(report.own_rule)) if report.own_rule else NOTHING
    return joined(" ", (call, rule))


def _book(report: GapReport, sittings: Sequence[SittingLine]) -> PartnerText:
    if not sittings:
        return NOTHING
    ordered = sorted(sittings, key=lambda line: (not line.late, not line.pressing))
    pressing = sum(line.pressing or bool(line.late) for line in sittings)
    listed = ordered[: min(BOOKED, pressing or BOOKED)]
    left = words.count(len(sittings) - len(listed), _CLASS, _CLASSES)
    more = fill("and {} below", left) if len(sittings) > len(listed) else NOTHING
    each = joined("; ", (*(_booking(line) for line in listed), more))
    if pressing:
        return fill("Book at once (late or due soon): {}.", each)
    by = max(sittings[0].first - timedelta(days=1), report.as_of)
    return fill("Book by {}: {}.", words.written(by), each)


def _booking(line: SittingLine) -> PartnerText:
    return fill("{}, {}{}", line.what, line.when, fill(" ({})", line.late) if line.late else NOTHING)


def _waiting(report: GapReport) -> PartnerText:
    """Return what waits for the trainer, for HR and for the ESD."""
    claims = {claim.claim_id for person in report.people for s in person.requirements for claim in s.claims}
    number = sum(person.undecided for person in report.people) + len(claims)
    whose = [p.name for p in report.people if p.undecided or any(s.claims for s in p.requirements)]
    counted = words.count(number, _COMPLETION, _COMPLETIONS)
    waits = fill("{} not counted until the district decides ({})", counted, _below(whose))
    unknown = [person.name for person in report.people if person.state is State.UNDETERMINED]
    facts = fill("the district must record a fact about {}", _below(unknown))
    complete = sum(person.state is State.COMPLETE and person.doubted is None for person in report.people)
    ask = fill("{} complete: ask the ESD for the document", _are(complete))
    doubted = sum(person.state is State.COMPLETE and person.doubted is not None for person in report.people)
    doubts = fill("{} complete, in doubt: the district decides what counts", _are(doubted))
    listed = ((waits, number), (facts, len(unknown)), (doubts, doubted), (ask, complete))
    parts = [part for part, wanted in listed if wanted]
    return fill("Also: {}.", joined("; ", parts)) if parts else NOTHING


def _below(names: Sequence[PartnerText]) -> PartnerText:
    return named(names) if len(names) <= NAMED else fill("{}, named in the workbook", named(names))


def _are(number: int) -> PartnerText:
    verb = program("is") if number == 1 else program("are")
    return fill("{} {}", words.count(number, _PERSON, _PEOPLE), verb)
