"""The checklist of an agreement's review as a workbook: a row for each point, to fill in and to read back."""

from lms_sync.agreements.review.checklist import FORM, MARK, NOT_NEEDED, TITLE, said_of
from lms_sync.agreements.review.status import Review
from lms_sync.law.yearly import Point
from lms_sync.model.agreement import ReviewedPoint
from lms_sync.model.issued import Issued
from lms_sync.reports import words
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook
from lms_sync.text import command_line

_HOW_TO = (
    "Answer yes beside each point that is met, with the day on which you checked and where it is in the agreement.",
    "Parents, students, community members: yes needs the day, how and who (yellow cells). No names of students.",
    "Attachments: put the file into the same folder as this workbook and write its name, without a path.",
    "A row that you clear takes back what was recorded. Grey cells are not for you; rows may be sorted.",
)


def review_workbook(review: Review, *, checklist: str) -> bytes:
    """Return an xlsx file with what is recorded filled in; `checklist` is its id, by which it is recognised."""
    agreement = review.agreement
    rows = tuple(_row(point, found, review) for point, found in review.points)
    columns = tuple(
        ColumnSpec(c.heading, c.width, "date" if c.kind == "date" else "text", c.note, c.choices)
        for c in FORM.columns
    )
    intro = (
        f"Review of the agreement {agreement.agreement_id} with {words.clean(review.partner)}, "
        f"{agreement.school_year}",
        due_words(review),
        *_HOW_TO,
        f"Law: {review.citation}. Read it back: "
        f"{command_line('agreements review', agreement.agreement_id, read='FILE.xlsx')}",
        f"{MARK}{checklist}",
    )
    sheet = SheetSpec(TITLE, columns, rows, intro=intro, table=TITLE, freeze_columns=1)
    return write_workbook(None, [sheet], title=f"Review of {agreement.agreement_id}", day=review.as_of)


def due_words(review: Review) -> str:
    """Return in a sentence by when the agreement is to be adopted, or since when it is."""
    if review.adopted_on is None:
        late = ": overdue" if review.overdue else ""
        return f"Review and adoption are due by {words.written(review.due)}{late}."
    by = "" if review.adoption else ", by the roster"
    adopted = f"Adopted on {words.written(review.adopted_on)}{by}"
    if review.again is None:
        return f"{adopted}."
    return f"{adopted}; comes up again by {words.written(review.again)}{': overdue' if review.overdue else ''}."


def issued_words(issued: Issued) -> str:
    """Return which document it is: `Training plan TP-2026-0001 as of 3 Nov 2026`."""
    return f"{words.ISSUED_WORDS[issued.kind].capitalize()} {issued.number} as of {words.written(issued.as_of)}"


def _row(point: Point, found: ReviewedPoint | None, review: Review) -> Row:
    start = (Toned(point.id, "quiet"), Toned(point.wording, "quiet"))
    if point.kind == "series":
        stands = review.clause_c
        note = issued_words(stands) if stands else "no document in force: agreements confirm, or agreements plan"
        grey = Toned(None, "quiet")
        return (*start, grey, grey, Toned(note, "quiet"), *(Toned(NOT_NEEDED, "quiet"),) * 3)
    point_entry = said_of(found)
    asked = point.kind == "involvement"
    people = (
        Toned(text, "warn") if asked else Toned(text or NOT_NEEDED, "quiet")
        for text in (point_entry.how, point_entry.who)
    )
    day = Toned(point_entry.on, "warn" if asked else "")
    return (*start, point_entry.done or None, day, *people, point_entry.note, point_entry.attachment)
