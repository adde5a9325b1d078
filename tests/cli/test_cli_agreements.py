"""agreements list, show, adopt: a year closed by a reviewer."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

from tests.cli.checklist_files import HERON, PDF, WHOLE, YES, checklist, fill, issue, logged, point, read, whole
from tests.cli.small_district import District, district


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[District]:
    """Yield the district when everything about Heron's agreement is recorded but its adoption."""
    with district(tmp_path / "ws", nights=1, prepare=whole) as prepared:
        yield prepared


def test_the_list_says_what_is_overdue_and_how_much_is_missing(morning: District) -> None:
    text = morning.run("agreements", "list").stdout
    told = morning.json("agreements", "list", "--format", "json")["agreements"]

    assert text.count("1 Sep 2026, overdue") == 2
    assert [(one["id"], one["people"], len(one["missing"]), one["overdue"]) for one in told] == [
        ("HERON-26", 1, 11, True),
        ("QPD-26", 1, 11, True),
    ]


def test_what_ended_more_than_a_year_ago_is_listed_on_demand_only(morning: District) -> None:
    with time_machine.travel(datetime(2028, 8, 31, 12)):
        assert len(morning.json("agreements", "list", "--format", "json")["agreements"]) == 2
    with time_machine.travel(datetime(2028, 9, 1, 18)):
        some = morning.run("agreements", "list").stdout
        every = morning.run("agreements", "list", "--all").stdout

    assert "HERON-26" not in some
    assert "2 ended more than a year ago; --all shows them." in some
    assert "HERON-26" in every


def test_a_year_is_closed_by_a_checklist_a_document_and_an_adoption(morning: District) -> None:
    path = fill(checklist(morning), {**WHOLE, "A1": {**YES, "Note": "section 4"}})
    (morning.folder / "minutes.pdf").write_bytes(PDF)

    first = read(morning, path, "--by", "B. Coe")
    refused = morning.run("agreements", "adopt", HERON, "--on", "2026-11-19")
    issue(morning)
    adopted = morning.run(
        *("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "item 7", "--by", "B. Coe"),
        *("--file", str(morning.folder / "minutes.pdf")),
    )
    text = morning.run("agreements", "show", HERON).stdout

    assert first.stdout.splitlines() == [
        "Recorded: A1, A2, A3, A4, A5, B1, B2, parents, students, community",
        "HERON-26 still lacks C: lms-sync agreements show HERON-26",
    ]
    assert refused.exit_code == 2
    assert "C, Training confirmation or training plan: no training confirmation and no training" in refused.stderr
    assert (adopted.exit_code, adopted.stdout.splitlines()[0]) == (0, "HERON-26 was adopted on 19 Nov 2026.")
    assert "Nothing is missing for adoption." in text
    assert "Adopted on 19 Nov 2026; recorded by B. Coe on 23 Nov 2026" in text
    assert "Attachment: minutes.pdf" in text
    assert "00201  Brook, Ben: " in text
    assert "✓ Training plan TP-2026-0001 as of 20 Nov 2026, issued by A. Roe; the one in force" in text
    assert len(logged(morning)) == 11
    assert morning.run("log", "verify").exit_code == 0


def test_what_counted_at_a_time_can_be_shown_later(morning: District) -> None:
    read(morning, fill(checklist(morning), {"A1": YES}))

    assert point(morning, "A1")["done"] is True
    assert point(morning, "A1", "--known-at", "2026-11-23T08:00") is None


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("--on", "2026-11-24"), "a day in the future"),
        (("--on", "2024-11-19"), "before this review's period"),
        (("--on", "2026-11-02"), "parents, Parents involved: on 3 Nov 2026, after the adoption"),
        (("--on", "soon"), "not a day"),
        ((), "either --on DAY, or --undo"),
        (("--on", "2026-11-19", "--undo", "--reason", "x"), "either --on DAY, or --undo"),
        (("--undo",), "--undo needs a reason"),
        (("--undo", "--reason", "a mistake"), "no adoption is recorded"),
        (("--on", "2026-11-19", "--reason", "x"), "--reason is for --undo only"),
        (("--on", "2026-11-19", "--file", "gone.pdf"), "gone.pdf"),
    ],
)
def test_an_adoption_that_cannot_be_is_refused(reviewed: District, args: tuple[str, ...], found: str) -> None:
    refused = reviewed.run("agreements", "adopt", HERON, *args)

    assert refused.exit_code == 2
    assert found in refused.stderr
    assert "→" in refused.stderr
    assert len(logged(reviewed)) == 10


