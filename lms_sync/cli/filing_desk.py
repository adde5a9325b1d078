"""Filing at the command line: the file into the vault, then the fact, then what it changed for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from lms_sync.cli.show import print_table
from lms_sync.documents.decide import FilingContext, file_all, in_words, plan
from lms_sync.documents.esd_list import list_in, read_list
from lms_sync.documents.listed import Defaults, ListContext, ListResult, plan_list
from lms_sync.documents.statement import DocumentStatement, asked_of, esd_problem, never_named, refuse
from lms_sync.documents.vault import IncomingFile, Vault, open_vault, plain_name
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import REQUESTS
from lms_sync.store.workspace import Workspace
from lms_sync.tables.cells import Book, Unreadable


@dataclass(frozen=True, slots=True)
class FilingOptions:
    """What the command line says of a file; empty and None where it says nothing."""

    people: tuple[str, ...]
    components: tuple[str, ...]
    kind: str
    esd: str
    day: date | None
    number: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where something is filed, and by whom."""

    workspace: Workspace
    vault: Vault
    clerk: FilingContext

    def judged(self) -> Issuer:
        """Return everybody judged today by what is known now."""
        return open_issuer(self.workspace, as_of=self.clerk.today)

    def never_named(self, documents: Sequence[FiledDocument], before: Issuer) -> tuple[str, ...]:
        """Return a sentence for each ESD of these documents that neither a document nor a request named so far."""
        named = [document.esd for document in before.snapshot.filed.values()]
        named += [request.esd for request in REQUESTS.read(self.workspace.store).values()]
        return never_named([document.esd for document in documents], named)

    def store(self, handed: IncomingFile, documents: Sequence[FiledDocument]) -> None:
        """Keep the file, then the facts: what is stopped between leaves a file nobody names, never the reverse."""
        self.vault.keep(handed.file, handed.content)
        author = Author(self.clerk.by, self.clerk.reason or f"filed {handed.file.name}", self.workspace.clock())
        with self.workspace.store.transaction():
            file_all(self.workspace.store, documents, author)


def file_path(workspace: Workspace, path: Path, filing_options: FilingOptions, *, clerk: FilingContext) -> int:
    """File a document, or a list of many, and return the exit code.

    Raises: UsageError when it cannot be filed as it stands; nothing is stored then.
    """
    vault = open_vault(*workspace.config.kept_files)
    desk = _Desk(workspace, vault, clerk)
    content = vault.read(path)
    try:
        found = list_in(content)
    except Unreadable as error:
        raise UsageError(f"{plain_name(path.name)}: {error.found}", hint=error.remedy) from error
    if found is None:
        return _file_one(desk, vault.handed(path.name, content), _said(filing_options))
    if filing_options.people or filing_options.number:
        raise UsageError(
            "--person and --number are for one document, and this file is a list",
            hint="A list names the person and the number in each row.",
        )
    kind, book = found
    handed = IncomingFile(vault.of_kind(path.name, content, kind), content)
    return _file_list(desk, handed, book=book, told=filing_options)


def _said(filing_options: FilingOptions) -> DocumentStatement:
    """Return what one document says. Raises: UsageError with all that the command line does not tell."""
    options = {
        "--person": filing_options.people,
        "--component": filing_options.components,
        "--kind": filing_options.kind,
        "--esd": filing_options.esd,
        "--day": filing_options.day,
    }
    untold = [option for option, value in options.items() if not value]
    if untold or filing_options.day is None:
        raise UsageError(
            f"one document needs {', '.join(untold)} as well",
            hint="See `lms-sync documents add --help`; a list needs a column Person ID.",
        )
    return DocumentStatement(
        filing_options.people,
        filing_options.components,
        filing_options.kind,
        filing_options.esd,
        filing_options.day,
        filing_options.number,
    )


