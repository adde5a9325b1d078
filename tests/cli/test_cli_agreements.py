"""agreements list, show, review, adopt: a year closed by a reviewer, and what a checklist may be instead."""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from small_district import NOW, District, district

from lms_sync.cli.office import open_office
from lms_sync.store.audit import Audit
from lms_sync.store.issued import Issued, IssuedKind

HEADER = 10
"""The header's row."""
COLUMNS = ("Point", "What the law asks", "Done", "On date", "How", "Who", "Note", "Attachment")
PDF = b"%PDF-1.7\nmade up\n%%EOF\n"
DAY = datetime(2026, 11, 3)
TEXTS = ("A1", "A2", "A3", "A4", "A5", "B1", "B2")
INVOLVED = ("parents", "students", "community")
YES = {"Done": "yes", "On date": DAY}
MET = {**YES, "How": "a meeting at Pinehill HS", "Who": "the council"}
WHOLE: Mapping[str, Mapping[str, Any]] = {**dict.fromkeys(TEXTS, YES), **dict.fromkeys(INVOLVED, MET)}
HERON = "HERON-26"


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path / "ws", nights=1) as one:
        yield one


def checklist(at: District, name: str = "checklist.xlsx", agreement: str = HERON) -> Path:
    """Return a fresh checklist."""
    path = at.folder / name
    path.unlink(missing_ok=True)
    written = at.run("agreements", "review", agreement, "-o", str(path))
    assert written.exit_code == 0, written.output
    return path


def sheet_rows(sheet: Worksheet) -> dict[str, int]:
    return {str(sheet.cell(row, 1).value): row for row in range(HEADER + 1, sheet.max_row + 1)}


