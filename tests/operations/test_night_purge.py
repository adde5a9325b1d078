"""Whatever happened, a purge leaves what must be replayed as it was, and of whoever goes not a name in the file."""

import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from lms_sync.documents.vault import open_vault
from lms_sync.model.agreement import Hold
from lms_sync.model.author import Author
from lms_sync.model.issued import Issued
from lms_sync.operations.intake import take_in
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.retention.cutoff import beginning
from lms_sync.operations.retention.decide import add_hold, lift_hold, planned_purge
from lms_sync.operations.retention.plan import PurgePlan
from lms_sync.operations.retention.record import purged_before, purges
from lms_sync.store.audit import broken
from lms_sync.store.purge import Purging
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import NAMES
from tests.operations.night_town import Town
from tests.operations.old_town import (
    PDF,
    STEPS,
    bytes_of,
    file,
    judgement,
    purged,
    reports,
    staffed,
)

pytestmark = pytest.mark.slow  # whole nights by the dozen

LEAVER = "70102"
SLOW = pytest.mark.slow


@pytest.fixture
def town(settled: Town) -> Town:
    """Return a town after its first night: every partner has its first report."""
    return settled


def lived(town: Town, steps: Sequence[str], *, apart: int = 100) -> list[datetime]:
    """Take the steps, a night after each, and return when each night was over."""
    nights = []
    for name in steps:
        town.later(minutes=7)
        STEPS[name](town)
        town.night(days=apart)
        nights.append(town.clock())
    return nights


def check_a_purge(town: Town, nights: Sequence[datetime], cutoff: date) -> PurgePlan:
    """Purge, and hold it against all that it promises."""
    with town.workspace() as workspace:
        first = beginning(cutoff, workspace.zone)
        instants = [first, *(at for at in nights if at >= first)]
        before = {at: reports(workspace, at) for at in instants}
        plan = purged(workspace, cutoff)
        assert {at: reports(workspace, at) for at in instants} == before
        assert broken(workspace.store.audit.entries()) == ()
        for one in workspace.store.issued.listed():
            check_issued(workspace, one, cutoff)
        again = planned_purge(workspace, cutoff)
        assert again.empty, f"a second purge of the same day has nothing to do: {again.removed}"
    content = bytes_of(town)
    for person_id in plan.people:
        for name in NAMES[person_id]:
            assert name.lower().encode() not in content, name
    return plan


def check_issued(workspace: Workspace, one: Issued, cutoff: date) -> None:
    if one.purged:
        assert (workspace.store.issued.content(one.number), one.sha256, one.code) == (b"", "0" * 64, "code")
        assert one.issued_at < beginning(cutoff, workspace.zone)
        return
    assert workspace.store.issued.content(one.number) == PDF
    assert judgement(workspace, one.agreement_id, as_of=one.as_of, known_at=one.known_at) == one.judgement


