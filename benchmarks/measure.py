"""What whole processes take: CPU seconds with all that they started, and the memory that they held at most."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

NIGHT = (sys.executable, "-c", "from lms_sync.cli.main import main; main()", "-w")
ENDED_WELL = (0, 1)
"""Done, or done with findings: the made-up export has rows that cannot be read."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    what: str
    cpu: float
    """Seconds of user and system time."""
    peak: float
    """MB that it held at most."""
    documents: float = 0.0
    """CPU seconds of a night in which reports, the district's page and its workbook were made."""


def measured(what: str, command: tuple[str, ...]) -> Cost:
    """Return what a command takes. Raises: RuntimeError where it ends badly."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    words = process.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ENDED_WELL:
        raise RuntimeError(f"{what} ended with {process.returncode}:\n{words[-2000:]}")
    return Cost(what, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def machine() -> str:
    """Return on what is measured, as a line; the load tells whether others work on it too."""
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}"


def print_table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table as Markdown, the first column to the left."""
    names = tuple(headings)
    print(f"| {' | '.join(names)} |")
    print(f"|---|{'---:|' * (len(names) - 1)}", flush=True)
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)
