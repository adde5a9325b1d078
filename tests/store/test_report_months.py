"""The partner's last report of each month, as the trend over a year is drawn from them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.issued import IssuedReport
from lms_sync.store.store import Opening, Store, open_store

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def issue(store: Store, day: date, partner_id: str = "acme", *, carried: bool = True) -> None:
    at, report_id = datetime(day.year, day.month, day.day, 10, tzinfo=UTC), f"R-{partner_id}-{day}"
    judgement: dict[str, object] = {"id": partner_id, "name": "Acme", "agreement": None, "people": []}
    store.reports.issue(IssuedReport(report_id, partner_id, day, at, at, "1", None, judgement))
    if carried:
        sent = DeliveryState.SENT
        store.deliveries.add(
            Delivery(
                report_id, DeliveryKind.PARTNER, partner_id, "hr@example.org", sent, at, at, (), report_id=report_id
            )
        )


def test_the_last_of_each_month_counts_as_far_as_it_was_known(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db", Opening("pinehill", "key", NOW)) as store:
        with store.transaction():
            for day in (date(2025, 10, 5), date(2026, 9, 7), date(2026, 9, 14), date(2026, 10, 5), date(2026, 11, 2)):
                issue(store, day)
            issue(store, date(2026, 9, 21), "other")
            issue(store, date(2026, 9, 28), carried=False)  # held before it left
        found = store.reports.months("acme", date(2025, 11, 23), NOW - timedelta(days=22))
    assert [report.as_of for report in found] == [date(2026, 9, 14), date(2026, 10, 5)]
