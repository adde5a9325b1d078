"""Stored evidence: completions with their history, the items and files they were read from, the learners."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, insert, select, update

from lms_sync.model.course_map import CourseSeen
from lms_sync.model.evidence import Completion, StoredCompletion, StoredFile, StoredItem
from lms_sync.model.finding import UNNAMED, Origin
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, remembered
from lms_sync.store.evidence_rows import (
    completion_of,
    completion_row,
    file_of,
    file_row,
    item_of,
    item_row,
    learner_of,
    learner_row,
)
from lms_sync.store.facts import known
from lms_sync.store.schema import absence, completion, file, item, learner


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """One district's evidence. `record` and learner ids are sealed (see matching.py) before they get here."""

    connection: Connection
    district_id: str

    def completions(self, source: str | None = None, *, known_at: datetime | None = None) -> tuple[Completion, ...]:
        """Return the completions that count (claims among them), of one source or of all, by source and record."""
        rows = self.connection.execute(self._query(source, known_at)).mappings()
        return tuple(completion_of(row) for row in rows)

    def _query(self, source: str | None, known_at: datetime | None, *, ended: bool = False) -> Select[Any]:
        same_item = and_(
            item.c.district_id == completion.c.district_id,
            item.c.source == completion.c.source,
            item.c.item_id == completion.c.item_id,
        )
        origin = (item.c.file, item.c.sha256, item.c.sheet, item.c.cell, item.c.url, item.c.item)
        query = select(completion, *origin).join(item, same_item)
        which = completion.c.ended_at.is_not(None) if ended else known(completion, known_at)
        query = query.where(completion.c.district_id == self.district_id, which)
        if source is not None:
            query = query.where(completion.c.source == source)
        return query.order_by(completion.c.source, completion.c.record, completion.c.day)

    def courses_seen(self) -> tuple[CourseSeen, ...]:
        """Return every name under which a source has shown a course or unit, with the newest day, by those names."""
        columns = completion.c
        names = (columns.source, columns.course, columns.course_title, columns.unit, columns.unit_title)
        query = select(*names, func.max(columns.day)).where(columns.district_id == self.district_id).group_by(*names)
        rows = self.connection.execute(query.order_by(*names)).all()
        return tuple(CourseSeen(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)

    def add(self, versions: Iterable[StoredCompletion], *, now: datetime) -> None:
        """Store completions that count from `now` on."""
        rows = [
            completion_row(version) | {"district_id": self.district_id, "recorded_at": now} for version in versions
        ]
        if rows:
            self.connection.execute(insert(completion), rows)

    def end(self, source: str, records: Iterable[str], *, reason: str, now: datetime) -> None:
        """Let stored completions stop counting from `now` on."""
        for record in records:
            live = (completion.c.source == source) & (completion.c.record == record) & completion.c.ended_at.is_(None)
            ours = completion.c.district_id == self.district_id
            self.connection.execute(update(completion).where(ours, live).values(ended_at=now, end_reason=reason))

    def end_one(self, ended: Completion, *, reason: str, now: datetime) -> None:
        """Let one stored completion stop counting from `now` on, and no other of its record."""
        live = (*self._versions(ended), completion.c.ended_at.is_(None))
        self.connection.execute(update(completion).where(*live).values(ended_at=now, end_reason=reason))

    def _versions(self, completed: Completion) -> tuple[ColumnElement[bool], ...]:
        row = completion.c
        record = row.district_id == self.district_id, row.source == completed.source, row.record == completed.record
        return (*record, row.day.is_(None) if completed.day is None else row.day == completed.day)

    def ended_because(self, reason: str) -> tuple[tuple[StoredCompletion, datetime], ...]:
        """Return what ended last of its record and day for `reason`, and when; not what counts again.

        Nor what came before its record was withdrawn. By source, record and day.
        """
        query = self._query(None, None, ended=True).order_by(None).order_by(completion.c.ended_at)
        last: dict[tuple[str, str, date | None], RowMapping] = {}
        for row in self.connection.execute(query).mappings():
            record = row["source"], row["record"]
            if row["end_reason"] == "withdrawn":
                last = {key: ended for key, ended in last.items() if key[:2] != record}
            last[*record, row["day"]] = row
        live = {(completed.source, completed.record, completed.day) for completed in self.completions()}
        rows = [row for key, row in last.items() if row["end_reason"] == reason and key not in live]
        rows.sort(key=lambda row: (row["source"], row["record"], row["day"] or date.max))
        return tuple((StoredCompletion(completion_of(row), row["item_id"]), row["ended_at"]) for row in rows)

    def reinstate(self, source: str, record: str, day: date | None, *, now: datetime) -> Completion | None:
        """Let what was stored last of a record and day count again from `now` on; None where nothing was."""
        query = self._query(source, None, ended=True).order_by(None).order_by(completion.c.recorded_at.desc())
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
        stored = set(self.connection.scalars(select(item.c.item_id).where(self._items_of(source))))
        new = {new_item.item_id: new_item for new_item in items if new_item.item_id not in stored}
        whose = {"district_id": self.district_id, "source": source, "recorded_at": now}
        if new:
            self.connection.execute(insert(item), [whose | item_row(new_item) for new_item in new.values()])

    def name_files(self, source: str, names: Mapping[str, str]) -> None:
        """Name the files of items that were stored without: sha256 → name, of files that were read again."""
        for sha256, name in names.items():
            unnamed = self._items_of(source) & (item.c.sha256 == sha256) & item.c.file.startswith(UNNAMED)
            self.connection.execute(update(item).where(unnamed).values(file=name))

    def item_of_record(self, source: str, record: str) -> tuple[Origin, tuple[tuple[str, str], ...]] | None:
        """Return where a record was read last, and (heading, text) as it stood there; None where nothing is kept."""
        query = select(item).where(self._items_of(source), item.c.record == record)
        row = self.connection.execute(query.order_by(item.c.recorded_at.desc()).limit(1)).mappings().one_or_none()
        return item_of(row) if row else None

    def item_at(self, name: str, sheet: str, number: int) -> tuple[Origin, tuple[tuple[str, str], ...]] | None:
        """Return the row of this number of a file's sheet as it was read last; None where nothing of it is kept."""
        here = (item.c.district_id == self.district_id) & (item.c.file == name) & (item.c.sheet == sheet)
        query = select(item).where(here, item.c.cell.endswith(str(number))).order_by(item.c.recorded_at.desc())
        rows = self.connection.execute(query).mappings()
        found = [row for row in rows if row["cell"].lstrip(ascii_uppercase) == str(number)]
        return item_of(found[0]) if found else None

    def names_read(self) -> tuple[tuple[str, str], ...]:
        """Return (`file`, `sheet` or `course`; name) of everything that is stored of any source."""
        columns = {
            "file": (item.c.file, file.c.name),
            "sheet": (item.c.sheet,),
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

    def places(self, source: str) -> set[tuple[str, str, str]]:
        """Return (sha256, sheet, cell) of every item that is kept of a source."""
        row = item.c
        rows = self.connection.execute(select(row.sha256, row.sheet, row.cell).where(self._items_of(source)))
        return {(sha256, sheet, cell) for sha256, sheet, cell in rows}

    def text_hashes(self, source: str) -> set[str]:
        """Return the hashes of all texts that are kept of a source."""
        return set(self.connection.scalars(select(item.c.text_hash).where(self._items_of(source)).distinct()))

    def _items_of(self, source: str) -> ColumnElement[bool]:
        return and_(item.c.district_id == self.district_id, item.c.source == source)

    def files(self, source: str, *, gone: bool = False) -> tuple[StoredFile, ...]:
        """Return the files of a source that are still there (or all ever read), by when they were first read."""
        query = select(file).where(file.c.district_id == self.district_id, file.c.source == source)
        if not gone:
            query = query.where(file.c.gone_at.is_(None))
        rows = self.connection.execute(query.order_by(file.c.first_read_at, file.c.name)).mappings()
        return tuple(file_of(row) for row in rows)

    def first_read(self, source: str) -> dict[str, datetime]:
        """Return sha256 → when a file with that content was first read, of all files ever read."""
        query = select(file.c.sha256, file.c.first_read_at)
        query = query.where(file.c.district_id == self.district_id, file.c.source == source)
        return dict(self.connection.execute(query.order_by(file.c.first_read_at.desc())).all())

    def record_file(self, seen: StoredFile) -> None:
        """Record that a file was read to its end."""
        same = and_(
            file.c.district_id == self.district_id,
            file.c.source == seen.source,
            file.c.fingerprint == seen.fingerprint,
        )
        row = file_row(seen) | {"district_id": self.district_id, "gone_at": None}
        if not self.connection.execute(update(file).where(same).values(**row)).rowcount:
            self.connection.execute(insert(file).values(**row))

    def files_gone(self, source: str, fingerprints: Iterable[str], *, now: datetime) -> None:
        """Record that files are no longer there, or no longer as they were read."""
        gone = and_(
            file.c.district_id == self.district_id,
            file.c.source == source,
            file.c.fingerprint.in_(list(fingerprints)),
        )
        self.connection.execute(update(file).where(gone).values(gone_at=now))

    def learners(self, known_at: datetime | None = None) -> tuple[PseudonymousLearner, ...]:
        """Return every learner of every source as known at `known_at`, by source and id."""
        query = select(learner).where(learner.c.district_id == self.district_id, known(learner, known_at))
        rows = self.connection.execute(query.order_by(learner.c.source, learner.c.learner)).mappings()
        return tuple(learner_of(row) for row in rows)

    def see_learners(self, seen: Iterable[PseudonymousLearner], pseudonyms: Pseudonyms, *, now: datetime) -> None:
        """Record learners as they are now; those that are not named stay as they are.

        Identifiers and names add up: evidence of a login that once named somebody else is not given to its new
        holder, and an export without its id column makes nobody a stranger.
        """
        stored = {(old.source, old.learner): old for old in self.learners()}
        for tonight in seen:
            before = stored.get((tonight.source, tonight.learner))
            newest = tonight if before is None else remembered(before, tonight, pseudonyms)
            if before == newest:
                continue
            if before is not None:
                same = (learner.c.source == newest.source) & (learner.c.learner == newest.learner)
                live = (learner.c.district_id == self.district_id) & learner.c.ended_at.is_(None)
                self.connection.execute(update(learner).where(live, same).values(ended_at=now))
            self.connection.execute(insert(learner).values(district_id=self.district_id, **learner_row(newest, now)))

    def accepted_absences(self, source: str) -> frozenset[str]:
        """Return the records that a person agreed are missing from the source, and that have not come back."""
        query = select(absence.c.record).where(self._absent(source), absence.c.ended_at.is_(None))
        return frozenset(self.connection.scalars(query))

    def end_absences(self, source: str, present: Set[str], *, now: datetime) -> None:
        """Record that records which were agreed to be missing are shown again."""
        back = self.accepted_absences(source) & present
        if back:
            returned = self._absent(source) & absence.c.record.in_(sorted(back)) & absence.c.ended_at.is_(None)
            self.connection.execute(update(absence).where(returned).values(ended_at=now))

    def _absent(self, source: str) -> ColumnElement[bool]:
        return and_(absence.c.district_id == self.district_id, absence.c.source == source)

    def accept_absences(self, source: str, records: Iterable[str], *, by: str, now: datetime) -> tuple[str, ...]:
        """Record that a person agreed that records are missing, and return those that were not agreed on before.

        They come sorted, and stay evidence.
        """
        new = sorted(set(records) - self.accepted_absences(source))
        rows = [{"record": record, "accepted_at": now, "accepted_by": by} for record in new]
        if rows:
            self.connection.execute(
                insert(absence), [{"district_id": self.district_id, "source": source} | row for row in rows]
            )
        return tuple(new)
