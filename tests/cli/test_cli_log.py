"""log show and verify: what was decided, and whether the record is whole."""

import csv
import json
import sqlite3
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.small_district import District, district


def sql(one: District, statement: str) -> None:
    with sqlite3.connect(one.folder / "state/lms_sync.db") as connection:
        connection.execute(statement)
    connection.close()


def test_the_roster_s_and_the_map_s_decisions_are_logged_once_and_claims_after_them(morning: District) -> None:
    first = morning.json("log", "show", "--format", "json")
    assert [one["what"] for one in first] == ["class", "class", "assignment", "assignment", "map"]
    assert (first[0]["by"], first[0]["after"]) == ("A. Roe, HR", "class: SRO; by: A. Roe, HR; on: 2026-08-20")
    morning.run("nightly")
    claim = morning.whole_id("waived")
    morning.run("worklist", "refuse", claim, "--reason", "=no letter", "--by", "Kim")
    told = morning.json("log", "show", "--format", "json", "--kind", "claim")
    assert [(one["about"], one["by"], one["why"]) for one in told] == [(claim, "Kim", "=no letter")]
    rows = list(csv.reader(StringIO(morning.run("log", "show", "--format", "csv", "--about", claim).stdout)))
    assert rows[1][5] == "'=no letter", "no spreadsheet runs it"


def test_a_whole_log_is_said_to_be_whole_and_its_head_stands_in_the_mail(morning: District) -> None:
    verified = morning.run("log", "verify")
    head = verified.stdout.rpartition(" ")[2].strip()
    assert (verified.exit_code, verified.stdout.startswith("5 entries, complete.")) == (0, True)
    mails = [path.read_text(encoding="utf-8") for path in (morning.folder / "outbox").glob("*.eml")]
    assert any(head in mail.replace("=\n", "") for mail in mails)
    assert morning.run("log", "verify", "--head", head).exit_code == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM audit WHERE number = 2", "entry 2 is missing"),
        ("UPDATE audit SET payload = json_set(payload, '$.by', 'Eve') WHERE number = 3", "the text of entry 3"),
        ("UPDATE audit SET kind = 'claim' WHERE number = 4", "entry 4 was changed"),
    ],
)
def test_what_somebody_changed_in_the_database_is_found_also_by_the_night(
    morning: District, statement: str, said: str
) -> None:
    sql(morning, statement)
    verified = morning.run("log", "verify")
    assert (verified.exit_code, said in verified.stdout) == (1, True)
    morning.run("nightly")
    assert said in morning.run("worklist").stdout


def test_a_log_that_was_cut_off_shows_against_a_summary(morning: District) -> None:
    head = morning.run("log", "verify").stdout.rpartition(" ")[2].strip()
    sql(morning, "DELETE FROM audit WHERE number = 5")
    assert morning.run("log", "verify").exit_code == 0
    verified = morning.run("log", "verify", "--head", head)
    assert (verified.exit_code, "the log was cut off" in verified.stdout) == (1, True)


@pytest.mark.parametrize(
    "args",
    [
        ("verify", "--head", "x"),
        ("verify", "--head", "²:0123456789"),
        ("show", "--since", "x"),
        ("show", "-o", "x.csv"),
    ],
)
def test_wrong_words_are_said(morning: District, args: tuple[str, ...]) -> None:
    assert morning.run("log", *args).exit_code == 2


def test_a_dry_run_logs_nothing(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        one.run("nightly", "-n")
        assert json.loads(one.run("log", "show", "--format", "json").stdout) == []
