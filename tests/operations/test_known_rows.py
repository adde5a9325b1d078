"""Rows are passed over or stored together, and all is stored as if each had been read and planned by itself."""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select

from lms_sync.model.evidence import Reading
from lms_sync.model.known_rows import KnownRow, Stated
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.run import Pulled
from lms_sync.model.stored.facts import PERSON
from lms_sync.operations.pull import readable
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import Directory, directory, who_may_be_ours
from lms_sync.sources.spreadsheet import items, known
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.quick_row import QuickRow, TableForm
from lms_sync.sources.spreadsheet.quick_rows import QuickRows, Types
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm
from lms_sync.sources.spreadsheet.records import read_record
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.known_rows import KnownColumns, RowsKept
from lms_sync.store.schema import metadata
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.tables.cells import Row
from tests.sources.sample_files import FILES, PACIFIC, ZONES, layout_named, layout_of
from tests.sources.test_mutated_sheets import mutated

SEAL = Pseudonyms(b"a key that the tests made up, 32")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
FEW, MORE, MANY = 3, 38, 400
NIGHTS = 5
EDITS = ("in autumn", "", "Completed", "123-45-6789", "=1+1", "Zoë  Ford", "09/03/2025", "Not started", "\u200bx")


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
            with patch.object(TableForm, "is_plain", property(lambda _: False)):
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
    audit = metadata.tables["audit"].c
    tables["audit"] = select(audit.number, audit.at, audit.kind)
    return {name: sorted(map(_plain, store.connection.execute(query))) for name, query in tables.items()}


def _plain(row: Iterable[object]) -> str:
    """Return a row as text, whatever the order of its names."""
    return str([json.loads(json.dumps(cell, sort_keys=True, default=str)) for cell in row])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[[], Town]]:
    with ExitStack() as stack:

        def opened() -> Town:
            opening = Opening("pinehill", SEAL.check, START, keyed_hash=SEAL.of)
            first, second = (stack.enter_context(open_store("sqlite://", opening)) for _ in range(2))
            return Town(tmp_path, (first, second))

        yield opened


