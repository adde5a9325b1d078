"""export ospi: a folder ready to send, whole or not there."""

import csv
import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from lms_sync import whole_folder
from lms_sync.documents.vault import open_vault
from lms_sync.files import write_whole
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, NOW, OFFICER, District
from tests.documents.filing_files import pdf


def export(one: District, out: Path, *words: str) -> str:
    done = one.run("export", "ospi", "-o", str(out), *words)
    assert done.exit_code in (0, 1), done.output
    return done.stdout


def table(out: Path, name: str) -> list[list[str]]:
    (path,) = out.glob(f"*-{name}.csv")
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"))))[1:]


def test_a_folder_with_workbook_documents_readme_and_hashes_is_written(morning: District, tmp_path: Path) -> None:
    plan = morning.run("agreements", "plan", "HERON-26", "-o", str(tmp_path / "plan.pdf"))
    assert plan.exit_code == 0, plan.output
    told = export(morning, tmp_path / "out")

    assert "2 staff as of 23 Nov 2026, 1 building, 2 agreements, 1 document" in told
    assert "missing: Quarry Police, QPD-26: no adoption by the board is recorded" in told
    assert "name people" in told
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("README.txt", "SHA256SUMS.txt", "ospi-2026-27.xlsx", "documents"),
    }
    (copy,) = (tmp_path / "out/documents").iterdir()
    assert copy.name.startswith("Heron-Guards-HERON-26-training-plan-TP-2026-")
    assert copy.read_bytes() == (tmp_path / "plan.pdf").read_bytes()
    assert load_workbook(tmp_path / "out/ospi-2026-27.xlsx")["Buildings"]["B5"].value == 2


def test_the_csv_files_say_the_same_and_a_second_run_replaces_them(morning: District, tmp_path: Path) -> None:
    for _ in range(2):
        export(morning, tmp_path / "out", "--format", "csv")
    assert table(tmp_path / "out", "buildings") == [["Pinehill HS", "2", "10"]]
    assert table(tmp_path / "out", "days-a-week") == [
        ["Pinehill HS", "Staff 1", "5"],
        ["Pinehill HS", "Staff 2", "5"],
    ]
    text = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert not [word for who in (OFFICER, GUARD) for word in who if word.encode() in text]


def test_a_year_that_is_over_is_counted_on_its_last_day(morning: District, tmp_path: Path) -> None:
    with time_machine.travel("2027-10-01T16:00Z"):
        export(morning, tmp_path / "out", "--format", "csv", "--year", "2026-2027")
    about = dict(table(tmp_path / "out", "about"))
    assert (about["School year"], about["Staff as of"]) == ("2026-27", "31 August 2027")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2026"), "not a school year"),
        (("--year", "2026-27", "--as-of", "2027-09-01"), "is not in the school year 2026-27"),
        (("--as-of", "yesterday"), "not a day"),
        (("--known-at", "2020-01-01T00:00"), "no roster has been recorded yet"),
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_written(
    morning: District, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    refused = morning.run("export", "ospi", "-o", str(tmp_path / "out"), *words)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_fault_on_the_way_leaves_no_folder_that_could_be_taken_for_whole(
    morning: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning.run("agreements", "plan", "HERON-26", "-o", str(tmp_path / "plan.pdf"))
    real = write_whole

    def full(path: Path, content: bytes, **how: Any) -> None:
        if path.suffix == ".pdf":
            raise OSError(28, "No space left on device", str(path))
        real(path, content, **how)

    monkeypatch.setattr(whole_folder, "write_whole", full)
    failed = morning.run("export", "ospi", "-o", str(tmp_path / "out"))
    assert (failed.exit_code, "No space left" in failed.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.pdf", "ws"]


def test_the_vault_s_own_folder_is_never_written_over(morning: District) -> None:
    vault = open_vault(*read_config(morning.folder).kept_files).folder
    vault.mkdir(exist_ok=True)
    (vault / "a.pdf").write_bytes(b"%PDF-1")
    refused = morning.run("export", "ospi", "-o", str(vault))
    assert (refused.exit_code, "which this did not write" in refused.stderr) == (2, True)
    assert (vault / "a.pdf").read_bytes() == b"%PDF-1"


def test_a_document_that_was_withdrawn_later_stands_by_what_was_known_before(
    morning: District, tmp_path: Path
) -> None:
    with time_machine.travel(NOW + timedelta(hours=1)):
        morning.run("agreements", "plan", "HERON-26", "-o", str(tmp_path / "plan.pdf"))
    with time_machine.travel(NOW + timedelta(hours=3)):
        morning.run("agreements", "withdraw", "TP-2026-0001", "--reason", "a wrong day")
        now = export(morning, tmp_path / "now")
        then = export(morning, tmp_path / "then", "--known-at", "2026-11-23T10:00")

    assert "TP-2026-0001 was withdrawn" in now
    assert "1 document" in then
    assert "TP-2026-0001 was withdrawn" not in then


def test_one_folder_for_an_outsider_and_an_entry_of_the_log(morning: District, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--for", "State Auditor", "--reason", "audit of 2026-27", "--by", "Kim")
    made = morning.run("export", "evidence", "QPD-26", "-o", str(out), *words)
    files = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    lines = (out / "SHA256SUMS.txt").read_text("utf-8").splitlines()
    sums = {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}

    assert made.exit_code == 0, made.output
    assert {"README.txt", "log.json", "review.txt", "review.json", "people/00101.json", "people/00101.pdf"} <= files
    assert "people/00201.json" not in files
    assert files - {"SHA256SUMS.txt"} == set(sums)
    assert all(hashlib.sha256((out / name).read_bytes()).hexdigest() == sums[name] for name in sums)
    assert "Made by Kim for State Auditor" in (out / "README.txt").read_text("utf-8")
    (entry,) = morning.json("log", "show", "--kind", "evidence", "--format", "json")
    assert "State Auditor" in str(entry)
    assert morning.run("log", "verify").exit_code == 0


def test_what_is_on_file_and_not_in_the_folder_is_said(morning: District, tmp_path: Path) -> None:
    letter, out = tmp_path / "letter of both.pdf", tmp_path / "out"
    letter.write_bytes(pdf("Ada Marsh and Ben Brook"))
    esd = ("--kind", "verified", "--esd", "ESD 113", "--day", "2026-11-01", "--component", "classroom")
    filed = morning.run("documents", "add", str(letter), "--person", OFFICER[0], "--person", GUARD[0], *esd)
    assert filed.exit_code == 0, filed.output
    written = morning.run("export", "evidence", OFFICER[0], "-o", str(out), "--for", "counsel", "--reason", "hearing")

    line = "letter of both.pdf (ESD 113, 1 Nov 2026): it names other people too."
    assert f"  not in it: {line}" in written.stdout
    assert f"Not in this folder:\n- {line}" in (out / "README.txt").read_text("utf-8")
    assert "1 Rights of children in school: verified by an ESD on" in (out / f"people/{OFFICER[0]}.txt").read_text(
        "utf-8"
    )


def test_the_evidence_of_a_person_is_theirs_alone(morning: District, tmp_path: Path) -> None:
    out = tmp_path / "out"
    morning.run("export", "evidence", "00201", "-o", str(out), "--for", "counsel", "--reason", "hearing")
    text = "".join(path.read_text("utf-8") for path in out.rglob("*") if path.suffix in (".txt", ".json"))

    assert "Brook" in text
    assert "Marsh, Ada" not in text
