"""setup: what is done, and what comes next, until the first released report."""

from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import pass_folder
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, ConfigError
from lms_sync.operations.setup import Step, steps
from lms_sync.text import program_in
from lms_sync.workspace.settings.config import Config, read_config


@click.command(
    epilog="""\b
Examples:
  lms-sync setup        the seven steps, and the next one
"""
)
@pass_folder
def setup(folder: str) -> int:
    """Show which of the seven steps to the first report are done, and what to do next. It changes nothing."""
    found = _steps(folder, read_config(Path(folder)))
    for number, step in enumerate(found, start=1):
        words = f": {step.found}" if step.done and step.found else ""
        click.echo(f"{'✓' if step.done else '·'} {number} of {len(found)}  {step.what}{words}")
    number, following = next(((n, step) for n, step in enumerate(found, start=1) if not step.done), (0, None))
    if following is None:
        click.echo(f"\nSet up: the first report was sent. From now on, each morning: {program_in(folder)} status")
        return EXIT_DONE
    click.echo(f"\nNext, {number} of {len(found)}: {following.what}.")
    if following.found:
        click.echo(f"{following.found[0].upper()}{following.found[1:]}.")
    if following.command:
        click.echo(f"Try: {program_in(folder)} {following.command}")
    return EXIT_FINDINGS


def _steps(folder: str, config: Config) -> tuple[Step, ...]:
    try:
        with open_workspace(folder, writes=False) as workspace:
            return steps(config, workspace)
    except ConfigError:
        return steps(config, None)
