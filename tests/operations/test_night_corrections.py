"""The correction loop in whole nights: what a partner fills in becomes a claim, and only a person makes it count."""

from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from lms_sync.cli.main import main
from lms_sync.model.evidence import Completion, Refused
from lms_sync.reports.gaps_export import report_json
from lms_sync.sources.corrections.claims import FormContext, Returned, recognise
from lms_sync.store.known.snapshot import read_roster
from tests.operations.night_files import BOSS, CHIEF
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

Edit = Callable[[Workbook], None]


def say(town: Town, *args: str) -> Result:
    town.later(minutes=10)
    with time_machine.travel(town.clock()):
        return CliRunner().invoke(main, ["-w", str(town.folder), *args])


def workbook_of(town: Town, to: str = CHIEF) -> bytes:
    """Return the workbook that a partner received last."""
    (content,) = [
        part.get_payload(decode=True)
        for part in town.to(to)[-1].iter_attachments()
        if part.get_filename("").endswith("xlsx")
    ]
    assert isinstance(content, bytes)
    return content


def edited(content: bytes, edit: Edit) -> bytes:
    book = load_workbook(BytesIO(content))
    edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def place(book: Workbook, person_id: str, requirement: str) -> tuple[int, dict[str, int]]:
    """Return the row of a gap on the sheet to fill in, and the columns by heading."""
    sheet = book["Corrections"]
    headings: dict[str, int] = {}
    for row in sheet.iter_rows():
        values = [cell.value for cell in row]
        if "Code" in values:
            headings = {str(value): number for number, value in enumerate(values, start=1) if value}
        elif headings and (values[1], values[3]) == (person_id, requirement):
            return int(str(row[0].row)), headings
    raise AssertionError("no such row")


def filling(person_id: str = "70102", requirement: str = "topic-10", **cells: Any) -> Edit:
    def edit(book: Workbook) -> None:
        row, headings = place(book, person_id, requirement)
        for heading, value in (cells or {"Completed_on": date(2026, 10, 20), "Provider": "Valley College"}).items():
            book["Corrections"].cell(row, headings[heading.replace("_", " ")], value)

    return edit


def mail(content: bytes, sender: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "training@district.example.org", "Re: gaps"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Here it is.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename="../../back.xlsx")
    return message.as_bytes()


def test_a_filled_in_row_becomes_a_claim_and_counts_once_a_person_accepts_it(settled: Town) -> None:
    settled.write("inbox/corrections/back.xlsx", edited(workbook_of(settled), filling()))
    settled.night(hours=1)
    assert "topic-10" in settled.open_topics("70102"), "never credit by itself"
    (claim,) = settled.findings("claim")
    assert "reported by the partner (by the district's inbox; provider Valley College)" in claim
    assert "back.xlsx, Corrections!F" in claim
    (handle,) = [line.split()[0] for line in say(settled, "worklist").stdout.splitlines() if "(70102): " in line]
    assert say(settled, "worklist", "accept", handle, "--reason", "saw the certificate").exit_code == 0
    settled.night(hours=1)
    assert "topic-10" not in settled.open_topics("70102")
    told = report_json([settled.report("quarry")])["partners"][0]["people"]
    (met,) = [r for p in told if p["id"] == "70102" for r in p["requirements"] if r["id"] == "topic-10"]
    assert (met["on"], met["credits"][0]["source"]) == ("2026-10-20", "a correction")
    assert "back.xlsx, Corrections!F" in met["credits"][0]["origin"]


def test_the_same_workbook_again_changes_nothing_and_another_day_asks_anew(settled: Town) -> None:
    content = edited(workbook_of(settled), filling())
    settled.write("inbox/corrections/back.xlsx", content)
    settled.night(hours=1)
    before = settled.evidence_of("corrections")["completion"]
    settled.write("inbox/corrections/again.xlsx", content)
    settled.night(hours=1)
    assert settled.evidence_of("corrections")["completion"] == before
    settled.write("inbox/corrections/later.xlsx", edited(content, filling(Completed_on=date(2026, 10, 21))))
    settled.night(hours=1)
    (claim,) = settled.findings("claim")
    assert "21 Oct 2026" in claim


def test_sorting_and_blank_rows_do_no_harm(settled: Town) -> None:
    def sorted_backwards(book: Workbook) -> None:
        filling()(book)
        sheet = book["Corrections"]
        head = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "Code")
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=head + 1)]
        for number, values in enumerate(reversed(rows), start=head + 1):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value
        sheet.insert_rows(head + 2)

    settled.write("inbox/corrections/back.xlsx", edited(workbook_of(settled), sorted_backwards))
    settled.night(hours=1)
    assert len(settled.findings("claim")) == 1


