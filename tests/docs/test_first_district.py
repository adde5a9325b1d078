"""docs/first-district.md, followed to the letter: each command in its order, what people do between them here."""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import time_machine

from tests.cli.small_district import DONE, NOW, course_book, export, roster_book, run

TUTORIAL = Path(__file__).parent.parent.parent / "docs" / "first-district.md"
BY_PEOPLE: Mapping[str, Callable[[Path], object]] = {
    "2. Fill in the roster": lambda folder: (folder / "roster.xlsx").write_bytes(roster_book()),
    "3. Say where completions come from": lambda folder: (folder / "inbox/vector.csv").write_text(export(DONE)),
    "6. Say what the courses teach": lambda folder: (folder / "mappings/courses.xlsx").write_bytes(course_book()),
}
"""Section → what a person does there before the last command."""


def test_the_tutorial_leads_to_the_first_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("my-district")
    ran: list[str] = []
    with time_machine.travel(NOW):
        for section in re.split(r"^## ", TUTORIAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            heading = section.partition("\n")[0]
            lines = re.findall(r"^    lms-sync (.*)$", section, re.MULTILINE)
            for number, line in enumerate(lines, start=1):
                if line == "init my-district":
                    continue  # without a terminal the options of the next line say what it would ask
                if number == len(lines) and heading in BY_PEOPLE:
                    BY_PEOPLE[heading](folder)
                typed = run(*shlex.split(line))
                assert typed.exit_code in (0, 1), f"{line}\n{typed.output}"
                ran.append(line)
        finished = run("-w", str(folder), "setup")

    assert len(ran) > 10
    assert "Set up: the first report was sent." in finished.stdout, finished.stdout
    assert any(name.endswith(".eml") for name in os.listdir(folder / "outbox"))
