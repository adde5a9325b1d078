"""What persons decided and what counts now, in one shape: as the tables hold it, and as the log's entries tell it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms_sync.model.dispute import Key, Payload
from lms_sync.model.doubt import Verdict
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.model.stored.facts import DOCUMENT, HOLD, LINK, MERGE, NAME_ANSWER
from lms_sync.model.stored.stored_type import StoredType
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.schema import absence, release
from lms_sync.store.store import Store

Subject = tuple[DecisionKind, Key]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A kind of decision that is kept as facts, which the log tells whole."""

    form: StoredType[Any]
    key: Callable[[Any], Key]


KEPT: Mapping[DecisionKind, _Kept] = {
    DecisionKind.LINK: _Kept(LINK, lambda link: (link.source, link.learner)),
    DecisionKind.MERGE: _Kept(MERGE, lambda merge: (merge.former,)),
    DecisionKind.NAME: _Kept(NAME_ANSWER, lambda answer: (answer.person_id, answer.then, answer.now)),
    DecisionKind.HOLD: _Kept(HOLD, lambda hold: (hold.subject,)),
    DecisionKind.DOCUMENT: _Kept(DOCUMENT, lambda document: (document.document_id,)),
}
SPOKEN_OF = frozenset((*KEPT, DecisionKind.CLAIM, DecisionKind.DOUBT, DecisionKind.RELEASE, DecisionKind.DROP))
"""The kinds of decisions of which the log's entries tell what counts: those that `stated_by` knows."""


def decisions_in_force(store: Store) -> dict[Subject, Payload]:
    """Return what the tables say counts now, of every kind that is held against the log."""
    found: dict[Subject, Payload] = {}
    for kind, kept in KEPT.items():
        for name, payload in store.facts.read(kept.form.kind).items():
            value = kept.form.read(payload)
            plain, key = kept.form.plain(value), kept.key(value)
            found[kind, tuple(name.split("\x1f"))] = plain
            if joined(*key) != name:  # nothing of ours writes that: neither the one nor the other may count
                found[kind, key] = {**plain, "kept as": name}
    for decision in store.findings.decisions().values():
        verdict = "accepted" if decision.accepted else "refused"
        day = decision.decided_on.isoformat()
        found[DecisionKind.CLAIM, (decision.claim_id,)] = _claim(verdict, day, decision.reason, decision.decided_by)
    for doubt in DOUBTS.read(store).values():
        if doubt.verdict is not Verdict.OPEN:
            subject = DecisionKind.DOUBT, (doubt.finding_id, doubt.record)
            other = found.get(subject, {}).get("verdict", doubt.verdict.value)
            same = other == doubt.verdict.value
            found[subject] = {"verdict": other if same else f"{other} and {doubt.verdict.value}"}
    return found | dict(_releases(store)) | dict(_drops(store))


def _releases(store: Store) -> Iterator[tuple[Subject, Payload]]:
    query = select(release).where(release.c.district_id == store.district_id)
    for row in store.connection.execute(query):
        yield (DecisionKind.RELEASE, (row.partner_id, row.address)), {"by": row.released_by, "reason": row.reason}


def _drops(store: Store) -> Iterator[tuple[Subject, Payload]]:
    live = (absence.c.district_id == store.district_id) & absence.c.ended_at.is_(None)
    for row in store.connection.execute(select(absence).where(live)):
        yield (DecisionKind.DROP, (row.source, row.record)), {"by": row.accepted_by}


def stated_by(entry: LogEntry) -> Iterator[tuple[Subject, Payload | None]]:
    """Yield what an entry says of decisions: what counts from then on, or None for what it takes back.

    Raises: ConfigError, KeyError or TypeError for an entry in a shape that no version has written.
    """
    logged = entry.decision
    kind = DecisionKind(entry.kind)
    if kind in KEPT:
        kept, payload = KEPT[kind], logged.after or logged.before
        if payload is not None:
            value = kept.form.read(payload)
            yield (kind, kept.key(value)), kept.form.plain(value) if logged.after else None
    elif kind is DecisionKind.CLAIM and logged.after:
        after = logged.after
        yield (
            (kind, (logged.subject,)),
            _claim(after["verdict"], after["decided_on"], after["reason"], after.get("decided_by", logged.by)),
        )
    elif kind is DecisionKind.DOUBT and logged.after:
        verdict = logged.after["verdict"]
        for record in logged.after["records"]:
            counts = {"verdict": verdict} if verdict in (Verdict.KEEP.value, Verdict.END.value) else None
            yield (kind, (logged.subject, record)), counts
    elif kind is DecisionKind.RELEASE and logged.after:
        for address in logged.after["addresses"]:
            yield (kind, (logged.subject, address)), {"by": logged.by, "reason": logged.reason}
    elif kind is DecisionKind.DROP and logged.after:
        for record in logged.after["records"]:
            yield (kind, (logged.subject, record)), {"by": logged.by}


def _claim(verdict: str, day: str, reason: str, by: str) -> dict[str, str]:
    return {"verdict": verdict, "decided_on": day, "reason": reason, "by": by}