def exchanged(heading: str, value: str) -> Edit:
    def edit(book: Workbook) -> None:
        filling()(book)
        row, headings = place(book, "70102", "topic-10")
        book["Corrections"].cell(row, headings[heading], value)

    return edit


def another_form(book: Workbook) -> None:
    filling()(book)
    for row in book["Corrections"].iter_rows(max_row=6):
        for cell in row:
            if str(cell.value).startswith("Form: "):
                cell.value = str(cell.value).replace("quarry", "heron")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (exchanged("Person ID", "70101"), "correction-tampered"),
        (exchanged("Requirement", "topic-11"), "correction-tampered"),
        (exchanged("Code", "0000000000000000"), "correction-tampered"),
        (exchanged("Code", ""), "correction-tampered"),
        (another_form, "correction-foreign"),
        (lambda book: book.remove(book["Corrections"]), "correction-foreign"),
    ],
)
def test_a_tampered_or_foreign_workbook_changes_nothing(settled: Town, edit: Edit, code: str) -> None:
    settled.write("inbox/corrections/back.xlsx", edited(workbook_of(settled), edit))
    settled.night(hours=1)
    assert len(settled.findings(code)) == 1
    assert settled.findings("claim") == []
    assert settled.evidence_of("corrections")["completion"] == []


def test_a_preview_can_not_be_sent_back(settled: Town) -> None:
    say(settled, "report", "quarry", "-o", str(settled.folder / "preview"))
    (book,) = (settled.folder / "preview").glob("*.xlsx")
    settled.write("inbox/corrections/back.xlsx", edited(book.read_bytes(), filling()))
    settled.night(hours=1)
    assert len(settled.findings("correction-foreign")) == 1


@pytest.mark.parametrize(
    ("sender", "headers", "code"),
    [
        (CHIEF, {}, "claim"),
        (f"The Chief <{CHIEF.upper()}>", {}, "claim"),
        (BOSS, {}, "correction-sender"),
        ("stranger@elsewhere.example.com", {}, "correction-sender"),
        (f"{CHIEF}, {BOSS}", {}, "correction-sender"),
    ],
)
def test_a_mail_counts_only_from_a_contact_of_that_partner(
    settled: Town, sender: str, headers: dict[str, str], code: str
) -> None:
    content = edited(workbook_of(settled), filling())
    settled.write("inbox/corrections/back.eml", mail(content, sender, **headers))
    settled.night(hours=1)
    assert len(settled.findings(code)) == 1
    assert len(settled.evidence_of("corrections")["completion"]) == (code == "claim")
    assert not (settled.folder.parent / "back.xlsx").exists()


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"Completed_on": date(2027, 5, 1)}, "a day in the future"),
        ({"Completed_on": "last Tuesday"}, '"last Tuesday"'),
        ({"Provider": "Valley College"}, "no day"),
        ({"Completed_on": date(1996, 5, 1)}, "long before the law"),
    ],
)
def test_a_row_that_can_not_be_right_is_refused_and_the_others_go_in(
    settled: Town, cells: dict[str, Any], found: str
) -> None:
    def both(book: Workbook) -> None:
        filling(requirement="topic-04", **cells)(book)
        filling()(book)

    settled.write("inbox/corrections/back.xlsx", edited(workbook_of(settled), both))
    settled.night(hours=1)
    (refused,) = settled.findings("correction-row")
    assert found in refused
    assert len(settled.findings("claim")) == 1


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.integers(1, 40),
    column=st.integers(1, 12),
    value=st.sampled_from(["", "x", "70101", "topic-01", "quarry", 7]),
)
def test_any_edit_is_refused_or_has_no_effect_but_in_the_cells_to_fill_in(
    settled: Town, row: int, column: int, value: str | int
) -> None:
    content = edited(workbook_of(settled), filling())

    def edit(book: Workbook) -> None:
        book["Corrections"].cell(row, column).value = value or None

    with settled.workspace() as workspace:
        counter = FormContext(
            workspace.pseudonyms, read_roster(workspace.store), settled.now.date() + timedelta(days=1)
        )
    read = recognise(Returned("back.xlsx", edited(content, edit), ""), counter)
    claimed = {
        (one.reading.learner.person_id, one.reading.course)
        for one in read.items
        if isinstance(one.reading, Completion)
    }
    refused = any(isinstance(one.reading, Refused) for one in read.items)
    assert refused or column in range(6, 11) or claimed in ({("70102", "topic-10")}, set())
