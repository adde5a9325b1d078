"""documents: what an ESD verified or waived, filed by a reviewer; only this makes anybody documented."""

import json
from pathlib import Path

import click

from lms_sync.cli.documents_add import add_document, place, tell_states
from lms_sync.cli.opening import day, open_workspace, who
from lms_sync.cli.options import by_option, format_option, output_file, pass_folder, reason_option
from lms_sync.cli.show import print_table
from lms_sync.documents.decide import Filing, filing_reason
from lms_sync.documents.decide import withdraw as withdraw_document
from lms_sync.documents.esd_list import empty_list
from lms_sync.documents.plan import in_words
from lms_sync.documents.scans import withdraw_scan
from lms_sync.documents.statement import ALL, COMPONENTS, KINDS
from lms_sync.documents.still_there import Withdrawn, withdrawn
from lms_sync.documents.vault import open_vault
from lms_sync.files import write_new
from lms_sync.model.agreement import FiledDocument
from lms_sync.model.author import Author
from lms_sync.model.links import IdHolders
from lms_sync.operations.night import open_issuer
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.known.who_is_who import read_merges
from lms_sync.store.workspace import Workspace


@click.command(
    epilog="""\b
Examples:
  lms-sync documents add letter.pdf --person 100417 --person 100502 --component classroom \\
      --component on-the-job --kind verified --esd "ESD 113" --day 2026-11-01 --number 88
  lms-sync documents add badge.json --person 100417 --component all --kind verified \\
      --esd "ESD 113" --day 2026-11-01
  lms-sync documents add list.xlsx --kind verified --esd "ESD 113"     a row for each document
""",
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--person", "people", multiple=True, metavar="ID", help="Whom it is about; may be repeated.")
@click.option(
    "--component",
    "components",
    multiple=True,
    type=click.Choice([*COMPONENTS, ALL]),
    help="What it covers; may be repeated. all: everything the series asks of the person's class.",
)
@click.option("--kind", type=click.Choice(KINDS), help="What the ESD did.")
@click.option("--esd", default="", help="The ESD that issued it.")
@click.option("--day", "on", metavar="DAY", help="Day on which the ESD verified or waived (YYYY-MM-DD).")
@click.option("--number", default="", help="The ESD's number for it.")
@click.option("--reason", default="", help="Why, where something contradicts it; kept with the decision.")
@by_option
@pass_folder
def add(
    folder: str,
    *,
    path: Path,
    people: tuple[str, ...],
    components: tuple[str, ...],
    kind: str | None,
    esd: str,
    on: str | None,
    number: str,
    reason: str,
    by: str,
) -> int:
    """File FILE: a PDF, an image, an Open Badge, an e-mail; or a workbook or csv file with a row for each document.

    The file is kept once in the workspace, under the hash of its content; nothing in it is opened or run. Filing the
    same thing again changes nothing. In a list, what is said here stands for blank cells, and for the columns ESD and
    Date where the list has none.
    """
    why = reason.strip()
    verdict = (kind or "", esd.strip(), day(on, option="--day"), number.strip())
    filing = Filing(path, people, components, *verdict, insists=bool(why))
    with open_workspace(folder) as workspace:
        return add_document(workspace, Author(who(by), why or filing_reason(path), workspace.clock()), filing)


@click.command(
    epilog="""\b
Examples:
  lms-sync documents template -o esd-list.xlsx
""",
)
@output_file("Write to this file.", required=True)
def template(output: str) -> None:
    """Write an empty workbook with the columns that `documents add` reads, to fill in or to send to the ESD."""
    write_new(Path(output), empty_list())
    click.echo(f"Wrote {output}")


@click.command(
    "list",
    epilog="""\b
Examples:
  lms-sync documents list
  lms-sync documents list --person 100417 --format json
  lms-sync documents list --withdrawn              those that were taken back, with who and why
""",
)
@click.option("--person", "person_id", default="", metavar="ID", help="Documents of one person only.")
@click.option("--withdrawn", "ended", is_flag=True, help="List the withdrawn ones instead.")
@format_option
@pass_folder
def list_(folder: str, *, person_id: str, ended: bool, form: str) -> None:
    """List what was filed: for whom, what it says, where its file is, who filed it and when."""
    with open_workspace(folder, writes=False) as workspace:
        gone = {record.document.document_id: record for record in withdrawn(workspace.store)} if ended else {}
        found = (
            [record.document for record in gone.values()] if ended else list(DOCUMENTS.read(workspace.store).values())
        )
        bearers = IdHolders.of(read_merges(workspace.store), read_roster(workspace.store).people)
        chosen = [document for document in found if not person_id or _speaks_of(document, person_id, bearers)]
        rows = [_plain(workspace, document, gone.get(document.document_id)) for document in chosen]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif rows:
        headings = ["ID", "People", "Components", "Says", "File", "Filed", *(["Withdrawn"] if ended else [])]
        print_table(headings, [_row(row) for row in rows])
    else:
        about = f" of {person_id}" if person_id else ""
        click.echo(f"No document{about} was withdrawn." if ended else f"No document{about} is on file.")


def _speaks_of(document: FiledDocument, person_id: str, bearers: IdHolders) -> bool:
    """Tell whether a document is of a person, also under a former Person ID."""
    return person_id in {*document.people, *(bearers.now(person, document.filed_on) for person in document.people)}


def _plain(workspace: Workspace, document: FiledDocument, gone: Withdrawn | None) -> dict[str, object]:
    """Return a document as JSON has it."""
    row: dict[str, object] = {
        "id": document.document_id,
        "people": list(document.people),
        "names": list(document.names),
        "components": list(document.components),
        "kind": document.kind,
        "esd": document.esd,
        "day": str(document.day),
        "number": document.number,
        "file": document.file.name,
        "origin": document.origin,
        "media_type": document.file.media_type,
        "size": document.file.size,
        "sha256": document.file.sha256,
        "notes": list(document.file.notes),
        "kept_as": place(workspace, open_vault(*workspace.config.kept_files), document),
        "filed_by": document.filed_by,
        "filed_on": str(document.filed_on),
        "reason": document.reason,
    }
    if gone is not None:
        row |= {"withdrawn_on": f"{gone.at.astimezone(workspace.zone):%Y-%m-%d}", "withdrawn_by": gone.by}
        row |= {"withdrawn_because": gone.reason}
    return row


def _row(row: dict[str, object]) -> list[str]:
    number = f", no. {row['number']}" if row["number"] else ""
    origin = f", {row['origin']}" if row["origin"] else ""
    reason = f": {row['reason']}" if row["reason"] else ""
    cells = [
        str(row["id"]),
        _lines(row["people"]),
        _lines(row["components"]),
        f"{row['kind']} by {row['esd']} on {row['day']}{number}",
        f"{row['file']}{origin} ({_size(row['size'])})\n{row['kept_as']}",
        f"{row['filed_on']} by {row['filed_by']}{reason}",
    ]
    if "withdrawn_on" in row:
        cells.append(f"{row['withdrawn_on']} by {row['withdrawn_by']}: {row['withdrawn_because']}")
    return cells


def _lines(words: object) -> str:
    return "\n".join(map(str, words)) if isinstance(words, list) else str(words)


def _size(size: object) -> str:
    return f"{size / 1000:,.0f} kB" if isinstance(size, int) and size >= 1000 else f"{size} bytes"


@click.command(
    epilog="""\b
Examples:
  lms-sync documents withdraw D3f29c0d1 --reason "it was his brother's"
""",
)
@click.argument("document_id", metavar="ID")
@reason_option
@by_option
@pass_folder
def withdraw(folder: str, *, document_id: str, reason: str, by: str) -> None:
    """Withdraw document ID: it stops counting from now on. Its file and the record of it are kept.

    A scan is withdrawn the same way.
    """
    if document_id.startswith("S"):
        with open_workspace(folder) as workspace:
            author = Author(who(by), reason, workspace.clock())
            scan = withdraw_scan(workspace, author, scan_id=document_id)
        click.echo(f"Withdrawn by {author.by}: the scan {scan.file.name} of {scan.sheet}.")
        return
    with open_workspace(folder) as workspace:
        before = open_issuer(workspace, as_of=workspace.today())
        author = Author(who(by), reason, workspace.clock())
        gone = withdraw_document(workspace, author, document_id=document_id)
        click.echo(f"Withdrawn by {author.by}: {in_words(gone)}")
        bearers = IdHolders.of(before.snapshot.merges, before.snapshot.roster.people)
        people = [bearers.now(person, gone.filed_on) for person in gone.people]
        tell_states(before, open_issuer(workspace, as_of=workspace.today()), people)
