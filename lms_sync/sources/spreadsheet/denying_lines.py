"""Lines between the rows that say that the people below them did not do it: *No show*, *Waitlist (2)*. Pure."""

import re
from collections.abc import Sequence

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, finding_of, quoted
from lms_sync.sources.spreadsheet.printed import filled_cells
from lms_sync.tables.cells import Row, text
from lms_sync.text import plain

DENYING = {
    "absence", "absences", "absent", "absentee", "absentees", "anticipated", "awaiting", "cancel", "canceled",
    "cancellation", "cancellations", "cancelled", "declined", "didn", "due", "dropped", "enrolled", "enrollees",
    "excused", "expected", "expiration", "expire", "expired", "expires", "expiring", "expiry", "failed",
    "failing", "failures", "future", "incomplete", "incompletes", "invited", "invitees", "missed", "missing",
    "missings", "no", "noshow", "noshows", "not", "outstanding", "overdue", "pending", "planned", "progress",
    "register", "registered", "registrants", "registrations", "required", "reserve", "reserved", "scheduled",
    "upcoming", "wait", "waiting", "waitlist", "waitlisted", "withdraw", "withdrawals", "withdrawn", "withdrew",
}  # fmt: skip
"""Words of a line below which nobody is known to have done it."""
AFFIRMING = {
    "attend", "attended", "attending", "attendees", "complete", "completed", "completions", "passed", "present",
}  # fmt: skip
BESIDE = {
    "all", "also", "and", "are", "as", "at", "been", "below", "but", "by", "class", "course", "dates", "day",
    "days", "did", "early", "employee", "employees", "following", "for", "from", "guard", "guards", "has",
    "have", "here", "in", "late", "leave", "left", "list", "of", "officer", "officers", "on", "only", "or",
    "participant", "participants", "people", "person", "persons", "show", "shows", "signed", "sick", "soon",
    "staff", "still", "student", "students", "t", "the", "their", "there", "these", "they", "this", "to",
    "training", "up", "was", "wasn", "were", "weren", "who", "with", "yet",
}  # fmt: skip
"""Words that stand beside those."""
_WORD = re.compile(r"[^\W\d_]+")


class DenyingLines:
    """Tells which rows stand below such a line, where the rows don't say themselves whether it was done."""

    def __init__(self, layout: Layout, courses: Sequence[int]) -> None:
        """Look at the rows of a sheet; `courses` are the columns of a matrix that hold completions."""
        self._looks = layout.matrix is not None or says_nothing_of_attendance(layout)
        self._courses = frozenset(courses)
        self._line = ""

    @property
    def denied(self) -> bool:
        """Tell whether the rows that follow stand below a line that denies it."""
        return bool(self._line)

    def begin(self) -> None:
        """Note a title of another class: what was said above it holds no longer."""
        self._line = ""

    def reason(self, row: Row) -> str:
        """Return why a row is passed over that is such a line, or its opposite; empty where it is neither."""
        cells = [*filled_cells(row)] if self._looks else []
        if len(cells) != 1 or cells[0][0] in self._courses:
            return ""
        ((column, line),) = cells
        words = {*_WORD.findall(line)}
        if words == {"no"} or not words <= DENYING | AFFIRMING | BESIDE or words.isdisjoint(DENYING | AFFIRMING):
            return ""
        self._line = "" if words.isdisjoint(DENYING) else plain(text(row.cell(column)))
        return "a title of the rows below it"

    def refusal(self, place: Origin, *, source: str) -> Refused:
        """Return the refusal of the row at a place, below a line that denies it."""
        misread = Misread(
            "below-a-denial",
            f"a row below the line {quoted(self._line)}, and nothing in the row says whether it was done",
            expected="rows of people who did it",
            remedy="If they did not, delete these rows or put them on a sheet of their own; if they did, delete the"
            " line.",
        )
        return Refused(finding_of(misread, str(place), source=source, area=Area.ROW))


def says_nothing_of_attendance(layout: Layout) -> bool:
    """Tell whether everybody on a sheet counts: no column, and nothing else, says who was there."""
    return layout.all_attended and "status" not in layout.known
