"""Runs and pulls: what was tried when, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from lms_sync.model.run import PullRecord, RunRecord
from lms_sync.model.stored.pulled import PULL_LEDGER
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import pull, run


@dataclass(frozen=True, slots=True)
class Runs:
    """One district's runs and pulls."""

    connection: Connection
    district_id: str

    def start(self, command: str, now: datetime) -> int:
        """Record that a run begins, and return its number."""
        last = self.connection.scalar(select(func.max(run.c.run_id)).where(run.c.district_id == self.district_id))
        row = {"run_id": (last or 0) + 1, "command": command, "started_at": now}
        self.connection.execute(insert(run).values(district_id=self.district_id, **row))
        return (last or 0) + 1

    def finish(self, run_id: int, *, now: datetime, exit_code: int) -> None:
        """Record how a run ended."""
        same = (run.c.district_id == self.district_id) & (run.c.run_id == run_id)
        self.connection.execute(update(run).where(same).values(finished_at=now, exit_code=exit_code))

    def since(self, command: str, moment: datetime) -> tuple[datetime, ...]:
        """Return when each run of a command began after a moment, the oldest first."""
        query = select(run.c.started_at).where(run.c.district_id == self.district_id, run.c.command == command)
        return tuple(self.connection.scalars(query.where(run.c.started_at > moment).order_by(run.c.run_id)))

    def last(self, command: str) -> RunRecord | None:
        """Return the newest run of a command; None when it never ran."""
        query = select(run).where(run.c.district_id == self.district_id, run.c.command == command)
        row = self.connection.execute(query.order_by(run.c.run_id.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else value_of(RunRecord, row)

    def last_finished(self, command: str) -> datetime | None:
        """Return when a run of a command last came to its end; None when none ever did."""
        of_command = (run.c.district_id == self.district_id) & (run.c.command == command)
        last: datetime | None = self.connection.scalar(select(func.max(run.c.finished_at)).where(of_command))
        return last

    def last_begun(self, command: str) -> datetime | None:
        """Return when the last run of a command that came to its end had begun; None when none ever did."""
        same = (run.c.district_id == self.district_id) & (run.c.command == command) & run.c.finished_at.is_not(None)
        begun: datetime | None = self.connection.scalar(select(func.max(run.c.started_at)).where(same))
        return begun

    def finished(self, command: str, most: int) -> tuple[datetime, ...]:
        """Return when the last runs of a command came to their end, at most so many, the newest first."""
        same = (run.c.district_id == self.district_id) & (run.c.command == command) & run.c.finished_at.is_not(None)
        query = select(run.c.finished_at).where(same).order_by(run.c.finished_at.desc()).limit(most)
        return tuple(self.connection.scalars(query))

    def newest(self) -> datetime | None:
        """Return the last instant at which a run began or ended, or a source was pulled; None for none."""
        ours = [(run, run.c.started_at), (run, run.c.finished_at), (pull, pull.c.pulled_at)]
        queries = [select(func.max(column)).where(table.c.district_id == self.district_id) for table, column in ours]
        found: list[datetime | None] = [self.connection.scalar(query) for query in queries]
        return max(filter(None, found), default=None)

    def record_pull(self, record: PullRecord) -> None:
        """Record an attempt to pull a source."""
        self.connection.execute(insert(pull).values(row_of(record, district_id=self.district_id)))

    def cursor(self, source: str) -> str:
        """Return the newest cursor that was stored with a source's data; empty for none."""
        query = select(pull.c.cursor).where(pull.c.district_id == self.district_id, pull.c.source == source)
        query = query.where(pull.c.cursor != "").order_by(pull.c.pulled_at.desc()).limit(1)
        return self.connection.scalar(query) or ""

    def pulls(self, known_at: datetime | None = None) -> dict[str, tuple[PullRecord | None, PullRecord]]:
        """Return, per source, the last pull that was stored (None for never) and the last attempt."""
        stored = self._newest(known_at, pull.c.outcome == "stored")
        return {source: (stored.get(source), record) for source, record in self._newest(known_at).items()}

    def was_stored(self, source: str) -> bool:
        """Tell whether any pull of a source was stored whole."""
        ours = (pull.c.district_id == self.district_id, pull.c.source == source, pull.c.outcome == "stored")
        return self.connection.execute(select(pull.c.source).where(*ours).limit(1)).first() is not None

    def _newest(self, known_at: datetime | None, *which: ColumnElement[bool]) -> dict[str, PullRecord]:
        """Return source → its newest pull of those that `which` says."""
        then = () if known_at is None else (pull.c.pulled_at <= known_at,)
        ours = pull.c.district_id == self.district_id
        newest = select(pull.c.source, func.max(pull.c.pulled_at).label("at")).where(ours, *then, *which)
        last = newest.group_by(pull.c.source).subquery()
        same = (pull.c.source == last.c.source) & (pull.c.pulled_at == last.c.at)
        rows = self.connection.execute(select(pull).join(last, same).where(ours).order_by(pull.c.source)).mappings()
        return {row["source"]: value_of(PullRecord, row, ledger=PULL_LEDGER.read(row["ledger"])) for row in rows}
