"""Text with separators (csv, tsv) → rows: the encoding and the separator are stated, or told by the content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from lms_sync.tables.cells import CellsByText, Row, Unreadable, Value, text_cell
from lms_sync.tables.signs import DENSE_LIMIT
from lms_sync.text import is_fit, visible

SEPARATORS = (",", ";", "\t", "|")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE_LINES = 50
TRICKS = ("=", "'")
"""How a cell begins that is kept from being taken for a number."""
MOST_BINARY = 100
"""Text with one NUL in so many characters is no text."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
LAST = "the end of the file"
"""Put behind a file to see whether a quote is still open there."""


def read_delimited(data: bytes, *, encoding: str = "", separator: str = "") -> tuple[tuple[Row, ...], str]:
    """Return the records that hold something, and the encoding where the content leaves it to be guessed.

    A record's number counts every record before it, blank ones too. A byte that the encoding does not know stays, as
    half a character, in its cell.

    Raises: Unreadable for bytes that are no text, a quote that is never closed, or a last record that is cut off.
    """
    found, guessed = (encoding, "") if encoding else _detect_encoding(data)
    content = _decode(data, found)
    separator = separator or _stated_separator(content) or _detect_separator(content)
    _check_size(content, separator)
    plain = is_fit(content.replace("\r", "").replace("\n", "").replace("\t", "")) and content == visible(content)
    values = CellsByText(_value if plain else text_cell)
    return tuple(_rows(content, separator, values)), guessed


def _value(words: str) -> Value:
    """Return what `text_cell` does, of text in which nothing is unseen or unfit."""
    return text_cell(words) if words.startswith(TRICKS) else words or None


def _stated_separator(content: str) -> str:
    """Return what Excel's own first line `sep=;` names, also where a program has put separators behind it.

    The line stays as row 1, so that later numbers are right.
    """
    line = content[:100].partition("\n")[0].strip('\r"')
    named = line[4:5] if line.casefold().startswith("sep=") else ""
    return named if not line[4:].strip(named or None) and not named.isalnum() else ""


def _detect_encoding(data: bytes) -> tuple[str, str]:
    """Return the encoding, and once more where it is a guess."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return name, ""
    start = data[:1000]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le", ""
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be", ""
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


def _decode(data: bytes, encoding: str) -> str:
    try:
        content = data.decode(encoding, "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape")
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(
            f"the file is no text in the encoding {encoding} ({error})",
            "a csv file in UTF-8, UTF-16 or Windows-1252, or the encoding that the layout states",
            "Save it as csv in UTF-8, or state `encoding` in the layout.",
        ) from error
    if content.count("\x00") * MOST_BINARY > len(content):
        raise Unreadable(
            "the file holds binary data", "text with separators", "Export the report as a workbook or csv file."
        )
    return content.removeprefix("\ufeff")


def _detect_separator(content: str) -> str:
    """Return the separator that gives most of the first records one width, and the wider the better."""
    sample = "\n".join(content[: 2**17].splitlines()[:SAMPLE_LINES])

    def rank(separator: str) -> tuple[int, int]:
        widths = Counter(len(record) for record in csv.reader(io.StringIO(sample), delimiter=separator) if record)
        width, records = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        return (records, width) if width > 1 else (0, 1)

    return max(SEPARATORS, key=rank)


def _check_size(content: str, separator: str) -> None:
    cells = content.count(separator) + content.count("\n")
    if cells > DENSE_LIMIT:
        raise Unreadable(
            f"the file holds about {cells:,} cells",
            f"at most {DENSE_LIMIT:,} cells",
            "Export fewer columns, or split the export by year.",
        )


def _rows(content: str, separator: str, values: CellsByText) -> list[Row]:
    reader = csv.reader(_lines(content), delimiter=separator, strict=True)
    try:
        return _filled(reader if content.endswith(("\n", "\r")) else _whole(list(reader)), values)
    except csv.Error as error:
        records = _lenient(content, separator)
        if records is not None:
            return _filled(records if content.endswith(("\n", "\r")) else _whole(records), values)
        raise Unreadable(
            f"the csv text breaks off or its quotes are wrong at line {reader.line_num} ({error})",
            "quotes that are closed, and doubled inside quoted text",
            "Download it again in full, or correct that line.",
        ) from error


def _lines(content: str) -> Iterable[str]:
    """Return the lines, each with its end; one at a time, since a stream of them would hold the text four times."""
    if content.count("\r") == content.count("\r\n"):
        return (match[0] for match in _LINE.finditer(content))
    return io.StringIO(content, newline="")


def _filled(records: Iterable[list[str]], values: CellsByText) -> list[Row]:
    """Return the rows of the records that hold something."""
    rows, value_of = [], values.__getitem__
    for number, record in enumerate(records, 1):
        cells = tuple(map(value_of, record))
        if any(cells) and not "".join(record).isspace():
            rows.append(Row(number, cells))
    return rows


def _lenient(content: str, separator: str) -> list[list[str]] | None:
    """Return the records as a spreadsheet reads them, text behind a closing quote and lone quotes among them.

    None where a quote may have swallowed lines: it is open at the end, or a cell of several lines holds separators.
    """
    reader = csv.reader(io.StringIO(f"{content.rstrip()}\n{LAST}", newline=""), delimiter=separator)
    try:
        records = list(reader)
    except csv.Error:
        return None
    swallowed = any("\n" in cell and separator in cell for record in records for cell in record)
    return None if swallowed or records[-1] != [LAST] else records[:-1]


def _whole(records: list[list[str]]) -> list[list[str]]:
    """Return the records of a file without a line break at its end, unless its last one is shorter than most."""
    usual = Counter(len(record) for record in records).most_common(1)[0][0] if len(records) > 2 else 0
    if usual and 1 < len(records[-1]) < usual:
        raise Unreadable(
            f"the last record has {len(records[-1])} of {usual} cells and no line break: the file was cut off",
            "a whole file",
            "Download it again in full; if it is whole, end its last line with a line break.",
        )
    return records
