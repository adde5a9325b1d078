"""What a person has put into courses.xlsx that is lost when the program writes it anew."""

from lms_sync.tables.extras import extras_of
from lms_sync.workspace.mapping.forms import COURSES, OFFERINGS

SHEETS = (COURSES.title, OFFERINGS.title, "Topics")
"""The sheets that the program writes."""


def extras(content: bytes) -> tuple[str, ...]:
    """Return a sentence for each thing in the workbook that is not kept; none where nothing is lost."""
    headings = {form.title: [column.heading for column in form.columns] for form in (COURSES, OFFERINGS)}
    return extras_of(content, SHEETS, headings)
