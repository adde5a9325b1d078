"""mappings suggest and accept: what unmapped courses may teach, and rows that are taken over."""

from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import by_option, format_option, output_file, pass_folder, reason_option
from lms_sync.cli.show import print_listing
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.files import write_whole
from lms_sync.model.author import Author
from lms_sync.operations.night import open_issuer
from lms_sync.operations.take_over.course_map import take_over_map
from lms_sync.operations.take_over.suggested import suggested_rows
from lms_sync.operations.watch import find_unmapped
from lms_sync.reports.trainer.suggestions import suggestions_workbook, why_words

SHOWN_SIGNS = 8
"""Of an id; `accept` takes any beginning that only one course has."""


@click.command(
    epilog="""\b
Examples:
  lms-sync mappings suggest                     the most useful decision first
  lms-sync mappings suggest -o new-rows.xlsx    rows to decide, and to copy into courses.xlsx
  lms-sync mappings accept 3fa94c12 --reason "seen the syllabus"    put one into the map as suggested
""",
)
@output_file("Write the rows as a workbook.")
@format_option
@pass_folder
def suggest(folder: str, *, output: str | None, form: str) -> int:
    """Suggest topics, with reasons, for completed courses that the map does not have yet or nobody has decided.

    It goes by the map, the law's words and mappings/phrases.toml. Nothing counts until a trainer decides it.
    """
    with open_workspace(folder, writes=False) as workspace:
        courses = find_unmapped(open_issuer(workspace, as_of=workspace.today()))
    if output is not None:
        write_whole(Path(output), suggestions_workbook(courses))
        click.echo(f"Wrote {output}: {len(courses)} courses to decide")
    else:
        rows = [
            [
                course.handle[:SHOWN_SIGNS],
                course.source,
                course.title,
                str(len(course.people)),
                str(course.closes),
                ", ".join(map(str, course.suggestion.topics)) or "no topic",
                why_words(course),
            ]
            for course in courses
        ]
        headings = ("Id", "Source", "Course", "People", "Gaps closed", "Topics", "Why")
        print_listing(headings, rows, form=form, nothing="Every course that people completed is decided.")
    return EXIT_FINDINGS if courses else EXIT_DONE


@click.command(
    epilog="""\b
Examples:
  lms-sync mappings accept 3fa94c12 --reason "seen the syllabus"
  lms-sync mappings accept 3fa94c12 77b0e2c9 --reason "the vendor's own list of topics" --by "T. Rainer"
  lms-sync mappings accept --all --reason "each title read, each is what it says"
""",
)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every course that `suggest` shows, as suggested.")
@reason_option
@by_option
@pass_folder
def accept(folder: str, *, ids: tuple[str, ...], everything: bool, reason: str, by: str) -> None:
    """Put suggested rows into courses.xlsx, decided by you today; the file as it was is kept.

    A course with "no topic" is recorded as teaching none. This counts at once, with whatever else the workbook says
    by then. It is refused while the workbook is open in Excel, or if somebody changed it meanwhile.
    """
    if bool(ids) == everything:
        raise UsageError("name the courses by their ids, or --all", hint="`lms-sync mappings suggest` lists them.")
    with open_workspace(folder) as workspace:
        waiting = find_unmapped(open_issuer(workspace, as_of=workspace.today()))
        if everything and not waiting:
            raise UsageError("no course waits for a decision", hint="There is nothing to accept.")
        ids = tuple(course.handle for course in waiting) if everything else ids
        author = Author(who(by), reason, workspace.clock())
        rows = suggested_rows(workspace, author=author, waiting=waiting, ids=ids)
        taken = take_over_map(workspace, author, content=rows.content, seen=rows.seen)
    for course in rows.courses:
        topics = ", ".join(map(str, course.suggestion.topics)) or "none of the thirteen"
        click.echo(f"{course.source}: {course.title}: teaches {topics}")
    click.echo(f"The course map {taken.version} is in force. The version before is kept as {taken.kept}.")
