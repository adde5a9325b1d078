"""Stored evidence: completions with their history, the items and files they were read from, the learners."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, select, update

from lms_sync.model.completion_rows import LearnersCompletions
from lms_sync.model.course_map import CourseSeen
from lms_sync.model.evidence import Completion, FileThere, StoredCompletion, StoredFile, StoredItem
from lms_sync.model.finding import UNNAMED, Origin
from lms_sync.model.learner_names import remembered
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.stored.pulled import FILE_LEDGER
from lms_sync.store import live_completions
from lms_sync.store.bulk import insert_many, insert_new
from lms_sync.store.courses_seen import courses_seen
from lms_sync.store.evidence_of_source import SourceEvidence
from lms_sync.store.evidence_rows import (
    ITEM_COLUMNS,
    completion_of,
    file_of,
    file_row,
    item_of,
    item_values,
    last_ended,
    spoken_row,
)
from lms_sync.store.facts import known
from lms_sync.store.judged_completions import JudgedCompletions
from lms_sync.store.judgements import JudgementStore
from lms_sync.store.learner_rows import LEARNER_COLUMNS, LEARNER_JSON, LEARNER_READ, learner_values, learners_of
from lms_sync.store.new_rows import add_completions
from lms_sync.store.origins import SHARED, OriginIds, same_origin
from lms_sync.store.rows import each_row
from lms_sync.store.schema import absence, completion, file, item, learner, origin

_ITEMS = select(item, *SHARED).join(origin, same_origin(item))
"""The question for items, as `item_of` takes them."""


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """One district's evidence. `record` and learner ids are keyed hashes: see model/pseudonyms.py."""

    connection: Connection
    district_id: str

    def completions(self, source: str | None = None, *, known_at: datetime | None = None) -> tuple[Completion, ...]:
        """Return the completions that count (claims among them), of one source or of all, by source and record."""
        asked = live_completions.question().where(completion.c.district_id == self.district_id)
        asked = asked.where(known(completion, known_at), *([] if source is None else [completion.c.source == source]))
        in_order = asked.order_by(completion.c.source, completion.c.record, completion.c.day)
        return tuple(live_completions.read(self.connection, in_order))

    def of_each_learner(self, known_at: datetime) -> Iterator[LearnersCompletions]:
        """Yield what counted of each learner, to judge by: the instants may be left out."""
        return JudgedCompletions(self.connection, self.district_id, known_at).of_each_learner()

    def _ended(self, source: str | None = None) -> Select[Any]:
        """Return the question for completions that ended, with their places, in any order."""
        query = select(completion, *SHARED).join(origin, same_origin(completion))
        query = query.where(completion.c.district_id == self.district_id, completion.c.ended_at.is_not(None))
        return query if source is None else query.where(completion.c.source == source)

    def ended_of(self, source: str) -> tuple[Completion, ...]:
        """Return what counted of a source once and counts no longer, the newest first."""
        newest_first = self._ended(source).order_by(completion.c.recorded_at.desc())
        return tuple(map(completion_of, self.connection.execute(newest_first).mappings()))

    def courses_seen(self, *, days: bool = True) -> tuple[CourseSeen, ...]:
        """Return every name under which a source has shown a course or unit; see `courses_seen`."""
        return courses_seen(self.connection, self.district_id, days=days)

    def add(self, versions: Iterable[StoredCompletion], *, now: datetime) -> None:
        """Store completions that count from `now` on; their items are stored already."""
        add_completions(self.connection, self.district_id, versions, now=now)

    def end(self, source: str, records: Iterable[str], *, reason: str, now: datetime) -> None:
        """Let stored completions stop counting from `now` on."""
        self._end([{"of_source": source, "of_record": record} for record in records], (), reason=reason, now=now)

    def end_all(self, ended: Iterable[Completion], *, reason: str, now: datetime) -> None:
        """Let stored completions stop counting from `now` on, and no others of their records."""
        rows = [{"of_source": c.source, "of_record": c.record, "of_day": c.day} for c in ended]
        day = completion.c.day.is_not_distinct_from(bindparam("of_day", type_=completion.c.day.type))
        self._end(rows, (day,), reason=reason, now=now)

    def _end(
        self, rows: list[dict[str, Any]], which: tuple[ColumnElement[bool], ...], *, reason: str, now: datetime
    ) -> None:
        row = completion.c
        record = row.source == bindparam("of_source"), row.record == bindparam("of_record")
        live = (row.district_id == self.district_id, *record, *which, row.ended_at.is_(None))
        if rows:
            self.connection.execute(update(completion).where(*live).values(ended_at=now, end_reason=reason), rows)

    def ended_because(self, reason: str) -> tuple[tuple[StoredCompletion, datetime], ...]:
        """Return what ended last of its record and day for `reason`, and when; not what counts again.

        Nor what came before its record was withdrawn. By source, record and day.
        """
        # That any ended the index tells, so that no row is looked at that counts.
        ended = completion.c.ended_at.is_not(None), completion.c.end_reason == reason
        any_ended = select(completion.c.record).where(completion.c.district_id == self.district_id, *ended)
        if self.connection.scalar(any_ended.limit(1)) is None:
            return ()
        query = self._ended().order_by(completion.c.ended_at)
        last = last_ended(self.connection.execute(query).mappings())
        live = {(completed.source, completed.record, completed.day) for completed in self.completions()}
        rows = [row for key, row in last.items() if row["end_reason"] == reason and key not in live]
        rows.sort(key=lambda row: (row["source"], row["record"], row["day"] or date.max))
        return tuple((StoredCompletion(completion_of(row), row["item_id"]), row["ended_at"]) for row in rows)

    def reinstate(self, source: str, record: str, day: date | None, *, now: datetime) -> Completion | None:
        """Let what was stored last of a record and day count again from `now` on; None where nothing was."""
        query = self._ended(source).order_by(completion.c.recorded_at.desc())
        rows = self.connection.execute(query.where(completion.c.record == record)).mappings().all()
        ended = next((row for row in rows if row["day"] == day), None)
        if ended is None:
            return None
        again = completion_of(ended)
        self.add([StoredCompletion(again, ended["item_id"])], now=max(now, self._free(source, record)))
        return again

    def _free(self, source: str, record: str) -> datetime:
        """Return the first instant at which no version of a record begins; versions differ by it."""
        of_source = (completion.c.district_id == self.district_id) & (completion.c.source == source)
        query = select(func.max(completion.c.recorded_at)).where(of_source, completion.c.record == record)
        newest: datetime = self.connection.execute(query).scalar_one()
        return newest + timedelta(microseconds=1)

    def add_items(self, source: str, items: Iterable[StoredItem], *, now: datetime) -> None:
        """Store items as read; one that is stored already is left alone."""
        new = {new_item.item_id: new_item for new_item in items}
        rows = map(item_values, new.values())
        same = {"district_id": self.district_id, "source": source, "recorded_at": now}
        by = {"origin_id": OriginIds(self.connection, self.district_id, source, now).id_of}
        insert_new(self.connection, item, ITEM_COLUMNS, rows, written=("text",), by=by, **same)

    def name_files(self, source: str, names: Mapping[str, str]) -> None:
        """Name the files of items that were stored without: sha256 → name, of files that were read again."""
        named = 0
        for sha256, name in names.items():
            ours = and_(origin.c.district_id == self.district_id, origin.c.source == source)
            unnamed = ours & (origin.c.sha256 == sha256) & origin.c.file.startswith(UNNAMED)
            named += self.connection.execute(update(origin).where(unnamed).values(file=name)).rowcount
        if named:  # judgements may tell where an item was read
            JudgementStore(self.connection, self.district_id).forget()

    def item_of_record(self, source: str, record: str) -> tuple[Origin, tuple[tuple[str, str], ...]] | None:
        """Return where a record was read last, and (heading, text) as it stood there; None where nothing is kept."""
        of_source = and_(item.c.district_id == self.district_id, item.c.source == source)
        query = _ITEMS.where(of_source, item.c.record == record)
        row = self.connection.execute(query.order_by(item.c.recorded_at.desc()).limit(1)).mappings().one_or_none()
        return item_of(row) if row else None

    def item_at(self, name: str, sheet: str, number: int) -> tuple[Origin, tuple[tuple[str, str], ...]] | None:
        """Return the row of this number of a file's sheet as it was read last; None where nothing of it is kept."""
        here = (item.c.district_id == self.district_id) & (origin.c.file == name) & (origin.c.sheet == sheet)
        query = _ITEMS.where(here, item.c.cell.endswith(str(number))).order_by(item.c.recorded_at.desc())
        rows = self.connection.execute(query).mappings()
        found = [row for row in rows if row["cell"].lstrip(ascii_uppercase) == str(number)]
        return item_of(found[0]) if found else None

    def names_read(self) -> tuple[tuple[str, str], ...]:
        """Return (`file`, `sheet` or `course`; name) of everything that is stored of any source."""
        columns = {
            "file": (origin.c.file, file.c.name),
            "sheet": (origin.c.sheet,),
            "course": (
                *(completion.c.course, completion.c.course_title),
                *(completion.c.unit, completion.c.unit_title),
            ),
        }
        found = []
        for kind, several in columns.items():
            for column in several:
                ours = column.table.c.district_id == self.district_id
                names = self.connection.scalars(select(column).where(ours, column != "").distinct())
                found += [(kind, name) for name in names]
        return tuple(dict.fromkeys(found))

    def files(self, source: str, *, gone: bool = False) -> tuple[StoredFile, ...]:
        """Return the files of a source that are still there (or all ever read), by when they were first read."""
        query = select(file).where(file.c.district_id == self.district_id, file.c.source == source)
        if not gone:
            query = query.where(file.c.gone_at.is_(None))
        rows = self.connection.execute(query.order_by(file.c.first_read_at, file.c.name)).mappings()
        return tuple(file_of(row) for row in rows)

    def files_there(self, source: str) -> tuple[FileThere, ...]:
        """Return the files of a source that are still there, without the records that they speak of."""
        query = select(file.c.fingerprint, file.c.name, file.c.sha256, file.c.ledger)
        there = query.where(file.c.district_id == self.district_id, file.c.source == source, file.c.gone_at.is_(None))
        rows = self.connection.execute(there.order_by(file.c.name))
        return tuple(FileThere(row[0], row[1], row[2], FILE_LEDGER.read(row[3])) for row in rows)

    def first_read(self, source: str) -> dict[str, datetime]:
        """Return sha256 → when a file with that content was first read, of all files ever read."""
        query = select(file.c.sha256, file.c.first_read_at)
        query = query.where(file.c.district_id == self.district_id, file.c.source == source)
        return dict(self.connection.execute(query.order_by(file.c.first_read_at.desc())).all())

    def record_file(self, seen: StoredFile) -> None:
        """Record that a file was read to its end."""
        of_source = and_(file.c.district_id == self.district_id, file.c.source == seen.source)
        same = of_source & (file.c.fingerprint == seen.fingerprint)
        row = file_row(seen) | {"district_id": self.district_id, "gone_at": None}
        known_before = self.connection.scalar(select(file.c.name).where(same)) is not None
        # The row beside the statement: SQLAlchemy keeps what stands in one, and a row may tell of a million records.
        self.connection.execute(update(file).where(same) if known_before else insert(file), row)

    def files_gone(self, source: str, fingerprints: Iterable[str], *, now: datetime) -> None:
        """Record that files are no longer there, or no longer as they were read."""
        of_source = and_(file.c.district_id == self.district_id, file.c.source == source)
        gone = [{"of_fingerprint": fingerprint} for fingerprint in fingerprints]
        if gone:
            which = file.c.fingerprint == bindparam("of_fingerprint")
            self.connection.execute(update(file).where(of_source, which).values(gone_at=now), gone)

    def keep_records(self, files: Iterable[StoredFile]) -> None:
        """Keep for each file the records that it is given with, and no others."""
        of = {"of_source": file.c.source, "of_fingerprint": file.c.fingerprint}
        which = (column == bindparam(name) for name, column in of.items())
        rows = [
            {f"of_{name}": getattr(kept, name) for name in ("source", "fingerprint")} | spoken_row(kept)
            for kept in files
        ]
        if rows:
            values: dict[str, Any] = {"records": bindparam("records"), "spoken": bindparam("spoken")}
            self.connection.execute(
                update(file).where(file.c.district_id == self.district_id, *which).values(**values), rows
            )

    def learners(
        self, known_at: datetime | None = None, *, source: str | None = None
    ) -> tuple[PseudonymousLearner, ...]:
        """Return every learner of every source (or of one) as known at `known_at`, by source and id."""
        query = select(*LEARNER_READ).where(learner.c.district_id == self.district_id, known(learner, known_at))
        if source is not None:
            query = query.where(learner.c.source == source)
        in_order = query.order_by(learner.c.source, learner.c.learner)
        return tuple(learners_of(each_row(self.connection.execute(in_order))))

    def see_learners(
        self, source: str, seen: Iterable[PseudonymousLearner], pseudonyms: Pseudonyms, *, now: datetime
    ) -> None:
        """Record a source's learners as they are now; those that are not named stay as they are.

        Identifiers and names add up: evidence of a login that once named somebody else is not given to its new
        holder, and an export without its id column makes nobody a stranger.
        """
        seen = tuple(seen)
        of_source = SourceEvidence(self.connection, self.district_id, source)
        stored = {before.learner: before for before in of_source.learners(new.learner for new in seen)}
        changed = [
            seen_now
            for tonight in seen
            if (before := stored.get(tonight.learner))
            != (seen_now := remembered(before, tonight, pseudonyms) if before else tonight)
        ]
        ours = and_(learner.c.district_id == self.district_id, learner.c.source == source)
        live = ours & (learner.c.learner == bindparam("of_learner")) & learner.c.ended_at.is_(None)
        ended = [{"of_learner": seen_now.learner} for seen_now in changed if seen_now.learner in stored]
        if ended:
            self.connection.execute(update(learner).where(live).values(ended_at=now), ended)
        rows = map(learner_values, changed)
        same: dict[str, Any] = {"district_id": self.district_id, "recorded_at": now}
        insert_many(self.connection, learner, LEARNER_COLUMNS, rows, written=LEARNER_JSON, **same)

    def accepted_absences(self, source: str) -> frozenset[str]:
        """Return the records that a person agreed are missing from the source, and that have not come back."""
        query = select(absence.c.record).where(self._absent(source), absence.c.ended_at.is_(None))
        return frozenset(self.connection.scalars(query))

    def end_absences(self, source: str, present: Set[str], *, now: datetime) -> None:
        """Record that records which were agreed to be missing are shown again."""
        back = self.accepted_absences(source) & present
        if back:
            ended = self._absent(source) & (absence.c.record == bindparam("of_record")) & absence.c.ended_at.is_(None)
            ending = update(absence).where(ended).values(ended_at=now)
            self.connection.execute(ending, [{"of_record": record} for record in sorted(back)])

    def _absent(self, source: str) -> ColumnElement[bool]:
        return and_(absence.c.district_id == self.district_id, absence.c.source == source)

    def accept_absences(self, source: str, records: Iterable[str], *, by: str, now: datetime) -> tuple[str, ...]:
        """Record that a person agreed that records are missing, and return those that were not agreed on before.

        They come sorted, and stay evidence.
        """
        new = sorted(set(records) - self.accepted_absences(source))
        word = {"district_id": self.district_id, "source": source, "accepted_at": now, "accepted_by": by}
        if new:
            self.connection.execute(insert(absence), [word | {"record": record} for record in new])
        return tuple(new)
