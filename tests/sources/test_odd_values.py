"""Values that nobody expects cost their own row at most, and are told: words, signs, bytes, numbers, days."""

import logging
from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion, NotDone, Refused
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from tests.sources.read_sheets import ANA, CSV, HEAD, done, of_csv, of_xlsx, read, refused
from tests.sources.sample_files import PACIFIC, layout_named
from tests.tables.hostile import SHEET, changed, part


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Complted", "Completed"),
        ("complete.", "Complete"),
        ("In-Progress", "In Progress"),
        ("Uncompleted", ""),
        ("Completed (no)", ""),
        ("--", ""),
    ],
)
def test_a_status_word_is_never_taken_for_its_contrary(tmp_path: Path, word: str, meant: str) -> None:
    (item,) = of_csv(tmp_path, CSV + ",".join((*ANA[:5], word)) + "\n").items
    assert isinstance(item.reading, Refused)
    assert item.reading.finding.remedy.startswith(f'Did you mean "{meant}"? ' if meant else "If it is a new word")


@pytest.mark.parametrize("day", ["N/A", "-", "TBD", "02/31/2026", "01/01/1900", "0000-00-00"])
def test_what_is_not_done_needs_no_day_that_can_be_read(tmp_path: Path, day: str) -> None:
    rows = [",".join((*ANA[:4], day, word)) for word in ("In Progress", "Failed", "Completed", "Waived")]
    readings = [item.reading for item in of_csv(tmp_path, CSV + "\n".join(rows) + "\n").items]
    assert [type(reading) for reading in readings] == [NotDone, NotDone, Refused, Refused]


def test_a_blank_status_is_no_new_word(tmp_path: Path) -> None:
    (item,) = of_csv(tmp_path, CSV + ",".join((*ANA[:5], "")) + "\n").items
    assert refused(item) == ("blank-status", "in.csv, F2", "no status")


@pytest.mark.parametrize(
    ("row", "place", "found"),
    [
        ("Reyes,Ana,E100,Te\x1b[5mst,09/03/2025,Completed", "D2", "Te\\x1b[5mst"),
        ("Reyes,Ana,E1\u202e00,Trauma,09/03/2025,Completed", "C2", "E1\\u202e00"),
        ("Rey\x00es,Ana,E100,Trauma,09/03/2025,Completed", "A2", "Rey\\x00es"),
    ],
)
def test_control_character_makes_its_cell_a_finding(tmp_path: Path, row: str, place: str, found: str) -> None:
    other = "\nLee,Bo,E101,Trauma,09/03/2025,Completed" * 3
    items = of_csv(tmp_path, f"{CSV}{row}{other}\n").items
    code, where, words = refused(items[0])
    assert (code, where, found in words) == ("unfit-text", f"in.csv, {place}", True)
    assert len([item for item in items if isinstance(item.reading, Completion)]) == 3


def test_zero_width_characters_make_no_other_person_and_no_other_course(tmp_path: Path) -> None:
    (item,) = of_csv(tmp_path, f"{CSV}Reyes,Ana,00105\u200b,Trauma\u200b,09/03/2025,Completed\n").items
    assert (done(item).learner.person_id, done(item).course) == ("00105", "Trauma")


def test_file_in_utf8_with_one_foreign_byte_stays_in_utf8(tmp_path: Path) -> None:
    good, bad = (
        "Reyé,Ana,E100,Trauma – basics,09/03/2025,Completed\n",
        b"Pe\xf1a,Bo,E101,FERPA,09/03/2025,Completed\n",
    )
    (tmp_path / "in.csv").write_bytes((CSV + good).encode() + bad)
    file = read(tmp_path, "in.csv")
    assert [one.code for one in file.findings] == ["encoding-guessed"]
    assert done(file.items[0]).course == "Trauma – basics"
    assert refused(file.items[1])[:2] == ("unfit-text", "in.csv, A3")


