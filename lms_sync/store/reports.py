"""Gap reports as they were issued. Nothing here is ever changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, exists, insert, or_, select

from lms_sync.model.issued import IssuedReport
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import delivery, recipient, report


@dataclass(frozen=True, slots=True)
class ReportStore:
    """One district's issued reports."""

    connection: Connection
    district_id: str

    def issue(self, issued: IssuedReport) -> None:
        """Record a report as issued."""
        self.connection.execute(insert(report).values(row_of(issued, district_id=self.district_id)))

    def last(
        self, partner_id: str, known_at: datetime | None = None, *, arrived: bool = False, about: str = ""
    ) -> IssuedReport | None:
        """Return the partner's newest report issued before or at `known_at`; None when there is none.

        `about` asks for those of contacts who read of some buildings only, as their deliveries name it.

        A report whose delivery a person held before it left was never issued to anybody, so it does not count.
        `arrived` asks for the newest that somebody may have received: its delivery is sent, on its way or unknown,
        or some of its recipients have taken it.
        """
        carried = (delivery.c.district_id == report.c.district_id) & (delivery.c.report_id == report.c.report_id)
        query = select(report).join(delivery, carried)
        query = query.where(report.c.district_id == self.district_id, report.c.partner_id == partner_id)
        query = query.where(delivery.c.about == about)
        if known_at is not None:
            query = query.where(report.c.issued_at <= known_at)
        if arrived:
            taken = (recipient.c.district_id == delivery.c.district_id) & (
                recipient.c.delivery_id == delivery.c.delivery_id
            )
            some = exists().where(taken, recipient.c.state.in_(("accepted", "unknown")))
            query = query.where(or_(delivery.c.state.in_(("sent", "sending", "unknown")), some))
        row = self.connection.execute(query.order_by(report.c.issued_at.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else value_of(IssuedReport, row)

    def months(self, partner_id: str, since: date, known_at: datetime) -> tuple[IssuedReport, ...]:
        """Return the partner's last report of each month from `since` on that was issued before or at `known_at`.

        By the day judged, the oldest first; held ones do not count, as in `last`.
        """
        carried = (delivery.c.district_id == report.c.district_id) & (delivery.c.report_id == report.c.report_id)
        query = select(report.c.as_of, report.c.report_id).join(delivery, carried)
        query = query.where(report.c.district_id == self.district_id, report.c.partner_id == partner_id)
        query = query.where(delivery.c.about == "")
        query = query.where(report.c.as_of >= since, report.c.issued_at <= known_at)
        found = self.connection.execute(query.order_by(report.c.as_of, report.c.issued_at)).all()
        chosen = {(day.year, day.month): report_id for day, report_id in found}
        whole = select(report).where(
            report.c.district_id == self.district_id, report.c.report_id.in_(tuple(chosen.values()))
        )
        rows = self.connection.execute(whole.order_by(report.c.as_of)).mappings()
        return tuple(value_of(IssuedReport, row) for row in rows)
