"""The course map in a browser: ticking topics, what it would change before it counts, a conflict, an upload."""

import io
import os
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.small_district import COURSES, GUARD, District
from tests.web.visitor import Visitor, text

MAP = Path("mappings/courses.xlsx")


def handle(visitor: Visitor) -> str:
    (found,) = re.findall(r'name="decide" value="([^"]+)"', visitor.page("/courses"))
    return str(found)


def looked_at(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(aside|seen)" value="([^"]+)"', html))


def decide(visitor: Visitor, *topics: str) -> dict[str, str]:
    """Tick topics for the course that waits, and return what the page with the impact carries on."""
    which = handle(visitor)
    answer = visitor.post("/courses/decide", decide=which, **{f"topic-{which}": list(topics)})
    assert answer.status_code == 200, text(answer)
    return {**looked_at(answer.text), "page": text(answer)}


def edited(folder: Path, cell: str, value: str) -> bytes:
    book = load_workbook(folder / MAP)
    book["Courses"][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_a_decision_would_change_is_shown_before_it_counts(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    before = (district.folder / MAP).read_bytes()
    seen = decide(visitor, "2", "3")

    assert "added vendor: First Aid: topic 2, topic 3" in seen["page"]
    assert "1 person gains something" in seen["page"]
    assert "Brook, Ben" in seen["page"]
    assert (district.folder / MAP).read_bytes() == before
    assert "First Aid" in text(visitor.get("/courses"))


def test_a_decision_is_taken_over_whole_with_a_version_kept(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    os.chmod(district.folder / MAP, 0o640)
    before = (district.folder / MAP).read_bytes()
    seen = decide(visitor, "2")
    page = visitor.does("/courses/save", aside=seen["aside"], seen=seen["seen"], reason="the syllabus says so")

    assert "is in force: 1 changes" in page
    assert "Every course that people completed is decided" in page
    (kept,) = (district.folder / "mappings" / "versions").iterdir()
    assert kept.read_bytes() == before
    assert (district.folder / MAP).stat().st_mode & 0o777 == 0o640
    assert "First Aid" in text(visitor.get(f"/people/{GUARD[0]}"))
    last = district.json("log", "show", "--kind", "map", "--format", "json")[-1]
    assert (last["by"], last["why"]) == ("A. Roe", "the syllabus says so")

    night = district.run("nightly")
    assert night.exit_code in (0, 1)
    assert district.json("log", "show", "--kind", "map", "--format", "json")[-1] == last


def test_a_course_that_teaches_none_leaves_the_worklist(own: tuple[Visitor, District]) -> None:
    visitor, _ = own
    seen = decide(visitor)

    assert "It changes nobody's training" in seen["page"]
    page = visitor.does("/courses/save", aside=seen["aside"], seen=seen["seen"], reason="first aid is none of them")
    assert "Every course that people completed is decided" in page


def test_a_file_that_changed_meanwhile_is_a_conflict_shown_side_by_side(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    seen = decide(visitor, "2")
    theirs = edited(district.folder, "D5", "Changed in Excel")
    (district.folder / MAP).write_bytes(theirs)
    answer = visitor.post("/courses/save", aside=seen["aside"], seen=seen["seen"], reason="x")

    page = text(answer)
    assert "was changed meanwhile" in page
    assert "Changed in Excel" in page
    assert "added vendor: First Aid: topic 2" in page
    assert (district.folder / MAP).read_bytes() == theirs
    assert "was changed and is not in use yet" in text(visitor.get("/courses"))


def test_an_edited_workbook_that_is_uploaded_does_the_same_and_keeps_its_form(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    book = load_workbook(io.BytesIO(visitor.get("/courses.xlsx").data))
    sheet = book["Courses"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Source")
    (topic_2,) = [cell.coordinate.rstrip("0123456789") for cell in header if str(cell.value) == "2"]
    (row,) = [cell.row for cell in sheet["B"] if cell.value == COURSES[0]]
    sheet[f"{topic_2}{row}"] = "x"
    book.create_sheet("My notes")["A1"] = "kept"
    out = io.BytesIO()
    book.save(out)
    answer = visitor.post("/courses/upload", file=(io.BytesIO(out.getvalue()), "courses.xlsx"))
    assert f"changed *: {COURSES[0]}: topic 2 added" in text(answer)

    visitor.does("/courses/save", **looked_at(answer.text), reason="the syllabus")
    assert (district.folder / MAP).read_bytes() == out.getvalue()


def test_what_is_not_kept_of_a_person_s_own_additions_is_told_before(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    book = load_workbook(district.folder / MAP)
    book.create_sheet("My notes")
    out = io.BytesIO()
    book.save(out)
    (district.folder / MAP).write_bytes(out.getvalue())

    assert "Not kept: the sheet My notes." in decide(visitor, "2")["page"]


def test_a_row_of_the_map_is_changed_on_its_own_page(own: tuple[Visitor, District]) -> None:
    visitor, _ = own
    page = visitor.page("/courses/row-0")
    assert COURSES[0] in page or "On-the-job day" in page
    answer = visitor.post("/courses/decide", decide="row-0", **{"topic-row-0": ["4"], "note-row-0": "seen"})

    assert answer.status_code == 200
    assert "changed *:" in text(answer)


@pytest.mark.slow
def test_the_days_of_a_row_are_changed_and_its_other_periods_stay(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    book = load_workbook(district.folder / MAP)
    sheet = book["Courses"]
    headings = {
        str(cell.value): cell.column or 0 for cell in next(r for r in sheet.iter_rows() if r[0].value == "Source")
    }
    (row,) = [cell.row for cell in sheet["B"] if cell.value == COURSES[0]]
    periods = ("Past ESD", row, None, date(2026, 6, 30)), ("New ESD", 30, date(2026, 7, 1), None)
    for provider, number, first, last in periods:
        for heading in ("Source", "Course", "1", "Decided by", "Decided on"):
            sheet.cell(number, headings[heading]).value = sheet.cell(row, headings[heading]).value
        for heading, value in (("Provider", provider), ("Counts from", first), ("Counts until", last)):
            sheet.cell(number, headings[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    answer = visitor.post("/courses/upload", file=(io.BytesIO(out.getvalue()), "courses.xlsx"))
    visitor.does("/courses/save", **looked_at(answer.text), reason="two providers")

    first, second = re.findall(r'href="/courses/(row-\d+)">Topic course 1<', visitor.page("/courses"))
    listed = text(visitor.get("/courses"))
    assert ("done until 30 Jun 2026" in listed, "done from 1 Jul 2026 on" in listed) == (True, True)
    assert 'value="2026-07-01"' in visitor.page(f"/courses/{second}")
    asked = {f"topic-{first}": ["1"], f"from-{first}": "2026-01-01", f"until-{first}": "2026-06-30"}
    answer = visitor.post("/courses/decide", decide=first, **asked)
    assert answer.status_code == 200, text(answer)
    visitor.does("/courses/save", **looked_at(answer.text), reason="from January on")

    (place,) = (column for name, column in headings.items() if name == "Provider")
    rows = [r for r in load_workbook(district.folder / MAP)["Courses"].iter_rows() if r[1].value == COURSES[0]]
    found = {r[place - 1].value: r[headings["Counts from"] - 1].value for r in rows}
    assert {provider: day and f"{day:%Y-%m-%d}" for provider, day in found.items()} == {
        "Past ESD": "2026-01-01",
        "New ESD": "2026-07-01",
    }


def test_every_row_of_the_map_is_reached(shared: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(path: str) -> list[tuple[str, str]]:
        return re.findall(r'href="/courses/(row-\d+)">([^<]+)<', shared.page(path))

    everything = rows("/courses")
    assert rows("/courses?q=Topic+course+12") == [("row-5", "Topic course 12")]
    assert dict(everything)["row-5"] == "Topic course 12"
    monkeypatch.setattr("lms_sync.web.courses.MOST_ROWS", 10)
    assert rows("/courses") == everything[:10]
    assert rows("/courses?from=10") == everything[10:]


@pytest.mark.parametrize("handle", ["row-99", "row-²", "row--1", f"row-{'9' * 5_000}", "ffffffff"])
def test_a_row_that_is_not_there_is_a_page_that_is_not_there(shared: Visitor, handle: str) -> None:
    assert shared.get(f"/courses/{handle}").status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("/courses/decide", {}, "no course was chosen"),
        ("/courses/decide", {"decide": "HANDLE", "days-HANDLE": "two"}, "not a whole number"),
        ("/courses/decide", {"decide": "HANDLE", "days-HANDLE": "2"}, "could not take effect"),
        ("/courses/decide", {"decide": "HANDLE", "score-HANDLE": "good"}, "not a score"),
        ("/courses/decide", {"decide": "HANDLE", "score-HANDLE": "NaN"}, "not a score"),
        ("/courses/decide", {"decide": "HANDLE", "score-HANDLE": "1e999999"}, "not a score"),
        ("/courses/decide", {"decide": "HANDLE", "days-HANDLE": "9" * 5_000}, "not a whole number"),
        ("/courses/decide", {"decide": "row-0", "map": "an earlier one"}, "another one since you opened the form"),
        ("/courses/decide", {"decide": "HANDLE", "from-HANDLE": "soon"}, "not a day"),
        ("/courses/upload", {"file": (io.BytesIO(b"no workbook"), "courses.xlsx")}, "courses.xlsx"),
        ("/courses/save", {"aside": "../courses.xlsx", "seen": "x", "reason": "x"}, "no longer here"),
    ],
)
def test_a_map_that_can_t_be_used_is_refused(shared: Visitor, path: str, form: dict[str, object], words: str) -> None:
    which = handle(shared)
    form = {k.replace("HANDLE", which): which if v == "HANDLE" else v for k, v in form.items()}
    answer = shared.post(path, **form)

    assert answer.status_code == 422, text(answer)
    assert words in text(answer)


def test_a_workbook_that_is_open_in_excel_is_a_warning(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    (district.folder / "mappings" / "~$courses.xlsx").write_bytes(b"")

    assert "seems to be open in Excel" in text(visitor.get("/courses"))
