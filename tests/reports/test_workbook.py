import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import made_up
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.partner.workbook import partner_workbook
from tests.reports.golden_documents import VOICE

INJECTIONS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "=cmd|' /C calc'!A0")


def opened(report: GapReport) -> Workbook:
    return load_workbook(BytesIO(partner_workbook(report, sample_plan(), VOICE)))


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    """Return the sheet's table as rows by heading."""
    area = next(iter(sheet.tables.values())).ref
    head, *body = [[cell.value for cell in row] for row in sheet[area]]
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(sample_report())


def test_the_sheets_stand_in_the_readers_order(book: Workbook) -> None:
    assert book.sheetnames == ["Summary", "Matrix", "Gaps by due date", "Plan", "Corrections", "Evidence"]


def test_every_table_has_filters_a_frozen_header_and_a_print_set_up(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        table = next(iter(sheet.tables.values()))
        assert table.autoFilter is not None
        assert sheet.freeze_panes is not None
        assert sheet.print_title_rows is not None
        assert sheet.page_setup.orientation == "landscape"


def test_the_matrix_shows_dates_as_dates_and_what_is_missing_in_words(book: Workbook) -> None:
    matrix = {row["Person"]: row for row in rows(book["Matrix"])}
    abernathy = matrix["Abernathy, Lucille (Lu)"]
    assert abernathy["State"] == "! Overdue"
    assert abernathy["1 Rights of children in school"] == "! missing, was due 31 Aug 2026"
    assert abernathy["2 Child and adolescent development"] == datetime(2026, 5, 4)
    assert abernathy["on-the-job training days"] == "○ 1 of 2 done, due 28 Feb 2027"
    assert abernathy["check-in trainings"] == "– not required"
    assert matrix["\u2068كريم, سارة\u2069"]["check-in trainings"] == "? depends on the class"
    assert len(matrix) == len(sample_report().people)


def test_a_requirement_met_late_says_so(book: Workbook) -> None:
    cell = next(row for row in book["Matrix"].iter_rows(min_row=6) if row[1].value == "Castañeda, Inés")[5]
    assert (cell.value, cell.number_format) == (datetime(2026, 5, 4), 'd mmm yyyy" !"')


def test_the_summary_says_who_is_pressing_and_whom_to_call(book: Workbook) -> None:
    said = [(row[0].value, str(row[1].value)) for row in book["Summary"].iter_rows(min_row=2, max_col=2)]
    assert ("Call or write to", "Human Resources, 555-0142, hr@fernwick.example.org") in said
    overdue = [text for item, text in said if item == "Overdue"][:-1]  # the last one says what the word means
    assert [text.split(": ")[0] for text in overdue] == ["Abernathy, Lucille (Lu)", "Castañeda, Inés"]
    assert "Late since 1 Sep 2026." in overdue[0]
    assert any(item == "Due soon" and text.startswith("Grant, Marcus Jr.: ") for item, text in said)


def test_the_summary_of_twenty_is_printed_on_one_page_and_says_the_same_of_several_people_once() -> None:
    report = sample_report()
    alike = [
        replace(report.people[0], person_id=made_up(f"Q{n}"), name=made_up(f"Quill-{n}, Ann")) for n in range(12)
    ]
    sheet = opened(replace(report, people=(*report.people, *alike)))["Summary"]
    overdue = [str(row[1].value) for row in sheet.iter_rows(min_col=1) if row[0].value == "Overdue"]
    assert "; ".join(f"Quill-{n}, Ann" for n in range(12)) in [text.split(": ")[0] for text in overdue]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, None)  # one and one
    crowd = [
        replace(p, person_id=made_up(f"R{n}"), decisions=(made_up(f"{n} " * 90),)) for n, p in enumerate(alike * 4)
    ]
    endless = opened(replace(report, people=tuple(crowd)))["Summary"]
    assert endless.page_setup.fitToHeight == 0  # too small to read otherwise


