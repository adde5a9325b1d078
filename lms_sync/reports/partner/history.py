"""How many of a partner's people stood where by the reports of the past year."""

from dataclasses import replace

from lms_sync.compliance.gap_report import GapReport
from lms_sync.law.days import due as months_after
from lms_sync.law.standing import State
from lms_sync.reports.figures import counts_of
from lms_sync.store.store import Store


def with_history(store: Store, report: GapReport) -> GapReport:
    """Return the report with the states by the partner's last report of each month of the past year."""
    since = months_after(report.as_of, -12)
    earlier = store.reports.months(report.partner.partner_id, since, report.known_at)
    states = ((before.as_of, (State(person.state) for person in before.report.people)) for before in earlier)
    return replace(report, history=tuple(counts_of(day, found) for day, found in states))
