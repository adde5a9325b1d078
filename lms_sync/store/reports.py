"""Gap reports as they were issued. Nothing here is ever changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from lms_sync.model.issued import IssuedReport
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import delivery, report


@dataclass(frozen=True, slots=True)
class ReportStore:
    """One district's issued reports."""

    connection: Connection
    district_id: str

    def issue(self, issued: IssuedReport) -> None:
        """Record a report as issued."""
        self.connection.execute(insert(report).values(row_of(issued, district_id=self.district_id)))

    def last(
        self, partner_id: str, known_at: datetime | None = None, *, arrived: bool = False
    ) -> IssuedReport | None:
        """Return the partner's newest report issued before or at `known_at`; None when there is none.

        A report whose delivery a person held before it left was never issued to anybody, so it does not count.
        `arrived` asks for the newest that somebody may have received: its delivery is sent, or unknown.
        """
        carried = (delivery.c.district_id == report.c.district_id) & (delivery.c.report_id == report.c.report_id)
        query = select(report).join(delivery, carried)
        query = query.where(report.c.district_id == self.district_id, report.c.partner_id == partner_id)
        if known_at is not None:
            query = query.where(report.c.issued_at <= known_at)
        if arrived:
            query = query.where(delivery.c.state.in_(("sent", "unknown")))
        row = self.connection.execute(query.order_by(report.c.issued_at.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else value_of(IssuedReport, row)
