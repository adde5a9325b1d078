"""documents scan, scans: the scan of a class's sheet, filed with the typed sheet."""

from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, format_option, pass_folder
from lms_sync.cli.show import print_listing
from lms_sync.documents.decide import filing_reason
from lms_sync.documents.scans import file_scan
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.store.known.registers import SCANS


@click.command(
    epilog="""\b
Examples:
  lms-sync documents scan roll-2026-09-17.pdf --of rolls:roll-2026-09-17.csv
""",
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--of", "sheet", required=True, metavar="SOURCE:FILE", help="The typed sheet that this is a scan of.")
@click.option("--reason", default="", help="Why; kept with it.")
@by_option
@pass_folder
def scan(folder: str, *, path: Path, sheet: str, reason: str, by: str) -> None:
    """File the scan of a sign-in sheet beside the typed one; records point to it. By itself it documents nobody."""
    source, colon, name = sheet.partition(":")
    if not (colon and source and name):
        raise UsageError(f"--of {sheet}: no sheet of a source", hint="Write it as SOURCE:FILE, rolls:roll.csv.")
    with open_workspace(folder) as workspace:
        author = Author(who(by), reason.strip() or filing_reason(path), workspace.clock())
        filed = file_scan(workspace, author, path=path, source=source, sheet=name)
    click.echo(
        f"{filed.scan_id}: {filed.file.name} is filed with {filed.sheet} of {filed.source}, by {filed.filed_by}."
    )
    for note in filed.file.notes:
        click.echo(f"• {note}")


@click.command(
    epilog="""\b
Examples:
  lms-sync documents scans
""",
)
@format_option
@pass_folder
def scans(folder: str, *, form: str) -> None:
    """List the scans on file: of which sheet, and who filed them when."""
    with open_workspace(folder, writes=False) as workspace:
        rows = [
            [s.scan_id, s.source, s.sheet, s.file.name, str(s.filed_on), s.filed_by, s.reason]
            for s in SCANS.read(workspace.store).values()
        ]
    headings = ("ID", "Source", "Sheet", "Scan", "Filed", "By", "Why")
    print_listing(headings, rows, form=form, nothing="No scan is on file.")
