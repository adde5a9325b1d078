"""The roster and vendors' sheets in a browser: looked at before they count, then taken over."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lms_sync.operations.take_over import roster
from lms_sync.operations.take_over.roster import NewRoster
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from tests.cli.small_district import COURSES, GUARD, OFFICER, District, export
from tests.web.visitor import Visitor, text


def edited(folder: Path, sheet: str, changes: dict[tuple[str, str], str | None]) -> bytes:
    """Return the roster with cells changed: (a row's first cell, heading) → value."""
    book = load_workbook(folder / "roster.xlsx")
    page = book[sheet]
    header = next(row for row in page.iter_rows() if str(row[0].value).endswith(" ID"))
    columns = {str(cell.value): cell.coordinate.rstrip("0123456789") for cell in header}
    for (first, heading), value in changes.items():
        (row,) = [cell.row for cell in page["A"] if cell.value == first]
        page[f"{columns[heading]}{row}"] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(visitor: Visitor, content: bytes) -> tuple[str, dict[str, str]]:
    answer = visitor.post("/roster/upload", file=(io.BytesIO(content), "roster.xlsx"))
    return text(answer), dict(re.findall(r'name="(aside|seen)" value="([^"]+)"', answer.text))


def test_a_roster_is_looked_at_and_then_taken_over(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    new = edited(district.folder, "People", {(GUARD[0], "First day with students"): None})
    page, seen = sent(visitor, new)
    assert "0 new people, 0 leave, 1 row changes, 1 state changes" in page
    assert "Brook, Ben (00201): on plan → undetermined" in page
    assert "First day with students is blank (00201, Brook, Ben)" in page

    before = (district.folder / "roster.xlsx").read_bytes()
    assert "The roster is in force: 2 people" in visitor.does("/roster/save", **seen, reason="as agreed with payroll")
    assert (district.folder / "roster.xlsx").read_bytes() == new
    (kept,) = (district.folder / "versions").iterdir()
    assert kept.read_bytes() == before
    assert "Undetermined" in visitor.page(f"/people/{GUARD[0]}")
    last = district.json("log", "show", "--kind", "roster", "--format", "json")[-1]
    assert (last["by"], last["why"]) == ("A. Roe", "as agreed with payroll")


def test_a_roster_with_an_error_says_which_cell_and_can_t_be_taken_over(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    page, seen = sent(visitor, edited(district.folder, "People", {(OFFICER[0], "Class"): "officer"}))

    assert "must be corrected" in page
    assert "People!" in page
    assert seen == {}


def test_a_roster_that_changed_meanwhile_is_never_written_over(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    _, seen = sent(visitor, edited(district.folder, "People", {(GUARD[0], "Preferred name"): "Benny"}))
    theirs = edited(district.folder, "People", {(GUARD[0], "Preferred name"): "Benno"})
    (district.folder / "roster.xlsx").write_bytes(theirs)
    answer = visitor.post("/roster/save", **seen, reason="x")

    assert answer.status_code == 422
    assert "was changed since you opened it; nothing was written" in text(answer)
    assert (district.folder / "roster.xlsx").read_bytes() == theirs


def test_a_roster_that_says_nothing_new_offers_nothing(shared: Visitor) -> None:
    folder = shared.client.application.extensions["district"].folder
    page, _ = sent(shared, (folder / "roster.xlsx").read_bytes())

    assert "Nothing would change" in page


def test_a_sheet_is_shown_as_a_layout_reads_it(shared: Visitor) -> None:
    rows = [(*GUARD, COURSES[3], "10/05/2026", "Completed"), (*GUARD, COURSES[4], "02/30/2026", "Completed")]
    answer = shared.post("/sheets", file=(io.BytesIO(export(rows).encode()), "vendor.csv"))
    page = text(answer)

    assert "by the layout vector-completions" in page
    assert "2 items: 1 completion, 1 refused" in page
    assert "Ben Brook" in page
    assert "on no calendar" in page


def test_a_sheet_that_nobody_has_described_gets_a_layout_to_read_and_keep(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    sheet = "Staff No,Surname,Given name,Module,Finished\n00201,Brook,Ben,De-escalation,2026-10-05\n"
    sheet += "00101,Marsh,Ada,De-escalation,2026-10-06\n"
    answer = visitor.post("/sheets", anew="yes", file=(io.BytesIO(sheet.encode()), "new.csv"))
    found = re.search(r'<textarea[^>]*name="layout"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert found
    layout = found[1].replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")

    assert "The layout new-vendor is kept" in visitor.does("/sheets/layouts", name="new-vendor", layout=layout)
    assert (district.folder / "mappings/layouts/new-vendor.toml").is_file()
    assert district.run("layouts", "check", "new-vendor").exit_code == 0


ODD = "Name,Module,Wann,Result\nBrook,Drill,2026-10-05,fertig\nMarsh,Drill,2026-10-06,offen\n"


def test_what_nobody_can_know_of_a_proposed_layout_is_answered_on_the_page(shared: Visitor) -> None:
    def answered(**form: object) -> tuple[str, str]:
        answer = shared.post("/sheets", anew="yes", file=(io.BytesIO(ODD.encode()), "odd.csv"), **form)
        assert answer.status_code == 200
        return answer.text, text(answer)

    html, words = answered()
    assert set(re.findall(r'name="word" value="([^"]*)"', html)) == {"fertig", "offen"}
    assert "1 completion" not in words
    columns = {"column-last": "Name", "column-course": "Module", "column-day": "Wann", "column-status": "Result"}
    html, words = answered(**columns, word=["fertig", "offen"], meaning=["done", "open"])
    assert "2 items: 1 completion, 1 not a completion" in words
    assert html.count(" selected") == len(columns) + 2  # what was answered stays so


@pytest.mark.parametrize(
    ("name", "layout", "words"),
    [
        ("../evil", 'kind = "rows"', "not a name for a layout"),
        ("", 'kind = "rows"', "not a name for a layout"),
        ("new", "kind = ", "Correct the file"),
        ("new", 'kind = "rows"', "Correct these keys"),
    ],
)
def test_a_layout_that_can_t_be_used_is_not_kept(shared: Visitor, name: str, layout: str, words: str) -> None:
    answer = shared.post("/sheets/layouts", name=name, layout=layout)

    assert answer.status_code == 422
    assert words in text(answer)


def test_the_roster_s_file_is_read_again_when_it_or_what_is_stored_is_another(
    own: tuple[Visitor, District], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, small = own
    looked: list[bytes] = []
    look = roster.look_at_roster

    def counted(workspace: Workspace, issuer: Issuer | None, content: bytes) -> NewRoster:
        looked.append(content)
        return look(workspace, issuer, content)

    monkeypatch.setattr("lms_sync.web.roster.look_at_roster", counted)
    visitor.page("/roster")
    visitor.page("/roster")
    assert len(looked) == 1
    book = load_workbook(small.folder / "roster.xlsx")
    book.save(small.folder / "roster.xlsx")
    visitor.page("/roster")
    assert len(looked) == 2
    assert small.run("nightly").exit_code in (0, 1)
    visitor.page("/roster")
    assert len(looked) == 3