def test_gaps_are_sorted_by_due_date_and_none_is_left_out(book: Workbook) -> None:
    gaps = rows(book["Gaps by due date"])
    dated = [row["Due"] for row in gaps if isinstance(row["Due"], datetime)]
    assert dated == sorted(dated)
    people = sample_report().people
    missing = [" ".join(str(row["Missing"]) for row in gaps if row["Person ID"] == p.person_id) for p in people]
    for person, said in zip(people, missing, strict=True):
        topics = [standing.requirement for standing in person.open if standing.component == "classroom"]
        assert len(topics) == sum(int(number) for number in re.findall(r"(?:^| )(?:all )?(\d+) classroom", said))
    assert {row["Due"] for row in gaps[len(dated) :]} == {"not known yet"}


def test_every_credit_can_be_traced(book: Workbook) -> None:
    credits = [
        (person.person_id, credit.origin, credit.record)
        for person in sample_report().people
        for standing in person.requirements
        for credit in standing.credits
    ]
    evidence = [(row["Person ID"], row["Where it was read"], row["Record"]) for row in rows(book["Evidence"])]
    assert evidence == credits


def test_the_plan_says_what_no_offering_closes(book: Workbook) -> None:
    plan = [row for row in rows(book["Plan"]) if row["Person ID"] == "00109"]
    assert [row["Covers"] for row in plan] == ["topics 1–12", "on-the-job training days", "topic 13"]
    assert plan[-1]["What"] == "No class covers this yet"


def test_a_report_without_people_still_opens() -> None:
    book = load_workbook(
        BytesIO(
            partner_workbook(
                replace(sample_report(), people=(), sources=()), replace(sample_plan(), people=()), VOICE
            )
        )
    )
    assert book["Matrix"].tables["Matrix"].ref == "A5:T6"


@pytest.mark.parametrize("injection", INJECTIONS)
def test_nothing_that_a_vendor_wrote_is_run(injection: str) -> None:
    text = made_up(injection)
    report = sample_report()
    first = report.people[0]
    credits = tuple(replace(c, title=text, origin=text, record=text) for c in first.requirements[1].credits)
    hostile = replace(
        first,
        name=text,
        person_id=text,
        requirements=(first.requirements[0], replace(first.requirements[1], credits=credits)),
        decisions=(text,),
    )
    partner = replace(report.partner, name=text)
    source = replace(report.sources[1], source=text, trouble=text)
    book = opened(replace(report, people=(hostile,), partner=partner, sources=(source,), contact=text))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sum(cell.value == text and cell.quotePrefix for cell in cells) >= 10


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = (partner_workbook(sample_report(), sample_plan(), VOICE) for _ in range(2))
    assert first == second


def test_the_matrix_is_coloured_by_the_signs_with_which_its_texts_begin() -> None:
    sheet = load_workbook(BytesIO(partner_workbook(sample_report(), sample_plan(), VOICE)))["Matrix"]
    (area,) = sheet.conditional_formatting
    rules = {rule.formula[0].split('"')[1]: rule.dxf.fill.bgColor.rgb[-6:] for rule in area.rules}
    assert rules == {"✓": "E2F0D9", "!": "F8D7DA", "◆": "FFF3CD", "?": "FFF3CD", "–": "EDEDED"}
    assert str(area.sqref) == f"A6:T{sheet.max_row}"


def test_no_cell_is_cut_off_by_a_long_address_and_reasons_are_in_words() -> None:
    plan = sample_plan()
    link = made_up("https://www.example.org/registration/classes/2026/0004/sign-up")
    people = tuple(replace(p, sittings=tuple(replace(s, link=link) for s in p.sittings)) for p in plan.people)
    book = load_workbook(BytesIO(partner_workbook(sample_report(), replace(plan, people=people), VOICE)))
    cells = [cell for row in book["Plan"].iter_rows() for cell in row if cell.hyperlink]
    assert {cell.hyperlink and cell.hyperlink.target for cell in cells} == {link}
    assert {cell.value for cell in cells} == {"www.example.org/registration/clas…"}
    waiting = " ".join(str(row["Waiting for a decision"]) for row in rows(book["Gaps by due date"]))
    assert ": marked as waived or exempt (" in waiting
