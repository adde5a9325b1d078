"""The strategy `report`: one custom report on "Course participants", page by page.

⌈rows / rows a page⌉ + 3 requests at most: who am I, which report (where it is named), filters reset, pages.
Source of the facts: a Moodle 4.5.6 asked and compared with its database; see docs/moodle.md.
"""

import html
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms_sync.errors import SourceError
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.moodle.answers import NamedValue, ReportData, ReportList, ReportPage, SiteInfo
from lms_sync.sources.moodle.calls import Calls
from lms_sync.sources.moodle.errors import SERVICES
from lms_sync.sources.moodle.found import Found, FoundRow
from lms_sync.tables.cells import Value
from lms_sync.text import fold, plain

LIST = "core_reportbuilder_list_reports"
RETRIEVE = "core_reportbuilder_retrieve_report"
RESET = "core_reportbuilder_filters_reset"
LISTED = 100
"""Reports asked for at once."""
TAG = re.compile(r"<[^>]*>")
TRIES = 2
"""How often the report is read when it changes while it is read."""


class Moved(SourceError):
    """The pages do not fit together: the report changed between them, or its sorting leaves rows without a place."""


@dataclass(frozen=True, slots=True)
class Report:
    """Where the completions are."""

    report: str | int
    """Its name or number; numbers differ from site to site."""
    rows: int
    """Of one page."""
    who: frozenset[str]
    """The folded headings of the columns that tell who it was."""

    @property
    def needs(self) -> frozenset[str]:
        """Return the functions that the service must offer."""
        return frozenset((RETRIEVE,)) if isinstance(self.report, int) else frozenset((RETRIEVE, LIST))

    @property
    def wants(self) -> frozenset[str]:
        """Return the functions that the service should offer."""
        return frozenset((RESET,))

    def read(self, calls: Calls, site: SiteInfo) -> Found:
        """Return the whole report.

        Raises: SourceError when it is not there or empty, or its pages do not make a whole.
        """
        number = self.report if isinstance(self.report, int) else self.find(calls)
        findings = self._reset_filters(calls, site, number)
        for _ in range(TRIES - 1):
            try:
                return self._whole(calls, number, findings)
            except Moved:
                continue
        return self._whole(calls, number, findings)

    def find(self, calls: Calls) -> int:
        """Return the number of the report that has the name. Raises: SourceError unless there is just one."""
        listed = self._listed(calls)
        numbers = [one.id for one in listed if fold(one.name) == fold(str(self.report))]
        if len(numbers) == 1:
            return numbers[0]
        seen = ", ".join(f'"{one.name}" (number {one.id})' for one in listed) or "none at all"
        raise SourceError(
            f'source {calls.source}: {len(numbers) or "no"} custom reports are called "{self.report}"; '
            f"the service user sees {seen}",
            hint="Add the service user to the report's audience, or state the report's name or number in report.",
        )

    def _listed(self, calls: Calls) -> list[NamedValue]:
        listed: list[NamedValue] = []
        for page in range(calls.session.endpoint.limits.pages):
            more = calls.call(LIST, {"page": page, "perpage": LISTED}, ReportList).reports
            listed += more
            if len(more) < LISTED:
                break
        return listed

    def _reset_filters(self, calls: Calls, site: SiteInfo, number: int) -> tuple[Finding, ...]:
        """Take off filters that were left set for the service user; they would silently narrow the report."""
        if RESET in site.offered:
            calls.call(RESET, {"reportid": number, "parameters": "[]"}, bool)
            return ()
        return (
            Finding(
                Area.SOURCE,
                "filters-not-reset",
                f"source {calls.source}",
                f"the service does not offer {RESET}, so a filter left on the report would go unseen",
                "a service that offers it",
                f"{SERVICES} → Functions: add it.",
                source=calls.source,
            ),
        )

    def _whole(self, calls: Calls, number: int, findings: tuple[Finding, ...]) -> Found:
        data = self._all_pages(calls, number)
        headings = tuple(plain(html.unescape(heading)) for heading in data.headers)
        rows = [tuple(cell_text(cell) for cell in row.columns) for row in data.rows]
        if problem := self._disorder(headings, rows, data.total):
            raise self._moved(calls, number, problem)
        origin = calls.session.endpoint.url.rstrip("/")
        return Found(
            f"report {number} of {origin}",
            f"{origin}/reportbuilder/view.php?id={number}",
            headings,
            tuple(FoundRow(row) for row in rows),
            findings,
        )

    def _all_pages(self, calls: Calls, number: int) -> ReportData:
        """Return the rows of all pages as if they were one."""
        first = self._page(calls, number, 0)
        if not first.total:
            raise self._empty(calls, number)
        count = math.ceil(first.total / self.rows)
        if count > calls.session.endpoint.limits.pages:
            raise SourceError(
                f"source {calls.source}: report {number} tells of {first.total:,} rows, more than a pull may have",
                hint="Narrow the report by a condition, or state more rows in lms_sync.toml.",
            )
        rows = list(first.rows)
        for page in range(1, count):
            more = self._page(calls, number, page)
            if (more.headers, more.total) != (first.headers, first.total):
                raise self._moved(calls, number, f"from {first.total:,} rows it changed to {more.total:,} meanwhile")
            rows += more.rows
        return first.model_copy(update={"rows": tuple(rows)})

    def _page(self, calls: Calls, number: int, page: int) -> ReportData:
        return calls.call(RETRIEVE, {"reportid": number, "page": page, "perpage": self.rows}, ReportPage).data

    def _disorder(self, headings: tuple[str, ...], rows: Sequence[tuple[Value, ...]], total: int) -> str:
        """Return why pages do not make a whole: measured, an unsorted one repeats and misses rows, its total right.

        Rows without a learner stand for enrolment methods, and may well be alike.
        """
        if len(rows) != total:
            return f"it tells of {total:,} rows and gave {len(rows):,}"
        if any(len(row) != len(headings) for row in rows):
            return "it has rows with more or fewer cells than headings"
        who = [column for column, heading in enumerate(headings) if fold(heading) in self.who]
        told = [row for row in rows if any(row[column] is not None for column in who)]
        twice = len(told) - len(set(told))
        return f"{twice:,} of its {total:,} rows came twice, so as many may be missing" if twice else ""

    def _moved(self, calls: Calls, number: int, found: str) -> Moved:
        return Moved(
            f"source {calls.source}: report {number}: {found}",
            hint="Sort the report by course ID number, username and enrolment method, and show these columns.",
        )

    def _empty(self, calls: Calls, number: int) -> SourceError:
        return SourceError(
            f"source {calls.source}: report {number} has no rows",
            hint="An empty report is never taken for nobody trained: check its conditions, and the audience.",
        )


def cell_text(cell: str | None) -> Value:
    """Return a cell as the download has it: links without their tags, entities unescaped once, None for blank."""
    return html.unescape(TAG.sub("", cell)) or None if cell else None
