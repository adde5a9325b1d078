"""Look a district's database over from end to end, with what belongs to it."""

from collections.abc import Iterator

from lms_sync.documents.vault import open_vault
from lms_sync.store.audit import broken
from lms_sync.store.engine import sqlite_file
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.upkeep import problems_of_file, problems_of_tables
from lms_sync.store.workspace import Workspace


def look_over(workspace: Workspace) -> tuple[str, ...]:
    """Return everything that is wrong, in sentences: pages and indexes, tables, the log, the filed documents."""
    return tuple(_wrong(workspace))


def _wrong(workspace: Workspace) -> Iterator[str]:
    place = sqlite_file(workspace.config.store_url())
    workspace.store.let_go()
    if place is not None:
        yield from (f"the database: {problem}" for problem in problems_of_file(place, thorough=True))
    yield from problems_of_tables(workspace.store)
    yield from (f"the log: {problem}" for problem in broken(workspace.store.audit.entries()))
    vault = open_vault(*workspace.config.kept_files)
    for document_id, document in DOCUMENTS.read(workspace.store).items():
        if problem := vault.problem(document.file):
            yield f"document {document_id}: its file {problem}"
