"""A person's plan → lines that say when, what, where, at which fee, and what it closes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from lms_sync.compliance.gap_report import PersonGaps
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedDay, PlannedSitting
from lms_sync.law.standing import State
from lms_sync.reports import words

SETTLING = program("The district is still settling a sitting.")
"""Instead of *no class covers it*, where one does of which nobody has said yet who may take it."""
PROPOSED = program("proposed, not arranged: agree the dates with the school")
"""What is said of dates of on-the-job days and check-ins."""
OWN_FEE = program("your own class: fee as you set it")
_COMPONENT_ORDER = ("on-the-job", "check-in")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One sitting, or the proposed days for one component."""

    first: date
    """The day by which lines are ordered."""
    when: PartnerText
    what: PartnerText
    details: PartnerText
    """Provider, place, fee, hours, seats; for proposed days what they need."""
    closes: PartnerText
    """`topics 1–4, 7`, or the component."""
    late: bool
    """True when it closes something after its due date."""
    link: PartnerText
    """An http or https address to sign up at; empty when there is none."""
    note: PartnerText = NOTHING
    """From which proposed date on the school calendar is not known."""
    proposed: bool = False
    """True for proposed days, of which `what` says already what they close."""


def plan_lines(plan: PersonPlan) -> tuple[PlanLine, ...]:
    """Return the plan's lines by date."""
    sittings = [_sitting_line(sitting) for sitting in plan.sittings]
    groups = groupby(sorted(plan.days, key=_day_order), key=lambda planned: (planned.requirement, planned.late))
    days = [_days_line(tuple(group)) for _, group in groups]
    return tuple(sorted(sittings + days, key=lambda line: line.first))


def sign_up(plan: PersonPlan | None, requirements: Collection[str]) -> PartnerText:
    """Return the plan's first step toward any of `requirements`, in one sentence."""
    if plan is None:
        return program("Nothing is planned yet.")
    steps = [
        (sitting.starts or sitting.ends, fill("Next: {}, {}.", sitting_when(sitting), words.clean(sitting.title)))
        for sitting in plan.sittings
        if set(requirements).intersection(sitting.closes)
    ]
    steps += [
        (planned.on, fill("Next: {} (proposed).", words.written(planned.on)))
        for planned in plan.days
        if planned.requirement in requirements
    ]
    if steps:
        return min(steps)[1]
    return SETTLING if set(requirements).intersection(plan.settling) else program("No class covers this yet.")


def planned_state(person: PersonGaps, plan: PersonPlan | None) -> PartnerText:
    """Return a person's state, and beside it that the plan does not keep a due date or leaves something open."""
    state = words.state_words(person.state, person.doubted)
    if plan is None or person.state is State.OVERDUE:
        return state
    late = any(sitting.late for sitting in plan.sittings) or any(day.late for day in plan.days)
    return joined(
        ", ",
        (
            state,
            program("but the plan does not keep a due date") if late else NOTHING,
            _NOT_COVERED[late] if plan.unclosed else NOTHING,
        ),
    )


_NOT_COVERED = {
    False: program("but no class covers all of it yet"),
    True: program("and no class covers all of it yet"),
}


def sitting_when(sitting: PlannedSitting) -> PartnerText:
    """Return when a sitting takes place; for a self-paced one the day to finish by, or at once where that is past."""
    if sitting.self_paced and sitting.late:
        if sitting.starts:
            return fill("at once, from {} on", words.written(sitting.starts))
        return program("at once, on any day")
    if sitting.self_paced or sitting.starts is None:
        return fill("any day, finish by {}", words.written(sitting.ends))
    return words.span(sitting.starts, sitting.ends)


def hours_words(hours: Decimal | None) -> PartnerText:
    """Return `6 hours`, `1.5 hours`, `1 hour`; empty when not known."""
    if hours is None:
        return NOTHING
    return fill("{:f} hour" if hours == 1 else "{:f} hours", hours.normalize())


def closes_words(requirements: Sequence[str]) -> PartnerText:
    """Return what is closed: `topics 1–4, 7`, `topic 3`, with other components by their names."""
    numbers = [int(name.removeprefix("topic-")) for name in requirements if name.startswith("topic-")]
    others = [words.COMPONENT_WORDS[name][1] for name in requirements if not name.startswith("topic-")]
    ranges = words.number_ranges(numbers)
    topics = [fill("topic {}" if len(numbers) == 1 else "topics {}", ranges)] if numbers else []
    return joined(", ", topics + others)


def web_link(link: PartnerText) -> PartnerText:
    """Return the link when it is an http or https address, else nothing: no other scheme is ever made clickable."""
    address = words.clean(link)
    return address if address.lower().startswith(("https://", "http://")) and len(address.split()) == 1 else NOTHING


def sitting_details(sitting: PlannedSitting) -> PartnerText:
    """Return provider, place, fee, hours and seats, as far as they are known."""
    seats = fill("seats: {}", sitting.seats) if sitting.seats is not None else NOTHING
    provider, place = words.clean(sitting.provider), words.clean(sitting.place)
    whose = NOTHING if place.startswith(provider) else provider
    fee = OWN_FEE if sitting.own and sitting.fee is None else words.money(sitting.fee)
    return joined(", ", (whose, place, fee, hours_words(sitting.hours), seats))


def _sitting_line(sitting: PlannedSitting) -> PlanLine:
    return PlanLine(
        first=sitting.starts or sitting.ends,
        when=sitting_when(sitting),
        what=words.clean(sitting.title),
        details=sitting_details(sitting),
        closes=closes_words(sitting.closes),
        late=bool(sitting.late),
        link=web_link(sitting.link),
    )


def _day_order(planned: PlannedDay) -> tuple[int, bool, date]:
    return (_COMPONENT_ORDER.index(planned.requirement), planned.late, planned.on)


def _days_line(days: tuple[PlannedDay, ...]) -> PlanLine:
    singular, several = words.COMPONENT_WORDS[days[0].requirement]
    where = program(" at their school") if days[0].requirement == "on-the-job" else NOTHING
    return PlanLine(
        first=days[0].on,
        when=joined(", ", (words.written(day.on) for day in days)),
        what=words.count(len(days), singular, several),
        details=joined(
            "; ",
            (fill("{}, with experienced safety and security staff{}", PROPOSED, where), calendar_words(days)),
        ),
        closes=several,
        late=days[0].late,
        link=NOTHING,
        note=calendar_words(days),
        proposed=True,
    )


def calendar_words(days: Sequence[PlannedDay]) -> PartnerText:
    """Return from which of the dates on the school calendar is not known yet; empty where it is for all."""
    unknown = [day.on for day in days if not day.calendar_known]
    if not unknown:
        return NOTHING
    if len(unknown) == len(days):
        return _SUBJECT
    return fill("from {} on {}", words.written(unknown[0]), _SUBJECT)


_SUBJECT = program("subject to the school calendar")
