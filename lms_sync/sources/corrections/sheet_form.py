"""The sheet that a partner fills in: its columns, and the codes by which it is recognised when it comes back.

Each row carries a code made with the workspace's identity key over the form, the person and the requirement, so that
rows may be sorted, filtered or left out, and none can be made up or exchanged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.tables.fields import Column
from lms_sync.tables.form import Form
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned
from lms_sync.text import written_day

TITLE = "Corrections"
MARK = "Form: "
"""What the line with the form's id begins with."""
FORM = Form(
    TITLE,
    (
        Column("Code", width=19, note="Filled in by the district; leave it as it is."),
        Column("Person ID", "id", width=12),
        Column("Person", width=26),
        Column("Requirement", width=14),
        Column("Missing", width=42),
        Column("Completed on", "date", width=15, note="The day of completion, e.g. 3 Nov 2026."),
        Column("Provider", width=24, note="Who gave the training."),
        Column("Certificate number", width=20),
        Column("Host school", width=20, note="For on-the-job days: the school of the experienced staff."),
        Column("Experienced officer", width=22, note="For on-the-job days."),
    ),
)
INPUTS = ("Completed on", "Provider", "Certificate number", "Host school", "Experienced officer")
"""The headings under which a partner writes."""
VALID_DAYS = 90
"""For how many days after the report's day a form may come back; the sheet says so."""
_INTRO = (
    "Do you know of training that is missing here?",
    "Fill in the yellow cells of what was completed, leave the rest, and send this workbook back with your reply.",
    "The district looks at every entry before it counts. Rows may be sorted; codes and ids must stay as they are.",
)
_PREVIEW = "This is a preview: it can't be sent back."


@dataclass(frozen=True, slots=True)
class MissingTraining:
    """One thing that somebody of the partner lacks."""

    person_id: str
    person: str
    requirement: str
    words: str
    """What the requirement is called."""


def form_id(partner_id: str, as_of: date, pseudonyms: Pseudonyms) -> str:
    """Return the id of the form that a partner receives on a day: partner, day and a code."""
    return f"{partner_id}/{as_of:%Y%m%d}/{pseudonyms.of('correction form', f'{partner_id}/{as_of:%Y%m%d}')[:16]}"


def partner_of(form: str, pseudonyms: Pseudonyms) -> str:
    """Return the Partner ID of a form's id; empty when it is none that this workspace made."""
    named, _, code = form.strip().rpartition("/")
    return named.rpartition("/")[0] if code and pseudonyms.of("correction form", named)[:16] == code else ""


def day_of(form: str) -> date | None:
    """Return the day of a form's id, from which on it is good for `VALID_DAYS`; None where it names none."""
    words = form.strip().split("/")
    try:
        return datetime.strptime(words[-2], "%Y%m%d").date()
    except (ValueError, IndexError):
        return None


def row_code(form: str, person_id: str, requirement: str, pseudonyms: Pseudonyms) -> str:
    """Return the code of one row of a form."""
    return pseudonyms.of("correction row", "\x1f".join((form.strip(), person_id, requirement)))[:16]


def correction_sheet(
    missing: Iterable[MissingTraining], *, partner_id: str, as_of: date, pseudonyms: Pseudonyms | None
) -> SheetSpec:
    """Return the sheet; without a seal it is a preview, which is refused when it comes back."""
    form = form_id(partner_id, as_of, pseudonyms) if pseudonyms else ""
    rows: tuple[Row, ...] = tuple(
        (
            row_code(form, training.person_id, training.requirement, pseudonyms) if pseudonyms else "",
            training.person_id,
            training.person,
            training.requirement,
            training.words,
            *(_cell(training.requirement, heading) for heading in INPUTS),
        )
        for training in missing
    )
    columns = tuple(
        ColumnSpec(c.heading, c.width, "date" if c.kind == "date" else "text", c.note) for c in FORM.columns
    )
    last = written_day(as_of + timedelta(days=VALID_DAYS))
    until = f"It may come back until {last}; after that day use a newer report's workbook."
    intro = (*_INTRO, *((until, f"{MARK}{form}") if form else (_PREVIEW,)))
    return SheetSpec(TITLE, columns, rows, intro=intro, table=TITLE, freeze_columns=3)


def _cell(requirement: str, heading: str) -> Toned:
    asked = requirement == "on-the-job" or heading not in ("Host school", "Experienced officer")
    return Toned(None, "warn") if asked else Toned("not needed", "quiet")
