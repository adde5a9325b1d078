"""What people write and programs ship, with history: partners, people, course rows, law texts and so on."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)

from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.stored.stored_type import Payload, stored_json
from lms_sync.store.among import among
from lms_sync.store.bulk import insert_many
from lms_sync.store.rows import each_row, values_of
from lms_sync.store.schema import fact

Value = TypeVar("Value")
_FEW = 10
"""So many keys stand in a statement itself; more are put beside the tables."""
_MANY = 500
"""Of more keys all facts of their kind are read: as quick as to look for each."""
_TEXTS_KNOWN = 5_000
"""So many payloads are kept at hand with their texts: those that stand for many keys are few."""


@dataclass(frozen=True, slots=True)
class FactChanges:
    """What has to be written so that the facts of one kind are `new`."""

    ended: tuple[str, ...]
    """Keys whose stored payload stops counting: gone, or about to be replaced."""
    added: Mapping[str, Payload]


@quickly_made
@dataclass(frozen=True, slots=True)
class FactVersion:
    """A fact as it counted from `recorded_at` (included) until `ended_at` (not included; None while it counts)."""

    key: str
    payload: Payload
    recorded_at: datetime
    ended_at: datetime | None


class FieldVersion(NamedTuple):
    """One field of a fact as it counted from `recorded_at` until `ended_at`: see `FactVersion`."""

    key: str
    text: str | None
    recorded_at: datetime
    ended_at: datetime | None


class FactsWritten(NamedTuple):
    """What was ever written of some kinds of facts, in short: another once a fact of them begins, ends or goes."""

    rows: int
    began: datetime | None
    """The newest `recorded_at`; None for no facts."""
    ended: datetime | None
    """The newest `ended_at`; None while all count."""

    def by(self, instant: datetime) -> bool:
        """Tell whether all of it was so at an instant, so that what counts now is what counted then."""
        return all(at is None or at <= instant for at in (self.began, self.ended))


def plan_facts(stored: Mapping[str, Payload], new: Mapping[str, Payload]) -> FactChanges:
    """Return the smallest change from `stored` to `new`; nothing for equal payloads."""
    added = {key: payload for key, payload in new.items() if stored.get(key) != payload}
    ended = tuple(key for key in stored if key not in new or key in added)
    return FactChanges(ended, added)


def known(table: Table, known_at: datetime | BindParameter[datetime] | None) -> ColumnElement[bool]:
    """Return the condition for rows that counted at `known_at`; None for those that count now."""
    if known_at is None:
        return table.c.ended_at.is_(None)
    return and_(table.c.recorded_at <= known_at, or_(table.c.ended_at.is_(None), table.c.ended_at > known_at))


def not_ended(table: Table, at: datetime) -> ColumnElement[bool]:
    """Return the condition for rows that have not ended by an instant, whenever they begin."""
    return or_(table.c.ended_at.is_(None), table.c.ended_at > at)


@cache
def _reading(when: tuple[str, ...], *, as_text: bool = False) -> Select[Any]:
    """Return the question for one kind's facts, put together once: a night asks it some fifty times."""
    wanted = and_(fact.c.district_id == bindparam("district_id"), fact.c.kind == bindparam("kind"))
    then = known(fact, bindparam("known_at", type_=fact.c.recorded_at.type) if when else None)
    payload = cast(fact.c.payload, Text) if as_text else fact.c.payload
    return select(fact.c.key, payload).where(wanted, then).order_by(fact.c.key)


class Payloads(Mapping[str, Payload], Generic[Value]):
    """Key → payload, each made when it is asked for: of a large district not all have room at once."""

    __slots__ = ("_payload_of", "_values")

    def __init__(self, values: Mapping[str, Value], payload_of: Callable[[Value], Payload]) -> None:
        """Take key → value, and what makes a payload of a value."""
        self._values, self._payload_of = values, payload_of

    def __getitem__(self, key: str) -> Payload:
        """Return the payload of a key."""
        return self._payload_of(self._values[key])

    def __iter__(self) -> Iterator[str]:
        """Yield the keys."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._values)


class _Written:
    """The texts of payloads as the database keeps them; of one that stands for many keys it is made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Payload, str]] = {}

    def __getitem__(self, payload: Payload) -> str:
        """Return a payload's text."""
        known = self._known.get(id(payload))
        if known is None:  # with the payload, so that no other comes to have its id
            if len(self._known) >= _TEXTS_KNOWN:
                self._known.clear()
            known = self._known[id(payload)] = payload, json.dumps(payload)
        return known[1]


