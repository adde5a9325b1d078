"""A csv file read in groups and pieces holds what it holds read whole, cell by cell."""

import csv
import io
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.tables import delimited, pieces, values_by_text
from lms_sync.tables.cells import Row, Unreadable, text_cell
from lms_sync.tables.delimited import read_delimited
from lms_sync.tables.pieces import Pieces

TEXTS = st.sampled_from(
    [
        *(
            "",
            " ",
            "\t",
            "7",
            "Ann",
            "O'Brien",
            "'007",
            "='=",
            '="007"',
            "=1+1",
            "'",
            "\u200b",
            "a\u200bb",
            "é",
            "\u202f",
        ),
        *("\x1f", "a\x1fb", "\x1c", "two\nlines", "\r", "a\r\nb", "\udc81", "Ann", "7", "\ufeff", "a,b", 'say "x"'),
    ]
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "ascii", "utf-16-le", "utf-16")


def cell_by_cell(content: str) -> tuple[Row, ...]:
    records = csv.reader(io.StringIO(content, newline=""), delimiter=",")
    rows = (
        Row(number, tuple(map(text_cell, record)))
        for number, record in enumerate(records, 1)
        if not "".join(record).isspace()
    )
    return tuple(row for row in rows if any(row.cells))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), max_size=9), st.sampled_from(["\n", "\r\n", "\r"]))
def test_rows_read_in_groups_are_those_read_cell_by_cell(records: list[list[str]], end: str) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(records)
    content = written.getvalue()
    with (
        patch.object(delimited, "AT_ONCE", 2),
        patch.object(values_by_text, "MOST_KEPT", 5),
        patch.object(pieces, "PIECE", 8),
    ):
        rows, _ = read_delimited(content.encode("utf-8", "surrogateescape"), encoding="utf-8", separator=",")
    assert rows == cell_by_cell(content.removeprefix("\ufeff"))
    assert [[*map(type, row.cells)] for row in rows] == [[*map(type, row.cells)] for row in cell_by_cell(content)]


@given(
    st.lists(st.sampled_from((b"\xef\xbb\xbf", b"a", b"\n", b"\r", b"\xe2", b"\x82", b"\xac", b"\x81"))),
    st.sampled_from(ENCODINGS),
)
def test_the_pieces_are_the_whole_text(parts: list[bytes], encoding: str) -> None:
    content = Pieces(b"".join(parts), encoding)
    with patch.object(pieces, "PIECE", 3):
        try:
            whole = content.whole
        except UnicodeDecodeError:
            with pytest.raises(UnicodeDecodeError):
                list(content)
            return
        assert "".join(content) == whole
        assert list(content.lines()) == list(io.StringIO(whole, newline=""))
        assert content.first == whole[: len(content.first)]


def test_equal_texts_are_one_object_over_more_than_one_group() -> None:
    with patch.object(delimited, "AT_ONCE", 2):
        rows, _ = read_delimited(b"ID,Name\n" + b"007 7,Ann Bee\n" * 9)
    assert len({id(row.cells[1]) for row in rows[1:]}) == 1


@pytest.mark.parametrize("records", [3, 3_000])
def test_a_short_last_record_without_its_line_break_was_cut_off(records: int) -> None:
    with pytest.raises(Unreadable, match="the last record has 2 of 3 cells"):
        read_delimited(b"a,b,c\n" * records + b"a,b")
