"""worklist and outbox: what a person decides, and what is refused."""

import re

import pytest

from tests.cli.small_district import GUARD, District

BY = ("--by", "A. Roe, HR")
DONE = ("--day", "2026-10-05")
"""The claim of the small district names no day."""


def claim(district: District) -> str:
    (claim_id,) = district.ids("worklist", "waived")
    return claim_id


def held(district: District, partner: str) -> str:
    (delivery_id,) = district.ids("outbox list", partner)
    return delivery_id


def topic_one(district: District) -> dict[str, object]:
    answer = district.json("gaps", "HERON", "--format", "json")
    found: dict[str, object] = answer["partners"][0]["people"][0]["requirements"][0]
    return found


def test_the_worklist_says_what_to_do_about_each(morning: District) -> None:
    said = morning.run("worklist").stdout

    for heading in (
        "Claims: only a person decides them (1)",
        "those of most people first (1)",
        "Rows and cells (1)",
        "Deliveries (2)",
    ):
        assert heading in said


def test_an_accepted_claim_counts_and_leaves_the_worklist(morning: District) -> None:
    claim_id = claim(morning)
    said = morning.run("worklist", "accept", claim_id, *DONE, "--reason", "letter no. 88", *BY)

    assert said.exit_code == 0
    assert said.stdout.startswith(f"{claim_id} accepted by A. Roe, HR. It counts")
    assert claim_id not in morning.run("worklist").stdout
    assert topic_one(morning)["met_by"] == "waived"
    assert morning.run("nightly").exit_code in (0, 1)
    assert claim_id not in morning.run("worklist").stdout


def test_a_claim_without_a_day_counts_on_the_day_that_the_person_names(morning: District) -> None:
    """It counted on the day of the decision: in time or late by when HR came to decide it."""
    claim_id = claim(morning)
    assert f"accept {claim_id}" in (waiting := morning.run("worklist").stdout)
    assert "--day YYYY-MM-DD" in " ".join(waiting.split())
    refused = morning.run("worklist", "accept", claim_id, "--reason", "letter no. 88", *BY)
    assert (refused.exit_code, "the source gives no day" in refused.stderr, "--day" in refused.stderr) == (
        2,
        True,
        True,
    )
    assert claim_id in morning.run("worklist").stdout
    accepted = morning.run("worklist", "accept", claim_id, *DONE, "--reason", "letter no. 88", *BY)
    assert "as done on 5 Oct 2026" in accepted.stdout
    assert topic_one(morning)["on"] == "2026-10-05"
    entry = morning.json("log", "show", "--kind", "claim", "--format", "json")[-1]
    assert "2026-10-05" in entry["after"]


@pytest.mark.parametrize(
    ("day", "why"),
    [("2031-10-05", "in the future"), ("1926-10-05", "long before"), ("10/5/2026", "not a day")],
)
def test_a_day_that_can_t_be_is_refused(morning: District, day: str, why: str) -> None:
    refused = morning.run("worklist", "accept", claim(morning), "--day", day, "--reason", "letter no. 88", *BY)
    assert (refused.exit_code, why in refused.stderr, "--day" in refused.stderr) == (2, True, True)


def test_four_signs_that_no_other_id_begins_with_are_enough(morning: District) -> None:
    short = claim(morning)[:4]
    said = morning.run("worklist", "accept", short, *DONE, "--reason", "letter no. 88", *BY)
    assert said.stdout.startswith(f"{short} accepted by A. Roe, HR.")
    assert morning.run("worklist", "accept", short[:3], "--reason", "too few", *BY).exit_code == 2


def test_a_refused_claim_leaves_the_worklist_and_does_not_count(morning: District) -> None:
    claim_id = claim(morning)
    said = morning.run("worklist", "refuse", claim_id, "--reason", "the ESD knows nothing of it", *BY)

    assert said.stdout == f"{claim_id} refused by A. Roe, HR. It does not count.\n"
    assert claim_id not in morning.run("worklist").stdout
    assert topic_one(morning)["met_by"] is None


def test_a_decision_can_be_changed(morning: District) -> None:
    claim_id = claim(morning)
    morning.run("worklist", "accept", claim_id, *DONE, "--reason", "letter", *BY)
    changed = morning.run("worklist", "refuse", claim_id, "--reason", "the letter was another's", *BY)

    assert changed.exit_code == 0
    assert topic_one(morning)["met_by"] is None


