"""Issue 13, lines 11 and 13: ids in file names, headers and remedies, and new ids on the roster."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lms_sync.agreements.year.ospi import WithAgreement, copy_name
from lms_sync.files import apart, id_in_name
from lms_sync.mail.documents import Documents
from lms_sync.model.evidence import Learner
from lms_sync.model.finding import Area
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.roster import Agreement, PartnerKind, Person
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Match
from lms_sync.tables.cells import Row, Sheet
from lms_sync.tables.form import FormReader
from lms_sync.text import in_shell
from lms_sync.whole_folder import write_folder
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
OLD = (
    "..",
    "a/b",
    "con",
    "NUL.x",
    "com1",
    ".x",
    "é",
    "x" * 200,
    "é" * 200,
    "x.",
    "-x",
    "a\nb",
    "a\\b",
    "Quarry",
    "~",
    "%",
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
    many = {*ODD, *FIT, *OLD, "a-b", "a_b", "a%2Fb", "x" * 199, "é" * 199, "%63on", "con%2E"}
    assert len({id_in_name(code) for code in many}) == len(many)
    twins = apart(f"{id_in_name(code)}.json" for code in ("Quarry", "quarry", "QUARRY", "quarry-2"))
    assert len({name.casefold() for name in twins}) == 4


@pytest.mark.parametrize("code", OLD)
def test_13_13_names_of_old_ids_fit_every_disk(code: str) -> None:
    """`con` and a dot at the end are nobody's file on Windows; 255 bytes are the most of one name."""
    named = id_in_name(code)
    assert "/" not in named
    assert "\\" not in named
    assert named.isascii()
    assert 0 < len(named) <= 125
    assert named[0] not in ".-"
    assert named[-1] not in ". "
    assert named.split(".")[0].casefold() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}


WITH_AGREEMENT = WithAgreement(
    "Heron Guards",
    PartnerKind.SECURITY_COMPANY,
    Agreement("A", "P", "2026-27", date(2026, 9, 1), date(2027, 8, 31)),
    None,
)
MAKERS: dict[str, Callable[[str], Iterable[str]]] = {
    "a copy for OSPI": lambda code: [
        copy_name(
            replace(WITH_AGREEMENT, agreement=replace(WITH_AGREEMENT.agreement, agreement_id=code)),
            *("training confirmation", "TC-2026-0001"),
            ending=".pdf",
        )
    ],
    "what is mailed to a partner": lambda code: [a.name for a in mailed_to(code).attachments],
}


def mailed_to(partner_id: str) -> Documents:
    report = SimpleNamespace(partner=SimpleNamespace(partner_id=partner_id), as_of=date(2026, 11, 26))
    pdf = SimpleNamespace(content=b"")
    return Documents(cast(Any, report), cast(Any, None), cast(Any, None), b"", cast(Any, pdf), b"x")


@pytest.mark.parametrize("maker", MAKERS)
def test_13_13_every_maker_of_file_names_encodes_old_ids(maker: str, tmp_path: Path) -> None:
    names = [name for code in OLD for name in MAKERS[maker](code)]
    assert len(names) == len(set(names))
    for name in names:
        assert Path(tmp_path, name).resolve().parent == tmp_path.resolve()
        assert len(name.encode()) <= 255
        Path(tmp_path, name).write_bytes(b"")


@pytest.mark.parametrize("name", ["../x", "people/../../x", "/etc/x", "people//x", ".."])
def test_13_13_nothing_is_written_out_of_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no path in a folder"):
        write_folder(tmp_path / "new", {"README.txt": b"m\n", name: b""}, mark="m")
    assert not (tmp_path / "new").exists()


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
