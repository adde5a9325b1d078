"""A lowest score that nearly every score reaches: 80 per cent typed as a fraction. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from lms_sync.model.course_map import CourseRow
from lms_sync.model.finding import Finding
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader

HEADING = "Minimum score"


def low_score(reader: FormReader, entry: Entry, row: CourseRow) -> Iterable[Finding]:
    """Yield a finding for a lowest score over 0 and up to 1; some sources do give scores between 0 and 1."""
    score = row.minimum_score
    if score is None or not Decimal(0) < score <= Decimal(1):
        return
    written = f"{(score * 100).normalize():f}"
    wrong = Wrong(
        f"{score}, which every score from {score} up reaches",
        "a score as the source tells it, such as 80",
        f"Write {written} if {written} per cent is meant; leave it where the source gives scores from 0 to 1.",
    )
    yield reader.finding("score-below-one", entry.where(HEADING), wrong, blocks=False, subject=entry.subject(HEADING))