def test_adopting_names_everything_that_is_missing(morning: District) -> None:
    refused = morning.run("agreements", "adopt", HERON, "--on", "2026-11-19")

    assert refused.exit_code == 2
    assert "  • A1, A2, A3, A4, A5, B1, B2: nothing is recorded. Find it" in refused.stderr
    assert "  • C, Training confirmation or training plan: " in refused.stderr
    assert "  • parents, students, community: nothing is recorded." in refused.stderr


def test_an_adoption_is_recorded_once_and_taken_back_with_a_reason(reviewed: District) -> None:
    adopt = ("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "recorded late")
    reviewed.run(*adopt)
    again = reviewed.run(*adopt)
    other = reviewed.run("agreements", "adopt", HERON, "--on", "2026-11-20", "--note", "recorded late")
    undone = reviewed.run(
        "agreements", "adopt", HERON, "--undo", "--reason", "the vote was put off", "--by", "B. Coe"
    )

    assert "recorded before; nothing was changed" in again.stdout
    assert other.exit_code == 2
    assert "was adopted on 19 Nov 2026" in other.stderr
    assert undone.exit_code == 0
    assert reviewed.json("agreements", "show", HERON, "--format", "json")["adoption"] is None
    assert (logged(reviewed)[-1]["by"], logged(reviewed)[-1]["why"]) == ("B. Coe", "the vote was put off")


def test_the_night_tells_hr_what_is_overdue_until_it_is_adopted(morning: District) -> None:
    before = morning.run("worklist").stdout
    whole(morning)
    morning.run("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "recorded late")
    with time_machine.travel(datetime(2026, 11, 24, 18)):
        morning.run("nightly")
        after = morning.run("worklist").stdout

    late = "review and adoption were due on 1 Sep 2026"
    assert (before.count(late), after.count(late)) == (2, 1)


def test_a_vote_on_what_came_after_it_needs_a_note_that_says_why(reviewed: District) -> None:
    refused = reviewed.run("agreements", "adopt", HERON, "--on", "2026-11-19")

    assert refused.exit_code == 2
    assert re.search(r"C: TP-2026-0001 was issued on 2\d Nov 2026", refused.stderr)
    assert "--note" in refused.stderr
    assert reviewed.run("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "late").exit_code == 0


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("show", "heron-026"), 'Did you mean "HERON-26"?'),
        (("show", "HERON-25"), "HERON-25: the roster has no such agreement\n  → The roster's sheet"),
        (("review", "nobody", "-o", "x.xlsx"), "the roster has no such agreement"),
        (("review", HERON), "neither -o nor --read"),
        (("review", HERON, "-o", "x.xlsx", "--attachments", "y"), "--attachments without --read"),
        (("show", HERON, "--known-at", "2020-01-01T06:00"), "nothing was recorded yet on"),
        (("review", HERON, "-o", "no-such-folder/x.xlsx"), "no-such-folder/x.xlsx"),
    ],
)
def test_wrong_words_are_answered_with_a_remedy(morning: District, args: tuple[str, ...], found: str) -> None:
    wrong = morning.run("agreements", *args)

    assert wrong.exit_code == 2
    assert found in wrong.stderr
    assert "→" in wrong.stderr


def test_an_agreements_id_is_known_in_any_case(morning: District) -> None:
    assert morning.run("agreements", "show", "heron-26").exit_code == 0


def test_the_list_counts_points_done_and_says_what_is_next(morning: District) -> None:
    listed = morning.json("agreements", "list", "--format", "json")["agreements"][0]
    shown = morning.run("agreements", "list").stdout

    assert listed["points_done"] == listed["points"] - len(listed["missing"])
    assert listed["next"].startswith(f"{listed['missing'][0]['point']}, ")
    assert f"{listed['points_done']} of {listed['points']}" in shown