@pytest.mark.proof
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=9),
    into=st.integers(20, 1200),
    apart=st.sampled_from([30, 100, 250]),
)
def test_a_purge_keeps_its_promises_whatever_came_before(
    settled: Town, steps: list[str], into: int, apart: int
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(settled.folder, Path(folder, "town"))
        town = Town(Path(folder, "town"), settled.now)
        nights = lived(town, steps, apart=apart)
        town.later(days=30)
        check_a_purge(town, nights, (settled.now + timedelta(days=min(into, apart * len(steps)))).date())


def test_who_left_goes_with_all_evidence_and_who_is_here_keeps_the_oldest_credit(town: Town) -> None:
    nights = lived(town, ["a waiver", "a claim accepted", "a document", "one leaves", "another map"])
    nights.append(later_night(town, days=2000))
    plan = check_a_purge(town, nights, date(2030, 1, 1))

    assert plan.people == (LEAVER,)
    assert {"fact", "completion", "item", "learner", "decision", "delivery", "report"} <= plan.removed.keys()
    assert len({row.content["learner"] for row in plan.removed["completion"]}) == 1
    assert "topic-01" not in town.open_topics("70101"), "credits never expire"
    assert len(plan.files) == 1
    with town.workspace() as workspace:
        assert not list(open_vault(*workspace.config.kept_files).folder.iterdir())


def later_night(town: Town, *, days: float) -> datetime:
    town.night(days=days)
    return town.clock()


def test_a_document_that_stays_keeps_whom_it_names_and_is_rebuilt_equal(town: Town) -> None:
    lived(town, ["a document", "a plan issued"], apart=3)
    nights = lived(town, ["one leaves", "another map", "a corrected day"], apart=60)
    plan = check_a_purge(town, [*nights, later_night(town, days=300)], date(2027, 8, 1))

    assert plan.people == ()
    assert plan.emptied == ()
    assert "people who left: a report or document that is kept names them" in plan.kept
    assert "history: an issued document that is kept rests on it" in plan.kept


def test_a_document_of_an_agreement_that_ended_is_emptied_and_still_recognised(town: Town) -> None:
    nights = [*lived(town, ["a plan issued"]), later_night(town, days=400)]
    plan = check_a_purge(town, nights, date(2027, 12, 1))

    assert [row.key for row in plan.emptied] == [("C-1",)]
    with town.workspace() as workspace:
        (kept,) = workspace.store.issued.of_content(["0" * 64])
    assert (kept.number, kept.purged, kept.judgement) == ("C-1", True, {"purged": "2028-04-06"})


def test_somebody_who_has_another_person_id_stays_under_both(town: Town) -> None:
    nights = lived(town, ["one leaves", "a merge"])
    plan = check_a_purge(town, [*nights, later_night(town, days=2500)], date(2031, 1, 1))

    assert plan.people == ()
    assert "people who left: another Person ID of theirs stays" in plan.kept


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


def test_a_purge_is_recorded_logged_and_told_of_times_before_it_only(town: Town) -> None:
    lived(town, ["a document", "one leaves"])
    later_night(town, days=2500)
    with town.workspace() as workspace:
        plan = purged(workspace, date(2031, 1, 1))
        (done,) = purges(workspace.store)
        last = workspace.store.audit.entries()[-1]
        told = [
            purged_before(workspace.store, at) for at in (None, plan.cutoff_at, plan.cutoff_at - timedelta(seconds=1))
        ]
    assert (done.cutoff, done.by, done.reason) == (date(2031, 1, 1), "A. Roe", "records schedule")
    assert done.counts["completion"] == len(plan.removed["completion"])
    assert (last.kind, last.payload["after"]["before"]) == ("purge", "2031-01-01")
    assert told == [None, None, done]


@pytest.mark.parametrize("settled_then", [True, pytest.param(False, marks=SLOW)])
def test_who_left_stays_while_a_finding_asks_whether_somebody_here_is_the_same_person(
    town: Town, *, settled_then: bool
) -> None:
    lived(town, ["one leaves"])
    staffed("70101", "80201", "80202", "90301", Last_name="Rookhurst", First_name="Benita")(town)
    town.night(days=7)
    assert town.findings("person-replaced")
    nights = lived(town, ["one leaves"] if settled_then else [], apart=7)
    plan = check_a_purge(town, [*nights, later_night(town, days=2500)], date(2031, 1, 1))
    assert plan.people == ((LEAVER,) if settled_then else ())
    assert (b"benedetta" in bytes_of(town)) is not settled_then
    reason = "people who left: a finding that names them waits, or was settled since"
    assert (reason in plan.kept) is not settled_then


def test_a_purge_leaves_the_tables_and_their_indexes_as_they_were(town: Town) -> None:
    lived(town, ["one leaves"])
    later_night(town, days=2500)
    with town.workspace() as workspace:
        before = inspect(workspace.store.connection).get_multi_indexes()
        assert not purged(workspace, date(2031, 1, 1)).empty
        assert inspect(workspace.store.connection).get_multi_indexes() == before


def test_a_document_of_somebody_who_is_here_stays_with_its_file(town: Town) -> None:
    town.later(minutes=7)
    file("70101", LEAVER, number="D2")(town)
    nights = lived(town, ["one leaves"])
    plan = check_a_purge(town, [*nights, later_night(town, days=2500)], date(2031, 1, 1))
    assert (plan.people, plan.files) == ((LEAVER,), ())


def test_whoever_comes_back_before_the_cutoff_or_after_it_was_never_gone(town: Town) -> None:
    nights = lived(town, ["one leaves", "another map", "all are here"], apart=300)
    plan = check_a_purge(town, nights, date(2028, 1, 1))
    assert plan.people == ()


def pull_anew(town: Town) -> None:
    with town.workspace() as workspace:
        intake = take_in(workspace, now=workspace.clock())
        pull_sources(workspace, intake, accept_drop={}, anew=True)


def test_whoever_comes_back_after_a_purge_has_the_old_credits_when_all_is_read_anew(town: Town) -> None:
    had = town.open_topics(LEAVER)
    nights = lived(town, ["one leaves"])
    check_a_purge(town, [*nights, later_night(town, days=2500)], date(2031, 1, 1))
    STEPS["all are here"](town)
    town.night(days=1)
    without = town.open_topics(LEAVER)
    pull_anew(town)

    assert set(had) < set(without)
    assert town.open_topics(LEAVER) == had
