"""Decide what is kept: purge what is old enough, hold what must not go, lift a hold.

Each act opens its own transaction, and logs what it did.
"""

from collections.abc import Collection
from datetime import date

from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.model.agreement import Hold
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.second_person import SecondAct
from lms_sync.operations.retention.apply import carry_out, counts_of
from lms_sync.operations.retention.cutoff import beginning
from lms_sync.operations.retention.leavers import EVERYTHING
from lms_sync.operations.retention.plan import PurgePlan, plan_purge
from lms_sync.operations.retention.record import Purge
from lms_sync.operations.retention.survey import survey
from lms_sync.store.known.differences import read_differences
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import did_you_mean_id, written_day


def planned_purge(workspace: Workspace, cutoff: date) -> PurgePlan:
    """Return what a purge of all from before `cutoff` would take, and what stays and why."""
    cutoff_at = beginning(cutoff, workspace.zone)
    vault = open_vault(*workspace.config.kept_files)
    found = survey(workspace.store, workspace.pseudonyms, vault=vault, cutoff=cutoff, cutoff_at=cutoff_at)
    return plan_purge(found, cutoff=cutoff, cutoff_at=cutoff_at)


def purge(workspace: Workspace, author: Author, *, plan: PurgePlan) -> Purge:
    """Do what the plan says, all of it or nothing, and return the record of it.

    Raises: UsageError for a plan that takes nothing, and while the log and the database differ.
    """
    if read_differences(workspace.store):
        raise UsageError(
            "the log of decisions and the database differ, and nobody has decided which is right",
            hint="`lms-sync worklist` shows where (log-differs, log-broken); until then nothing is purged.",
        )
    if plan.empty:
        raise UsageError(
            f"there is nothing to purge from before {written_day(plan.cutoff)}",
            hint="Name a later day with --older-than.",
        )
    workspace.expect_second(author, SecondAct.PURGE)
    done = Purge(plan.cutoff, plan.cutoff_at, workspace.day(author.at), author.by, author.reason, counts_of(plan))
    carry_out(workspace.store, plan, done, vault=open_vault(*workspace.config.kept_files), author=author)
    return done


def add_hold(workspace: Workspace, author: Author, *, subject: str) -> Hold:
    """Record that nothing about `subject` may be purged from now on.

    Raises: UsageError for a subject that nothing is known of, and for one that is held already.
    """
    store = workspace.store
    with store.transaction():
        named = _known(subject, _subjects(store))
        before = HOLDS.read(store).get(named)
        if before is not None:
            raise UsageError(
                f"{named} is held already: {before.set_by}, {written_day(before.set_on)}: {before.reason}",
                hint="It stays so until `lms-sync hold lift`.",
            )
        hold = Hold(named, author.reason, author.by, workspace.day(author.at))
        HOLDS.put(store, named, hold, now=author.at)
        store.audit.add(DecisionKind.HOLD, named, author, before=None, after=HOLDS.plain(hold))
    return hold


def lift_hold(workspace: Workspace, author: Author, *, subject: str) -> Hold:
    """Record that a hold ends, and return it as it was. Raises: UsageError when there is none."""
    store = workspace.store
    with store.transaction():
        holds = HOLDS.read(store)
        named = _same(subject, holds)
        if named is None:
            raise UsageError(
                f"{subject}: there is no such hold",
                hint=f"{did_you_mean_id(subject, holds)}`lms-sync hold list` shows what is held.",
            )
        HOLDS.end(store, named, now=author.at)
        store.audit.add(DecisionKind.HOLD, named, author, before=HOLDS.plain(holds[named]), after=None)
    return holds[named]


def _subjects(store: Store) -> frozenset[str]:
    """Return what can be held: every Person ID and Agreement ID that was ever on the roster, and everything."""
    known = {fact_version.key for kind in ("person", "agreement") for fact_version in store.facts.history(kind)}
    return frozenset(known | {EVERYTHING})


def _known(subject: str, subjects: Collection[str]) -> str:
    named = _same(subject, subjects)
    if named is None:
        raise UsageError(
            f"{subject}: neither a Person ID nor an Agreement ID that was ever on the roster",
            hint=f"{did_you_mean_id(subject, subjects)}`{EVERYTHING}` holds all that there is.",
        )
    return named


def _same(subject: str, among: Collection[str]) -> str | None:
    """Return the one of `among` that `subject` names, in any case where it is not exactly one of them."""
    wanted = subject.strip()
    folded = [name for name in among if name.casefold() == wanted.casefold()]
    return wanted if wanted in among else folded[0] if len(folded) == 1 else None
