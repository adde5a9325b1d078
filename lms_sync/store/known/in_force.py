"""What persons decided and what counts now, in one shape: as the tables hold it, and as the log's entries tell it.

Nothing that was decided begins or ends at a later instant than the log's newest entry: each act logs itself at the
instant from which it counts. What is stored otherwise (to count until a day that is to come, only from then on, or
twice) is told with that, so that no entry can agree with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, false, func, or_, select

from lms_sync.model.dispute import Key, Payload
from lms_sync.model.doubt import Doubt, Verdict
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.model.stored.facts import DOCUMENT, HOLD, LINK, MERGE, NAME_ANSWER
from lms_sync.model.stored.stored_type import StoredType
from lms_sync.store.known.registers import DOUBTS, joined
from lms_sync.store.schema import absence, audit, decision, fact, release
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
_DECIDED = (Verdict.KEEP.value, Verdict.END.value)
SPOKEN_OF = frozenset((*KEPT, DecisionKind.CLAIM, DecisionKind.DOUBT, DecisionKind.RELEASE, DecisionKind.DROP))
"""The kinds of decisions of which the log's entries tell what counts: those that `stated_by` knows."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The stored decisions that count now, or would at an instant to come."""

    store: Store
    newest: datetime | None
    """The instant of the log's newest entry; None for an empty log."""

    @classmethod
    def of(cls, store: Store) -> "_Rows":
        """Return them for a store as its log is now."""
        newest = select(func.max(audit.c.at)).where(audit.c.district_id == store.district_id)
        return cls(store, store.connection.scalar(newest))

    def facts(self, kind: str) -> Iterator[tuple[str, Payload, dict[str, str]]]:
        """Yield key, payload, and what is odd about the row, of each fact of a kind."""
        row = fact.c
        asked = select(row.key, row.payload, *self._odd(fact))
        ours = row.district_id == self.store.district_id, row.kind == kind, self._counts(fact)
        seen: set[str] = set()
        for key, payload, begins, ends in self._read(asked.where(*ours).order_by(row.key, row.recorded_at)):
            yield key, payload, _odd(begins, ends, again=key in seen)
            seen.add(key)

    def decisions(self) -> Iterator[tuple[str, Payload]]:
        """Yield claim id and what was decided, of each claim; with what is odd about the row."""
        row = decision.c
        words = row.verdict, row.decided_on, row.reason, row.decided_by, row.person_name, row.training_day
        asked = select(row.claim_id, *words, *self._odd(decision))
        ours = row.district_id == self.store.district_id, self._counts(decision)
        seen: set[str] = set()
        for claim, word, day, reason, by, name, done_on, begins, ends in self._read(
            asked.where(*ours).order_by(row.claim_id, row.recorded_at)
        ):
            verdict = "accepted" if word == "accepted" else "refused"
            counts = {**_claim(verdict, day.isoformat(), reason, by), "person_name": name}
            counts |= {"training_day": done_on.isoformat()} if done_on else {}
            yield claim, {**counts, **_odd(begins, ends, again=claim in seen)}
            seen.add(claim)

    def _read(self, asked: Select[Any]) -> Iterable[Sequence[Any]]:
        return self.store.connection.execute(asked)

    def _counts(self, table: Table) -> ColumnElement[bool]:
        return or_(table.c.ended_at.is_(None), self._after(table.c.ended_at))

    def _odd(self, table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return whether a row counts only from an instant to come on, and whether it ends at one."""
        return self._after(table.c.recorded_at), table.c.ended_at.is_not(None)

    def _after(self, instant: ColumnElement[Any]) -> ColumnElement[bool]:
        return false() if self.newest is None else instant > self.newest


def _odd(begins: object, ends: object, *, again: bool) -> dict[str, str]:
    """Return what of a row nothing of ours has written, as more words of a payload; empty for a row in order."""
    found = {"begins": "at an instant to come"} if begins else {}
    found |= {"ends": "at an instant to come"} if ends else {}
    return found | ({"stored": "more than once"} if again else {})


def decisions_in_force(store: Store) -> dict[Subject, Payload]:
    """Return what the tables say counts now, of every kind that is held against the log."""
    rows = _Rows.of(store)
    found: dict[Subject, Payload] = {}
    elsewhere: dict[Subject, Payload] = {}
    for kind, kept in KEPT.items():
        for name, payload, odd in rows.facts(kept.form.kind):
            value = kept.form.read(payload)
            plain, key = {**kept.form.plain(value), **odd}, kept.key(value)
            found[kind, tuple(name.split("\x1f"))] = plain
            if joined(*key) != name:  # nothing of ours writes that: neither the one nor the other may count
                elsewhere[kind, key] = {**plain, "kept as": name}
    found |= elsewhere
    found |= {(DecisionKind.CLAIM, (claim,)): payload for claim, payload in rows.decisions()}
    # A doubt ends by itself, when the source answers: that it ends after the log's newest entry is not odd.
    for _, payload, _ in rows.facts(DOUBTS.kind):
        doubt = DOUBTS.form.read(payload)
        if doubt.verdict is not Verdict.OPEN:
            subject = DecisionKind.DOUBT, (doubt.finding_id, doubt.record)
            other = found.get(subject, {}).get("verdict", doubt.verdict.value)
            same = other == doubt.verdict.value
            found[subject] = {"verdict": other if same else f"{other} and {doubt.verdict.value}"}
            found[DecisionKind.DOUBT, doubt_key(doubt)] = doubt_decided(doubt)
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
        counts = _claim(after["verdict"], after["decided_on"], after["reason"], after.get("decided_by", logged.by))
        more: Payload = {name: after[name] for name in ("person_name", "training_day") if name in after}
        yield (kind, (logged.subject,)), {**counts, **more}
    elif kind is DecisionKind.DOUBT and logged.after:
        verdict = logged.after["verdict"]
        for record in logged.after["records"]:
            yield (kind, (logged.subject, record)), {"verdict": verdict} if verdict in _DECIDED else None
        for about in logged.after.get("doubts", ()):
            doubt = DOUBTS.form.read(about)
            yield (kind, doubt_key(doubt)), doubt_decided(doubt) if verdict in _DECIDED else None
    elif kind is DecisionKind.RELEASE and logged.after:
        for address in logged.after["addresses"]:
            yield (kind, (logged.subject, address)), {"by": logged.by, "reason": logged.reason}
    elif kind is DecisionKind.DROP and logged.after:
        for record in logged.after["records"]:
            yield (kind, (logged.subject, record)), {"by": logged.by}


def doubt_key(doubt: Doubt) -> Key:
    """Return what names the question about one completion; of a record's verdict the first two parts are the key."""
    return doubt.finding_id, doubt.record, str(doubt.day or ""), doubt.cause.value


def doubt_decided(doubt: Doubt) -> Payload:
    """Return what a decision about a doubt was about, which nothing changes afterwards: all but the verdict."""
    return {name: value for name, value in DOUBTS.form.plain(doubt).items() if name != "verdict"}


def as_told_before(kind: DecisionKind, payload: Payload) -> Payload:
    """Return what an entry of an earlier version told of a decision: of one about a claim no name."""
    if kind is not DecisionKind.CLAIM:
        return payload
    return {name: value for name, value in payload.items() if name != "person_name"}


def _claim(verdict: str, day: str, reason: str, by: str) -> dict[str, str]:
    return {"verdict": verdict, "decided_on": day, "reason": reason, "by": by}
