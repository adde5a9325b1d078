"""Cells whose text is crossed out: the file holds a value that the sheet no longer states."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms_sync.tables.cells import Value
from lms_sync.tables.formats import Display


@dataclass(frozen=True, slots=True)
class CrossedOut:
    """A cell that is crossed out, or in which words are."""

    format: Display | None
    """What its number format makes of the value."""

    def displayed(self, value: Value) -> Value:
        """Return what stands there, crossed out."""
        return self.format.displayed(value) if self.format else value


def crossed_out(displays: Mapping[int, tuple[tuple[int, Display], ...]]) -> dict[int, tuple[int, ...]]:
    """Return row → its columns that are crossed out, of rows that have any; `displays` are those of SheetSigns."""
    # Rows that are formatted alike share one tuple: there are few kinds of rows.
    kinds = {id(cells): cells for cells in displays.values()}
    columns = {
        kind: tuple(dict.fromkeys(column for column, display in cells if isinstance(display, CrossedOut)))
        for kind, cells in kinds.items()
    }
    if not any(columns.values()):
        return {}
    return {row: columns[id(cells)] for row, cells in displays.items() if columns[id(cells)]}
