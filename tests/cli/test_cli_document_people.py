"""A Person ID that is given to somebody else brings nobody the documents of the one who had it."""

import pytest
from openpyxl import load_workbook

from lms_sync.documents.esd_list import DOCUMENTS_FORM
from tests.cli.small_district import GUARD, District
from tests.documents.filing_files import pdf

pytestmark = pytest.mark.slow  # whole nights by the dozen
BEN = GUARD[0]
HEADINGS = tuple(column.heading for column in DOCUMENTS_FORM.columns)
ROW = (BEN, "", "", "all", "verified", "ESD 113", "2026-11-01", "89")


def letter(one: District, *args: str) -> list[str]:
    """Return the command that files a letter that names nobody."""
    path = one.folder.parent / "letter.pdf"
    path.write_bytes(pdf("ESD 113 verifies no. 88"))
    said = ("--kind", "verified", "--esd", "ESD 113", "--day", "2026-11-01", "--number", "88")
    return ["documents", "add", str(path), "--person", BEN, "--component", "all", *said, *args]


def esd_list(one: District) -> list[str]:
    """Return the command that files a list that names nobody."""
    path = one.folder.parent / "list.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADINGS, ROW)), encoding="utf-8")
    return ["documents", "add", str(path)]


def becomes(one: District, last: str, first: str) -> None:
    """Let the roster say another name for Ben Brook, and a night run."""
    path = one.folder / "roster.xlsx"
    book = load_workbook(path)
    (row,) = [cells for cells in book["People"].iter_rows() if str(cells[0].value) == BEN]
    for cell in row:
        cell.value = {"Brook": last, "Ben": first}.get(str(cell.value), cell.value)
    book.save(path)
    one.run("nightly")


def state(one: District) -> str:
    found = one.json("gaps", "--format", "json")
    (told,) = [p for partner in found["partners"] for p in partner["people"] if p["id"] == BEN]
    return str(told["state"])


def changed(one: District) -> list[str]:
    """Return what the worklist says of it after the next night."""
    one.run("nightly")
    return [line for line in one.run("worklist").stdout.splitlines() if " filed when " in line]


def test_another_person_under_the_same_id_is_not_documented_and_the_night_says_so(morning: District) -> None:
    morning.run(*letter(morning))
    before = state(morning)
    becomes(morning, "Newby", "Nils")
    (told,) = changed(morning)

    assert (before, state(morning) == "documented") == ("documented", False)
    assert f"was filed when {BEN} was Brook, Ben, and does not count for {BEN}" in told
    assert "Newby, Nils; but D" in told


def test_who_marries_stays_documented(morning: District) -> None:
    morning.run(*letter(morning))
    becomes(morning, "Newby", "Ben")

    assert (state(morning), changed(morning)) == ("documented", [])


def test_filing_it_again_needs_a_reason_and_then_counts(morning: District) -> None:
    morning.run(*letter(morning))
    becomes(morning, "Newby", "Nils")
    refused = morning.run(*letter(morning))
    insisted = morning.run(*letter(morning, "--reason", "he took both names of his wife", "--by", "Kim"))
    again = morning.run(*letter(morning))

    assert (refused.exit_code, f"on file was filed when {BEN} was Brook, Ben" in refused.stderr) == (2, True)
    assert (insisted.exit_code, state(morning), changed(morning)) == (0, "documented", [])
    assert "On file already" in again.stdout
    (one,) = morning.json("documents", "list", "--format", "json")
    assert (one["names"], one["reason"]) == (["Newby, Nils"], "he took both names of his wife")
    first, second = morning.json("log", "show", "--about", one["id"], "--format", "json")
    assert ["Brook, Ben" in str(entry["before"]) for entry in (first, second)] == [False, True]


def test_the_same_list_read_again_documents_no_other_person(morning: District) -> None:
    morning.run(*esd_list(morning))
    becomes(morning, "Newby", "Nils")
    (one,) = morning.json("documents", "list", "--format", "json")
    again = morning.run(*esd_list(morning))
    withdrawn = morning.run("documents", "withdraw", one["id"], "--reason", "to be filed anew: he took another name")
    anew = morning.run(*esd_list(morning))

    assert again.exit_code == 1
    assert f"{one['id']} on file says the same, and was filed when {BEN} was Brook, Ben" in again.stdout
    assert (withdrawn.exit_code, "1 filed" in anew.stdout, state(morning)) == (0, True, "documented")


def test_a_document_of_the_new_person_s_own_is_filed_beside_the_old_one(morning: District) -> None:
    morning.run(*letter(morning))
    becomes(morning, "Newby", "Nils")
    own = morning.run(*letter(morning, "--number", "90", "--reason", "one letter of two numbers"))

    assert (own.exit_code, state(morning)) == (0, "documented")
    assert len(changed(morning)) == 1, "the old one still waits for a word"
