"""The process that reads other people's workbooks: `python -m lms_sync.tables.child BYTES`.

It takes one workbook after another from stdin and answers on stdout; BYTES is the memory that it may take; each
request tells the CPU time for its workbook. Whatever a workbook does to it, the night goes on: `guard.py` starts it,
watches it and ends it.
"""

import gc
import pickle
import struct
import sys
import time
from dataclasses import astuple
from itertools import islice
from typing import BinaryIO

from lms_sync.tables.cells import Book, Sheet, Unreadable
from lms_sync.tables.kinds import beyond_us, kind_of
from lms_sync.tables.limits import limit_memory, limit_time
from lms_sync.tables.workbook import workbook_of

REQUEST = struct.Struct("<Qd")
"""Stands before every workbook: how many bytes it has, and how many CPU seconds it may take."""
ROWS_AT_ONCE = 2_000


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every workbook until there are no more requests; one that takes more CPU seconds ends this process."""
    while header := requests.read(REQUEST.size):
        size, seconds = REQUEST.unpack(header)
        data = requests.read(size)
        limit_time(seconds)
        _answer(data, answers)
        answers.flush()


def _answer(data: bytes, answers: BinaryIO) -> None:
    """Write ("book", signs, sheets) and the sheets' rows in groups; or ("unreadable", …), or ("memory",)."""
    try:
        book = workbook_of(data, kind_of(data))
    except Unreadable as error:
        pickle.dump(("unreadable", error.found, error.expected, error.remedy), answers)
    except MemoryError:
        pickle.dump(("memory",), answers)
    except BaseException as error:  # the reader's own panics are no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        refusal = beyond_us(f"{type(error).__name__}: {error}")
        pickle.dump(("unreadable", refusal.found, refusal.expected, refusal.remedy), answers)
    else:
        _write_book(book, answers)


def _write_book(book: Book, answers: BinaryIO) -> None:
    heads = [_head(sheet) for sheet in book.sheets]
    pickle.dump(("book", [sign.value for sign in book.signs], heads, time.process_time()), answers)
    for sheet in book.sheets:
        rows = iter(sheet.rows)
        while group := [(row.number, row.cells) for row in islice(rows, ROWS_AT_ONCE)]:
            pickle.dump(group, answers)


def _head(sheet: Sheet) -> tuple[object, ...]:
    merged = [astuple(block) for block in sheet.merged]
    beside = (sheet.covered, sheet.hidden_rows, sheet.pictures, sheet.from_1904, sheet.crossed_out)
    return (sheet.name, sheet.hidden, merged, *beside, len(sheet.rows))


def _collect_seldom() -> None:
    """Look for cycles of values seldom: rows are none, and each of them would be looked at again and again."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


if __name__ == "__main__":
    _collect_seldom()
    limit_memory(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
