"""Kill a run at one instant, as `kill -9` does, run it again, and compare with a twin that nobody killed.

Run as a program (`python -m tests.operations.killing TOWN FOLDER SEED…`), since what is killed is a process: each
run is a fork that kills itself when it comes for the N-th time to a point where the disk or the mail is touched.
"""

import json
import os
import random
import re
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event, select

from lms_sync.agreements.clause_c.send import send_document
from lms_sync.documents import child, look
from lms_sync.documents.decide import Filing, file_path
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.model.issued import IssuedKind
from lms_sync.store.audit import broken
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.schema import metadata
from lms_sync.store.store import Store
from lms_sync.store.upkeep import problems_of_file
from lms_sync.tables import guard
from lms_sync.tables.cells import Book
from lms_sync.tables.kinds import kind_of
from lms_sync.tables.workbook import workbook_of
from tests.operations.certified_town import desk, issue
from tests.operations.certified_town import file as certified
from tests.operations.earlier_workspace import earlier_town
from tests.operations.night_files import CLASS, CLASS_ROWS, done, partner_lines, roster, sheet
from tests.operations.night_town import Town
from tests.operations.old_town import STEPS, purged

Journal = list[tuple[str, str]]
"""(address, subject's first words) of each message that a mail server has taken."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+\+00:00")
"""In the keys of some facts: when it was recorded, which differs between a run and its twin."""
TAKEN = "taken"
"""The file beside the workspace that is the mail server's memory."""


class Points:
    """The points of a run where it may be killed; each is passed twice, before and after what it does."""

    def __init__(self, kill_at: int | None) -> None:
        self.kill_at, self.passed = kill_at, 0

    def tick(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.tick()
            result = act(*args, **kwargs)
            self.tick()
            return result

        return watched

    def install(self) -> None:
        """Watch this process; nothing undoes it."""
        for name in ("fsync", "replace", "unlink"):
            setattr(os, name, self.around(getattr(os, name)))
        event.listen(sqlalchemy.Engine, "begin", self.tick)
        event.listen(sqlalchemy.Engine, "commit", self.tick)


@dataclass(frozen=True)
class Relay:
    """A mail server that takes everything, and remembers it outside of the process that may die."""

    memory: Path
    points: Points
    name: str = "relay"

    @contextmanager
    def session(self) -> Iterator["Relay"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        self.points.tick()
        subject = next(line for line in message.splitlines() if line.startswith(b"Subject: ")).decode()
        with self.memory.open("a") as file:
            file.writelines(json.dumps([address, subject[9:29]]) + "\n" for address in envelope.recipients)
        self.points.tick()
        return tuple(RecipientResult(address, RecipientOutcome.ACCEPTED) for address in envelope.recipients)


@dataclass(frozen=True)
class Scenario:
    """What is done, in a town that was prepared for it."""

    prepare: Callable[[Town], object]
    act: Callable[[Town], object]
    """Also what a person does who runs it again."""


def _new_evidence(town: Town) -> None:
    town.write("roster.xlsx", roster(partners=partner_lines(quarry="on change")))
    town.write(
        CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "11/24/2026"), done("70101", "Rights", "02/31/2026")])
    )


def _night(town: Town) -> None:
    town.night(days=7)


def _confirm_and_send(town: Town) -> None:
    with town.workspace() as workspace:
        standing = [document for document in workspace.store.issued.listed("heron-26") if document.stands]
    document = standing[0] if standing else issue(town, IssuedKind.CONFIRMATION).issued
    with desk(town) as (workspace, issuer):
        author = Author("A. Roe", "mailed", workspace.clock())
        earlier = workspace.store.deliveries.of(DeliveryKind.AGREEMENT, "heron", document.number)
        if not any(delivery.state is DeliveryState.QUEUED for delivery in earlier):
            with suppress(UsageError):  # it was mailed, or may have been
                send_document(workspace, author, issuer=issuer, number=document.number)
        send(workspace)


def _file_a_letter(town: Town) -> None:
    path = town.folder / "letter.eml"
    path.write_bytes(
        b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
    )
    with town.workspace() as workspace:
        told = {"components": ("classroom",), "kind": "verified", "esd": "ESD 900", "day": date(2026, 11, 2)}
        filing = Filing(path, people=("70102",), insists=True, **told)  # type: ignore[arg-type]
        author, known = Author("Kim", "filed", workspace.clock()), read_snapshot(workspace.store, workspace.clock())
        assert known is not None
        file_path(workspace, author, filing=filing, snapshot=known)


