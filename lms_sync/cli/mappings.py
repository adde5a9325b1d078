"""mappings: what the trainer does with the course map."""

from pathlib import Path

import click

from lms_sync.cli.office import open_office, pass_folder
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.mapping import check_mapping


@click.group(
    epilog="""\b
Examples:
  lms-sync mappings check
"""
)
def mappings() -> None:
    """Check the course map, and see what a change of it would do."""


@mappings.command(
    epilog="""\b
Examples:
  lms-sync mappings check
  lms-sync mappings check new-courses.xlsx
"""
)
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@pass_folder
def check(folder: str, file: str | None) -> int:
    """Say everything that is wrong with the map in force, or with FILE, by cell."""
    with open_office(folder, writes=False) as office:
        path = Path(file) if file else office.config.path(office.config.settings.mappings.courses)
        names = {source.name for source in office.config.settings.source} | office.store.runs.pulls().keys()
        checked = check_mapping(path, sources=names)
    for finding in checked.findings:
        click.echo(f"{'✗' if finding.blocks else '•'} {finding}")
    if checked.course_map is None:
        return UsageError.exit_code
    if not checked.findings:
        click.echo(f"{path.name}: {len(checked.course_map.rows)} rows, nothing to mend.")
    return EXIT_FINDINGS if checked.findings else EXIT_DONE
