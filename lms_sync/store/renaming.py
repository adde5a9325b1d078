"""Evidence gets other keys: what is stored beside the completions, whose history stays under the old ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, and_, insert, select, update

from lms_sync.model.many_records import RecordsOfFile
from lms_sync.store.among import among, keys_of
from lms_sync.store.evidence_rows import file_of, spoken_row
from lms_sync.store.schema import absence, completion, file, finding, learner


@dataclass(frozen=True, slots=True)
class Renaming:
    """One source of one district."""

    connection: Connection
    district_id: str
    source: str

    def item_ids(self) -> dict[tuple[str, date | None], str]:
        """Return (record, day) of what counts → the id of the item that it was read from."""
        row = completion.c
        ours = and_(row.district_id == self.district_id, row.source == self.source, row.ended_at.is_(None))
        rows = self.connection.execute(select(row.record, row.day, row.item_id).where(ours))
        return {(record, day): item_id for record, day, item_id in rows}

    def recorded(self) -> frozenset[str]:
        """Return every record of which anything is stored, also what no longer counts."""
        row = completion.c
        ours = and_(row.district_id == self.district_id, row.source == self.source)
        return keys_of(self.connection, row.record, ours)

    def files(self, records: Mapping[str, str]) -> None:
        """Let the files speak of their records under the new keys."""
        ours = and_(file.c.district_id == self.district_id, file.c.source == self.source)
        for row in self.connection.execute(select(file).where(ours)).mappings().all():
            before = file_of(row)
            done, spoken = before.records.each, before.spoken.each
            if not records.keys().isdisjoint(done | spoken):
                now_done, now_spoken = (
                    RecordsOfFile.of({records.get(r, r) for r in found}) for found in (done, spoken)
                )
                new = spoken_row(replace(before, records=now_done, spoken=now_spoken))
                same = file.c.fingerprint == before.fingerprint
                self.connection.execute(update(file).where(ours, same).values(**new))

    def absences(self, records: Mapping[str, str], *, now: datetime) -> None:
        """Let the word of whoever accepted that a record is missing hold for its new key."""
        ours = and_(absence.c.district_id == self.district_id, absence.c.source == self.source)
        live = and_(ours, absence.c.ended_at.is_(None))
        theirs = among(self.connection, absence.c.record, records)
        rows = self.connection.execute(select(absence).where(live, theirs)).all()
        there = set(self.connection.scalars(select(absence.c.record).where(live)))
        for row in rows:
            old = and_(live, absence.c.record == row.record)
            self.connection.execute(update(absence).where(old).values(ended_at=now))
            if (new := records[row.record]) not in there:
                there.add(new)
                values = {"record": new, "accepted_at": row.accepted_at, "accepted_by": row.accepted_by}
                keys = {"district_id": self.district_id, "source": self.source}
                self.connection.execute(insert(absence).values(**keys, **values))

    def end_learners(self, learners: Collection[str], *, now: datetime) -> None:
        """Let learners stop counting of whom nothing is stored any more under their old keys."""
        ours = and_(learner.c.district_id == self.district_id, learner.c.source == self.source)
        theirs = among(self.connection, learner.c.learner, learners)
        live = and_(ours, learner.c.ended_at.is_(None), theirs)
        self.connection.execute(update(learner).where(live).values(ended_at=now))

    def finding(self, old_id: str, new_id: str) -> None:
        """Let what waits about a claim wait under the claim's new id."""
        ours = and_(finding.c.district_id == self.district_id, finding.c.finding_id == old_id)
        row = self.connection.execute(select(finding.c.payload).where(ours)).one_or_none()
        if row is not None:
            payload = {**row.payload, "handle": new_id}
            self.connection.execute(update(finding).where(ours).values(finding_id=new_id, payload=payload))
