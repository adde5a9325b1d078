"""Issue 13, lines 11 and 13: ids in file names, headers and remedies, and new ids on the roster."""

import shlex

import pytest

from lms_sync.files import id_in_name
from lms_sync.model.evidence import Learner
from lms_sync.model.finding import Area
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.roster import Person
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Match
from lms_sync.tables.cells import Row, Sheet
from lms_sync.tables.form import FormReader
from lms_sync.text import in_shell
from lms_sync.workspace.roster.conflicts import Written
from lms_sync.workspace.roster.forms import PEOPLE
from lms_sync.workspace.roster.ids import unfit_ids

ODD = (
    "../../etc/passwd",
    ".ssh",
    "a/b",
    "a b",
    "a\nBcc: x@evil.example",
    "x;$(touch y)",
    "Ünit",
    "a" * 65,
    "%2e",
    "-\u200b",
)
FIT = ("00417", "QPD-26", "quarry_2", "a.b", "a" * 64)


@pytest.mark.parametrize("code", [*ODD, *FIT])
def test_13_13_file_names_and_headers_carry_ids_in_an_encoded_form(code: str) -> None:
    named = id_in_name(code)
    assert named.isascii()
    assert not set(named) & set('/\\ \n\r";:$~()')
    assert not named.startswith(".")
    assert (named == code) is (code in FIT or len(code) == 65)


def test_13_13_no_two_ids_give_one_name() -> None:
    assert len({id_in_name(code) for code in (*ODD, *FIT, "a-b", "a_b", "a%2Fb")}) == len(ODD) + len(FIT) + 3


@pytest.mark.parametrize(("known", "blocks"), [(frozenset(), True), (None, False)])
def test_13_13_new_ids_are_checked_and_old_ones_stay(known: frozenset[str] | None, *, blocks: bool) -> None:
    codes = [*ODD, *FIT]
    rows = [Row(number, (code, "Roe", "Ann")) for number, code in enumerate(codes, start=2)]
    sheet = Sheet("People", hidden=False, rows=(Row(1, ("Person ID", "Last name", "First name")), *rows))
    reader = FormReader("roster.xlsx", Area.ROSTER, (sheet,))
    entries = reader.read(PEOPLE).entries
    people = [(entry, Person(code, "Roe", "Ann")) for entry, code in zip(entries, codes, strict=True)]
    written = Written((), (), people, (), {}, frozenset())
    found = list(unfit_ids(reader, written, known=known))
    assert [finding.where for finding in found] == [f"roster.xlsx, People!A{n}" for n in range(2, len(ODD) + 2)]
    assert {finding.blocks for finding in found} == {blocks}
    assert list(unfit_ids(reader, written, known=frozenset(ODD))) == []


@pytest.mark.parametrize("key", ["x$(touch y)", "x;reboot", "x`id`", "x'; y", 'x"$(id)"', "x\ny"])
def test_13_11_remedies_name_learners_by_our_own_short_ids_quoted_for_the_shell(key: str) -> None:
    learner = PseudonymousLearner(
        "lms", "0123456789abcdef" * 2, (), (), "", Learner("lms", key, "", (), "Ann", "Roe")
    )
    matches = {("lms", learner.learner): Match(conflict="two people", people=("7", "8"))}
    (finding,) = matching_findings((learner,), matches)
    command = finding.remedy.partition("or lms-sync ")[2].partition(" PERSON")[0]
    assert shlex.split(command) == ["people", "link", "lms:#0123456789abcdef"]
    assert key not in finding.remedy
    assert shlex.split(f"echo {in_shell(key)}")[1] == key
