"""reports: the shipped templates, their variables, and copies of them to change."""

from collections.abc import Sequence
from pathlib import Path

import click

from lms_sync.cli.opening import expect_known
from lms_sync.cli.options import format_option, pass_folder
from lms_sync.cli.show import print_listing
from lms_sync.errors import EXIT_DONE, UsageError
from lms_sync.files import shared_folder, write_new
from lms_sync.reports.shipped_templates import ShippedTemplate, shipped_templates
from lms_sync.workspace.settings.config import Config, read_config

HEADINGS = ("Template", "What it makes", "Yours", "Variables")


@click.command(
    "list",
    epilog="""\b
Examples:
  lms-sync reports list                   each template, and what it may use
  lms-sync reports list --format json
""",
)
@format_option
@pass_folder
def list_(folder: str, *, form: str) -> None:
    """List the shipped templates with their variables, and which of them this workspace has its own copy of."""
    place = _place(read_config(Path(folder)))
    rows = [
        [template.path.name, template.purpose, _yours(template, place), ", ".join(template.variables)]
        for template in shipped_templates()
    ]
    print_listing(HEADINGS, rows, form=form)


def _place(config: Config) -> Path:
    return config.path(config.settings.reports.folder)


def _yours(template: ShippedTemplate, place: Path) -> str:
    own = place / template.path.name
    if not own.is_file():
        return ""
    return "same" if own.read_bytes() == template.path.read_bytes() else "changed"


@click.command(
    epilog="""\b
Examples:
  lms-sync reports copy partner.html.j2 partner.txt.j2     to change them; then run: lms-sync check
  lms-sync reports copy style.html.j2                      the look of every mail
"""
)
@click.argument("names", metavar="NAME...", nargs=-1)
@pass_folder
def copy(folder: str, *, names: Sequence[str]) -> int:
    """Copy shipped templates into the workspace's reports folder. The copy is used instead of the shipped one.

    It never overwrites a file that was changed. An upgrade does not change your copies: compare them afterwards.
    """
    by_name = {template.path.name: template for template in shipped_templates()}
    if not names:
        raise UsageError("name the templates", hint=f"There are {', '.join(by_name)}.")
    expect_known(names, by_name, what="template", where="There are")
    place = _place(read_config(Path(folder)))
    shared_folder(place)
    for name in names:
        write_new(place / name, by_name[name].path.read_bytes())
        variables = by_name[name].variables
        click.echo(f"Wrote {place / name}" + (f"\n  It may use: {', '.join(variables)}" if variables else ""))
    return EXIT_DONE
