"""A person's completions → what each counts for and how, or why it does not. Pure.

The law judges requirement by requirement and forgets what does not count; a person who is told to train again asks
for just that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lms_sync.compliance.build import WHY_A_CLAIM
from lms_sync.compliance.credits import Claimed, Credited, NotCounted, NotCountedReason, TeachesNone, Unmapped
from lms_sync.compliance.judge import MappedCompletion
from lms_sync.compliance.withhold import Withholder
from lms_sync.law.series import Counts
from lms_sync.law.standing import Standing
from lms_sync.model.evidence import Claim, ClaimReason, Completion, Credit, claim_id
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.roster import StaffClass

ON_THE_JOB = "on-the-job"
UNDECIDED = "The district's trainer decides what it teaches."


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One completion, and what the judgement made of it for some requirements."""

    requirements: tuple[str, ...]
    """In the order of the series; empty where the map tells of none."""
    day: date | None
    title: str
    source: str
    record: str
    """The record's key as the store holds it: with `source` its identity."""
    origin: str
    """File, sheet and cell; or URL and item."""
    why: str
    """A sentence's end: how it counts (may be empty), or why it does not."""
    remedy: str = ""
    """What would change that; empty for what counts."""
    decision: ClaimDecision | None = None
    """The decision that accepted or refused the claim, where there is one."""


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What an entry of one person is made by."""

    as_of: date
    staff_class: StaffClass | None
    required: tuple[str, ...]
    counting: frozenset[tuple[str, str, str]]
    """(requirement, source, record) of every credit that counts."""
    decisions: Mapping[str, ClaimDecision]
    keep: Withholder


@dataclass(frozen=True, slots=True)
class _EntryState:
    """What became of a completion for some requirements."""

    why: str
    remedy: str = ""
    requirements: tuple[str, ...] = ()
    title: str = ""
    """By the map; empty where it tells none."""
    decision: ClaimDecision | None = None


def counting(standings: Iterable[Standing], counts: Mapping[str, Counts]) -> frozenset[tuple[str, str, str]]:
    """Return (requirement, source, record) of every credit that counts; `counts` is by component."""
    return frozenset(
        (standing.requirement, credit.source, credit.record)
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
        _entry(outcome.completion, verdict, keep=case.keep)
        for outcome in outcomes
        for verdict in _uncounted(outcome, case)
    )


def _by_day(entries: Iterable[RecordEntry]) -> tuple[RecordEntry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.day or date.max, e.title, e.source, e.record, e.why)))


def _counted(outcome: MappedCompletion, case: EntryContext) -> Iterator[RecordEntry]:
    if not isinstance(outcome.mapped, Credited):
        return
    ways: dict[tuple[str, ClaimDecision | None], list[Credit]] = {}
    for credit in outcome.mapped.credits:
        if (credit.requirement, credit.source, credit.record) in case.counting:
            way = _how(credit, outcome.completion, case=case), _acceptance(credit, outcome.completion, case=case)
            ways.setdefault(way, []).append(credit)
    for (how, decision), credits in ways.items():
        requirements = tuple(credit.requirement for credit in credits)
        verdict = _EntryState(how, requirements=requirements, title=credits[0].title, decision=decision)
        yield replace(_entry(outcome.completion, verdict, keep=case.keep), day=credits[0].day)


def _acceptance(credit: Credit, completion: Completion, *, case: EntryContext) -> ClaimDecision | None:
    """Return the decision that made a claim count; None for what needed none."""
    needed = completion.claim is not None or credit.requirement == ON_THE_JOB
    decision = case.decisions.get(claim_id(completion)) if needed else None
    return decision if decision and decision.accepted else None


def _how(credit: Credit, completion: Completion, *, case: EntryContext) -> str:
    """Return how a credit counts, where there is more to say than its day."""
    said = [
        f"stands for {credit.amount}" if credit.amount > 1 else "",
        f"host school: {case.keep.school(credit.host_school)}" if credit.host_school else "",
        "experienced officer: recorded" if credit.experienced_officer else "",
        "counted as a waiver" if credit.waived else "",
        "the source tells no day, so the decision's day stands for it" if completion.day is None else "",
    ]
    return "; ".join(part for part in said if part)


def _uncounted(outcome: MappedCompletion, case: EntryContext) -> Iterator[_EntryState]:
    match outcome.mapped:
        case Credited(credits, claims):
            yield from _idle(credits, case)
            yield from _claimed(claims, case)
        case Claimed(claims):
            yield from _claimed(claims, case)
        case Unmapped():
            yield _EntryState("the course map has no row for the course", UNDECIDED)
        case TeachesNone(cell):
            why = f"the course was reviewed and teaches none of the required training ({cell} of the course map)"
            yield _EntryState(why, "Show the district what the course teaches.")
        case NotCounted(reason, cell):
            yield _EntryState(f"{reason.value} ({cell} of the course map)", _NOT_COUNTED[reason])
        case never:
            assert_never(never)


_NOT_COUNTED = {
    NotCountedReason.UNDECIDED: UNDECIDED,
    NotCountedReason.OUTSIDE_DATES: "If the day is wrong, send the certificate.",
    NotCountedReason.UNDER_SCORE: "If the score is wrong, send the certificate.",
    NotCountedReason.NO_SCORE: "Send a certificate that states the score.",
}


def _idle(credits: Iterable[Credit], case: EntryContext) -> Iterator[_EntryState]:
    """Yield the verdicts on credits that do not count on the day judged."""
    reasons: dict[tuple[str, str], list[Credit]] = {}
    for credit in credits:
        if (credit.requirement, credit.source, credit.record) not in case.counting:
            reasons.setdefault(_why_idle(credit, case), []).append(credit)
    for (why, remedy), idle in reasons.items():
        yield _EntryState(why, remedy, tuple(credit.requirement for credit in idle), idle[0].title)


def _why_idle(credit: Credit, case: EntryContext) -> tuple[str, str]:
    """Return why a credit does not count, and what would change that."""
    if credit.day > case.as_of:
        return "its day is after the day judged", "It counts from its day on, if the day is right."
    if credit.requirement not in case.required:
        whose = f"class {case.staff_class.value}" if case.staff_class else "a person without a recorded class"
        return f"{credit.requirement} is not required of {whose}", "If the class is wrong, dispute the class."
    if credit.amount < 1:
        return "the course map says that it stands for none", "Show the district what the training was."
    return "another entry of the same day counts, and of one day only one does", "If the day is wrong, say so."


def _claimed(claims: Sequence[Claim], case: EntryContext) -> Iterator[_EntryState]:
    if not claims:
        return
    decision = case.decisions.get(claims[0].claim_id)
    why = f"it {WHY_A_CLAIM[ClaimReason(claims[0].reason)]}"
    remedy = f"Send the certificate, sign-in sheet or letter, and name claim {claims[0].claim_id}."
    if decision is None:
        why += "; the district has not decided yet"
    yield _EntryState(why, remedy, tuple(claim.requirement for claim in claims), claims[0].title, decision)


def _entry(completion: Completion, verdict: _EntryState, *, keep: Withholder) -> RecordEntry:
    course = completion.course_title or completion.course
    decision = verdict.decision
    if decision:
        reason = keep.safe(decision.reason, "the reason is on file with the district")
        decision = replace(decision, reason=reason)
    as_read = " / ".join(filter(None, (course, completion.unit_title or completion.unit)))
    return RecordEntry(
        requirements=verdict.requirements,
        day=completion.day,
        title=keep.safe(verdict.title or as_read, "a course of another organisation"),
        source=keep.safe(completion.source, "another source"),
        record=completion.record,
        origin=keep.place(str(completion.origin)),
        why=verdict.why,
        remedy=verdict.remedy,
        decision=decision,
    )
