"""xls and xlsb: the same sheets, with what their reader hides."""

import contextlib
import struct
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.tables.cells import Block, ErrorValue, Row, Unreadable
from lms_sync.tables.kinds import Kind
from lms_sync.tables.prescan import prescan
from lms_sync.tables.read import sheets_of
from lms_sync.tables.signs import DENSE_LIMIT
from tests.tables.xlsb_book import packed, record, text, xlsb

OLD = (Path(__file__).parent / "books" / "made-in-1904.xls").read_bytes()


def test_xls_tells_values_errors_merged_cells_and_what_is_hidden() -> None:
    done, lists = sheets_of(OLD)
    assert (done.name, done.hidden, lists.name, lists.hidden) == ("Done", False, "Lists", True)
    assert done.rows[2:] == (
        Row(3, ("00417", "De–escalation", date(2025, 9, 3), None, 44441)),
        Row(4, ("00418", ErrorValue("#N/A"), datetime(2025, 9, 4, 7, 5), None, None)),
        Row(5, (None, "Ethics", ErrorValue("#DIV/0!"), None, None)),
    )
    assert done.merged == (Block(1, 0, 1, 2), Block(4, 0, 5, 0))
    assert done.hidden_rows == (5,)
    assert done.from_1904
    assert lists.rows == (Row(2, (None, "q")),)


@pytest.mark.parametrize("end", [9, 100, 600, 3000, 5000])
def test_xls_that_is_cut_off_is_refused(end: int) -> None:
    with pytest.raises(Unreadable, match="cut off"):
        sheets_of(OLD[:end])


def test_xls_whose_sectors_run_in_a_circle_is_refused() -> None:
    table = struct.unpack_from("<I", OLD, 76)[0]
    directory = struct.unpack_from("<I", OLD, 48)[0]
    place = (table + 1) * 512 + 4 * directory
    with pytest.raises(Unreadable, match="chain of sectors is broken"):
        sheets_of(OLD[:place] + struct.pack("<I", directory) + OLD[place + 4 :])


def test_xls_that_asks_for_a_password_is_refused() -> None:
    # The record after the first one becomes FilePass.
    start = OLD.index(b"\x09\x08\x10\x00") + 20
    with pytest.raises(Unreadable, match="protected by a password"):
        sheets_of(OLD[:start] + b"\x2f\x00" + OLD[start + 2 :])


def test_xlsb_tells_values_errors_merged_cells_and_hidden_rows() -> None:
    merged = struct.pack("<IIII", 1, 2, 0, 0)
    (read,) = sheets_of(xlsb([["ID", "Day"], ["00417", 45903], [None, b"\x2a"]], hidden=3, merged=merged))
    assert read.name == "Data"
    assert [row.cells for row in read.rows] == [("ID", "Day"), ("00417", 45903.0), (None, ErrorValue("#N/A"))]
    assert (read.merged, read.hidden_rows, read.from_1904) == ((Block(2, 0, 3, 0),), (3,), False)


def test_xlsb_tells_its_date_system() -> None:
    assert sheets_of(xlsb([["x"]], from_1904=True))[0].from_1904


def test_stray_cell_of_xlsb_is_refused() -> None:
    far = record(0, struct.pack("<IIH", DENSE_LIMIT, 0, 0) + bytes(7)) + record(6, struct.pack("<II", 9, 0))
    near = record(0, struct.pack("<IIH", 0, 0, 0) + bytes(7)) + record(6, struct.pack("<II", 0, 0))
    book = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("D"))
    with pytest.raises(Unreadable, match="a sheet reaches from A1"):
        sheets_of(packed({"xl/workbook.bin": book, "xl/worksheets/sheet1.bin": near + far}))


def test_xlsb_that_breaks_off_in_a_record_is_refused() -> None:
    book = record(156, struct.pack("<II", 0, 1))
    with pytest.raises(Unreadable, match="damaged"):
        sheets_of(packed({"xl/workbook.bin": book, "xl/worksheets/sheet1.bin": b""}))


CHANGES = st.lists(st.tuples(st.integers(0, 6655), st.integers(0, 255)), min_size=1, max_size=12)


@settings(max_examples=120, deadline=None)
@given(CHANGES)
def test_changed_bytes_make_an_xls_unreadable_at_worst(changes: list[tuple[int, int]]) -> None:
    data = bytearray(OLD)
    for place, byte in changes:
        data[place] = byte
    with contextlib.suppress(Unreadable):
        prescan(bytes(data), Kind.XLS)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_records_make_an_xlsb_unreadable_at_worst(book: bytes, sheet: bytes) -> None:
    named = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Data"))
    parts = {"xl/workbook.bin": named + book, "xl/worksheets/sheet1.bin": sheet}
    with contextlib.suppress(Unreadable):
        prescan(packed(parts), Kind.XLSB)
