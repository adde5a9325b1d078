"""Files of text: encoding, separator, row numbers; and values as people read them."""

import csv
import io
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.tables.cells import CellCause, column_index
from lms_sync.tables.read import ErrorValue, Row, Unreadable, Value, address, read_sheets, sheets_of, text
from lms_sync.text import UNFIT, UNSEEN


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(b"a,b\r\n1,2\r\n")
    (read,) = read_sheets(path)
    assert read.rows[1] == Row(2, ("1", "2"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_told_by_the_content(encoding: str, separator: str) -> None:
    lines = [["Name", "Course", "Note"], ["Núñez", "Part 1, 2", "a"], ["Bråten", "De–escalation", ""]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(lines)
    (read,) = sheets_of(stream.getvalue().encode(encoding))
    assert [tuple(cell or "" for cell in row.cells) for row in read.rows] == [tuple(line) for line in lines]


def test_stated_encoding_and_separator_win() -> None:
    data = "a;b,c\nŁ;1,2\n".encode("cp1250")
    (read,) = sheets_of(data, encoding="cp1250", separator=";")
    assert read.rows[1].cells == ("Ł", "1,2")


def test_byte_that_the_stated_encoding_does_not_know_is_told_in_its_cell() -> None:
    (read,) = sheets_of("Núñez,1\n".encode("cp1252"), encoding="utf-8")
    assert read.rows[0].cells == (ErrorValue("N\\xfa\\xf1ez", CellCause.UNFIT), "1")


def test_unknown_encoding_is_refused() -> None:
    with pytest.raises(Unreadable, match="no text in the encoding nonsense"):
        sheets_of(b"a,b\n", encoding="nonsense")


def test_row_numbers_count_blank_and_many_lined_records() -> None:
    (read,) = sheets_of(b'a,b\r\n\r\n"two\r\nlines",2\r\n,\r\nlast,4\r\n')
    assert [(row.number, row.cells) for row in read.rows] == [
        (1, ("a", "b")),
        (3, ("two\r\nlines", "2")),
        (5, ("last", "4")),
    ]


def test_line_that_names_the_separator_is_row_one() -> None:
    (read,) = sheets_of(b"sep=;\r\na;b,b,b\r\n1;2,2,2\r\n")
    assert read.rows[1:] == (Row(2, ("a", "b,b,b")), Row(3, ("1", "2,2,2")))


@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n1,"2\n3,4\n',
        b'a,b\n1,"2" x\n3,"4\n5,6\n',
        b'a,b\n1,"2" x\n3,"4\n5,6\n7,"8"\n',
        b"a,b,c\n1,2,3\n4,5,6\n7,8",
        b"a,b\n1,\x002\x00\n" + b"x" * 90,
    ],
)
def test_broken_csv_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        sheets_of(data)


def test_short_last_record_with_its_line_break_is_whole() -> None:
    assert len(sheets_of(b"a,b,c\n1,2,3\n4,5,6\nTotal,2\n")[0].rows) == 4


def test_addresses() -> None:
    assert [address(12, 0), address(1, 25), address(7, 26), address(1048576, 16383)] == [
        "A12",
        "Z1",
        "AA7",
        "XFD1048576",
    ]


@given(st.integers(0, 16383))
def test_letters_lead_back_to_their_column(column: int) -> None:
    assert column_index(address(1, column)[:-1]) == column


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (417.0, "417"),
        (4.17e20, "417000000000000000000"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (date(2025, 9, 3), "2025-09-03"),
        (datetime(2025, 9, 3, 7, 5), "2025-09-03 07:05:00"),
        (time(7, 5), "07:05:00"),
        (ErrorValue("#N/A"), "#N/A"),
        (" a\xa0", " a\xa0"),
    ],
)
def test_text_is_as_a_person_reads_it(value: Value, words: str) -> None:
    assert text(value) == words


def cell() -> st.SearchStrategy[str]:
    """Return texts of the characters that come back from a cell as they were written."""
    every = "".join(map(chr, range(0x110000)))
    changed = "".join((*UNFIT.findall(every), *UNSEEN.findall(every), "='"))
    return st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters=changed), max_size=8
    )


CELL = st.deferred(cell)


@settings(max_examples=60)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_csv_comes_back_as_written(lines: list[list[str]]) -> None:
    lines = [["head", "of", "table"], *lines]
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    (read,) = sheets_of(stream.getvalue().encode(), separator=",")
    expected = {n: tuple(c or None for c in line) for n, line in enumerate(lines, 1) if any(c.strip() for c in line)}
    assert {row.number: row.cells for row in read.rows} == expected
