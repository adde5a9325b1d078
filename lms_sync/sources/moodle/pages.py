"""The pages of a custom report as one table, once they are proven to be what was asked for."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lms_sync.errors import SourceError
from lms_sync.model.finding import Finding
from lms_sync.sources.moodle.answers import ReportData, ReportPage
from lms_sync.sources.moodle.calls import Calls
from lms_sync.sources.moodle.found import FoundRow, FoundTable
from lms_sync.sources.moodle.proof import (
    ASKED,
    ELSEWHERE,
    Timed,
    doubles,
    local_time,
    one_page_with,
    other_language,
    times,
    zone_told,
)
from lms_sync.sources.spreadsheet.layout import WHO, Layout
from lms_sync.tables.cells import Value
from lms_sync.text import fold, plain

RETRIEVE = "core_reportbuilder_retrieve_report"
TAG = re.compile(r"<[^>]*>")


class Moved(SourceError):
    """The pages do not fit together: the report changed between them, or its sorting leaves rows without a place."""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """All pages as one."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def columns(self, headings: Iterable[str]) -> tuple[int, ...]:
        """Return the columns (0-based) that have one of these headings."""
        wanted = set(map(fold, headings))
        return tuple(column for column, heading in enumerate(self.headings) if fold(heading) in wanted)


@dataclass(frozen=True, slots=True)
class Pages:
    """One report, and how it is asked for."""

    calls: Calls
    number: int
    size: int
    """Rows of a page."""
    layout: Layout
    zone: str
    """In which the site tells its times where it gives none other; empty: nobody has stated it."""

    def read(self, findings: tuple[Finding, ...]) -> FoundTable:
        """Return the report with these findings.

        Raises: Moved when its pages do not make a whole; SourceError when it is empty, or the site does not give the
        pages, the language or the zone that it is asked for.
        """
        data = self._all()
        headings = tuple(plain(html.unescape(heading)) for heading in data.headers)
        table = ReportTable(headings, tuple(_cells(data)))
        if problem := self._disorder(table, data.total):
            raise self._moved(problem)
        origin = self.calls.session.endpoint.url.rstrip("/")
        return FoundTable(
            f"report {self.number} of {origin}",
            f"{origin}/reportbuilder/view.php?id={self.number}",
            headings,
            tuple(FoundRow(row) for row in table.rows),
            findings,
            self._zone_of(table),
        )

    def _all(self) -> ReportData:
        """Return the rows of all pages as if they were one."""
        first = self._page(0)
        if not first.total:
            hint = "An empty report is never taken for nobody trained: check its conditions, and the audience."
            raise self._error("has no rows", hint)
        count = -(-first.total // self.size)
        if count > self.calls.session.endpoint.limits.pages:
            raise self._error(
                f"tells of {first.total:,} rows, more than a pull may have",
                "Narrow the report by a condition, or state more rows in lms_sync.toml.",
            )
        if count > 1:
            self._check_size(first)
        rows = list(first.rows)
        for page in range(1, count):
            more = self._page(page)
            if (more.headers, more.total) != (first.headers, first.total):
                raise self._moved(f"from {first.total:,} rows it changed to {more.total:,} meanwhile")
            if page < count - 1:
                self._check_size(more)
            rows += more.rows
        return first.model_copy(update={"rows": tuple(rows)})

    def _check_size(self, page: ReportData) -> None:
        """Raise SourceError for a page, not the last, that has another number of rows than was asked for."""
        given = len(page.rows)
        if given == self.size:
            return
        remedy = f"State rows = {max(given, 1)} of the source in lms_sync.toml."
        if given > self.size:
            remedy = "Ask the site's administrator what changes how reports are paged."
        raise self._error(f"was asked for {self.size:,} rows a page, and gave {given:,}", remedy)

    def _page(self, page: int, *, size: int = 0, zone: str = ASKED) -> ReportData:
        asked = {"reportid": self.number, "page": page, "perpage": size or self.size}
        return self.calls.call(RETRIEVE, asked, ReportPage, zone=zone).data

    def _disorder(self, table: ReportTable, total: int) -> str:
        """Return why pages do not make a whole: measured, an unsorted one repeats and misses rows, its total right.

        Rows without a learner stand for enrolment methods, and may well be alike.
        """
        if len(table.rows) != total:
            return f"it tells of {total:,} rows and gave {len(table.rows):,}"
        if any(len(row) != len(table.headings) for row in table.rows):
            return "it has rows with more or fewer cells than headings"
        who = self._who(table)
        named = [place for place, row in enumerate(table.rows) if any(row[column] is not None for column in who)]
        found = doubles(table.rows, counted=named, size=self.size)
        twice = found.apart + sum(not self._are_two(table, first) for first in found.across)
        return f"{twice:,} of its {total:,} rows came twice, so as many may be missing" if twice else ""

    def _are_two(self, table: ReportTable, first: int) -> bool:
        """Tell whether two equal rows that a page's end parts come as two on one page, too."""
        page, size = one_page_with(first)
        place = first - page * size
        return _cells(self._page(page, size=size))[place : place + 2] == [table.rows[first]] * 2

    def _zone_of(self, table: ReportTable) -> str:
        """Return the zone of the times: one row is asked for once more in another zone, and must differ by as much.

        Raises: SourceError when none of the times can be read, or the site tells them in a zone that nobody stated.
        """
        columns = table.columns(self.layout.columns.get("completed_on", ()))
        filled = [row[column] for row in table.rows for column in columns if row[column] is not None]
        timed = next(times(table.rows, columns, self.layout.dates), None)
        if timed is not None:
            return zone_told(timed.local, self._elsewhere(table, timed), stated=self.zone, where=self._where)
        if filled and self.layout.dates.instant and self.layout.dates.formats:
            raise other_language(filled[0], where=self._where)
        return ASKED

    def _elsewhere(self, table: ReportTable, timed: Timed) -> datetime | None:
        """Return what the site tells for a time when it is asked for it in another zone."""
        row, again = table.rows[timed.row], _cells(self._page(timed.row, size=1, zone=ELSEWHERE))
        same = len(again) == 1 and len(again[0]) == len(row)
        if not same or any(again[0][column] != row[column] for column in self._who(table)):
            raise self._moved("it changed while it was read")
        return local_time(again[0][timed.column], self.layout.dates)

    def _who(self, table: ReportTable) -> tuple[int, ...]:
        return table.columns(heading for role in WHO for heading in self.layout.columns.get(role, ()))

    @property
    def _where(self) -> str:
        return f"source {self.calls.source}: report {self.number}"

    def _error(self, found: str, hint: str) -> SourceError:
        return SourceError(f"{self._where} {found}", hint=hint)

    def _moved(self, found: str) -> Moved:
        return Moved(
            f"{self._where}: {found}",
            hint="Sort the report by Course ID number, Username and the enrolment's Name, and show these columns.",
        )


def _cells(data: ReportData) -> list[tuple[Value, ...]]:
    return [tuple(cell_text(cell) for cell in row.columns) for row in data.rows]


def cell_text(cell: str | None) -> Value:
    """Return a cell as the download has it: links without their tags, entities unescaped once, None for blank."""
    return html.unescape(TAG.sub("", cell)) or None if cell else None
