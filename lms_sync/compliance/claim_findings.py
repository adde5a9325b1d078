"""What HR must look at of one person: claims, completions on days to come, what nobody can judge. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from lms_sync.law.rules import NO_CLASS
from lms_sync.law.standing import Judgement, State
from lms_sync.model.course_map import requirement_words
from lms_sync.model.doubt import Doubt, DoubtCause
from lms_sync.model.evidence import Claim, ClaimReason, Completion, claim_id
from lms_sync.model.finding import Area, ClaimDecision, Finding
from lms_sync.model.roster import Person
from lms_sync.text import command_line, days_written, written_day

_WHY = {
    ClaimReason.WAIVER.value: "the source says waived or exempt",
    ClaimReason.NO_DATE.value: "the source gives no date",
    ClaimReason.NO_HOST.value: "no host school is named, or no experienced officer other than the person",
    ClaimReason.NO_HOURS.value: "it took 0 hours",
}
"""Why a completion is a claim, as a sentence; other reasons are one."""


def future_finding(completion: Completion) -> Finding:
    """Return the finding of a completion on a day to come."""
    return Finding(
        Area.ROW,
        "future-day",
        where=str(completion.origin),
        found=f"“{completion.course_title or completion.course}” completed on {written_day(completion.day)},"
        " a day in the future",
        expected="a day that has passed",
        remedy="Ask the source for the right day; it counts for nothing until the day has come.",
        source=completion.source,
        subject=f"record {completion.record}",
    )


def claim_finding(
    claims: Sequence[Claim], person: Person, completion: Completion, *, doubt: Doubt | None = None
) -> Finding:
    """Return the finding of a completion that counts once a person accepts it.

    `doubt` is what the source says of it now, where it no longer says so.
    """
    first = claims[0]
    title = f"“{first.title}”, {written_day(first.day)}" if first.day else f"“{first.title}”"
    toward = requirement_words(claim.requirement for claim in claims)
    return Finding(
        Area.CLAIM,
        "claim",
        where=first.origin,
        found=f"{person.name} ({person.person_id}): {title}: {_WHY.get(first.reason, first.reason)}"
        + _attributes(completion)
        + (_says_now(doubt) if doubt and doubt.cause is DoubtCause.NOT_DONE else ""),
        expected=f"a person's decision whether it counts toward {toward}",
        remedy=f"{_accepted(first.claim_id, dated=first.day is not None)} (or refuse)",
        people=(person.person_id,),
        source=first.source,
        handle=first.claim_id,
    )


def _accepted(claim: str, *, dated: bool) -> str:
    """Return the command that accepts a claim; where the source gives no day, the person must name it."""
    if dated:
        return command_line("worklist accept", claim, reason=...)
    return command_line("worklist accept", claim, day="YYYY-MM-DD", reason=...)


def unsaid_day(decisions: Mapping[str, ClaimDecision], person: Person, completion: Completion) -> Iterator[Finding]:
    """Yield the finding of a claim without a day that an earlier version accepted without asking for one."""
    decision = decisions[claim_id(completion)]
    if decision.training_day:
        return
    yield Finding(
        Area.CLAIM,
        "claim-day",
        where=str(completion.origin),
        found=f"{person.name} ({person.person_id}): “{completion.course_title or completion.course}” was accepted"
        f" without a day, and counts as done on {written_day(decision.decided_on)}, the day of the decision",
        expected="the day of the training, by which it is in time or late",
        remedy=f"{_accepted(decision.claim_id, dated=False)} with the day that the document shows (or refuse).",
        people=(person.person_id,),
        source=completion.source,
        handle=decision.claim_id,
    )


def _says_now(doubt: Doubt) -> str:
    """Return that the source has taken back what it claimed, for the person who decides about the claim."""
    word = f"“{doubt.status}”" if doubt.status else "that it is not done"
    return f"; since {written_day(doubt.since)} the source says {word}"


def _attributes(completion: Completion) -> str:
    """Return what a claim tells besides, for the person who decides: the days that it may be, who reported it."""
    attributes = dict(completion.attributes)
    if completion.claim is ClaimReason.DAY_UNSURE:
        days = days_written(" or ".join(attributes["possible_days"].split(", ")))
        return f" ({days}; if it is accepted, the last of them counts)"
    if completion.claim is not ClaimReason.CORRECTION:
        return ""
    names = {"provider": "provider ", "certificate": "certificate ", "host_school": "host school "}
    names = {"reported_by": "by ", "sender": ""} | names | {"enclosed": "with it, among the documents: "}
    return f" ({'; '.join(f'{word}{attributes[name]}' for name, word in names.items() if name in attributes)})"


def undetermined_findings(person: Person, judgement: Judgement) -> list[Finding]:
    """Return what the roster must tell of somebody before anybody can say what is due when."""
    if judgement.state is not State.UNDETERMINED:
        return []
    return [
        Finding(
            Area.PERSON,
            "undetermined",
            where=f"roster, person {person.person_id}",
            found=f"{person.name}: {reason}",
            expected="a class and a day on which the clock started",
            remedy="Record it in the roster with who decided and when; until then no due date is known.",
            people=(person.person_id,),
            subject=f"person {person.person_id}, {'class' if reason == NO_CLASS else 'first day'}",
        )
        for reason in judgement.reasons
    ]
