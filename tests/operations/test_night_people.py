"""The people desk in whole nights: links, refusals, merges and their end; nothing lost, nothing guessed."""

import os
import pty
import select
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms_sync.cli.main import main
from lms_sync.model.log import DecisionKind
from lms_sync.reports.gaps_export import report_json
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, assignment_line, person_line, roster, sheet
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

STRANGER = ("Rookhurst", "Bene", "X-9", "benny@elsewhere.example.com", "Calm", "10/09/2026", "Completed")
"""Somebody of the class who may be Benedetta Rookhurst (70102)."""
LEARNER = "class:x-9"


def say(town: Town, *args: str, stdin: str = "") -> Result:
    with time_machine.travel(town.clock() + timedelta(minutes=len(args))):
        town.later(minutes=10)
        return CliRunner().invoke(main, ["-w", str(town.folder), "people", *args], input=stdin)


@pytest.fixture
def met(settled: Town) -> Town:
    """Return a town that has met the stranger."""
    settled.write(CLASS, sheet([*CLASS_ROWS, STRANGER]))
    settled.night(hours=1)
    return settled


def judgement(town: Town) -> object:
    reports = [town.report(one) for one in ("quarry", "heron", "own")]
    told = report_json([reports[0]])["partners"] + report_json([reports[1]])["partners"]
    return told + report_json([reports[2]])["partners"]


def test_a_link_credits_what_was_done_before_it_and_is_not_known_earlier(met: Town) -> None:
    assert "topic-10" in met.open_topics("70102")
    (waiting,) = met.findings("unconfirmed-person")
    assert "people link 'class:#" in waiting

    linked = say(met, "link", LEARNER, "70102", "--reason", "asked her")
    assert (linked.exit_code, "70102" in linked.stdout) == (0, True)
    assert "topic-10" not in met.open_topics("70102")
    assert "asked her" in say(met, "links").stdout
    met.night(days=1)
    assert met.findings("unconfirmed-person") == []
    with met.workspace() as workspace:
        (entry,) = [one for one in workspace.store.audit.entries() if one.kind == DecisionKind.LINK]
    assert (entry.payload["subject"], entry.payload["before"]) == (LEARNER, None)
    assert entry.payload["after"]["person_id"] == "70102"


