"""Decisions hold for the person for whom they were made, also those that an earlier version recorded."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
import time_machine
from click.testing import CliRunner, Result

from lms_sync.cli.main import main
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, done, person_line, roster, sheet
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

STRANGER = ("Rookhurst", "Bene", "X-9", "benny@elsewhere.example.com", "Calm", "10/09/2026", "Completed")
LEARNER = "class:x-9"
CODE = "decided-for-another-name"
NEXT = {"Last_name": "Nakamura", "First_name": "John", "E-mails": "john@quarry.example.org"}
"""Somebody to whom Benedetta Rookhurst's number was given."""


def run_in(town: Town, *args: str) -> Result:
    town.later(minutes=10)
    with time_machine.travel(town.clock()):
        return CliRunner().invoke(main, ["-w", str(town.folder), *args])


@pytest.fixture
def met(settled: Town) -> Town:
    """Return a town that has met the stranger."""
    settled.write(CLASS, sheet([*CLASS_ROWS, STRANGER]))
    settled.night(hours=1)
    return settled


def staff(town: Town, **changes: str) -> None:
    """Change the line of 70102 on the roster, and let a night run."""
    town.write("roster.xlsx", roster(people=[person_line(i, **(changes if i == "70102" else {})) for i in NAMES]))
    town.night(days=1)


def answer(town: Town, verdict: str) -> None:
    """Answer the question that waits as its remedy says, and let a night run."""
    (found,) = town.findings(CODE)
    (command,) = re.findall(rf"lms-sync (worklist {verdict} \w+)", found)
    assert run_in(town, *command.split(), "--reason", "asked her").exit_code == 0
    town.night(days=1)


def as_stored_before(town: Town, *, forget: bool = False) -> None:
    """Take out of the database what earlier versions did not store; `forget`: nor does the history reach so far."""
    with closing(sqlite3.connect(town.database)) as database, database:
        facts = database.execute("select rowid, payload from fact where kind in ('link', 'person')").fetchall()
        for key, payload in facts:
            plain = {k: v for k, v in json.loads(payload).items() if k not in ("person_name", "linked_as")}
            database.execute("update fact set payload = ? where rowid = ?", (json.dumps(plain), key))
        learners = database.execute("select rowid, hashes from learner").fetchall()
        for key, hashes in learners:
            plain = {k: v for k, v in json.loads(hashes).items() if k != "names"}
            database.execute("update learner set hashes = ? where rowid = ?", (json.dumps(plain), key))
        database.execute("update decision set person_name = ''")
        database.execute("delete from audit")  # the first versions had none
        if forget:
            database.execute("update fact set recorded_at = '2001-01-01 00:00:00.000000' where kind = 'link'")


@pytest.mark.parametrize("earlier", [False, True])
def test_a_link_counts_for_nobody_when_the_id_is_somebody_else_s_until_it_is_answered(
    met: Town, *, earlier: bool
) -> None:
    run_in(met, "people", "link", LEARNER, "70102", "--reason", "asked her")
    if earlier:
        as_stored_before(met)
    staff(met)
    assert "topic-10" not in met.open_topics("70102")
    staff(met, **NEXT)
    assert "topic-10" in met.open_topics("70102")
    (found,) = met.findings(CODE)
    assert "Nakamura, John now; but the link of class:x-9 was decided for 70102 when that was Rookhurst" in found

    answer(met, "accept")
    assert "topic-10" not in met.open_topics("70102")
    assert met.findings(CODE) == []


def test_another_person_does_not_inherit_and_nobody_is_asked_again(met: Town) -> None:
    run_in(met, "people", "link", LEARNER, "70102", "--reason", "asked her")
    staff(met, **NEXT)
    answer(met, "refuse")
    assert "topic-10" in met.open_topics("70102")
    assert met.findings(CODE) == []


def test_a_married_name_asks_nothing(met: Town) -> None:
    run_in(met, "people", "link", LEARNER, "70102", "--reason", "asked her")
    staff(met, **{"Last_name": "Whitfield"})
    assert "topic-10" not in met.open_topics("70102")
    assert met.findings(CODE) == []