def fill(path: Path, rows: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write cells into a checklist: point → heading → value."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    places = sheet_rows(sheet)
    for point, cells in rows.items():
        for heading, value in cells.items():
            cell = sheet.cell(places[point], COLUMNS.index(heading) + 1)
            cell.value = value
            if heading == "Who":
                cell.data_type = "s"  # as typed with an apostrophe before it
    book.save(path)
    return path


def read(at: District, path: Path, *args: str, agreement: str = HERON) -> Any:
    return at.run("agreements", "review", agreement, "--read", str(path), *args)


def point(at: District, name: str, *args: str) -> Any:
    shown = at.json("agreements", "show", HERON, "--format", "json", *args)
    return next(one["recorded"] for one in shown["points"] if one["id"] == name)


def issue(at: District, number: str = "TP-2026-0001") -> None:
    """Let a training plan stand, as `agreements plan` would."""
    made = Issued(
        number,
        IssuedKind.PLAN,
        HERON,
        "HERON",
        date(2026, 11, 20),
        NOW,
        NOW,
        "A. Roe",
        program="0",
        law="law",
        map_version="map",
        code="CODE",
        sha256="0" * 64,
        judgement={},
    )
    with open_office(str(at.folder)) as office, office.store.transaction():
        office.store.issued.add(made, b"%PDF-")


def logged(at: District) -> list[Any]:
    return list(at.json("log", "show", "--kind", "review", "--format", "json"))


def test_the_list_says_what_is_overdue_and_how_much_is_missing(morning: District) -> None:
    text = morning.run("agreements", "list").stdout
    told = morning.json("agreements", "list", "--format", "json")["agreements"]

    assert text.count("2026-09-01 overdue") == 2
    assert [(one["id"], one["people"], len(one["missing"]), one["overdue"]) for one in told] == [
        ("HERON-26", 1, 11, True),
        ("QPD-26", 1, 11, True),
    ]


def test_what_ended_more_than_a_year_ago_is_listed_on_demand_only(morning: District) -> None:
    with time_machine.travel(datetime(2028, 8, 31, 12)):
        assert len(morning.json("agreements", "list", "--format", "json")["agreements"]) == 2
    with time_machine.travel(datetime(2028, 9, 1, 18)):
        some = morning.run("agreements", "list").stdout
        every = morning.run("agreements", "list", "--all").stdout

    assert "HERON-26" not in some
    assert "2 ended more than a year ago; --all shows them." in some
    assert "HERON-26" in every


def test_a_year_is_closed_by_a_checklist_a_document_and_an_adoption(morning: District) -> None:
    path = fill(checklist(morning), {**WHOLE, "A1": {**YES, "Note": "section 4"}})
    (morning.folder / "minutes.pdf").write_bytes(PDF)

    first = read(morning, path, "--by", "B. Coe")
    refused = morning.run("agreements", "adopt", HERON, "--on", "2026-11-19")
    issue(morning)
    adopted = morning.run(
        *("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "item 7", "--by", "B. Coe"),
        *("--file", str(morning.folder / "minutes.pdf")),
    )
    text = morning.run("agreements", "show", HERON).stdout

    assert first.stdout.splitlines() == [
        "Recorded: A1, A2, A3, A4, A5, B1, B2, parents, students, community",
        "HERON-26 still lacks C: agreements show HERON-26",
    ]
    assert refused.exit_code == 2
    assert "C, Training confirmation or training plan: no training confirmation and no training" in refused.stderr
    assert (adopted.exit_code, adopted.stdout.splitlines()[0]) == (0, "HERON-26 was adopted on 2026-11-19.")
    assert "Nothing is missing for adoption." in text
    assert "Adopted on 19 Nov 2026; recorded by B. Coe on 23 Nov 2026" in text
    assert "Attachment: minutes.pdf" in text
    assert "00201  Brook, Ben: " in text
    assert "✓ Training plan TP-2026-0001 as of 20 Nov 2026, issued by A. Roe; stands" in text
    assert len(logged(morning)) == 11
    assert morning.run("log", "verify").exit_code == 0


def test_reading_it_again_changes_nothing_and_says_so(morning: District) -> None:
    path = fill(checklist(morning), {"A1": {**YES, "Note": "two  blanks\nand a line", "Attachment": "a.pdf"}})
    (morning.folder / "a.pdf").write_bytes(PDF)
    read(morning, path)
    (morning.folder / "a.pdf").unlink()
    again = read(morning, path)

    assert again.exit_code == 0
    assert "says nothing new; nothing was changed." in again.stdout
    assert len(logged(morning)) == 1


def test_a_fresh_checklist_holds_what_is_recorded_and_changes_nothing_either(morning: District) -> None:
    (morning.folder / "a.pdf").write_bytes(PDF)
    read(morning, fill(checklist(morning), {**WHOLE, "B1": {"Done": "no", "Who": "=1+1", "Attachment": "a.pdf"}}))
    fresh = checklist(morning, "fresh.xlsx")
    sheet = load_workbook(fresh).worksheets[0]
    row = sheet_rows(sheet)["B1"]

    assert [sheet.cell(row, column).value for column in (3, 6, 8)] == ["no", "=1+1", "a.pdf"]
    assert sheet.cell(row, 6).data_type == "s"
    assert "nothing was changed" in read(morning, fresh).stdout


def test_a_cleared_row_takes_the_point_back_and_the_log_keeps_what_it_was(morning: District) -> None:
    read(morning, fill(checklist(morning), {"A1": {**YES, "Note": "section 4"}}), "--by", "B. Coe")
    cleared = {"Done": None, "On date": None, "Note": None}
    back = read(morning, fill(checklist(morning), {"A1": cleared}), "--by", "A. Roe")

    assert back.stdout.splitlines()[0] == "Taken back: A1"
    assert point(morning, "A1") is None
    assert "note: section 4" in logged(morning)[-1]["before"]
    assert logged(morning)[-1]["after"] == "(taken back)"


def test_what_counted_at_a_time_can_be_shown_later(morning: District) -> None:
    read(morning, fill(checklist(morning), {"A1": YES}))

    assert point(morning, "A1")["done"] is True
    assert point(morning, "A1", "--known-at", "2026-11-23T08:00") is None


def test_writing_and_reading_in_one_go_leaves_a_copy_to_go_on_with(morning: District) -> None:
    path = fill(checklist(morning), {"A1": YES})
    done = read(morning, path, "-o", str(path))
    back = read(morning, fill(path, {"A1": {"Done": None, "On date": None}}))

    assert "Wrote" in done.stdout
    assert "Taken back: A1" in back.stdout


def test_two_reviewers_may_share_the_work_and_blank_rows_of_an_old_copy_take_nothing_back(morning: District) -> None:
    first, second = checklist(morning, "first.xlsx"), checklist(morning, "second.xlsx")
    read(morning, fill(first, {"A1": YES, "A2": YES}), "--by", "B. Coe")
    later = read(morning, fill(second, {"B1": YES}), "--by", "A. Roe")

    assert later.exit_code == 0
    assert "Recorded: B1" in later.stdout
    assert "A1, A2: changed here since second.xlsx was written, and left as recorded." in later.stdout
    assert point(morning, "A1")["recorded_by"] == "B. Coe"


def test_two_reviewers_who_say_different_things_of_one_point_are_told_and_nothing_is_recorded(
    morning: District,
) -> None:
    first, second = checklist(morning, "first.xlsx"), checklist(morning, "second.xlsx")
    read(morning, fill(first, {"A1": {**YES, "Note": "section 4"}}), "--by", "B. Coe")
    later = read(morning, fill(second, {"A1": {**YES, "Note": "section 5"}, "B1": YES}), "--by", "A. Roe")

    assert later.exit_code == 2
    assert "second.xlsx, Checklist!A11" in later.stdout
    assert "recorded by B. Coe on 2026-11-23" in later.stdout
    assert "Write it anew" in later.stdout
    assert point(morning, "A1")["note"] == "section 4"
    assert point(morning, "B1") is None


WRONG: list[tuple[Mapping[str, Mapping[str, Any]], str, str]] = [
    ({"A1": {"Done": "maybe"}}, "C11", '"maybe"'),
    ({"A1": {"Done": "yes"}}, "D11", "Done is yes, and this is blank"),
    ({"A1": {"Done": "yes", "On date": "3.11."}}, "D11", '"3.11."'),
    ({"A1": {"Done": "yes", "On date": datetime(2026, 11, 24)}}, "D11", "a day to come"),
    ({"A1": {"Done": "yes", "On date": datetime(2016, 11, 3)}}, "D11", "before this review's period"),
    ({"parents": {**MET, "Who": None}}, "F19", "Done is yes, and this is blank"),
    ({"students": {**MET, "How": None}}, "E20", "Done is yes, and this is blank"),
    ({"C": {"Done": "yes"}}, "C18", "an entry for clause C"),
    ({"C": {"Note": "see plan"}}, "G18", "an entry for clause C"),
    ({"A2": {"Point": "A1"}}, "A12", "a second row for A1"),
    ({"A2": {"Point": "A9"}}, "A12", '"A9"'),
    ({"A2": {"What the law asks": "Something else."}}, "B12", "other words than the law's"),
    ({"A1": {"Note": "=1/0"}}, "G11", "not calculated"),
    ({"A1": {**YES, "Attachment": "../a.pdf"}}, "H11", "the plain name of a file"),
    ({"A1": {**YES, "Attachment": "/etc/passwd"}}, "H11", "the plain name of a file"),
    ({"A1": {**YES, "Attachment": "C:\\a.pdf"}}, "H11", "the plain name of a file"),
    ({"A1": {**YES, "Attachment": "gone.pdf"}}, "H11", "no such file"),
    ({"A1": {**YES, "Attachment": "link.pdf"}}, "H11", "a link that leads out of the folder"),
    ({"A1": {**YES, "Attachment": "large.pdf"}}, "H11", "25 MB are the most"),
    ({"A1": {**YES, "Attachment": "page.html"}}, "H11", "a file that can be kept"),
    ({"A1": {**YES, "Attachment": "folder.pdf"}}, "H11", "a file that can be kept"),
]


@pytest.mark.parametrize(("cells", "where", "found"), WRONG)
def test_an_unsound_cell_is_named_and_nothing_at_all_is_recorded(
    morning: District, tmp_path: Path, cells: Mapping[str, Mapping[str, Any]], where: str, found: str
) -> None:
    scans = morning.folder / "scans"
    scans.mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (scans / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (scans / "page.html").write_text("<html>", encoding="utf-8")
    (scans / "folder.pdf").mkdir()
    with (scans / "large.pdf").open("wb") as sparse:
        os.truncate(sparse.fileno(), 2 * 2**30)
    path = fill(checklist(morning), {"B2": YES, **cells})
    refused = read(morning, path, "--attachments", str(scans))

    assert refused.exit_code == 2
    assert f"Checklist!{where}" in refused.stdout
    assert found in " ".join(refused.stdout.split())
    assert "nothing was recorded" in refused.stderr
    assert logged(morning) == []
    assert not list(morning.folder.glob("documents/*"))


def test_everything_wrong_is_told_at_once(morning: District) -> None:
    path = fill(
        checklist(morning),
        {"A1": {"Done": "maybe"}, "parents": YES, "B1": {"Attachment": "../x"}, "B2": {"Attachment": "x.pdf"}},
    )
    refused = read(morning, path)

    assert [cell for cell in ("C11", "E19", "F19", "H16", "H17") if f"!{cell}:" not in refused.stdout] == []


def test_several_attachments_that_cannot_be_had_are_told_together(morning: District) -> None:
    refused = read(morning, fill(checklist(morning), {p: {**YES, "Attachment": f"{p}.pdf"} for p in ("A1", "B1")}))

    assert "H11" in refused.stdout
    assert "H16" in refused.stdout


def test_a_file_is_found_by_its_name_in_any_unicode_form(morning: District) -> None:
    (morning.folder / "proce\u0301s.pdf").write_bytes(PDF)
    path = fill(checklist(morning), {"A1": {**YES, "Attachment": "proc\u00e9s.pdf"}})

    assert "Recorded: A1" in read(morning, path).stdout
    assert "nothing was changed" in read(morning, path).stdout


def test_another_file_under_a_name_that_was_read_before_is_not_taken_in_silence(morning: District) -> None:
    (morning.folder / "a.pdf").write_bytes(PDF)
    path = fill(checklist(morning), {"A1": {**YES, "Attachment": "a.pdf"}})
    first = read(morning, path).stdout
    (morning.folder / "a.pdf").write_bytes(PDF.replace(b"made", b"MADE"))
    again = read(morning, path).stdout

    assert f"Kept: a.pdf ({len(PDF)} bytes)" in first
    assert "is not the file" not in first
    assert "! a.pdf is not the file that was read under this name before" in again
    assert len(logged(morning)) == 1


def test_a_kept_file_that_is_lost_leaves_the_point_recorded_and_is_told(morning: District) -> None:
    (morning.folder / "a.pdf").write_bytes(PDF)
    read(morning, fill(checklist(morning), {"A1": {**YES, "Attachment": "a.pdf"}}))
    shutil.rmtree(morning.folder / "documents")
    told = point(morning, "A1")

    assert told["done"] is True
    assert told["attachment"]["problem"] == "is no longer there"
    assert "Attachment: a.pdf; ! the kept file is no longer there" in morning.run("agreements", "show", HERON).stdout


def change(path: Path, what: str) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    match what:
        case "column":
            sheet.delete_cols(COLUMNS.index("Note") + 1)
        case "row":
            sheet.delete_rows(HEADER + 2)
        case "heading":
            sheet.cell(HEADER, 7).value = "Done"
        case "sheet":
            sheet.title = "Sheet1"
        case "code":
            cell = sheet.cell(HEADER - 2, 1)
            cell.value = str(cell.value)[:-1] + "x"
        case _:
            sheet.cell(HEADER - 2, 1).value = None
    book.save(path)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("column", 'Add a column with the heading "Note"'),
        ("row", "no row for A2"),
        ("heading", 'a second column "Done"'),
        ("sheet", "Name the sheet Checklist"),
        ("code", "no checklist that this workspace has written"),
        ("line", "no checklist that this workspace has written"),
    ],
)
def test_a_workbook_that_lost_something_is_refused(morning: District, what: str, found: str) -> None:
    path = fill(checklist(morning), {"A1": YES})
    change(path, what)
    refused = read(morning, path)

    assert refused.exit_code == 2
    assert found in " ".join(refused.output.split())
    assert logged(morning) == []


def test_another_agreements_checklist_is_refused(morning: District) -> None:
    path = checklist(morning, agreement="QPD-26")
    refused = read(morning, path)

    assert refused.exit_code == 2
    assert "is the checklist of QPD-26, not of HERON-26" in refused.stderr


def test_a_checklist_of_another_workspace_is_refused(morning: District, tmp_path: Path) -> None:
    path = fill(checklist(morning), {"A1": YES})
    (morning.folder / "state" / "identity.key").write_bytes(b"another key, of some length\n")
    for stale in (morning.folder / "state").glob("*.db*"):
        stale.unlink()
    morning.run("nightly")

    assert "no checklist that this workspace has written" in read(morning, path).stderr


def test_a_checklist_from_before_a_backup_was_restored_is_refused(morning: District) -> None:
    (database,) = (morning.folder / "state").glob("*.db")
    backup = database.read_bytes()
    read(morning, fill(checklist(morning), {"A1": YES}))
    path = checklist(morning, "later.xlsx")
    database.write_bytes(backup)

    assert "a backup may have been restored" in read(morning, path).stderr


def test_a_file_that_is_no_workbook_is_refused(morning: District) -> None:
    (morning.folder / "text.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    gone = read(morning, morning.folder / "gone.xlsx")
    broken = read(morning, morning.folder / "text.xlsx")

    assert (gone.exit_code, broken.exit_code) == (2, 2)
    assert "gone.xlsx" in gone.stderr
    assert "→" in broken.stderr


def whole(at: District) -> None:
    issue(at)
    assert "Nothing is missing" in read(at, fill(checklist(at), WHOLE)).stdout


def test_a_reading_that_breaks_off_in_the_middle_records_nothing(
    morning: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    (morning.folder / "a.pdf").write_bytes(PDF)
    path = fill(checklist(morning), {**WHOLE, "A1": {**YES, "Attachment": "a.pdf"}})
    real = Audit.add
    entries = iter(range(5))

    def breaks_off(self: Audit, *args: Any, **kwargs: Any) -> Any:
        if next(entries) == 4:
            raise KeyboardInterrupt
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Audit, "add", breaks_off)
        broken = read(morning, path)

    assert broken.exit_code == 130
    assert logged(morning) == []
    assert point(morning, "A1") is None
    assert "Recorded: A1, A2" in read(morning, path).stdout


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("--on", "2026-11-24"), "a day to come"),
        (("--on", "2024-11-19"), "before this review's period"),
        (("--on", "2026-11-02"), "parents, Parents involved: on 2026-11-03, after the adoption"),
        (("--on", "soon"), "not a day"),
        ((), "either --on DAY, or --undo"),
        (("--on", "2026-11-19", "--undo", "--reason", "x"), "either --on DAY, or --undo"),
        (("--undo",), "--undo with a reason"),
        (("--undo", "--reason", "a mistake"), "no adoption is recorded"),
        (("--on", "2026-11-19", "--reason", "x"), "--reason goes with --undo"),
        (("--on", "2026-11-19", "--file", "gone.pdf"), "gone.pdf"),
    ],
)
def test_an_adoption_that_cannot_be_is_refused(morning: District, args: tuple[str, ...], found: str) -> None:
    whole(morning)
    refused = morning.run("agreements", "adopt", HERON, *args)

    assert refused.exit_code == 2
    assert found in refused.stderr
    assert "→" in refused.stderr
    assert len(logged(morning)) == 10


