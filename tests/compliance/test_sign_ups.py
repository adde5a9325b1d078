"""Signed up for a class: shown beside what is missing until its day is past; never a credit, never a doubt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms_sync.compliance.build import build_report
from lms_sync.compliance.district_figures import district_figures
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import law_text
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.law.series import load
from lms_sync.model.evidence import Completion, NotDone, Reading
from lms_sync.model.finding import Origin
from lms_sync.model.sign_up import KnownSignUp, SignUp
from lms_sync.model.stored.judgement import REPORT
from lms_sync.operations.pull.changes import PulledItem
from lms_sync.operations.pull.signed_up import SourceTonight, sign_ups_kept
from lms_sync.reports.gaps_export import gaps_csv, report_json
from lms_sync.reports.missing import missing_of
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import record_text
from lms_sync.tables.read import sheets_of
from tests.compliance.person_facts import DAY, ME, PARTNERS, SEAL, done, judged, knowledge_of, record_of
from tests.compliance.test_person_record import VOICE

SOON = DAY + timedelta(days=10)
THEN = datetime(2026, 11, 22, 3, tzinfo=UTC)
TONIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def booked(course: str = "Rights", day: date | None = SOON, record: str = "r1") -> NotDone:
    sign_up = SignUp(course, "", day, status="Registered", origin=Origin(file="class.xlsx", cell="A9"))
    return NotDone("class", record, done("Knots").learner, "Registered", sign_up)


def known(reading: NotDone) -> KnownSignUp:
    (found,) = kept(reading).values()
    return found


def kept(
    *readings: Reading, stored: Sequence[KnownSignUp] = (), whole: bool = True, today: date = DAY, still: str = ""
) -> dict[str, KnownSignUp]:
    seen = [PulledItem(reading, Origin(), TONIGHT) for reading in readings]
    tonight = SourceTonight("class", seen, {}, frozenset(filter(None, [still])), whole)
    return sign_ups_kept({one.record: one for one in stored}, tonight, SEAL, today=today)


def report_of(*sign_ups: NotDone, finished: Sequence[Completion] = ()) -> GapReport:
    snapshot = replace(knowledge_of(done("Knots"), *finished), sign_ups=tuple(known(reading) for reading in sign_ups))
    judgement = judged(snapshot)
    assert judgement.findings == judged(replace(snapshot, sign_ups=())).findings
    return build_report(snapshot, judgement, PARTNERS["quarry"], last=None)


def test_a_sign_up_stands_beside_the_gap_in_mail_json_and_csv_and_counts_for_nothing() -> None:
    report = report_of(booked())
    (person,) = report.people
    gap = next(standing for standing in person.requirements if standing.requirement == "topic-01")
    assert (gap.open, gap.credits, gap.claims, gap.doubted) == (True, (), (), None)
    assert [sign_up.day for sign_up in gap.signed_up] == [SOON]
    lines = missing_of(person.open, report, load().names)
    assert "signed up for 3 Dec 2026: 1 " in lines[0].what
    assert "signed up" not in lines[1].what
    requirement = report_json([report])["partners"][0]["people"][0]["requirements"][0]
    assert [sign_up["day"] for sign_up in requirement["signed_up"]] == [SOON.isoformat()]
    stored = REPORT.read(report_json([report])["partners"][0]).people[0].requirements[0]
    assert [sign_up.day for sign_up in stored.signed_up] == [SOON]
    assert gaps_csv([report]).count(SOON.isoformat()) == 1


def test_a_sign_up_stands_in_the_district_s_figures_and_beside_one_s_own_gap_only() -> None:
    snapshot = replace(knowledge_of(done("Knots")), sign_ups=(known(booked()),))
    (report,) = district_figures(snapshot, judged(snapshot), [PARTNERS["quarry"]])
    assert [s.requirement for s in report.people[0].requirements if s.signed_up] == ["topic-01"]


def test_a_sign_up_stands_in_the_workbook() -> None:
    report = report_of(booked())
    book = sheets_of(partner_workbook(report, TrainingPlan(law_text("quarry"), DAY, ()), VOICE))
    cells = {sheet.name: [str(cell) for row in sheet.rows for cell in row.cells] for sheet in book}
    assert any("signed up for 3 Dec 2026" in cell for cell in cells["Matrix"])
    assert any(cell.startswith("3 Dec 2026: ") for cell in cells["Gaps by due date"])


def test_a_sign_up_stands_in_the_record() -> None:
    snapshot = replace(knowledge_of(done("Knots")), sign_ups=(known(booked()),))
    record = record_of(snapshot=snapshot)
    assert "signed up for 3 Dec 2026: 1 " in " ".join(record_text(record, VOICE).split())
    assert record_json(record)["requirements"][0]["signed_up"][0]["day"] == SOON.isoformat()


@pytest.mark.parametrize(
    ("reading", "finished"),
    [
        (booked(), [done("Rights")]),
        (booked("Knots tied twice"), []),
        (booked("Calm"), []),
        (booked("Minds"), []),
    ],
    ids=["met already", "no row in the map", "nobody has decided what it teaches", "not counted on that day"],
)
def test_no_sign_up_stands_where_it_would_close_nothing(reading: NotDone, finished: list[Completion]) -> None:
    (person,) = report_of(reading, finished=finished).people
    assert person.person_id == ME
    assert not [standing for standing in person.requirements if standing.signed_up]


def test_a_sign_up_that_the_source_has_not_told_of_again_ends_with_its_day() -> None:
    snapshot = replace(knowledge_of(done("Knots")), sign_ups=(known(booked(day=DAY)),))
    assert judged(snapshot).signed_up[ME]
    assert not judged(replace(snapshot, sign_ups=(replace(known(booked()), sign_up=PAST),))).signed_up


PAST = SignUp("Rights", "", DAY - timedelta(days=1))
STORED = [known(booked())]


@pytest.mark.parametrize(
    ("readings", "more", "days"),
    [
        ([], {"whole": False}, [SOON]),
        ([], {"still": "r1"}, [SOON]),
        ([], {}, []),
        ([], {"whole": False, "today": SOON + timedelta(days=1)}, []),
        ([booked(day=SOON + timedelta(days=7))], {}, [SOON + timedelta(days=7)]),
        ([booked(day=None)], {}, []),
        ([booked(day=DAY - timedelta(days=1))], {}, []),
        ([replace(booked(), sign_up=None, status="Cancelled")], {}, []),
        ([done("Rights", record="r1")], {}, []),
        ([booked(record="r2")], {"whole": False}, [SOON, SOON]),
    ],
    ids=[
        "an increment that says nothing", "in a file that was not read again", "gone from a whole export",
        "the day is past", "another day", "no day", "a day that was past already", "cancelled", "completed",
        "another class",
    ],
)  # fmt: skip
def test_a_sign_up_stands_until_its_source_or_the_calendar_ends_it(
    readings: list[Reading], more: dict[str, object], days: list[date]
) -> None:
    found = kept(*readings, stored=STORED, **more)  # type: ignore[arg-type]
    assert [one.sign_up.day for _, one in sorted(found.items())] == days


def test_an_older_export_does_not_outdo_a_newer_one_that_was_not_read_again() -> None:
    older = PulledItem(booked(), Origin(), THEN)
    tonight = SourceTonight("class", [older], {"r1": TONIGHT}, frozenset({"r1"}), whole=True)
    assert sign_ups_kept({}, tonight, SEAL, today=DAY) == {}
