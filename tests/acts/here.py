"""One small district in which each act finds something to decide, and what a case of an act is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from lms_sync.model.agreement import Adoption, FiledDocument, KeptFile, ReviewedPoint
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.log import DecisionKind
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import ADOPTIONS, DOCUMENTS, POINTS, joined
from lms_sync.store.known.snapshot import read_roster, record_roster
from lms_sync.store.workspace import Workspace
from tests.cli.small_district import CLAIMED, COURSES, DONE, GUARD, OFFICER

ADA, BEN, FORMER, STRANGER = OFFICER[0], GUARD[0], "00301", "vendor:X-9"
FINISHED = tuple((*OFFICER, course, "09/16/2026", "Completed") for course in COURSES[9:])
UNKNOWN = ("X-9", "Brook", "Ben", "b@away.example.com", COURSES[1], "10/05/2026", "Completed")
ROWS = (*DONE, *FINISHED, CLAIMED, UNKNOWN)
LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
LIST = "Person ID,Component,Kind,ESD,Date\n00201,classroom,verified,ESD 900,2026-11-02\n"
TEXTS = ("A1", "A2", "A3", "A4", "A5", "B1", "B2")
INVOLVED = ("parents", "students", "community")


@dataclass(frozen=True)
class Here:
    """An opened district, and who decides in it."""

    folder: Path
    workspace: Workspace
    author: Author

    @property
    def issuer(self) -> Issuer:
        return open_issuer(self.workspace, as_of=self.workspace.today())

    def do(self, act: Callable[..., Any], **what: Any) -> None:
        # Of two decisions about one thing in a test each has an instant of its own.
        act(self.workspace, replace(self.author, at=self.workspace.clock()), **what)

    def judged(self, act: Callable[..., Any], **what: Any) -> None:
        self.do(act, issuer=self.issuer, **what)

    @property
    def out(self) -> Path:
        """The folder for packets."""
        return self.folder.parent / "out"

    def held(self) -> str:
        """Return the id of a held delivery."""
        return self.workspace.store.deliveries.listed(DeliveryState.HELD)[0].delivery_id

    def written(self, name: str, content: bytes) -> Path:
        """Write a file beside the workspace."""
        path = self.folder.parent / name
        path.write_bytes(content)
        return path


Act = Callable[[Here], None]


def nothing(here: Here) -> None:
    """Find the district as it was prepared."""


@dataclass(frozen=True)
class Case:
    """An act: how it is done, how it is refused, and what comes before either."""

    done: Act
    refused: Act
    given: Act = nothing


def here_in(folder: Path, workspace: Workspace) -> Here:
    return Here(folder, workspace, Author("A. Roe", "so decided", workspace.clock()))


def prepare(workspace: Workspace) -> None:
    """Record what acts rest on: somebody who left, a review that lacks nothing, an adoption."""
    store, now, today = workspace.store, workspace.clock(), workspace.today()
    roster = read_roster(store)
    former = replace(roster.people[BEN], person_id=FORMER)
    with store.transaction():
        record_roster(store, replace(roster, people={**roster.people, FORMER: former}), now=now)
        record_roster(store, roster, now=workspace.clock())
        for point in (*TEXTS, *INVOLVED):
            met = ("a meeting", "the council") if point in INVOLVED else ("", "")
            facts = ("HERON-26", point, True, date(2026, 11, 3), *met, "", None, "Kim", today)
            POINTS.put(store, joined("HERON-26", point), ReviewedPoint(*facts), now=now)
        adopted = Adoption("QPD-26", date(2026, 11, 19), "item 7", None, "Kim", today)
        ADOPTIONS.put(store, "QPD-26", adopted, now=now)


def documented(here: Here) -> None:
    """Let a document of the ESD be on file for the officer."""
    file = KeptFile("0" * 64, "letter.pdf", "application/pdf", 9)
    what = (("classroom", "on-the-job"), "verified", "ESD 900", date(2026, 11, 2), "88", file)
    document = FiledDocument("D1", (ADA,), *what, "Kim", here.workspace.today())
    store, author = here.workspace.store, replace(here.author, by="Kim", at=here.workspace.clock())
    with store.transaction():
        DOCUMENTS.put(store, "D1", document, now=author.at)
        store.audit.add(DecisionKind.DOCUMENT, "D1", author, before=None, after=DOCUMENTS.plain(document))
