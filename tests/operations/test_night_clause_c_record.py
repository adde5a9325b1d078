"""Whether the database still holds a document of clause C as it was issued."""

import hashlib
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import delete, update

from lms_sync.agreements.clause_c.verify import verify_code, verify_file
from lms_sync.agreements.clause_c.watch import doubtful
from lms_sync.model.issued import IssuedKind
from lms_sync.store.schema import issued as issued_table
from tests.operations.certified_town import desk, file, issue, unfile, withdraw
from tests.operations.night_files import NAMES, assignment_line, roster
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

CONFIRMATION, PLAN = IssuedKind.CONFIRMATION, IssuedKind.PLAN


def change(town: Town, **values: object) -> None:
    """Change the record of the document in the database, as somebody might who can reach it."""
    with town.workspace() as workspace, workspace.store.transaction():
        workspace.store.connection.execute(update(issued_table).values(**values))


FORGED = b"%PDF-1.7 forged"
FORGERIES: Mapping[str, Mapping[str, object]] = {
    "another file": {"content": FORGED, "sha256": hashlib.sha256(FORGED).hexdigest()},
    "the file alone": {"content": FORGED},
    "another issuer": {"issued_by": "The Board"},
    "another law": {"law": "1999-01-01"},
    "called purged": {"judgement": {"purged": "2026-01-01"}},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_record_that_was_changed_is_told_by_verify_and_by_the_night(settled: Town, name: str) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    change(settled, **FORGERIES[name])
    with desk(settled) as (workspace, issuer):
        stored = workspace.store.issued.get(made.issued.number)
        verdict = verify_code(workspace.store, stored.number, stored.code, issuer)

    assert not verdict.sound
    assert "ITS RECORD WAS CHANGED" in verdict.troubles[0]
    settled.night(days=1)
    assert len(settled.findings("issued-altered")) == 1


@pytest.mark.parametrize("withdrawn", [True, False], ids=["a withdrawal undone", "a withdrawal made up"])
def test_a_withdrawal_that_the_log_does_not_tell_is_found(settled: Town, *, withdrawn: bool) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    if withdrawn:
        withdraw(settled, made.issued)
        change(settled, withdrawn_at=None, withdrawn_by=None, withdrawn_because=None)
    else:
        change(settled, withdrawn_at=settled.now, withdrawn_by="x", withdrawn_because="y")
    settled.night(days=1)

    assert len(settled.findings("issued-altered")) == 1


def test_a_number_that_only_the_log_knows_is_told_and_is_not_given_again(settled: Town) -> None:
    file(settled, "D1")
    first = issue(settled, CONFIRMATION).issued
    with settled.workspace() as workspace, workspace.store.transaction():
        workspace.store.connection.execute(delete(issued_table))
    second = issue(settled, CONFIRMATION).issued
    settled.night(days=1)

    assert int(second.number[-4:]) == int(first.number[-4:]) + 1
    (found,) = settled.findings("issued-altered")
    assert "its record is gone" in found


def test_a_purged_document_is_known_by_its_bytes_and_another_file_is_not_called_edited(settled: Town) -> None:
    file(settled, "D1")
    made = issue(settled, CONFIRMATION)
    change(settled, content=b"", judgement={"purged": "2032-01-01"})
    with desk(settled) as (workspace, issuer):
        exact = verify_file(workspace.store, made.content, issuer)
        signed = verify_file(workspace.store, made.content + b"% " + made.issued.number.encode(), issuer)

    assert exact.issued is not None
    assert "byte for byte" in exact.how
    assert signed.issued is None
    assert "edited," not in signed.how


def doubts(town: Town) -> dict[str, str]:
    with desk(town) as (workspace, issuer):
        return doubtful(workspace.store, issuer)


def test_a_confirmation_that_was_true_on_its_day_may_be_handed_on_and_another_may_not(settled: Town) -> None:
    file(settled, "D1", ["80201"])
    only = [assignment_line(i) for i in NAMES if i != "80202"]
    settled.write("roster.xlsx", roster(assignments=only))
    settled.night(days=1)
    made = issue(settled, CONFIRMATION).issued
    joined = {**assignment_line("80202"), "Starts": date(2026, 11, 26)}
    settled.write("roster.xlsx", roster(assignments=[*only, joined]))
    settled.night(days=2)
    outgrown = doubts(settled)
    unfile(settled, "D1")

    assert outgrown == {}
    assert len(settled.findings("confirmation-outgrown")) == 1
    assert settled.findings("confirmation-contradicted") == []
    assert "not true by what is known now" in doubts(settled)[made.number]
    assert not any(name in doubts(settled)[made.number] for name in NAMES["80201"])
