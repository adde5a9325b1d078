"""A roster that another program has spoilt: the last good one stays, and put back as it was it is sound."""

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.small_district import District, district


def without_zeros(book: bytes) -> bytes:
    """Return the workbook as a program leaves it that makes a number of all that looks like one."""
    workbook = load_workbook(BytesIO(book))
    for sheet in workbook:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.value.isdecimal():
                cell.value, cell.number_format = int(cell.value), "General"
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def standings(small: District) -> str:
    return small.run("gaps").stdout


def test_nobody_becomes_somebody_of_whom_nothing_is_known(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=1) as small:
        before, roster = standings(small), small.folder / "roster.xlsx"
        assert "00101" in before
        good = roster.read_bytes()
        roster.write_bytes(without_zeros(good))

        assert small.run("nightly").exit_code == 2
        assert standings(small) == before
        for command in (("check",), ("roster", "check"), ("worklist",)):
            shown = small.run(*command)
            assert 'the number 101, where the roster had the code "00101" before' in shown.output, command

        roster.write_bytes(good)
        assert small.run("nightly").exit_code in (0, 1)
        assert "where the roster had" not in small.run("worklist").output


def test_what_was_wrong_with_a_roster_goes_when_the_one_before_is_put_back_as_it_was(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=1) as small:
        roster = small.folder / "roster.xlsx"
        assert small.run("nightly").exit_code == 0, "nothing is new"
        good = roster.read_bytes()
        for broken in (b"PK", b""):
            roster.write_bytes(broken)
            assert small.run("nightly").exit_code == 2
            roster.write_bytes(good)
            assert small.run("nightly").exit_code == 0
            assert "roster.xlsx" not in small.run("worklist").output
