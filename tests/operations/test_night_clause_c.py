"""Clause C of an agreement: a confirmation only when it is true, a plan otherwise, kept as issued."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from lms_sync.agreements.clause_c.issue import draft_document, expect_current, read_clause
from lms_sync.agreements.clause_c.verify import verify_code, verify_file
from lms_sync.errors import UsageError
from lms_sync.law.standing import State
from lms_sync.model.issued import IssuedKind
from lms_sync.store.schema import issued as issued_table
from tests.operations.certified_town import GUARDS, clause, confirm, desk, file, issue
from tests.operations.night_files import NAMES, assignment_line, person_line, roster
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

CONFIRMATION, PLAN = IssuedKind.CONFIRMATION, IssuedKind.PLAN


def text_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_confirmation_is_refused_and_names_each_person_and_what_is_lacking(settled: Town) -> None:
    file(settled, "D1", ["80201"])
    file(settled, "D2", ["80202"], "classroom")

    with pytest.raises(UsageError) as refusal:
        confirm(settled)
    said = str(refusal.value)
    assert "1 of 2 people are not documented" in said
    assert "Lindqvist, Dovid (80202)" in said
    assert "on-the-job training days (0 of 2 finished)" in said
    assert "check-in trainings (0 of 6 finished)" in said
    assert "classroom" not in said
    assert "Marshbane" not in said
    assert "agreements plan heron-26" in refusal.value.hint
    with desk(settled) as (workspace, _):
        assert workspace.store.issued.listed() == ()


def test_when_everybody_is_documented_it_is_issued_and_kept_byte_for_byte(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)

    assert made.new
    assert made.issued.number == "TC-2026-0001"
    said = text_of_pdf(made.content)
    for words in (
        made.issued.number,
        made.issued.code,
        "Marshbane, Cleodora",
        "Lindqvist, Dovid",
        "ESD 113",
        "no-D1",
    ):
        assert words in said
    assert "Quillfeather" not in said
    with desk(settled) as (workspace, _):
        assert workspace.store.issued.content("TC-2026-0001") == made.content
        assert [one.kind for one in workspace.store.audit.entries()][-1] == "confirmation"


def test_saying_the_same_again_issues_no_second_one(settled: Town) -> None:
    file(settled, "D1")
    first, second = issue(settled, CONFIRMATION), issue(settled, CONFIRMATION)

    assert not second.new
    assert (second.issued, second.content) == (first.issued, first.content)


def test_a_later_plan_is_a_document_of_its_own_and_so_is_a_confirmation_after_it(settled: Town) -> None:
    numbers = [issue(settled, PLAN).issued.number]
    file(settled, "D1")
    numbers += [issue(settled, kind).issued.number for kind in (CONFIRMATION, PLAN, CONFIRMATION)]

    assert numbers == ["TP-2026-0001", "TC-2026-0001", "TP-2026-0002", "TC-2026-0002"]


def test_a_document_of_a_day_to_come_does_not_count_on_the_day_judged(settled: Town) -> None:
    file(settled, "D1", day=date(2026, 11, 20))

    with pytest.raises(UsageError, match="2 of 2 people"):
        confirm(settled, as_of=date(2026, 11, 19))
    assert confirm(settled, as_of=date(2026, 11, 20)).as_of == date(2026, 11, 20)


def test_somebody_undetermined_blocks_a_confirmation_whatever_is_on_file(settled: Town) -> None:
    file(settled, "D1")
    people = [person_line(i, **({"First_day_with_students": ""} if i == "80202" else {})) for i in NAMES]
    settled.write("roster.xlsx", roster(people=people))
    settled.night(days=1)

    with pytest.raises(UsageError, match="first day with students is not recorded"):
        confirm(settled)


def test_whoever_starts_later_is_covered_and_may_be_documented_before_the_first_day(settled: Town) -> None:
    """RCW 28A.400.345(1): the documentation is confirmed before anybody is assigned."""
    later = {"First_day_with_students": date(2027, 1, 11)}
    people = [person_line(i, **(later if i == "80202" else {})) for i in NAMES]
    starts = [{**assignment_line(i), **({"Starts": date(2027, 1, 4)} if i == "80202" else {})} for i in NAMES]
    settled.write("roster.xlsx", roster(people=people, assignments=starts))
    settled.night(days=1)
    file(settled, "D1", ["80201"])
    (lacking,) = clause(settled).undocumented
    assert (lacking.gaps.person_id, lacking.gaps.state) == ("80202", State.NOT_STARTED)
    assert ("classroom", date(2027, 7, 11)) in lacking.deadlines

    file(settled, "D2", ["80202"])
    assert len(confirm(settled).judgement["people"]) == 2


def test_an_agreement_that_covers_nobody_gets_no_document(settled: Town) -> None:
    settled.write("roster.xlsx", roster(assignments=[assignment_line(i) for i in NAMES if i not in GUARDS]))
    settled.night(days=1)

    with pytest.raises(UsageError, match="nobody is assigned under it"):
        issue(settled, PLAN)


def test_a_plan_tells_what_how_and_by_when_and_what_is_late(settled: Town) -> None:
    settled.night(days=200)
    said = text_of_pdf(issue(settled, PLAN).content)

    assert "What is already late" in said
    assert "2 Mar 2027" in said
    assert "Check-ins" in said or "check-in trainings" in said
    assert "No class covers yet" in said
    assert "Quarryville" not in said


def test_a_draft_says_that_it_is_one_and_issues_nothing(settled: Town) -> None:
    with desk(settled) as (workspace, issuer):
        agreement = issuer.snapshot.roster.agreements["heron-26"]
        draft = draft_document(issuer, read_clause(issuer, agreement), CONFIRMATION)
        assert workspace.store.issued.listed() == ()
    said = text_of_pdf(draft)
    assert said.count("DRAFT, not issued") == len(PdfReader(BytesIO(draft)).pages)
    assert not re.search(r"T[CP]-20", said)


def test_nothing_is_issued_by_a_roster_that_no_night_has_taken_in(settled: Town) -> None:
    with desk(settled) as (workspace, _):
        expect_current(workspace.store, workspace.config)
    settled.write("roster.xlsx", roster(assignments=[assignment_line(i) for i in NAMES if i != "80202"]))
    with (
        desk(settled) as (workspace, _),
        pytest.raises(UsageError, match=r"roster\.xlsx: changed since the last night"),
    ):
        expect_current(workspace.store, workspace.config)


def test_the_file_and_the_typed_code_are_recognised_and_an_edited_file_is_not(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    with desk(settled) as (workspace, issuer):
        assert verify_file(workspace.store, made.content, issuer).sound
        typed = made.issued.code.lower().replace("-", " ")
        assert verify_code(workspace.store, " tc-2026-0001 ", typed, issuer).sound
        assert "another code" in verify_code(workspace.store, "TC-2026-0001", "0000-0000", issuer).how
        assert "No document" in verify_code(workspace.store, "TC-2026-0009", typed, issuer).how
        edited = made.content[:-30] + b"x" + made.content[-29:]
        verdict = verify_file(workspace.store, edited, issuer)
    assert verdict.issued is None
    assert "calls itself TC-2026-0001" in verdict.how


def test_a_record_that_was_changed_in_the_database_no_longer_fits_its_code_and_is_a_finding(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    with settled.workspace() as workspace, workspace.store.transaction():
        forged = {**made.issued.judgement, "people": made.issued.judgement["people"][:1]}
        workspace.store.connection.execute(update(issued_table).values(judgement=forged))
    with desk(settled) as (workspace, issuer):
        verdict = verify_code(workspace.store, made.issued.number, made.issued.code, issuer)
    assert not verdict.sound
    assert "WAS CHANGED" in verdict.troubles[0]
    settled.night(days=1)
    assert len(settled.findings("issued-altered")) == 1
