"""People in a browser: search, the matrix, one record, and a document that is filed from there."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.cli.small_district import GUARD, OFFICER, District
from tests.web.visitor import Visitor, text

LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
FILED = {"kind": "verified", "esd": "ESD 900", "day": "2026-11-02", "number": "88", "component": ["classroom"]}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Brook, Ben", "Marsh, Ada"}),
        ("q=brook", {"Brook, Ben"}),
        ("q=ada+quarry", {"Marsh, Ada"}),
        ("q=00201", {"Brook, Ben"}),
        ("partner=QPD", {"Marsh, Ada"}),
        ("building=Pinehill+HS&q=ben", {"Brook, Ben"}),
        ("state=documented", set()),
        ("q=nobody", set()),
    ],
)
def test_people_are_found(shared: Visitor, query: str, names: set[str]) -> None:
    html = shared.page(f"/people?{query}")

    assert set(re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', html)) == names


def test_who_is_not_assigned_today_is_found_too(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    path = district.folder / "roster.xlsx"
    book = load_workbook(path)
    sheet = book["Assignments"]
    (ends,) = [cell.column_letter for row in sheet.iter_rows() for cell in row if cell.value == "Ends"]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == GUARD[0]]
    sheet[f"{ends}{row}"] = date(2026, 10, 31)
    book.save(path)
    assert district.run("nightly").exit_code in (0, 1)

    page = text(visitor.get("/people?q=brook"))
    assert "0 people" in page
    assert "On the roster, but not assigned today: Brook, Ben (00201)" in page
    assert "not assigned today" not in text(visitor.get("/people?q=ada"))
    assert "Brook" not in text(visitor.get("/people"))
    assert "Each requirement, and what counts for it" in text(visitor.get(f"/people/{GUARD[0]}"))


def test_the_matrix_tells_each_requirement_by_sign_word_and_class(shared: Visitor) -> None:
    html = shared.page("/people?q=ada")
    row = html[html.index("Marsh, Ada") :]

    assert row.count("<td") == 2 + 15
    assert 'class="met"><span aria-hidden="true">✓</span><span class="word">met</span>' in row
    assert 'class="open"><span aria-hidden="true">→</span><span class="word">open' in row


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Marsh, Ada", "Brook, Ben"}),
        ("partner=QPD", {"Marsh, Ada"}),
        ("q=brook", {"Brook, Ben"}),
        ("state=on+plan&building=Pinehill+HS&q=ada", {"Marsh, Ada"}),
    ],
)
def test_the_matrix_is_exported_as_the_workbook_of_whom_it_shows(
    shared: Visitor, query: str, names: set[str]
) -> None:
    (link,) = re.findall(r'href="(/people.xlsx[^"]*)"', shared.page(f"/people?{query}").replace("&amp;", "&"))
    answer = shared.get(link)

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=training-gaps-")
    book = load_workbook(io.BytesIO(answer.data))
    cells = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert cells & {"Marsh, Ada", "Brook, Ben"} == names


@pytest.mark.parametrize("query", ["q=nobody", "partner=NOPE", "state=documented"])
def test_a_filter_that_finds_nobody_has_no_workbook(shared: Visitor, query: str) -> None:
    """It was one as of the year 2000."""
    assert "/people.xlsx" not in shared.page(f"/people?{query}")
    assert (shared.get(f"/people.xlsx?{query}").status_code, shared.get("/people.xlsx").status_code) == (422, 200)


def test_a_record_shows_each_requirement_with_the_cell_that_counts(shared: Visitor) -> None:
    page = text(shared.get(f"/people/{OFFICER[0]}"))

    assert "15 Sep 2026: Topic course 1 export.csv, A2 · source vendor" in page
    assert "on-the-job" in page
    assert shared.get(f"/people/{OFFICER[0]}/record.pdf").data.startswith(b"%PDF")


def test_a_document_is_filed_looked_at_and_taken_back(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    path = f"/people/{GUARD[0]}/documents"
    page = visitor.does(path, **FILED, file=(io.BytesIO(LETTER), "../../letter.eml"))
    assert "is on file now" in page
    assert "verified by ESD 900 on 2 Nov 2026, no. 88: classroom · letter.eml" in page

    link = re.search(r'href="(/documents/D\w+)"', visitor.page(f"/people/{GUARD[0]}"))
    assert link
    answer = visitor.get(link[1])
    assert answer.data == LETTER
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Disposition"] == "attachment; filename=letter.eml"
    looks = (district.folder / "state" / "looks.jsonl").read_text(encoding="utf-8")
    assert '"who": "A. Roe"' in looks
    assert link[1].rpartition("/")[2] in looks

    assert "no longer counts" in visitor.does(f"{link[1]}/withdraw", reason="another's")
    assert visitor.get(link[1]).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"esd": "Pinehill School District"}, "is the district itself, and no ESD"),
        ({"day": "2026-12-24"}, "in the future"),
        ({"day": "yesterday"}, "not a day"),
        ({"component": []}, "“What it documents” as well What to do: Fill in what is missing."),
        ({"component": ["everything"]}, '"everything" is none of classroom, on-the-job, check-in, all'),
        ({"kind": "Waived"}, '"Waived" is none of verified, waived'),
        ({"day": "2016-11-02"}, "Correct the form; if it is right as it is, say why: in the field “Why”"),
        ({"file": (io.BytesIO(b"MZ\x90\x00" + b"\x00" * 200), "letter.pdf")}, "letter.pdf"),
        ({"file": ""}, "no file was chosen"),
    ],
)
def test_what_can_t_be_filed_leaves_nothing(shared: Visitor, changed: dict[str, object], words: str) -> None:
    form = {**FILED, "file": (io.BytesIO(LETTER), "letter.eml"), **changed}
    answer = shared.post(f"/people/{GUARD[0]}/documents", **form)

    assert answer.status_code == 422
    assert words in text(answer)
    assert "--" not in text(answer)
    assert "lms-sync" not in text(answer)
    assert not list(shared.client.application.extensions["district"].folder.glob("documents/*"))


@pytest.mark.parametrize(
    "path", ["/people/99999", "/people/99999/record.pdf", "/documents/D99999999", "/people/%2e%2e"]
)
def test_somebody_who_is_not_there_is_a_page_that_is_not_there(shared: Visitor, path: str) -> None:
    assert shared.get(path).status_code == 404
