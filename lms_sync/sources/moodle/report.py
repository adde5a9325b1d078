"""The strategy `report`: one custom report on "Course participants", page by page.

⌈rows / rows a page⌉ + 4 requests: who am I, which report (where it is named), filters reset, pages, and one row once
more in another zone. Equal rows that a page's end parts are asked for once more on one page, too.
Source of the facts: a Moodle 4.5.6 asked and compared with its database; see docs/moodle.md.
"""

from dataclasses import dataclass

from lms_sync.errors import SourceError
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.moodle.answers import NamedValue, ReportList, SiteInfo
from lms_sync.sources.moodle.calls import Calls
from lms_sync.sources.moodle.error_codes import SERVICES
from lms_sync.sources.moodle.found import FoundTable
from lms_sync.sources.moodle.pages import RETRIEVE, Moved, Pages
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.text import fold

LIST = "core_reportbuilder_list_reports"
RESET = "core_reportbuilder_filters_reset"
LISTED = 100
"""Reports asked for at once."""
TRIES = 2
"""How often the report is read when it changes while it is read."""


@dataclass(frozen=True, slots=True)
class Report:
    """Where the completions are."""

    report: str | int
    """Its name or number; numbers differ from site to site."""
    rows: int
    """Of one page."""
    layout: Layout
    """What its headings and words mean."""
    zone: str = ""
    """In which a site tells its times that gives none other (Force timezone); empty: nobody has stated it."""

    @property
    def needs(self) -> frozenset[str]:
        """Return the functions that the service must offer."""
        return frozenset((RETRIEVE,)) if isinstance(self.report, int) else frozenset((RETRIEVE, LIST))

    @property
    def wants(self) -> frozenset[str]:
        """Return the functions that the service should offer."""
        return frozenset((RESET,))

    def read(self, calls: Calls, site: SiteInfo) -> FoundTable:
        """Return the whole report.

        Raises: SourceError when it is not there or empty, its pages do not make a whole, or what came is not what was
        asked for.
        """
        number = self.report if isinstance(self.report, int) else self.find(calls)
        findings = self._reset_filters(calls, site, number)
        pages = Pages(calls, number, self.rows, self.layout, self.zone)
        for _ in range(TRIES - 1):
            try:
                return pages.read(findings)
            except Moved:
                continue
        return pages.read(findings)

    def find(self, calls: Calls) -> int:
        """Return the number of the report that has the name. Raises: SourceError unless there is just one."""
        listed = self._listed(calls)
        numbers = [named.id for named in listed if fold(named.name) == fold(str(self.report))]
        if len(numbers) == 1:
            return numbers[0]
        seen = ", ".join(f'"{named.name}" (number {named.id})' for named in listed) or "none at all"
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
        """Take off filters that were left set for the service user; they would silently narrow the report.

        Raises: SourceError when the site says that they stay.
        """
        if RESET not in site.offered:
            return (_not_reset(calls),)
        if not calls.call(RESET, {"reportid": number, "parameters": "[]"}, bool):
            raise SourceError(
                f"source {calls.source}: report {number}: the site did not take off the filters that are set on it",
                hint="Sign in as somebody in the report's audience, open it, and reset its filters.",
            )
        return ()


def _not_reset(calls: Calls) -> Finding:
    return Finding(
        Area.SOURCE,
        "filters-not-reset",
        f"source {calls.source}",
        f"the service does not offer {RESET}, so a filter left on the report would go unseen",
        "a service that offers it",
        f"{SERVICES} → Functions: add it.",
        source=calls.source,
    )
