"""What a chief reads on a phone: at most five lines, the most pressing first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.law.standing import State
from lms_sync.reports import words
from lms_sync.reports.missing import Urgency, missing_words, urgency
from lms_sync.reports.partner.as_known import as_known
from lms_sync.reports.partner.sittings import SittingLine
from lms_sync.reports.partner.warning import warning_lines

NAMED = 6
"""More people than this are counted in a line; the groups below name them."""
BOOKED = 2
"""So many sittings are told in the line about what to book."""

_PERSON, _PEOPLE = program("person"), program("people")
_COMPLETION, _COMPLETIONS = program("completion"), program("completions")


def brief(report: GapReport, names: Mapping[str, str], sittings: Sequence[SittingLine]) -> tuple[PartnerText, ...]:
    """Return who is past a last lawful day for what, whom to call, what to book, what is due soon, what waits."""
    late = _pressing(report, names, wanted="overdue")
    soon = _pressing(report, names, wanted="soon")
    lines = (_overdue(report, late), _call(report) if late else NOTHING, _book(report, sittings))
    near = fill("Due within {} days: {}.", report.due_soon_days, _some(soon)) if soon else NOTHING
    return tuple(line for line in (*lines, joined(" ", (_reminder(report, names), near)), _waiting(report)) if line)


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
    """Return the first last lawful day, `topics 1, 10, since 1 Sep 2026` (or `by …`), and what was not read since."""
    days = [standing.last_lawful_day or date.max for standing in standings]
    several = len(set(days)) > 1
    parts = (tuple(part) for _, part in groupby(standings, key=lambda s: (s.component, s.last_lawful_day)))
    lacked = joined(", ", (_lacked(part, names, dated=several) for part in parts))
    known = as_known(standings, report)
    return min(days), lacked if several else fill("{}, {}", lacked, _when(standings[0])), known


def _lacked(standings: tuple[ReportedStanding, ...], names: Mapping[str, str], *, dated: bool) -> PartnerText:
    lacked = missing_words(standings, names, numbers=True)
    return fill("{} {}", lacked, _when(standings[0])) if dated else lacked


def _when(standing: ReportedStanding) -> PartnerText:
    """Return since when a requirement is late, or by which day it is not."""
    last = standing.last_lawful_day
    if last is None:
        return NOTHING
    if standing.late:
        return fill("since {}", words.written(last + timedelta(days=1)))
    return fill("by {}", words.written(last))


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
    return joined("; ", (*listed, fill("and {} more", more) if more > 0 else NOTHING))


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


def _call(report: GapReport) -> PartnerText:
    if report.own_rule:
        rule = fill("The district’s own rule: {}", words.clean(report.own_rule))
    else:
        rule = program("Whether they work in a school meanwhile is for the district to decide.")
    return fill("Before such a person’s next school day, call: {}. {}", words.clean(report.contact), rule)


def _book(report: GapReport, sittings: Sequence[SittingLine]) -> PartnerText:
    if not sittings:
        return NOTHING
    each = [
        fill("{}, {} ({})", line.what, line.when, words.count(len(line.names), _PERSON, _PEOPLE)) for line in sittings
    ]
    more = fill("and {} more below", len(each) - BOOKED) if len(each) > BOOKED else NOTHING
    first = sittings[0].first
    by = first - timedelta(days=1)
    day = fill("by {}", words.written(by)) if by > report.as_of else program("at once")
    return fill("Book {}: {}.", day, joined("; ", (*each[:BOOKED], more)))


def _waiting(report: GapReport) -> PartnerText:
    """Return what waits for the trainer, for HR and for the ESD."""
    undecided = sum(person.undecided for person in report.people)
    claims = len({claim.claim_id for person in report.people for s in person.requirements for claim in s.claims})
    number = undecided + claims
    waits = fill("{} not counted until the district decides", words.count(number, _COMPLETION, _COMPLETIONS))
    unknown = sum(person.state is State.UNDETERMINED for person in report.people)
    facts = fill("the district must record a fact about {}", words.count(unknown, _PERSON, _PEOPLE))
    complete = sum(person.state is State.COMPLETE and person.doubted is None for person in report.people)
    ask = fill("{} complete: ask the ESD for the document", _are(complete))
    doubted = sum(person.state is State.COMPLETE and person.doubted is not None for person in report.people)
    doubts = fill("{} complete, in doubt: the district decides what counts", _are(doubted))
    listed = ((waits, number), (facts, unknown), (doubts, doubted), (ask, complete))
    parts = [part for part, wanted in listed if wanted]
    return fill("Also: {}.", joined("; ", parts)) if parts else NOTHING


def _are(number: int) -> PartnerText:
    verb = program("is") if number == 1 else program("are")
    return fill("{} {}", words.count(number, _PERSON, _PEOPLE), verb)
