"""The judgements that the last nights made, one a person, and the evidence of those who are judged anew.

What stands here is drawn from what is stored elsewhere: it may be lost, and then everybody is judged anew.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    delete,
    false,
    func,
    insert,
    not_,
    select,
    tuple_,
)

from lms_sync.model.completion_rows import LearnersCompletions
from lms_sync.model.evidence import Completion
from lms_sync.model.quickly_made import quickly_made
from lms_sync.store import live_completions
from lms_sync.store.among import among, together
from lms_sync.store.bulk import insert_many
from lms_sync.store.facts import known
from lms_sync.store.judged_completions import JudgedCompletions
from lms_sync.store.schema import completion, metadata

judgement = Table(
    "judgement",
    metadata,
    Column("district_id", String(64), primary_key=True),
    Column("person_id", String(200), primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("packed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["district_id"], ["district.district_id"]),
)
_asked = Table(
    "asked",
    MetaData(),
    Column("name", String(32), primary_key=True),  # first: it tells most of them apart
    Column("source", String(100), primary_key=True),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
# As a condition, so that items are looked for only of completions that are asked for.
_IS_ASKED = tuple_(completion.c.learner, completion.c.source).in_(select(_asked.c.name, _asked.c.source))
"""The condition for the completions of learners that are asked for."""
_COLUMNS = ("person_id", "as_of", "fingerprint", "packed")
_AT_ONCE = 1_000
"""So many judgements are read or written together."""
_SIGNS_AT_ONCE = 1_000_000
"""Of a text of very many keys so many signs are taken apart together."""
Pair = tuple[str, str]
"""A source, and a learner or a record of it."""


@quickly_made
@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """One person's judgement as a night stored it."""

    as_of: date
    fingerprint: str
    """Of all that it rests on, and of itself."""
    packed: bytes
    """A `JudgedPerson`."""


_State = tuple[int, int, datetime, datetime | None]
"""Of one learner's completions: how many there are, and count; when the last was recorded, and the last ended."""


@quickly_made
@dataclass(frozen=True, slots=True)
class LearnerEvidence:
    """The completions of one learner, in short."""

    counted: int
    """How many count."""
    mark: str
    """Another one once anything was added, ended or removed."""
    changed: datetime
    """When the last of it was added or ended."""


