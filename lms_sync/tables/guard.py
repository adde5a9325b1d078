"""Files from outside are read behind a guard: a workbook that kills its reader, or keeps it busy, is one refusal.

Workbooks are read by a child process with a limit of memory and time, which serves for many of them and is replaced
when one has ended it. Text with separators is read here: its reader has no way to fail but an exception.
"""

import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from lms_sync.model.quickly_made import maker
from lms_sync.tables import budget
from lms_sync.tables.cells import Block, Book, CellCause, ErrorValue, Rewritten, Row, Sheet, Sign, Unreadable
from lms_sync.tables.child import REQUEST
from lms_sync.tables.kinds import CONTAINERS
from lms_sync.tables.not_sheets import check_text
from lms_sync.tables.text_lines import TextLines, lines_of
from lms_sync.tables.workbook import text_book

MEMORY_LIMIT = 3 * 2**30
"""Bytes of address space; reading 1,000,000 rows of 10 cells takes about half of it."""
CPU_LIMIT = 180.0
"""CPU seconds for one workbook; 1,000,000 rows of 10 cells take about 40."""
TIME_LIMIT = 10 * CPU_LIMIT
"""Seconds by the clock for one workbook, on a machine as busy as it may be."""
CHILD = (sys.executable, "-P", "-m", "lms_sync.tables.child", str(MEMORY_LIMIT))
OUT_OF_TIME = -27
"""How a child ends that its own limit of CPU time stopped (SIGPROF)."""
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
"""What the child needs of the environment; secrets stand there too, and a file from outside need not be near them."""
PICKLED = {(kind.__module__, kind.__qualname__) for kind in (date, datetime, time, ErrorValue, CellCause, Rewritten)}
"""All that a cell's value may be made of besides text and numbers."""

_row = maker(Row)
NO_ANSWER = (EOFError, OSError, pickle.UnpicklingError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What reading an answer that breaks off, or is none, may raise."""


class ReaderDied(Unreadable):
    """The child ended in the middle of a workbook."""


class _Answers(pickle.Unpickler):
    """Reads what the child says, and makes nothing of it but cells."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PICKLED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no cell")


@dataclass(slots=True)
class _Child:
    """A running child."""

    process: subprocess.Popen[bytes]
    requests: IO[bytes]
    answers: IO[bytes]
    late: bool = False
    """True once its time was over."""

    def expire(self) -> None:
        self.late = True
        self.process.kill()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.answers.close()
        # Closing flushes, and there is no one left to read it.
        with contextlib.suppress(OSError):
            self.requests.close()


class Guard:
    """Reads workbooks in a child process; one at a time, whoever asks."""

    def __init__(
        self, program: Sequence[str] = CHILD, *, seconds: float = TIME_LIMIT, cpu: float = CPU_LIMIT
    ) -> None:
        self._program = tuple(program)
        self._seconds = seconds
        self._cpu = cpu
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def read(self, data: bytes) -> Book:
        """Return the workbook. Raises: Unreadable, also when the child ended or ran out of memory or time."""
        with self._lock:
            used = self._child is not None
            try:
                return self._ask(data, budget.seconds_for(self._cpu))
            except ReaderDied:
                if not used:
                    raise
            # What an earlier workbook left behind in the child may be to blame: a fresh one decides.
            return self._ask(data, budget.seconds_for(self._cpu))

    def close(self) -> None:
        """End the child; the next workbook starts another."""
        if self._child is not None:
            self._child.close()
            self._child = None
            budget.running = 0.0

    def _ask(self, data: bytes, seconds: float) -> Book:
        child = self._child = self._child or _start(self._program)
        timer = threading.Timer(self._seconds, child.expire)
        timer.start()
        try:
            child.requests.write(REQUEST.pack(len(data), seconds))
            child.requests.write(data)
            child.requests.flush()
            return _read_answer(child.answers)
        except NO_ANSWER as error:
            self.close()
            raise _why_it_ended(child, self._seconds, cpu=seconds) from error
        except BaseException as error:
            # Whatever stopped an answer halfway: the next workbook must not be given the rest of it.
            if isinstance(error, ReaderDied) or not isinstance(error, Unreadable):
                self.close()
            raise
        finally:
            timer.cancel()


def read_guarded(data: bytes, *, encoding: str = "", separator: str = "") -> Book:
    """Return the book that a file's bytes hold, whatever stands in them.

    `encoding` and `separator` tell how a csv file is written; empty means that its content decides.

    Raises: Unreadable with what was found, what was expected and what to do.
    """
    if data.startswith(CONTAINERS):
        return GUARD.read(data)
    budget.seconds_for(CPU_LIMIT)
    check_text(data)
    return text_book(data, encoding=encoding, separator=separator)


def text_lines_guarded(data: bytes, *, encoding: str = "", separator: str = "") -> TextLines | None:
    """Return the records of a csv file as they lie in its bytes; None where a file must be read as a whole.

    Raises: Unreadable, as `read_guarded`.
    """
    if data.startswith(CONTAINERS):
        return None
    budget.seconds_for(CPU_LIMIT)
    check_text(data)
    return lines_of(data, encoding=encoding, separator=separator)


def _start(program: Sequence[str]) -> _Child:
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    return _Child(process, process.stdin, process.stdout)


def _read_answer(answers: IO[bytes]) -> Book:
    match _load(answers):
        case ("book", signs, heads, float(spent)):
            budget.running = spent
            return Book(tuple(_read_sheet(head, answers) for head in heads), frozenset(map(Sign, signs)))
        case ("unreadable", found, expected, remedy):
            raise Unreadable(found, expected, remedy)
        case ("memory",):
            raise _too_large()
        case _:
            raise EOFError


def _read_sheet(head: tuple[Any, ...], answers: IO[bytes]) -> Sheet:
    name, hidden, merged, *beside, count = head
    rows: list[Row] = []
    while len(rows) < count:
        rows.extend([_row(number, cells) for number, cells in _load(answers)])
    blocks = tuple(Block(*block) for block in merged)
    return Sheet(name, hidden, tuple(rows), blocks, *beside)


def _load(answers: IO[bytes]) -> Any:
    return _Answers(answers).load()


def _why_it_ended(child: _Child, seconds: float, *, cpu: float) -> Unreadable:
    if child.late:
        return _too_slow(f"within {seconds:g} seconds")
    if child.process.returncode == OUT_OF_TIME:
        paying = budget.current_budget()
        if cpu < CPU_LIMIT and paying is not None:
            return budget.not_tonight(paying)
        return _too_slow("in the CPU time that one may take")
    return _died(child.process.returncode)


def _died(code: int) -> ReaderDied:
    return ReaderDied(
        f"the workbook ended the program that reads it (code {code})",
        "a workbook as spreadsheet programs write it",
        "Open it in a spreadsheet program, save it as .xlsx, and put that file in its place.",
    )


def _too_large() -> ReaderDied:
    return ReaderDied(
        f"the workbook needs more than {MEMORY_LIMIT:,} bytes of memory",
        "a workbook of at most about a million rows",
        "Split it by year, or export the report as csv.",
    )


def _too_slow(how: str) -> Unreadable:
    return Unreadable(
        f"the workbook was not read {how}",
        "a workbook that is read in less",
        "Split it, export the report as csv, or save it again in a spreadsheet program.",
    )


GUARD = Guard()
"""One for the whole program: starting a child costs more than reading most workbooks."""
atexit.register(GUARD.close)
