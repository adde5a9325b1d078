"""Text with separators (csv, tsv) → rows: the encoding and the separator are stated, or told by the content."""

import codecs
import csv
import io
from collections import Counter

from lms_sync.tables.cells import Row, Unreadable
from lms_sync.tables.signs import DENSE_LIMIT

SEPARATORS = (",", ";", "\t", "|")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE_LINES = 50


def read_delimited(data: bytes, *, encoding: str = "", separator: str = "") -> tuple[Row, ...]:
    """Return the records that hold something; a record's number counts every record before it, blank ones too.

    Raises: Unreadable for bytes that are no text, a quote that is never closed, or a last record that is cut off.
    """
    content = _decode(data, encoding or _detect_encoding(data))
    if content.startswith("sep=") and (line := content.partition("\n")[0].rstrip("\r")) and len(line) == 5:
        # Excel's own first line that names the separator; it stays as row 1 so that later numbers are right.
        separator = separator or line[-1]
    separator = separator or _detect_separator(content)
    _check_size(content, separator)
    records = _records(content, separator)
    _check_end(content, records)
    return tuple(
        Row(number, tuple(cell or None for cell in record))
        for number, record in enumerate(records, start=1)
        if any(cell and not cell.isspace() for cell in record)
    )


def _detect_encoding(data: bytes) -> str:
    for bom, name in BOMS:
        if data.startswith(bom):
            return name
    start = data[:1000]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decode(data: bytes, encoding: str) -> str:
    try:
        content = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(
            f"the file is no text in the encoding {encoding} ({error})",
            "a csv file in UTF-8, UTF-16 or Windows-1252, or the encoding that the layout states",
            "Save it as csv in UTF-8, or state `encoding` in the layout.",
        ) from error
    if "\x00" in content:
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


def _records(content: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise Unreadable(
            f"the csv text breaks off or its quotes are wrong at line {reader.line_num} ({error})",
            "quotes that are closed, and doubled inside quoted text",
            "Download it again in full, or mend that line.",
        ) from error


def _check_end(content: str, records: list[list[str]]) -> None:
    """Refuse a file that ends within a record: no line break at its end, and the last record shorter than most."""
    if content.endswith(("\n", "\r")) or len(records) < 3:
        return
    usual = Counter(len(record) for record in records).most_common(1)[0][0]
    if 1 < len(records[-1]) < usual:
        raise Unreadable(
            f"the last record has {len(records[-1])} of {usual} cells and no line break: the file was cut off",
            "a whole file",
            "Download it again in full; if it is whole, end its last line with a line break.",
        )
