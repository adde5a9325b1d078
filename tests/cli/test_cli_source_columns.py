"""A sheet whose headings say too little is described by what a person says of its columns, not by TOML."""

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import _NamedTextIOWrapper
from openpyxl import Workbook

from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, OFFICER, District, roster_book, run

NAMED = ("--name", "Pinehill School District", "--hr", "hr@pinehill.example.org", "--telephone", "360-555-0100")
ADD = ("source", "add", "inbox/pat.xlsx")


@pytest.fixture
def new(tmp_path: Path) -> District:
    assert run("init", str(tmp_path), *NAMED).exit_code == 0
    (tmp_path / "roster.xlsx").write_bytes(roster_book())
    (tmp_path / "inbox" / "pat.xlsx").write_bytes(sheet())
    return District(tmp_path)


def sheet() -> bytes:
    """Return a sheet that names neither a course nor a day of completion."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["Badge", "Officer", "Sheet handed in", "Remark"])
    for person_id, last, first, _ in (OFFICER, GUARD):
        book.active.append([person_id, f"{last}, {first}", "2026-10-05", "ok"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_without_a_terminal_the_refusal_names_the_options_and_the_headings(new: District) -> None:
    refused = new.run(*ADD, "--take-layout")

    assert refused.exit_code == 2
    for words in ("--column day=HEADING", "--course TITLE", "Sheet handed in"):
        assert words in refused.stderr


def test_columns_and_course_are_said_by_options(new: District) -> None:
    added = new.run(
        *ADD, "--column", "day=sheet handed in", "--course", "De-escalation", "--status", "ok=done", "--take-layout"
    )

    assert added.exit_code == 0, added.output
    assert "2 completions" in added.stdout
    assert "De-escalation" in added.stdout
    assert [source.name for source in read_config(new.folder).settings.source] == ["pat"]
    assert new.run("layouts", "check").exit_code == 0


def test_at_a_terminal_it_asks(new: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    added = new.run(*ADD, stdin="Remarc\n\nDe-escalation\ndone\ny\n")

    assert added.exit_code == 0, added.output
    assert 'Did you mean "Remark"?' in added.output
    assert "2 completions" in added.output


def test_a_layout_that_reads_no_completion_is_not_taken_over(new: District) -> None:
    refused = new.run(*ADD, "--column", "day=Sheet handed in", "--course", "De-escalation", "--take-layout")

    assert (refused.exit_code, "no row would be read as a completion" in refused.stderr) == (2, True)
    assert not (new.folder / "mappings" / "layouts" / "pat.toml").exists()


def test_a_meaning_that_is_none_is_refused(new: District) -> None:
    refused = new.run(*ADD, "--course", "De-escalation", "--status", "ok=fine")

    assert (refused.exit_code, "MEANING is one of: done, open" in refused.stderr) == (2, True)


@pytest.mark.parametrize("typed", ["day", "days=When", "day="])
def test_what_is_no_part_and_heading_is_refused(new: District, typed: str) -> None:
    refused = new.run(*ADD, "--column", typed)

    assert (refused.exit_code, "PART is one of: day, course" in refused.stderr) == (2, True)
