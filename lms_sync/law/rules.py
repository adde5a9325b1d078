"""What the law makes of one person's evidence on one day. Pure: no today, nothing is read or written.

The numbers and the readings stand in series.toml. Source: RCW 28A.400.345 and 28A.310.515(4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from lms_sync.law.counting import tally
from lms_sync.law.days import due, last_lawful_day
from lms_sync.law.series import Component, Counts, Law, Version
from lms_sync.law.standing import Judgement, MetBy, PersonEvidence, StaffClock, Standing, State
from lms_sync.model.evidence import Claim, Credit, Documentation
from lms_sync.model.quickly_made import maker
from lms_sync.model.roster import StaffClass

NO_FIRST_DAY = (
    "The first day with students is not recorded. The district must record the first day on which the person worked"
    " on school property when students were expected to be present; the hire date is not used instead."
)
NO_CLASS = (
    "The class is not recorded. The district must record whether the person is a school resource officer, who decided"
    " it and when. Until then only what both classes require is listed."
)
_WHO_NEEDS = {
    StaffClass.SRO: "School resource officers",
    StaffClass.OTHER: "Staff who are not school resource officers",
}
DOCUMENT_DAY = "No training before the ESD's document is on file, so the document's date is used."

_CREDITS = MetBy.CREDITS
"""An enumeration is slow to be asked, and there are as many standings as trainings."""
_new_standing = maker(Standing)

Counted = TypeVar("Counted", Credit, Claim)


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """What one component asks of one person on the day judged, and the document that answers it."""

    component: Component
    need: int
    """Of each requirement."""
    due: date | None
    """None while the clock is not running or not known."""
    last_lawful_day: date | None
    as_of: date
    open: Mapping[str, Standing]
    """Requirement → the standing of somebody who has nothing toward it, in the law's order."""
    once: bool = False
    """True for topics, of which one sound training is enough."""
    document: Documentation | None = None


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The series in force on one day, ready to judge many people by."""

    series: Version
    as_of: date
    _asked: dict[tuple[StaffClass | None, date | None], tuple[ComponentRule, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What was worked out before, since many people are of one class and begin on one day."""

    @classmethod
    def of(cls, law: Law, as_of: date) -> "RulesInForce":
        """Return the rules in force on `as_of`. Raises: UsageError for a day before the first version."""
        return cls(law.on(as_of), as_of)

    def judge(self, clock: StaffClock, evidence: PersonEvidence) -> Judgement:
        """Return where a person stands; see `judge`."""
        as_of = self.as_of
        reasons, running = self._begun(clock)
        credits = _by_requirement(evidence.credits, as_of)
        claims = _by_requirement(evidence.claims, as_of)
        documents = [document for document in evidence.documents if document.day <= as_of]
        rules = self.asked(clock.staff_class, running)
        if documents:
            rules = tuple(replace(rule, document=_document(rule.component, documents)) for rule in rules)
        standings = tuple(standing for rule in rules for standing in _standings(rule, credits, claims))
        if reasons:
            state = State.UNDETERMINED
        elif running is None:
            state = State.NOT_STARTED
        else:
            state = _state(standings, rules)
        return Judgement(state, reasons, _noted(standings, clock, self.series))

    def running(self, clock: StaffClock) -> date | None:
        """Return the day on which a clock started that runs; None when it does not, or the roster does not tell."""
        return self._begun(clock)[1]

    def _begun(self, clock: StaffClock) -> tuple[tuple[str, ...], date | None]:
        """Return what the district must record before somebody can be judged, and the day from which a clock runs."""
        reasons, starts = _reasons(clock, self.series, as_of=self.as_of), clock_start(clock, self.series)
        return reasons, starts if starts and starts <= self.as_of and not reasons else None

    def asked(self, staff_class: StaffClass | None, starts: date | None) -> tuple[ComponentRule, ...]:
        """Return what is asked of people of a class whose clock runs from `starts` on, and is on file of none."""
        found = self._asked.get((staff_class, starts))
        if found is None:
            components = self.series.required(staff_class)
            found = tuple(_rule(component, staff_class, starts, as_of=self.as_of) for component in components)
            self._asked[staff_class, starts] = found
        return found


def judge(clock: StaffClock, evidence: PersonEvidence, *, as_of: date, law: Law) -> Judgement:
    """Return where a person stands on `as_of`, by the version of the series in force on that day.

    What is dated after `as_of` is left out; the order of the evidence makes no difference.

    Raises: UsageError for a day before the first version; ValueError for a document neither verified nor waived.
    """
    return RulesInForce.of(law, as_of).judge(clock, evidence)


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


def _by_requirement(counted: Iterable[Counted], as_of: date) -> dict[str, list[Counted]]:
    """Return requirement → what speaks for it, without what is dated after `as_of`."""
    found: dict[str, list[Counted]] = {}
    for credit_or_claim in counted:
        day = credit_or_claim.day
        if day is not None and day > as_of:
            continue
        requirement = credit_or_claim.requirement
        if requirement in found:
            found[requirement].append(credit_or_claim)
        else:
            found[requirement] = [credit_or_claim]
    return found


