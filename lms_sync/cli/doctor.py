"""doctor: what is wrong with the set-up of the sources, asked of the servers themselves."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

from lms_sync.cli.options import format_option, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, SourceError
from lms_sync.operations.doctor import examine
from lms_sync.operations.examine_workspace import examine_workspace, send_test_mail
from lms_sync.operations.modes import modes
from lms_sync.operations.opening import now
from lms_sync.sources.diagnosis import Check, CheckState
from lms_sync.workspace.settings.config import Config, read_config

SIGNS = {CheckState.GOOD: "✓", CheckState.NOTE: "•", CheckState.WRONG: "✗"}


@click.command(
    epilog="""\b
Examples:
  lms-sync doctor         all sources: 0 all good · 1 something to know · 3 a source cannot be pulled as it is
  lms-sync doctor esd     one source
  lms-sync doctor --fix   take away other accounts' access to the files kept here
  lms-sync doctor --mail-to me@example.org    send a test mail
""",
)
@click.option("--fix", is_flag=True, help="Take away other accounts' access to the files kept here.")
@click.option("--mail-to", metavar="ADDRESS", help="Send a test mail there, the same way as reports.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@format_option
@pass_folder
def doctor(folder: str, /, *, sources: tuple[str, ...], fix: bool, mail_to: str | None, form: str) -> int:
    """Ask each source's server whether lms-sync can pull from it, and say what to fix and where.

    It reads what a pull reads and stores nothing; no names of people appear. Without SOURCE it also checks the
    workspace, the machine, and who may open the files kept here.
    """
    config = read_config(Path(folder))
    own = () if sources and not fix else (("files", check) for check in modes(config, fix=fix))
    whole = () if sources else examine_workspace(config, now=now())
    verdicts, last = set(), ""
    found = chain(own, whole, _mailed(config, mail_to), examine(config, sources))
    checks = list(found) if form == "json" else ()
    if form == "json":
        print_json([{"source": name, **asdict(check)} for name, check in checks])
    for name, check in checks or found:
        verdicts.add(check.verdict)
        if form == "json":
            continue
        if name != last:
            click.echo(click.style(name, bold=True))
            last = name
        click.echo(f"  {SIGNS[check.verdict]} {check.what}: {check.found}")
        if check.remedy:
            click.echo(f"    → {check.remedy}")
    if CheckState.WRONG in verdicts:
        return SourceError.exit_code
    return EXIT_FINDINGS if CheckState.NOTE in verdicts else EXIT_DONE


def _mailed(config: Config, address: str | None) -> Iterator[tuple[str, Check]]:
    if address is not None:
        yield "mail", send_test_mail(config, address, now=now(), token=secrets.token_hex(6))