def test_encoding_that_the_layout_states_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes((CSV + ",".join(ANA)).replace("Reyes", "Peña").encode("cp1252") + b"\n")
    assert [one.code for one in read(tmp_path, "in.csv").findings] == ["encoding-guessed"]
    layout = layout_named("safeschools").model_dump()
    stated = Layout.model_validate({**layout, "sheet": {**layout["sheet"], "encoding": "cp1252"}})
    file = read(tmp_path, "in.csv", stated)
    assert (file.findings, done(file.items[0]).learner.last_name) == ((), "Peña")


@pytest.mark.parametrize("score", ["NaN", "inf", "-Infinity", "1e999999", "1e-999999", "9" * 40])
def test_score_that_no_scale_has_is_a_finding_of_its_row(tmp_path: Path, score: str) -> None:
    file = of_csv(tmp_path, ",".join(HEAD) + f"\n{','.join(ANA)},{score}\n" + ",".join((*ANA, "85")) + "\n")
    assert refused(file.items[0])[:2] == ("bad-score", "in.csv, G2")
    assert done(file.items[1]).score == 85


@pytest.mark.parametrize("value", ["1E999", "nan", "-1E999"])
def test_number_that_is_none_is_a_finding_of_its_row(tmp_path: Path, value: str) -> None:
    of_xlsx(tmp_path, [HEAD, (*ANA[:4], 1.0, *ANA[5:], 2.0), (*ANA, 85)], {})
    data = (tmp_path / "in.xlsx").read_bytes()
    for place, old in (("E2", b"<v>1</v>"), ("G2", b"<v>2</v>")):
        sheet = part(data, SHEET)
        assert old in sheet, place
        (tmp_path / "in.xlsx").write_bytes(changed(data, {SHEET: sheet.replace(old, f"<v>{value}</v>".encode())}))
        items = read(tmp_path, "in.xlsx").items
        assert (isinstance(items[0].reading, Refused), isinstance(items[1].reading, Completion)) == (True, True)


@pytest.mark.parametrize("year", ["0001", "9999", "1988", "2102"])
def test_day_of_a_year_beyond_all_is_a_finding_of_its_row(tmp_path: Path, year: str) -> None:
    layout = layout_named("safeschools").model_dump()
    dates = {"formats": ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M"], "order": "ymd", "instant": True}
    timed = Layout.model_validate({**layout, "dates": dates})
    rows = [f"{year}-01-01T00:00:00+1400", f"{year}-12-31T23:59:59-1200", f"{year}-01-01 00:00", f"{year}-12-31"]
    lines = "".join(f"Reyes,Ana,E{n},Trauma,{day},Completed\n" for n, day in enumerate(rows))
    (tmp_path / "in.csv").write_text(CSV + lines)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        items = read(tmp_path, "in.csv", timed, zone).items
        assert [refused(item)[0] for item in items] == ["bad-date"] * 4


def test_whatever_breaks_on_one_row_is_that_rows_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(words: str, *, last_first: bool) -> tuple[str, str]:
        raise RuntimeError(f"cannot deal with {words}")

    monkeypatch.setattr("lms_sync.sources.spreadsheet.records.split_name", broken)
    layout = layout_named("sign-in-sheet")
    rows = "Course: Trauma\nDate: 9/23/2025\nName,Signature\nAna Reyes,x\n,\n"
    with caplog.at_level(logging.ERROR):
        (item,) = of_csv(tmp_path, rows, layout).items
    assert refused(item)[:2] == ("row-unreadable", "in.csv, A4")
    assert "split_name" in caplog.text
    assert "Reyes" not in caplog.text


def test_name_of_a_file_is_written_out_where_it_holds_controls(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\u202e.csv").write_text(CSV + ",".join(ANA) + "\n")
    (file,) = (
        Spreadsheet("acme", "cumulative", (OpenedPattern("*.csv", layout_named("safeschools")),), tmp_path, PACIFIC)
        .pull(frozenset())
        .files
    )
    assert file.name == "a\\x1b[2J\\u202e.csv"
    assert file.items[0].origin.file == file.name