def edited(data: bytes, chance: random.Random) -> bytes:
    """Return a csv file with some rows changed, copied, moved or gone."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(1, len(rows))
        match chance.randrange(5):
            case 0:
                rows.insert(chance.randrange(1, len(rows)), list(rows[place]))
            case 1 if len(rows) > 3:
                del rows[place]
            case 2:
                rows.append(rows.pop(place))
            case _ if rows[place]:
                column = chance.randrange(len(rows[place]))
                other = chance.choice(rows[1:])
                cell = other[column] if column < len(other) and chance.random() < 0.5 else chance.choice(EDITS)
                copy = list(rows[place])
                copy[column] = cell
                rows.insert(place, copy) if chance.random() < 0.5 else rows.__setitem__(place, copy)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def play(town: Town, seed: int) -> None:
    """Let a sample change from night to night, and all that its reading rests on; nothing may tell the two apart."""
    chance, path = random.Random(seed), FILES[seed % len(FILES)]
    layout = layout_named(layout_of(path))
    name, data, zone = path.name, path.read_bytes(), ZONES.get(path.name, "")
    town.files[name] = data, layout, zone
    for night in range(NIGHTS):
        found = town.night(accept_drop=night == 3)
        assert [(p.source, p.files, str(p.error), p.findings) for p in found[:1]] == [
            (p.source, p.files, str(p.error), p.findings) for p in found[1:]
        ], (seed, night)
        assert town.differences() == [], (seed, night)
        match chance.randrange(8):
            case 0:
                town.hires(_people(data, chance))
            case 1:
                town.files[f"b-{name}"] = town.files[name]
            case 2:
                changed = layout.model_copy(update={"keep": ("Institution", "Company")})
                town.files[name] = town.files[name][0], changed, zone
            case 3:
                town.files.pop(f"b-{name}", None)
            case _:
                pass
        chosen = chance.choice(list(town.files))
        data, layout, zone = town.files[chosen]
        changed_data = edited(data, chance) if chosen.endswith(".csv") and _is_utf8(data) else mutated(data, chance)
        town.files[chosen] = changed_data, layout, zone


def _is_utf8(data: bytes) -> bool:
    try:
        return b"\x00" not in data and data.decode("utf-8-sig").count("\n") > 3
    except UnicodeDecodeError:
        return False


def _people(data: bytes, chance: random.Random) -> list[Person]:
    """Return a few people, some of them with ids or e-mails of those in the sheet."""
    words = sorted({*re.findall(r"[\w.]+@[\w.]+|\b[A-Za-z]?\d{4,7}\b", data.decode(errors="replace"))})
    chosen = chance.sample(words, min(len(words), chance.randrange(4)))
    return [
        Person(f"P{number}" if "@" in word else word, "Lovelace", "Ada", emails=(word,) if "@" in word else ())
        for number, word in enumerate(chosen)
    ]


def test_what_is_stored_is_the_same(town: Callable[[], Town]) -> None:
    for seed in range(FEW):
        play(town(), seed)


@pytest.mark.slow
def test_what_is_stored_is_the_same_of_every_sample(town: Callable[[], Town]) -> None:
    for seed in range(MORE):
        play(town(), seed)


@pytest.mark.proof
def test_what_is_stored_is_the_same_many_times(town: Callable[[], Town]) -> None:
    for seed in range(MANY):
        play(town(), seed)


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


def one_class(town: Town, data: bytes, *, layout: Layout = LAYOUT, zone: str = "UTC", name: str = "a.csv") -> None:
    town.files = {name: (data, layout, zone)}
    pulled = town.night(only_known=True)
    assert [str(found.error) for found in pulled] == ["None"]


def test_an_export_with_new_rows_has_only_those_read_and_those_that_were_refused(
    town: Callable[[], Town], readings: list[str]
) -> None:
    here = town()
    one_class(here, class_of(50))
    assert len(readings) == 500
    readings.clear()
    one_class(here, class_of(50, more=5), name="tonight.csv")
    assert len(readings) == 5 + 5


LONGER = class_of(5) + b"\n"
CHANGES = {
    "another layout": (LONGER, LAYOUT.model_copy(update={"digits": {"learner": 2}}), "UTC"),
    "another zone": (LONGER, LAYOUT, "America/Denver"),
    "another heading": (LONGER.replace(b"Institution", b"Company"), LAYOUT, "UTC"),
}


@pytest.mark.parametrize(("data", "layout", "zone"), CHANGES.values(), ids=CHANGES)
def test_every_row_is_read_anew_where_its_reading_rests_on_anything_else(
    town: Callable[[], Town], readings: list[str], data: bytes, layout: Layout, zone: str
) -> None:
    here = town()
    one_class(here, class_of(5))
    readings.clear()
    one_class(here, data, layout=layout, zone=zone)
    assert len(readings) == 50


def test_every_row_is_read_anew_by_other_rules_and_after_a_purge(
    town: Callable[[], Town], readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = town()
    one_class(here, class_of(5))
    one_class(here, LONGER)
    assert len(readings) == 50
    here.forgets()
    one_class(here, class_of(5))
    assert len(readings) == 100
    monkeypatch.setattr(known, "READER_RULES", "next")
    one_class(here, LONGER)
    assert len(readings) == 150


def test_strangers_rows_are_read_anew_once_the_roster_is_another(
    town: Callable[[], Town], readings: list[str]
) -> None:
    here = town()
    here.hires([Person("E000001", "Ortiz", "Mia")])
    one_class(here, class_of(5))
    here.hires([Person("E000001", "Ortiz", "Mia"), Person("E000002", "Quist", "Tom")])
    readings.clear()
    one_class(here, class_of(5) + b"\n")
    assert len(readings) == 40
    clear = {learner.learner for learner in here.stores[0].evidence.learners() if learner.in_clear}
    assert len(clear) == 2


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what grows by the names of learners who are looked for on the roster."""
    found: list[str] = []

    def watched(learners: Sequence[PseudonymousLearner], book: Directory) -> frozenset[str]:
        found.extend(learner.in_clear.key for learner in learners if learner.in_clear)
        return who_may_be_ours(learners, book)

    monkeypatch.setattr(readable, "who_may_be_ours", watched)
    return found


def test_a_stranger_of_whom_nothing_is_new_but_a_row_is_not_looked_for_again(
    town: Callable[[], Town], looked_for: list[str]
) -> None:
    here = town()
    here.hires([Person("E000001", "Ortiz", "Mia")])
    one_class(here, class_of(5))
    looked_for.clear()
    another_name = class_of(5, more=3).replace(b"Ann,Bell,Acme,T10", b"Ann,Bello,Acme,T10")
    one_class(here, another_name)
    assert looked_for == ["u0", "u1"]  # who has another name besides, and who is on the roster; not u2


