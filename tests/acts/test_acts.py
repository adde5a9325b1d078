"""Every act of a person: one entry of the log when it is done; when it is refused, not a row and not a file.

`CASES` names every act that there is; each is done in a copy of one small district, prepared once.
"""

import ast
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lms_sync.agreements.clause_c.issue import issue_document
from lms_sync.compliance.disputed import WHY_IT_WAITS
from lms_sync.documents.request.decide import make_requests
from lms_sync.errors import UsageError
from lms_sync.mail.reasons_to_hold import stop_reasons
from lms_sync.model.issued import IssuedKind
from lms_sync.model.log import LogEntry
from lms_sync.operations.retention import decide as retention
from lms_sync.people import decide as people
from lms_sync.store.audit import broken
from lms_sync.store.known.differences import read_differences
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.known.who_is_who import read_links, record_link
from tests.acts.agreements import CASES as AGREEMENTS
from tests.acts.documents import CASES as DOCUMENTS
from tests.acts.documents import draft
from tests.acts.evidence import CASES as EVIDENCE
from tests.acts.here import ADA, BEN, ROWS, STRANGER, Case, Here, here_in, nothing, prepare
from tests.acts.keeping import CASES as KEEPING
from tests.acts.keeping import planted, purge_left_over
from tests.acts.mail import CASES as MAIL
from tests.acts.people import CASES as PEOPLE
from tests.cli.small_district import INBOX, NIGHT, NOW, district, export
from tests.operations.night_town import Town

PRODUCT = Path(__file__).parent.parent.parent / "lms_sync"
CASES: Mapping[str, Case] = {**EVIDENCE, **PEOPLE, **MAIL, **DOCUMENTS, **AGREEMENTS, **KEEPING}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a district after a night, in which each act finds something to decide."""
    folder = tmp_path_factory.mktemp("acts") / "ws"
    with district(folder, nights=0):
        pass
    (folder / INBOX).write_text(export(ROWS), encoding="utf-8")
    town = Town(folder, NIGHT)
    town.night()
    town.now = NOW
    with town.workspace() as workspace:
        prepare(workspace)
        here = here_in(folder, workspace)
        here.judged(issue_document, agreement_id="HERON-26", kind=IssuedKind.PLAN)
        here.judged(make_requests, draft=draft(ADA), folder=folder.parent / "to-send")
    return folder


@pytest.fixture
def here(prepared: Path, tmp_path: Path) -> Iterator[Here]:
    """Yield a copy of the district, opened."""
    with _copied(prepared, tmp_path / "ws") as here:
        yield here


@pytest.fixture(scope="module")
def unchanged(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """Yield a copy, opened, for acts that are refused: each of their tests leaves it as it was, or fails."""
    with _copied(prepared, tmp_path_factory.mktemp("refused") / "ws") as here:
        yield here


@contextmanager
def _copied(prepared: Path, folder: Path) -> Iterator[Here]:
    shutil.copytree(prepared, folder)
    (folder / "documents").mkdir(exist_ok=True)
    town = Town(folder, NOW)
    town.later(minutes=5)
    with town.workspace() as workspace:
        yield here_in(folder, workspace)


def rows(here: Here) -> list[str]:
    """Return all that the database holds."""
    with closing(sqlite3.connect(here.folder / "state" / "lms_sync.db")) as connection:
        return list(connection.iterdump())


def kept(here: Here) -> list[str]:
    """Return the names of the files that the workspace keeps, and of those written for others."""
    out = here.out
    return sorted(path.name for folder in (here.folder / "documents", out) for path in folder.glob("*"))


def entries(here: Here) -> tuple[LogEntry, ...]:
    return here.workspace.store.audit.entries()


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_is_done_leaves_one_entry_of_the_log(here: Here, name: str) -> None:
    case = CASES[name]
    case.given(here)
    before = entries(here)
    case.done(here)
    after = entries(here)
    assert len(after) == len(before) + 1
    assert after[-1].payload.get("second", after[-1].payload["by"]) == "A. Roe"
    assert broken(after) == ()


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_is_refused_leaves_nothing(request: pytest.FixtureRequest, name: str) -> None:
    case = CASES[name]
    here: Here = request.getfixturevalue("unchanged" if case.given is nothing else "here")
    case.given(here)
    before = rows(here), kept(here)
    with pytest.raises(UsageError) as refusal:
        case.refused(here)
    assert (rows(here), kept(here)) == before
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("decide_claim", "UPDATE decision SET person_name = 'Poe, Ann'"),
        ("decide_claim", "UPDATE decision SET training_day = '2026-09-05'"),
        ("decide_claim", "UPDATE decision SET training_day = NULL"),
        ("keep_completions", "UPDATE fact SET payload = json_set(payload, '$.status', 'x') WHERE kind = 'doubt'"),
    ],
)
def test_13_2_what_a_decision_was_about_stands_in_its_entry_and_cannot_be_changed_unseen(
    here: Here, name: str, change: str
) -> None:
    CASES[name].given(here)
    CASES[name].done(here)
    store = here.workspace.store
    assert read_differences(store) == ()
    with store.transaction():
        store.connection.exec_driver_sql(change)
    assert len(read_differences(store)) == 1


def test_13_2_the_partner_of_a_difference_is_held_and_nothing_is_purged(here: Here) -> None:
    """The log has nothing of a release, of a link and of a hold that was taken away: the safe side holds."""
    assert stop_reasons(here.issuer, ()).get("QPD", "") != WHY_IT_WAITS
    here.do(retention.add_hold, subject=BEN)
    with here.workspace.store.transaction():
        HOLDS.end(here.workspace.store, BEN, now=here.workspace.clock())
    assert [name for name, why in stop_reasons(here.issuer, ()).items() if why == WHY_IT_WAITS] == ["HERON"]
    planted(here)
    stops = stop_reasons(here.issuer, ())
    assert (stops["HERON"], stops["QPD"]) == (WHY_IT_WAITS, WHY_IT_WAITS)
    with pytest.raises(UsageError, match="differ"):
        purge_left_over(here)


def test_13_2_a_learner_with_a_planted_link_is_nobody(here: Here) -> None:
    here.do(people.link, handle=STRANGER, person_id=BEN)
    key = people.pseudonym_of(STRANGER, here.workspace.pseudonyms)
    assert here.issuer.judged.matches[key].person_id == BEN
    store = here.workspace.store
    with store.transaction():
        planted = replace(read_links(store)[0], person_id=ADA)
        record_link(store, planted, now=here.workspace.clock())
    match = here.issuer.judged.matches[key]
    assert (match.person_id, match.candidates) == ("", ())
    assert stop_reasons(here.issuer, ())["QPD"] == WHY_IT_WAITS


def _functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Yield the functions of the modules that speak of an author."""
    texts = ((path, path.read_text(encoding="utf-8")) for path in sorted(PRODUCT.rglob("*.py")))
    for path, text in ((path, text) for path, text in texts if "author: Author" in text):
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                yield path, node


