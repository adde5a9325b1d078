"""When a "not done" after a "done" is a question for HR, and which questions of a pull are one. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion
from lms_sync.model.finding import short_hash

FURTHER_AFTER = timedelta(days=60)
"""A record that is done this much later was done again; sooner, its day was put right."""
ONE_FINDING_FROM = 3
"""So many doubts of one course in one pull look like the course, not like the people."""


@dataclass(frozen=True, slots=True)
class Question:
    """Ask HR about a stored completion, which goes on counting."""

    about: Completion
    cause: DoubtCause
    item: int
    status: str = ""
    """The source's word."""
    instead: Completion | None = None
    """What the source says now."""
    after_reset: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """End a doubt: what the source says now answers it."""

    doubt: Doubt


def is_reset(doubt: Doubt) -> bool:
    """Tell whether the source once said no after yes, and HR has not ended what it said yes to."""
    return doubt.cause is DoubtCause.NOT_DONE and doubt.verdict is not Verdict.END


def is_further(old: Completion, new: Completion, doubts: Iterable[Doubt]) -> bool:
    """Tell whether the new day is another training, and not the old one's day put right."""
    if old.day is None or new.day is None or new.day <= old.day:
        return False
    return any(map(is_reset, doubts)) or new.day - old.day > FURTHER_AFTER


def is_answered(doubt: Doubt, same: Completion) -> bool:
    """Tell whether a doubt ends when the source calls done (again) what is stored."""
    if doubt.verdict is Verdict.END or doubt.cause is DoubtCause.DONE_AGAIN:
        return False
    return doubt.day == same.day or doubt.verdict is Verdict.KEEP


@dataclass(frozen=True, slots=True)
class Asking:
    """When questions were found: the pull's instant, and the district's day."""

    found_at: datetime
    since: date


def doubts_of(questions: Sequence[Question], items: Sequence[str], asking: Asking) -> tuple[Doubt, ...]:
    """Return the doubts that a pull's questions come to; `items` holds the id of the item that raised each.

    Those about several days of one record share an id, and so do those about three or more records of one course.
    """
    asked = {(_course(question), question.about.record) for question in questions}
    courses = Counter(course for course, _ in asked)
    return tuple(
        _doubt(question, item, asking, together=courses[_course(question)] >= ONE_FINDING_FROM)
        for question, item in zip(questions, items, strict=True)
    )


def _course(question: Question) -> tuple[str, ...]:
    about = question.about
    return (about.source, about.course, about.unit, question.cause, str(question.after_reset))


def _doubt(question: Question, item: str, asking: Asking, *, together: bool) -> Doubt:
    about = question.about
    alone = () if together else (about.record,)
    return Doubt(
        source=about.source,
        record=about.record,
        day=about.day,
        cause=question.cause,
        learner=about.learner.key,
        course=about.course,
        course_title=about.unit_title or about.course_title or about.course,
        since=asking.since,
        found_at=asking.found_at,
        status=question.status,
        finding_id=short_hash(*_course(question), *alone, asking.found_at.isoformat()),
        after_reset=question.after_reset,
        instead=question.instead,
        item_id=item if question.instead else "",
    )
