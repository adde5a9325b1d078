"""The command line: the only place that prints, that knows today's date and that exits.

stdout carries results, stderr the log. Quiet when nobody is at a terminal and nothing needs a person.
"""

import sys

import click

from lms_sync import __version__
from lms_sync.cli.commands import COMMANDS
from lms_sync.cli.edge import Edge, set_up_logging

HELP = """Find out every night which school safety and security staff lack which training, and let each partner know.

\b
Start:
  lms-sync demo my-demo             see the whole job on made-up people
  lms-sync init my-district         a workspace; it asks, and writes the settings
  lms-sync -w my-district setup     what comes next, until the first report
  lms-sync -w my-district check     what is wrong in it, all at once
  lms-sync -w my-district nightly   one night

\b
Exit codes:
   0  done, nothing to do for anyone
   1  done, findings wait
   2  usage or configuration
   3  a source or the mail server failed, the rest was done
   4  safety stop
   5  a bug (trace in the log file)
  75  another run holds the lock
"""


@click.group(cls=Edge, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lms-sync")
@click.option(
    "-w",
    "--workspace",
    "folder",
    envvar="LMS_SYNC_WORKSPACE",
    default=".",
    show_default="this folder",
    type=click.Path(file_okay=False),
    help="The folder with lms_sync.toml; or set LMS_SYNC_WORKSPACE.",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How the log is written.")
@click.option("-v", "--verbose", is_flag=True, help="Log more; names of people appear only here.")
@click.pass_context
def main(context: click.Context, *, folder: str, log_format: str, verbose: bool) -> None:
    """Set up what all commands share."""
    context.obj = folder
    set_up_logging(json_lines=log_format == "json", verbose=verbose, terminal=sys.stderr.isatty())


for command in COMMANDS:
    main.add_command(command)
