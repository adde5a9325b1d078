"""Rows of an xlsx sheet that hold nothing but plain values, told by their bytes: the parser need not follow them.

Most sheets are such rows from top to bottom, and to follow their elements takes longer than to read the whole sheet.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

from lms_sync.tables.signs import LAST_ROW

SHEET_DATA = b"<sheetData>"
LONGEST_HEAD, LONGEST_ROW = 2**16, 2**20
"""Bytes that are waited for until the sheet's data begins, and until a row ends."""
MOST_COLUMNS, MOST_PATTERNS = 200, 20
"""A sheet in which more columns hold something, or ever others do, is followed element by element."""
MOST_FORMS = 20
"""So many rows of a sheet serve as the form of those behind them."""
_USUAL = rb"[^<&\]\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_TEXT = _USUAL + rb"(?:(?:\](?!\]>)|&(?:amp|lt|gt|quot|apos);)" + _USUAL + rb")*+"
_ROW = (
    rb'[ \t\r\n]*+<row r="([1-9]\d{0,6}+)"(?: spans="[\d: ]*+")?+(?: s="\d++")?+(?: customFormat="[01]")?+'
    rb'(?: ht="[\d.]++")?+(?: customHeight="[01]")?+(?: x14ac:dyDescent="[\d.]++")?+>%b</row>'
)
_CELL = (
    rb'(?:<c r="%b\1"(?: s="%b\d++")?+(?: t="(?:s|n|b|str|inlineStr|d)")?+(?:/>'
    rb'|>(?:<v>%b</v>|<is><t(?: xml:space="preserve")?+>%b</t></is>)</c>))?+'
)
_VARIES = re.compile(rb'(<row r="|<c r="[A-Z]+)\d+|(<v>|<t(?: xml:space="preserve")?>)[^<]*')
"""In a row of values: its number, wherever it stands, and the text of a cell; each behind what begins it."""
HOLDS_SOMETHING = b"</c>"
"""Stands in a row of values that does."""
_BEGINS = re.compile(rb"[ \t\r\n]*+<row[ />]")
_MAY_BEGIN = re.compile(rb"[ \t\r\n]*+(?:<(?:r(?:o(?:w(?:[ />].*)?)?)?)?)?", re.DOTALL)
_ENDS = re.compile(rb"</row>")


