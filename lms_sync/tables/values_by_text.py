"""Texts of a file → what its cells hold: many at once, since nearly all are what they say."""

from collections.abc import Sequence
from itertools import islice

from lms_sync.tables.cells import Value, text_cell
from lms_sync.text import is_fit, visible

MOST_KEPT = 500_000
"""Different texts that are remembered while a file is read."""
TRICKS = ("=", "'")
"""How a cell begins that is kept from being taken for a number."""


class ValuesByText:
    """The value of every text that a file holds, the same object each time: most texts stand there often."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {"": None}

    def of(self, lines: Sequence[Sequence[str]]) -> list[tuple[Value, ...]]:
        """Return what `text_cell` makes of the texts of each line; a line is a record, or a column."""
        if len(self._values) > MOST_KEPT:
            self._values = {"": None}
        values = self._values
        known, keep = len(values), values.setdefault
        cells = [tuple(map(keep, line, line)) for line in lines]
        new = list(islice(reversed(values), len(values) - known))
        if _are_plain(new):
            return cells
        values.update((words, text_cell(words)) for words in new)
        return [tuple(map(values.__getitem__, line)) for line in lines]


def _are_plain(texts: Sequence[str]) -> bool:
    """Tell whether `text_cell` would return each of these texts as it is."""
    together = "".join(texts)
    if not is_fit(together) or visible(together) != together:
        return False
    lines = "\n".join(("", *texts))
    return not any(f"\n{trick}" in lines for trick in TRICKS)