def test_a_stranger_is_looked_for_with_the_first_row_after_the_roster_changed(town: Callable[[], Town]) -> None:
    here, more = town(), class_of(9).splitlines(keepends=True)
    files = {"a.csv": class_of(3), "b.csv": more[0] + more[12]}  # the first is not read again
    people = Person("E000001", "Ortiz", "Mia"), Person("E000002", "Quist", "Tom")
    for name, person in zip(files, people, strict=True):
        here.files[name] = files[name], LAYOUT, "UTC"
        here.hires([person])
        here.night()
    assert here.differences() == []
    clear = {learner.in_clear.key for learner in here.stores[0].evidence.learners() if learner.in_clear}
    assert clear == {"u1", "u2"}


def test_nothing_that_is_kept_of_rows_can_be_read(town: Callable[[], Town]) -> None:
    here = town()
    one_class(here, class_of(5))
    table = metadata.tables["known_rows"]
    (kept,) = here.stores[0].connection.execute(select(table.c.learners, table.c.rows)).all()
    assert all(word not in part for part in kept for word in (b"Bell", b"E0000", b"u1", b"T1", b"Topic"))


@pytest.mark.parametrize("damaged", [{"rows": b"\x00" * 7}, {"learners": b""}, {"learners": b"\x00" * 7}])
def test_what_is_kept_of_rows_and_is_damaged_is_as_if_nothing_was_kept(
    town: Callable[[], Town], readings: list[str], damaged: Mapping[str, bytes]
) -> None:
    here = town()
    one_class(here, class_of(5))
    with here.stores[0].transaction():
        here.stores[0].connection.execute(metadata.tables["known_rows"].update().values(**damaged))
    readings.clear()
    one_class(here, LONGER)
    assert len(readings) == 50


WITH_TEACHERS = LAYOUT.model_copy(
    update={
        "columns": {**{r: h for r, h in LAYOUT.columns.items() if r != "employer"}, "instructor": ("Institution",)},
        "optional": (*LAYOUT.optional, "instructor"),
    }
)


def test_what_only_a_refused_file_tells_of_somebody_keeps_no_names_in_the_clear(town: Callable[[], Town]) -> None:
    here, when = town(), '"Wednesday, 2 September 2026, 03:00 PM"'
    here.hires([Person("E000001", "Ortiz", "Mia")])
    refused = [f"u1,E000001,,Mia,Ortiz,,R{n},,Yes,in autumn" for n in range(9)]
    known_as_ours = "\n".join((HEADINGS, f"u1,E000001,,Mia,Ortiz,,T1,,Yes,{when}", *refused, ""))
    as_a_stranger = "\n".join((HEADINGS, f"u1,,,Zed,Zulu,Pat Doe,T2,,Yes,{when}", ""))
    texts = {"a.csv": known_as_ours, "b.csv": as_a_stranger}
    here.files = {name: (text.encode(), WITH_TEACHERS, "UTC") for name, text in texts.items()}
    first, second = here.night()
    assert first.files == second.files
    assert here.differences() == []
    assert all("Pat Doe" not in row for rows in stored(here.stores[0]).values() for row in rows)


def test_rows_that_stay_are_kept_as_they_were_beside_new_ones() -> None:
    def row(number: int, who: Stated) -> KnownRow:
        return KnownRow(bytes([number]) * 16, f"{number:032x}", who, in_clear=number % 2 == 0)

    ann, bo, cy = (Stated(f"{number:032x}", bytes(16), bytes(16)) for number in range(3))
    first = [row(0, ann), row(1, bo), row(2, ann)]
    with open_store("sqlite://", Opening("d", "key", START)) as store, store.transaction():
        store.known_rows.write("lms", RowsKept(START, "roster", [KnownColumns.of(first)], {ann.learner: ann.who}))
        before = store.known_rows.read("lms")
        current = {bo.learner: bo.who, cy.learner: cy.who}
        new = [KnownColumns.of([]), KnownColumns.of([row(4, cy), row(6, ann)])]
        store.known_rows.write("lms", RowsKept(START, "roster", new, current, before))
        kept = store.known_rows.read("lms")
        assert before is not None
        assert kept is not None
        assert (before.number, kept.number) == (3, 5)
        known = {r.row: r for r in (*first, row(4, cy), row(6, ann))}
        clear = {ann.learner, cy.learner}
        assert kept.rows(clear, strangers=True, without=set()) == known
        known = {r.row: r for r in (row(0, ann), row(4, cy), row(6, ann))}
        assert kept.rows(clear, strangers=False, without={f"{2:032x}"}) == known
        assert kept.current == current