@pytest.mark.parametrize("earlier", [False, True])
def test_an_id_in_other_ids_is_the_person_s_for_whom_it_was_written_there(met: Town, *, earlier: bool) -> None:
    staff(met, Other_IDs=LEARNER)
    assert "topic-10" not in met.open_topics("70102")
    if earlier:
        as_stored_before(met)
    staff(met, Other_IDs=LEARNER, **NEXT)
    assert "topic-10" in met.open_topics("70102")
    assert len(met.findings(CODE)) == 1
    met.night(days=1)
    assert "topic-10" in met.open_topics("70102")


@pytest.mark.parametrize("earlier", [False, True])
def test_an_accepted_claim_is_the_person_s_for_whom_it_was_accepted(met: Town, *, earlier: bool) -> None:
    met.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Minds", "10/09/2026", "Waived")]))
    met.night(days=1)
    lacking = met.open_topics("70102")
    (found,) = met.findings("claim")
    (claim,) = re.findall(r"worklist accept (\w+)", found)
    run_in(met, "worklist", "accept", claim, "--reason", "ESD letter")
    if earlier:
        as_stored_before(met)
    met.night(days=1)
    assert met.open_topics("70102") < lacking
    run_in(met, "people", "link", "class:70102", "70102", "--reason", "hers")
    staff(met, **NEXT)
    asked = " ".join(met.findings(CODE))
    assert claim in asked or "the link of class:70102" in asked
    assert met.open_topics("70102") >= lacking


def test_no_to_a_match_by_id_holds_and_is_taken_back_like_any_answer(met: Town) -> None:
    before = met.open_topics("70101")
    denied = run_in(met, "people", "unlink", "class:70101", "--not", "70101", "--reason", "his cousin")
    assert (denied.exit_code, "is not 70101" in denied.stdout) == (0, True)
    met.night(days=1)
    assert met.open_topics("70101") > before
    assert met.findings("identity-conflict") == []

    assert run_in(met, "people", "unlink", "class:70101", "--reason", "it was him").exit_code == 0
    met.night(days=1)
    assert met.open_topics("70101") == before


def test_where_nobody_recorded_for_whom_the_partner_is_held_until_hr_answers(met: Town) -> None:
    run_in(met, "people", "link", LEARNER, "70102", "--reason", "asked her")
    as_stored_before(met, forget=True)
    met.night(days=7)
    (found,) = met.findings(CODE)
    assert "nobody recorded what the name was" in found
    assert "topic-10" in met.open_topics("70102")
    last = met.deliveries("quarry")[-1]
    assert (last.state.value, "does not say for whom it was made" in last.detail) == ("held", True)

    answer(met, "accept")
    assert "topic-10" not in met.open_topics("70102")


def test_the_first_night_after_an_upgrade_keeps_every_match_and_asks_nothing(met: Town) -> None:
    """Learners on the roster are shown, so their names are known; so is what the roster had."""
    run_in(met, "people", "link", LEARNER, "70102", "--reason", "asked her")
    met.night(days=1)
    before = {person_id: met.open_topics(person_id) for person_id in NAMES}
    as_stored_before(met)
    met.night(days=1)
    assert {person_id: met.open_topics(person_id) for person_id in NAMES} == before
    assert met.findings(CODE) + met.findings("name-not-kept") == []


def test_somebody_stored_before_without_a_name_waits_until_read_anew(met: Town) -> None:
    joins = ("Okonkwo", "Ifeoma", "70199", "", "Calm", "10/09/2026", "Completed")
    met.write(CLASS, sheet([*CLASS_ROWS, joins]))
    met.night(days=1)
    as_stored_before(met)
    people = [person_line(i) for i in NAMES]
    line = person_line("70102", Last_name="Okonkwo", First_name="Ify", Person_ID="70199", **{"E-mails": ""})
    met.write("roster.xlsx", roster(people=[*people, line]))
    met.night(days=1)
    (found,) = met.findings("name-not-kept")
    assert "pull class --anew" in found

    run_in(met, "pull", "class", "--anew")
    met.night(days=1)
    assert met.findings("name-not-kept") == []
