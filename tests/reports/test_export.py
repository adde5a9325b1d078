import csv
import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest

from lms_sync.compliance.gate import made_up
from lms_sync.operations.sample import sample_report
from lms_sync.reports.gaps_export import CSV_HEADINGS, gaps_csv, report_json


def test_json_has_the_documented_shape() -> None:
    data = json.loads(json.dumps(report_json([sample_report()])))
    assert list(data) == ["as_of", "known_at", "law", "mapping", "partners"]
    assert (data["as_of"], data["known_at"]) == ("2026-11-23", "2026-11-23T10:10:00+00:00")
    partner = data["partners"][0]
    assert list(partner) == ["id", "name", "agreement", "people"]
    assert partner["agreement"] == "A-2026-1"
    person = partner["people"][0]
    assert list(person) == ["id", "name", "class", "first_day", "state", "requirements"]
    assert (person["class"], person["first_day"], person["state"]) == ("SRO", "2026-02-28", "overdue")
    keys = ["id", "met_by", "have", "need", "on", "due", "late", "doubted", "credits", "claims", "signed_up", "notes"]
    assert all(list(requirement) == keys for requirement in person["requirements"])
    assert person["requirements"][0]["met_by"] is None
    credit = person["requirements"][1]["credits"][0]
    assert credit == {
        "source": "vector",
        "record": "topic-02|0",
        "origin": "sample_export.xlsx, Completions!A5",
    }


def test_json_says_null_for_what_is_not_known() -> None:
    person = report_json([sample_report()])["partners"][0]["people"][4]
    assert (person["class"], person["state"]) == (None, "undetermined")
    assert person["requirements"][0]["due"] is None


def test_json_of_no_report_and_of_the_districts_own() -> None:
    assert report_json([]) == {"as_of": None, "known_at": None, "law": None, "mapping": None, "partners": []}
    assert report_json([replace(sample_report(), agreements=())])["partners"][0]["agreement"] is None


def test_reports_of_different_days_do_not_share_one_answer() -> None:
    other = replace(sample_report(), as_of=date(2026, 11, 24))
    with pytest.raises(ValueError, match="different days"):
        report_json([sample_report(), other])


def test_csv_has_a_row_for_each_person_and_requirement() -> None:
    report = sample_report()
    rows = list(csv.DictReader(StringIO(gaps_csv([report]))))
    assert tuple(rows[0]) == CSV_HEADINGS
    assert len(rows) == sum(len(person.requirements) for person in report.people)
    assert [rows[0][key] for key in ("person_id", "requirement", "have", "need", "late")] == [
        "00101",
        "topic-01",
        "0",
        "1",
        "yes",
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1"])
def test_no_csv_cell_is_run_by_a_spreadsheet(name: str) -> None:
    report = sample_report()
    hostile = replace(report.people[0], name=made_up(name), person_id=made_up(name))
    rows = csv.reader(StringIO(gaps_csv([replace(report, people=(hostile,))]), newline=""))
    assert not [cell for row in rows for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
