"""Text with separators (csv, tsv) → rows: the encoding and the separator are stated, or told by the content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, islice

from lms_sync.model.quickly_made import maker
from lms_sync.tables.cells import Row, Unreadable
from lms_sync.tables.pieces import Pieces
from lms_sync.tables.signs import DENSE_LIMIT
from lms_sync.tables.values_by_text import ValuesByText

SEPARATORS = (",", ";", "\t", "|")
BOMS = (
    *((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),  # the first begins as one of UTF-16 does
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
END_OF_FILE = b"\x1a"
"""What old programs write behind their text."""
SAMPLE_LINES = 50
AT_ONCE = 2_000
"""Records that are made rows of at once."""
_row = maker(Row)
MOST_BINARY = 100
"""Text with one NUL in so many characters is no text."""
MOST_ZEROS = 3
"""So many zeros at its end has a text in UTF-32."""
LAST = "the end of the file"
"""Put behind a file to see whether a quote is still open there."""


def read_delimited(data: bytes, *, encoding: str = "", separator: str = "") -> tuple[tuple[Row, ...], str]:
    """Return the records that hold something, and the encoding where the content leaves it to be guessed.

    A record's number counts every record before it, blank ones too. A byte that the encoding does not know stays, as
    half a character, in its cell.

    Raises: Unreadable for bytes that are no text, a quote that is never closed, or a last record that is cut off.
    """
    expect_whole(data)
    found, guessed = (encoding, "") if encoding else detect_encoding(data)
    content = _decode(data if found.startswith(("utf-16", "utf-32")) else data.rstrip(END_OF_FILE), found)
    separator = separator or separator_of(content.first)
    check_size(sum(piece.count(separator) + piece.count("\n") for piece in content))
    return tuple(_rows(content, separator)), guessed


def expect_whole(data: bytes) -> None:
    """Expect no file whose end was never written: room is made for it first, and holds zeros. Raises: Unreadable."""
    zeros = len(data) - len(data.rstrip(b"\0"))
    if MOST_ZEROS < zeros < len(data):
        raise Unreadable(
            f"the file ends in {zeros:,} bytes of zeros: it was not written to its end",
            "a file that is whole",
            "Download or copy it again, and put the new file in its place.",
        )


def separator_of(content: str) -> str:
    """Return the separator that a text states or shows; `content` is at least its beginning."""
    return _stated_separator(content) or _detect_separator(content)


def _stated_separator(content: str) -> str:
    """Return what Excel's own first line `sep=;` names, also where a program has put separators behind it.

    The line stays as row 1, so that later numbers are right.
    """
    line = content[:100].partition("\n")[0].strip('\r"')
    named = line[4:5] if line.casefold().startswith("sep=") else ""
    return named if not line[4:].strip(named or None) and not named.isalnum() else ""


def detect_encoding(data: bytes) -> tuple[str, str]:
    """Return the encoding, and once more where it is a guess."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return name, ""
    start = data[:1000]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le", ""
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be", ""
    if data.isascii():  # without a text as long as the file
        return "utf-8", ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ("utf-8", "utf-8") if _is_mostly_utf8(data) else ("cp1252", "cp1252")
    return "utf-8", ""


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell whether at least half of the characters beyond ASCII are whole in UTF-8: by chance, hardly any is."""
    read = data.decode("utf-8", "surrogateescape")
    foreign = sum("\udc80" <= sign <= "\udcff" for sign in read)
    return sum(sign > "\x7f" for sign in read) >= 2 * foreign


def _decode(data: bytes, encoding: str) -> Pieces:
    content = Pieces(data, encoding)
    try:
        binary = sum(piece.count("\x00") * MOST_BINARY - len(piece) for piece in content)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(
            f"the file is no text in the encoding {encoding} ({error})",
            "a csv file in UTF-8, UTF-16 or Windows-1252, or the encoding that the layout states",
            "Save it as csv in UTF-8, or state `encoding` in the layout.",
        ) from error
    if binary > 0:
        raise Unreadable(
            "the file holds binary data", "text with separators", "Export the report as a workbook or csv file."
        )
    return content


def _detect_separator(content: str) -> str:
    """Return the separator that gives most of the first records one width, and the wider the better.

    `content` is at least the file's beginning.
    """
    sample = "\n".join(content[: 2**17].splitlines()[:SAMPLE_LINES])

    def rank(separator: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in csv.reader(io.StringIO(sample), delimiter=separator) if record)
        width, records = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        return (records, width) if width > 1 else (0, 1)

    return max(SEPARATORS, key=rank)


def check_size(cells: int) -> None:
    """Raise Unreadable for a file of more cells than may be read; `cells` is about as many as it has."""
    if cells > DENSE_LIMIT:
        raise Unreadable(
            f"the file holds about {cells:,} cells",
            f"at most {DENSE_LIMIT:,} cells",
            "Export fewer columns, or split the export by year.",
        )


def _rows(content: Pieces, separator: str) -> list[Row]:
    apart = parts_from_quotes(content.first, separator)
    reader = csv.reader(content.lines(), delimiter=separator, strict=True, skipinitialspace=apart)
    whole = content.ends_with_line
    try:
        return filled(reader if whole else _whole(reader), count(1))
    except csv.Error as error:
        records = _lenient(content.whole, separator, apart=apart)
        if records is not None:
            return filled(records if whole else _whole(records), count(1))
        raise Unreadable(
            f"the csv text breaks off or its quotes are wrong at line {reader.line_num} ({error})",
            "quotes that are closed, and doubled inside quoted text",
            "Download it again in full, or correct that line.",
        ) from error


def filled(records: Iterable[list[str]], numbers: Iterable[int]) -> list[Row]:
    """Return the rows of the records that hold something; `numbers` are those of the records."""
    rows: list[Row] = []
    records, numbers, values = iter(records), iter(numbers), ValuesByText()
    while group := list(islice(records, AT_ONCE)):
        # The numbers come last, or one would be lost at the end of each group.
        for record, cells, number in zip(group, values.of(group), numbers, strict=False):
            first = cells[0] if cells else None
            if (type(first) is str and not first.isspace()) or (any(cells) and not "".join(record).isspace()):
                rows.append(_row(number, cells))
    return rows


def parts_from_quotes(content: str, separator: str) -> bool:
    """Tell whether blanks stand between a separator and the quote behind it: `"ID", "Course"`.

    `content` is at least the file's beginning.
    """
    sign = re.escape(separator)
    return re.search(rf'{sign} +"(?:[^"\n]|"")*" *(?:{sign}|\r?$)', content[: 2**17], re.MULTILINE) is not None


def _lenient(content: str, separator: str, *, apart: bool) -> list[list[str]] | None:
    """Return the records as a spreadsheet reads them, text behind a closing quote and lone quotes among them.

    None where a quote may have swallowed lines: it is open at the end, or a cell of several lines holds separators.
    """
    reader = csv.reader(
        io.StringIO(f"{content.rstrip()}\n{LAST}", newline=""), delimiter=separator, skipinitialspace=apart
    )
    try:
        records = list(reader)
    except csv.Error:
        return None
    swallowed = any("\n" in cell and separator in cell for record in records for cell in record)
    return None if swallowed or records[-1] != [LAST] else records[:-1]


def _whole(records: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the records of a file without a line break at its end. Raises: Unreadable where its last one is cut off.

    It is so where it is shorter than most.
    """
    widths: Counter[int] = Counter()
    last: list[str] = []
    for last in records:
        widths[len(last)] += 1
        yield last
    usual = widths.most_common(1)[0][0] if widths.total() > 2 else 0
    if usual and 1 < len(last) < usual:
        raise Unreadable(
            f"the last record has {len(last)} of {usual} cells and no line break: the file was cut off",
            "a whole file",
            "Download it again in full; if it is whole, end its last line with a line break.",
        )