def _years_later(town: Town) -> None:
    for name in ("a document", "one leaves"):
        STEPS[name](town)
        town.night(days=100)
    town.night(days=2500)


def _purge(town: Town) -> None:
    with town.workspace() as workspace, suppress(UsageError):  # there is nothing left to purge
        purged(workspace, date(2031, 1, 1))


def _earlier_version(town: Town) -> None:
    shutil.rmtree(town.folder)
    town.now = earlier_town(town.folder).now


def _open(town: Town) -> None:
    with town.workspace():
        pass


SCENARIOS = {
    "a night": Scenario(_new_evidence, _night),
    "agreements confirm and send": Scenario(partial(certified, document_id="D1"), _confirm_and_send),
    "documents add": Scenario(lambda town: None, _file_a_letter),
    "purge": Scenario(_years_later, _purge),
    "migration": Scenario(_earlier_version, _open),
}


def state_of(town: Town) -> dict[str, Any]:
    """Return what must be the same whether or not a run was killed, and what must never be."""
    with town.workspace() as workspace:
        store, vault = workspace.store, open_vault(*workspace.config.kept_files)
        filed = {document.file.sha256 for document in DOCUMENTS.read(store).values() if document.file.size > 9}
        kept = [path.name for path in vault.folder.iterdir()] if vault.folder.is_dir() else []
        lost = [d for d in store.deliveries.listed() if d.state in (DeliveryState.UNKNOWN, DeliveryState.SENDING)]
        told = [f.finding.where for f in store.findings.open() if f.finding.code == "delivery-unknown"]
        found = {
            "rows": _rows(store),
            "log": _logged(store),
            "issued": [document.number for document in store.issued.listed() if document.stands],
        }
        troubles = [*broken(store.audit.entries())]
        troubles += [f"{name} is an orphan" for name in kept if name.split(".")[0] not in filed]
        if not any(d.state is DeliveryState.SENDING for d in lost):
            troubles += [f"{d.delivery_id} is unknown to HR" for d in lost if d.delivery_id not in str(told)]
        unsure = [r.address for d in lost if d.kind is not DeliveryKind.NIGHT for r in d.recipients]
    state = town.database.parent
    for database in (town.database, *state.glob("*-before-*.db")):
        troubles += [f"{database.name}: {problem}" for problem in problems_of_file(database, thorough=True)]
    troubles += [f"{path.name} was left" for path in state.iterdir() if path.name.endswith(".part")]
    return {**found, "troubles": troubles, "unsure": unsure}


def _logged(store: Store) -> list[str]:
    """Return what the log tells; a purge killed before its files were gone is done, and logged, once more."""
    entries = [f"{entry.kind} {entry.purged}" for entry in store.audit.entries()]
    purges = {entry for entry in entries if entry.startswith("purge")}
    return sorted([entry for entry in entries if entry not in purges] + list(purges))


def _rows(store: Store) -> dict[str, list[str]]:
    """Return the tables' rows, without instants and without what is minted anew each time."""
    of_a_run = {"run", "pull", "delivery", "recipient", "report", "audit", "issued", "finding"}
    of_a_run |= {"known_rows"}  # when it was read: what it spares is compared by test_known_rows
    return {
        name: sorted({INSTANT.sub("AT", str(row)) for row in store.connection.execute(_query(name))})
        for name in metadata.tables
        if name not in of_a_run
    }


def _query(name: str) -> Any:
    # A judgement's fingerprint rests on when its evidence was recorded.
    minted = {"release": {"reason"}, "fact": {"payload"}, "judgement": {"fingerprint"}}.get(name, set())
    columns = metadata.tables[name].c
    return select(*(c for c in columns if not c.name.endswith(("_at", "_seen", "_on")) and c.name not in minted))


def journal(folder: Path) -> Journal:
    """Return what the mail server has taken, but for the summaries to HR: each night writes one."""
    memory = folder.with_suffix(f".{TAKEN}")
    lines = memory.read_text().splitlines() if memory.exists() else []
    return sorted((address, subject) for address, subject in map(json.loads, lines) if address[:3] != "hr@")


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
