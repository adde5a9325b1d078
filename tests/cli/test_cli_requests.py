"""documents request, requests, answered: as HR types them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.cli.small_district import COURSES, DONE, GUARD, OFFICER, District, district

LATER = datetime(2027, 1, 4, 17, tzinfo=UTC)
FINISHED = (*DONE, *((*OFFICER, course, "09/16/2026", "Completed") for course in COURSES[9:]))
GUARD_DONE = tuple((*GUARD, course, "09/17/2026", "Completed") for course in COURSES)
LETTER = "From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe waived this:"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "district", nights=0, prepare=_finished) as found:
        yield found


def _finished(district: District) -> None:
    """Let both have finished the classroom topics, and a night run."""
    district.export(*FINISHED, *GUARD_DONE)
    district.run("nightly")


def ask(here: District, *args: str) -> Any:
    return here.run("documents", "request", *args, "-o", str(here.folder / "to-send"), "--by", "A. Roe")


def requests(here: District, *args: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = here.json("documents", "requests", "--format", "json", *args)
    return told


def decisions(here: District) -> Sequence[dict[str, str]]:
    told: Sequence[dict[str, str]] = here.json("log", "show", "--kind", "request", "--format", "json")
    return told


def waiting(here: District, code: str) -> list[str]:
    return [line for line in here.run("worklist").stdout.splitlines() if code in line]


def test_a_request_is_recorded_logged_kept_and_written(here: District) -> None:
    done = ask(here, "00201", "--esd", "ESD 900", "--remind-after", "14")

    assert done.exit_code == 0, done.output
    assert "Check-in trainings: 0 of 6, not asked for" in done.stdout
    [one] = requests(here)
    assert (one["request_id"], one["person_id"], one["components"]) == ("Q-2026-0001", "00201", ["classroom"])
    assert (one["requested_on"], one["remind_on"], one["esd"]) == ("2026-11-23", "2026-12-07", "ESD 900")
    packet = (here.folder / "to-send" / "request-Q-2026-0001.pdf").read_bytes()
    assert hashlib.sha256(packet).hexdigest() == one["sha256"]
    assert (here.folder / "documents" / f"{one['sha256']}.pdf").read_bytes() == packet
    assert [(entry["about"], entry["by"]) for entry in decisions(here)] == [("00201", "A. Roe")]


def test_the_packet_of_one_person_names_nobody_else(here: District) -> None:
    ask(here, "00201", "00101", "--esd", "ESD 900")

    told = here.run("log", "show", "--kind", "request").stdout
    assert "Marsh" not in told
    assert {one["person_id"]: one["request_id"] for one in requests(here)} == {
        "00201": "Q-2026-0001",
        "00101": "Q-2026-0002",
    }


def test_the_esd_that_was_asked_last_is_asked_unless_another_is_named(here: District) -> None:
    assert "no ESD was ever asked here" in ask(here, "00201").stderr
    ask(here, "00201", "--esd", "ESD 900")
    ask(here, "00101")

    assert {one["esd"] for one in requests(here)} == {"ESD 900"}


def test_what_an_open_request_asks_for_is_not_asked_for_twice_unless_somebody_insists(here: District) -> None:
    ask(here, "00201", "--esd", "ESD 900")
    again = ask(here, "00201")

    assert again.exit_code == 2
    assert "Classroom training: asked for in Q-2026-0001" in again.stderr
    assert "--again" in again.stderr
    assert ask(here, "00201", "--again").exit_code == 0
    assert [one["request_id"] for one in requests(here)] == ["Q-2026-0001", "Q-2026-0002"]


def test_with_one_person_who_has_finished_nothing_nobody_is_asked_for(tmp_path: Path) -> None:
    with district(tmp_path / "district", nights=0) as here:
        here.export(*GUARD_DONE, *DONE)
        here.run("nightly")
        refused = ask(here, "00201", "00101", "--esd", "ESD 900")

        assert refused.exit_code == 2
        assert "00101: Classroom training: 9 of 13, not asked for; On-the-job training: 0 of 2" in refused.stderr
        assert requests(here) == []
        assert not (here.folder / "to-send").exists()
        assert decisions(here) == []


def test_a_folder_that_cannot_be_written_leaves_nothing_recorded(here: District) -> None:
    (here.folder / "to-send").write_text("a file of that name")

    assert ask(here, "00201", "--esd", "ESD 900").exit_code == 2
    assert requests(here) == []
    assert decisions(here) == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "name the people, or --all"),
        (("00201", "--all"), "name the people, or --all"),
        (("201", "--esd", "ESD 900"), 'Did you mean "00201"'),
    ],
)
def test_who_is_meant_has_to_be_plain(here: District, args: tuple[str, ...], message: str) -> None:
    refused = ask(here, *args)

    assert refused.exit_code == 2
    assert message in refused.stderr


def file_letter(here: District, component: str) -> None:
    """File a letter of ESD 900 that documents one component of the officer."""
    (here.folder / f"{component}.eml").write_text(f"{LETTER} {component}")
    done = here.run(
        *("documents", "add", str(here.folder / f"{component}.eml"), "--person", "00101", "--component", component),
        *("--kind", "waived", "--esd", "ESD 900", "--day", "2026-11-02", "--reason", "prior training, says the ESD"),
    )
    assert done.exit_code == 0, done.output


def test_whoever_is_complete_is_on_the_worklist_until_somebody_asks_for_all(here: District) -> None:
    assert "Everybody who is complete is documented or was asked for." in ask(here, "--all").stdout

    file_letter(here, "on-the-job")
    here.run("nightly")
    assert len(waiting(here, "Marsh, Ada has finished the classroom topics; no ESD was asked to document it")) == 1
    done = ask(here, "--all", "--esd", "ESD 900")
    assert "Q-2026-0001  00101: the classroom topics" in done.stdout
    assert "On-the-job training: waived by ESD 900 on 2 Nov 2026, not asked for again" in done.stdout
    here.run("nightly")
    assert waiting(here, "no ESD was asked") == []
    assert "Everybody who is complete is documented or was asked for." in ask(here, "--all").stdout


def test_a_document_that_is_filed_is_the_answer_by_itself(here: District) -> None:
    ask(here, "00101", "--esd", "ESD 900")
    file_letter(here, "classroom")

    assert requests(here) == []
    [one] = requests(here, "--all")
    assert (one["answered_on"], one["answer"].startswith("document ")) == ("2026-11-23", True)
    assert "✓ 23 Nov 2026: document" in here.run("documents", "requests", "--all").stdout
    assert "was answered on 23 Nov 2026" in here.run("documents", "answered", "Q-2026-0001", "--note", "x").stderr


def test_an_answer_is_recorded_and_can_be_taken_back(here: District) -> None:
    ask(here, "00201", "--esd", "ESD 900")
    done = here.run("documents", "answered", "q-2026-0001", "--note", "refused: no roster of the class")

    assert done.exit_code == 0, done.output
    assert requests(here) == []
    assert requests(here, "--all")[0]["answer"] == "refused: no roster of the class"
    assert here.run("documents", "answered", "Q-2026-0001", "--note", "again").exit_code == 2

    undone = here.run("documents", "answered", "Q-2026-0001", "--undo", "--reason", "it was Q-2026-0002")
    assert undone.exit_code == 0, undone.output
    assert [one["request_id"] for one in requests(here)] == ["Q-2026-0001"]
    assert [entry["why"] for entry in decisions(here)][1:] == [
        "refused: no roster of the class",
        "it was Q-2026-0002",
    ]
    assert here.run("documents", "answered", "Q-2026-0001", "--undo", "--reason", "again").exit_code == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("Q-2026-0001",), "an answer needs a note"),
        (("Q-2026-0001", "--note", "x", "--reason", "y"), "an answer needs a note"),
        (("Q-2026-0001", "--undo"), "--undo takes a reason"),
        (("Q-2026-0001", "--undo", "--note", "x", "--reason", "y"), "--undo takes a reason"),
        (("Q-2026-1", "--note", "x"), 'Did you mean "Q-2026-0001"'),
        (("Q-2026-0002", "--note", "x"), "there is no such request\n  → `lms-sync"),
        (("Q-2026-0001", "--undo", "--reason", "x"), "no answer was recorded"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(here: District, args: tuple[str, ...], message: str) -> None:
    ask(here, "00201", "--esd", "ESD 900")
    refused = here.run("documents", "answered", *args)

    assert refused.exit_code == 2
    assert message in refused.stderr


def test_a_request_without_an_answer_is_on_the_worklist_when_its_day_has_come(here: District) -> None:
    ask(here, "00201", "--esd", "ESD 900")
    here.run("nightly")
    assert waiting(here, "request Q-2026-0001") == []

    with time_machine.travel(LATER):
        here.run("nightly")
        [line] = waiting(here, "request Q-2026-0001")
        assert "Brook, Ben (00201): ESD 900 was asked on 23 Nov 2026 to document the classroom topics" in line
        assert "! none; call the ESD (since 23 Dec 2026)" in here.run("documents", "requests").stdout
        here.run("documents", "answered", "Q-2026-0001", "--note", "they send it next week")
        here.run("nightly")
        assert waiting(here, "request Q-2026-0001") == []


def test_numbers_are_of_their_year_and_never_given_twice(here: District) -> None:
    ask(here, "00201", "--esd", "ESD 900")
    with time_machine.travel(LATER):
        ask(here, "00201", "--again")
        told = requests(here)

    assert sorted(one["request_id"] for one in told) == ["Q-2026-0001", "Q-2027-0001"]


def test_the_tables_say_so_when_nothing_waits(here: District) -> None:
    assert here.run("documents", "requests").stdout.strip() == "No request waits for an answer."
    assert here.run("documents", "requests", "--all").stdout.strip() == "No request was made yet."
    assert json.loads(here.run("documents", "requests", "--format", "json").stdout) == []


def test_the_list_names_people_beside_their_ids(here: District) -> None:
    ask(here, "00201", "--esd", "ESD 900", "--remind-after", "14")

    assert f"{GUARD[1]}, {GUARD[2]} ({GUARD[0]})" in here.run("documents", "requests").stdout
