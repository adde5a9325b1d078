"""Whether what was asked of a custom report is what came: its zone, its language, its page size, its order. Pure.

Moodle says nothing when it does not follow a wish. With *Force timezone* on, every instant comes in the forced zone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from lms_sync.errors import SourceError
from lms_sync.sources.spreadsheet.layout import DateRules, has_time
from lms_sync.tables.cells import Value
from lms_sync.text import plain

ASKED = "UTC"
"""The zone in which a report's times are asked for."""
ELSEWHERE = "Asia/Tokyo"
"""The zone in which one row is asked for once more; it has no summer time."""
AHEAD = timedelta(hours=9)
"""How far ELSEWHERE is ahead of ASKED, all year."""

Cells = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """A cell that includes a time of day."""

    row: int
    """0-based, over all pages."""
    column: int
    local: datetime
    """As written, in whatever zone the site wrote it."""


def times(rows: Sequence[Cells], columns: Iterable[int], dates: DateRules) -> Iterator[Timed]:
    """Give the cells of these columns that tell a time of day, in the order of the rows."""
    wanted = tuple(columns)
    for number, row in enumerate(rows):
        for column in wanted:
            if local := local_time(row[column], dates):
                yield Timed(number, column, local)


def local_time(cell: Value, dates: DateRules) -> datetime | None:
    """Return what a cell says by the layout's formats with a time of day, None for any other cell."""
    for form in dates.formats:
        try:
            if isinstance(cell, str) and has_time(form):
                return datetime.strptime(plain(cell), form)
        except ValueError:
            continue
    return None


def zone_told(here: datetime, there: datetime | None, *, stated: str, where: str) -> str:
    """Return the zone of a report's times: `here` was asked for in ASKED, `there` is the same cell in ELSEWHERE.

    `stated` is the zone that the operator states for a site that forces one; it is not needed where the site gives
    what it was asked for.

    Raises: SourceError for a site that gives another zone, and nobody has stated which.
    """
    if there is not None and there - here == AHEAD:
        return ASKED
    if there == here and stated:
        return stated
    found = "one zone of its own, whatever zone is asked for" if there == here else "a zone that was not asked for"
    raise SourceError(
        f"{where}: the site gives its times in {found}, so completions would fall on wrong days",
        hint="Site administration → Location → Force timezone: choose “Users can choose their own timezone”. Where it"
        " must stay forced, state that zone as zone of the source in lms_sync.toml.",
    )


def other_language(cell: Value, *, where: str) -> SourceError:
    """Return the error of a report none of whose times can be read."""
    return SourceError(
        f"{where}: none of its times can be read by the layout; the first is “{plain(str(cell))}”",
        hint="English was asked for. Site administration → Language → Language packs: see that English (en) is there;"
        " or add the form of these times to [dates] of the layout.",
    )


@dataclass(frozen=True, slots=True)
class Doubles:
    """Rows that came more than once."""

    apart: int
    """How many stand apart from their like: the pages were cut from different orders."""
    across: tuple[int, ...]
    """The last row (0-based) of each page that the next page begins with once more."""


def doubles(rows: Sequence[Cells], *, counted: Sequence[int], size: int) -> Doubles:
    """Return which of the `counted` rows came twice; equal ones next to each other on one page are no fault.

    Somebody who is enrolled twice by one kind of enrolment has two rows that are alike in every column, and under a
    total order they stand side by side. `size` is the number of rows of a page.
    """
    places = defaultdict(list)
    for number in counted:
        places[rows[number]].append(number)
    apart, across = 0, []
    for same in places.values():
        for before, after in pairwise(same):
            apart += after != before + 1
            if after == before + 1 and after % size == 0:
                across.append(before)
    return Doubles(apart, tuple(across))


def one_page_with(first: int) -> tuple[int, int]:
    """Return (page, rows a page) of a page that holds both the row `first` (0-based) and the next."""
    size = next(size for size in range(2, first + 4) if (first + 1) % size)
    return first // size, size
