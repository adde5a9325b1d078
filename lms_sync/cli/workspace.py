"""check: find everything that is wrong with a workspace."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from lms_sync.cli.findings import ALL_OF_THEM, findings_json, print_findings
from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import all_option, format_option, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.errors import EXIT_FINDINGS, ConfigError, UsageError
from lms_sync.mail.before_issuing import MISSING, NO_EVIDENCE, missing
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.check import check_workspace
from lms_sync.operations.opening import now
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.tables.annotate import annotate, remark_of
from lms_sync.workspace.roster.open_elsewhere import open_elsewhere
from lms_sync.workspace.settings.config import Config, read_config


@click.command(
    epilog="""\b
Examples:
  lms-sync check               exit code 0 all good · 1 something to look at · 2 something that must be fixed
  lms-sync check --annotate    and copies of roster and course map with comments: roster.checked.xlsx
""",
)
@click.option("--annotate", "copy", is_flag=True, help="Write copies of roster and map with comments on the cells.")
@all_option(ALL_OF_THEM)
@format_option
@pass_folder
def check(folder: str, *, copy: bool, everything: bool, form: str) -> int:
    """Check settings, roster, course map, layouts, templates and database; list everything that is wrong.

    Cells with the same problem share one line.
    """
    config = read_config(Path(folder))
    if sentence := open_elsewhere(config.path(config.settings.roster.path)):
        click.echo(sentence, err=True)
    findings = [*check_workspace(config, now=now()), *_database(folder)]
    findings.sort(key=lambda finding: finding.code not in MISSING)
    if copy:
        _annotate(config, findings)
    if form == "json":
        print_json(findings_json(findings))
    else:
        _tell(findings, everything=everything)
    return _exit_code(findings)


def _exit_code(findings: Sequence[Finding]) -> int:
    if any(finding.blocks for finding in findings):
        return UsageError.exit_code
    return EXIT_FINDINGS if findings else 0


def _annotate(config: Config, findings: Sequence[Finding]) -> None:
    """Write copies of the workbooks with comments on the cells of their findings; nothing where there are none."""
    settings = config.settings
    for path in (config.path(settings.roster.path), config.path(settings.mappings.courses)):
        here = [finding for finding in findings if finding.where.startswith(f"{path.name}, ")]
        if here and path.is_file():
            target = path.with_name(f"{path.stem}.checked.xlsx")
            annotate(path, target, [remark_of(finding, path.name) for finding in here])
            click.echo(f"Wrote {target}", err=True)


def _tell(findings: Sequence[Finding], *, everything: bool) -> None:
    print_findings(findings, everything=everything)
    blocking = sum(finding.blocks for finding in findings)
    if not findings:
        click.echo("All good: settings, roster, course map, layouts, templates, database.")
        return
    keeps = f"Of these, to correct before a file takes effect: {blocking}." if blocking else "None keeps a file out."
    click.echo(f"\nFindings: {len(findings)}. {keeps}")
    if any(finding.code in MISSING for finding in findings):
        click.echo("Nothing is issued until the first of these is settled.")


def _database(folder: str) -> Iterator[Finding]:
    """Yield what keeps the database from being used: its place, another identity key; or that it holds nothing."""
    try:
        with open_workspace(folder, writes=False) as workspace:
            snapshot = read_snapshot(workspace.store, workspace.clock())
            yield from (f for f in missing(workspace.config, snapshot) if f.code == NO_EVIDENCE)
    except ConfigError as error:
        where = "lms_sync.toml, [store]"
        yield Finding(
            Area.CONFIG,
            "unusable",
            where,
            str(error).removeprefix(f"{where} "),
            expected="a database that opens with its identity key",
            remedy=error.hint,
            blocks=True,
        )
