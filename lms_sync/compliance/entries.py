"""A person's completions → what each counts for and how, or why it does not. Pure.

The law judges requirement by requirement and forgets what does not count; a person who is told to train again asks
for just that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from lms_sync.compliance.build import WHY_A_CLAIM
from lms_sync.compliance.credits import Claimed, Credited, NotCounted, NotCountedReason, TeachesNone, Unmapped
from lms_sync.compliance.gate import (
    NOTHING,
    Gate,
    PartnerText,
    fill,
    joined,
    law_text,
    map_cell,
    program,
    reason_of_hr,
)
from lms_sync.compliance.judge_person import MappedCompletion
from lms_sync.law.series import Counts
from lms_sync.law.standing import Standing
from lms_sync.model.evidence import Claim, ClaimReason, Completion, Credit, claim_id
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.roster import StaffClass

ON_THE_JOB = "on-the-job"
UNDECIDED = program("The district's trainer decides what it teaches.")


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One completion, and what the judgement made of it for some requirements."""

    requirements: tuple[str, ...]
    """In the order of the series; empty where the map tells of none."""
    day: date | None
    title: PartnerText
    source: PartnerText
    record: PartnerText
    """The record's key as the store holds it: with `source` its identity."""
    origin: PartnerText
    """File, sheet and cell, as far as the reader may know them."""
    why: PartnerText
    """A sentence's end: how it counts (may be empty), or why it does not."""
    remedy: PartnerText = NOTHING
    """What would change that; empty for what counts."""
    decision: ClaimDecision | None = None
    """The decision that accepted or refused the claim, where there is one."""


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What an entry of one person is made by."""

    as_of: date
    staff_class: StaffClass | None
    required: tuple[str, ...]
    counting: frozenset[tuple[str, str, str, date]]
    """(requirement, source, record, day) of every credit that counts."""
    decisions: Mapping[str, ClaimDecision]
    gate: Gate
    scans: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """(source, file) → the ids of the scans that are filed with it."""


@dataclass(frozen=True, slots=True)
class _EntryState:
    """What became of a completion for some requirements."""

    why: PartnerText
    remedy: PartnerText = NOTHING
    requirements: tuple[str, ...] = ()
    title: PartnerText = NOTHING
    """By the map; empty where it tells none."""
    decision: ClaimDecision | None = None


def counting(standings: Iterable[Standing], counts: Mapping[str, Counts]) -> frozenset[tuple[str, str, str, date]]:
    """Return (requirement, source, record, day) of every credit that counts; `counts` is by component."""
    return frozenset(
        (standing.requirement, credit.source, credit.record, credit.day)
        for standing in standings
        for credit in _that_count(standing.credits, counts[standing.component])
    )


def _that_count(credits: Sequence[Credit], counts: Counts) -> list[Credit]:
    """Return what is counted of credits, oldest first. Source: series.toml, two-dates and check-ins-of-one-date."""
    if counts is Counts.TOPICS:
        return list(credits)
    largest: dict[date, Credit] = {}
    for credit in credits:
        before = largest.get(credit.day)
        if not credit.waived and (before is None or credit.amount > before.amount):
            largest[credit.day] = credit
    return [credit for credit in credits if credit.waived or largest[credit.day] is credit]


def counted(outcomes: Iterable[MappedCompletion], case: EntryContext) -> tuple[RecordEntry, ...]:
    """Return what counts, oldest first: a completion once for all requirements toward which it counts in one way."""
    return _by_day(entry for outcome in outcomes for entry in _counted(outcome, case))


def uncounted(outcomes: Iterable[MappedCompletion], case: EntryContext) -> tuple[RecordEntry, ...]:
    """Return what does not count, oldest first, without a day last: a completion once for each reason."""
    return _by_day(
        _entry(outcome.completion, verdict, gate=case.gate)
        for outcome in outcomes
        for verdict in _uncounted(outcome, case)
    )


def _by_day(entries: Iterable[RecordEntry]) -> tuple[RecordEntry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.day or date.max, e.title, e.source, e.record, e.why)))


def _counted(outcome: MappedCompletion, case: EntryContext) -> Iterator[RecordEntry]:
    if not isinstance(outcome.mapped, Credited):
        return
    ways: dict[tuple[PartnerText, ClaimDecision | None], list[Credit]] = {}
    for credit in outcome.mapped.credits:
        if (credit.requirement, credit.source, credit.record, credit.day) in case.counting:
            way = _how(credit, outcome.completion, case=case), _acceptance(credit, outcome.completion, case=case)
            ways.setdefault(way, []).append(credit)
    for (how, decision), credits in ways.items():
        requirements = tuple(credit.requirement for credit in credits)
        verdict = _EntryState(how, requirements=requirements, title=case.gate.title(credits[0]), decision=decision)
        yield replace(_entry(outcome.completion, verdict, gate=case.gate), day=credits[0].day)


def _acceptance(credit: Credit, completion: Completion, *, case: EntryContext) -> ClaimDecision | None:
    """Return the decision that made a claim count; None for what needed none."""
    needed = completion.claim is not None or credit.requirement == ON_THE_JOB
    decision = case.decisions.get(claim_id(completion)) if needed else None
    return decision if decision and decision.accepted else None


def _how(credit: Credit, completion: Completion, *, case: EntryContext) -> PartnerText:
    """Return how a credit counts, where there is more to say than its day."""
    parts = [
        fill("counts as {}", credit.amount) if credit.amount > 1 else NOTHING,
        *_of_class(completion, case),
        fill("host school: {}", case.gate.school(credit.host_school)) if credit.host_school else NOTHING,
        program("experienced officer: recorded") if credit.experienced_officer else NOTHING,
        program("counted as a waiver") if credit.waived else NOTHING,
        _without_day(completion, case),
    ]
    return joined("; ", parts)


def _of_class(completion: Completion, case: EntryContext) -> Iterator[PartnerText]:
    """Yield what a source tells of the class itself, as a hearing asks for it."""
    attributes = dict(completion.attributes)
    if hours := attributes.get("hours", ""):
        yield fill("hours: {}", case.gate.hours(hours))
    if instructor := attributes.get("instructor", ""):
        yield fill("instructor: {}", case.gate.taught(instructor))
    if place := attributes.get("place", ""):
        yield fill("place: {}", case.gate.taught(place))
    if filed := case.scans.get((completion.source, completion.origin.file)):
        yield fill("scan of the sheet on file: {}", case.gate.record(", ".join(filed)))


def _without_day(completion: Completion, case: EntryContext) -> PartnerText:
    """Return whose day it is that counts, where the source gives none."""
    if completion.day is not None:
        return NOTHING
    decision = case.decisions.get(claim_id(completion))
    return _DAY_NAMED if decision and decision.training_day else _DAY_OF_DECISION


_DAY_NAMED = program("the source gives no day; who accepted it named this one")
_DAY_OF_DECISION = program("the source gives no day, so the day of the decision is used")


def _uncounted(outcome: MappedCompletion, case: EntryContext) -> Iterator[_EntryState]:
    match outcome.mapped:
        case Credited(credits, claims):
            yield from _idle(credits, case)
            yield from _claimed(claims, case)
        case Claimed(claims):
            yield from _claimed(claims, case)
        case Unmapped():
            yield _EntryState(program("the course map has no row for the course"), UNDECIDED)
        case TeachesNone(cell):
            yield _EntryState(fill(_NONE, map_cell(cell)), program("Show the district what the course teaches."))
        case NotCounted(reason, cell):
            why = fill("{} ({} of the course map)", law_text(reason.value), map_cell(cell))
            yield _EntryState(why, _NOT_COUNTED[reason])
        case never:
            assert_never(never)


_NONE = "the course was reviewed and teaches none of the required training ({} of the course map)"
_NOT_COUNTED = {
    NotCountedReason.UNDECIDED: UNDECIDED,
    NotCountedReason.OUTSIDE_DATES: program("If the day is wrong, send the certificate."),
    NotCountedReason.UNDER_SCORE: program("If the score is wrong, send the certificate."),
    NotCountedReason.NO_SCORE: program("Send a certificate that states the score."),
}


def _idle(credits: Iterable[Credit], case: EntryContext) -> Iterator[_EntryState]:
    """Yield the verdicts on credits that do not count on the day judged."""
    reasons: dict[tuple[PartnerText, PartnerText], list[Credit]] = {}
    for credit in credits:
        if (credit.requirement, credit.source, credit.record, credit.day) not in case.counting:
            reasons.setdefault(_why_idle(credit, case), []).append(credit)
    for (why, remedy), idle in reasons.items():
        yield _EntryState(why, remedy, tuple(credit.requirement for credit in idle), case.gate.title(idle[0]))


def _why_idle(credit: Credit, case: EntryContext) -> tuple[PartnerText, PartnerText]:
    """Return why a credit does not count, and what would change that."""
    if credit.day > case.as_of:
        return program("its day is after the day judged"), program("It counts from its day on, if the day is right.")
    if credit.requirement not in case.required:
        whose = (
            fill("class {}", law_text(case.staff_class.value))
            if case.staff_class
            else program("a person without a recorded class")
        )
        why = fill("{} is not required of {}", law_text(credit.requirement), whose)
        return why, program("If the class is wrong, dispute the class.")
    if credit.amount < 1:
        return program("the course map says that it counts as none"), program(
            "Show the district what the training was."
        )
    records = {counting[:3] for counting in case.counting}
    if (credit.requirement, credit.source, credit.record) in records:
        return _BEFORE, program("If it was another day of training, please let us know.")
    return _SAME_DAY, program("If the date is wrong, please let us know.")


_BEFORE = program("it was done before, and the earlier day counts")
_SAME_DAY = program("another entry of the same day counts, and of one day only one does")


def _claimed(claims: Sequence[Claim], case: EntryContext) -> Iterator[_EntryState]:
    if not claims:
        return
    decision = case.decisions.get(claims[0].claim_id)
    why = fill("it {}", WHY_A_CLAIM[ClaimReason(claims[0].reason)])
    claim = case.gate.record(claims[0].claim_id)
    remedy = fill("Send the certificate, sign-in sheet or letter, and name claim {}.", claim)
    if decision is None:
        why = fill("{}; the district has not decided yet", why)
    title = case.gate.title(claims[0])
    yield _EntryState(why, remedy, tuple(claim.requirement for claim in claims), title, decision)


_UNMAPPED = program("a course that the map does not have")


def _entry(completion: Completion, state: _EntryState, *, gate: Gate) -> RecordEntry:
    decision = state.decision
    if decision:
        decision = replace(decision, reason=reason_of_hr(decision.reason))
    return RecordEntry(
        requirements=state.requirements,
        day=completion.day,
        title=state.title
        or gate.read_as(completion, instead=program("a course that the district has not decided on")),
        source=gate.source(completion.source),
        record=gate.record(completion.record),
        origin=gate.origin(completion.source, completion.origin),
        why=state.why,
        remedy=state.remedy,
        decision=decision,
    )
