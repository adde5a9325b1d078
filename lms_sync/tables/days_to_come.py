"""Days on which something is said to have happened, and that have not come: a year mistyped most often. Pure."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from lms_sync.model.finding import Finding
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, Filled, Form, FormReader
from lms_sync.text import written_day

CODE = "day-to-come"


def rests_on_today(findings: Iterable[Finding]) -> bool:
    """Tell whether something is asked about until a day has come, even where nobody touches the file."""
    return any(finding.code == CODE for finding in findings)


def days_to_come(
    reader: FormReader, form: Form, filled: Filled, *, today: date | None, asked: Collection[str] = ()
) -> Iterator[tuple[Entry, Finding]]:
    """Yield each cell of a day too far in the future for its column, with what to ask about it.

    Nothing where nobody tells what day it is, nor of a cell that is `asked` about already.
    """
    columns = [(column.heading, column.ahead) for column in form.columns if column.ahead is not None]
    for entry in filled.entries if today else ():
        for heading, ahead in columns:
            day, where = entry.day(heading), entry.where(heading)
            if today and day and day > today + ahead and where not in asked:
                far = f", more than {ahead.days} days ahead" if ahead else ", a day in the future"
                wrong = Wrong(
                    f"{heading} {written_day(day)}{far}",
                    "a day of about now, or one that has passed" if ahead else "a day that has passed",
                    "Correct the day. What has not happened yet is left blank." if not ahead else "Correct the year.",
                )
                yield entry, reader.finding(CODE, where, wrong, blocks=False, subject=entry.subject(heading))
