"""Where the header of a sheet that nobody has described may stand: the row, or two, whose cells speak as headings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.sources.propose.date_order import is_day
from lms_sync.sources.propose.headings import ideas_of
from lms_sync.sources.propose.vocabulary import Idea
from lms_sync.sources.spreadsheet.header import spread
from lms_sync.sources.spreadsheet.layout import Role
from lms_sync.tables.cells import Row, Sheet, text
from lms_sync.text import fold, plain

SEARCHED_ROWS = 30
_PEOPLE: frozenset[Idea] = frozenset(("staff", "account", "id", "mail", "name", "first", "last", "present"))


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """The header of a sheet, as far as its words tell."""

    sheet: Sheet
    first: int
    """Number of the first of its rows."""
    last: int
    headings: tuple[str, ...]
    """By 0-based column; empty for a column without one."""
    score: int
    """How many different headings it has whose words are known."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows below."""
        return tuple(row for row in self.sheet.rows if row.number > self.last)


def find_header(sheets: Sequence[Sheet], learnt: Mapping[str, Role]) -> FoundHeader | None:
    """Return the header that speaks best, the upper of two alike; None when no row names people and one thing."""
    found = [header for sheet in sheets for header in _headers(sheet, learnt) if header.score]
    return max(found, key=lambda header: (header.score, header.last - header.first, -header.first), default=None)


def _headers(sheet: Sheet, learnt: Mapping[str, Role]) -> Iterator[FoundHeader]:
    rows = sheet.rows[:SEARCHED_ROWS]
    merged = {block.top for block in sheet.merged}
    for place, row in enumerate(rows):
        if not _may_be_header(row):
            continue
        yield _header(sheet, (row,), learnt)
        below = rows[place + 1] if place + 1 < len(rows) else None
        two = row.number in merged and len(_filled(row)) >= 2
        if two and below is not None and below.number == row.number + 1 and _may_be_header(below):
            yield _header(sheet, (row, below), learnt)


def _header(sheet: Sheet, rows: Sequence[Row], learnt: Mapping[str, Role]) -> FoundHeader:
    lines = [spread(row, sheet) for row in rows]
    width = max(map(len, lines))
    columns = zip(*([*line, *[""] * (width - len(line))] for line in lines), strict=True)
    headings = tuple(plain(" ".join(column)) for column in columns)
    return FoundHeader(sheet, rows[0].number, rows[-1].number, headings, _score(headings, learnt))


def _score(headings: Sequence[str], learnt: Mapping[str, Role]) -> int:
    """Return how many different headings are known, 0 when they name nobody or nothing besides."""
    ideas = {heading: ideas_of(heading) for heading in headings if heading}
    people = any(
        found & _PEOPLE or learnt.get(fold(heading)) in ("name", "learner") for heading, found in ideas.items()
    )
    known = sum(bool(found) or fold(heading) in learnt for heading, found in ideas.items())
    return known if people and len(ideas) >= 2 else 0


def _filled(row: Row) -> list[str]:
    return [plain(text(cell)) for cell in row.cells if plain(text(cell))]


def _may_be_header(row: Row) -> bool:
    """Tell whether no cell of a row is a value: a number, a day, an address."""
    cells = [cell for cell in row.cells if cell is not None]
    return all(
        isinstance(cell, str) and "@" not in cell and not is_day(cell) and not _is_number(cell) for cell in cells
    )


def _is_number(words: str) -> bool:
    return plain(words).rstrip("%").replace(".", "").isdecimal()
