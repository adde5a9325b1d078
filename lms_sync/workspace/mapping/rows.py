"""Rows of courses.xlsx as they are typed → what they say. Pure."""

import hashlib
import re

from lms_sync.model.course_map import NOBODY_YET, CourseRow, Offering
from lms_sync.tables.form import Entry
from lms_sync.text import fold
from lms_sync.workspace.mapping.forms import FOR_PARTNERS, TOPICS


def row_of(entry: Entry) -> CourseRow:
    """Return what a row of the sheet Courses says."""
    decided = bool(entry.text("Decided by"))
    return CourseRow(
        source=entry.text("Source"),
        course=entry.text("Course"),
        unit=entry.text("Unit"),
        title=entry.text("Title"),
        topics=tuple(number for number in TOPICS if entry.marked(str(number))),
        on_the_job_days=entry.whole("On-the-job days"),
        check_ins=entry.whole("Check-ins"),
        counts_from=entry.day("Counts from"),
        counts_until=entry.day("Counts until"),
        minimum_score=entry.number("Minimum score"),
        decided_by=entry.text("Decided by"),
        decided_on=entry.day("Decided on") if decided else None,
        note=entry.text("Note"),
        provider=entry.text("Provider"),
        hours=entry.number("Hours"),
        fee=entry.number("Fee"),
        link=entry.text("Link"),
        cell=entry.cell("Course"),
    )


def offering_of(entry: Entry) -> Offering:
    """Return what a row of the sheet Offerings says."""
    course, unit, place = entry.text("Course"), entry.text("Unit"), entry.text("Place")
    starts, ends = entry.day("Starts"), entry.day("Ends")
    identity = "\x1f".join((fold(course), fold(unit), str(starts), str(ends), fold(place)))
    return Offering(
        offering_id=hashlib.sha256(identity.encode()).hexdigest()[:8],
        course=course,
        unit=unit,
        starts=starts,
        ends=ends,
        place=place,
        seats=entry.whole("Seats") if "Seats" in entry.answers else None,
        link=entry.text("Link"),
        cell=entry.cell("Course"),
        for_partners=_for_partners(entry),
    )


def _for_partners(entry: Entry) -> tuple[str, ...] | None:
    """Return the Partner IDs as written; `?` among them leaves nobody; None where there is no such column."""
    if FOR_PARTNERS not in entry.columns:
        return None
    ids = tuple(dict.fromkeys(filter(None, map(str.strip, re.split("[;,]", entry.text(FOR_PARTNERS))))))
    return NOBODY_YET if "?" in ids else ids
