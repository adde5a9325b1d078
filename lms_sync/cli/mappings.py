"""mappings: what the trainer does with the course map."""

from collections.abc import Sequence
from pathlib import Path

import click

from lms_sync.cli.findings import ALL_OF_THEM, findings_json, print_findings
from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import all_option, format_option, pass_folder
from lms_sync.cli.show import print_json
from lms_sync.compliance.for_whom import map_findings, names_among
from lms_sync.compliance.map_use import shown_findings, unshown_findings
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.law.series import load
from lms_sync.model.course_map import NOBODY_YET, CourseMap
from lms_sync.model.finding import Finding
from lms_sync.store.known.readers import roster_history
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.tables.annotate import NewColumn, annotate, remark_of
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.mapping.forms import FOR_PARTNERS, OFFERINGS
from lms_sync.workspace.roster.check import check_roster


@click.command(
    epilog="""\b
Examples:
  lms-sync mappings check                                the map in the workspace
  lms-sync mappings check new-courses.xlsx               one that is not in force
  lms-sync mappings check new-courses.xlsx --annotate    and a copy with comments: new-courses.checked.xlsx
""",
)
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--annotate", "copy", is_flag=True, help="Write a copy with comments on the cells, next to the file.")
@all_option(ALL_OF_THEM)
@format_option
@pass_folder
def check(folder: str, file: str | None, *, copy: bool, everything: bool, form: str) -> int:
    """List everything that is wrong with the map, or with FILE, by cell. ✗ keeps it from taking effect.

    It also lists what the file alone does not show: an id that its source now uses for another title, a course that
    nobody has completed in a year.
    """
    with open_workspace(folder, writes=False) as workspace:
        path = Path(file) if file else workspace.config.path(workspace.config.settings.mappings.courses)
        course_map, findings = _checked(workspace, path)
    if form == "json":
        print_json(findings_json(findings))
    else:
        print_findings(findings, everything=everything)
    if copy and findings and path.is_file():
        target = path.with_name(f"{path.stem}.checked.xlsx")
        annotate(path, target, [remark_of(f, path.name) for f in findings], column=_column(findings, path))
        click.echo(f"Wrote {target}", err=form == "json")
    if course_map is None:
        return UsageError.exit_code
    if not findings and form != "json":
        click.echo(f"{path.name}: {len(course_map.rows)} rows, nothing to correct.")
    return EXIT_FINDINGS if findings else EXIT_DONE


def _checked(workspace: Workspace, path: Path) -> tuple[CourseMap | None, Sequence[Finding]]:
    names = {source.name for source in workspace.config.settings.source} | workspace.store.runs.pulls().keys()
    checked = check_mapping(
        path, sources=names, dates=workspace.config.settings.district.dates, today=workspace.today()
    )
    if checked.course_map is None:
        return None, checked.findings
    courses = workspace.store.evidence.courses_seen()
    renamed = shown_findings(checked.course_map, courses, file=path.name)
    unshown = unshown_findings(checked.course_map, courses, file=path.name, today=workspace.today())
    return checked.course_map, (
        *checked.findings,
        *renamed,
        *unshown,
        *_for_whom(workspace, checked.course_map, path),
    )


def _for_whom(workspace: Workspace, course_map: CourseMap, path: Path) -> Sequence[Finding]:
    settings = workspace.config.settings
    checked = check_roster(workspace.config.path(settings.roster.path), dates=settings.district.dates)
    roster = checked.roster or read_roster(workspace.store)
    former = roster_history(workspace.store, workspace.clock()).partners
    names = names_among(roster, district=settings.district.name, topics=load().names.values(), former=former)
    return map_findings(course_map, roster, names, file=path.name)


def _column(findings: Sequence[Finding], path: Path) -> NewColumn:
    """Return the column that older workbooks lack, with a question mark in the rows that are to be answered."""
    asked = [remark_of(finding, path.name).cell for finding in findings if finding.code == "offering-for-whom"]
    return NewColumn(OFFERINGS.title, FOR_PARTNERS, dict.fromkeys(asked, NOBODY_YET[0]))
