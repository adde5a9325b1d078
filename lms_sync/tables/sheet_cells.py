"""What the cells of a sheet show, and how XlsxWriter is made to write it."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from lms_sync.tables.looks import Looks, Tone
from lms_sync.tables.quick_cells import CellContents, Content, QuickSheet
from lms_sync.tables.text_cells import FORMATS, Kind, fit_text, is_risky

Value = str | int | float | Decimal | date | None

_CODE = re.compile(r"(?<=_x[0-9A-Fa-f]{4})_")
_TWO_CODES = re.compile(_CODE.pattern + "(?=x[0-9A-Fa-f]{4}_)")
"""Where two texts that look like Excel's codes (`_x000D_`) share an underscore, the writer marks the first alone."""
_LINK = re.compile(r"https?://\S+")
_LONGEST_LINK = 2_079

Place = tuple[int, int]
"""Row and column, both counted from 0."""


LONGEST_ADDRESS = 34
"""So many signs of an address are shown; the cell leads to the whole of it."""


class CellSpec(NamedTuple):
    """One cell of a table."""

    value: Value
    tone: Tone
    suffix: str
    """Shown after a date."""
    kind: Kind
    """Its column's."""

    @property
    def is_link(self) -> bool:
        """Tell whether it leads to an address."""
        words = self.value
        return (
            self.kind == "link"
            and isinstance(words, str)
            and len(words) <= _LONGEST_LINK
            and _LINK.fullmatch(words) is not None
            and fit_text(words) == words  # XlsxWriter writes an address as it is, also what XML does not know
        )

    def look(self, looks: Looks) -> Any:
        """Return its format."""
        side = "right" if self.kind == "money" else "left"
        match self.value:
            case None | "":
                return looks.cell(FORMATS[self.kind], tone=self.tone, side=side)
            case str() as words:
                link = self.is_link
                risky = not link and is_risky(fit_text(words))
                return looks.cell("@", tone=self.tone, side=side, risky=risky, link=link)
            case date():
                suffix = f'"{self.suffix}"' if self.suffix else ""
                return looks.cell(FORMATS["date"] + suffix, tone=self.tone, side=side)
        return looks.cell(FORMATS["money" if self.kind == "money" else "number"], tone=self.tone, side=side)


class SheetCells:
    """The cells of one workbook: each look and each content is made once, for as long as the workbook is written."""

    def __init__(self, book: Any, spec_of: Callable[[Any, Kind], CellSpec]) -> None:
        """Write into sheets of `book`, a workbook of XlsxWriter; `spec_of` reads a value of a row in its column."""
        self.looks = Looks(book)
        self._contents = CellContents(book)
        self._spec_of = spec_of
        self._texts: dict[tuple[object, Kind], Content] = {}
        self._others: dict[tuple[object, Kind], Content] = {}

    def write_row(self, sheet: QuickSheet, row: int, values: Sequence[object], kinds: Sequence[Kind]) -> None:
        """Write one row of a table, from its first column on."""
        contents = {}
        for column, cell in enumerate(zip(values, kinds, strict=True)):
            content = self._content(cell)
            if content is None:
                spec = self._spec_of(*cell)
                write_cell(sheet, (row, column), spec, spec.look(self.looks))
            else:
                contents[column] = content
        sheet.put(row, contents)

    def _content(self, cell: tuple[object, Kind]) -> Content | None:
        """Return what a cell holds; None for one that XlsxWriter itself must write."""
        if (text := self._texts.get(cell)) is not None:
            self._contents.text_again()
            return text
        if (other := self._others.get(cell)) is not None:
            return other
        spec = self._spec_of(*cell)
        content = self._new(spec)
        if content is not None:
            known = self._texts if spec.value and isinstance(spec.value, str) else self._others
            known[cell] = content
        return content

    def _new(self, cell: CellSpec) -> Content | None:
        look = cell.look(self.looks)
        match cell.value:
            case None | "":
                return self._contents.blank(look)
            case str() as words:
                text = fit_text(words)
                return None if cell.is_link or _parts(text) else self._contents.text(text, look)
            case date() as day:
                return self._contents.day(day, look)
            case number:
                return self._contents.number(number, look)


def write_cell(sheet: Any, place: Place, cell: CellSpec, look: Any) -> None:
    """Write one cell as XlsxWriter's documentation has it."""
    match cell.value:
        case None | "":
            sheet.write_blank(*place, None, look)
        case str() as words:
            if cell.is_link:
                sheet.write_url(*place, words, look, _short_address(words))
            else:
                write_text(sheet, place, fit_text(words), look)
        case date() as day:
            sheet.write_datetime(*place, day, look)
        case number:
            sheet.write_number(*place, number, look)


def _short_address(address: str) -> str:
    """Return what stands in a cell for an address: no program breaks one into lines, and a longer one is cut off."""
    if len(address) <= LONGEST_ADDRESS:
        return fit_text(address)
    words = address.partition("://")[2] or address
    return fit_text(words if len(words) <= LONGEST_ADDRESS else f"{words[: LONGEST_ADDRESS - 1]}…")


def write_text(sheet: Any, place: Place, text: str, look: Any) -> None:
    """Write text as text: never a formula, whatever it starts with, also after someone edits the cell."""
    if parts := _parts(text):
        sheet.write_rich_string(*place, *(piece for part in parts for piece in (look, part)), look)
    else:
        sheet.write_string(*place, text, look)


def _parts(text: str) -> list[str]:
    """Return the parts in which a text must be written that the writer would take for markup; none for others.

    No part holds a whole code, so that nothing is marked in it.
    """
    markup = text.startswith("<r>") and text.endswith("</r>")
    if not markup and ("_x" not in text or not _TWO_CODES.search(text)):
        return []
    cuts = sorted({0, 1 if markup else 0, len(text), *(match.end() - 1 for match in _CODE.finditer(text))})
    return [text[start:end] for start, end in pairwise(cuts)]
