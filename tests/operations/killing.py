"""Kill a run at one instant, as `kill -9` does, run it again, and compare with a twin that nobody killed.

Run as a program (`python -m tests.operations.killing TOWN FOLDER SEED…`), since what is killed is a process: each
run is a fork that kills itself when it comes for the N-th time to a point where the disk or the mail is touched.
"""

import json
import os
import random
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from lms_sync.documents import child, look
from lms_sync.tables import guard
from lms_sync.tables.cells import Book
from lms_sync.tables.kinds import kind_of
from lms_sync.tables.workbook import workbook_of
from tests.operations.kill_points import Points, Relay
from tests.operations.kill_scenarios import SCENARIOS, Scenario
from tests.operations.night_town import Town
from tests.operations.state_after_kill import TAKEN, journal, state_of


def in_child(act: Callable[[Points], object], *, kill_at: int | None = None) -> tuple[bool, Any]:
    """Do something in a fork; return whether it was killed, and its result as JSON has it."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            points = Points(kill_at)
            with os.fdopen(write, "w") as out:
                json.dump(act(points), out)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as source:
        said = source.read()
    _, ended = os.waitpid(pid, 0)
    if os.WIFSIGNALED(ended):
        return True, None
    if ended:
        raise AssertionError(f"the run failed: {ended}")
    return False, json.loads(said)


def _run(scenario: Scenario, town: Town, points: Points) -> int:
    points.install()
    town.carrier = Relay(town.folder.with_suffix(f".{TAKEN}"), points)
    scenario.act(town)
    return points.passed


def _settled(town: Town, points: Points) -> dict[str, Any]:
    """Return the state after one more night, in which nothing new has come."""
    town.carrier = Relay(town.folder.with_suffix(f".{TAKEN}"), points)
    town.night(hours=3)
    return state_of(town)


def troubles_of(scenario: Scenario, prepared: Town, folder: Path, *, seeds: Sequence[int]) -> Iterator[str]:
    """Yield what differs from the twin after a run that was killed and run again, for each seed."""
    twin = copied(prepared, folder / "twin")
    _, points = in_child(partial(_run, scenario, twin))
    in_child(partial(_run, scenario, later(copied_town(twin), hours=2)))
    _, expected = in_child(partial(_settled, later(copied_town(twin), days=8)))
    yield from expected["troubles"]
    for seed in seeds:
        kill_at = random.Random(seed).randrange(1, points + 1)
        town = copied(prepared, folder / f"{seed}")
        killed, _ = in_child(partial(_run, scenario, copied_town(town)), kill_at=kill_at)
        in_child(partial(_run, scenario, later(copied_town(town), hours=2)))
        _, state = in_child(partial(_settled, later(copied_town(town), days=8)))
        where = f"seed {seed}, killed at point {kill_at} of {points}"
        if not killed:
            yield f"{where}: it was not killed"
        yield from (f"{where}: {trouble}" for trouble in state["troubles"])
        yield from (f"{where}: {difference}" for difference in _differences(expected, state, twin, town))
        shutil.rmtree(town.folder)


def _differences(expected: dict[str, Any], state: dict[str, Any], twin: Town, town: Town) -> Iterator[str]:
    for name, rows in expected["rows"].items():
        after = state["rows"][name]
        if rows != after:
            yield f"table {name}: lost {set(rows) - set(after)}, new {set(after) - set(rows)}"
    for name in ("log", "issued"):
        if expected[name] != state[name]:
            yield f"{name}: {state[name]} instead of {expected[name]}"
    sent, wanted = journal(town.folder), journal(twin.folder)
    twice = [message for message in set(sent) if sent.count(message) > wanted.count(message)]
    lost = [m for m in set(wanted) if sent.count(m) < wanted.count(m) and m[0] not in state["unsure"]]
    yield from (f"{message} was sent twice" for message in twice)
    yield from (f"{message} was lost" for message in lost)


def copied(town: Town, folder: Path) -> Town:
    shutil.copytree(town.folder, folder)
    return Town(folder, town.now)


def copied_town(town: Town) -> Town:
    return Town(town.folder, town.now)


def later(town: Town, **by: float) -> Town:
    town.later(**by)
    return town


class _ReadHere:
    """Reads workbooks without a process of its own, as above."""

    def read(self, data: bytes) -> Book:
        return workbook_of(data, kind_of(data))


def _looked_into_here(program: Sequence[str], content: bytes, *, seconds: float) -> bytes | None:
    """Look into a file without a process of its own, which costs more than everything else here."""
    with suppress(Exception):  # the process would have ended without an answer
        return child.answer(program[-1], content).encode()
    return None


def _warm(town: Town, folder: Path) -> None:
    """Do a night without news in this process: what it loads and compiles is there in each fork then.

    One with news would set documents, and typst leaves threads that no fork has.
    """
    copied(town, folder).night(hours=1)


def main(town: str, folder: str, now: str, *seeds: str) -> None:
    """Print each trouble, a line each."""
    vars(look)["ask_child"] = _looked_into_here
    vars(guard)["GUARD"] = _ReadHere()
    _warm(Town(Path(town), datetime.fromisoformat(now)), Path(folder) / "warm")
    for number, (name, scenario) in enumerate(SCENARIOS.items()):
        mine = [int(seed) for seed in seeds if int(seed) % len(SCENARIOS) == number]
        if not mine:
            continue
        prepared = copied(Town(Path(town), datetime.fromisoformat(now)), Path(folder) / f"prepared {number}")
        prepared.now = datetime.fromisoformat(in_child(partial(_prepared, scenario, prepared))[1])
        place = Path(folder) / str(number)
        place.mkdir()
        for trouble in troubles_of(scenario, prepared, place, seeds=mine):
            print(f"{name}, {trouble}")
    print("done")


def _prepared(scenario: Scenario, town: Town, _: Points) -> str:
    scenario.prepare(town)
    return town.now.isoformat()


if __name__ == "__main__":
    main(*sys.argv[1:])
