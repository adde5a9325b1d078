"""Nobody gets another's training, and nobody loses his own, because a login, an id column or a file changed."""

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

import pytest

from lms_sync.files import shipped
from lms_sync.law.series import load
from lms_sync.workspace.start.workbooks import mapping_workbook
from tests.operations.night_files import CHIEF, COURSES, LOG, LOG_ROWS, MAPPED, SETTINGS, done, sheet
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

HEAD = ("Login", "Last Name", "First Name", "Employee ID", "Email", "Course", "Completed Date", "Status")
ADABELLE, BENEDETTA = ("Quillfeather", "Adabelle", "70101", ""), ("Rookhurst", "Benedetta", "70102", "")
EXPORT = "inbox/esd/{}.csv"


@pytest.fixture
def logins(settled: Town) -> Town:
    """Return a town with a source whose learners are known by a login, beside their Employee ID."""
    layout = (shipped("mappings") / "layouts/vector-completions.toml").read_text(encoding="utf-8")
    layout = layout.replace('key = ["person_id", "course", "assignment"]', 'key = ["learner", "course"]')
    layout = layout.replace("optional = [", 'optional = ["person_id", ').replace(
        "[columns]\n", '[columns]\nlearner = ["Login"]\n'
    )
    settled.write("mappings/layouts/logins.toml", layout)
    source = '[[source]]\nname = "esd"\nkind = "spreadsheet"\nexport = "increment"\n'
    source += 'files = [{ path = "inbox/esd/*.csv", layout = "logins" }]\n\n[mail]'
    settled.write("lms_sync.toml", SETTINGS.replace("[mail]", source))
    return settled


def export(*rows: Sequence[str]) -> bytes:
    out = StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode()


def row(login: str, person: Sequence[str], course: str, day: str = "10/07/2026") -> tuple[str, ...]:
    return (login, *person, course, day, "Completed")


def test_the_next_holder_of_a_login_does_not_inherit_what_was_learnt_under_it(logins: Town) -> None:
    logins.write(EXPORT.format(1), export(row("sro1", ADABELLE, "Everything")))
    logins.night(days=1)
    before = logins.open_topics("70102")
    logins.write(EXPORT.format(2), export(row("sro1", BENEDETTA, "Bystanders", "11/08/2026")))
    logins.night(days=1)

    assert logins.open_topics("70102") == before
    assert any("different people" in found for found in logins.findings("identity-conflict"))


def test_an_export_that_lost_its_ids_takes_nothing_from_anybody(logins: Town) -> None:
    """FAULTS: a merge after a name change lost 14 of 19 completions."""
    logins.write(EXPORT.format(1), export(row("rook", BENEDETTA, "Everything")))
    logins.night(days=1)
    assert logins.open_topics("70102") == set()
    logins.write(EXPORT.format(2), export(row("rook", ("", "", "", ""), "Bystanders", "11/07/2026")))
    logins.night(days=1)
    assert logins.open_topics("70102") == set()


def test_an_older_file_never_undoes_a_newer_one_that_was_put_away(settled: Town) -> None:
    settled.write("inbox/class/new.csv", sheet([done("70101", "Everything", "", "Not Started")]))
    settled.night(days=1)
    in_doubt = settled.findings("completion-doubted")
    assert in_doubt
    (settled.folder / "inbox/class/new.csv").unlink()
    settled.night(days=1)
    settled.write("inbox/class/broken.csv", b"PK\x03\x04 this was a workbook once")
    settled.night(days=1)
    (settled.folder / "inbox/class/broken.csv").unlink()
    settled.night(days=1)
    assert settled.findings("completion-doubted") == in_doubt


def test_a_number_of_a_strangers_company_is_a_conflict_when_no_word_of_the_names_agrees(settled: Town) -> None:
    stranger = ("Zimmerman", "Otto", "70102", "", "Everything", "11/01/2026", "Completed")
    settled.write(LOG, sheet([*LOG_ROWS, stranger]))
    settled.night(days=1)
    assert len(settled.findings("identity-conflict")) == 1
    assert settled.open_topics("70102") != set()


def test_a_plan_names_no_other_partner_and_nobody_elses_people(settled: Town) -> None:
    decided: dict[str, Any] = {"Source": "*", "Decided by": "T", "Decided on": MAPPED, "Provider": "Heronmere Guards"}
    rows = [{**decided, "Course": c, **{str(n): "x" for n in topics}} for c, topics in COURSES.items()]
    day = date(2026, 12, 5)
    place = "Heronmere hall, ask Cleodora Marshbane"
    hall: dict[str, Any] = {"Course": "Calm", "Starts": day, "Ends": day, "Place": place, "For partners": "heron"}
    settled.write("mappings/courses.xlsx", mapping_workbook(rows, [hall], topics=load().wordings))
    settled.night(days=7)
    said = text_of(settled.to(CHIEF)[-1])
    assert "Heronmere" not in said
    assert "Marshbane" not in said
