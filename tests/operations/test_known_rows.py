"""Rows that were read before are passed over, and those that must be are read anew."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from sqlalchemy import select

from lms_sync.model.known_rows import NO_ROW, KnownRow, RowKind, Stated
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.roster import Person
from lms_sync.model.row_memory import RowMemory, kept_mark
from lms_sync.operations.pull import readable
from lms_sync.people.match import Directory, who_may_be_ours
from lms_sync.sources.spreadsheet import known
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.store.known_rows import KnownColumns, RowsKept
from lms_sync.store.schema import metadata
from lms_sync.store.store import Opening, open_store
from tests.operations.two_stores import (
    HEADINGS,
    LAYOUT,
    LONGER,
    SEAL,
    START,
    Town,
    class_of,
    one_class,
    readings,
    stored,
    town,
)

__all__ = ["readings", "town"]


def test_an_export_with_new_rows_has_only_those_read_and_those_that_were_refused(
    town: Callable[[], Town], readings: list[str]
) -> None:
    here = town()
    one_class(here, class_of(50))
    assert len(readings) == 500
    readings.clear()
    one_class(here, class_of(50, more=5), name="tonight.csv")
    assert len(readings) == 5 + 5


GROWN = {
    "behind": lambda rows: [*rows, *class_of(10, more=3).splitlines(keepends=True)[-3:]],
    "between": lambda rows: [*rows[:40], *class_of(10, more=3).splitlines(keepends=True)[-3:], *rows[40:]],
    "one row gone": lambda rows: [*rows[:40], *rows[41:]],
}


@pytest.mark.parametrize("grown", GROWN.values(), ids=GROWN)
def test_lines_that_stood_together_before_are_known_at_one_look(
    town: Callable[[], Town], monkeypatch: pytest.MonkeyPatch, grown: Callable[[list[bytes]], list[bytes]]
) -> None:
    here, alone, marks = town(), list[bytes](), RowMemory.line_marks

    def counted(memory: RowMemory, rests_on: object) -> Callable[[bytes], bytes]:
        def mark(line: bytes) -> bytes:
            alone.append(line)
            return hashed(line)

        hashed = marks(memory, rests_on)
        return mark

    monkeypatch.setattr(RowMemory, "line_marks", counted)
    header, *rows = class_of(10).splitlines(keepends=True)
    found = []
    for lines in (rows, grown(rows), [*grown(rows), b"\n"]):
        alone.clear()
        one_class(here, b"".join([header, *lines]))
        found.append(len(alone))
    assert found[0] == len(rows)
    assert max(found[1:]) < len(rows) // 3


def test_groups_of_lines_are_kept_while_their_file_says_so_and_no_longer(town: Callable[[], Town]) -> None:
    here = town()
    header, *rows = class_of(10).splitlines(keepends=True)
    for number in (50, 51, 57, 58):
        contents = {"a.csv": [*rows[:number], rows[number + 5]], "b.csv": rows[70:] if number < 58 else rows[70:90]}
        here.files = {name: (b"".join([header, *lines]), LAYOUT, "UTC") for name, lines in contents.items()}
        known, anew = here.night(accept_drop=True)
        assert (known.files, here.differences()) == (anew.files, [])
        kept = here.stores[0].known_rows.read("esd", kept_mark(SEAL, "esd"))
        assert kept is not None
        found = kept.rows(here.stores[0].of_source("esd").in_clear(), strangers=True, without=set())
        assert found is not None
        places = [place for group in found.groups.values() for place in group if place != NO_ROW]
        assert len(places) == len({*places}), number
        assert len(places) > 60, number


@pytest.mark.parametrize(
    "left", [89, *(pytest.param(left, marks=pytest.mark.slow) for left in (90, 100, 50))], ids=str
)
def test_a_pull_that_misses_rows_is_stopped_as_if_every_row_was_read(town: Callable[[], Town], left: int) -> None:
    here = town()
    header, *rows = class_of(10).splitlines(keepends=True)
    for kept in (100, left, 100):
        here.files = {"a.csv": (b"".join([header, *rows[:kept]]), LAYOUT, "UTC")}
        known, anew = here.night()
        assert (known.error is None) == (anew.error is None) == (kept >= 90), kept
        assert (str(known.error), here.differences()) == (str(anew.error), [])


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
    (kept,) = here.stores[0].connection.execute(select(table.c.learners, table.c.rows, table.c.groups)).all()
    assert all(word not in part for part in kept for word in (b"Bell", b"E0000", b"u1", b"T1", b"Topic"))


NO_ROWS, NOBODY = {"rows": b"\x00" * 7}, {"learners": b""}
DAMAGED: tuple[Mapping[str, bytes | None], ...] = (
    *(NO_ROWS, NOBODY, {"learners": b"\x00" * 7}, {"groups": b""}, {"groups": bytes(24)}),
    *({**NO_ROWS, "groups": None}, {**NOBODY, "groups": None}),
)


@pytest.mark.parametrize("damaged", DAMAGED)
def test_what_is_kept_of_rows_and_is_damaged_is_as_if_nothing_was_kept(
    town: Callable[[], Town], readings: list[str], damaged: Mapping[str, bytes | None]
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
        kind, several = RowKind(number % 3), number in (2, 4)
        return KnownRow(bytes([number]) * 16, f"{number:032x}", who, number % 2 == 0, kind, several=several)

    ann, bo, cy = (Stated(f"{number:032x}", bytes(16), bytes(16)) for number in range(3))
    first, mark_of = [row(0, ann), row(1, bo), row(2, ann)], kept_mark(SEAL, "lms")
    with open_store("sqlite://", Opening("d", "key", START)) as store, store.transaction():
        store.known_rows.write(
            "lms", RowsKept(START, "roster", [KnownColumns.of(first)], {ann.learner: ann.who}), mark_of
        )
        before = store.known_rows.read("lms", mark_of)
        current = {bo.learner: bo.who, cy.learner: cy.who}
        new = [KnownColumns.of([]), KnownColumns.of([row(4, cy), row(6, ann)])]
        store.known_rows.write("lms", RowsKept(START, "roster", new, current, before), mark_of)
        after = store.known_rows.read("lms", mark_of)
        assert before is not None
        assert after is not None
        assert (before.number, after.number) == (3, 5)
        clear = {ann.learner, cy.learner}
        rows = after.rows(clear, strangers=True, without=set())
        assert rows is not None
        assert [*rows.all()] == [*first, row(4, cy), row(6, ann)]
        rows = after.rows(clear, strangers=False, without={f"{2:032x}"})
        assert rows is not None
        assert [*rows.all()] == [row(0, ann), row(4, cy), row(6, ann)]
        assert after.current == current
