"""A person's plan → lines that say when, what, where, at which fee, and what it closes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedDay, PlannedSitting
from lms_sync.reports import words

_COMPONENT_ORDER = ("on-the-job", "check-in")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One sitting, or the proposed days for one component."""

    first: date
    """The day by which lines are ordered."""
    when: str
    what: str
    details: str
    """Provider, place, fee, hours, seats; for proposed days what they need."""
    closes: str
    """`topics 1–4, 7`, or the component."""
    late: bool
    """True when it closes something after its due date."""
    link: str
    """An http or https address to sign up at; empty when there is none."""


def plan_lines(plan: PersonPlan) -> tuple[PlanLine, ...]:
    """Return the plan's lines by date."""
    sittings = [_sitting_line(sitting) for sitting in plan.sittings]
    groups = groupby(sorted(plan.days, key=_day_order), key=lambda planned: (planned.requirement, planned.late))
    days = [_days_line(tuple(group)) for _, group in groups]
    return tuple(sorted(sittings + days, key=lambda line: line.first))


def sign_up(plan: PersonPlan | None, requirements: frozenset[str]) -> str:
    """Return the plan's first step toward any of `requirements`, in one sentence."""
    if plan is None:
        return "Nothing is planned yet."
    steps = [
        (sitting.starts or sitting.ends, f"Next: {sitting_when(sitting)}, {words.clean(sitting.title)}.")
        for sitting in plan.sittings
        if requirements.intersection(sitting.closes)
    ]
    steps += [
        (planned.on, f"Next: {words.written(planned.on)} (proposed).")
        for planned in plan.days
        if planned.requirement in requirements
    ]
    return min(steps)[1] if steps else "No offering closes this yet."


def sitting_when(sitting: PlannedSitting) -> str:
    """Return when a sitting takes place; for a self-paced one the day to finish by, or at once where that is past."""
    if sitting.self_paced and sitting.late:
        return f"at once, from {words.written(sitting.starts)} on" if sitting.starts else "at once, on any day"
    if sitting.self_paced or sitting.starts is None:
        return f"any day, finish by {words.written(sitting.ends)}"
    return words.span(sitting.starts, sitting.ends)


def hours_words(hours: Decimal | None) -> str:
    """Return `6 hours`, `1.5 hours`, `1 hour`; empty when not known."""
    if hours is None:
        return ""
    number = f"{hours.normalize():f}"
    return f"{number} hour" if number == "1" else f"{number} hours"


def closes_words(requirements: tuple[str, ...]) -> str:
    """Return what is closed: `topics 1–4, 7`, `topic 3`, with other components by their names."""
    numbers = [int(name.removeprefix("topic-")) for name in requirements if name.startswith("topic-")]
    others = [words.COMPONENT_WORDS[name][1] for name in requirements if not name.startswith("topic-")]
    topics = [f"{'topic' if len(numbers) == 1 else 'topics'} {words.number_ranges(numbers)}"] if numbers else []
    return ", ".join(topics + others)


def web_link(link: str) -> str:
    """Return the link when it is an http or https address, else nothing: no other scheme is ever made clickable."""
    address = link.strip()
    return address if address.lower().startswith(("https://", "http://")) and len(address.split()) == 1 else ""


def _sitting_line(sitting: PlannedSitting) -> PlanLine:
    seats = f"seats: {words.clean(sitting.seats)}" if sitting.seats else ""
    details = (
        words.clean(sitting.provider),
        words.clean(sitting.place),
        words.money(sitting.fee),
        hours_words(sitting.hours),
        seats,
    )
    return PlanLine(
        first=sitting.starts or sitting.ends,
        when=sitting_when(sitting),
        what=words.clean(sitting.title),
        details=", ".join(part for part in details if part),
        closes=closes_words(sitting.closes),
        late=bool(sitting.late),
        link=web_link(sitting.link),
    )


def _day_order(planned: PlannedDay) -> tuple[int, bool, date]:
    return (_COMPONENT_ORDER.index(planned.requirement), planned.late, planned.on)


def _days_line(days: tuple[PlannedDay, ...]) -> PlanLine:
    one, several = words.COMPONENT_WORDS[days[0].requirement]
    where = " at their school" if days[0].requirement == "on-the-job" else ""
    return PlanLine(
        first=days[0].on,
        when=", ".join(words.written(day.on) for day in days),
        what=words.count(len(days), one, several),
        details=f"proposed dates, with experienced safety and security staff{where}",
        closes=several,
        late=days[0].late,
        link="",
    )