def test_who_decides_is_taken_from_the_environment(morning: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SYNC_USER", "B. Poe, HR")

    assert "by B. Poe, HR" in morning.run("worklist", "accept", claim(morning), *DONE, "--reason", "letter").stdout


def test_what_is_no_claim_or_not_there_is_refused_with_the_remedy(morning: District) -> None:
    (course,) = morning.ids("worklist", "course First Aid")
    no_claim = morning.run("worklist", "accept", course, "--reason", "why", *BY)
    unknown = morning.run("worklist", "accept", "0", "--reason", "why", *BY)
    near = morning.run("worklist", "accept", claim(morning)[:-1] + "x", "--reason", "why", *BY)

    assert [one.exit_code for one in (no_claim, unknown, near)] == [2, 2, 2]
    assert re.search(rf"{course}[0-9a-f]{{8}} is no claim", no_claim.stderr)
    assert "0 is not on the worklist" in unknown.stderr
    assert claim(morning) not in near.stderr


@pytest.mark.parametrize("reason", [(), ("--reason", "  ")])
def test_a_decision_without_a_reason_is_refused(morning: District, reason: tuple[str, ...]) -> None:
    refused = morning.run("worklist", "accept", claim(morning), *reason)

    assert refused.exit_code == 2
    assert "--reason" in refused.stderr
    assert topic_one(morning)["met_by"] is None


def test_a_new_district_has_nothing_to_decide(evening: District) -> None:
    assert evening.run("worklist").stdout == "Nothing waits for anybody.\n"
    assert evening.run("outbox", "list").stdout == "Nothing waits in the outbox.\n"
    assert evening.run("outbox", "send").stdout == "Nothing was due.\n"


def test_a_held_delivery_has_no_message_yet(morning: District) -> None:
    shown = morning.run("outbox", "show", held(morning, "HERON"))

    assert "boss@heron.example.com" in shown.stdout
    assert "one is built when it is released" in shown.stdout


def test_a_released_delivery_is_built_and_sent_and_can_be_read(morning: District) -> None:
    delivery_id = held(morning, "HERON")
    released = morning.run("outbox", "release", delivery_id, "--reason", "checked", *BY)

    assert released.exit_code == 0
    assert f"{delivery_id} for HERON: sent" in released.stdout
    shown = morning.run("outbox", "show", delivery_id).stdout
    assert "Subject: " in shown
    assert GUARD[1] in shown
    files = sorted((morning.folder / "outbox").glob(f"*{delivery_id}.eml"))
    assert len(files) == 1
    assert held(morning, "QPD") != delivery_id


def test_everything_held_is_released_at_once(morning: District) -> None:
    released = morning.run("outbox", "release", "--all", "--reason", "checked", *BY)

    assert released.exit_code == 0
    assert morning.run("outbox", "list").stdout == "Nothing waits in the outbox.\n"
    assert morning.run("outbox", "list", "--all").stdout.count("sent") == 3
    assert morning.run("nightly").exit_code == 0


def test_a_relay_that_is_not_there_is_exit_3_and_the_delivery_can_be_held_again(morning: District) -> None:
    # Port 1 of the machine itself answers nobody.
    relay = 'carrier = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\nport = 1\nsecurity = "plain"\n'
    path = morning.folder / "lms_sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + relay, encoding="utf-8")
    delivery_id = held(morning, "QPD")
    released = morning.run("outbox", "release", delivery_id, "--reason", "checked", *BY)

    assert released.exit_code == 3
    assert "127.0.0.1" in released.stderr
    assert "queued" in morning.run("outbox", "list").stdout
    assert morning.run("nightly").exit_code == 3
    again = morning.run("outbox", "hold", delivery_id, "--reason", "wait for the relay", *BY)
    assert again.exit_code == 0
    assert f"{delivery_id} held: held by A. Roe, HR: wait for the relay" in again.stdout


def test_what_cannot_be_done_with_a_delivery_is_said(morning: District) -> None:
    delivery_id = held(morning, "QPD")
    commands = {
        ("outbox", "show", "D1"): "there is no delivery D1",
        ("outbox", "release", "D1", "--reason", "x"): "there is no delivery D1",
        ("outbox", "release", "--reason", "x"): "name the deliveries, or --all",
        ("outbox", "release", delivery_id, "--all", "--reason", "x"): "name the deliveries, or --all",
        ("outbox", "release", delivery_id): "Missing option '--reason'",
        ("outbox", "release", delivery_id, "--reason", " "): "needs a name and a reason",
        ("outbox", "hold", "--reason", "x"): "name at least one delivery",
        ("outbox", "hold", delivery_id, "--reason", ""): "needs a name and a reason",
        ("outbox", "retry", delivery_id, "--reason", "x"): f"{delivery_id} is held, not failed or unknown",
    }
    for words, said in commands.items():
        refused = morning.run(*words)
        assert refused.exit_code == 2, words
        assert said in refused.stderr, words
    assert held(morning, "QPD") == delivery_id
