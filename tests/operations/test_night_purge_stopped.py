"""What stops a purge: holds, and a crash in the middle of it."""

from datetime import date
from pathlib import Path

import pytest

from lms_sync.documents.vault import open_vault
from lms_sync.model.agreement import Hold
from lms_sync.model.author import Author
from lms_sync.operations.retention.decide import add_hold, lift_hold, planned_purge
from lms_sync.operations.retention.record import purges
from lms_sync.store.purge import Purging
from lms_sync.store.workspace import Workspace
from tests.operations.night_town import Town
from tests.operations.old_town import bytes_of, purged
from tests.operations.purged_town import LEAVER, SLOW, check_a_purge, later_night, lived

pytestmark = pytest.mark.slow  # whole nights by the dozen


@pytest.fixture
def town(settled: Town) -> Town:
    """Return a town after its first night: every partner has its first report."""
    return settled


def held(town: Town, subject: str) -> Hold:
    with town.workspace() as workspace:
        return add_hold(workspace, word_of(workspace), subject=subject)


def word_of(workspace: Workspace) -> Author:
    return Author("A. Roe", "grievance 26-118", workspace.clock())


@pytest.mark.parametrize("subject", [LEAVER, pytest.param("quarry-26", marks=SLOW)])
def test_a_hold_keeps_a_person_by_name_or_by_agreement_until_it_is_lifted(town: Town, subject: str) -> None:
    nights = [*lived(town, ["a document", "one leaves"]), later_night(town, days=2500)]
    held(town, subject)
    plan = check_a_purge(town, nights, date(2031, 1, 1))
    assert plan.people == ()
    assert "people who left: a hold covers them" in plan.kept
    assert b"rookhurst" in bytes_of(town)

    with town.workspace() as workspace:
        lift_hold(workspace, word_of(workspace), subject=subject)
    assert check_a_purge(town, nights, date(2031, 1, 1)).people == (LEAVER,)


def test_a_hold_on_everything_leaves_nothing_to_do(town: Town) -> None:
    lived(town, ["a document", "one leaves"])
    held(town, "everything")
    town.later(days=2500)
    with town.workspace() as workspace:
        plan = planned_purge(workspace, date(2031, 1, 1))
    assert plan.empty
    assert list(plan.kept) == ["everything: a hold covers it all"]


@pytest.mark.parametrize(
    "step", ["remove", pytest.param("tombstone", marks=SLOW), pytest.param("empty_issued", marks=SLOW)]
)
def test_a_crash_in_the_middle_changes_nothing(town: Town, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(town, ["a document", "a plan issued", "one leaves"])
    later_night(town, days=2500)
    before = town.rows()

    def crash(*_: object) -> None:
        raise RuntimeError("the power went")

    real = Purging.remove
    monkeypatch.setattr(
        Purging,
        step,
        crash
        if step != "remove"
        else lambda self, name, keys: crash() if name == "report" else real(self, name, keys),
    )
    with pytest.raises(RuntimeError, match="power"), town.workspace() as workspace:
        purged(workspace, date(2031, 1, 1))
    monkeypatch.undo()
    assert town.rows() == before
    with town.workspace() as workspace:
        assert len(list(open_vault(*workspace.config.kept_files).folder.iterdir())) == 1
        assert purges(workspace.store) == ()


def test_files_that_a_stopped_purge_left_behind_go_with_the_next(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(town, ["a document", "one leaves"])
    later_night(town, days=2500)

    def crash(self: Path, **_: object) -> None:
        raise OSError(f"{self.name} cannot be deleted")

    with town.workspace() as workspace, monkeypatch.context() as disk:
        disk.setattr(Path, "unlink", crash)
        with pytest.raises(OSError, match="cannot be deleted"):
            purged(workspace, date(2031, 1, 1))
    assert b"rookhurst" not in bytes_of(town), "what is removed is overwritten at once"
    with town.workspace() as workspace:
        plan = purged(workspace, date(2031, 1, 1))
        assert (len(plan.files), plan.removed) == (1, {})
        assert not list(open_vault(*workspace.config.kept_files).folder.iterdir())
