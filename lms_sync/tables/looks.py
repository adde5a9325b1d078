"""How cells of a workbook look: fonts, fills, lines and number formats."""

from collections.abc import Mapping
from typing import Any, Literal

from lms_sync.tables.text_cells import FORMATS, Kind

Tone = Literal["", "bad", "warn", "good", "quiet"]
COLOURS: dict[Tone, str] = {"bad": "F8D7DA", "warn": "FFF3CD", "good": "E2F0D9", "quiet": "EDEDED"}
_FONT, _LINE = "Calibri", "#BFBFBF"


class Looks:
    """The formats of one workbook's cells: equal ones are made once."""

    def __init__(self, book: Any) -> None:
        """Keep the formats of `book`, a workbook of XlsxWriter, which has no types."""
        self._book = book
        self._looks: dict[tuple[object, ...], Any] = {}

    def heading(self, *, risky: bool) -> Any:
        """Return the format of a heading of a table."""
        look = {"font_color": "#FFFFFF", "bg_color": "#1F3864", "text_wrap": True, "valign": "vcenter", "bold": True}
        return self._look(("heading", risky), look, text=True, risky=risky)

    def introduction(self, *, first: bool, risky: bool) -> Any:
        """Return the format of a line above a table."""
        look = {"bold": True, "font_size": 14} if first else {}
        return self._look(("introduction", first, risky), look, text=True, risky=risky)

    def cell(
        self, shown_as: str, *, tone: Tone = "", side: str = "left", risky: bool = False, link: bool = False
    ) -> Any:
        """Return the format of a cell with a number format."""
        key = shown_as, tone, side, risky, link
        if key in self._looks:
            return self._looks[key]
        look = {"num_format": shown_as, "bottom": 1, "bottom_color": _LINE, "valign": "top", "text_wrap": True}
        look |= {"align": side}
        look |= {"bg_color": f"#{COLOURS[tone]}"} if tone else {}
        look |= {"font_color": "#0563C1", "underline": 1} if link else {}
        return self._look(key, look, risky=risky)

    def mark(self, tone: Tone) -> Any:
        """Return the format of a cell that a conditional format colours."""
        return self._book.add_format({"bg_color": f"#{COLOURS[tone]}"})

    def column(self, kind: Kind) -> Any:
        """Return the format of a column's cells that are still empty."""
        return self._look(("column", kind), {"num_format": FORMATS[kind]})

    def _look(
        self, key: tuple[object, ...], look: Mapping[str, object], *, text: bool = False, risky: bool = False
    ) -> Any:
        if key not in self._looks:
            extra = ({"num_format": "@"} if text else {}) | ({"quote_prefix": True} if risky else {})
            self._looks[key] = self._book.add_format({"font_name": _FONT, **look, **extra})
        return self._looks[key]
