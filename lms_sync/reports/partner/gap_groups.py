"""Gaps that several people have alike → one group: what is missing, what closes it, by when each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedSitting
from lms_sync.reports import words
from lms_sync.reports.missing import (
    Urgency,
    due_words,
    missing_words,
    requirement_words,
    settling_words,
    signed_up_words,
    urgency,
)
from lms_sync.reports.partner.as_known import as_known
from lms_sync.reports.partner.planned import calendar_words, sitting_when, web_link
from lms_sync.reports.partner.to_arrange import RANK, named, whom_to_ask

TOPICS = range(1, 14)
MOST_CLASSES = 4
"""More classes than this are not named again beside a gap: “Classes to book” and the plan name them."""
Gap = tuple[PersonGaps, tuple[ReportedStanding, ...], PersonPlan | None]
"""One person, what the person lacks of one component, and the person's plan."""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One person of a group."""

    name: PartnerText
    when: PartnerText
    """The last lawful day in words, what is signed up for, what was not read since, which days are proposed."""
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class TakenClass:
    """One class, as the people of a group take it."""

    what: PartnerText
    """What it is, when, and for whom that is too late."""
    late: bool
    """True where it is too late for any of them."""


@dataclass(frozen=True, slots=True)
class GapGroup:
    """People who lack the same of one component, and what closes it for them."""

    title: PartnerText
    """`3 classroom topics: …`, or `7 people lack the same 3 classroom topics: …`."""
    closed_by: PartnerText
    """`One class covers all of it: De-escalation (14 Jan 2027).`; what no class covers is said."""
    links: tuple[tuple[PartnerText, PartnerText], ...]
    """(title, http or https address) to sign up at."""
    members: tuple[GroupMember, ...]
    """The earliest last lawful day first."""
    left_out: int = 0
    """Members that are not shown."""

    @property
    def urgency(self) -> Urgency:
        """Return how pressing it is for the member who is pressed most."""
        return min((member.urgency for member in self.members), key=RANK.__getitem__)


def gap_groups(
    report: GapReport,
    plans: Mapping[PartnerText, PersonPlan],
    names: Mapping[str, str],
    *,
    in_full: Iterable[PartnerText],
) -> tuple[GapGroup, ...]:
    """Return the groups, the most pressing first; who is not told `in_full` (Person IDs) is counted only."""
    grouped: dict[object, list[Gap]] = {}
    for gap in _gaps(report, plans):
        grouped.setdefault(_alike(gap), []).append(gap)
    listed = frozenset(in_full)
    groups = [_group(sorted(gaps, key=_last_day), report, names, listed) for gaps in grouped.values()]
    dated = [
        (_last_day(min(gaps, key=_last_day)), group) for gaps, group in zip(grouped.values(), groups, strict=True)
    ]
    listed_groups = [(day, group) for day, group in dated if group.members]
    return tuple(group for _, group in sorted(listed_groups, key=lambda pair: (RANK[pair[1].urgency], pair[0])))


def _gaps(report: GapReport, plans: Mapping[PartnerText, PersonPlan]) -> Iterable[Gap]:
    for person in report.people:
        for component in dict.fromkeys(standing.component for standing in person.open):
            standings = tuple(standing for standing in person.open if standing.component == component)
            yield person, standings, plans.get(person.person_id)


def _alike(gap: Gap) -> object:
    """Return what people of one group have in common: what they lack, and what closes it."""
    _, standings, plan = gap
    lacks = tuple((standing.requirement, standing.need - standing.have) for standing in standings)
    sittings = tuple((s.offering_id, s.closes) for s in _sittings(plan, standings))
    return lacks, plan is None, sittings, plan and (_of(plan.unclosed, lacks), _of(plan.settling, lacks))


def _of(requirements: Sequence[PartnerText], lacks: Sequence[tuple[PartnerText, int]]) -> tuple[PartnerText, ...]:
    return tuple(requirement for requirement in requirements if requirement in dict(lacks))


def _sittings(plan: PersonPlan | None, standings: Iterable[ReportedStanding]) -> tuple[PlannedSitting, ...]:
    lacked = {standing.requirement for standing in standings}
    return tuple(sitting for sitting in plan.sittings if lacked & set(sitting.closes)) if plan else ()


def _last_day(gap: Gap) -> date:
    return min(standing.last_lawful_day or date.max for standing in gap[1])


def _group(
    gaps: Sequence[Gap], report: GapReport, names: Mapping[str, str], listed: frozenset[PartnerText]
) -> GapGroup:
    _, standings, plan = gaps[0]
    lacked = missing_words(standings, names)
    sittings = _sittings(plan, standings)
    members = tuple(_member(gap, report, names) for gap in gaps if gap[0].person_id in listed)
    several = _several(standings, len(gaps), lacked)
    return GapGroup(
        title=several if len(gaps) > 1 else lacked,
        closed_by=_closed_by(standings, _classes_of(gaps), plan, report, names),
        links=tuple((words.clean(s.title), link) for s in sittings if (link := web_link(s.link))),
        members=members,
        left_out=len(gaps) - len(members),
    )


