"""A night's part in an upgrade: look before and after the pull, keep what changed, remember tonight's standings."""

from dataclasses import dataclass
from datetime import datetime

from lms_sync.compliance.judge import Judged
from lms_sync.model.evidence import Completion
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.upgrade import rules, standings
from lms_sync.operations.upgrade.decide import keep
from lms_sync.operations.upgrade.reread import read_otherwise
from lms_sync.operations.upgrade.status import judged_anew, read_anew
from lms_sync.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class BeforePull:
    """What was so before tonight's pull, where the rules of reading are others than the last night's."""

    completions: tuple[Completion, ...]
    files: frozenset[str]
    """sha256 of every file ever read."""


def keep_judged_anew(workspace: Workspace, *, now: datetime) -> RuleChange | None:
    """Keep what new rules of matching and judging change by the same facts, and return it; None for nothing."""
    store = workspace.store
    change = judged_anew(store, workspace.pseudonyms, zone=workspace.zone)
    with store.transaction():
        keep(store, change, now=now)
    return change


def look_before(workspace: Workspace, *, now: datetime) -> BeforePull | None:
    """Keep what new rules of matching and judging change; return what the pull is to be compared with.

    None where the rules of reading are those of the last night, or there was none.
    """
    store = workspace.store
    keep_judged_anew(workspace, now=now)
    names = rules.changed(rules.recorded(store), rules.present())
    if "reading" not in names or store.runs.last_finished("nightly") is None:
        return None
    sources = {completion.source for completion in store.evidence.completions()}
    files = frozenset(sha for source in sources for sha in store.evidence.first_read(source))
    return BeforePull(store.evidence.completions(), files)


def look_after(
    workspace: Workspace, before: BeforePull | None, judged: Judged, *, now: datetime
) -> RuleChange | None:
    """Keep what new rules of reading changed, and return it; None for nothing."""
    if before is None:
        return None
    store = workspace.store
    changed = read_otherwise(before.completions, store.evidence.completions(), known_files=before.files)
    items: dict[str, set[str]] = {}
    for completion in changed:
        match = judged.matches.get((completion.source, completion.learner.key))
        items.setdefault(str(completion.origin), set()).update(
            (match.person_id,) if match and match.person_id else ()
        )
    change = read_anew(items, as_of=judged.as_of)
    with store.transaction():
        keep(store, change, now=now)
    return change


def remember(workspace: Workspace, judged: Judged, *, now: datetime) -> None:
    """Make tonight's rules and standings those that a later night compares with; the caller holds the transaction."""
    rules.record(workspace.store, now=now)
    standings.record(workspace.store, judged, now=now)
