"""One thing that is due, and which of them fall into a span of days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DueKind(StrEnum):
    """What is due."""

    REVIEW = "review"
    ADOPTION = "adoption"
    STUDENTS = "students"
    FAMILIES = "families"
    OSPI = "ospi"
    REQUEST = "request"
    """That an ESD is to be reminded of a request."""
    TRAINING = "training"
    """A component of one person's series."""


class DueState(StrEnum):
    """How an entry stands on a day."""

    OVERDUE = "overdue"
    DUE = "due"
    NO_DAY = "no day set"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that is due once."""

    kind: DueKind
    key: tuple[str, ...]
    """What tells it from all others, the same however its day or state changes: the kind first."""
    due: date | None
    """The calendar day; None where the district has set none."""
    last_day: date | None
    """By law the last lawful day, otherwise `due`; it is overdue after this one."""
    done_on: date | None
    """None while it is open."""
    subject: str
    """Agreement ID, building, request id or Person ID; empty for the whole district."""
    about: str = ""
    """The partner's name, the ESD's, the component's id."""
    person_id: str = ""
    """Whom it concerns; empty when nobody in particular."""
    school_year: str = ""
    citation: str = ""
    have: int = 0
    need: int = 0
    """Of a training component: topics, days or check-ins; 0 for anything else."""
    note: str = ""
    """What was recorded when it was done."""
    documented: bool = False
    """True when `done_on` is the day of an ESD's document, which says nothing of the day of the training."""
    doubted: date | None = None
    """Since when training that it is done with is in doubt; None where it is not."""

    @property
    def done_word(self) -> str:
        """Return what it is when it is done: `documented`, `answered` or `done`."""
        return "documented" if self.documented else "answered" if self.kind is DueKind.REQUEST else "done"

    def standing(self, today: date) -> DueState:
        """Return how it stands on `today`; what is due today is not overdue."""
        if self.done_on:
            return DueState.DONE
        if self.due is None:
            return DueState.NO_DAY
        return DueState.OVERDUE if (self.last_day or self.due) < today else DueState.DUE


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The days that a calendar shows, both included."""

    first: date
    last: date
    exact: bool = False
    """False: whatever is open and overdue is shown too, however long ago it was due."""


def of_span(entries: Iterable[DueItem], span: DaySpan, *, today: date) -> tuple[DueItem, ...]:
    """Return the entries of a span: overdue ones first, then those to come, each by day; those without a day last.

    What is done stands by the day on which it was due.
    """
    order = {DueState.OVERDUE: 0, DueState.DUE: 1, DueState.DONE: 1, DueState.NO_DAY: 2}
    chosen = [due_item for due_item in entries if _in(due_item, span, today=today)]
    return tuple(sorted(chosen, key=lambda e: (order[e.standing(today)], e.due or date.max, e.key)))


def _in(due_item: DueItem, span: DaySpan, *, today: date) -> bool:
    day = due_item.due or due_item.done_on
    if day is None:
        return not span.exact
    late = not span.exact and due_item.standing(today) is DueState.OVERDUE
    return late or span.first <= day <= span.last