def _rule(component: Component, staff_class: StaffClass | None, starts: date | None, *, as_of: date) -> ComponentRule:
    need = component.need_of(staff_class)
    deadline = due(starts, component.months) if starts else None
    last = last_lawful_day(deadline) if deadline else None
    late = last is not None and as_of > last
    nothing = {
        requirement: Standing(requirement, component.id, need, 0, None, None, deadline, last, late, (), (), ())
        for requirement in component.requirements
    }
    once = component.counts is Counts.TOPICS and need == 1
    return ComponentRule(component, need, deadline, last, as_of, nothing, once)


def _standings(
    rule: ComponentRule, credits: Mapping[str, Sequence[Credit]], claims: Mapping[str, Sequence[Claim]]
) -> list[Standing]:
    """Return the standings of one component; most people have nothing toward most requirements."""
    if rule.document is None and not claims:
        return [
            standing_of(requirement, rule, credits[requirement], claims=()) if requirement in credits else nothing
            for requirement, nothing in rule.open.items()
        ]
    return [
        standing_of(requirement, rule, credits.get(requirement, ()), claims=claims.get(requirement, ()))
        for requirement in rule.open
    ]


def standing_of(
    requirement: str, rule: ComponentRule, credits: Sequence[Credit], *, claims: Sequence[Claim]
) -> Standing:
    """Return one standing. Most people have nothing toward a requirement, or one sound training in a topic."""
    if not claims and rule.document is None:
        if not credits:
            return rule.open[requirement]
        if len(credits) == 1 and rule.once:
            (credit,) = credits
            if credit.amount > 0 and not credit.waived and credit.doubted is None:
                return _trained_once(requirement, rule, credit)
    return weighed(requirement, rule, credits, claims=claims)


def _trained_once(requirement: str, rule: ComponentRule, credit: Credit) -> Standing:
    """Return the standing in a topic by one sound training, as `weighed` does."""
    day, last = credit.day, rule.last_lawful_day
    late = last is not None and day > last
    return _new_standing(requirement, rule.component.id, 1, 1, _CREDITS, day, rule.due, last, late, (credit,), (), ())


def weighed(requirement: str, rule: ComponentRule, credits: Sequence[Credit], *, claims: Sequence[Claim]) -> Standing:
    """Return one standing by any evidence, with since when it is met only with credits that are in doubt."""
    standing = _by(credits, requirement, rule, claims)
    if standing.open:
        return standing
    for since in sorted({credit.doubted for credit in standing.credits if credit.doubted}):
        sound = [credit for credit in credits if credit.doubted is None or credit.doubted > since]
        without = _by(sound, requirement, rule, claims)
        if (without.open or without.late) and (without.on, without.late) != (standing.on, standing.late):
            return replace(standing, doubted=since)
    return standing


def _by(credits: Sequence[Credit], requirement: str, rule: ComponentRule, claims: Sequence[Claim]) -> Standing:
    """Return the standing by these credits; the first day on which training or document met it tells whether late."""
    counted = tally(credits, rule.component.counts, need=rule.need)
    document, last = rule.document, rule.last_lawful_day
    first = min(counted.met_on or rule.as_of, document.day if document else rule.as_of)
    late = last is not None and first > last
    untold = late and document is not None and (counted.met_on is None or document.day < counted.met_on)
    return Standing(
        requirement=requirement,
        component=rule.component.id,
        need=rule.need,
        have=counted.have,
        met_by=MetBy(document.kind) if document else counted.met_by,
        on=document.day if document else counted.met_on,
        due=rule.due,
        last_lawful_day=last,
        late=late,
        credits=counted.credits,
        claims=_in_order(claims),
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


def _state(standings: Iterable[Standing], rules: Iterable[ComponentRule]) -> State:
    """Return the state of a person whose clock runs: the strongest that is true."""
    if all(rule.document for rule in rules):
        return State.DOCUMENTED
    missing = [standing for standing in standings if standing.met_by is None]
    if not missing:
        return State.COMPLETE
    return State.OVERDUE if any(standing.late for standing in missing) else State.ON_PLAN


def _noted(standings: tuple[Standing, ...], clock: StaffClock, series: Version) -> tuple[Standing, ...]:
    """Return the standings; without a class, with a note on the last one of what only one class requires."""
    if clock.staff_class is not None or not standings:
        return standings
    notes = [
        f"The class is not recorded. {_WHO_NEEDS[staff_class]} also need {number} {component.name}."
        for component in series.components
        for staff_class, number in component.need.items()
        if number > component.need_of(None)
    ]
    last = standings[-1]
    return (*standings[:-1], replace(last, notes=(*last.notes, *notes)))