def _file_one(desk: _Desk, handed: IncomingFile, document_statement: DocumentStatement) -> int:
    before = desk.judged()
    planned = plan(document_statement, handed, desk.clerk, snapshot=before.snapshot)
    for document in planned.same:
        click.echo(f"On file already, nothing was changed: {in_words(document)}")
    if not planned.new:
        return EXIT_DONE
    if planned.doubts and not desk.clerk.reason:
        raise UsageError(
            "\n  ".join((f"{handed.file.name} was not filed:", *planned.doubts)),
            hint='Mend the command; if it is right as it stands, say why: --reason "…".',
        )
    desk.store(handed, planned.new)
    for document in planned.new:
        click.echo(
            f"Filed {in_words(document)}\n  {handed.file.name}, kept as {place(desk.workspace, desk.vault, document)}"
        )
    unheard = desk.never_named(planned.new, before)
    for sentence in (*planned.doubts, *handed.file.notes, *planned.remarks, *unheard):
        click.echo(f"  ! {sentence}")
    tell_states(before, desk.judged(), document_statement.people)
    return EXIT_DONE


def _file_list(desk: _Desk, handed: IncomingFile, *, book: Book, told: FilingOptions) -> int:
    entries, wrong, whole = read_list(book, file=handed.file.name)
    before = desk.judged()
    if told.esd:
        refuse([wrong for wrong in [esd_problem(told.esd, before.snapshot)] if wrong])
    defaults = Defaults(told.components, told.kind, told.esd, told.day)
    measure = ListContext.of(handed.file, desk.clerk, defaults, snapshot=before.snapshot)
    listed = plan_list(entries, measure) if whole else ListResult((), 0, ())
    findings = (*wrong, *listed.findings)
    if listed.new:
        desk.store(handed, listed.new)
    for finding in findings:
        click.echo(f"✗ {finding}")
    if not whole:
        raise UsageError(
            f"{handed.file.name} was not taken in",
            hint="Above stands what to do. --component and --kind fill blank cells, and stand for no missing column.",
        )
    left = len(entries) - len(listed.new) - listed.same
    click.echo(f"{len(listed.new)} filed, {listed.same} on file already, {left} not filed, of {len(entries)} rows.")
    if listed.new:
        click.echo(f"The list is kept as {place(desk.workspace, desk.vault, listed.new[0])}")
        for sentence in desk.never_named(listed.new, before):
            click.echo(f"  ! {sentence}")
        people = [document.people[0] for document in listed.new]
        tell_states(before, desk.judged(), people, only_changed=True)
    return EXIT_FINDINGS if findings else EXIT_DONE


def place(workspace: Workspace, vault: Vault, document: FiledDocument) -> str:
    """Return where a document's file lies, relative to the workspace where it lies within."""
    found = vault.place(document.file)
    inside = found.is_relative_to(workspace.config.folder)
    return str(found.relative_to(workspace.config.folder) if inside else found)


def tell_states(before: Issuer, after: Issuer, people: Iterable[str], *, only_changed: bool = False) -> None:
    """Print where each person stood and stands, and which components no document speaks of yet."""
    rows, same = [], 0
    for person_id in sorted(set(people) & set(after.judged.people)):
        was, now = (issuer.judged.people[person_id].state.value for issuer in (before, after))
        if only_changed and was == now:
            same += 1
            continue
        name = after.snapshot.roster.people[person_id].name
        rows.append([person_id, name, was, now, ", ".join(undocumented(after, person_id))])
    print_table(["Person", "Name", "Before", "Now", "Still without a document"], rows)
    if same:
        click.echo(f"{same} more people stand where they stood: lms-sync gaps")


def undocumented(issuer: Issuer, person_id: str) -> tuple[str, ...]:
    """Return the components that the series asks of a person and no document of an ESD speaks of."""
    day = issuer.judged.as_of
    filed = {
        documentation.component
        for documentation in issuer.snapshot.documents.get(person_id, ())
        if documentation.day <= day
    }
    return tuple(one for one in asked_of(person_id, issuer.snapshot, today=day) if one not in filed)