def test_the_cases_name_every_act() -> None:
    acts = {
        node.name
        for path, node in _functions()
        if [argument.arg for argument in node.args.args[:2]] == ["workspace", "author"]
        and not node.name.startswith("_")
        and path.parent.name != "cli"
    }
    assert acts == {name.partition(",")[0] for name in CASES} - {
        "a drop that is accepted",
        "exchanged days that are accepted",
    }


def test_the_store_writes_no_entry_of_the_log_by_itself() -> None:
    assert [
        path.name
        for path in (PRODUCT / "store").rglob("*.py")
        if path.name != "audit.py" and "audit.add(" in path.read_text(encoding="utf-8")
    ] == []


def _writes() -> frozenset[str]:
    """Return the names of the store's methods and functions that write: their transaction is the caller's."""
    names = {"transaction", "add", "save", "put", "end", "record", "see", "decide", "clear", "release"}
    names |= {"start", "finish", "withdraw", "accept_absences", "end_absences", "record_pull", "record_file"}
    return frozenset(names)


def _is_write(node: ast.AST) -> bool:
    """Tell whether a node writes to a store: `….store.x.add(…)`, `REGISTER.put(…)`, `record_roster(…)`."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("lms_sync.store") and any(
            alias.name.startswith(("record_", "end_")) for alias in node.names
        )
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _writes()):
        return False
    owner = ast.unparse(node.func.value)
    return "store" in owner.split(".") or owner.isupper()


def test_the_command_line_opens_no_transaction_and_writes_nothing() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((PRODUCT / "cli").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.ImportFrom) and _is_write(node)
    ]
    assert found == []


def test_what_counts_as_a_write_is_found() -> None:
    for text in ("workspace.store.transaction()", "workspace.store.findings.decide(x)", "HOLDS.put(store, x)"):
        assert any(_is_write(node) for node in ast.walk(ast.parse(text)))
    for text in ("workspace.store.findings.open()", "decide.link(workspace, author)", "names.add(x)"):
        assert not any(_is_write(node) for node in ast.walk(ast.parse(text)))
