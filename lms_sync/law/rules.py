"""What the law makes of one person's evidence on one day. Pure: no today, nothing is read or written.

The numbers and the readings stand in series.toml. Source: RCW 28A.400.345 and 28A.310.515(4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from lms_sync.law.counting import tally
from lms_sync.law.days import due, last_lawful_day
from lms_sync.law.series import Component, Law, Version
from lms_sync.law.standing import Judgement, MetBy, PersonEvidence, StaffClock, Standing, State
from lms_sync.model.evidence import Claim, Credit, Documentation
from lms_sync.model.roster import StaffClass

NO_FIRST_DAY = (
    "The first day with students is not recorded. The district must record the first day on which the person worked"
    " on school property when students were expected to be present; the hire date is not used instead."
)
NO_CLASS = (
    "The class is not recorded. The district must record whether the person is a school resource officer, who decided"
    " it and when. Until then only what both classes require is listed."
)
DOCUMENT_DAY = "No training before the ESD's document is on file, so the document's date is used."

Counted = TypeVar("Counted", Credit, Claim)


@dataclass(frozen=True, slots=True)
class _Case:
    """One person on the day judged."""

    series: Version
    staff_class: StaffClass | None
    starts: date | None
    """When the clock started; None while it is not running or not known."""
    credits: Mapping[str, Sequence[Credit]]
    """By requirement; nothing in it, nor in what follows, is later than `as_of`."""
    claims: Mapping[str, Sequence[Claim]]
    documents: Sequence[Documentation]
    as_of: date


@dataclass(frozen=True, slots=True)
class _ComponentRule:
    """What one component asks of one person, and the document that answers it."""

    component: Component
    need: int
    """Of each requirement."""
    due: date | None
    last_lawful_day: date | None
    document: Documentation | None


def judge(clock: StaffClock, evidence: PersonEvidence, *, as_of: date, law: Law) -> Judgement:
    """Return where a person stands on `as_of`, by the version of the series in force on that day.

    What is dated after `as_of` is left out; the order of the evidence makes no difference.

    Raises: UsageError for a day before the first version; ValueError for a document neither verified nor waived.
    """
    series = law.on(as_of)
    starts = clock_start(clock, series)
    reasons = _reasons(clock, series, as_of=as_of)
    running = starts if starts and starts <= as_of and not reasons else None
    until = _until(as_of, evidence)
    counted = _by_requirement(until.credits), _by_requirement(until.claims)
    case = _Case(series, clock.staff_class, running, *counted, until.documents, as_of)
    standings = tuple(s for component in series.required(case.staff_class) for s in _standings(component, case))
    if reasons:
        state = State.UNDETERMINED
    elif running is None:
        state = State.NOT_STARTED
    else:
        state = _state(standings, case)
    return Judgement(state, reasons, _noted(standings, case))


def clock_start(clock: StaffClock, series: Version) -> date | None:
    """Return the day on which the clock starts; None when the roster does not tell."""
    if clock.first_day is None:
        return None
    if series.transition_for(clock.first_day) is None:
        return clock.first_day
    return clock.decision.starts if clock.decision else None


def _reasons(clock: StaffClock, series: Version, *, as_of: date) -> tuple[str, ...]:
    """Return what the district must record, and why; nothing while the first day is still to come."""
    if clock.first_day is not None and clock.first_day > as_of:
        return ()
    reasons = []
    if clock.first_day is None:
        reasons.append(NO_FIRST_DAY)
    elif clock_start(clock, series) is None and (transition := series.transition_for(clock.first_day)):
        reasons.append(transition.sentence)
    if clock.staff_class is None:
        reasons.append(NO_CLASS)
    return tuple(reasons)


def _until(as_of: date, evidence: PersonEvidence) -> PersonEvidence:
    return PersonEvidence(
        tuple(credit for credit in evidence.credits if credit.day <= as_of),
        tuple(claim for claim in evidence.claims if claim.day is None or claim.day <= as_of),
        tuple(document for document in evidence.documents if document.day <= as_of),
    )


def _by_requirement(counted: Iterable[Counted]) -> dict[str, list[Counted]]:
    found: dict[str, list[Counted]] = {}
    for credit_or_claim in counted:
        found.setdefault(credit_or_claim.requirement, []).append(credit_or_claim)
    return found


def _standings(component: Component, case: _Case) -> list[Standing]:
    deadline = due(case.starts, component.months) if case.starts else None
    asked = _ComponentRule(
        component,
        component.need_of(case.staff_class),
        deadline,
        last_lawful_day(deadline) if deadline else None,
        _document(component, case.documents),
    )
    return [_standing(requirement, asked, case) for requirement in component.requirements]


def _standing(requirement: str, asked: _ComponentRule, case: _Case) -> Standing:
    """Return one standing, with since when it is met only with credits that are in doubt."""
    credits = case.credits.get(requirement, ())
    standing = _by(credits, requirement, asked, case)
    if standing.open:
        return standing
    for since in sorted({credit.doubted for credit in standing.credits if credit.doubted}):
        sound = [credit for credit in credits if credit.doubted is None or credit.doubted > since]
        without = _by(sound, requirement, asked, case)
        if (without.open or without.late) and (without.on, without.late) != (standing.on, standing.late):
            return replace(standing, doubted=since)
    return standing


def _by(credits: Sequence[Credit], requirement: str, asked: _ComponentRule, case: _Case) -> Standing:
    """Return the standing by these credits; the first day on which training or document met it tells whether late."""
    counted = tally(credits, asked.component.counts, need=asked.need)
    document, last = asked.document, asked.last_lawful_day
    first = min(counted.met_on or case.as_of, document.day if document else case.as_of)
    late = last is not None and first > last
    untold = late and document is not None and (counted.met_on is None or document.day < counted.met_on)
    return Standing(
        requirement=requirement,
        component=asked.component.id,
        need=asked.need,
        have=counted.have,
        met_by=MetBy(document.kind) if document else counted.met_by,
        on=document.day if document else counted.met_on,
        due=asked.due,
        last_lawful_day=last,
        late=late,
        credits=counted.credits,
        claims=_in_order(case.claims.get(requirement, ())),
        notes=(*counted.notes, DOCUMENT_DAY) if untold else counted.notes,
    )


def _in_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    if not claims:
        return ()
    return tuple(sorted(claims, key=lambda c: (c.day or date.max, c.source, c.record, c.claim_id, c.reason)))


def _document(component: Component, documents: Iterable[Documentation]) -> Documentation | None:
    """Return the component's first document; of several of one day a verified one."""
    documentations = [document for document in documents if document.component == component.id]
    return min(documentations, key=lambda d: (d.day, d.kind != MetBy.VERIFIED), default=None)


def _state(standings: Iterable[Standing], case: _Case) -> State:
    """Return the state of a person whose clock runs: the strongest that is true."""
    documented = {document.component for document in case.documents}
    if documented.issuperset(component.id for component in case.series.required(case.staff_class)):
        return State.DOCUMENTED
    missing = [standing for standing in standings if standing.open]
    if not missing:
        return State.COMPLETE
    return State.OVERDUE if any(standing.late for standing in missing) else State.ON_PLAN


def _noted(standings: tuple[Standing, ...], case: _Case) -> tuple[Standing, ...]:
    """Return the standings; without a class, with a note on the last one of what only one class requires."""
    if case.staff_class is not None or not standings:
        return standings
    notes = [
        f"The class is not recorded: class {staff_class} also needs {number} {component.name}."
        for component in case.series.components
        for staff_class, number in component.need.items()
        if number > component.need_of(None)
    ]
    last = standings[-1]
    return (*standings[:-1], replace(last, notes=(*last.notes, *notes)))
