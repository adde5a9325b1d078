"""File documents of an ESD, one or a list of many, and withdraw them.

Only an ESD verifies or waives, and gives its document on request. Source: RCW 28A.310.515(4).

Each act opens its own transaction. The file is kept as its last step: an act that is refused leaves no file, and one
that is stopped leaves a file that nobody names, never a document without its file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lms_sync.documents.esd_list import list_in, read_list
from lms_sync.documents.listed import Defaults, ListContext, ListResult, plan_list
from lms_sync.documents.plan import Planned, plan
from lms_sync.documents.statement import WAIVED, DocumentStatement, esd_problem, never_named, refuse
from lms_sync.documents.vault import IncomingFile, open_vault, plain_name
from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.author import Author
from lms_sync.model.finding import Finding
from lms_sync.model.log import DecisionKind
from lms_sync.model.second_person import SecondAct
from lms_sync.store.known.registers import DOCUMENTS, REQUESTS
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.tables.cells import Book, Unreadable
from lms_sync.text import did_you_mean_id


@dataclass(frozen=True, slots=True)
class Filing:
    """A file to be filed, and what is said of it beside; empty and None where nothing is said."""

    path: Path
    people: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    kind: str = ""
    esd: str = ""
    day: date | None = None
    number: str = ""
    insists: bool = False
    """The author's reason outweighs what speaks against it, and is kept with the document."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed of a file."""

    file_name: str
    new: tuple[FiledDocument, ...]
    same: tuple[FiledDocument, ...]
    """On file already, word for word."""
    remarks: tuple[str, ...]
    """What a reviewer should know, in sentences."""


@dataclass(frozen=True, slots=True)
class FiledList:
    """What was filed of a list."""

    new: tuple[FiledDocument, ...]
    same: int
    """Rows that are on file already, or stand in the list twice."""
    rows: int
    findings: tuple[Finding, ...]
    """What is wrong with rows that were not filed."""
    remarks: tuple[str, ...]

    @property
    def left(self) -> int:
        """Return how many rows were not filed."""
        return self.rows - len(self.new) - self.same


def filing_reason(path: Path) -> str:
    """Return why something is filed, where a reviewer gives no reason."""
    return f"filed {plain_name(path.name)}"


def file_path(workspace: Workspace, author: Author, *, filing: Filing, snapshot: Snapshot) -> Filed | FiledList:
    """File a document, or a list of many; `snapshot` is what is known now.

    Raises: UsageError when it cannot be filed as it stands; WrongCells for a list that can't be read as one.
    """
    vault = open_vault(*workspace.config.kept_files)
    content = vault.read(filing.path)
    name = filing.path.name
    try:
        found = list_in(content)
    except Unreadable as error:
        raise UsageError(f"{plain_name(name)}: {error.found}", hint=error.remedy) from error
    if found is None:
        return _file_document(workspace, author, filing, vault.handed(name, content), snapshot=snapshot)
    if filing.people or filing.number:
        raise UsageError(
            "--person and --number are for one document, and this file is a list",
            hint="A list names the person and the number in each row.",
        )
    kind, book = found
    handed = IncomingFile(vault.of_kind(name, content, kind), content)
    return _file_list(workspace, author, (filing, handed), book=book, snapshot=snapshot)


def withdraw(workspace: Workspace, author: Author, *, document_id: str) -> FiledDocument:
    """Let a document stop counting; its file stays.

    Raises: UsageError when no document in force has this id.
    """
    store = workspace.store
    with store.transaction():
        filed = DOCUMENTS.read(store)
        if document_id not in filed:
            raise _unknown(store, document_id, filed)
        DOCUMENTS.end(store, document_id, now=author.at)
        before = DOCUMENTS.plain(filed[document_id])
        store.audit.add(DecisionKind.DOCUMENT, document_id, author, before=before, after=None)
    return filed[document_id]


def _file_document(
    workspace: Workspace, author: Author, filing: Filing, handed: IncomingFile, *, snapshot: Snapshot
) -> Filed:
    planned = plan(_statement(filing), handed, snapshot=snapshot, today=workspace.day(author.at))
    _expect_no_doubt(planned, handed, insists=filing.insists)
    remarks: tuple[str, ...] = ()
    if planned.new:
        unheard = _never_named(workspace.store, planned.new, snapshot)
        remarks = (*planned.doubts, *handed.file.notes, *planned.remarks, *unheard)
    new = _keep(workspace, author, handed, planned.new, insists=filing.insists)
    return Filed(handed.file.name, new, planned.same, remarks)


