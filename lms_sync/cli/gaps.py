"""gaps, report: who lacks what, and a partner's documents without sending them."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from lms_sync.cli.opening import day, expect_known, instant, open_workspace
from lms_sync.cli.options import as_of_option, format_choice, known_at_option, output_file, output_folder, pass_folder
from lms_sync.cli.purge import purged_json, tell_purged
from lms_sync.cli.show import print_table
from lms_sync.compliance.gap_report import GapReport, ReportedStanding
from lms_sync.errors import ConfigError, UsageError
from lms_sync.files import shared_folder, write_whole
from lms_sync.law.standing import STATE_GROUPS, state_group, state_words
from lms_sync.mail.before_issuing import banner
from lms_sync.mail.documents import make_documents
from lms_sync.mail.issue import current_report
from lms_sync.model.course_map import requirement_words
from lms_sync.model.roster import Partner
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.record import purged_before
from lms_sync.reports.district.workbook import district_workbook
from lms_sync.reports.gaps_export import gaps_csv, report_json
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.history import with_history
from lms_sync.store.workspace import Workspace
from lms_sync.text import days_written, written_day


@click.command(
    epilog="""\b
Examples:
  lms-sync gaps                             everybody
  lms-sync gaps HARBOR --format csv > gaps.csv
  lms-sync gaps --format xlsx -o gaps.xlsx  everybody in a grid with filters, and figures by partner and building
  lms-sync gaps --as-of 2026-06-30 --known-at 2026-07-01T06:00 --format json
""",
)
@click.argument("partners", metavar="[PARTNER]...", nargs=-1)
@as_of_option
@known_at_option
@format_choice("table", "json", "csv", "xlsx")
@output_file("Write to this file (needed for xlsx).")
@pass_folder
def gaps(
    folder: str, *, partners: tuple[str, ...], as_of: str | None, known_at: str | None, form: str, output: str | None
) -> int:
    """Show who has met which requirement and what is missing, for all partners or those named."""
    _check_output(form, output)
    with open_workspace(folder, writes=False) as workspace:
        known = instant(known_at, workspace.zone)
        gone = purged_before(workspace.store, known)
        code = tell_purged(gone)
        issuer = open_issuer(workspace, as_of=day(as_of, option="--as-of") or workspace.today(), known_at=known)
        _expect_judged(issuer)
        reports = [
            current_report(workspace.store, issuer, partner, for_district=True)
            for partner in _chosen(issuer, partners)
        ]
        known_first = banner(issuer)
    for line in known_first:
        click.echo(f"! {line}", err=form != "table")
    if form == "table":
        _print(reports)
    else:
        extra = {**purged_json(gone), **({"banner": known_first} if known_first else {})}
        _write(_content(reports, form, names=issuer.templates.names, extra=extra), output)
    return code


def _expect_judged(issuer: Issuer) -> None:
    """Raise ConfigError where the roster known then had nobody on it."""
    if not issuer.judged.people:
        raise ConfigError(
            "nobody has been judged: no usable roster",
            hint="`lms-sync check` says what is wrong with the roster; correct it, and let a night run.",
        )


def _check_output(form: str, output: str | None) -> None:
    if form == "table" and output is not None:
        raise UsageError("--format table is for the screen only", hint="For a file: --format csv, json or xlsx.")
    if form == "xlsx" and output is None:
        raise UsageError("--format xlsx writes a file", hint="Name it with -o FILE.xlsx.")


def _chosen(issuer: Issuer, partners: tuple[str, ...]) -> list[Partner]:
    known = issuer.snapshot.roster.partners
    expect_known(partners, known, what="Partner ID", where="On the roster")
    return [known[name] for name in partners or sorted(known)]


def _print(reports: list[GapReport]) -> None:
    for report in reports:
        click.echo(f"\n{report.partner.name} ({report.partner.partner_id}), as of {written_day(report.as_of)}")
        rows = [
            [
                person.person_id,
                person.name,
                person.staff_class.value if person.staff_class else "?",
                str(person.first_day or "?"),
                days_written(state_words(person.state, person.doubted)),
                requirement_words(standing.requirement for standing in person.open),
                _due(person.requirements),
            ]
            for person in report.people
        ]
        print_table(["Person", "Name", "Class", "First day", "State", "Missing", "Next due"], rows)
    everybody = [person for report in reports for person in report.people]
    if not everybody:
        click.echo("\nNobody is assigned on that day.")
        return
    counts = Counter(state_group(person.state, person.doubted) for person in everybody)
    click.echo("\n" + " · ".join(f"{counts[group]} {group}" for group in STATE_GROUPS if counts[group]))


def _due(requirements: tuple[ReportedStanding, ...]) -> str:
    days = [s.due for s in requirements if s.open and s.due]
    return str(min(days)) if days else ""


def _content(reports: list[GapReport], form: str, *, names: Mapping[str, str], extra: Mapping[str, object]) -> bytes:
    """Return the reports in a form; `extra` is what an answer in JSON says besides."""
    match form:
        case "json":
            return (json.dumps({**report_json(reports), **extra}, ensure_ascii=False, indent=1) + "\n").encode()
        case "csv":
            return gaps_csv(reports).encode()
        case _:
            return district_workbook(reports, names)


def _write(content: bytes, output: str | None) -> None:
    if output is None:
        click.echo(content.decode(), nl=False)
    else:
        write_whole(Path(output), content)
        click.echo(f"Wrote {output}")


@click.command(
    epilog="""\b
Examples:
  lms-sync report HARBOR -o preview/
  lms-sync report HARBOR -o june/ --as-of 2026-06-30
""",
)
@click.argument("partner")
@output_folder("Folder to write into.")
@as_of_option
@pass_folder
def report(folder: str, *, partner: str, output: str, as_of: str | None) -> None:
    """Write a partner's documents into a folder: e-mail (HTML, text), workbook, plan (PDF). Sends nothing."""
    with open_workspace(folder, writes=False) as workspace:
        for path in write_documents(workspace, partner, Path(output), as_of=as_of):
            click.echo(f"Wrote {path}")


def write_documents(workspace: Workspace, partner: str, folder: Path, *, as_of: str | None) -> list[Path]:
    """Write what `partner` would receive today, and return the files."""
    issuer = open_issuer(workspace, as_of=day(as_of, option="--as-of") or workspace.today())
    for line in banner(issuer):
        click.echo(f"! {line}", err=True)
    (chosen,) = _chosen(issuer, (partner,))
    current = with_history(workspace.store, current_report(workspace.store, issuer, chosen))
    documents = make_documents(current, issuer, preview=True)
    shared_folder(folder)
    files = {
        "e-mail.html": documents.email.html.encode(),
        "e-mail.txt": f"{documents.email.subject}\n\n{documents.email.text}".encode(),
        **{attachment.name: attachment.content for attachment in documents.attachments},
    }
    for name, content in files.items():
        write_whole(folder / name, content)
    return [folder / name for name in files]
