"""gaps and report: each format, and the words that are wrong."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from lms_sync.tables.read import read_sheets
from tests.cli.small_district import District

KEYS = {
    "answer": ["as_of", "known_at", "law", "mapping", "partners"],
    "partner": ["id", "name", "agreement", "people"],
    "person": ["id", "name", "class", "first_day", "state", "requirements"],
    "requirement": [
        "id",
        "met_by",
        "have",
        "need",
        "on",
        "due",
        "late",
        "doubted",
        "credits",
        "claims",
        "signed_up",
        "notes",
    ],
    "credit": ["source", "record", "origin"],
}
"""DESIGN.md, Commands: the shape of `gaps --format json`."""
TOPICS = [f"topic-{number:02}" for number in range(1, 14)]


def test_the_table_names_everybody_and_counts_the_states(morning: District) -> None:
    gaps = morning.run("gaps")

    assert gaps.exit_code == 0
    assert "Marsh, Ada" in gaps.stdout
    assert "Heron Guards (HERON), as of 23 Nov 2026" in gaps.stdout
    assert gaps.stdout.endswith("2 on plan\n")


def test_json_has_exactly_the_shape_that_was_promised(morning: District) -> None:
    answer = morning.json("gaps", "--format", "json")
    police = next(one for one in answer["partners"] if one["id"] == "QPD")
    (person,) = police["people"]
    met = person["requirements"][0]

    assert list(answer) == KEYS["answer"]
    assert list(police) == KEYS["partner"]
    assert list(person) == KEYS["person"]
    assert list(met) == KEYS["requirement"]
    assert list(met["credits"][0]) == KEYS["credit"]
    assert (answer["as_of"], police["agreement"], person["state"]) == ("2026-11-23", "QPD-26", "on plan")
    assert (met["met_by"], met["have"], met["need"], met["on"]) == ("credits", 1, 1, "2026-09-15")
    assert (met["credits"][0]["source"], "export.csv" in met["credits"][0]["origin"]) == ("vendor", True)
    assert [one["id"] for one in person["requirements"]] == [*TOPICS, "on-the-job"]
    guard = next(one for one in answer["partners"] if one["id"] == "HERON")["people"][0]
    assert [one["id"] for one in guard["requirements"]] == [*TOPICS, "on-the-job", "check-in"]


def test_json_of_one_partner_names_no_other(morning: District) -> None:
    said = morning.run("gaps", "QPD", "--format", "json").stdout

    assert json.loads(said)["partners"][0]["id"] == "QPD"
    assert "Brook" not in said


def test_csv_has_a_row_per_person_and_requirement(morning: District) -> None:
    rows = list(csv.DictReader(StringIO(morning.run("gaps", "--format", "csv").stdout)))

    assert len(rows) == 14 + 15
    assert {row["person_id"] for row in rows} == {"00101", "00201"}


def test_xlsx_goes_into_the_file_that_is_named(morning: District, tmp_path: Path) -> None:
    file = tmp_path / "gaps.xlsx"
    said = morning.run("gaps", "--format", "xlsx", "-o", str(file))

    assert said.stdout == f"Wrote {file}\n"
    people, partners, buildings = read_sheets(file)
    assert [sheet.name for sheet in (people, partners, buildings)] == ["People", "By partner", "By building"]
    rows = [row.cells for row in people.rows]
    header = next(number for number, row in enumerate(rows) if row[0] == "Person ID")
    assert len(rows[header]) == 8 + 15
    assert [row[0] for row in rows[header + 1 :]] == ["00201", "00101"]
    assert file.stat().st_mode & 0o777 == 0o640


def test_the_same_csv_goes_into_a_file(morning: District, tmp_path: Path) -> None:
    shown = morning.run("gaps", "--format", "csv").stdout
    morning.run("gaps", "--format", "csv", "-o", str(tmp_path / "gaps.csv"))

    assert (tmp_path / "gaps.csv").read_text(encoding="utf-8").splitlines() == shown.splitlines()


def test_another_day_is_judged_as_of_that_day(morning: District) -> None:
    late = morning.json("gaps", "QPD", "--as-of", "2027-06-30", "--format", "json")

    assert late["as_of"] == "2027-06-30"
    assert late["partners"][0]["people"][0]["state"] == "overdue"


def test_what_was_known_before_the_first_night_is_nothing(morning: District) -> None:
    gaps = morning.run("gaps", "--known-at", "2026-11-22T06:00")

    assert gaps.exit_code == 2
    assert "nothing was recorded yet on 22 Nov 2026, 06:00" in gaps.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("QDP",), 'Did you mean "QPD"? On the roster: HERON, QPD.'),
        (("--as-of", "yesterday"), "Write it like 2026-11-23."),
        (("--known-at", "noon"), "Write it like 2026-11-23T06:00."),
        (("--format", "xlsx"), "Name it with -o FILE.xlsx."),
        (("-o", "x.txt"), "For a file: --format csv, json or xlsx."),
        (("--format", "pdf"), "'table', 'json', 'csv', 'xlsx'"),
        (("--format", "csv", "-o", "/no/such/folder/x.csv"), "/no/such/folder/x.csv: No such file or directory"),
    ],
)
def test_wrong_words_are_exit_2_with_the_remedy(morning: District, words: tuple[str, ...], said: str) -> None:
    refused = morning.run("gaps", *words)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert refused.stdout == ""


def test_gaps_before_the_first_night_says_what_to_do(evening: District) -> None:
    gaps = evening.run("gaps")

    assert gaps.exit_code == 2
    assert "lms-sync nightly" in gaps.stderr


def test_report_writes_what_the_partner_would_receive_and_sends_nothing(morning: District, tmp_path: Path) -> None:
    before = morning.run("outbox", "list", "--all").stdout
    report = morning.run("report", "QPD", "-o", str(tmp_path / "preview"))

    assert report.exit_code == 0
    names = {path.name for path in (tmp_path / "preview").iterdir()}
    assert names >= {"e-mail.html", "e-mail.txt", "training-gaps-QPD-2026-11-23.xlsx"}
    assert {f"Wrote {tmp_path / 'preview' / name}" for name in names} == set(report.stdout.splitlines())
    assert "Marsh, Ada" in (tmp_path / "preview" / "e-mail.txt").read_text(encoding="utf-8")
    assert "Brook" not in (tmp_path / "preview" / "e-mail.html").read_text(encoding="utf-8")
    assert morning.run("outbox", "list", "--all").stdout == before


def test_report_of_an_unknown_partner_writes_nothing(morning: District, tmp_path: Path) -> None:
    refused = morning.run("report", "HERRON", "-o", str(tmp_path / "preview"))

    assert refused.exit_code == 2
    assert 'Did you mean "HERON"?' in refused.stderr
    assert not (tmp_path / "preview").exists()
