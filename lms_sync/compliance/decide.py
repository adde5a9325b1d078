"""Decide a claim: a person accepts it as evidence, or refuses it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.evidence import ClaimReason
from lms_sync.model.evidence import claim_id as claim_id_of
from lms_sync.model.finding import FORMER_DIGITS, Area, ClaimDecision, Finding, OpenFinding
from lms_sync.model.log import DecisionKind
from lms_sync.model.second_person import SecondAct
from lms_sync.store.known.people_decided import claim_decisions
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.known.undated import undated_claims
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day

_FIRST_YEAR = 2001
"""Twenty years before the act, as of what partners report: an earlier one is mistyped."""


def decide_claim(
    workspace: Workspace, author: Author, *, claim_id: str, accepted: bool, training_day: date | None = None
) -> ClaimDecision:
    """Accept or refuse a claim that waits or was decided before; it leaves the worklist.

    Raises: UsageError for what is neither on the worklist nor decided, for a finding that is no claim, and where a
    claim without a day is accepted without one, or a day named that can't be or that the source gives.
    """
    store = workspace.store
    with store.transaction():
        waiting = {open_finding.finding.id: open_finding for open_finding in store.findings.open()}
        decided = claim_decisions(store.findings, store.facts)
        before = decided.get(claim_id) or decided.get(claim_id[:FORMER_DIGITS])
        _expect_claim(claim_id, waiting, decided=before is not None)
        if accepted and not author.second:
            _expect_no_waiver(workspace, claim_id)
        if accepted:
            _expect_day(store, claim_id, training_day, today=workspace.day(author.at))
        name = before.person_name if before else _name_of(store, waiting[claim_id].finding)
        decision = ClaimDecision(claim_id, accepted, author.reason, author.by, workspace.day(author.at), name)
        decision = replace(decision, training_day=training_day) if accepted else decision
        store.findings.decide(decision, now=author.at)
        if claim_id in waiting:
            store.findings.clear(claim_id, now=author.at)
        was = _plain(before) if before else None
        store.audit.add(DecisionKind.CLAIM, claim_id, author, before=was, after=_plain(decision))
    return decision


def _expect_day(store: Store, claim: str, day: date | None, *, today: date) -> None:
    """Refuse to accept a claim without a day where nobody says when the training was: the decision's own is none."""
    undated = any(other.startswith(claim) for other in undated_claims(store))  # an earlier version's id is shorter
    if day is None:
        if undated:
            raise UsageError(
                f"{claim}: the source gives no day, and what is accepted counts from the day of the training",
                hint="Name the day that the document shows in --day. Where it shows none, ask for it, or refuse.",
            )
    elif not undated:
        raise UsageError(f"{claim}: the source gives the day itself", hint="Leave --day out; that day counts.")
    elif day > today:
        raise UsageError(f"{written_day(day)} is a day in the future", hint="Correct --day.")
    elif day.year < _FIRST_YEAR:
        raise UsageError(f"{written_day(day)} is long before the law", hint="Correct --day.")


def _expect_no_waiver(workspace: Workspace, claim: str) -> None:
    """Refuse to waive by one person's word where the settings ask for two; a document is filed with a second."""
    if SecondAct.WAIVE not in workspace.config.settings.web.second_person.acts:
        return
    same = (c for c in workspace.store.evidence.completions() if claim_id_of(c) == claim)
    if any(completion.claim is ClaimReason.WAIVER for completion in same):
        raise UsageError(
            f"{claim}: the source says waived, and a waiver needs a second, signed-in person ([web.second_person])",
            hint="File the ESD's document of it (`lms-sync documents add`): somebody else approves that at the desk.",
        )


def _name_of(store: Store, claim: Finding) -> str:
    """Return the name on the roster of the person whose claim it is."""
    people = read_roster(store).people
    return next((people[person_id].name for person_id in claim.people if person_id in people), "")


def _expect_claim(claim_id: str, waiting: Mapping[str, OpenFinding], *, decided: bool) -> None:
    found = waiting.get(claim_id)
    if found is not None and found.finding.area is not Area.CLAIM:
        raise UsageError(f"{claim_id} is no claim: {found.finding.found}", hint=found.finding.remedy)
    if found is None and not decided:
        claims = [claim for claim, other in waiting.items() if other.finding.area is Area.CLAIM]
        where = "`lms-sync worklist` shows the ids." if claims else "No claim waits for a decision."
        raise UsageError(f"{claim_id} is not on the worklist", hint=where)


def _plain(decision: ClaimDecision) -> dict[str, str]:
    verdict = "accepted" if decision.accepted else "refused"
    about = {"reason": decision.reason, "person_name": decision.person_name}
    about |= {"training_day": decision.training_day.isoformat()} if decision.training_day else {}
    return {"verdict": verdict, "decided_on": decision.decided_on.isoformat(), **about}
