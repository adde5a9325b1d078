"""A file's rows, and cells of a matrix: header, refusals, status words, record keys, skip rules, names, numbers."""

from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import ClaimReason, Completion, NotDone, Refused, Skipped
from lms_sync.model.finding import Area
from tests.sources.plain_files import HEAD, PLAIN, finding_of, matrix, pull, reading_of


def test_header_is_found_below_titles_whatever_case_and_blanks(tmp_path: Path) -> None:
    (item,) = pull(tmp_path, "Report of Acme,,\n,,\n iD ,\xa0course,DONE  on\n7,A,09/03/2025\n").items
    assert (str(item.origin), item.reading.record) == ("acme.csv, A4", "7\x1fa")  # type: ignore[union-attr]
    assert item.text == (("iD", "7"), ("course", "A"), ("DONE on", "09/03/2025"))
    assert item.identifying == {"iD"}


def test_missing_header_names_the_nearest_row_and_what_it_lacks(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "Title\nID,Course,Done at\n7,A,09/03/2025\n")
    assert (finding.area, finding.code, finding.found) == (
        Area.FILE,
        "header-missing",
        "row 2 lacks 1 of 3 headings",
    )
    assert "Done on" in finding.expected
    assert 'Did you mean "Done at"?' in finding.remedy


def test_a_missing_heading_is_never_guessed_to_be_one_that_plays_another_role(tmp_path: Path) -> None:
    columns = {"person_id": ["ID"], "course": ["Course done"], "completed_on": ["Course done on"]}
    finding = finding_of(tmp_path, "ID,Course done,Day\n7,A,09/03/2025\n", columns=columns)
    assert finding.code == "header-missing"
    assert "Did you mean" not in finding.remedy


def test_a_word_for_who_has_signed_up_is_no_completion_and_says_so(tmp_path: Path) -> None:
    words = {"done": ["Attended"], "signed_up": ["Registered", "Waitlist*"]}
    columns = {"person_id": ["ID"], "course": ["Course"], "completed_on": ["Done on"], "status": ["State"]}
    parts: dict[str, Any] = {"columns": columns, "status": words, "optional": []}
    rows = "7,A,09/03/2025,Registered\n8,A,,Waitlisted (3)\n9,A,09/03/2025,Attended\n"
    first, second, third = (
        item.reading for item in pull(tmp_path, "ID,Course,Done on,State\n" + rows, **parts).items
    )
    assert isinstance(first, NotDone)
    assert isinstance(second, NotDone)
    assert [one.sign_up and one.sign_up.course for one in (first, second)] == ["A", "A"]
    assert isinstance(third, Completion)


def test_header_beyond_the_first_rows_is_not_looked_for(tmp_path: Path) -> None:
    assert finding_of(tmp_path, "\n" * 4 + "x,\n" + HEAD, sheet={"header_within": 5}).code == "header-missing"


def test_two_columns_for_one_role_refuse_the_file(tmp_path: Path) -> None:
    finding = finding_of(tmp_path, "ID,Course,Done on,id\n7,A,09/03/2025,8\n")
    assert (finding.code, finding.found) == ("heading-twice", "both columns A and D tell person_id")


def test_refused_row_says_file_cell_value_expectation_and_remedy(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, HEAD + "7,A,31/02/2024\n")
    assert isinstance(reading, Refused)
    finding = reading.finding
    assert (finding.area, finding.where, finding.source) == (Area.ROW, "acme.csv, C2", "acme")
    assert '"31/02/2024"' in finding.found
    assert finding.expected == "a date cell, or text as month/day/year of four digits"
    assert finding.remedy


def test_one_bad_row_stops_no_other(tmp_path: Path) -> None:
    items = pull(tmp_path, HEAD + "7,A,soon\n8,A,09/03/2025\n,A,09/03/2025\n9,#REF!,09/03/2025\n").items
    assert [type(item.reading) for item in items] == [Refused, Completion, Refused, Refused]


@pytest.mark.parametrize(
    ("status", "day", "kind", "claim"),
    [
        ("Completed", "09/03/2025", Completion, None),
        (" COMPLETED ", "09/03/2025", Completion, None),
        ("Completed", "", Completion, ClaimReason.NO_DATE),
        ("Waived", "", Completion, ClaimReason.WAIVER),
        ("Waived", "09/03/2025", Completion, ClaimReason.WAIVER),
        ("Open", "", NotDone, None),
        ("Open", "09/03/2025", NotDone, None),
        ("Completed (did not achieve pass grade)", "09/03/2025", Refused, None),
        ("", "09/03/2025", Refused, None),
        ("Waived", "soon", Refused, None),
    ],
)
def test_status_words_mean_what_the_layout_says(
    tmp_path: Path, status: str, day: str, kind: type, claim: ClaimReason | None
) -> None:
    reading = reading_of(tmp_path, f"ID,Course,Done on,Status\n7,A,{day},{status}\n")
    assert type(reading) is kind
    assert getattr(reading, "claim", None) is claim


