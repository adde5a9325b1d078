"""mappings impact and history: what a change of the map would do, and what changes did."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lms_sync.agreements.clause_c.watch import confirmed
from lms_sync.cli.opening import day, expect_file, open_workspace
from lms_sync.cli.options import as_of_option, format_option, output_file, pass_folder
from lms_sync.cli.show import print_table, print_text
from lms_sync.compliance.impact import Impact, impact
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.files import write_whole
from lms_sync.model.course_map import CourseMap
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.trainer.impact import bars, headlines, impact_json, impact_workbook, summary, why
from lms_sync.store.known.snapshot import map_history
from lms_sync.store.workspace import Workspace
from lms_sync.text import days_written, did_you_mean, written_day, written_minute
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.mapping.versions import Period, deciders, difference
from lms_sync.workspace.start.workbooks import map_lines, mapping_workbook


@click.command(
    "impact",
    epilog="""\b
Examples:
  lms-sync mappings impact new-courses.xlsx                     0 nobody loses anything · 1 somebody does
  lms-sync mappings impact new-courses.xlsx -o impact.xlsx
  lms-sync mappings impact new-courses.xlsx --as-of 2027-03-01
""",
)
@click.argument("file", type=click.Path(dir_okay=False))
@as_of_option
@format_option
@output_file("Also write a workbook.")
@pass_folder
def show_impact(folder: str, file: str, *, as_of: str | None, form: str, output: str | None) -> int:
    """Show what the map in FILE would change: who gains or loses what and why, and each partner's figures.

    It works like the night, with FILE in place of the map in force, and stores nothing.
    """
    with open_workspace(folder, writes=False) as workspace:
        other = _good(workspace, Path(file))
        issuer = open_issuer(workspace, as_of=day(as_of, option="--as-of") or workspace.today())
        certain = confirmed(workspace.store)
        found = impact(issuer.snapshot, other, workspace.pseudonyms, as_of=issuer.judged.as_of, confirmed=certain)
        if form == "json":
            _print_json(impact_json(found, dict(issuer.snapshot.roster.partners)))
        else:
            _print_impact(found, issuer)
        if output is not None:
            write_whole(Path(output), impact_workbook(found, issuer.templates))
            click.echo(f"Wrote {output}", err=form == "json")
    return EXIT_FINDINGS if found.loses else EXIT_DONE


def _good(workspace: Workspace, path: Path) -> CourseMap:
    expect_file(path)
    names = {source.name for source in workspace.config.settings.source} | workspace.store.runs.pulls().keys()
    checked = check_mapping(path, sources=names, dates=workspace.config.settings.district.dates)
    if checked.course_map is None:
        wrong = "\n".join(str(finding) for finding in checked.findings if finding.blocks)
        raise UsageError(f"{path.name} could not take effect:\n{wrong}", hint="Correct it, then try again.")
    return checked.course_map


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _print_impact(found: Impact, issuer: Issuer) -> None:
    click.echo(
        f"As of {written_day(found.as_of)}, map {found.before} (now) against {found.after} (then). {summary(found)}"
    )
    for line in headlines(found):
        click.echo(line)
    rows = [
        [partner.name, state, *bars(partner, now, then)]
        for partner in found.partners
        for state, now, then in partner.states
    ]
    if rows:
        click.echo()
    print_table(["Partner", "State", "Now", "Then"], rows)
    for person in (*found.turn_overdue, *found.become_complete, *found.others):
        same = person.before == person.after
        states = days_written(f"{person.before}, as before" if same else f"{person.before} → {person.after}")
        click.echo(f"\n{person.name} ({person.person_id}): {states}")
        for shift in person.shifts:
            verb = "gains" if shift.gained else "LOSES"
            click.echo(f"  {verb} {issuer.templates.names[shift.requirement]}: {shift.before} → {shift.after}")
            for line in why(shift.causes):
                click.echo(f"        {line}")
    for document, people in found.broken:
        what = f"Confirmation {document.number} ({document.agreement_id})"
        click.echo(f"\n{what} would no longer hold for {', '.join(people)}")


@click.command(
    epilog="""\b
