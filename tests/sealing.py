"""Seal the tests: no network but the machine itself, no waiting, nothing of the developer's own environment."""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest
from hypothesis import settings
from jinja2 import Environment
from sqlalchemy import URL, Connection, Engine, create_engine, event

from lms_sync.agreements.clause_c import signed
from lms_sync.agreements.clause_c.examine import examine
from lms_sync.agreements.review import workbook as review_workbook
from lms_sync.documents import child, look
from lms_sync.reports import typeset
from lms_sync.reports.partner import workbook as partner_workbook
from lms_sync.sources.corrections import post
from lms_sync.sources.corrections.child import taken_apart
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.store import engine as engines
from lms_sync.store import store
from lms_sync.store.migrations.upgrade import upgrade
from lms_sync.tables.write import SheetSpec, write_workbook
from tests.postgresql import Server, running

settings.register_profile("here", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

LOOPBACK = ("localhost", "127.0.0.1", "::1", None, "", b"localhost", b"127.0.0.1", b"::1")
OURS = ("LMS_SYNC_", "CREDENTIALS_DIRECTORY", "NO_COLOR", "FORCE_COLOR", "COLUMNS")


@pytest.fixture(autouse=True, scope="session")
def _sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Seal the tests, and let them share what costs most; a test's own monkeypatch lies on top of it.

    One fixture for all of it: pytest looks at each one again before each test.
    """
    with pytest.MonkeyPatch.context() as patch:
        for seal in SEALS:
            seal(patch)
        # Keys are written into a folder of the session, never among the developer's own settings.
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        yield


def _no_network(sealing: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up of a name that would leave the machine."""
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOOPBACK:
                raise AssertionError(f"a test reached for the network: {address}")
            return real(self, address)

        return connect

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in LOOPBACK:
            raise AssertionError(f"a test looked up {host!r}")
        return look_up(host, *args, **kwargs)

    sealing.setattr(socket.socket, "connect", guarded("connect"))
    sealing.setattr(socket.socket, "connect_ex", guarded("connect_ex"))
    sealing.setattr(socket, "getaddrinfo", getaddrinfo)


def _no_waiting(sealing: pytest.MonkeyPatch) -> None:
    """Refuse to sleep in the test's own thread; servers in other threads may, and who waits for a process to end."""
    real = time.sleep

    def sleep(seconds: float) -> None:
        allowed = threading.current_thread() is not threading.main_thread()
        allowed = allowed or sys._getframe(1).f_globals["__name__"] == "subprocess"
        assert allowed, f"a test waits {seconds} s"
        real(seconds)

    sealing.setattr(time, "sleep", sleep)


def _no_environment(sealing: pytest.MonkeyPatch) -> None:
    """Take away what the developer's own shell would tell lms-sync."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        sealing.delenv(name)


@pytest.fixture
def _files_looked_into_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look into files and messages without a process of its own, which costs more than everything else then.

    That it is a process of its own, and what its end means, is for tests/documents/test_filing_look.py,
    tests/agreements/test_recognise.py and tests/security/test_belief_senders.py.
    """
    for module, answered in IN_A_CHILD.items():

        def ask(
            program: tuple[str, ...],
            content: bytes,
            *,
            seconds: float = 0.0,
            answered: Callable[[tuple[str, ...], bytes], str] = answered,
        ) -> bytes | None:
            try:
                return answered(program, content).encode()
            except Exception:  # the process would have ended without an answer
                return None

        monkeypatch.setattr(module, "ask_child", ask)


def _behind(program: tuple[str, ...], content: bytes) -> str:
    behind = examine(content, int(program[-1]))
    return json.dumps({"signatures": [[s.name, s.intact] for s in behind.signatures], "changed": behind.changed})


def _apart(program: tuple[str, ...], content: bytes) -> str:
    *_, server, exchange = program
    return json.dumps(taken_apart(content, TrustedServer(server, exchange_online=exchange == "yes")))


def _workbooks_written_once(sealing: pytest.MonkeyPatch) -> None:
    """Let towns that were copied from one another share a partner's workbook: the same sheets give the same bytes."""

    def written(path: Path | None, sheets: Iterable[SheetSpec], *, title: str, **day: date) -> bytes:
        sheets = tuple(sheets)
        key = repr((sheets, title, day))
        if path is not None or key not in WRITTEN:
            WRITTEN[key] = write_workbook(path, sheets, title=title, **day)
        return WRITTEN[key]

    for module in (partner_workbook, review_workbook):
        sealing.setattr(module, "write_workbook", written)


def _documents_set_once(sealing: pytest.MonkeyPatch) -> None:
    """Let tests share a PDF file: the same templates, data and day give the same bytes.

    That they do is for tests/reports, which ask for `_set_each_time`.
    """

    def pdf(folders: tuple[Path, ...], stem: str, data: str, day: date) -> typeset.Pdf:
        files = (path for folder in folders for path in sorted(folder.iterdir()) if path.suffix != ".j2")
        key = (*((path.name, path.read_bytes()) for path in files if path.is_file()), stem, data, day)
        if key not in SET:
            SET[key] = SET_ANEW(folders, stem, data, day)
        return SET[key]

    sealing.setattr(typeset, "_set", pdf)


@pytest.fixture
def _set_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let typst set each document, also one that it has set before."""
    monkeypatch.setattr(typeset, "_set", SET_ANEW)


def _templates_compiled_once(sealing: pytest.MonkeyPatch) -> None:
    """Let all environments of a test process share what Jinja makes of a template: each desk has its own environment.

    A program makes one and compiles each template once; what a template is filled with is nobody's but the test's.
    """
    compile_template = Environment.compile

    def compiled(self: Environment, source: Any, name: str | None = None, filename: str | None = None) -> Any:
        key = (type(self), source, name, filename)
        if key not in COMPILED:
            COMPILED[key] = compile_template(self, source, name, filename)
        return COMPILED[key]

    sealing.setattr(Environment, "compile", compiled)


def _nothing_waits_for_the_disk(sealing: pytest.MonkeyPatch) -> None:
    """Let a power cut lose what was written last, as no test has one."""
    sealing.setattr(os, "fsync", lambda descriptor: None)


def _tables_made_once(sealing: pytest.MonkeyPatch) -> None:
    """Give an empty SQLite database the tables that the revisions made in the first one; others are upgraded."""
    sealing.setattr(store, "upgrade", _upgrade)


def _questions_translated_once(sealing: pytest.MonkeyPatch) -> None:
    """Let all SQLite databases of a test process share what SQLAlchemy makes of our questions.

    A program opens one database and translates each question once; a test process opens hundreds.
    """
    sealing.setattr(engines, "create_engine", _create_engine)


def _create_engine(url: URL, **options: Any) -> Engine:
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_waiting_for_the_disk)
        engine.dialect = SHARED.dialect
        engine.update_execution_options(compiled_cache=TRANSLATED)
    return engine


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    """Let a power cut lose what was written last, as no test has one."""
    connection.execute("PRAGMA synchronous = OFF")


def _upgrade(connection: Connection) -> None:
    empty = connection.dialect.name == "sqlite" and not _statements(connection)
    if not (empty and MADE_BY_REVISIONS):
        upgrade(connection)
    if empty and not MADE_BY_REVISIONS:
        MADE_BY_REVISIONS.extend(_statements(connection))
        (revision,) = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
        MADE_BY_REVISIONS.append(f"INSERT INTO alembic_version VALUES ('{revision}')")
    elif empty:
        for statement in MADE_BY_REVISIONS:
            connection.exec_driver_sql(statement)


def _statements(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return list(found.scalars())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Yield a real PostgreSQL server; it starts with the first test of a process that asks for one."""
    with running() as server:
        yield server


SEALS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _no_network,
    _no_waiting,
    _no_environment,
    _workbooks_written_once,
    _documents_set_once,
    _templates_compiled_once,
    _nothing_waits_for_the_disk,
    _tables_made_once,
    _questions_translated_once,
)
IN_A_CHILD: Mapping[ModuleType, Callable[[tuple[str, ...], bytes], str]] = {
    look: lambda program, content: child.answer(program[-1], content),
    signed: _behind,
    post: _apart,
}
"""Module that asks a process of its own → what that process answers to its command line and a file."""
MADE_BY_REVISIONS: list[str] = []
"""What makes an empty SQLite database what the revisions make of it; Alembic takes a tenth of a second for that."""
SHARED = engines.make_engine("sqlite://")
SHARED.connect().close()
WRITTEN: dict[str, bytes] = {}
"""What the sheets of a workbook say → its bytes."""
TRANSLATED: dict[Any, Any] = {}
COMPILED: dict[Any, CodeType] = {}
"""Kind of environment, source and names of a template → its code."""
SET: dict[Any, typeset.Pdf] = {}
"""Templates, data and day of a document → its file."""
SET_ANEW = typeset._set
