"""The sheet that partners send back, filled in: what somebody reported on the partner's page, as the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.sources.corrections.sheet_form import FORM, MissingTraining, correction_sheet
from lms_sync.tables.write import Row, SheetSpec, write_workbook

_HEADINGS = [column.heading for column in FORM.columns]


@dataclass(frozen=True, slots=True)
class FilledTraining:
    """One row: somebody completed something on a day."""

    person_id: str
    person: str
    requirement: str
    words: str
    """What the requirement is called."""
    day: date
    provider: str
    number: str
    """Of the certificate."""


def filled_form(
    trainings: Sequence[FilledTraining], *, partner_id: str, as_of: date, pseudonyms: Pseudonyms
) -> bytes:
    """Return an xlsx file with these rows filled in, as one that the partner got on `as_of` and sent back."""
    missing = [MissingTraining(t.person_id, t.person, t.requirement, t.words) for t in trainings]
    blank = correction_sheet(missing, partner_id=partner_id, as_of=as_of, pseudonyms=pseudonyms)
    rows = tuple(_filled(row, training) for row, training in zip(blank.rows, trainings, strict=True))
    sheet = SheetSpec(blank.title, blank.columns, rows, intro=blank.intro, table=blank.table)
    return write_workbook(None, (sheet,), title=blank.title)


def _filled(row: Row, training: FilledTraining) -> Row:
    given: Mapping[str, str | date] = {
        "Completed on": training.day,
        "Provider": training.provider,
        "Certificate number": training.number,
    }
    return tuple(given.get(heading) or cell for heading, cell in zip(_HEADINGS, row, strict=True))