class ValueRows:
    """Takes rows of values out of a sheet's XML, but for the last of several in succession: it stands for them all.

    What is left is to be parsed as ever. Rows are looked at from the beginning of the sheet's data on, up to anything
    else; and nowhere where a comment, a section of characters or an instruction may stand around them.
    """

    def __init__(
        self, columns: Mapping[str, int], styles: Iterable[str], note: Callable[[tuple[int, int]], None]
    ) -> None:
        self.taken = 0
        """Bytes that were taken out so far."""
        self._columns = columns
        """Letters → column, of those that hold something in the rows that were parsed so far."""
        self._styles = tuple(styles)
        """Of cells that are not plain."""
        self._note = note
        """Takes the lowest and the highest number of the rows that are taken out at a time."""
        self._pattern: re.Pattern[bytes] | None = None
        self._patterns = 0
        self._known = 0
        self._form: re.Pattern[bytes] | None = None
        """Fits rows like one before: quicker, since nothing in it is optional."""
        self._forms = 0

    def left_of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Give what is left of a sheet that comes in pieces; each is to be parsed before the next is asked for."""
        waiting, head = b"", b""
        more = iter(pieces)
        for piece in more:
            waiting += piece
            if not head:
                before, data, after = waiting.partition(SHEET_DATA)
                if not data and len(waiting) < LONGEST_HEAD:
                    continue
                head, waiting = before + data, after
                yield head
                if not data or b"<!" in head or head.count(b"<?") > 1:
                    break
            waiting = waiting[(yield from self._left(waiting)) :]
            if _has_other_markup(waiting) or not _MAY_BEGIN.fullmatch(waiting):
                break
            if len(waiting) > LONGEST_ROW or self._patterns > MOST_PATTERNS:
                break
        yield waiting
        yield from more

    def _left(self, data: bytes) -> Generator[bytes, None, int]:
        """Give what is left of the whole rows with which these bytes begin; return how long they are."""
        place, is_ascii = 0, data.isascii()
        while _BEGINS.match(data, place):
            last, end = self._plain(data, place, is_ascii=is_ascii)
            self.taken += last - place
            if end == place:
                ends = _ENDS.search(data, place)
                if ends is None or _has_other_markup(data[place : ends.end()]):
                    break
                end = ends.end()
            yield data[last:end]
            place = end
        return place

    def _plain(self, data: bytes, place: int, *, is_ascii: bool) -> tuple[int, int]:
        """Return where the last of the rows of values begins that stand in succession here, and where it ends."""
        pattern = self._fitting()
        last = end = place
        numbers: list[int] = []
        while pattern is not None:
            row = self._form.match(data, end) if self._form else None
            if row is None:
                row = self._by_pattern(pattern, data, end)
            if row is None or int(row[1]) > LAST_ROW or not (is_ascii or _is_fit(row[0])):
                break
            last, end = end, row.end()
            numbers.append(int(row[1]))
        if len(numbers) > 1:
            self._note((min(numbers[:-1]), max(numbers[:-1])))
        return last, end

    def _by_pattern(self, pattern: re.Pattern[bytes], data: bytes, place: int) -> re.Match[bytes] | None:
        """Return the row of values that begins here, if it holds something; it is the form of those behind it."""
        row = pattern.match(data, place)
        if row is None or HOLDS_SOMETHING not in row[0]:
            return None
        if self._forms < MOST_FORMS:
            self._forms += 1
            self._form = rows_like(row[0])
        return row

    def _fitting(self) -> re.Pattern[bytes] | None:
        """Return what fits a row of values, as far as the columns are known."""
        if self._known != len(self._columns):
            self._known = len(self._columns)
            self._patterns += 1
            self._pattern = value_row(self._columns, self._styles)
        return self._pattern


def value_row(columns: Mapping[str, int], styles: Iterable[str]) -> re.Pattern[bytes] | None:
    """Return what fits a row of values whose number is its group, in which no other columns hold anything.

    `columns` are letters → column; cells of `styles` are not plain. None where no row can be told so.
    """
    letters = [name for name, _ in sorted(columns.items(), key=lambda pair: pair[1])]
    known = len(set(columns.values())) == len(letters) and all(name.isascii() and name.isupper() for name in letters)
    if not known or not 0 < len(letters) <= MOST_COLUMNS:
        return None
    others = b"|".join(re.escape(style.encode()) for style in styles)
    style = b'(?!(?:%b)")' % others if others else b""
    return re.compile(_ROW % b"".join(_CELL % (name.encode(), style, _TEXT, _TEXT) for name in letters))


def rows_like(row: bytes) -> re.Pattern[bytes]:
    """Return what fits rows of values that differ from one in their number and their cells' texts alone."""
    row = row.lstrip()
    pattern, place = rb"[ \t\r\n]*+", 0
    for match in _VARIES.finditer(row):
        varies = _TEXT if match[2] else rb"\1" if match[1].startswith(b"<c") else rb"([1-9]\d{0,6}+)"
        pattern += re.escape(row[place : match.start()] + (match[1] or match[2])) + varies
        place = match.end()
    return re.compile(pattern + re.escape(row[place:]))


def _is_fit(words: bytes) -> bool:
    """Tell whether a row's bytes are characters that no parser refuses."""
    return words.isascii() or (_is_utf8(words) and b"\xef\xbf" not in words)


def _has_other_markup(data: bytes) -> bool:
    """Tell whether a comment, a section of characters or an instruction may begin here; rows of values have none."""
    return b"<!" in data or b"<?" in data


def _is_utf8(words: bytes) -> bool:
    try:
        words.decode()
    except UnicodeDecodeError:
        return False
    return True
