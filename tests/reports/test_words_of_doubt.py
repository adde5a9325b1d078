"""Every reader is told "met, in doubt since DAY", and nobody is called complete without these words."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms_sync.agreements.clause_c.pdf import agreement_plan_pdf
from lms_sync.agreements.clause_c.status import clause_c
from lms_sync.agreements.year.calendar import CalendarFacts, entries_of
from lms_sync.agreements.year.calendar_pages import what
from lms_sync.agreements.year.entry import DaySpan, DueKind
from lms_sync.cli.demo import difference_rows, people_line
from lms_sync.compliance.build import LastReport, build_report
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.impact import impact
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.compliance.posted import build_building
from lms_sync.documents.request.status import ask_of, request_findings, unasked
from lms_sync.law.standing import State
from lms_sync.model.course_map import course_map
from lms_sync.model.doubt import Doubt, DoubtCause
from lms_sync.model.evidence import Completion
from lms_sync.model.stored.judgement import REPORT
from lms_sync.reports.district.workbook import district_workbook
from lms_sync.reports.gaps_export import gaps_csv, report_json
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import record_pdf, record_text
from lms_sync.reports.principal.email import building_email
from lms_sync.reports.trainer.impact import impact_json, impact_workbook
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.yearly import YearSettings
from tests.agreements.test_esd_requests import ALL, CLASSROOM, COMPLETE, filed
from tests.compliance.person_facts import DAY, ME, ROWS, SEAL, done, judged, knowledge_of, row, sealed
from tests.reports.golden_documents import VOICE

SINCE = date(2026, 11, 20)
TOPICS = [f"topic-{number:02}" for number in range(1, 14)]
COPY = done("All", date(2026, 10, 12))
"""Another completion, in time."""


def doubt(about: Completion) -> Doubt:
    stored, found_at = sealed(about), datetime(2026, 11, 20, 10, tzinfo=UTC)
    return Doubt(
        *(stored.source, stored.record, stored.day, DoubtCause.NOT_DONE, stored.learner.key, "All", "All"),
        since=SINCE,
        found_at=found_at,
        finding_id="0a1b2c3d",
    )


def known(*found: Completion, doubted: bool = True) -> Snapshot:
    snapshot = knowledge_of(*found)
    return replace(snapshot, doubts=(doubt(CLASSROOM),) if doubted else ())


def report_of(snapshot: Snapshot) -> GapReport:
    return build_report(snapshot, judged(snapshot), snapshot.roster.partners["quarry"], last=None)


def record_of(snapshot: Snapshot) -> PersonRecord:
    return build_record(snapshot, judged(snapshot), ME)


def plan(report: GapReport) -> TrainingPlan:
    return TrainingPlan(report.partner.partner_id, report.as_of, ())  # type: ignore[arg-type]


def text_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def cells(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(BytesIO(content)):
        yield from (f"{sheet.title}: {cell.value}" for row in sheet for cell in row if cell.value is not None)


def documents(snapshot: Snapshot) -> dict[str, str]:
    """Return what leaves the district about the person, as texts."""
    report, record = report_of(snapshot), record_of(snapshot)
    email = partner_email(report, plan(report), VOICE)
    clause = clause_c(snapshot, judged(snapshot), snapshot.roster.agreements["quarry-26"])
    heads_up = building_email(build_building(snapshot, judged(snapshot), "Pinehill HS"), VOICE)
    return {
        "mail, text": " ".join(email.text.split()),
        "mail, html": email.html,
        "plan": text_of_pdf(training_plan_pdf(report, plan(report), VOICE).content),
        "workbook": "\n".join(cells(partner_workbook(report, plan(report), VOICE))),
        "clause C": text_of_pdf(agreement_plan_pdf(clause, plan(report), None, VOICE).content),
        "heads-up, text": " ".join(heads_up.text.split()),
        "heads-up, html": heads_up.html,
        "record, text": " ".join(record_text(record, VOICE).split()),
        "record": text_of_pdf(record_pdf(record, VOICE).content),
    }


@pytest.fixture(scope="module")
def doubted() -> dict[str, str]:
    return documents(known(*COMPLETE))


SENTENCE = "Topics 1–13: met, in doubt since 20 Nov 2026."
WORDS = {
    "mail, text": ("1 person is complete, in doubt: the district decides what counts", SENTENCE),
    "mail, html": ("1 person is complete, in doubt: the district decides what counts", SENTENCE),
    "plan": ("1 person is complete, in doubt: the district decides what counts", SENTENCE),
    "workbook": (
        "Matrix: ? Complete, in doubt since 20 Nov 2026",
        "Matrix: ? met, in doubt since 20 Nov 2026",
        f"Summary: Quillfeather, Adabelle: {SENTENCE}",
    ),
    "clause C": ("? Complete, in doubt since 20 Nov 2026", "? Complete, in doubt 1", SENTENCE),
    "heads-up, text": ("required training: ? Complete, in doubt since 20 Nov 2026",),
    "heads-up, html": ("<td>? Complete, in doubt since 20 Nov 2026</td>",),
    "record, text": ("State: ? Complete, in doubt since 20 Nov 2026", "on 5 Oct 2026, in doubt since 20 Nov 2026"),
    "record": ("? Complete, in doubt since 20 Nov 2026", "on 5 Oct 2026, in doubt since 20 Nov 2026"),
}


@pytest.mark.parametrize("name", WORDS)
def test_every_document_says_since_when_it_is_in_doubt(name: str, doubted: dict[str, str]) -> None:
    for words in WORDS[name]:
        assert words in doubted[name]


@pytest.mark.parametrize("name", WORDS)
def test_no_document_calls_the_person_complete_without_these_words(name: str, doubted: dict[str, str]) -> None:
    for sound in ("Complete, document not yet on file", "is complete: ask the ESD", "document on the classroom"):
        assert sound not in doubted[name]


def test_what_sound_training_meets_in_time_is_told_as_if_there_were_no_doubt() -> None:
    assert documents(known(*COMPLETE, COPY)) == documents(known(*COMPLETE, COPY, doubted=False))


def test_what_a_document_meets_in_time_is_told_as_if_there_were_no_doubt() -> None:
    with_doubt, sound = (filed(known(*COMPLETE, doubted=doubted), *ALL) for doubted in (True, False))
    assert documents(with_doubt) == documents(sound)
    assert judged(with_doubt).people[ME].state is State.DOCUMENTED


def test_a_component_in_doubt_is_not_offered_to_the_esd() -> None:
    snapshot = known(*COMPLETE)
    ask = ask_of(record_of(snapshot), {})
    assert [component.component.id for component in ask.asked] == ["on-the-job", "check-in"]
    assert [(component.component.id, component.doubted) for component in ask.not_asked] == [("classroom", SINCE)]
    assert unasked(snapshot, judged(snapshot), {}) == {ME: ("on-the-job", "check-in")}
    (found,) = request_findings(snapshot, judged(snapshot), {})
    assert "has finished on-the-job training days and check-in trainings; no ESD was asked" in found.found
    covered = clause_c(snapshot, judged(snapshot), snapshot.roster.agreements["quarry-26"]).people[0]
    assert covered.to_request == ("on-the-job", "check-in")
    assert covered.lacks[0].endswith("(finished, in doubt since 20 Nov 2026: the district decides first)")


def test_exports_tell_since_when() -> None:
    report = report_of(known(*COMPLETE))
    (person,) = report_json([report])["partners"][0]["people"]
    assert {topic["doubted"] for topic in person["requirements"] if topic["id"] in TOPICS} == {"2026-11-20"}
    assert {topic["doubted"] for topic in person["requirements"] if topic["id"] not in TOPICS} == {None}
    rows = list(csv.DictReader(StringIO(gaps_csv([report]))))
    assert {row["state"] for row in rows} == {"complete, in doubt since 2026-11-20"}
    assert {row["doubted"] for row in rows} == {"2026-11-20", ""}
    book = set(cells(district_workbook([report], VOICE.names)))
    assert {"People: ? Complete, in doubt since 20 Nov 2026", "People: ? in doubt since 20 Nov 2026"} <= book
    told = {topic["id"]: topic["doubted"] for topic in record_json(record_of(known(*COMPLETE)))["requirements"]}
    assert {told[topic] for topic in TOPICS} == {"2026-11-20"}


def test_what_changed_since_the_last_report_says_so_too() -> None:
    before, now = report_of(known(*COMPLETE, doubted=False)), known(*COMPLETE)
    last = LastReport(DAY, REPORT.read(json.loads(json.dumps(report_json([before])["partners"][0]))))
    (person,) = build_report(now, judged(now), now.roster.partners["quarry"], last=last).people
    assert person.changes[:2] == (
        "state: complete → complete, in doubt since 20 Nov 2026",
        "Topic 1: met, in doubt since 20 Nov 2026",
    )
    nobody = LastReport(DAY, last.report.model_copy(update={"people": ()}))
    (new,) = build_report(now, judged(now), now.roster.partners["quarry"], last=nobody).people
    assert new.changes == ("new on this report: complete, in doubt since 20 Nov 2026",)


def test_the_impact_of_a_map_tells_doubt_as_a_loss_and_counts_it_apart() -> None:
    snapshot = known(*COMPLETE, done("Sound", date(2026, 10, 12)))
    snapshot = replace(snapshot, course_map=course_map([*ROWS, row("Sound", *range(1, 14))], []))
    found = impact(snapshot, course_map(ROWS, []), SEAL, as_of=DAY)
    (person,) = found.people
    assert (person.before, person.after) == ("complete", "complete, in doubt since 2026-11-20")
    assert {(shift.gained, shift.before, shift.after) for shift in person.shifts} == {
        (False, "met", "met, in doubt since 20 Nov 2026")
    }
    assert found.partners[0].states == (("complete", 1, 0), ("complete, in doubt", 0, 1))
    assert found.loses
    assert "People: complete, in doubt since 20 Nov 2026" in set(cells(impact_workbook(found, VOICE)))
    assert impact_json(found, dict(snapshot.roster.partners))["people"][0]["after"] == person.after


def test_the_calendar_tells_since_when_a_component_is_in_doubt() -> None:
    snapshot = known(*COMPLETE)
    facts = CalendarFacts(snapshot, judged(snapshot), YearSettings(), {}, {}, {})
    said = [what(i, {}) for i in entries_of(facts, DaySpan(DAY, DAY)) if i.kind is DueKind.TRAINING and i.have]
    assert said[0] == f"Person {ME}: classroom training, 13 of 13 subjects, in doubt since 20 Nov 2026"
    assert "in doubt" not in said[1]


def test_the_demos_tables_tell_it_too() -> None:
    sound, doubted = ([report_of(known(*COMPLETE, doubted=doubted))] for doubted in (False, True))
    assert people_line(doubted) == "People: 1 complete, in doubt"
    assert difference_rows(sound, doubted) == [
        ["Quillfeather, Adabelle", "", "", "complete → complete, in doubt since 20 Nov 2026"]
    ]
