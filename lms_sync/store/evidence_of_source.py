"""What a pull asks of the evidence of its source: of what it brings, and of no more."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, and_, cast, delete, func, select

from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.store import live_completions
from lms_sync.store.among import among, keys_of
from lms_sync.store.evidence_rows import ITEM_COLUMNS
from lms_sync.store.learner_rows import LEARNER_READ, learners_of
from lms_sync.store.new_rows import Kept, RowsToStore, Shared, add_new_rows
from lms_sync.store.origins import same_origin
from lms_sync.store.schema import UNUSED, completion, file, item, learner, origin

_IN_CLEAR = func.coalesce(cast(learner.c.shown, Text), "null") != "null"


_ID_AND_HASH = itemgetter(ITEM_COLUMNS.index("item_id"), ITEM_COLUMNS.index("text_hash"))
_FEW = 100_000
"""So many texts on which nothing stands are known by their hashes in memory: to ask for each batch takes longer."""


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """The evidence of one source."""

    connection: Connection
    district_id: str
    source: str

    def _of(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.district_id == self.district_id, table.c.source == self.source)

    def live_records(self) -> frozenset[str]:
        """Return the records of which a completion counts."""
        return keys_of(self.connection, completion.c.record, self._of(completion), completion.c.ended_at.is_(None))

    def number_live(self) -> int:
        """Return how many completions count."""
        counting = self._of(completion), completion.c.ended_at.is_(None)
        number: int = self.connection.execute(select(func.count()).where(*counting)).scalar_one()
        return number

    def changed_since(self, moment: datetime) -> frozenset[str]:
        """Return the records of which a completion was stored after a moment, or ended then or later."""
        row, found = completion.c, set[str]()
        for changed in (row.recorded_at > moment, row.ended_at >= moment):  # an index has the answer to each
            found.update(self.connection.scalars(select(row.record).where(self._of(completion), changed)))
        return frozenset(found)

    def recorded_of(self, records: Iterable[str]) -> frozenset[str]:
        """Return those of some records of which anything is stored, also what no longer counts."""
        asked_for = among(self.connection, completion.c.record, records)
        return keys_of(self.connection, completion.c.record, self._of(completion), asked_for)

    def completions(self, records: Iterable[str]) -> tuple[Completion, ...]:
        """Return the completions of some records that count, by record and day."""
        asked_for = among(self.connection, completion.c.record, records)
        query = live_completions.question().where(self._of(completion), asked_for, completion.c.ended_at.is_(None))
        in_order = query.order_by(completion.c.record, completion.c.day)
        return tuple(live_completions.read(self.connection, in_order))

    def completions_of(self, learners: Iterable[str]) -> tuple[Completion, ...]:
        """Return the completions of some learners that count, by record and day."""
        asked_for = among(self.connection, completion.c.learner, learners)
        query = live_completions.question().where(self._of(completion), asked_for, completion.c.ended_at.is_(None))
        in_order = query.order_by(completion.c.record, completion.c.day)
        return tuple(live_completions.read(self.connection, in_order))

    def learners(self, keys: Iterable[str]) -> tuple[PseudonymousLearner, ...]:
        """Return some learners, by id."""
        asked_for = among(self.connection, learner.c.learner, keys)
        query = select(*LEARNER_READ).where(self._of(learner), learner.c.ended_at.is_(None), asked_for)
        return tuple(learners_of(self.connection.execute(query.order_by(learner.c.learner))))

    def with_evidence(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of some learners of whom a completion was ever stored."""
        asked_for = among(self.connection, completion.c.learner, keys)
        return (
            keys_of(self.connection, completion.c.learner, self._of(completion), asked_for) if keys else frozenset()
        )

    def add_rows(self, rows: Callable[[Shared], Iterable[RowsToStore]], *, now: datetime) -> list[tuple[str, str]]:
        """Store rows that are new, each an item, and its completion that counts from `now` on.

        Of what is not done an item is stored only where its text is not kept yet: `Shared.kept` tells. Return (id,
        hash of the text) of those that say again what is kept of something else: see `replace_unused`.
        """
        again: list[tuple[str, str]] = []
        kept = self._unused_kept()

        def look_for(items: Sequence[tuple[Any, ...]]) -> None:
            pairs = [*map(_ID_AND_HASH, items)]
            said_again = kept([text_hash for _, text_hash in pairs], "")
            again.extend([pair for pair in pairs if pair[1] in said_again])

        add_new_rows(self.connection, self.district_id, self.source, rows, kept, now=now, before=look_for)
        return again

    def _unused_kept(self) -> Kept:
        """Return what tells of hashes, as `unused_hashes` does, which were kept before any row is stored tonight."""
        query = select(item.c.outcome, item.c.text_hash).where(self._of(item), UNUSED).limit(_FEW + 1)
        found = self.connection.execute(query).all()
        if len(found) > _FEW:
            return self.unused_hashes
        by_outcome: dict[str, set[str]] = defaultdict(set)
        for outcome, text_hash in found:
            by_outcome[outcome].add(text_hash)
            by_outcome[""].add(text_hash)
        return lambda hashes, outcome: by_outcome[outcome].intersection(hashes)

    def replace_unused(self, stored: Collection[tuple[str, str]]) -> None:
        """Let items that were stored now take the place of those on which nothing stands and that say the same.

        These go where no file with their content is there any more. Of those `stored` (id, hash of the text).
        """
        if not stored:
            return
        there = select(file.c.sha256).where(self._of(file), file.c.gone_at.is_(None))
        query = select(item.c.item_id).join(origin, same_origin(item)).where(self._of(item), UNUSED)
        same = among(self.connection, item.c.text_hash, (text_hash for _, text_hash in stored))
        gone = {*self.connection.scalars(query.where(same, origin.c.sha256.not_in(there)))}
        gone -= {item_id for item_id, _ in stored}
        if gone:
            asked_for = among(self.connection, item.c.item_id, gone)
            self.connection.execute(delete(item).where(self._of(item), asked_for))

    def in_clear(self) -> frozenset[str]:
        """Return the learners who are kept in the clear."""
        return keys_of(self.connection, learner.c.learner, self._of(learner), learner.c.ended_at.is_(None), _IN_CLEAR)

    def hidden(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of some learners who are kept, and not in the clear."""
        if not keys:
            return frozenset()
        asked_for = among(self.connection, learner.c.learner, keys)
        query = select(learner.c.learner).where(self._of(learner), learner.c.ended_at.is_(None), ~_IN_CLEAR)
        return frozenset(self.connection.scalars(query.where(asked_for)))

    def places(self) -> set[tuple[str, str, str]]:
        """Return (sha256, sheet, cell) of every item that is kept."""
        query = select(origin.c.sha256, origin.c.sheet, item.c.cell).join(origin, same_origin(item))
        return {(sha256, sheet, cell) for sha256, sheet, cell in self.connection.execute(query.where(self._of(item)))}

    def text_hashes(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of some hashes whose texts are kept."""
        if not hashes:
            return frozenset()
        return keys_of(
            self.connection,
            item.c.text_hash,
            self._of(item),
            among(self.connection, item.c.text_hash, hashes),
        )

    def unused_hashes(self, hashes: Collection[str], outcome: str = "") -> frozenset[str]:
        """Return those of some hashes whose texts are kept with an outcome on which nothing stands; with this one."""
        if not (hashes and self.has_unused()):
            return frozenset()
        ours = self._of(item) & UNUSED
        ours = ours & (item.c.outcome == outcome) if outcome else ours
        return keys_of(self.connection, item.c.text_hash, ours, among(self.connection, item.c.text_hash, hashes))

    def has_unused(self) -> bool:
        """Tell whether an item is kept on which nothing stands."""
        return (
            self.connection.execute(select(item.c.item_id).where(self._of(item), UNUSED).limit(1)).first() is not None
        )
