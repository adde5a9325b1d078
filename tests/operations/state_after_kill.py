"""What must be the same whether or not a run was killed, and what must never be."""

import json
import re
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms_sync.documents.vault import open_vault
from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.store.audit import broken
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.schema import metadata
from lms_sync.store.store import Store
from lms_sync.store.upkeep import problems_of_file
from tests.operations.night_town import Town

Journal = list[tuple[str, str]]
"""(address, subject's first words) of each message that a mail server has taken."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+\+00:00")
"""In the keys of some facts: when it was recorded, which differs between a run and its twin."""
TAKEN = "taken"
"""The file beside the workspace that is the mail server's memory."""


def state_of(town: Town) -> dict[str, Any]:
    """Return what must be the same whether or not a run was killed, and what must never be."""
    with town.workspace() as workspace:
        store, vault = workspace.store, open_vault(*workspace.config.kept_files)
        filed = {document.file.sha256 for document in DOCUMENTS.read(store).values() if document.file.size > 9}
        kept = [path.name for path in vault.folder.iterdir()] if vault.folder.is_dir() else []
        lost = [d for d in store.deliveries.listed() if d.state in (DeliveryState.UNKNOWN, DeliveryState.SENDING)]
        told = [f.finding.where for f in store.findings.open() if f.finding.code == "delivery-unknown"]
        found = {
            "rows": _rows(store),
            "log": _logged(store),
            "issued": [document.number for document in store.issued.listed() if document.stands],
        }
        troubles = [*broken(store.audit.entries())]
        troubles += [f"{name} is an orphan" for name in kept if name.split(".")[0] not in filed]
        if not any(d.state is DeliveryState.SENDING for d in lost):
            troubles += [f"{d.delivery_id} is unknown to HR" for d in lost if d.delivery_id not in str(told)]
        unsure = [r.address for d in lost if d.kind is not DeliveryKind.NIGHT for r in d.recipients]
    state = town.database.parent
    for database in (town.database, *state.glob("*-before-*.db")):
        troubles += [f"{database.name}: {problem}" for problem in problems_of_file(database, thorough=True)]
    troubles += [f"{path.name} was left" for path in state.iterdir() if path.name.endswith(".part")]
    return {**found, "troubles": troubles, "unsure": unsure}


def _logged(store: Store) -> list[str]:
    """Return what the log tells; a purge killed before its files were gone is done, and logged, once more."""
    entries = [f"{entry.kind} {entry.purged}" for entry in store.audit.entries()]
    purges = {entry for entry in entries if entry.startswith("purge")}
    return sorted([entry for entry in entries if entry not in purges] + list(purges))


def _rows(store: Store) -> dict[str, list[str]]:
    """Return the tables' rows, without instants and without what is minted anew each time."""
    of_a_run = {"run", "pull", "delivery", "recipient", "report", "audit", "issued", "finding"}
    of_a_run |= {"known_rows"}  # when it was read: what it spares is compared by test_known_rows
    return {
        name: sorted({INSTANT.sub("AT", str(row)) for row in store.connection.execute(_query(name))})
        for name in metadata.tables
        if name not in of_a_run
    }


def _query(name: str) -> Any:
    # A judgement's fingerprint rests on when its evidence was recorded.
    minted = {"release": {"reason"}, "fact": {"payload"}, "judgement": {"fingerprint"}}.get(name, set())
    columns = metadata.tables[name].c
    return select(*(c for c in columns if not c.name.endswith(("_at", "_seen", "_on")) and c.name not in minted))


def journal(folder: Path) -> Journal:
    """Return what the mail server has taken, but for the summaries to HR: each night writes one."""
    memory = folder.with_suffix(f".{TAKEN}")
    lines = memory.read_text().splitlines() if memory.exists() else []
    return sorted((address, subject) for address, subject in map(json.loads, lines) if address[:3] != "hr@")
