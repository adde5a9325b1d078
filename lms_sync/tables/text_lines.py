"""The records of a csv file as they lie in its bytes: those that are known already need not be read.

Only where each record stands by itself in a line, or in lines between which a quote is open.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice, pairwise, repeat
from operator import and_, not_
from zlib import crc32

from lms_sync.tables.cells import Row
from lms_sync.tables.delimited import (
    AT_ONCE,
    END_OF_FILE,
    check_size,
    detect_encoding,
    filled,
    parts_from_quotes,
    separator_of,
)
from lms_sync.tables.pieces import PIECE, Pieces

LINE_END = b"\r\n"
GROUP = 32
"""So many records a group has as a rule, a power of two. Where one ends its last line tells, and nothing else."""


@dataclass(frozen=True, slots=True)
class TextLines:
    """A csv file whose records can be read each by itself."""

    data: bytes
    encoding: str
    by: str
    """How its bytes are read."""
    guessed: str
    """The encoding once more, where it is a guess."""
    separator: str
    apart: bool
    """Whether blanks stand between a separator and the quote behind it."""
    starts: "array[int]"
    """Where each record begins, and behind them the end of the last one."""
    groups: "array[int]"
    """How many records stand before each group, and behind them the number of all.

    What is put into a file, or taken out, changes the groups in which that is, and perhaps the next.
    """

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def form(self) -> tuple[str, str, bool]:
        """Return all that the reading of one record rests on besides its bytes."""
        return self.encoding, self.separator, self.apart

    @property
    def ends_with_line(self) -> bool:
        """Tell whether there is a line break at the end."""
        return self.data.endswith(b"\n")

    def lines(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """Give the bytes of some records, by their numbers from 1, without the line's end."""
        data, starts = self.data, self.starts
        return (data[starts[n - 1] : starts[n]].rstrip(LINE_END) for n in numbers)

    def each_group(self) -> Iterator[bytes]:
        """Give the bytes of each group."""
        data, starts = self.data, self.starts
        return (data[starts[begin] : starts[end]] for begin, end in pairwise(self.groups))

    def records(self, numbers: Iterable[int]) -> Iterator[list[str]]:
        """Give some records, by their numbers from 1. Raises: csv.Error where one does not stand by itself."""
        data, starts, by = self.data, self.starts, self.by
        texts = (data[starts[n - 1] : starts[n]].decode(by, "surrogateescape") for n in numbers)
        reader = csv.reader(texts, delimiter=self.separator, strict=True, skipinitialspace=self.apart)
        read = 0
        while group := list(islice(reader, AT_ONCE)):
            read += len(group)
            if reader.line_num != read:
                raise csv.Error("a record that does not stand by itself")
            yield from group

    def rows(self, numbers: Sequence[int]) -> tuple[Row, ...] | None:
        """Return those of some records that hold something, by their numbers from 1.

        None where one of them does not stand by itself.
        """
        try:
            return tuple(filled(self.records(numbers), numbers))
        except csv.Error:
            return None


def lines_of(data: bytes, *, encoding: str = "", separator: str = "") -> TextLines | None:
    """Return the records of text with separators; None where they must be read as one text.

    So it is in encodings whose lines are not told by bytes, with binary data, and with line ends of old kinds.

    Raises: Unreadable for a file of too many cells.
    """
    found, guessed = (encoding, "") if encoding else detect_encoding(data)
    try:
        content = Pieces(data.rstrip(END_OF_FILE), found)
        by = content.by_bytes
    except LookupError:
        return None
    data = content.data
    if by is None or b"\0" in data or data.endswith(b"\r"):
        return None
    separator = separator or separator_of(content.first)
    if not separator.isascii():
        return None
    breaks = data.count(b"\n")
    check_size(data.count(separator.encode(by)) + breaks)
    places = _starts(data, content.start, breaks)
    apart = parts_from_quotes(content.first, separator)
    return TextLines(data, found, by, guessed, separator, apart, *places) if places else None


def _starts(data: bytes, begin: int, breaks: int) -> tuple["array[int]", "array[int]"] | None:
    """Return where the records begin, and where the last one ends: none ends within quotes; and their groups.

    None where more lines end than there are line `breaks`: at carriage returns alone.
    """
    starts, groups, is_open = array("I", [begin]), array("I", [0]), False
    lines_left = breaks + (begin < len(data) and not data.endswith(b"\n"))
    while begin < len(data):
        end = data.find(b"\n", begin + PIECE) + 1 or len(data)
        lines = data[begin:end].splitlines(keepends=True)
        lines_left -= len(lines)
        ends = accumulate(map(len, lines), initial=begin)
        next(ends)
        quotes = [line.count(b'"') & 1 for line in lines]
        last_of_group = map(not_, map(and_, map(crc32, lines), repeat(GROUP - 1)))
        if is_open or any(quotes):
            for place, odd, is_last in zip(ends, quotes, last_of_group, strict=True):
                is_open ^= bool(odd)
                if not is_open:
                    starts.append(place)
                    groups.extend([len(starts) - 1] if is_last else ())
        else:
            groups.extend(compress(range(len(starts), len(starts) + len(lines)), last_of_group))
            starts.extend(ends)
        begin = end
    if lines_left:
        return None
    if starts[-1] != len(data):
        starts.append(len(data))
    if groups[-1] != len(starts) - 1:
        groups.append(len(starts) - 1)
    return starts, groups