def _statement(filing: Filing) -> DocumentStatement:
    """Return what one document says. Raises: UsageError with all that nothing is said of."""
    options = {
        "--person": filing.people,
        "--component": filing.components,
        "--kind": filing.kind,
        "--esd": filing.esd,
        "--day": filing.day,
    }
    missing = [option for option, value in options.items() if not value]
    if missing or filing.day is None:
        raise UsageError(
            f"one document needs {', '.join(missing)} as well",
            hint="See `lms-sync documents add --help`; a list needs a column Person ID.",
        )
    return DocumentStatement(filing.people, filing.components, filing.kind, filing.esd, filing.day, filing.number)


def _expect_no_doubt(planned: Planned, handed: IncomingFile, *, insists: bool) -> None:
    if planned.new and planned.doubts and not insists:
        raise UsageError(
            "\n  ".join((f"{handed.file.name} was not filed:", *planned.doubts)),
            hint='Correct the command; if it is right as it is, say why: --reason "…".',
        )


def _file_list(
    workspace: Workspace, author: Author, given: tuple[Filing, IncomingFile], *, book: Book, snapshot: Snapshot
) -> FiledList:
    filing, handed = given
    entries, wrong, whole = read_list(book, file=handed.file.name, dates=workspace.config.settings.district.dates)
    if filing.esd:
        refuse([wrong_esd for wrong_esd in [esd_problem(filing.esd, snapshot)] if wrong_esd])
    if not whole:
        raise WrongCells(
            f"{handed.file.name} was not taken in",
            hint="See above for what to do. --component and --kind fill blank cells, not a missing column.",
            cells=map(str, wrong),
        )
    defaults = Defaults(filing.components, filing.kind, filing.esd, filing.day)
    measure = ListContext.of(handed.file, defaults, snapshot=snapshot, today=workspace.day(author.at))
    listed: ListResult = plan_list(entries, measure)
    unheard = _never_named(workspace.store, listed.new, snapshot)
    new = _keep(workspace, author, handed, listed.new, insists=filing.insists)
    return FiledList(new, listed.same, len(entries), (*wrong, *listed.findings), unheard)


def _never_named(store: Store, documents: Sequence[FiledDocument], snapshot: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each ESD of these documents that neither a document nor a request named so far."""
    named = [document.esd for document in snapshot.filed.values()]
    named += [request.esd for request in REQUESTS.read(store).values()]
    return never_named([document.esd for document in documents], named)


def _keep(
    workspace: Workspace, author: Author, handed: IncomingFile, documents: Sequence[FiledDocument], *, insists: bool
) -> tuple[FiledDocument, ...]:
    """Make documents count from now on, log each, keep the file, and return them as they were filed."""
    reason = author.reason if insists else ""
    filed = tuple(replace(document, filed_by=author.by, reason=reason) for document in documents)
    if not filed:
        return ()
    if any(document.kind == WAIVED for document in filed):
        workspace.expect_second(author, SecondAct.WAIVE)
    store, vault = workspace.store, open_vault(*workspace.config.kept_files)
    payloads = {document.document_id: DOCUMENTS.plain(document) for document in filed}
    with store.transaction():
        # One by one, each would read all of them again: a list may hold thousands.
        before = store.facts.read(DOCUMENTS.kind)
        store.facts.record(DOCUMENTS.kind, {**before, **payloads}, now=author.at)
        for document_id, payload in payloads.items():
            was = before.get(document_id)
            store.audit.add(DecisionKind.DOCUMENT, document_id, author, before=was, after=payload)
        vault.keep(handed.file, handed.content)
    return filed


def _unknown(store: Store, document_id: str, filed: Mapping[str, FiledDocument]) -> UsageError:
    if any(fact_version.key == document_id for fact_version in store.facts.history(DOCUMENTS.kind)):
        return UsageError(
            f"{document_id} was withdrawn before", hint="`lms-sync documents list --withdrawn` says why."
        )
    hint = f"{did_you_mean_id(document_id, filed)}`lms-sync documents list` shows the ids."
    return UsageError(f"{document_id}: there is no such document", hint=hint)
