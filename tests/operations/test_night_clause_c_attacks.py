"""Clause C under attack: by the database, by the roster, by the outbox, by what nobody has decided yet."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.issue import draft_document, read_clause
from lms_sync.agreements.clause_c.send import send_document
from lms_sync.agreements.clause_c.verify import verify_file
from lms_sync.errors import UsageError
from lms_sync.mail.decide import retry
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryState, RecipientState
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.known import known_agreement
from lms_sync.workspace.start.workbooks import Line
from tests.deciding import file_document
from tests.operations.certified_town import confirm, desk, document, file, issue, mail, unfile, withdraw
from tests.operations.night_files import BOSS, NAMES, assignment_line, partner_lines, person_line, roster
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights, or a whole installation

CONFIRMATION, PLAN = IssuedKind.CONFIRMATION, IssuedKind.PLAN


def test_a_class_that_nobody_decided_blocks_a_confirmation_before_the_first_day_too(settled: Town) -> None:
    unknown: dict[str, str | date] = {
        "First_day_with_students": date(2027, 1, 11),
        "Class": "",
        "Class_decided_by": "",
    }
    people = [person_line(i, **(unknown if i == "80202" else {})) for i in NAMES]
    settled.write("roster.xlsx", roster(people=people))
    settled.night(days=1)
    file(settled, "D1", ["80201"])
    file(settled, "D2", ["80202"], "classroom", "on-the-job")

    with pytest.raises(UsageError, match="the class is not recorded"):
        confirm(settled)


def test_deadlines_to_come_are_counted_from_the_recorded_start_of_the_clock(settled: Town) -> None:
    clock: dict[str, str | date] = {
        "Clock_starts": date(2027, 1, 4),
        "Clock_decided_by": "A. Roe",
        "Clock_decided_on": date(2026, 11, 2),
    }
    old: dict[str, str | date] = {
        "First_day_with_students": date(2020, 9, 1),
        **clock,
        "Clock_citing": "letter of 2 November",
    }
    people = [person_line(i, **(old if i == "80202" else {})) for i in NAMES]
    settled.write("roster.xlsx", roster(people=people))
    settled.night(days=1)
    judgement = issue(settled, PLAN).issued.judgement

    (person,) = [one for one in judgement["people"] if one["id"] == "80202"]
    assert dict(person["deadlines"])["classroom"] == "2027-07-04"


def test_a_draft_says_of_a_missing_document_that_it_is_missing(settled: Town) -> None:
    with desk(settled) as (_, issuer):
        clause = read_clause(issuer, issuer.snapshot.roster.agreements["heron-26"])
        draft = draft_document(issuer, clause, CONFIRMATION)
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(draft)).pages).split())

    assert said.count("NO DOCUMENT ON FILE") == 6
    assert "not required" not in said


def test_an_agreement_that_has_ended_gets_no_document(settled: Town) -> None:
    with pytest.raises(UsageError, match="heron-26 ended on 31 Aug 2027"):
        issue(Town(settled.folder, settled.now.replace(year=2027, month=12)), PLAN)


def test_nothing_of_anybody_else_stands_in_the_evidence_of_a_document(settled: Town) -> None:
    """The name of a sheet of the ESD's list may name another partner; a document's own number is its people's."""
    with settled.workspace() as workspace, workspace.store.transaction():
        one = document("D1", ["80201", "80202"], ("classroom", "on-the-job", "check-in"), date(2026, 11, 16))
        named = replace(one, origin="Quarryville Police!A2", number="7")
        file_document(workspace.store, named, at=workspace.clock())
    made = issue(settled, CONFIRMATION)

    assert "quarryville" not in repr(made.issued.judgement).casefold()


def not_sendable(town: Town, issued: Issued) -> str:
    with pytest.raises(UsageError) as refusal:
        mail(town, issued)
    return str(refusal.value)


