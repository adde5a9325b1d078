"""Lines between the rows that say that the people below them did not do it: *No show*, *Planned*. Pure."""

import re
from collections.abc import Iterable, Sequence

from lms_sync.model.evidence import Refused
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.spreadsheet.header import Table
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, finding_of, quoted
from lms_sync.sources.spreadsheet.printed import filled_cells
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

DENYING = {
    "absence", "absences", "absent", "absentee", "absentees", "anticipated", "assigned", "awaiting", "be", "booked",
    "bookings", "cancel", "canceled", "cancellation", "cancellations", "cancelled", "come", "coming", "declined",
    "deferred", "didn", "dropped", "due", "enrolled", "enrollees", "excused", "expected", "expiration", "expire",
    "expired", "expires", "expiring", "expiry", "fail", "failed", "failing", "failures", "forecast", "forthcoming",
    "future", "hold", "incomplete", "incompletes", "invited", "invitees", "missed", "missing", "missings", "need",
    "needed", "needs", "never", "next", "no", "non", "noncompliant", "noshow", "noshows", "not", "outstanding",
    "overdue", "pending", "planned", "postponed", "progress", "proposed", "register", "registered", "registrants",
    "registrations", "remaining", "required", "rescheduled", "reserve", "reserved", "schedule", "scheduled", "tba",
    "tbc", "tbd", "tentative", "todo", "unattended", "unconfirmed", "unfinished", "unverified", "up", "upcoming",
    "ups", "wait", "waiting", "waitlist", "waitlisted", "withdraw", "withdrawals", "withdrawn", "withdrew",
}  # fmt: skip
"""Words of a line below which nobody is known to have done it."""
AFFIRMING = {
    "attend", "attended", "attending", "attendees", "complete", "completed", "completions", "passed", "present",
}  # fmt: skip
BESIDE = {
    "all", "also", "and", "are", "as", "at", "been", "below", "but", "by", "class", "classes", "compliant",
    "course", "dates", "day", "days", "did", "do", "early", "employee", "employees", "event", "events", "following",
    "for", "from", "guard", "guards", "has", "have", "here", "in", "late", "leave", "left", "list", "month", "of",
    "officer", "officers", "on", "only", "or", "participant", "participants", "people", "person", "persons",
    "session", "sessions", "show", "shows", "sick", "sign", "signed", "soon", "staff", "started", "still",
    "student", "students", "t", "the", "their", "there", "these", "they", "this", "to", "training", "was", "wasn",
    "week", "were", "weren", "who", "with", "year", "yet",
}  # fmt: skip
"""Words that stand beside those."""
OF_ROWS_WITHOUT_DAYS = {"required"}
"""Said above rows with a day each it is a kind of training, as *Required training* beside *Optional training*."""
IN_TWO_WORDS = ({"to", "do"},)
OF_ITSELF = {
    "absence", "absences", "absent", "absentee", "cancel", "canceled", "cancellation", "cancelled", "excused",
    "noshow", "planned", "postponed", "tentative", "upcoming", "waitlist", "waitlisted", "withdrawn", "withdrew",
}  # fmt: skip
"""Words that deny it beside a row too, whatever column they stand in; others may be about a licence or a fee."""
IN_A_REMARK = {"dropped", "fail", "failed", "incomplete", "missed", "unattended", "unfinished"}
"""Words that deny it in a column of remarks; in another they may be about a part of the course."""
THERE = {"attend", "attended", "attending", "attendees", "here", "present", "show", "shows", "there"}
SIGNED_UP = {"enrolled", "invited", "registered", "registrants", "registrations", "scheduled", "signups"}
"""Words of a title of those who have only signed up."""
NOT = {"didn", "never", "no", "not", "non", "wasn", "weren"}
_WORD = re.compile(r"[^\W\d_]+")
_EVERY = DENYING | AFFIRMING | BESIDE
_NOTHING = {None, ""}
_FEW = 3
"""More different cells no such line has: its words, a number, blanks."""


