"""A night of the demo's people on which something of every kind happened: `check` renders HR's summary with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lms_sync.demo.cast import DOMAINS, cast_member
from lms_sync.demo.inbox import PARTNER_NAMES
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.sample import SAMPLE_DAY, SAMPLE_DISTRICT, SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.district.booking import bookings, unbooked
from lms_sync.reports.district.overview import DistrictOverview, SourceFreshness, TrendPoint, overview
from lms_sync.reports.night.summary import FileNight, MessageNight, NightSummary, SourceNight


def sample_night() -> NightSummary:
    """Return a night on which something of every kind happened."""
    read = {"added": 9, "corrected": 1, "not a completion": 2, "refused": 1, "skipped": 2}
    files = (
        FileNight("vector_november.xlsx", read, dropped=("SSN",)),
        FileNight("vector_october.xlsx", {"added": 40}, unchanged=True),
    )
    row, claim, course = _findings()
    return NightSummary(
        district=SAMPLE_DISTRICT,
        as_of=SAMPLE_DAY,
        known_at=datetime(2026, 11, 23, 10, 10, tzinfo=UTC),
        sources=(
            SourceNight("vector", files),
            SourceNight("district-log", (), "the file is encrypted", "Save it without a password."),
        ),
        new=(row, claim),
        waiting=(course,),
        not_ours=12,
        states=(("overdue", 2), ("on plan", 5), ("complete", 2)),
        moved=(f"{cast_member('00101').name} (00101): on plan → overdue",),
        newly_overdue=1,
        messages=(
            MessageNight("20261123-a1", PARTNER_NAMES["fpd"], "sent"),
            MessageNight("20261123-b2", PARTNER_NAMES["nps"], "held", f"chief@{DOMAINS['nps']} was never released"),
            MessageNight(
                "20261119-d4",
                PARTNER_NAMES["fsd"],
                "held",
                "HR wants to look first",
                since=SAMPLE_DAY - timedelta(days=4),
                due=(cast_member("00101").name,),
            ),
            MessageNight("20261122-c3", PARTNER_NAMES["acso"], "failed", "550 no such mailbox"),
        ),
    )


def sample_overview() -> DistrictOverview:
    """Return the district after that night, and how it stood on the nights before."""
    names = {**SAMPLE_NAMES, "on-the-job": "on-the-job training", "check-in": "check-in training"}
    read = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
    sources = (
        SourceFreshness("vector", read, SAMPLE_DAY - timedelta(days=3)),
        SourceFreshness("district-log", read - timedelta(days=6), SAMPLE_DAY - timedelta(days=9), "it is encrypted"),
    )
    overdue = ((4, 4), (3, 3), (2, 3), (1, 2), (0, 2))
    trend = tuple(
        TrendPoint(SAMPLE_DAY - timedelta(days=back), (("overdue", number), ("on plan", 2), ("complete", 5 - number)))
        for back, number in overdue
    )
    report = sample_report()
    view = overview((report,), sample_night(), names=names, sources=sources, trend=trend)
    planned = [(report, sample_plan())]
    return replace(view, bookings=bookings(planned, names), unbooked=unbooked(planned, names))


def _findings() -> tuple[Finding, Finding, Finding]:
    row = Finding(
        area=Area.ROW,
        code="impossible-date",
        where="vector_november.xlsx, Completions!D14",
        found="31/02/2026",
        expected="a date that exists, month first",
        remedy="Ask the vendor for the right day.",
    )
    claim = Finding(
        area=Area.CLAIM,
        code="claim",
        where="vector_november.xlsx, Completions!A9",
        found=f"{cast_member('00109').name} (00109): “Trauma 101”, no date: waiver",
        expected="a person's decision whether it counts toward topic 3",
        remedy='lms-sync worklist accept c1a1b2c3 --reason "…" (or refuse)',
        people=("00109",),
    )
    course = Finding(
        area=Area.COURSE,
        code="unmapped-course",
        where="source vector, course 417",
        found="“Winter driving” has no decided row in the course map; people on the roster who completed it: 2",
        expected="a decided row in mappings/courses.xlsx",
        remedy="Add the course with an x for each topic that it teaches, or decide the row without any x.",
        people=("00101", "00102"),
    )
    return row, claim, course
