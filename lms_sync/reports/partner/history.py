"""How many of a partner's people stood where by the reports of the past year."""

from dataclasses import replace
from datetime import date, datetime

from lms_sync.compliance.gap_report import GapReport, StateCounts
from lms_sync.law.days import due as months_after
from lms_sync.law.standing import State
from lms_sync.reports.figures import counts_of
from lms_sync.store.store import Store


def with_history(store: Store, report: GapReport) -> GapReport:
    """Return the report with the states by the partner's last report of each month of the past year."""
    return replace(
        report, history=history_of(store, report.partner.partner_id, report.as_of, known_at=report.known_at)
    )


def history_of(store: Store, partner_id: str, as_of: date, *, known_at: datetime) -> tuple[StateCounts, ...]:
    """Return the states by a partner's last report of each month of the year before `as_of`."""
    earlier = store.reports.months(partner_id, months_after(as_of, -12), known_at)
    states = ((before.as_of, (State(person.state) for person in before.report.people)) for before in earlier)
    return tuple(counts_of(day, found) for day, found in states)
