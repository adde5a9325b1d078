"""The database of one district: open it, ask it, write to it. Every write belongs to a transaction of the caller.

with open_store(url, opening) as store:
    with store.transaction():
        store.facts.record(...)
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError

from lms_sync.errors import ConfigError
from lms_sync.store import schema
from lms_sync.store.audit import Audit, KeyedHash
from lms_sync.store.deliveries import Deliveries
from lms_sync.store.engine import NoneOfOurs, copy_file, make_engine, sqlite_file, unusable
from lms_sync.store.evidence import EvidenceStore
from lms_sync.store.evidence_of_source import SourceEvidence
from lms_sync.store.facts import FactStore
from lms_sync.store.findings import Findings
from lms_sync.store.issued import Issuances
from lms_sync.store.judgements import JudgementStore
from lms_sync.store.known_rows import KnownRowsStore
from lms_sync.store.locks import ServerLock
from lms_sync.store.migrations.upgrade import known_revisions, newest, present_revision, upgrade
from lms_sync.store.renaming import Renaming
from lms_sync.store.reports import ReportStore
from lms_sync.store.runs import Runs
from lms_sync.store.state import StoredState


@dataclass(frozen=True, slots=True)
class Store:
    """One district's questions and writes, on one connection."""

    connection: Connection
    district_id: str
    rehearsal: bool
    keyed_hash: KeyedHash | None = None
    """Keyed hashes under the identity key; None where it was opened without one."""

    @property
    def facts(self) -> FactStore:
        """What people wrote and programs shipped."""
        return FactStore(self.connection, self.district_id)

    @property
    def evidence(self) -> EvidenceStore:
        """Completions, items, learners, files."""
        return EvidenceStore(self.connection, self.district_id)

    @property
    def known_rows(self) -> KnownRowsStore:
        """Rows of sheets that were read before."""
        return KnownRowsStore(self.connection, self.district_id)

    def of_source(self, source: str) -> SourceEvidence:
        """Return what one source's pull asks of the evidence."""
        return SourceEvidence(self.connection, self.district_id, source)

    def renaming(self, source: str) -> Renaming:
        """Return what gives other keys to what is stored of one source."""
        return Renaming(self.connection, self.district_id, source)

    @property
    def findings(self) -> Findings:
        """What waits for a person, and what persons decided."""
        return Findings(self.connection, self.district_id)

    @property
    def audit(self) -> Audit:
        """The audit log of human decisions."""
        return Audit(self.connection, self.district_id, self.keyed_hash)

    @property
    def reports(self) -> ReportStore:
        """Reports as issued."""
        return ReportStore(self.connection, self.district_id)

    @property
    def issued(self) -> Issuances:
        """Training confirmations and plans as issued."""
        return Issuances(self.connection, self.district_id)

    @property
    def judgements(self) -> JudgementStore:
        """What the last nights made of each person."""
        return JudgementStore(self.connection, self.district_id)

    @property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        return Deliveries(self.connection, self.district_id)

    @property
    def runs(self) -> Runs:
        """Runs and pulls."""
        return Runs(self.connection, self.district_id)

    @property
    def state(self) -> StoredState:
        """All of the data in short."""
        return StoredState(self.connection, self.district_id)

    def let_go(self) -> None:
        """End the transaction that questions opened by themselves, so that nobody waits for it."""
        if not self.rehearsal and not self.connection.info.get("writing"):
            self.connection.rollback()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all writes of the block, or none. In a rehearsal they are undone when the store is closed."""
        mark = self.connection.info
        if mark.get("writing"):
            raise RuntimeError("a transaction of the store inside another")
        if not self.rehearsal and self.connection.in_transaction():
            self.connection.rollback()  # the transaction that a mere question began by itself
        mark["writing"] = True
        try:
            with self.connection.begin_nested() if self.rehearsal else self.connection.begin():
                yield
        except OperationalError:
            if not self.rehearsal:
                self.connection.rollback()  # a commit that found the file busy leaves its transaction open
            raise
        finally:
            mark["writing"] = False


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose database to open."""

    district_id: str
    key_check: str
    """What the identity key makes of a fixed text; another value than at the first opening is refused."""
    now: datetime
    rehearsal: bool = False
    """Roll everything back at the end (`-n`)."""
    password: str = field(default="", repr=False)
    """Of a database server; the address itself holds none."""
    alone: bool = False
    """Hold the district's lock on a server, so that no other machine works on it meanwhile."""
    beside_others: bool = False
    """Let a new district into a database that holds others already."""
    was_here: bool = False
    """The district had a database before: one that holds nothing of it is refused, not begun anew."""
    keyed_hash: KeyedHash | None = None
    """Keyed hashes under the identity key, for the codes of the log's entries."""