def _several(standings: Sequence[ReportedStanding], number: int, lacked: PartnerText) -> PartnerText:
    """Return the title of a group of several people."""
    if standings[0].component == "classroom" and len(standings) < len(TOPICS):
        return fill("{} people lack the same {}", number, lacked)
    if standings[0].component != "classroom" and standings[0].have:
        return fill("For each of {} people: {}", number, lacked)
    return fill("{} people lack {}", number, lacked)


def _member(gap: Gap, report: GapReport, names: Mapping[str, str]) -> GroupMember:
    person, standings, plan = gap
    first = min(standings, key=lambda standing: standing.last_lawful_day or date.max)
    booked = [(standing.requirement, sign_up) for standing in standings for sign_up in standing.signed_up]
    due, known = due_words(first), as_known(standings, report)
    signed_up = signed_up_words(booked, names)
    parts = (due, fill(" ({})", known) if known else NOTHING, signed_up, _waits(person, standings))
    return GroupMember(
        name=words.clean(person.name),
        when=joined("", (*parts, _days(plan, standings))),
        urgency=urgency(first, report),
    )


def _waits(person: PersonGaps, standings: Sequence[ReportedStanding]) -> PartnerText:
    """Return how many completions may close the gap once the trainer or HR has decided."""
    claims = len({claim.claim_id for standing in standings for claim in standing.claims})
    courses = person.undecided if standings[0].component == "classroom" else 0
    undecided = fill("; {} read, the course not decided yet", _completions(courses)) if courses else NOTHING
    return joined("", (undecided, fill("; {} to be accepted by HR", _completions(claims)) if claims else NOTHING))


def _completions(number: int) -> PartnerText:
    return words.count(number, program("completion"), program("completions"))


def _days(plan: PersonPlan | None, standings: Sequence[ReportedStanding]) -> PartnerText:
    """Return the days that are proposed for on-the-job training or check-ins."""
    lacked = {standing.requirement for standing in standings}
    days = [day for day in (plan.days if plan else ()) if day.requirement in lacked]
    known = calendar_words(days)
    listed = joined(", ", (words.written(day.on) for day in days))
    return fill("; proposed: {}{}", listed, fill(" ({})", known) if known else NOTHING) if days else NOTHING


def _closed_by(
    standings: Sequence[ReportedStanding],
    classes: Sequence[TakenClass],
    plan: PersonPlan | None,
    report: GapReport,
    names: Mapping[str, str],
) -> PartnerText:
    if plan is None:
        return program("Nothing is planned yet.")
    lacked = {standing.requirement for standing in standings}
    unclosed = tuple(requirement for requirement in plan.unclosed if requirement in lacked)
    settling = tuple(requirement for requirement in plan.settling if requirement in lacked)
    parts = [_classes(classes, whole=not (unclosed or settling))] if classes else []
    if unclosed:
        nothing = fill("No class covers {} yet.", requirement_words(unclosed, names))
        parts.append(joined(" ", (nothing, whom_to_ask(report))))
    if settling:
        parts.append(settling_words(settling, names))
    if standings[0].component != "classroom":
        parts.append(_WITH_EXPERIENCED_STAFF)
    return joined(" ", parts)


_WITH_EXPERIENCED_STAFF = program(
    "With experienced safety and security staff. Dates are proposed, not arranged: agree them with the school;"
    " they may be moved within the deadline."
)


def _classes(classes: Sequence[TakenClass], *, whole: bool) -> PartnerText:
    if len(classes) > MOST_CLASSES:
        late = sum(each.late for each in classes)
        which = program("all of them") if late == len(classes) else fill("{} of them", late)
        after = fill(", {} after the due date", which) if late else NOTHING
        return fill(
            "{} classes cover {}{}: see “Classes to book” and the plan.",
            len(classes),
            _ALL if whole else _THE_REST,
            after,
        )
    each = joined("; ", (taken.what for taken in classes))
    if len(classes) == 1:
        return fill("One class covers {}: {}.", _ALL if whole else _THE_REST, each)
    return fill("{} classes cover {}: {}.", len(classes), _ALL if whole else _THE_REST, each)


_ALL, _THE_REST = program("all of it"), program("part of it")


def _classes_of(gaps: Sequence[Gap]) -> tuple[TakenClass, ...]:
    """Return the classes that close what the people of a group lack, who take the same ones."""
    people = [person.name for person, _, _ in gaps]
    taken = zip(*(_sittings(plan, standings) for _, standings, plan in gaps), strict=True)
    return tuple(_class(sittings, people) for sittings in taken)


def _class(sittings: Sequence[PlannedSitting], people: Sequence[PartnerText]) -> TakenClass:
    """Return one class, as each of these people takes it, when it is, and for whom that is too late."""
    late = [name for name, sitting in zip(people, sittings, strict=True) if sitting.late]
    after = program("after the due date") if late else NOTHING
    if late and len(late) < len(people):
        after = fill("after the due date of {}", named(late))
    whens = tuple(dict.fromkeys(map(sitting_when, sittings)))
    when = whens[0] if len(whens) == 1 else _OWN_DAYS
    return TakenClass(fill("{} ({})", words.clean(sittings[0].title), joined(", ", (when, after))), late=bool(late))


_OWN_DAYS = program("any day; the day to finish by differs, see “Classes to book”")
"""Of a class without days of its own: the day to finish by is each person's own."""
