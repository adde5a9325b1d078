"""CPU seconds of commands that do little, beside the import of the two libraries that they cannot do without.

Each is the least of several runs in this very order, one after the other, so that a busy machine slows all alike.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 7
LMS_SYNC = (sys.executable, "-c", "from lms_sync.cli.main import main; main()")
PEER = (sys.executable, "-c", "import sqlalchemy, click")


def cpu_seconds(command: tuple[str, ...]) -> float:
    """Return what one run of `command` takes, in user and system time."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Print a line a command: seconds, and how many times the peer's."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = str(Path(folder) / "district")
        subprocess.run((*LMS_SYNC, "init", workspace), check=True, stdout=subprocess.DEVNULL)
        commands = {
            "python -c 'import sqlalchemy, click'": PEER,
            "lms-sync --help": (*LMS_SYNC, "--help"),
            "lms-sync people --help": (*LMS_SYNC, "people", "--help"),
            "lms-sync -w DIR status": (*LMS_SYNC, "-w", workspace, "status"),
        }
        for command in commands.values():
            cpu_seconds(command)
        rounds = [{name: cpu_seconds(command) for name, command in commands.items()} for _ in range(RUNS)]
    least = {name: min(measured[name] for measured in rounds) for name in commands}
    peer = next(iter(least.values()))
    for name, seconds in least.items():
        print(f"{name:40} {seconds:5.2f} CPU s  {seconds / peer:5.2f} times the first")


if __name__ == "__main__":
    main()
