"""worklist keep, end and undo, as they are typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import Result

from lms_sync.compliance.decide_doubts import ENDED_BY_HR
from tests.cli.small_district import CLAIMED, COURSES, DONE, OFFICER, District, district
from tests.cli.small_district import run as typed
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, assignment_line, done, person_line, roster, sheet
from tests.operations.night_town import Town, found_town

BY = ("--by", "A. Roe, HR")


def say_no(morning: District) -> None:
    """Let the vendor no longer call the officer's first topic done, overnight."""
    morning.export((*OFFICER, COURSES[0], "", "In Progress"), *DONE[1:], CLAIMED)
    assert morning.run("nightly").exit_code == 1


@pytest.fixture
def doubting(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "ws", nights=1, prepare=say_no) as one:
        yield one


def doubt(here: District) -> str:
    return here.whole_id("source vendor, “Topic course 1”")


def decide(here: District, verb: str, finding_id: str, reason: str = "the sign-in sheet shows her") -> Result:
    return here.run("worklist", verb, finding_id, "--reason", reason, *BY)


def topic_one(here: District) -> dict[str, object]:
    (partner,) = here.json("gaps", "QPD", "--format", "json")["partners"]
    return {name: partner["people"][0]["requirements"][0][name] for name in ("met_by", "doubted")}


IN_DOUBT = {"met_by": "credits", "doubted": "2026-11-23"}
SOUND = {"met_by": "credits", "doubted": None}
OPEN = {"met_by": None, "doubted": None}


def test_the_worklist_says_what_is_in_doubt_and_both_commands(doubting: District) -> None:
    said = " ".join(doubting.run("worklist").stdout.split())
    finding_id = doubt(doubting)
    assert "Completions in doubt: keep or end (1)" in said
    assert f"lms-sync worklist keep {finding_id}" in said
    assert f"lms-sync worklist end {finding_id}" in said
    assert topic_one(doubting) == IN_DOUBT


def test_keep_counts_leaves_the_worklist_and_is_taken_back(doubting: District) -> None:
    finding_id = doubt(doubting)
    kept = decide(doubting, "keep", finding_id)
    assert (kept.exit_code, kept.stdout) == (
        0,
        f"{finding_id} {COURSES[0]}: 1 completion kept. It counts until the source says done and then no again.\n",
    )
    assert (topic_one(doubting), finding_id in doubting.run("worklist").stdout) == (SOUND, False)
    doubting.run("nightly")
    assert (topic_one(doubting), finding_id in doubting.run("worklist").stdout) == (SOUND, False)
    undone = decide(doubting, "undo", finding_id, "the sheet was another class's")
    assert (undone.exit_code, undone.stdout) == (0, f"{finding_id} {COURSES[0]}: 1 completion in doubt again.\n")
    assert (topic_one(doubting), doubt(doubting)) == (IN_DOUBT, finding_id)


def test_end_counts_no_longer_and_is_taken_back(doubting: District) -> None:
    finding_id = doubt(doubting)
    ended = decide(doubting, "end", finding_id, "nobody was in that class")
    assert (ended.exit_code, ended.stdout) == (
        0,
        f"{finding_id} {COURSES[0]}: 1 completion ended. What was wrong no longer counts.\n",
    )
    assert topic_one(doubting) == OPEN
    doubting.run("nightly")
    assert topic_one(doubting) == OPEN
    assert decide(doubting, "undo", finding_id).exit_code == 0
    assert topic_one(doubting) == IN_DOUBT


@pytest.mark.parametrize("verb", ["keep", "end"])
def test_what_is_decided_is_not_decided_twice(doubting: District, verb: str) -> None:
    finding_id = doubt(doubting)
    decide(doubting, "end", finding_id)
    again = decide(doubting, verb, finding_id)
    assert again.exit_code == 2
    assert f"{finding_id} is decided already: end" in again.stderr
    assert f"lms-sync worklist undo {finding_id}" in again.stderr


def test_what_is_not_decided_is_not_taken_back(doubting: District) -> None:
    refused = decide(doubting, "undo", doubt(doubting))
    assert (refused.exit_code, "is not decided" in refused.stderr) == (2, True)


@pytest.mark.parametrize("verb", ["keep", "end", "undo"])
def test_an_unknown_id_is_refused_and_nothing_near_it_is_named(doubting: District, verb: str) -> None:
    short = doubting.ids("worklist", "source vendor, “Topic course 1”")[0]
    near = decide(doubting, verb, short[:-1] + "x")
    assert near.exit_code == 2
    assert "nothing that is in doubt has the id" in near.stderr
    assert short not in near.stderr


@pytest.mark.parametrize("verb", ["keep", "end", "undo"])
def test_a_finding_of_another_kind_is_refused_with_its_own_remedy(doubting: District, verb: str) -> None:
    claim_id = doubting.whole_id("waived")
    refused = decide(doubting, verb, claim_id)
    assert refused.exit_code == 2
    assert f"{claim_id} is no completion in doubt" in refused.stderr
    assert f"lms-sync worklist accept {claim_id}" in refused.stderr


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_a_doubt_is_no_claim(doubting: District, verb: str) -> None:
    refused = decide(doubting, verb, doubt(doubting))
    assert refused.exit_code == 2
    assert f"lms-sync worklist keep {doubt(doubting)}" in refused.stderr


@pytest.mark.parametrize("verb", ["keep", "end"])
def test_a_decision_needs_a_reason(doubting: District, verb: str) -> None:
    refused = decide(doubting, verb, doubt(doubting), "  ")
    assert (refused.exit_code, "--reason" in refused.stderr) == (2, True)
    assert topic_one(doubting) == IN_DOUBT


def test_without_doubts_it_says_that_nothing_is_in_doubt(morning: District) -> None:
    refused = decide(morning, "keep", "0a1b2c3d")
    assert (refused.exit_code, "No completion is in doubt." in refused.stderr) == (2, True)


@pytest.fixture
def reset_town(tmp_path: Path) -> Town:
    """Return a town whose course "Everything" was reset overnight; five people had completed it."""
    town = found_town(tmp_path / "town")
    lines = {"people": list(map(person_line, NAMES)), "assignments": list(map(assignment_line, NAMES))}
    town.write("roster.xlsx", roster(**lines))
    rows = [*(done(person_id, "Everything", "10/05/2026") for person_id in NAMES), *CLASS_ROWS[1:7]]
    town.write(CLASS, sheet(rows))
    town.night()
    undone = [(*row[:5], "", "Not Started") if row[4] == "Everything" else row for row in rows]
    town.write(CLASS, sheet(undone))
    town.night(days=1)
    return town


def test_a_course_that_was_reset_is_decided_as_one(reset_town: Town) -> None:
    with time_machine.travel(reset_town.now), reset_town.workspace() as workspace:
        waiting = [open_finding.finding for open_finding in workspace.store.findings.open()]
    (found,) = [finding for finding in waiting if finding.code == "completion-doubted"]
    assert found.found.startswith("Everything looks reset: 5 people who had completed it no longer have")
    with time_machine.travel(reset_town.now):
        for verb, end in (("keep", "kept. They count until"), ("undo", "in doubt again."), ("end", "ended.")):
            said = typed("-w", str(reset_town.folder), "worklist", verb, found.id, "--reason", "looked", *BY)
            assert f"{found.id} Everything: 5 completions {end}" in said.stdout
        gaps = typed("-w", str(reset_town.folder), "gaps")
        assert "complete" not in gaps.stdout
    with reset_town.workspace() as workspace:
        ended = workspace.store.evidence.ended_because(ENDED_BY_HR)
    assert len(ended) == 5
