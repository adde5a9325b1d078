"""The district's page and workbook, written into `out/` after a night that judged anybody."""

import errno
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.compliance.district_figures import district_figures
from lms_sync.compliance.gap_report import GapReport
from lms_sync.errors import trouble_of
from lms_sync.files import shared_folder, write_whole
from lms_sync.mail.documents import make_plan
from lms_sync.model.roster import Roster
from lms_sync.operations.upgrade.standings import KIND
from lms_sync.reports.district import page, workbook
from lms_sync.reports.district.booking import bookings, pressing, unbooked
from lms_sync.reports.district.overview import SourceFreshness, States, TrendPoint, in_order, overview
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.night.summary import NightSummary
from lms_sync.store.facts import FieldVersion
from lms_sync.store.workspace import Workspace

FOLDER = "out"
MOST_NIGHTS = 26
"""Columns of the trend: each night at first, then one of several."""
LONGEST_TREND = timedelta(days=365)


def write_district(workspace: Workspace, issuer: Issuer, night: NightSummary) -> tuple[str, ...]:
    """Write both files, readable by their owner and group only; return what could not be written, in sentences."""
    out, found = workspace.config.folder / FOLDER, []
    reports = district_reports(issuer)
    files: dict[str, Callable[[], bytes]] = {
        page.FILE: partial(_page, workspace, issuer, night, reports),
        workbook.FILE: partial(workbook.district_workbook, reports, issuer.templates.names),
    }
    for name, render in files.items():
        try:
            shared_folder(out)
            write_whole(out / name, render())
        except OSError as error:
            found.append(not_written(out / name, error))
        except Exception as error:
            found.append(not_written(out / name, trouble_of(error, "it could not be made")))
    return tuple(found)


def not_written(path: Path, error: Exception) -> str:
    """Return that a file was not written, and why; the one that it would have replaced stays as it was."""
    if not isinstance(error, OSError):
        return f"{path} was not written ({error})"
    words = f"{path} was not written ({error.strerror or error})"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EBUSY) and path.exists():
        return f"{words}: is it open elsewhere, or somebody else's? It is as it was; the next night writes it"
    return words


def _page(workspace: Workspace, issuer: Issuer, night: NightSummary, reports: Sequence[GapReport]) -> bytes:
    history = workspace.store.facts.history_of(KIND, "state")
    view = overview(
        reports,
        night,
        names=issuer.templates.names,
        sources=freshness(issuer),
        trend=trend(history, issuer.snapshot.roster, today=issuer.judged.as_of, zone=workspace.zone),
    )
    planned = [(report, make_plan(report, issuer)) for report in map(pressing, reports) if report.people]
    whole = replace(
        view,
        bookings=bookings(planned, issuer.templates.names),
        unbooked=unbooked(planned, issuer.templates.names),
        web_address=workspace.config.settings.web.url,
    )
    return page.district_page(whole, issuer.templates).encode()


def district_reports(issuer: Issuer) -> tuple[GapReport, ...]:
    """Return every partner's report as HR may read it, by the partner's name, as far as figures tell it."""
    partners = sorted(issuer.snapshot.roster.partners.values(), key=lambda partner: partner.name.casefold())
    return district_figures(issuer.snapshot, issuer.judged, partners)


def freshness(issuer: Issuer) -> tuple[SourceFreshness, ...]:
    """Return how fresh each source is that is set up or was ever read, by name."""
    pulls = issuer.snapshot.pulls
    names = {source.name for source in issuer.config.settings.source} | pulls.keys()
    return tuple(_freshness(name, issuer) for name in sorted(names))


def _freshness(name: str, issuer: Issuer) -> SourceFreshness:
    stored, last = issuer.snapshot.pulls.get(name, (None, None))
    if last is None:
        return SourceFreshness(name, None, None, "it has never been read")
    trouble = "" if last.outcome == "stored" else last.detail or last.outcome
    return SourceFreshness(name, stored.pulled_at if stored else None, issuer.judged.newest.get(name), trouble)


def trend(history: Sequence[FieldVersion], roster: Roster, *, today: date, zone: ZoneInfo) -> tuple[TrendPoint, ...]:
    """Return how those assigned stood after each night, of many nights only some, the last one always among them.

    `history` is what nights kept of everybody's standing, the oldest first.
    """
    if not history:
        return ()
    first = max(history[0].recorded_at.astimezone(zone).date(), today - LONGEST_TREND)
    span = (today - first).days
    step = max(1, -(-span // (MOST_NIGHTS - 1)))
    days = sorted(today - timedelta(days=back) for back in range(0, span + 1, step))
    return tuple(TrendPoint(day, states) for day in days if (states := _states_on(day, history, roster, zone)))


def _states_on(day: date, history: Sequence[FieldVersion], roster: Roster, zone: ZoneInfo) -> States:
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    until = bisect_right(history, end, key=lambda version: version.recorded_at)
    counting = (version for version in history[:until] if version.ended_at is None or version.ended_at >= end)
    assigned = {assignment.person_id for assignment in roster.assignments if assignment.covers(day)}
    return in_order(Counter(str(version.text) for version in counting if version.key in assigned))
