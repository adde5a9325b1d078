"""One source, and the same nights twice: rows are known or go together; each is read and planned by itself."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select

from lms_sync.model.evidence import Reading
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.run import Pulled
from lms_sync.model.stored.facts import PERSON
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.spreadsheet import items, known_lines, read_file
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.quick_row import QuickRow, TableForm
from lms_sync.sources.spreadsheet.quick_rows import QuickRows, Types
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm
from lms_sync.sources.spreadsheet.records import read_record
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.origins import SHARED, same_origin
from lms_sync.store.schema import completion, item, metadata, origin
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.tables import text_lines
from lms_sync.tables.cells import Row
from tests.sources.sample_files import PACIFIC, layout_named

SEAL = Pseudonyms(b"a key that the tests made up, 32")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Town:
    """One source, and the same nights twice: rows are known or go together, and every row is read and planned."""

    folder: Path
    stores: tuple[Store, Store]
    now: datetime = START
    people: tuple[Person, ...] = ()
    files: dict[str, tuple[bytes, Layout, str]] = field(default_factory=dict)
    """Name → content, layout and zone."""

    def hires(self, people: Sequence[Person]) -> None:
        self.people = tuple(people)
        for store in self.stores:
            with store.transaction():
                facts = {person.person_id: PERSON.plain(person) for person in people}
                store.facts.record(PERSON.kind, facts, now=self.now)

    def forgets(self) -> None:
        with self.stores[0].transaction():
            self.stores[0].known_rows.forget()

    def night(self, *, accept_drop: bool = False, only_known: bool = False) -> list[Pulled]:
        self.now += timedelta(days=1)
        for name, (data, _, _) in self.files.items():
            (self.folder / name).write_bytes(data)
        patterns = tuple(OpenedPattern(name, layout, zone) for name, (_, layout, zone) in self.files.items())
        source = Spreadsheet("esd", "cumulative", patterns, self.folder, PACIFIC)
        context = PullContext(SEAL, directory(self.people, SEAL))
        pulling = Pulling(self.now, lambda: context, {"esd": "Kim"} if accept_drop else {})
        found = [*pull_all(self.stores[0], [source], pulling)]
        if not only_known:
            with self.stores[1].transaction():
                self.stores[1].known_rows.forget()
            as_whole = patch.object(read_file, "text_lines_guarded", return_value=None)
            with patch.object(TableForm, "is_plain", property(lambda _: False)), as_whole:
                found += pull_all(self.stores[1], [source], pulling)
        for name in self.files:
            (self.folder / name).unlink()
        return found

    def differences(self) -> list[tuple[str, str]]:
        """Return (table, row) of what only one of the two has."""
        here, there = map(stored, self.stores)
        return [(name, row) for name in here for row in sorted({*here[name]} ^ {*there[name]})]


def stored(store: Store) -> Mapping[str, list[str]]:
    """Return everything that is stored, but for the known rows themselves, and of the log what is no chance."""
    tables = {table.name: select(table) for table in metadata.sorted_tables if table.name != "known_rows"}
    # Which number an origin has is chance: items and completions are compared with what it stands for.
    for table in (item, completion):
        columns = [column for column in table.c if column.name != "origin_id"]
        tables[table.name] = select(*columns, *SHARED).join_from(table, origin, same_origin(table))
    tables["origin"] = select(origin.c.source, origin.c.recorded_at, *SHARED)
    audit = metadata.tables["audit"].c
    tables["audit"] = select(audit.number, audit.at, audit.kind)
    return {name: sorted(map(_plain, store.connection.execute(query))) for name, query in tables.items()}


def _plain(row: Iterable[object]) -> str:
    """Return a row as text, whatever the order of its names, and of the words of a text of words."""
    cells = [" ".join(sorted(cell.split(" "))) if isinstance(cell, str) else cell for cell in row]
    return str([json.dumps(cell, sort_keys=True) if isinstance(cell, dict | list) else cell for cell in cells])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[[], Town]]:
    """Return what opens a town; no lines of its files are read but those in which a header may stand.

    Two lines each, or some, stand together in a group.
    """
    with ExitStack() as stack, patch.object(known_lines, "SAMPLE", 0), patch.object(text_lines, "GROUP", 2):

        def opened() -> Town:
            opening = Opening("pinehill", SEAL.check, START, keyed_hash=SEAL.of)
            first, second = (stack.enter_context(open_store("sqlite://", opening)) for _ in range(2))
            return Town(tmp_path, (first, second))

        yield opened


HEADINGS = (
    "Username,ID number,Email address,First name,Last name,Institution,"
    "Course ID number,Course full name,Completed,Time completed"
)


FIRST, LAST = ("Ann", "Mia", "Tom", "Zoe", "Eli"), ("Bell", "Ortiz", "Quist", "Vance", "Huber")


def class_of(people: int, *, more: int = 0) -> bytes:
    """Return an export of a class, ten rows a person; one row in a hundred cannot be read."""
    when = ("Wednesday, 2 September 2026, 03:00 PM", "in autumn")
    rows = [
        f"u{n},E{n:06},u{n}@example.org,{FIRST[n % 5]},{LAST[n % 5]},Acme,T{course},Topic {course},Yes,"
        f'"{when[(n * 10 + course) % 100 == 99]}"'
        for number in range(people * 10 + more)
        for n, course in [(number % people, number // people)]
    ]
    return "\n".join((HEADINGS, *rows, "")).encode()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what grows by one with each row that is read."""
    found: list[str] = []

    def counted(cells: Cells, form: RecordForm) -> Reading:
        found.append(str(cells.origin))
        return read_record(cells, form)

    def counted_quick(quick: QuickRows, rows: Iterable[tuple[Types, Row]]) -> Iterator[QuickRow | None]:
        for read in read_quick(quick, rows):
            found.extend([str(read.origin)] if read else [])
            yield read

    read_quick = QuickRows.read
    monkeypatch.setattr(items, "read_record", counted)
    monkeypatch.setattr(QuickRows, "read", counted_quick)
    return found


LAYOUT = layout_named("moodle-custom-report")
LONGER = class_of(5) + b"\n"


def one_class(town: Town, data: bytes, *, layout: Layout = LAYOUT, zone: str = "UTC", name: str = "a.csv") -> None:
    town.files = {name: (data, layout, zone)}
    pulled = town.night(only_known=True)
    assert [str(found.error) for found in pulled] == ["None"]
