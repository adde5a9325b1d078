"""Gap reports as they were issued. Nothing here is ever changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, or_, select

from lms_sync.model.issued import IssuedReport
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import delivery, recipient, report

_CARRIED = (delivery.c.district_id == report.c.district_id) & (delivery.c.report_id == report.c.report_id)


def _arrived() -> ColumnElement[bool]:
    """Return the condition for a report that somebody may have received."""
    taken = (recipient.c.district_id == delivery.c.district_id) & (recipient.c.delivery_id == delivery.c.delivery_id)
    some = exists().where(taken, recipient.c.state.in_(("accepted", "unknown")))
    return or_(delivery.c.state.in_(("sent", "sending", "unknown")), some)


@dataclass(frozen=True, slots=True)
class LastDays:
    """The days as of which a partner's newest reports were judged."""

    issued: date | None = None
    """Of the newest report issued; None for none."""
    arrived: date | None = None
    """Of the newest that somebody may have received."""


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
        query = select(report).join(delivery, _CARRIED)
        query = query.where(report.c.district_id == self.district_id, report.c.partner_id == partner_id)
        query = query.where(delivery.c.about == about)
        if known_at is not None:
            query = query.where(report.c.issued_at <= known_at)
        if arrived:
            query = query.where(_arrived())
        row = self.connection.execute(query.order_by(report.c.issued_at.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else value_of(IssuedReport, row)

    def last_days(self) -> dict[str, LastDays]:
        """Return Partner ID → the days as of which its newest reports were judged, of all partners at once."""
        issued, arrived = self._newest(), self._newest(_arrived())
        return {partner_id: LastDays(day, arrived.get(partner_id)) for partner_id, day in issued.items()}

    def _newest(self, *conditions: ColumnElement[bool]) -> dict[str, date]:
        newest = select(report.c.partner_id, func.max(report.c.issued_at).label("issued_at"))
        newest = newest.join_from(report, delivery, _CARRIED)
        newest = newest.where(report.c.district_id == self.district_id, delivery.c.about == "")
        of_each = newest.where(*conditions).group_by(report.c.partner_id).subquery()
        same = (report.c.partner_id == of_each.c.partner_id) & (report.c.issued_at == of_each.c.issued_at)
        query = select(report.c.partner_id, report.c.as_of).join(of_each, same)
        found = self.connection.execute(query.where(report.c.district_id == self.district_id))
        return {row.partner_id: row.as_of for row in found}

    def months(self, partner_id: str, since: date, known_at: datetime) -> tuple[IssuedReport, ...]:
        """Return the partner's last report of each month from `since` on that was issued before or at `known_at`.

        By the day judged, the oldest first; held ones do not count, as in `last`.
        """
        query = select(report.c.as_of, report.c.report_id).join(delivery, _CARRIED)
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