def test_a_confirmation_that_is_no_longer_true_is_not_sent_and_verified_with_a_warning(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    unfile(settled, "D1")
    settled.later(minutes=5)

    assert "is not true by what is known now" in not_sendable(settled, made.issued)
    with desk(settled) as (workspace, issuer):
        verdict = verify_file(workspace.store, made.content, issuer)
    assert not verdict.sound
    assert "was not documented on" in verdict.troubles[0]


def test_a_held_confirmation_that_is_no_longer_true_stays_where_it_is(town: Town) -> None:
    town.night()
    file(town, "D1")
    mail(town, confirm(town))
    unfile(town, "D1")
    town.release(hours=1)

    assert not [one for one in town.to(BOSS) if "Training confirmation" in one["Subject"]]
    (held,) = [one for one in town.deliveries("heron") if one.about]
    assert held.state is DeliveryState.HELD


def posted(town: Town, issued: Issued, state: DeliveryState, recipients: RecipientState) -> Delivery:
    """Leave the document's delivery as a night leaves it that was refused, or broke off."""
    with desk(town) as (workspace, issuer):
        store = workspace.store.deliveries
        author = Author("A. Roe", "mailed", workspace.clock())
        queued = send_document(workspace, author, issuer=issuer, number=issued.number)
        told = tuple(replace(one, state=recipients) for one in queued.recipients)
        after = replace(queued, state=state, tries=1, changed_at=workspace.clock(), recipients=told)
        with workspace.store.transaction():
            assert store.save(queued, after)
    return after


def test_a_withdrawn_document_is_not_sent_again_by_anybodys_word(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    failed = posted(settled, made.issued, DeliveryState.FAILED, RecipientState.REFUSED)
    assert withdraw(settled, made.issued) is None
    settled.night(days=1)

    assert settled.findings("delivery-failed") == []
    with desk(settled) as (workspace, _):
        author = Author("A. Roe", "mended", workspace.clock())
        with pytest.raises(UsageError, match="was withdrawn"):
            retry(workspace, author, delivery_ids=[failed.delivery_id])


@pytest.mark.parametrize(
    ("state", "recipients", "words"),
    [
        (DeliveryState.SENDING, RecipientState.WAITING, "may have been mailed"),
        (DeliveryState.UNKNOWN, RecipientState.UNKNOWN, "may have been mailed"),
        (DeliveryState.QUEUED, RecipientState.ACCEPTED, "was mailed"),
        (DeliveryState.SENT, RecipientState.ACCEPTED, "was mailed"),
    ],
)
def test_a_document_that_may_have_gone_is_mailed_again_only_when_told(
    settled: Town, state: DeliveryState, recipients: RecipientState, words: str
) -> None:
    """FAULTS: after a try of which nobody knows, the document went out a second time without a word."""
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    posted(settled, made.issued, state, recipients)
    with desk(settled) as (workspace, issuer):
        author = Author("A. Roe", "mailed", workspace.clock())
        with pytest.raises(UsageError, match=words):
            send_document(workspace, author, issuer=issuer, number=made.issued.number)
        assert send_document(workspace, author, issuer=issuer, number=made.issued.number, again=True)


@pytest.mark.parametrize(
    ("state", "recipients"),
    [(DeliveryState.SENDING, RecipientState.WAITING), (DeliveryState.UNKNOWN, RecipientState.UNKNOWN)],
)
def test_whoever_may_have_got_a_document_is_told_of_its_withdrawal(
    settled: Town, state: DeliveryState, recipients: RecipientState
) -> None:
    """A run that was killed while it sent leaves a delivery of which nobody knows."""
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    posted(settled, made.issued, state, recipients)
    told = withdraw(settled, made.issued)

    assert told is not None
    assert told.addresses(RecipientState.ACCEPTED) == (BOSS,)
    settled.night(days=1)
    assert settled.findings("delivery-unknown") == []


def test_a_partner_of_another_name_is_not_sent_the_former_ones_document(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    renamed: list[Line] = [
        {**line, **({"Name": "Falcon Guards"} if line["Partner ID"] == "heron" else {})} for line in partner_lines()
    ]
    settled.write("roster.xlsx", roster(partners=renamed))
    settled.night(days=1)
    held = mail(settled, made.issued)

    assert held.state is DeliveryState.HELD
    assert "was made for Heronmere Guards" in held.detail


def without(town: Town, person_id: str) -> None:
    """Take somebody's assignment out of the roster."""
    town.write("roster.xlsx", roster(assignments=[assignment_line(i) for i in NAMES if i != person_id]))


def test_somebody_who_is_named_is_watched_though_the_assignment_is_gone(settled: Town) -> None:
    file(settled, "D1")
    confirm(settled)
    without(settled, "80202")
    unfile(settled, "D1")
    file(settled, "D2", ["80201"])
    settled.night(days=1)

    (told,) = settled.findings("confirmation-contradicted")
    assert "80202" in told


def test_somebody_entered_later_who_was_covered_on_that_day_contradicts_it(settled: Town) -> None:
    without(settled, "80202")
    settled.night(days=1)
    file(settled, "D1", ["80201"])
    confirm(settled)
    settled.write("roster.xlsx", roster())
    file(settled, "D2", ["80202"], day=date(2026, 11, 25))
    settled.night(days=2)

    (told,) = settled.findings("confirmation-contradicted")
    assert "80202" in told
    assert "was covered on" in told


def test_a_confirmation_is_watched_though_a_later_plan_stands(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    unfile(settled, "D1")
    issue(settled, PLAN)
    settled.night(days=1)

    assert len(settled.findings("confirmation-contradicted")) == 2
    with desk(settled) as (workspace, issuer):
        remarks = verify_file(workspace.store, made.content, issuer).remarks
        agreement = known_agreement(issuer.snapshot.roster, "heron-26")
        assert clause_c_json(read_clause(issuer, agreement))["people"]
    assert any("A later document of this agreement is in force: TP-2026-0001" in one for one in remarks)


def test_a_confirmation_of_somebody_who_left_holds_while_the_documents_do(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    stayed = [i for i in NAMES if i != "80202"]
    settled.write(
        "roster.xlsx",
        roster(people=[person_line(i) for i in stayed], assignments=[assignment_line(i) for i in stayed]),
    )
    settled.night(days=1)
    assert settled.findings("confirmation-contradicted") == []

    unfile(settled, "D1")
    settled.night(days=1)
    assert any("80202" in one for one in settled.findings("confirmation-contradicted"))
    assert made.issued.stands
