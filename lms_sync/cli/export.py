"""export: what is sent to others, as a folder ready to send: the yearly report, evidence for an outsider."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from lms_sync.agreements.clause_c.watch import doubtful
from lms_sync.agreements.review.record import read_recorded
from lms_sync.agreements.year.ospi import AgreementCopy, OspiFacts, OspiReport, ospi_report
from lms_sync.agreements.year.ospi_workbook import README, ospi_csv, ospi_readme, ospi_workbook
from lms_sync.cli.opening import day, instant, open_workspace, who
from lms_sync.cli.options import by_option, format_choice, known_at_option, output_folder, pass_folder, reason_option
from lms_sync.cli.purge import tell_purged
from lms_sync.documents.vault import Vault, open_vault
from lms_sync.errors import EXIT_FINDINGS, ConfigError, UsageError, worst
from lms_sync.law.school_year import SchoolYear, school_year_named, school_year_of
from lms_sync.model.author import Author
from lms_sync.model.roster import Roster
from lms_sync.operations.evidence_folder import export_evidence
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.record import purged_before
from lms_sync.reports.words import count
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day
from lms_sync.whole_folder import expect_ours, write_folder


@dataclass(frozen=True, slots=True)
class _ExportOptions:
    """What the report is to be about."""

    year: SchoolYear
    as_of: date
    known_at: datetime


@click.command(
    epilog="""\b
Examples:
  lms-sync export ospi -o ospi-2026-27
  lms-sync export ospi -o ospi-2025-26 --year 2025-26 --format csv
  lms-sync export ospi -o october --as-of 2026-10-01 --known-at 2026-10-02T06:00
""",
)
@output_folder("Folder to write.")
@click.option("--year", metavar="YEAR", help="School year, such as 2026-27. [default: this one]")
@click.option("--as-of", metavar="DAY", help="Count the staff on this day. [default: today, or the year's last day]")
@known_at_option
@format_choice("xlsx", "csv", text="One workbook, or csv files with the same content.")
@pass_folder
def ospi(folder: str, *, output: str, year: str | None, as_of: str | None, known_at: str | None, form: str) -> int:
    """Write OSPI's yearly report: staff in total and per building, agreements and their documents, what is missing.

    Incidents and complaints are listed as not known to this program, with who would know. Nothing is sent.
    """
    target = Path(output)
    expect_ours(target, mark=README)
    with open_workspace(folder, writes=False) as workspace:
        asked = _asked(workspace, year, day(as_of, option="--as-of"), instant(known_at, workspace.zone))
        code = tell_purged(purged_before(workspace.store, asked.known_at if known_at else None))
        vault = open_vault(*workspace.config.kept_files)
        report = _report(workspace, asked, vault)
        write_folder(target, _files(workspace, report, vault, form=form), mark=README)
    _tell(report, target)
    return worst({code, EXIT_FINDINGS if report.missing else 0})


def _asked(workspace: Workspace, year: str | None, as_of: date | None, known_at: datetime | None) -> _ExportOptions:
    begins, today = workspace.config.settings.year.begins, workspace.today()
    chosen = school_year_named(year, begins) if year else school_year_of(as_of or today, begins)
    counted = as_of or min(today, chosen.last)
    if not chosen.contains(counted):
        raise UsageError(
            f"{counted} is not in the school year {chosen.name} ({chosen.first} to {chosen.last})",
            hint="Name another --year, or an --as-of within it.",
        )
    return _ExportOptions(chosen, counted, known_at or workspace.clock())


def _report(workspace: Workspace, asked: _ExportOptions, vault: Vault) -> OspiReport:
    roster = read_roster(workspace.store, asked.known_at)
    if not roster.partners:
        raise ConfigError(
            "no roster has been recorded yet", hint="Run `lms-sync nightly` first, or choose a later --known-at."
        )
    recorded = read_recorded(workspace.store, asked.known_at)
    facts = OspiFacts(
        district=workspace.config.settings.district.name,
        known_at=asked.known_at,
        roster=roster,
        adoptions=recorded.adoptions,
        issued=recorded.issued,
        problem=vault.problem,
        doubtful=doubtful(workspace.store, open_issuer(workspace, as_of=workspace.today())),
        then=_then(workspace, asked),
    )
    return ospi_report(facts, asked.year, as_of=asked.as_of)


def _then(workspace: Workspace, asked: _ExportOptions) -> Roster | None:
    """Return the roster as it was known when the day was over; None for a day that is not, or was not yet known."""
    over = datetime.combine(asked.as_of + timedelta(days=1), time(), workspace.zone)
    return read_roster(workspace.store, over) if over < asked.known_at else None


def _files(workspace: Workspace, report: OspiReport, vault: Vault, *, form: str) -> dict[str, bytes]:
    """Return path → content of the whole folder."""
    zone = workspace.zone
    if form == "csv":
        tables = ospi_csv(report, zone)
    else:
        tables = {f"ospi-{report.school_year}.xlsx": ospi_workbook(report, zone)}
    copies = {
        f"documents/{agreement_copy.name}": _content(workspace, agreement_copy, vault)
        for agreement_copy in report.copies
    }
    files = {**tables, **copies}
    return {"README.txt": ospi_readme(report, files, zone), **files}


def _content(workspace: Workspace, copy: AgreementCopy, vault: Vault) -> bytes:
    return workspace.store.issued.content(copy.number) if copy.kept is None else vault.place(copy.kept).read_bytes()


def _tell(report: OspiReport, target: Path) -> None:
    click.echo(
        f"Wrote {target}: {report.staff} staff as of {written_day(report.as_of)},"
        f" {count(len(report.buildings), 'building', 'buildings')},"
        f" {count(len(report.agreements), 'agreement', 'agreements')},"
        f" {count(len(report.copies), 'document', 'documents')}"
    )
    for line in report.missing:
        click.echo(f"  missing: {line}")
    click.echo("  not known here: incidents, complaints and what else OSPI asks for; README.txt says who would know")
    if any(copy.number for copy in report.copies):
        click.echo("  training confirmations and plans name people: look through documents/ before you send it")


@click.command(
    epilog="""\b
Examples:
  lms-sync export evidence HERON-26 -o for-the-auditor --for "State Auditor" --reason "audit of 2026-27"
  lms-sync export evidence 100417 -o case-26-118 --for "counsel of the district" --reason "hearing of 3 May"
"""
)
@click.argument("about", metavar="AGREEMENT|PERSON")
@output_folder("Folder to write.")
@click.option("--for", "whom", required=True, metavar="WHO", help="Who will read it; kept in the log.")
@reason_option
@by_option
@pass_folder
def evidence(folder: str, /, *, about: str, output: str, **how: str) -> None:
    """Write one folder for a lawyer or auditor: documents, record, results, log entries, hashes. Nothing is sent.

    The log records who wrote it for whom.
    """
    with open_workspace(folder) as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        author = Author(who(how["by"]), how["reason"], workspace.clock())
        contents = export_evidence(
            workspace, author, issuer=issuer, about=about, whom=how["whom"], folder=Path(output)
        )
    click.echo(
        f"Wrote {output}: {len(contents.files)} files for {how['whom']}. It names people: pass it on to nobody else."
    )
    for line in contents.left_out:
        click.echo(f"  not in it: {line}")
