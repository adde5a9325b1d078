"""documents add, at the command line: what was filed, where the file lies, and what it changed for whom."""

from collections.abc import Iterable

import click

from lms_sync.cli.second_person import asked
from lms_sync.cli.show import print_table
from lms_sync.documents.decide import Filed, FiledList, Filing, file_path
from lms_sync.documents.plan import in_words
from lms_sync.documents.statement import asked_of
from lms_sync.documents.vault import Vault, open_vault
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, NeedsSecond, WrongCells
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer
from lms_sync.operations.second_person.carry_out import waiver
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from lms_sync.text import days_written


def add_document(workspace: Workspace, author: Author, filing: Filing) -> int:
    """File a document, or a list of many, say what was filed, and return the exit code.

    Raises: UsageError when it cannot be filed as it stands; nothing is stored then.
    """
    before = open_issuer(workspace, as_of=workspace.today())
    try:
        filed = file_path(workspace, author, filing=filing, snapshot=before.snapshot)
    except WrongCells as error:
        for sentence in error.cells:
            click.echo(f"✗ {sentence}")
        raise
    except NeedsSecond:
        return asked(workspace, author, waiver(filing), file=filing.path)
    if isinstance(filed, FiledList):
        return _tell_list(workspace, filed, before)
    return _tell_document(workspace, filed, before)


def _tell_document(workspace: Workspace, filed: Filed, before: Issuer) -> int:
    for document in filed.same:
        click.echo(f"On file already, nothing was changed: {in_words(document)}")
    vault = open_vault(*workspace.config.kept_files)
    for document in filed.new:
        click.echo(f"Filed {in_words(document)}\n  {filed.file_name}, kept as {place(workspace, vault, document)}")
    for sentence in filed.remarks:
        click.echo(f"  ! {sentence}")
    if filed.new:
        people = {person for document in (*filed.new, *filed.same) for person in document.people}
        tell_states(before, open_issuer(workspace, as_of=workspace.today()), people)
    return EXIT_DONE


def _tell_list(workspace: Workspace, filed: FiledList, before: Issuer) -> int:
    for finding in filed.findings:
        click.echo(f"✗ {finding}")
    click.echo(f"{len(filed.new)} filed, {filed.same} on file already, {filed.left} not filed, of {filed.rows} rows.")
    if filed.new:
        vault = open_vault(*workspace.config.kept_files)
        click.echo(f"The list is kept as {place(workspace, vault, filed.new[0])}")
        for sentence in filed.remarks:
            click.echo(f"  ! {sentence}")
        people = [document.people[0] for document in filed.new]
        tell_states(before, open_issuer(workspace, as_of=workspace.today()), people, only_changed=True)
    return EXIT_FINDINGS if filed.findings else EXIT_DONE


def place(workspace: Workspace, vault: Vault, document: FiledDocument) -> str:
    """Return where a document's file lies, relative to the workspace where it lies within."""
    found = vault.place(document.file)
    inside = found.is_relative_to(workspace.config.folder)
    return str(found.relative_to(workspace.config.folder) if inside else found)


def tell_states(before: Issuer, after: Issuer, people: Iterable[str], *, only_changed: bool = False) -> None:
    """Print where each person stood and stands, and which components no document speaks of yet."""
    rows, same = [], 0
    for person_id in sorted(set(people) & set(after.judged.people)):
        was, now = (issuer.judged.people[person_id].words for issuer in (before, after))
        if only_changed and was == now:
            same += 1
            continue
        name = after.snapshot.roster.people[person_id].name
        rows.append(
            [person_id, name, days_written(was), days_written(now), ", ".join(undocumented(after, person_id))]
        )
    print_table(["Person", "Name", "Before", "Now", "Still without a document"], rows)
    if same:
        click.echo(f"{same} more people are unchanged: lms-sync gaps")


def undocumented(issuer: Issuer, person_id: str) -> tuple[str, ...]:
    """Return the components that the series asks of a person and no document of an ESD speaks of."""
    day = issuer.judged.as_of
    filed = {
        documentation.component
        for documentation in issuer.snapshot.documents.get(person_id, ())
        if documentation.day <= day
    }
    return tuple(component for component in asked_of(person_id, issuer.snapshot, today=day) if component not in filed)