def test_record_key_does_not_change_with_day_status_case_or_blanks(tmp_path: Path) -> None:
    head = "ID,Course,Done on,Status\n"
    records = {
        reading_of(tmp_path, head + row).record
        for row in (
            "e7,Nu\u0301ñez  A,09/03/2025,Completed\n",
            " E7 ,NÚÑEZ A,10/03/2025,Completed\n",
            "e7,núñez a,,Open\n",
        )
    }
    assert records == {"e7\x1fnúñez a"}


def test_skip_rules_pass_rows_over_with_their_reason(tmp_path: Path) -> None:
    rules = [
        {"reason": "a total", "first": ["Total"], "blank": ["course"]},
        {"reason": "nobody", "blank": ["person_id"]},
    ]
    rows = "Total: 2,,\nTotally,,09/03/2025\nTotal,A,09/03/2025\n,A,\n"
    items = pull(tmp_path, HEAD + rows, skip=rules).items
    assert [item.reading.reason if isinstance(item.reading, Skipped) else None for item in items] == [
        "a total",
        None,
        None,
        "nobody",
    ]


def test_constants_fill_what_no_column_tells(tmp_path: Path) -> None:
    columns = {key: PLAIN["columns"][key] for key in ("person_id", "completed_on")}
    reading = reading_of(
        tmp_path, "ID,Done on\n7,09/03/2025\n", columns=columns, optional=[], constants={"course": "SSS-10"}
    )
    assert (reading.course, reading.record) == ("SSS-10", "7\x1fsss-10")


def test_numbers_for_ids_and_scores(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, "ID,Course,Done on,Score\n417.0,A,09/03/2025,85.5%\n")
    assert (reading.learner.person_id, str(reading.score)) == ("417", "85.5")
    assert reading_of(tmp_path, "ID,Course,Done on,Score\n417,A,09/03/2025,Pass\n").score is None


@pytest.mark.parametrize(
    ("name", "order", "first", "last"),
    [
        ("Núñez, Ana M.", "first last", "Ana M.", "Núñez"),
        ("Ana M. Núñez", "first last", "Ana M.", "Núñez"),
        ("Núñez", "last, first", "", "Núñez"),
        ("Cher", "first last", "", "Cher"),
    ],
)
def test_names_are_split_by_the_stated_order(tmp_path: Path, name: str, order: str, first: str, last: str) -> None:
    reading = reading_of(tmp_path, f'ID,Course,Done on,Name\n7,A,09/03/2025,"{name}"\n', name_order=order)
    assert (reading.learner.first_name, reading.learner.last_name) == (first, last)


def test_days_that_are_the_key_may_not_be_blank(tmp_path: Path) -> None:
    parts = {"key": ["person_id", "course", "completed_on"], "attempts": True}
    assert isinstance(reading_of(tmp_path, HEAD + "7,A,\n", **parts), Refused)
    assert reading_of(tmp_path, HEAD + "7,A,09/03/2025\n", **parts).record == "7\x1fa\x1f2025-09-03"


@pytest.mark.parametrize("nobody", ["N/A", "-", "0000", "none", "TBD", "?"])
@pytest.mark.parametrize("role", ["person_id", "email"])
def test_what_stands_for_no_id_is_nobodys_and_makes_no_two_people_one(tmp_path: Path, nobody: str, role: str) -> None:
    columns = {"course_title": ["Course"], "completed_on": ["Done on"], "name": ["Officer"], role: ["ID"]}
    row = f'ID,Course,Done on,Officer\n{nobody},A,09/03/2025,"Amari, Noor"\n'
    by_name = reading_of(tmp_path, row, columns=columns, key=["name", "course"])
    assert (by_name.learner.key, by_name.learner.person_id, by_name.learner.emails) == ("amari, noor", "", ())
    refused = reading_of(tmp_path, row, columns=columns, key=[role, "course"])
    assert isinstance(refused, Refused)
    assert (refused.finding.code, nobody in refused.finding.found) == ("no-key", True)


def test_matrix_cell_is_an_item_with_its_own_address(tmp_path: Path) -> None:
    items = matrix(tmp_path, "ID,Name,A,B,Notes\n7,Noor,09/03/2025,,fine\n8,Ona,,Completed 09/04/2025,\n")
    assert [(str(item.origin), {heading for heading, _ in item.text}) for item in items] == [
        ("acme.csv, C2", {"ID", "Name", "A"}),
        ("acme.csv, D3", {"ID", "Name", "B"}),
    ]
    readings = [item.reading for item in items]
    assert all(isinstance(one, Completion) for one in readings)
    assert [(one.record, str(one.day)) for one in readings if isinstance(one, Completion)] == [
        ("7\x1fa", "2025-09-03"),
        ("8\x1fb", "2025-09-04"),
    ]


def test_matrix_columns_may_be_units_of_one_course(tmp_path: Path) -> None:
    (item,) = matrix(tmp_path, "ID,Name,Topic 1\n7,Noor,09/03/2025\n", as_units_of="Series")
    assert isinstance(item.reading, Completion)
    assert (item.reading.course, item.reading.unit) == ("Series", "Topic 1")