def test_unlinking_brings_back_what_was(met: Town) -> None:
    before = judgement(met)
    say(met, "link", LEARNER, "70102", "--reason", "asked her")
    assert judgement(met) != before
    assert say(met, "unlink", LEARNER, "--reason", "it was her cousin").exit_code == 0
    assert judgement(met) == before
    again = say(met, "unlink", LEARNER, "--reason", "twice")
    assert (again.exit_code, "nobody has linked" in again.stderr) == (2, True)


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.sampled_from(["70101", "70102", "80201", ""]), min_size=1, max_size=4))
def test_any_links_taken_back_leave_the_judgement_as_it_was(met: Town, steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(met.folder, Path(folder, "town"))
        town = Town(Path(folder, "town"), met.now)
        town.later(minutes=1)
        before = judgement(town)
        for person_id in steps:
            if person_id:
                assert say(town, "link", LEARNER, person_id, "--reason", "so I think").exit_code == 0
            else:
                say(town, "unlink", LEARNER, "--reason", "no")
        say(town, "unlink", LEARNER, "--reason", "all of it")
        assert judgement(town) == before


def test_other_ids_and_a_link_that_disagree_are_a_conflict_and_neither_wins(met: Town) -> None:
    say(met, "link", LEARNER, "70102", "--reason", "asked her")
    people = [person_line(i, **({"Other_IDs": LEARNER} if i == "70101" else {})) for i in NAMES]
    met.write("roster.xlsx", roster(people=people))
    met.night(days=1)
    assert "topic-10" in met.open_topics("70102")
    (found,) = met.findings("identity-conflict")
    assert "Other IDs and the link made by `people link` name different people" in found


def test_none_of_them_is_remembered_until_somebody_else_comes(met: Town) -> None:
    asked = say(met, "match")
    assert (asked.exit_code, LEARNER in asked.stdout, "last name" in asked.stdout) == (1, True, True)
    book = met.folder / "who.xlsx"
    say(met, "match", "-o", str(book))
    fill(book, "no")
    assert say(met, "match", "--read", str(book)).exit_code == 0
    assert say(met, "match").stdout == "Every learner is settled.\n"
    met.night(days=1)
    assert met.findings("unconfirmed-person") == []


def fill(path: Path, decision: str, reason: str = "asked around") -> None:
    book = load_workbook(path)
    rows = book.worksheets[0]
    headings = {cell.value: cell.column for row in rows.iter_rows(max_row=8) for cell in row if cell.value}
    for row in range(1, rows.max_row + 1):
        if rows.cell(row, headings["Learner"]).value == LEARNER:
            rows.cell(row, headings["Decision"]).value = decision
            rows.cell(row, headings["Reason"]).value = reason
    book.save(path)


def rename(path: Path, learner: str) -> None:
    book = load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = learner if cell.value == LEARNER else cell.value
    book.save(path)


def test_a_filled_in_workbook_decides_and_a_second_reading_changes_nothing(met: Town) -> None:
    book = met.folder / "who.xlsx"
    assert say(met, "match", "-o", str(book)).exit_code == 1
    fill(book, "yes")
    assert say(met, "match", "--read", str(book)).stdout == "1 learners decided, 0 were decided so before.\n"
    assert "topic-10" not in met.open_topics("70102")
    assert say(met, "match", "--read", str(book)).stdout == "0 learners decided, 1 were decided so before.\n"
    fill(book, "no")
    read = say(met, "match", "--read", str(book))
    assert (read.exit_code, f"{LEARNER} was decided otherwise: 70102, by" in read.stdout) == (2, True)
    rename(book, "class:nobody")
    read = say(met, "match", "--read", str(book))
    assert (read.exit_code, "class:nobody: no source has shown this learner" in read.stdout) == (2, True)
    with met.workspace() as workspace:
        assert sum(one.kind == DecisionKind.LINK for one in workspace.store.audit.entries()) == 1


@pytest.mark.parametrize(
    ("decision", "reason", "said"),
    [("yes", "", "no reason"), ("maybe", "x", "maybe"), ("", "x", "a reason without a decision")],
)
def test_a_workbook_with_anything_wrong_is_not_taken_in(met: Town, decision: str, reason: str, said: str) -> None:
    book = met.folder / "who.xlsx"
    say(met, "match", "-o", str(book))
    fill(book, decision, reason)
    read = say(met, "match", "--read", str(book))
    assert (read.exit_code, said in read.stdout) == (2, True)
    assert "Nothing was decided yet." in say(met, "links").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("link", LEARNER, "070102", "--reason", "x"), 'Did you mean "70102"'),
        (("link", "class:nobody", "70102", "--reason", "x"), "no source has shown this learner"),
        (("link", "nobody", "70102", "--reason", "x"), "not a learner"),
        (("link", LEARNER, "70102", "--reason", " "), "needs a name and a reason"),
        (("merge", "70101", "70102", "--reason", "x"), "still on the roster"),
        (("merge", "11111", "70102", "--reason", "x"), "was never on the roster"),
        (("merge", "70101", "--reason", "x"), "name the person, or --undo"),
        (("merge", "70101", "--undo", "--reason", "x"), "was not merged"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_kept(met: Town, args: tuple[str, ...], said: str) -> None:
    before = met.rows()
    told = say(met, *args)
    assert (told.exit_code, said in told.stderr) == (2, True)
    assert met.rows() == before


def with_another_id(town: Town, former: str, now: str) -> None:
    """Let HR give somebody another Person ID."""
    NAMES[now] = NAMES[former]
    try:
        ids = [now if i == former else i for i in NAMES if i != now]
        people = [person_line(i, **({"E-mails": "new@staff.example.org"} if i == now else {})) for i in ids]
        town.write("roster.xlsx", roster(people=people, assignments=[assignment_line(i) for i in ids]))
    finally:
        del NAMES[now]
    town.night(days=1)


def test_a_merged_person_id_loses_no_completion_and_no_date(met: Town) -> None:
    def credits(person_id: str) -> list[tuple[str, str]]:
        told = [p for p in report_json([met.report("quarry")])["partners"][0]["people"] if p["id"] == person_id]
        return [(r["id"], c["record"] + str(r["on"])) for p in told for r in p["requirements"] for c in r["credits"]]

    had = credits("70101")
    assert len(had) == 13
    with_another_id(met, "70101", "70199")
    assert credits("70199") == []
    (found,) = met.findings("person-replaced")
    assert "lms-sync people merge 70101 70199" in found

    assert say(met, "merge", "70101", "70199", "--reason", "new badge").exit_code == 0
    assert credits("70199") == had
    assert "new badge" in say(met, "links").stdout
    met.night(days=1)
    assert met.findings("person-replaced") == []
    assert say(met, "merge", "70101", "--undo", "--reason", "no").exit_code == 0
    assert credits("70199") == []


def test_another_name_and_address_under_the_same_person_id_keep_everything(met: Town) -> None:
    before = met.open_topics("70101")
    people = [
        person_line(i, **({"Last_name": "Married", "E-mails": "new@x.example.org"} if i == "70101" else {}))
        for i in NAMES
    ]
    met.write("roster.xlsx", roster(people=people))
    met.night(days=1)
    assert met.open_topics("70101") == before


def typed(town: Town, *keys: str) -> str:
    """Type at a real terminal, a line at each question; return what it showed."""
    travel = f"import time_machine; time_machine.travel({(town.now + timedelta(hours=1)).isoformat()!r}).start()"
    program = f"{travel}; from lms_sync.cli.main import main; main()"
    command = [sys.executable, "-c", program, "-w", str(town.folder), "people", "match"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", "COLUMNS": "200"})
    shown, answers, deadline = "", list(keys), time.monotonic() + 30
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                got = os.read(terminal, 4096).decode()
            except OSError:
                break
            shown += got
        asked = shown.rstrip().endswith(("q stop:", "]:"))
        if answers and asked:
            os.write(terminal, (answers.pop(0) + "\n").encode())
            shown += "\n"
    os.waitpid(pid, 0)
    return shown


def test_at_a_terminal_each_learner_is_asked_for_and_kept_at_once(met: Town) -> None:
    shown = typed(met, "7", "1", "her cousin told me")
    assert "Type a number of the list" in shown
    assert "1 decided" in shown
    assert "her cousin told me" in say(met, "links").stdout


def test_stopping_at_the_terminal_keeps_nothing_that_was_not_answered(met: Town) -> None:
    assert "0 decided" in typed(met, "q")
    assert "Nothing was decided yet." in say(met, "links").stdout