def test_adopting_names_everything_that_is_missing(morning: District) -> None:
    refused = morning.run("agreements", "adopt", HERON, "--on", "2026-11-19")

    assert refused.exit_code == 2
    assert refused.stderr.count("  • ") == 11


def test_an_adoption_is_recorded_once_and_taken_back_with_a_reason(morning: District) -> None:
    whole(morning)
    adopt = ("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "recorded late")
    morning.run(*adopt)
    again = morning.run(*adopt)
    other = morning.run("agreements", "adopt", HERON, "--on", "2026-11-20", "--note", "recorded late")
    undone = morning.run("agreements", "adopt", HERON, "--undo", "--reason", "the vote was put off", "--by", "B. Coe")

    assert "recorded before; nothing was changed" in again.stdout
    assert other.exit_code == 2
    assert "was adopted on 2026-11-19" in other.stderr
    assert undone.exit_code == 0
    assert morning.json("agreements", "show", HERON, "--format", "json")["adoption"] is None
    assert (logged(morning)[-1]["by"], logged(morning)[-1]["why"]) == ("B. Coe", "the vote was put off")


def test_the_night_tells_hr_what_is_overdue_until_it_is_adopted(morning: District) -> None:
    before = morning.run("worklist").stdout
    whole(morning)
    morning.run("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "recorded late")
    with time_machine.travel(datetime(2026, 11, 24, 18)):
        morning.run("nightly")
        after = morning.run("worklist").stdout

    late = "review and adoption were due on 2026-09-01"
    assert (before.count(late), after.count(late)) == (2, 1)


def test_a_vote_on_what_came_after_it_needs_a_note_that_says_why(morning: District) -> None:
    whole(morning)
    refused = morning.run("agreements", "adopt", HERON, "--on", "2026-11-19")

    assert refused.exit_code == 2
    assert "C: TP-2026-0001 was issued on 2026-11-2" in refused.stderr
    assert "--note" in refused.stderr
    assert morning.run("agreements", "adopt", HERON, "--on", "2026-11-19", "--note", "late").exit_code == 0


def test_a_row_that_says_neither_yes_nor_no_is_refused_and_a_note_alone_is_not(morning: District) -> None:
    half = {**YES, "Done": None}
    refused = read(morning, fill(checklist(morning), {"A5": half}))

    assert refused.exit_code == 2
    assert "Done is blank, and the row is filled in" in refused.stdout
    assert point(morning, "A5") is None
    assert read(morning, fill(checklist(morning), {"A5": {"Note": "to be written"}})).exit_code == 0
    assert point(morning, "A5")["done"] is False


def test_a_checklist_that_may_be_filled_in_is_not_overwritten(morning: District) -> None:
    path = checklist(morning)
    before = path.read_bytes()
    refused = morning.run("agreements", "review", HERON, "-o", str(path))

    assert (refused.exit_code, "is there already" in refused.stderr) == (2, True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("show", "HERON-25"), 'Did you mean "HERON-26"?'),
        (("review", "nobody", "-o", "x.xlsx"), "the roster has no such agreement"),
        (("review", HERON), "neither -o nor --read"),
        (("review", HERON, "-o", "x.xlsx", "--attachments", "y"), "--attachments without --read"),
        (("show", HERON, "--known-at", "2020-01-01T06:00"), "nothing was recorded by"),
        (("review", HERON, "-o", "no-such-folder/x.xlsx"), "no-such-folder/x.xlsx"),
    ],
)
def test_wrong_words_are_answered_with_a_remedy(morning: District, args: tuple[str, ...], found: str) -> None:
    wrong = morning.run("agreements", *args)

    assert wrong.exit_code == 2
    assert found in wrong.stderr
    assert "→" in wrong.stderr


def test_an_agreements_id_is_known_in_any_case(morning: District) -> None:
    assert morning.run("agreements", "show", "heron-26").exit_code == 0
