"""What people decided about each person: the entries of the log that name somebody, or a claim or doubt of theirs."""

from collections.abc import Iterator, Mapping

from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.workspace import Workspace

_BY_FINDING = (DecisionKind.CLAIM, DecisionKind.DOUBT)
"""Their subject is the id of a finding, which tells whom it concerns."""
_NAMED = ("person_id", "people", "refused", "former")
"""What an entry calls those whom it names."""


def decided_about(workspace: Workspace) -> Mapping[str, list[LogEntry]]:
    """Return Person ID → what was decided about somebody, the newest first; purged entries name nobody."""
    store = workspace.store
    whole = [entry for entry in store.audit.entries() if not entry.purged]
    concerned = store.findings.concerned(e.decision.subject for e in whole if e.kind in _BY_FINDING)
    found: dict[str, list[LogEntry]] = {}
    for entry in reversed(whole):
        for person_id in {*_named(entry), *concerned.get(entry.decision.subject, ())}:
            found.setdefault(person_id, []).append(entry)
    return found


def _named(entry: LogEntry) -> Iterator[str]:
    decision = entry.decision
    yield decision.subject
    for says in (decision.before or {}, decision.after or {}):
        for name in _NAMED:
            # A roster that was taken over says how many people it has.
            named = says.get(name)
            yield from (named,) if isinstance(named, str) else named if isinstance(named, list | tuple) else ()
