"""Any report as issued is rebuilt from history, whatever nights, edits and decisions came in between."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.issue import read_clause
from lms_sync.errors import UsageError
from lms_sync.mail.issue import current_report
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.issued import IssuedKind
from lms_sync.operations.night import open_issuer
from lms_sync.people.decide import link, unlink
from lms_sync.reports.gaps_export import report_json
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.schema import report
from lms_sync.store.workspace import Workspace
from tests.deciding import decide_claim, file_document, take_back_document
from tests.operations.certified_town import file, issue, withdraw
from tests.operations.night_files import (
    CLASS,
    CLASS_ROWS,
    COURSES,
    NAMES,
    course_map,
    done,
    person_line,
    roster,
    sheet,
)
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen

STRANGER = ("Rookhurst", "Bene", "X-9", "bene@elsewhere.example.com", "Calm", "10/09/2026", "Completed")
WAIVED = done("70102", "Minds", "10/09/2026", "Waived")
Step = Callable[[Town], None]


def _class(*rows: tuple[str, ...]) -> Step:
    return lambda town: town.write(CLASS, sheet([*CLASS_ROWS, *rows]))


def _map(**courses: tuple[int, ...]) -> Step:
    return lambda town: town.write("mappings/courses.xlsx", course_map({**COURSES, **courses}))


def _people(**changes: Any) -> Step:
    lines = [person_line(i, **(changes if i == "70101" else {})) for i in NAMES]
    return lambda town: town.write("roster.xlsx", roster(people=lines))


def _decided(act: Callable[[Workspace, Author], object]) -> Step:
    def step(town: Town) -> None:
        with town.workspace() as workspace, suppress(UsageError):  # nothing to link, or to take back, yet
            act(workspace, Author("A. Roe", "so I think", workspace.clock()))

    return step


def _decide(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        for one in workspace.store.findings.open():
            if one.finding.code == "claim":
                made = ClaimDecision(
                    one.finding.id, accepted=True, reason="letter", decided_by="Kim", decided_on=workspace.today()
                )
                decide_claim(workspace.store, made, at=workspace.clock())


def _file(town: Town) -> None:
    def write(workspace: Workspace) -> None:
        every = ("classroom", "on-the-job", "check-in")
        told = ("verified", "ESD 113", date(2026, 11, 1), "7", KeptFile("0" * 64, "a.pdf", "application/pdf", 9))
        document = FiledDocument("D1", ("70102",), every, *told, filed_by="Kim", filed_on=workspace.today())
        file_document(workspace.store, document, at=workspace.clock())

    with town.workspace() as workspace, workspace.store.transaction():
        write(workspace)


def _certify(kind: IssuedKind) -> Step:
    def step(town: Town) -> None:
        with suppress(UsageError):  # not everybody is documented
            issue(town, kind, "quarry-26")

    return step


def _retract(town: Town) -> None:
    with town.workspace() as workspace:
        standing = [one for one in workspace.store.issued.listed() if one.stands]
    if standing:
        withdraw(town, standing[-1])


def _withdraw(town: Town) -> None:
    with town.workspace() as workspace, workspace.store.transaction():
        if "D1" in DOCUMENTS.read(workspace.store):
            take_back_document(workspace.store, "D1", at=workspace.clock())


STEPS: dict[str, Step] = {
    "a stranger": _class(STRANGER),
    "a waiver": _class(WAIVED),
    "a corrected day": _class(done("70101", "Rights", "10/11/2026"), STRANGER),
    "the class as it was": _class(),
    "another map": _map(Everything=(1, 2, 3)),
    "the map as it was": _map(),
    "another class": _people(Class="other"),
    "the roster as it was": _people(),
    "a link": _decided(lambda at, author: link(at, author, handle="class:x-9", person_id="70102")),
    "no link": _decided(lambda at, author: unlink(at, author, handle="class:x-9")),
    "a claim accepted": _decide,
    "a document": _file,
    "no document": _withdraw,
    "documents for all": lambda town: file(town, "D9", ["70101", "70102"], day=date(2026, 11, 2)),
    "a confirmation": _certify(IssuedKind.CONFIRMATION),
    "a plan": _certify(IssuedKind.PLAN),
    "a retraction": _retract,
}


@pytest.mark.proof
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=8))
def test_what_was_issued_is_what_is_rebuilt_whatever_came_after(settled: Town, steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        shutil.copytree(settled.folder, Path(folder, "town"))
        replay(Town(Path(folder, "town"), settled.now), steps)


def test_links_claims_and_documents_are_rebuilt_too(settled: Town) -> None:
    replay(settled, ["a stranger", "a link", "a waiver", "a claim accepted", "a document", "no link", "no document"])


def test_confirmations_and_plans_are_rebuilt_too_whatever_came_after(settled: Town) -> None:
    steps = [
        "a plan",
        "documents for all",
        "a confirmation",
        "another class",
        "another map",
        "no document",
        "a retraction",
    ]
    replay(settled, [*steps, "a plan"])
    with settled.workspace() as workspace:
        assert [one.number[:2] for one in workspace.store.issued.listed()] == ["TP", "TC", "TP"]


def replay(town: Town, steps: list[str]) -> None:
    """Take the steps, a night after each, and judge every report ever issued again."""
    for name in steps:
        town.later(minutes=7)
        STEPS[name](town)
        town.night(days=7)
    with town.workspace() as workspace:
        issued = workspace.store.connection.execute(select(report)).all()
        assert len(issued) > len(steps)
        for one in issued:
            issuer = open_issuer(workspace, as_of=one.as_of, known_at=one.known_at)
            partner = issuer.snapshot.roster.partners[one.partner_id]
            again = report_json([current_report(workspace.store, issuer, partner)])["partners"][0]
            judged = {name: value for name, value in one.judgement.items() if name != "planned"}
            assert again == judged, (steps, one.report_id)
        for certificate in workspace.store.issued.listed():
            issuer = open_issuer(workspace, as_of=certificate.as_of, known_at=certificate.known_at)
            agreement = issuer.snapshot.roster.agreements[certificate.agreement_id]
            rebuilt = clause_c_json(read_clause(issuer, agreement))
            assert rebuilt == certificate.judgement, (steps, certificate.number)