Examples:
  lms-sync mappings history                            every version, newest last, with what it changed
  lms-sync mappings history 3f29c0d1aa                 one version
  lms-sync mappings history 3f29c0d1aa 77b0e2c95d      what lies between two
  lms-sync mappings history 3f29c0d1aa -o old.xlsx     the version as a workbook that can come into force again
""",
)
@click.argument("versions", metavar="[VERSION]...", nargs=-1)
@format_option
@output_file("Write the version as a workbook.")
@pass_folder
def history(folder: str, versions: tuple[str, ...], *, form: str, output: str | None) -> None:
    """Show the versions of the map: when each was in force, who decided, and what changed, row by row.

    `lms-sync gaps --as-of DAY --known-at INSTANT` shows the figures of that time again.
    """
    if len(versions) > 2:
        raise UsageError("more than two versions", hint="One is shown, two are compared.")
    if output is not None and len(versions) != 1:
        raise UsageError("-o writes one version", hint="Name it: lms-sync mappings history VERSION -o old.xlsx")
    with open_workspace(folder, writes=False) as workspace:
        periods = map_history(workspace.store)
        if output is not None:
            _write(workspace, _version(periods, versions[0]), Path(output))
        elif len(versions) == 2:
            before, after = (_version(periods, version).course_map for version in versions)
            print_text("\n".join(difference(before, after)) or "The two are the same.")
        else:
            chosen = [_version(periods, version) for version in versions] or list(periods)
            chosen_versions = [_version_json(periods, period, workspace) for period in periods if period in chosen]
            _print_json(chosen_versions) if form == "json" else _print_history(chosen_versions)


def _version(periods: Sequence[Period], version: str) -> Period:
    found = [period for period in periods if period.course_map.version == version]
    if not found:
        known = [period.course_map.version for period in periods]
        raise UsageError(
            f"{version}: no such version was ever in force",
            hint=f"{did_you_mean(version, known)}`lms-sync mappings history` lists them.",
        )
    return found[-1]


def _write(workspace: Workspace, period: Period, path: Path) -> None:
    issuer = open_issuer(workspace, as_of=workspace.today())
    topics = {topic.number: topic.name for topic in issuer.snapshot.law.topics}
    courses, offerings = map_lines(period.course_map)
    write_whole(path, mapping_workbook(courses, offerings, topics=topics))
    click.echo(f"Wrote {path}")


def _version_json(periods: Sequence[Period], period: Period, workspace: Workspace) -> dict[str, Any]:
    place = periods.index(period)
    before = periods[place - 1].course_map if place else None
    return {
        "version": period.course_map.version,
        "since": period.since.astimezone(workspace.zone).isoformat(timespec="seconds"),
        "until": period.until.astimezone(workspace.zone).isoformat(timespec="seconds") if period.until else None,
        "decided_by": list(deciders(before, period.course_map)),
        "rows": len(period.course_map.rows),
        "offerings": len(period.course_map.offerings),
        "changes": list(difference(before, period.course_map)),
    }


def _written(instant: str) -> str:
    return written_minute(datetime.fromisoformat(instant))


def _print_history(versions: Sequence[dict[str, Any]]) -> None:
    if not versions:
        click.echo("No map was in force yet; `lms-sync nightly` takes the first one in.")
    for version in versions:
        until = f"until {_written(version['until'])}" if version["until"] else "on, in force"
        click.echo(f"\n{version['version']}  from {_written(version['since'])} {until}")
        click.echo(
            f"  {version['rows']} rows, {version['offerings']} offerings;"
            f" decided by: {', '.join(version['decided_by']) or '-'}"
        )
        first = version is versions[0] and len(version["changes"]) == version["rows"] + version["offerings"]
        changes = [f"the first map: {version['rows']} rows"] if first else version["changes"]
        for change in changes:
            print_text(f"  · {days_written(change)}")
