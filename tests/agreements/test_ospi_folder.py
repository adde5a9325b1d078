"""The report as files: workbook and csv say the same, nothing runs, and the folder is whole or not there at all."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from lms_sync.agreements.year.ospi import UNKNOWN, OspiReport
from lms_sync.agreements.year.ospi_workbook import ospi_csv, ospi_readme, ospi_sheets, ospi_workbook
from lms_sync.errors import UsageError
from lms_sync.whole_folder import expect_ours, write_folder
from tests.agreements.test_ospi_report import adopted, agreement, issued, partner, posted, report, roster

ZONE = ZoneInfo("America/Los_Angeles")
MARK = "A report of ours"
FILES = {"README.txt": f"{MARK}\nmore".encode(), "documents/a.pdf": b"%PDF-1"}


def evil() -> OspiReport:
    """Return a report in which what people wrote begins like formulas."""
    made = roster(posted("1", ('=HYPERLINK("http://x")', "3")), posted("2", ("Lincoln\r\nHS", "2")))
    partners = {**made.partners, "HERON": partner("HERON", "@SUM(A1)")}
    return report(
        type(made)(partners, made.agreements, made.people, made.assignments),
        adoptions=adopted(),
        issued=(issued("TP-1"),),
    )


def test_workbook_and_csv_files_say_the_same_cell_by_cell() -> None:
    made = evil()
    book = load_workbook(BytesIO(ospi_workbook(made, ZONE)))
    files = ospi_csv(made, ZONE)
    sheets = ospi_sheets(made, ZONE)

    assert len(files) == len(book.sheetnames) == len(sheets) == 7
    for spec, name, content in zip(sheets, book.sheetnames, files.values(), strict=True):
        rows = book[name].iter_rows(min_row=spec.header_row, max_col=len(spec.columns), values_only=True)
        in_book = [[plain(cell) for cell in row] for row in rows if any(cell is not None for cell in row)]
        in_csv = [
            [cell.removeprefix("'") for cell in row] for row in csv.reader(StringIO(content.decode("utf-8-sig")))
        ]
        assert in_book == in_csv, name


def plain(cell: object) -> str:
    return "" if cell is None else str(cell).removesuffix(" 00:00:00")


def test_no_spreadsheet_runs_what_people_wrote() -> None:
    book = load_workbook(BytesIO(ospi_workbook(evil(), ZONE)))
    assert [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
    cells = [c for one in ospi_csv(evil(), ZONE).values() for row in csv.reader(StringIO(one.decode())) for c in row]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "\r", "\n"))]


def test_nobody_is_named_in_the_figures() -> None:
    files = ospi_csv(evil(), ZONE)
    told = b"".join(files.values()) + ospi_readme(evil(), files, ZONE)
    assert b"Staff 1" in told
    for word in (b"Brook", b"Ben"):
        assert word not in told


def test_what_is_not_known_is_listed_with_who_would_know_and_never_as_a_number() -> None:
    made = report(roster(agreements=(agreement("HERON"),)))
    rows = list(csv.reader(StringIO(ospi_csv(made, ZONE)["6-not-known-here.csv"].decode("utf-8-sig"))))[1:]
    assert [(row[0], row[2]) for row in rows] == list(UNKNOWN)
    assert {row[1] for row in rows} == {"not known to this tool"}
    readme = " ".join(ospi_readme(made, {}, ZONE).decode().split())
    assert all(what in readme and who in readme for what, who in UNKNOWN)


def test_the_readme_says_of_what_day_by_what_law_and_what_is_missing() -> None:
    made = report(roster(posted("1")))
    readme = " ".join(ospi_readme(made, {"ospi.xlsx": b""}, ZONE).decode().split())
    for said in (
        *("RCW 28A.320.1241", "Staff as of: 24 November 2026", "By what was recorded until: 24 November 2026, 10:00"),
        *("1 of 1 staff have no building recorded", "- ospi.xlsx", "name people"),
    ):
        assert said in readme


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_of_ours_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES, mark=MARK)
    write_folder(tmp_path / "out", {"README.txt": FILES["README.txt"], "b.csv": b"1"}, mark=MARK)

    assert content(tmp_path / "out").keys() == {"README.txt", "b.csv", "SHA256SUMS.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "documents/b.pdf", "SHA256SUMS.txt"])
def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="did not write"):
        write_folder(tmp_path, FILES, mark=MARK)
    assert content(tmp_path) == {name: b"mine"}


def test_somebody_else_s_list_of_hashes_does_not_make_a_folder_ours(tmp_path: Path) -> None:
    write_folder(tmp_path / "theirs", {**FILES, "README.txt": b"their own"}, mark="")
    with pytest.raises(UsageError, match="did not write"):
        expect_ours(tmp_path / "theirs", mark=MARK)


def test_a_folder_in_which_somebody_has_worked_is_left_alone(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES, mark=MARK)
    (tmp_path / "out/documents/a.pdf").write_bytes(b"signed")
    with pytest.raises(UsageError, match=r"documents/a\.pdf was changed since"):
        write_folder(tmp_path / "out", FILES, mark=MARK)
    assert (tmp_path / "out/documents/a.pdf").read_bytes() == b"signed"


def test_the_folder_one_stands_in_and_a_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="you are in it"):
        write_folder(Path(), FILES, mark=MARK)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="not a folder"):
        write_folder(tmp_path / "file", FILES, mark=MARK)


@pytest.mark.parametrize("call", range(1, 7))
def test_a_disk_that_fails_at_any_step_leaves_the_earlier_folder_as_it_was(
    tmp_path: Path, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "out", FILES, mark=MARK)
    before, calls = content(tmp_path / "out"), iter(range(1, 100))
    for name in ("write_bytes", "rename"):
        monkeypatch.setattr(Path, name, _failing(getattr(Path, name), calls, call))
    try:
        write_folder(tmp_path / "out", {"README.txt": FILES["README.txt"], "b.csv": b"1"}, mark=MARK)
        whole = {"README.txt", "b.csv", "SHA256SUMS.txt"}
    except OSError:
        whole = set(before)
    assert content(tmp_path / "out").keys() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _failing(real: object, calls: object, at: int) -> object:
    def call(self: Path, *args: object) -> object:
        if next(calls) == at:  # type: ignore[call-overload]
            raise OSError(28, "No space left on device", str(self))
        return real(self, *args)  # type: ignore[operator]

    return call