@contextmanager
def open_store(url: str, opening: Opening) -> Iterator[Store]:
    """Open the district's store, bringing the tables up to date first.

    Raises: ConfigError when the database cannot be opened or the identity key is not the one it was made with;
    NoneOfOurs for another program's, or where the district's own is gone; Locked when another machine works on it.
    """
    engine = make_engine(url, opening.password)
    try:
        with held_alone(engine, opening), engine.connect() as connection:
            if opening.rehearsal:
                connection.info["writing"] = True
                connection.begin()
                connection.info["writing"] = False
            store = Store(connection, opening.district_id, opening.rehearsal, opening.keyed_hash)
            if not (present_revision(connection) == newest() and _is_known(connection, opening)):
                _expect_ours(connection, opening)
                _keep_earlier(url, connection, opening)
                with store.transaction():
                    upgrade(connection)
                    _greet(connection, opening)
            store.let_go()
            yield store
    except DatabaseError as error:
        # A row that breaks a rule of the tables is a fault of the program, and no trouble of the database.
        if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
            raise
        raise unusable(url, error) from error
    finally:
        engine.dispose()


def held_alone(engine: Engine, opening: Opening) -> AbstractContextManager[None]:
    """Hold the district's lock on a server where the opening asks for it; on SQLite the folder's lock is enough."""
    if opening.alone and engine.dialect.name == "postgresql":
        return ServerLock(engine, opening.district_id).held()
    return nullcontext()


def _expect_ours(connection: Connection, opening: Opening) -> None:
    """Refuse tables of another program, and a database without the district that was in it. Raises: NoneOfOurs."""
    tables = inspect(connection).get_table_names()
    if tables and not {schema.district.name, "alembic_version"}.issubset(tables):
        few = ", ".join(tables[:3]) + (" …" if len(tables) > 3 else "")
        raise NoneOfOurs(f"the database is another program's: it has the tables {few}")
    if not opening.was_here or present_revision(connection) not in (None, *known_revisions()):
        return
    if not (tables and _is_known(connection, opening)):
        if tables:
            _expect_no_other(connection, opening)
        raise NoneOfOurs(f"the database is empty: it holds nothing of district {opening.district_id}")


def _keep_earlier(url: str, connection: Connection, opening: Opening) -> None:
    """Copy a SQLite database of an earlier version beside it, before its tables are brought up to date.

    A copy of the same version that is there already is from before an attempt that failed, and stays.
    """
    source = None if opening.rehearsal else sqlite_file(url)
    revision = present_revision(connection) if source and source.stat().st_size else None
    if source is None or revision in (None, newest()) or revision not in known_revisions():
        return
    connection.rollback()
    copy = source.with_name(f"{source.stem}-before-{newest()}-was-{revision}{source.suffix}")
    if not copy.exists():
        # Killed half-way, it leaves no copy that would be taken for a whole one.
        part = copy.with_name(f".{copy.name}.part")
        part.unlink(missing_ok=True)
        copy_file(source, part).replace(copy)


def _greet(connection: Connection, opening: Opening) -> None:
    if not _is_known(connection, opening):
        _expect_no_other(connection, opening)
        row = {"district_id": opening.district_id, "key_check": opening.key_check, "created_at": opening.now}
        connection.execute(insert(schema.district).values(row))


def _is_known(connection: Connection, opening: Opening) -> bool:
    """Tell whether the district has a row. Raises: ConfigError when it was made with another identity key."""
    table = schema.district
    known = connection.scalar(select(table.c.key_check).where(table.c.district_id == opening.district_id))
    if known is not None and known != opening.key_check:
        raise ConfigError(
            "the identity key is not the one this database was made with",
            hint="Put the old key file back from the backup: with another key no stored record is recognised.",
        )
    return known is not None


def _expect_no_other(connection: Connection, opening: Opening) -> None:
    others = connection.scalars(select(schema.district.c.district_id)).all()
    if others and not opening.beside_others:
        raise ConfigError(
            f"the database belongs to district {', '.join(sorted(others))}; lms_sync.toml says {opening.district_id}",
            hint="Put the old [district] id back: it is the key to all that is stored. Another district needs a "
            "database of its own.",
        )
