"""What is done in a town while it is killed: a night, a confirmation, a letter, a purge, a migration."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

from lms_sync.agreements.clause_c.send import send_document
from lms_sync.documents.decide import Filing, file_path
from lms_sync.errors import UsageError
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.model.issued import IssuedKind
from lms_sync.store.known.snapshot import read_snapshot
from tests.operations.certified_town import desk, issue
from tests.operations.certified_town import file as certified
from tests.operations.earlier_workspace import earlier_town
from tests.operations.night_files import CLASS, CLASS_ROWS, done, partner_lines, roster, sheet
from tests.operations.night_town import Town
from tests.operations.old_town import STEPS, purged


@dataclass(frozen=True)
class Scenario:
    """What is done, in a town that was prepared for it."""

    prepare: Callable[[Town], object]
    act: Callable[[Town], object]
    """Also what a person does who runs it again."""


def _new_evidence(town: Town) -> None:
    town.write("roster.xlsx", roster(partners=partner_lines(quarry="on change")))
    town.write(
        CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "11/24/2026"), done("70101", "Rights", "02/31/2026")])
    )


def _night(town: Town) -> None:
    town.night(days=7)


def _confirm_and_send(town: Town) -> None:
    with town.workspace() as workspace:
        standing = [document for document in workspace.store.issued.listed("heron-26") if document.stands]
    document = standing[0] if standing else issue(town, IssuedKind.CONFIRMATION).issued
    with desk(town) as (workspace, issuer):
        author = Author("A. Roe", "mailed", workspace.clock())
        earlier = workspace.store.deliveries.of(DeliveryKind.AGREEMENT, "heron", document.number)
        if not any(delivery.state is DeliveryState.QUEUED for delivery in earlier):
            with suppress(UsageError):  # it was mailed, or may have been
                send_document(workspace, author, issuer=issuer, number=document.number)
        send(workspace)


def _file_a_letter(town: Town) -> None:
    path = town.folder / "letter.eml"
    path.write_bytes(
        b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
    )
    with town.workspace() as workspace:
        told = {"components": ("classroom",), "kind": "verified", "esd": "ESD 900", "day": date(2026, 11, 2)}
        filing = Filing(path, people=("70102",), insists=True, **told)  # type: ignore[arg-type]
        author, known = Author("Kim", "filed", workspace.clock()), read_snapshot(workspace.store, workspace.clock())
        assert known is not None
        file_path(workspace, author, filing=filing, snapshot=known)


def _years_later(town: Town) -> None:
    for name in ("a document", "one leaves"):
        STEPS[name](town)
        town.night(days=100)
    town.night(days=2500)


def _purge(town: Town) -> None:
    with town.workspace() as workspace, suppress(UsageError):  # there is nothing left to purge
        purged(workspace, date(2031, 1, 1))


def _earlier_version(town: Town) -> None:
    shutil.rmtree(town.folder)
    town.now = earlier_town(town.folder).now


def _open(town: Town) -> None:
    with town.workspace():
        pass


SCENARIOS = {
    "a night": Scenario(_new_evidence, _night),
    "agreements confirm and send": Scenario(partial(certified, document_id="D1"), _confirm_and_send),
    "documents add": Scenario(lambda town: None, _file_a_letter),
    "purge": Scenario(_years_later, _purge),
    "migration": Scenario(_earlier_version, _open),
}
