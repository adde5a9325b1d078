"""A purge of a town's years: whom it takes, what stays, what is told of it."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms_sync.documents.vault import open_vault
from lms_sync.operations.intake import take_in
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.retention.record import purged_before, purges
from tests.operations.night_town import Town
from tests.operations.old_town import STEPS, bytes_of, file, purged, staffed
from tests.operations.purged_town import LEAVER, SLOW, check_a_purge, later_night, lived

pytestmark = pytest.mark.slow  # whole nights by the dozen


@pytest.fixture
def town(settled: Town) -> Town:
    """Return a town after its first night: every partner has its first report."""
    return settled


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
        (kept,) = workspace.store.issued.listed()
    assert (kept.number, kept.sha256, kept.purged) == ("C-1", "0" * 64, True)
    assert kept.judgement == {"purged": "2028-04-06"}


def test_somebody_who_has_another_person_id_stays_under_both(town: Town) -> None:
    nights = lived(town, ["one leaves", "a merge"])
    plan = check_a_purge(town, [*nights, later_night(town, days=2500)], date(2031, 1, 1))

    assert plan.people == ()
    assert "people who left: another Person ID of theirs stays" in plan.kept


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
        query = "SELECT name, sql FROM sqlite_master ORDER BY name"
        before = workspace.store.connection.exec_driver_sql(query).all()
        assert not purged(workspace, date(2031, 1, 1)).empty
        assert workspace.store.connection.exec_driver_sql(query).all() == before


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
