"""Rows that are put together from parts say what the same rows say that are read with care, each as a whole."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.errors import LmsSyncError
from lms_sync.model.evidence import Completion, Item, NotDone
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.row_memory import RowMemory
from lms_sync.operations.pull.masked import without_ssns
from lms_sync.sources.fit_items import through_the_door
from lms_sync.sources.plain_rows import PlainRow
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet import known
from lms_sync.sources.spreadsheet.cell_dates import Zones, read_when
from lms_sync.sources.spreadsheet.each_row import read_items
from lms_sync.sources.spreadsheet.file_parts import FileParts
from lms_sync.sources.spreadsheet.forbidden import mask, plain_texts
from lms_sync.sources.spreadsheet.header import Table, course_columns, find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.known import read_table
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.privacy import Clean, cleaning_of
from lms_sync.sources.spreadsheet.quick_rows import QuickRows
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.sources.spreadsheet.settled import settled
from lms_sync.tables.cells import ErrorValue, Rewritten, Row, Sheet, Unreadable, Value
from lms_sync.tables.guard import read_guarded
from lms_sync.text import visible
from tests.sources.sample_files import FILES, PACIFIC, layout_named, layout_of
from tests.sources.test_mutated_sheets import mutated

FEW, MANY = 12, 400
Read = tuple[list[Item], Clean] | tuple[str, str]


def changed(name: str, **parts: Any) -> Layout:
    return Layout.model_validate({**layout_named(name).model_dump(), **parts})


MOODLE = layout_named("moodle-custom-report")
LAYOUTS = (
    MOODLE,
    changed("moodle-custom-report", keep=("Notes",), constants={"unit": "2"}, digits={"learner": 4}),
    *map(layout_named, ("vector-completions", "acadis", "on-the-job-log", "pdenroller", "skillsoft")),
    changed("on-the-job-log", dates={"order": "mdy", "blank": "not done"}, key=("person_id", "course")),
    changed(
        "skillsoft",
        status={"done": ("*",), "not_done": ("", "No*"), "revoked": ("Void",)},
        told=({"role": "employer", "where": "file name", "pattern": "(acme)"},),
        tidy=({"role": "course_title", "remove": "^Town: "},),
        sheet={"header_rows": 2},
    ),
)

DAYS: tuple[Value, ...] = (
    *("Wednesday, 2 September 2026, 03:00 PM", "Sunday, 1 November 2026, 01:30 AM", "09/03/2025", "3-Sep-2025"),
    *("09/03/2025; 09/10/2025", "2025-09-03", datetime(2025, 9, 3), datetime(2025, 9, 3, 8, 30), date(2025, 9, 3)),
    *(45903, 45903.0, 45903.5, None),
)
USUAL: dict[str, Sequence[Value]] = {
    "learner": ("ann", "u0001", "ben", 417, 417.0),
    "person_id": ("E1", "E000002", "00417", 5.0),
    "email": ("a@example.org", "a@example.org; b@example.org", None),
    "name": ("Ann Bell", "Bell, Ann", "Núñez, Zoë", "Jose\u0301 Ruiz", "李小龍", None),
    "course": ("T1", "T2", 1001.0, 1001),
    "course_title": ("Trauma", "Séries – 1", "Town: Trauma", "On-the-job day", "Check-in"),
    "score": (85, 85.5, "90%", None),
    "assignment": ("7", "09/03/2025", 3.0, None),
}
ODD: tuple[Value, ...] = (
    *(None, "", " ", "in autumn", "Total", "Totals: 3", "Page 2 of 3", "Signature", "Course", "End of report"),
    *("Zoë 123\u201345\u20136789", "\uff11\uff12\uff13-45-6789", "Ann\u00a0Bell", "Zo\u0308\ufe0fe"),
    *("123-45-6789", "ssn 123456789", "123456789", "3/4/1985", "1985-03-04", "#N/A", "Err:502", "1.5E+06", "417.0"),
    *(
        "Zoë  Ford",
        "Ｗide",
        "Void",
        "Registered",
        "Nobody",
        "***-**-****",
        "Completed",
        "Employee",
        "Date",
        "x" * 300,
    ),
    *(0, 0.0, -0.0, 1, 1.0, True, False, float("nan"), 1e20, 12345.6, 123456789, time(0, 0), date(1970, 1, 1)),
    *(datetime(2125, 1, 1, 3), ErrorValue("#REF!"), Rewritten("00417", '="00417"'), Rewritten("T1", "T\u200b1")),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Sheet, Layout]:
    """Give a sheet with the headings of a layout, in any order, whose rows have much in common."""
    layout = draw(st.sampled_from(LAYOUTS))
    chance = random.Random(draw(st.integers(0, 2**32)))
    roles = [role for role in layout.columns if role not in layout.optional or chance.random() < 0.7]
    headings: list[tuple[str, str]] = [(role, layout.columns[role][0]) for role in roles]
    headings += [("", words) for words in ("Notes", "Phone", "SSN", "") if chance.random() < 0.4]
    chance.shuffle(headings)
    header = [Row(n + 1, tuple(words if n == 0 else "" for _, words in headings)) for n in range(_height(layout))]
    names = tuple(words for _, words in headings)
    oddness = chance.choice((0.0, 0.02, 0.1, 0.4))

    usual = {**USUAL, "completed_on": [day for day in DAYS if _is_read(day, layout)], "status": layout.status.every}

    def cell(role: str) -> Value:
        return chance.choice(ODD if chance.random() < oddness else usual.get(role, ("", "Acme", "200-300-4000")))

    rows: list[Sequence[Value]] = [tuple(cell(role) or None for role, _ in headings) for _ in range(12)]
    rows += [tuple(map(chance.choice, zip(*chance.sample(rows, 3), strict=True))) for _ in range(20)]
    rows.insert(5, names)
    rows = [row[: chance.randint(1, len(row))] if chance.random() < 0.05 else row for row in rows]
    below = [Row(number, tuple(row)) for number, row in enumerate(rows, start=_height(layout) + 1)]
    return Sheet("", hidden=False, rows=(*header, *below)), layout


def _is_read(value: Value, layout: Layout) -> bool:
    try:
        read_when(value, layout.dates, Zones("UTC", PACIFIC))
    except LmsSyncError:
        return False
    return True


def _height(layout: Layout) -> int:
    return layout.sheet.header_rows


def with_care(table: Table, layout: Layout, zone: str) -> Read:
    """Return what a table says whose rows are all read with care."""
    try:
        cleaning = cleaning_of(table, layout, frozenset(course_columns(table, layout)))
        clean = cleaning.clean(table.rows)
        reader = reader_of(clean.table, form_of("lms", layout, Zones(zone, PACIFIC)), Origin("acme.csv", "5a"))
        return list(read_items(reader)), clean
    except LmsSyncError as error:
        return type(error).__name__, str(error)


def by_parts(table: Table, layout: Layout, zone: str) -> Read:
    """Return what a table says as a source reads it."""
    try:
        cleaning = cleaning_of(table, layout, frozenset(course_columns(table, layout)))
        form = form_of("lms", layout, Zones(zone, PACIFIC))
        reader = reader_of(cleaning.headed, form, Origin("acme.csv", "5a"))
        memory, parts, origin = RowMemory("lms", Pseudonyms(b"key")), FileParts(), reader.origin
        with patch.object(known, "AT_ONCE", 7):
            clean = read_table(reader, cleaning, deque(table.rows), memory, parts)
        (file,) = settled([(FileRead(origin.file, origin.sha256, "", (), ()), parts)], memory)
        return [item_of(part) for part in file.plain.among(file.items, file.plain)], clean
    except LmsSyncError as error:
        return type(error).__name__, str(error)


def item_of(part: Item | PlainRow) -> Item:
    """Return the item of what stands in a row; a plain one is kept as it is, whatever is looked for in it."""
    if isinstance(part, Item):
        return replace(part, row=b"")
    item = replace(part.item(), row=b"")
    assert through_the_door(item, source="lms") is item
    file = FileRead("acme.csv", "5a", "", (item,), ())
    assert without_ssns(Pull("lms", "cumulative", (file,))).files == (file,)
    assert isinstance(item.reading, Completion | NotDone)
    assert (item.reading.claim if isinstance(item.reading, Completion) else item.reading.sign_up) is None
    return item


def check(sheets: Sequence[Sheet], layout: Layout, zone: str) -> None:
    """See that both say the same of a sheet, of each kind of value too: 1 is not 1.0."""
    try:
        (table, *_) = find_tables(sheets, layout)
    except LmsSyncError:
        return
    careful, quick = with_care(table, layout, zone), by_parts(table, layout, zone)
    assert repr(quick[0]) == repr(careful[0])
    if isinstance(careful[1], Clean) and isinstance(quick[1], Clean):
        assert _without_rows(quick[1]) == _without_rows(careful[1])
    else:
        assert quick[1] == careful[1]


def _without_rows(clean: Clean) -> tuple[object, ...]:
    return clean.columns, clean.values, clean.dropped, clean.table.headings


@given(tables(), st.sampled_from(("UTC", PACIFIC, "")))
@settings(max_examples=40)
def test_both_ways_of_reading_say_the_same(table: tuple[Sheet, Layout], zone: str) -> None:
    sheet, layout = table
    check([sheet], layout, zone)


@pytest.mark.proof
@given(tables(), st.sampled_from(("UTC", PACIFIC, "")))
@settings(max_examples=5_000)
def test_both_ways_of_reading_say_the_same_many_times(table: tuple[Sheet, Layout], zone: str) -> None:
    sheet, layout = table
    check([sheet], layout, zone)


def samples(count: int) -> None:
    """See that both say the same of samples as they are, and changed at random."""
    rows = [path for path in FILES if layout_named(layout_of(path)).kind == "rows"]
    for number in range(count):
        path = rows[number % len(rows)]
        layout, data = layout_named(layout_of(path)), path.read_bytes()
        if number >= len(rows):
            data = mutated(data, random.Random(number))
        try:
            sheets = read_guarded(data, encoding=layout.sheet.encoding, separator=layout.sheet.separator).sheets
        except Unreadable:
            continue
        check(sheets, layout, "UTC")


def test_both_say_the_same_of_the_samples() -> None:
    samples(len([path for path in FILES if layout_named(layout_of(path)).kind == "rows"]) + FEW)


@pytest.mark.proof
def test_both_say_the_same_of_many_changed_samples() -> None:
    samples(MANY)


@pytest.mark.parametrize("alike", [(1, True, 1.0), (0.0, -0.0), ("T1", Rewritten("T1", 1.0)), (2.0, "2", 2)])
def test_values_that_are_equal_are_not_taken_for_one_another(alike: Sequence[Value]) -> None:
    headings, row = ("Username", "Course ID number", "Completed", "Time completed"), ("ann", "T1", "Yes", DAYS[0])
    for column in (0, 1):
        rows = [(*row[:column], value, *row[column + 1 :]) for value in (*alike, *alike)]
        sheet = Sheet("", hidden=False, rows=tuple(Row(n, cells) for n, cells in enumerate((headings, *rows), 1)))
        check([sheet], MOODLE, "UTC")


def test_usual_rows_are_read_by_parts_and_share_what_they_say() -> None:
    path = next(path for path in FILES if path.name == "moodle-custom-report.csv")
    (sheet,) = read_guarded(Path(path).read_bytes()).sheets
    (table,) = find_tables([sheet], MOODLE)
    cleaning = cleaning_of(table, MOODLE)
    reader = reader_of(cleaning.headed, form_of("lms", MOODLE, Zones("UTC", PACIFIC)), Origin("a.csv", "5a"))
    quick = QuickRows.of(reader, cleaning, has_plain=False)
    read = quick.read([tuple(map(type, row.cells)) for row in table.rows], table.rows)
    items = [found.item(b"mark") for found in read.others.values() if found]
    learners = [item.reading.learner for item in items if isinstance(item.reading, Completion)]
    assert len(items) > len(table.rows) * 0.8
    assert len({*map(id, learners)}) == len({*learners}) < len(learners)
    assert {type(item.reading): item.row for item in items} == {Completion: b"mark", NotDone: b"mark"}


@pytest.mark.parametrize(
    ("name", "cells", "plain"),
    [
        ("moodle-custom-report", ("u1", "T1", "Topic 1", "No", None), [False]),
        ("moodle-custom-report", ("u1", "T1", "Topic 1", "No", "Wednesday, 2 September 2026, 03:00 PM"), []),
        ("moodle-custom-report", ("u1", "T1", "Topic 1", "Yes", None), []),
        ("moodle-custom-report", ("u1", "T1", "Topic 1", "Perhaps", None), []),
        ("iomad", ("u1", "T1", "Topic 1", "2026-08-01", None), [False]),
        ("acadis", ("u1", "T1", "Topic 1", "Enrolled", "3-Sep-2026"), []),
    ],
)
def test_rows_of_what_is_not_done_and_has_no_day_are_plain(
    name: str, cells: tuple[Value, ...], plain: list[bool]
) -> None:
    layout = layout_named(name)
    fourth: Role = "status" if "status" in layout.columns else "assignment"
    roles: tuple[Role, ...] = ("learner", "course", "course_title", fourth, "completed_on")
    more = [role for role in layout.columns if role not in (*roles, *layout.optional)]
    headings = [layout.columns[role][0] for role in (*roles, *more)]
    rows = (Row(1, tuple(headings)), Row(2, (*cells, *("x" for _ in more))))
    (table,) = find_tables([Sheet("", hidden=False, rows=rows)], layout)
    cleaning = cleaning_of(table, layout)
    reader = reader_of(cleaning.headed, form_of("lms", layout, Zones("UTC", PACIFIC)), Origin("a.csv", "5a"))
    read = QuickRows.of(reader, cleaning, has_plain=True).read([tuple(map(type, rows[1].cells))], rows[1:])

    assert (read.plain.done(), [*read.others]) == (plain, [] if plain else [0])


@pytest.mark.parametrize("words", ["Zoë", "Zoe\u0308", "李小龍", "T1 – Séries"])
def test_words_with_other_letters_than_ascii_are_plain(words: str) -> None:
    assert plain_texts(("Bell", words))
    assert mask(words) == visible(words) == words


@pytest.mark.parametrize("words", ["Zoë 123–45–6789", "\uff11\uff12\uff13-45-6789", "Zo\ufe0fe", "Zoë\u200b"])
def test_words_that_must_be_masked_or_cannot_be_seen_are_not_plain(words: str) -> None:
    assert not plain_texts(("Bell", words))
    assert mask(visible(words)) != words
