"""A town over many years: people leave and come back, documents are issued, and one day somebody purges."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.status import clause_c
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.mail.issue import current_report
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.decide import planned_purge, purge
from lms_sync.operations.retention.plan import PurgePlan
from lms_sync.people.decide import link, merge
from lms_sync.reports.gaps_export import report_json
from lms_sync.store.workspace import Workspace
from tests.deciding import decide_claim, file_document
from tests.operations.night_files import (
    CLASS,
    CLASS_ROWS,
    COURSES,
    NAMES,
    assignment_line,
    course_map,
    done,
    person_line,
    roster,
    sheet,
)
from tests.operations.night_town import Town

Step = Callable[[Town], None]
STRANGER = ("Rookhurst", "Bene", "X-9", "bene@elsewhere.example.com", "Calm", "10/09/2026", "Completed")
WAIVED = done("70102", "Minds", "10/09/2026", "Waived")
PDF = b"%PDF-1.7 as issued"


def staffed(*here: str, **changes: str) -> Step:
    """Write the roster with these people only; `changes` of the first one."""
    people = [person_line(i, **(changes if i == here[0] else {})) for i in here]
    return lambda town: town.write(
        "roster.xlsx", roster(people=people, assignments=[assignment_line(i) for i in here])
    )


def classes(*rows: tuple[str, ...]) -> Step:
    return lambda town: town.write(CLASS, sheet([*CLASS_ROWS, *rows]))


def mapped(**courses: tuple[int, ...]) -> Step:
    return lambda town: town.write("mappings/courses.xlsx", course_map({**COURSES, **courses}))


@contextmanager
def writing(town: Town) -> Iterator[Workspace]:
    with town.workspace() as workspace, workspace.store.transaction():
        yield workspace


def decided(act: Callable[[Workspace, Author], object]) -> Step:
    def step(town: Town) -> None:
        with town.workspace() as workspace, suppress(UsageError):  # nothing to link or to merge yet
            act(workspace, Author("A. Roe", "so I think", workspace.clock()))

    return step


def decide(town: Town) -> None:
    with writing(town) as workspace:
        for one in workspace.store.findings.open():
            if one.finding.code == "claim":
                made = ClaimDecision(
                    one.finding.id, accepted=True, reason="letter", decided_by="Kim", decided_on=workspace.today()
                )
                decide_claim(workspace.store, made, at=workspace.clock())


def file(*people: str, number: str = "D1") -> Step:
    def step(town: Town) -> None:
        with writing(town) as workspace:
            vault, content = open_vault(*workspace.config.kept_files), f"%PDF-1.7 {number}".encode()
            path = town.folder / f"{number}.pdf"
            path.write_bytes(content)
            kept, taken = vault.take(path)
            vault.keep(kept, taken)
            file_document(workspace.store, _filed(number, people, kept, workspace), at=workspace.clock())

    return step


def _filed(number: str, people: tuple[str, ...], kept: KeptFile, workspace: Workspace) -> FiledDocument:
    every = ("classroom", "on-the-job", "check-in")
    told = ("verified", "ESD 113", date(2026, 11, 1), "7", kept)
    return FiledDocument(number, people, every, *told, filed_by="Kim", filed_on=workspace.today())


def judgement(workspace: Workspace, agreement_id: str, *, as_of: date, known_at: datetime) -> dict[str, Any]:
    """Return what a document of the agreement would say, as it is stored."""
    issuer = open_issuer(workspace, as_of=as_of, known_at=known_at)
    agreement = issuer.snapshot.roster.agreements[agreement_id]
    made: dict[str, Any] = json.loads(json.dumps(clause_c_json(clause_c(issuer.snapshot, issuer.judged, agreement))))
    return made


def issue_for(agreement_id: str) -> Step:
    def step(town: Town) -> None:
        with writing(town) as workspace:
            now, as_of = workspace.clock(), workspace.today()
            said = judgement(workspace, agreement_id, as_of=as_of, known_at=now)
            number = f"C-{len(workspace.store.issued.listed()) + 1}"
            facts = (agreement_id, agreement_id[:-3], as_of, now, now, "Kim", "1", "law", "map", "code", "0" * 64)
            workspace.store.issued.add(Issued(number, IssuedKind.PLAN, *facts, judgement=said), PDF)

    return step


STEPS: Mapping[str, Step] = {
    "a stranger": classes(STRANGER),
    "a waiver": classes(WAIVED),
    "a corrected day": classes(done("70101", "Rights", "10/11/2026"), STRANGER),
    "the class as it was": classes(),
    "another map": mapped(Everything=(1, 2, 3)),
    "the map as it was": mapped(),
    "all are here": staffed(*NAMES),
    "another class": staffed(*NAMES, Class="other"),
    "one leaves": staffed("70101", "80201", "80202", "90301"),
    "two leave": staffed("70101", "80201", "90301"),
    "another address": staffed("70101", "80201", E_mails="rookhurst@staff.example.org"),
    "a link": decided(lambda at, author: link(at, author, handle="class:x-9", person_id="70102")),
    "a merge": decided(lambda at, author: merge(at, author, former="70102", person_id="70101")),
    "a claim accepted": decide,
    "a document": file("70102"),
    "a document of two": file("70101", "80202", number="D2"),
    "a plan issued": issue_for("quarry-26"),
}


def reports(workspace: Workspace, known_at: datetime) -> dict[str, Any]:
    """Return what everybody's standing was by what was known at an instant."""
    issuer = open_issuer(workspace, as_of=known_at.date(), known_at=known_at)
    partners = issuer.snapshot.roster.partners.values()
    return report_json([current_report(workspace.store, issuer, one, for_district=True) for one in partners])


def purged(workspace: Workspace, cutoff: date) -> PurgePlan:
    """Purge, and return what was planned."""
    plan = planned_purge(workspace, cutoff)
    if not plan.empty:
        purge(workspace, Author("A. Roe", "records schedule", workspace.clock()), plan=plan)
    return plan


def bytes_of(town: Town) -> bytes:
    """Return all bytes of the database's files."""
    return b"".join(path.read_bytes() for path in Path(town.database.parent).glob(f"{town.database.name}*")).lower()