class DenyingLines:
    """Tells which rows stand below such a line, where the rows don't say themselves whether it was done."""

    def __init__(self, layout: Layout, table: Table, courses: Sequence[int]) -> None:
        """Look at the rows of a table; `courses` are the columns of a matrix that hold completions."""
        self.looks = layout.matrix is not None or "status" not in table.columns
        has_days = layout.matrix is None and "completed_on" in table.columns
        self._denying = DENYING - OF_ROWS_WITHOUT_DAYS if has_days else DENYING
        self._courses = frozenset(courses)
        self._line = _title_that_denies(table) if self.looks else ""

    @property
    def denied(self) -> bool:
        """Tell whether the rows that follow stand below a line that denies it."""
        return bool(self._line)

    def begin(self) -> None:
        """Note a title of another class: what was said above it holds no longer."""
        self._line = ""

    def reason(self, row: Row) -> str:
        """Return why a row is passed over that is such a line, or its opposite; empty where it is neither."""
        # Merged cells all hold what is merged; how many stand below may have a cell of its own.
        cells = [*filled_cells(row)] if self.looks and len({*row.cells} - _NOTHING) <= _FEW else []
        if not cells or cells[0][0] in self._courses:
            return ""
        column, line = cells[0]
        if any(other != line and _WORD.search(other) for _, other in cells[1:]):
            return ""
        words = {*_WORD.findall(line)}
        denies = words in IN_TWO_WORDS or not words.isdisjoint(self._denying)
        if words == {"no"} or not words <= _EVERY or not (denies or words & AFFIRMING):
            return ""
        self._line = _below(plain(text(row.cell(column)))) if denies else ""
        return "a title of the rows below it"

    def stand_in(self, rows: Iterable[Row]) -> bool:
        """Tell whether one of the rows is such a line, or its opposite; or the table's title is one."""
        return self.looks and (self.denied or any(map(self.reason, rows)))

    def refusal(self, place: Origin, *, source: str) -> Refused:
        """Return the refusal of the row at a place, below a line that denies it."""
        misread = Misread(
            "below-a-denial",
            f"a row {self._line}, and nothing in the row says whether it was done",
            expected="rows of what was done",
            remedy="If they did not, delete these rows or put them on a sheet of their own; if they did, delete the"
            " line.",
        )
        return Refused(finding_of(misread, str(place), source=source, area=Area.ROW))


def _title_that_denies(table: Table) -> str:
    """Return where rows stand of a sheet whose name, or line right above the header, says that nothing was done.

    A line with a number counts those who signed up, or did not come: that says nothing of the rows.
    """
    above = [*filled_cells(table.above[-1])] if table.above else []
    if len(above) == 1 and _is_title_that_denies(above[0][1]):
        return _below(plain(text(table.above[-1].cell(above[0][0]))))
    return f"in the sheet {quoted(table.sheet)}" if _is_title_that_denies(fold(table.sheet)) else ""


def _is_title_that_denies(title: str) -> bool:
    words = {*_WORD.findall(title)}
    signed_up = words <= _EVERY and not words.isdisjoint(SIGNED_UP) and words.isdisjoint(AFFIRMING)
    return (signed_up or denies_by_itself(title, is_remark=True)) and not any(map(str.isdigit, title))


def _below(line: str) -> str:
    return f"below the line {quoted(line)}"


def denies_by_itself(words: str, *, is_remark: bool) -> bool:
    """Tell whether a cell's folded words say that it was not done, and nothing else: *No show*, *did not attend*.

    `is_remark` where the cell stands in a column of remarks.
    """
    found = {*_WORD.findall(words)}
    if not found or not found <= _EVERY:
        return False
    affirming, denying = (THERE | AFFIRMING, OF_ITSELF | IN_A_REMARK) if is_remark else (THERE, OF_ITSELF)
    return not found.isdisjoint(denying) or (not found.isdisjoint(NOT) and not found.isdisjoint(affirming))


def says_nothing_of_attendance(layout: Layout) -> bool:
    """Tell whether everybody on a sheet counts: no column, and nothing else, says who was there."""
    return layout.all_attended and "status" not in layout.known
