"""A made-up night on which something of every kind happened: `lms-sync check` renders its template with it."""

from datetime import UTC, datetime

from lms_sync.model.finding import Area, Finding
from lms_sync.reports.night.email import FileNight, MessageNight, NightSummary, SourceNight
from lms_sync.reports.sample import SAMPLE_DAY


def sample_night() -> NightSummary:
    """Return a night on which something of every kind happened."""
    read = {"added": 9, "corrected": 1, "not a completion": 2, "refused": 1, "skipped": 2}
    files = (
        FileNight("vector_november.xlsx", read, dropped=("SSN",)),
        FileNight("vector_october.xlsx", {"added": 40}, unchanged=True),
    )
    row, claim, course = _findings()
    return NightSummary(
        district="Sample School District",
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
        moved=("Sample, Ada (00017): on plan → overdue",),
        newly_overdue=1,
        messages=(
            MessageNight("20261123-a1", "Sample City Police Department", "sent"),
            MessageNight("20261123-b2", "Sample Guard Company", "held", "chief@example.com was never released"),
            MessageNight("20261122-c3", "Sample County Sheriff", "failed", "550 no such mailbox"),
        ),
    )


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
        found="Đỗ, Thị Hạnh (P-004): “Trauma 101”, no date: waiver",
        expected="a person's decision whether it counts toward topic-03",
        remedy='lms-sync worklist accept c1a1b2c3 --reason "…" (or refuse)',
        people=("P-004",),
    )
    course = Finding(
        area=Area.COURSE,
        code="unmapped-course",
        where="source vector, course 417",
        found="“Winter driving” has no decided row in the course map; people on the roster who completed it: 2",
        expected="a decided row in mappings/courses.xlsx",
        remedy="Add the course with an x for each topic that it teaches, or decide the row without any x.",
        people=("P-001", "P-002"),
    )
    return row, claim, course
