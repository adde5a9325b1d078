"""mappings suggest: what unmapped courses may teach."""

from pathlib import Path

import click

from lms_sync.cli.opening import open_workspace
from lms_sync.cli.options import format_option, output_file, pass_folder
from lms_sync.cli.show import print_listing
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS
from lms_sync.files import write_whole
from lms_sync.operations.night import open_issuer
from lms_sync.operations.watch import find_unmapped
from lms_sync.reports.trainer.suggestions import suggestions_workbook, why_words


@click.command(
    epilog="""\b
Examples:
  lms-sync mappings suggest                     the most useful decision first
  lms-sync mappings suggest -o new-rows.xlsx    rows to decide and to copy into courses.xlsx
""",
)
@output_file("Write the rows as a workbook.")
@format_option
@pass_folder
def suggest(folder: str, *, output: str | None, form: str) -> int:
    """Suggest topics, or none, for each course that people completed and nobody has decided, with the reasons.

    It learns from the map, the law's words and mappings/phrases.toml. Nothing counts until a trainer decides it.
    """
    with open_workspace(folder, writes=False) as workspace:
        courses = find_unmapped(open_issuer(workspace, as_of=workspace.today()))
    if output is not None:
        write_whole(Path(output), suggestions_workbook(courses))
        click.echo(f"Wrote {output}: {len(courses)} courses to decide")
    else:
        rows = [
            [
                course.source,
                course.title,
                str(len(course.people)),
                str(course.closes),
                ", ".join(map(str, course.suggestion.topics)) or "no topic",
                why_words(course),
            ]
            for course in courses
        ]
        headings = ("Source", "Course", "People", "Gaps closed", "Topics", "Why")
        print_listing(headings, rows, form=form, nothing="Every course that people completed is decided.")
    return EXIT_FINDINGS if courses else EXIT_DONE
