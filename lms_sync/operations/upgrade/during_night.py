"""A night's part in an upgrade: look before and after the pull, keep what changed, remember tonight's standings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.cleaning.once import clean_once
from lms_sync.operations.upgrade import rule_versions, standings
from lms_sync.operations.upgrade.decide import keep
from lms_sync.operations.upgrade.reread import read_otherwise, read_under_another_key
from lms_sync.operations.upgrade.status import judged_anew, read_anew
from lms_sync.reports.issuer import Issuer
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

PLACES_NAMED = 5
"""So many places a line names; the others are counted."""


@dataclass(frozen=True, slots=True)
class BeforePull:
    """What was so when the last night ended, where the rules of reading are others than that night's."""

    completions: tuple[Completion, ...]
    learners: tuple[PseudonymousLearner, ...]
    files: frozenset[str]
    """sha256 of every file that had been read by then."""


def keep_judged_anew(workspace: Workspace, *, now: datetime) -> RuleChange | None:
    """Keep what new rules of matching and judging change by the same facts, and return it; None for nothing."""
    store = workspace.store
    change = judged_anew(store, workspace.pseudonyms, zone=workspace.zone)
    with store.transaction():
        keep(store, change, now=now)
    return change


def rules_of_reading_changed(store: Store) -> bool:
    """Tell whether the next night reads all files anew: its rules of reading are not those of the last one."""
    changed = "reading" in rule_versions.changed(rule_versions.recorded(store), rule_versions.present())
    return changed and store.runs.last_finished("nightly") is not None


def look_before(workspace: Workspace, *, now: datetime) -> BeforePull | None:
    """Keep what new rules of matching and judging change, and clean what earlier versions stored.

    Return what the pull is to be compared with.

    None where the rules of reading are those of the last night, or there was none.
    """
    store = workspace.store
    keep_judged_anew(workspace, now=now)
    clean_once(workspace, now=workspace.clock())
    names = rule_versions.changed(rule_versions.recorded(store), rule_versions.present())
    ended = store.runs.last_finished("nightly")
    if "reading" not in names or ended is None:
        return None
    # As known then: `pull` may have read something by the new rules since.
    completions = store.evidence.completions(known_at=ended)
    sources = {completion.source for completion in completions}
    read = ((sha, at) for source in sources for sha, at in store.evidence.first_read(source).items())
    files = frozenset(sha for sha, at in read if at <= ended)
    return BeforePull(completions, store.evidence.learners(ended), files)


def look_after(
    workspace: Workspace, before: BeforePull | None, issuer: Issuer, *, now: datetime
) -> RuleChange | None:
    """Keep what new rules of reading changed, and return it; None for nothing."""
    if before is None:
        return None
    store, judged = workspace.store, issuer.judged
    completions = store.evidence.completions()
    items: dict[str, set[str]] = {}
    for completion in read_otherwise(before.completions, completions, known_files=before.files):
        items.setdefault(str(completion.origin), set()).update({_owner(judged, completion)} - {""})
    items |= _credited_otherwise(before, issuer, completions)
    change = read_anew(items, as_of=judged.as_of)
    with store.transaction():
        keep(store, change, now=now)
    return change


def _credited_otherwise(before: BeforePull, issuer: Issuer, completions: Iterable[Completion]) -> dict[str, set[str]]:
    """Return line → Person IDs of what has got another owner because learners have other keys now."""
    renamed = read_under_another_key(before.completions, completions)
    if not renamed:
        return {}
    then = replace(issuer.snapshot, completions=before.completions, learners=before.learners)
    was = judge_roster(then, issuer.pseudonyms, as_of=issuer.judged.as_of)
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for old, new in renamed:
        owners = _owner(was, old), _owner(issuer.judged, new)
        if owners[0] != owners[1]:
            places[owners].append(str(new.origin))
    return {_line(*owners, found): set(filter(None, owners)) for owners, found in places.items()}


def _line(was: str, now: str, places: Sequence[str]) -> str:
    more = f" and {len(places) - PLACES_NAMED} more" if len(places) > PLACES_NAMED else ""
    where = "; ".join(places[:PLACES_NAMED]) + more
    return f"credited to {now or 'nobody'}, before to {was or 'nobody'}: {where}"


def _owner(judged: Judged, completion: Completion) -> str:
    """Return the Person ID of whom a completion is credited to; empty for nobody."""
    match = judged.matches.get((completion.source, completion.learner.key))
    return match.person_id if match else ""


def remember(workspace: Workspace, judged: Judged, before: Mapping[str, str], *, now: datetime) -> None:
    """Make tonight's rules and standings those that a later night compares with; the caller holds the transaction.

    `before` are the standings of the last night, as they are kept.
    """
    rule_versions.record(workspace.store, now=now)
    standings.record(workspace.store, judged, before, now=now)
