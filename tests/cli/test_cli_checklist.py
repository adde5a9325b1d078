"""agreements review: a checklist is read back whole or not at all, and what it may be instead."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lms_sync.store.audit import Audit
from tests.cli.checklist_files import HERON, MET, PDF, WHOLE, YES, checklist, fill, logged, point, read, sheet_rows
from tests.cli.small_district import District


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
    assert "recorded by B. Coe on 23 Nov 2026" in later.stdout
    assert "Write a new one" in later.stdout
    assert point(morning, "A1")["note"] == "section 4"
    assert point(morning, "B1") is None


WRONG: list[tuple[Mapping[str, Mapping[str, Any]], str, str]] = [
    ({"A1": {"Done": "maybe"}}, "C11", '"maybe"'),
    ({"A1": {"Done": "yes"}}, "D11", "Done is yes, and this is blank"),
    ({"A1": {"Done": "yes", "On date": "3.11."}}, "D11", '"3.11."'),
    ({"A1": {"Done": "yes", "On date": datetime(2026, 11, 24)}}, "D11", "a day in the future"),
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