@dataclass(frozen=True, slots=True)
class JudgementStore:
    """One district's stored judgements."""

    connection: Connection
    district_id: str

    def each(self) -> Iterator[tuple[str, StoredJudgement]]:
        """Yield the judgements in force with the Person IDs; only some are held at once."""
        columns = judgement.c
        query = select(columns.person_id, columns.as_of, columns.fingerprint, columns.packed).where(self._ours)
        for rows in self.connection.execute(query, execution_options={"yield_per": _AT_ONCE}).partitions():
            for person_id, as_of, fingerprint, packed in rows:
                yield person_id, StoredJudgement(as_of, fingerprint, packed)

    def replace(self, judged: Iterable[tuple[str, StoredJudgement]], *, ended: Collection[str] = ()) -> None:
        """Store judgements by Person ID; those of the people who are `ended` go before.

        They are written as they come, some at a time: of a large district not all have to be there at once.
        """
        if ended:
            theirs = among(self.connection, judgement.c.person_id, ended)
            self.connection.execute(delete(judgement).where(self._ours, theirs))
        remaining = ((person_id, new.as_of, new.fingerprint, new.packed) for person_id, new in judged)
        while some := list(islice(remaining, _AT_ONCE)):
            insert_many(self.connection, judgement, _COLUMNS, some, district_id=self.district_id)

    def forget(self) -> None:
        """Have the next night judge everybody: something was removed on which a judgement may rest."""
        self.connection.execute(delete(judgement).where(self._ours))

    @property
    def _ours(self) -> ColumnElement[bool]:
        return judgement.c.district_id == self.district_id

    def evidence(self, known_at: datetime) -> dict[Pair, LearnerEvidence]:
        """Return (source, learner) → the learner's completions in short, as known at `known_at`."""
        states: dict[Pair, _State] = {}
        for source, recorded, ended, learners in self._recorded_together(known_at):
            over = ended if ended is not None and ended <= known_at else None
            alike: dict[int, _State] = {}  # of many learners one state
            for learner, number in _counted(learners).items():
                more = alike.get(number) or alike.setdefault(number, (number, 0 if over else number, recorded, over))
                before = states.get((source, learner))
                states[source, learner] = _added(before, more) if before else more
        different = {id(state): state for state in states.values()}
        in_short = {which: _in_short(state) for which, state in different.items()}
        return {key: in_short[id(state)] for key, state in states.items()}

    def _recorded_together(self, known_at: datetime) -> Iterator[tuple[str, datetime, datetime | None, str]]:
        """Yield source, when recorded, when ended, and the learners of all completions that have these in common.

        Few nights recorded anything, and most of it often one of them: that comes first, and the database need sort
        the others only.
        """
        row = completion.c
        then = self._of(completion), row.recorded_at <= known_at
        some = select(row.source, row.recorded_at).where(*then, row.ended_at.is_(None)).limit(_AT_ONCE).subquery().c
        most = select(some.source, some.recorded_at).group_by(some.source, some.recorded_at)
        large = self.connection.execute(most.order_by(func.count().desc()).limit(1)).first()
        if large is None:
            in_large: ColumnElement[bool] = false()
        else:
            source, recorded = large
            in_large = and_(row.source == source, row.recorded_at == recorded, row.ended_at.is_(None))
            learners = self.connection.scalar(select(together(row.learner)).where(*then, in_large))
            yield source, recorded, None, learners or ""
        columns = row.source, row.recorded_at, row.ended_at
        others = select(*columns, together(row.learner)).where(*then, not_(in_large)).group_by(*columns)
        for source, recorded, ended, learners in self.connection.execute(others):
            yield source, recorded, ended, learners

    def learners_of(self, records: Collection[Pair]) -> dict[Pair, frozenset[str]]:
        """Return (source, record) → the learners of whom it was ever stored."""
        found: dict[Pair, set[str]] = {}
        if records:
            with self._asking(records):
                row = completion.c
                same = and_(row.source == _asked.c.source, row.record == _asked.c.name)
                query = select(row.source, row.record, row.learner).join(_asked, same)
                for source, record, learner in self.connection.execute(query.where(self._of(completion)).distinct()):
                    found.setdefault((source, record), set()).add(learner)
        return {key: frozenset(learners) for key, learners in found.items()}

    def completions_of(self, learners: Collection[Pair], known_at: datetime) -> tuple[Completion, ...]:
        """Return the completions of these learners that count at `known_at`, in the order of the evidence."""
        if not learners:
            return ()
        row = completion.c
        query = live_completions.question().where(self._of(completion), known(completion, known_at), _IS_ASKED)
        with self._asking(learners):
            in_order = query.order_by(row.source, row.record, row.day)
            return tuple(live_completions.read(self.connection, in_order))

    def of_each_learner(self, learners: Collection[Pair], known_at: datetime) -> list[LearnersCompletions]:
        """Return what counted at `known_at` of each of these learners, as `EvidenceStore.of_each_learner` does."""
        if not learners:
            return []
        with self._asking(learners):
            return JudgedCompletions(self.connection, self.district_id, known_at, (_IS_ASKED,)).at_once()

    def _of(self, table: Table) -> ColumnElement[bool]:
        return table.c.district_id == self.district_id

    @contextmanager
    def _asking(self, pairs: Collection[Pair]) -> Iterator[None]:
        """Have what is asked for in a table of its own, so that a statement stays the same however many there are."""
        _asked.create(self.connection, checkfirst=False)
        try:
            self.connection.execute(insert(_asked), [{"source": source, "name": name} for source, name in set(pairs)])
            yield
        finally:
            _asked.drop(self.connection, checkfirst=False)


def _counted(keys: str) -> Counter[str]:
    """Return how often each key stands in a text with blanks between them; some are taken out of it at a time."""
    counted: Counter[str] = Counter()
    begun = 0
    while begun < len(keys):
        blank = keys.find(" ", begun + _SIGNS_AT_ONCE)
        end = blank if blank >= 0 else len(keys)
        counted.update(keys[begun:end].split())
        begun = end
    return counted


def _in_short(state: _State) -> LearnerEvidence:
    count, live, recorded, ended = state
    return LearnerEvidence(live, f"{count} {live} {recorded} {ended}", max(recorded, ended or recorded))


def _added(before: _State, more: _State) -> _State:
    ended = [at for at in (before[3], more[3]) if at is not None]
    return before[0] + more[0], before[1] + more[1], max(before[2], more[2]), max(ended, default=None)
