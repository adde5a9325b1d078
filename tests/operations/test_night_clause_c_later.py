"""What becomes of a document of clause C: it is watched, mailed as issued, withdrawn, known to a new map."""

from datetime import date

import pytest

from lms_sync.agreements.clause_c.verify import verify_file
from lms_sync.agreements.clause_c.watch import confirmed
from lms_sync.errors import UsageError
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.issued import IssuedKind
from tests.operations.certified_town import confirm, desk, file, issue, mail, unfile, withdraw
from tests.operations.night_files import BOSS, NAMES, assignment_line, roster
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

CONFIRMATION = IssuedKind.CONFIRMATION


def test_evidence_that_contradicts_a_confirmation_later_is_a_finding_and_rewrites_nothing(settled: Town) -> None:
    file(settled, "D1")
    before = issue(settled, CONFIRMATION)
    settled.night(days=1)
    assert settled.findings("confirmation-contradicted") == []
    unfile(settled, "D1")
    file(settled, "D2", ["80201"])
    assert settled.night(days=1).exit_code == 1

    (told,) = settled.findings("confirmation-contradicted")
    assert "TC-2026-0001" in told
    assert "80202" in told
    assert "agreements withdraw TC-2026-0001" in told
    with desk(settled) as (workspace, _):
        assert workspace.store.issued.get("TC-2026-0001") == before.issued
        assert workspace.store.issued.content("TC-2026-0001") == before.content


def test_somebody_who_joins_without_documentation_outgrows_a_confirmation(settled: Town) -> None:
    file(settled, "D1", ["80201"])
    only = [assignment_line(i) for i in NAMES if i != "80202"]
    settled.write("roster.xlsx", roster(assignments=only))
    settled.night(days=1)
    confirm(settled)
    settled.write(
        "roster.xlsx", roster(assignments=[*only, {**assignment_line("80202"), "Starts": date(2026, 11, 24)}])
    )
    settled.night(days=1)

    (told,) = settled.findings("confirmation-outgrown")
    assert "Lindqvist" in told


def test_a_withdrawn_confirmation_is_watched_no_more_and_says_so_when_verified(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    unfile(settled, "D1")
    withdraw(settled, made.issued)
    settled.night(days=1)

    assert settled.findings("confirmation-contradicted") == []
    with desk(settled) as (workspace, issuer):
        verdict = verify_file(workspace.store, made.content, issuer)
        assert confirmed(workspace.store) == ()
    assert not verdict.sound
    assert "WITHDRAWN by A. Roe: the ESD revoked its letter" in verdict.troubles[0]
    with pytest.raises(UsageError, match=r"was withdrawn by A\. Roe"):
        withdraw(settled, made.issued)


def test_the_document_goes_to_the_partner_as_issued_and_whoever_got_it_is_told_of_its_withdrawal(
    settled: Town,
) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    assert mail(settled, made.issued).state is DeliveryState.SENT
    first = settled.to(BOSS)[-1]
    (attached,) = first.iter_attachments()
    assert attached.get_content() == made.content
    assert made.issued.code in text_of(first)

    told = withdraw(settled, made.issued)
    assert told is not None
    assert told.state is DeliveryState.SENT
    last = settled.to(BOSS)[-1]
    assert last["Subject"].startswith("Withdrawn: training confirmation TC-2026-0001")
    assert "the ESD revoked its letter" not in text_of(last), "HR's reasons are not for partners"
    assert "the reason is on file with the district" in text_of(last)
    assert list(last.iter_attachments()) == []
    assert settled.night(days=1).exit_code in (0, 1)
    with pytest.raises(UsageError, match="was withdrawn"):
        mail(settled, made.issued)


def test_a_document_that_was_still_held_is_withdrawn_unsent_and_troubles_nobody(town: Town) -> None:
    town.night()
    file(town, "D1")
    made = issue(town, CONFIRMATION)
    held = mail(town, made.issued)
    assert held.state is DeliveryState.HELD
    assert withdraw(town, made.issued) is None

    with town.workspace() as workspace:
        after = workspace.store.deliveries.get(held.delivery_id)
    assert after.state is DeliveryState.FAILED
    assert after.stopped
    night = town.night(days=1)
    assert not any(made.issued.number in one for one in town.findings("delivery-failed"))
    assert night.summary is not None
    assert held.delivery_id not in {message.delivery_id for message in night.summary.messages}


def test_a_held_document_is_let_go_as_it_was_issued(town: Town) -> None:
    town.night()
    file(town, "D1")
    made = issue(town, CONFIRMATION)
    mail(town, made.issued)
    town.release(hours=1)

    carried = [one for one in town.to(BOSS) if "Training confirmation" in one["Subject"]]
    (attached,) = carried[-1].iter_attachments()
    assert attached.get_content() == made.content


def test_the_impact_of_a_new_map_knows_the_confirmations_that_stand(settled: Town) -> None:
    file(settled, "D1")
    confirm(settled)
    with desk(settled) as (workspace, _):
        (one,) = confirmed(workspace.store)

    assert (one.number, one.agreement_id, one.people) == ("TC-2026-0001", "heron-26", ("80202", "80201"))