@dataclass(frozen=True, slots=True)
class FactStore:
    """The facts of one district, by kind and key."""

    connection: Connection
    district_id: str

    def read(self, kind: str, known_at: datetime | None = None) -> dict[str, Payload]:
        """Return key → payload of one kind as known at `known_at`, in the order of the keys."""
        return dict(self._each(kind, known_at, as_text=False))

    def texts(self, kind: str, known_at: datetime | None = None) -> dict[str, str]:
        """Return the same as JSON texts."""
        return dict(self.each_text(kind, known_at))

    def each_text(self, kind: str, known_at: datetime | None = None) -> Iterator[tuple[str, str]]:
        """Yield the same, for `StoredType.read_texts`: quicker where there are many, and not all have to be there."""
        return self._each(kind, known_at, as_text=True)

    def _each(self, kind: str, known_at: datetime | None, *, as_text: bool) -> Iterator[Any]:
        when = {} if known_at is None else {"known_at": known_at}
        values = {"district_id": self.district_id, "kind": kind, **when}
        yield from each_row(self.connection.execute(_reading(tuple(when), as_text=as_text), values))

    def pairs_ever(self, kind: str, fields: tuple[str, str], known_at: datetime) -> list[tuple[str, str]]:
        """Return two fields of text of every fact of one kind that was recorded by then."""
        contents = (fact.c.payload[field].as_string() for field in fields)
        query = select(*contents).where(self._of_kind(kind), fact.c.recorded_at <= known_at)
        return [(first, second) for first, second in each_row(self.connection.execute(query))]

    def written(self, kinds: Collection[str]) -> FactsWritten:
        """Return what was ever written of some kinds, in short."""
        query = select(func.count(), func.max(fact.c.recorded_at), func.max(fact.c.ended_at))
        ours = fact.c.district_id == self.district_id
        return FactsWritten._make(self.connection.execute(query.where(ours, fact.c.kind.in_(kinds))).one())

    def any(self, kind: str, key: str | None = None) -> bool:
        """Tell whether any fact of a kind counts now, or the one of a key."""
        query = select(fact.c.key).where(self._of_kind(kind), fact.c.ended_at.is_(None))
        which = query if key is None else query.where(fact.c.key == key)
        return self.connection.scalar(which.limit(1)) is not None

    def record(
        self, kind: str, new: Mapping[str, Payload], *, now: datetime, stored: Mapping[str, str] | None = None
    ) -> FactChanges:
        """Make `new` the facts of one kind from `now` on, and return what that changed.

        Most are as they were: whose text is the same is not taken apart, and a payload of many keys is written once.
        `stored` are the `texts` of the kind where the caller has read them; nobody may have written any since.
        """
        written, read = _Written(), lru_cache(_TEXTS_KNOWN)(stored_json)
        alike: set[str] = set()
        unlike: dict[str, Payload] = {}
        for key, text in self.each_text(kind) if stored is None else stored.items():
            if key in new and written[new[key]] == text:
                alike.add(key)
            else:
                unlike[key] = read(text)
        changes = plan_facts(unlike, {key: new[key] for key in unlike if key in new})
        added = {key: key for key in new if key in changes.added or not (key in alike or key in unlike)}
        whole = FactChanges(changes.ended, Payloads(added, new.__getitem__))
        self._change(kind, whole, now=now, written=written)
        return whole

    def _of_keys(self, kind: str, keys: Collection[str]) -> dict[str, Payload]:
        """Return the payloads of some keys that count now."""
        if len(keys) > _MANY:
            texts = self.texts(kind)
            return {key: stored_json(texts[key]) for key in keys if key in texts}
        live = select(fact.c.key, fact.c.payload).where(self._of_kind(kind), fact.c.ended_at.is_(None))
        return dict(self.connection.execute(live.where(self._among(keys))).all())

    def _among(self, keys: Collection[str]) -> ColumnElement[bool]:
        """Return the condition that a fact is of one of some keys; it holds for the next question only."""
        return fact.c.key.in_(keys) if len(keys) <= _FEW else among(self.connection, fact.c.key, keys)

    def put(self, kind: str, key: str, payload: Payload, *, now: datetime) -> None:
        """Make `payload` the fact of one key from `now` on; an equal one stays as it is."""
        self.put_all(kind, {key: payload}, now=now)

    def put_all(self, kind: str, new: Mapping[str, Payload], *, now: datetime) -> None:
        """Make each payload the fact of its key from `now` on; equal ones stay as they are, and so do other keys."""
        if new:
            self._change(kind, plan_facts(self._of_keys(kind, new.keys()), new), now=now)

    def end(self, kind: str, key: str, *, now: datetime) -> None:
        """Let the fact of one key stop counting from `now` on; nothing where there is none."""
        self.end_all(kind, [key], now=now)

    def end_all(self, kind: str, keys: Iterable[str], *, now: datetime) -> None:
        """Let the facts of these keys stop counting from `now` on; nothing where there are none."""
        self._change(kind, FactChanges(tuple(keys), {}), now=now)

    def mentioned(self, words: AbstractSet[str]) -> frozenset[str]:
        """Return those of the words that stand in a payload of any kind that ever counted; each fact is read once."""
        payloads = self.connection.scalars(select(fact.c.payload).where(fact.c.district_id == self.district_id))
        return frozenset(word for text in map(str, payloads) for word in words if word in text)

    def keys_ever(self, kind: str) -> frozenset[str]:
        """Return the keys of all facts of one kind that ever counted."""
        return frozenset(self.connection.scalars(select(fact.c.key).where(self._of_kind(kind)).distinct()))

    def ever(self, kind: str, known_at: datetime) -> list[tuple[str, Payload]]:
        """Return (key, payload) of every fact of one kind that was recorded by then, in the order of `history`."""
        query = select(fact.c.key, fact.c.payload).where(self._of_kind(kind), fact.c.recorded_at <= known_at)
        rows = self.connection.execute(query.order_by(fact.c.recorded_at, fact.c.key)).all()
        return [(key, payload) for key, payload in rows]

    def history(self, kind: str) -> tuple[FactVersion, ...]:
        """Return every fact of one kind that ever counted, the oldest first, those of one instant by key."""
        query = select(fact).where(self._of_kind(kind)).order_by(fact.c.recorded_at, fact.c.key)
        return tuple(values_of(FactVersion, self.connection.execute(query)))

    def gone(self, kind: str) -> dict[str, Payload]:
        """Return key → last payload of one kind, of those that counted once and count no more."""
        live = fact.alias()
        same = (live.c.district_id == fact.c.district_id) & (live.c.kind == fact.c.kind) & (live.c.key == fact.c.key)
        counts = select(live.c.key).where(same, live.c.ended_at.is_(None)).exists()
        query = select(fact.c.key, fact.c.payload).where(self._of_kind(kind), fact.c.ended_at.is_not(None), ~counts)
        return dict(self.connection.execute(query.order_by(fact.c.recorded_at, fact.c.key)).all())

    def history_of(self, kind: str, field: str) -> tuple[FieldVersion, ...]:
        """Return what one field of text told in every fact of one kind that ever counted, the oldest first."""
        content = fact.c.payload[field].as_string()
        query = select(fact.c.key, content, fact.c.recorded_at, fact.c.ended_at).where(self._of_kind(kind))
        rows = each_row(self.connection.execute(query.order_by(fact.c.recorded_at, fact.c.key)))
        return tuple(map(FieldVersion._make, rows))

    def _change(self, kind: str, changes: FactChanges, *, now: datetime, written: _Written | None = None) -> None:
        if changes.ended:
            ending = update(fact).where(self._of_kind(kind), self._among(changes.ended), not_ended(fact, now))
            self.connection.execute(ending.values(ended_at=now))
        written = written or _Written()
        rows = ((key, written[payload]) for key, payload in changes.added.items())
        same: dict[str, Any] = {"district_id": self.district_id, "kind": kind, "recorded_at": now}
        insert_many(self.connection, fact, ("key", "payload"), rows, written=("payload",), **same)

    def _of_kind(self, kind: str) -> ColumnElement[bool]:
        return and_(fact.c.district_id == self.district_id, fact.c.kind == kind)
