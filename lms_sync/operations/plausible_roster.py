"""The refusal of a roster in which too many people who are at work are lost, or are somebody else. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from lms_sync.model.finding import Area, Finding
from lms_sync.model.names import plain_words
from lms_sync.model.roster import Assignment, Person, Roster
from lms_sync.operations.pull.plausible import most_missing
from lms_sync.reports.words import count
from lms_sync.text import command_line

ROSTER = "roster"
"""What `--accept-drop` calls it."""


def implausible(before: Roster, after: Roster, *, today: date, file: str) -> Finding | None:
    """Return a blocking finding where more than max(5, 10 %) of the people at work today are lost or somebody else.

    Rows that were deleted in bulk look like this, and a column that was sorted by itself, by which one company would
    read of another's people. Whoever has a last day is not at work after it, and keeps the rows of before meanwhile.
    None for any other roster.
    """
    at_work = _partners(a for a in before.assignments if a.covers(today) and a.person_id in before.people)
    now = _partners(after.assignments)
    lost = {person_id: how for person_id in at_work if (how := _lost(before, after, person_id, at_work, now))}
    if len(lost) <= most_missing(len(at_work)):
        return None
    each = [f"{n} {how}" for how in _HOW if (n := list(lost.values()).count(how))]
    return Finding(
        Area.ROSTER,
        "roster-implausible",
        where=file,
        found=f"of {count(len(at_work), 'person', 'people')} at work today {', '.join(each)}",
        expected="the people of before, leavers with a last day under Ends",
        remedy="Look whether rows were deleted, or a column was sorted by itself; the roster of before stays."
        f" If all of it is right: `{command_line('nightly', accept_drop=ROSTER)}`.",
        blocks=True,
        subject="roster, implausible",
    )


_GONE, _IDLE, _RENAMED, _MOVED = (
    "gone",
    "without any assignment",
    "with a wholly different name",
    "at another partner",
)
_HOW = (_GONE, _IDLE, _RENAMED, _MOVED)


def _lost(
    before: Roster, after: Roster, person_id: str, at_work: Mapping[str, set[str]], now: Mapping[str, set[str]]
) -> str:
    """Return how somebody at work is lost to whom they work for; empty for whoever is not."""
    if person_id not in after.people:
        return _GONE
    if person_id not in now:
        return _IDLE
    was, now_called = before.people[person_id], after.people[person_id]
    if was.name != now_called.name and not _words(was) & _words(now_called):
        return _RENAMED
    return "" if at_work[person_id] & now[person_id] else _MOVED


def _partners(assignments: Iterable[Assignment]) -> Mapping[str, set[str]]:
    """Return Person ID → the partners of whom the assignments tell."""
    found: dict[str, set[str]] = defaultdict(set)
    for assignment in assignments:
        found[assignment.person_id].add(assignment.partner_id)
    return dict(found)


def _words(person: Person) -> set[str]:
    parts = (person.last_name, person.first_name, person.preferred_name)
    return {word for part in parts for word in plain_words(part)}
