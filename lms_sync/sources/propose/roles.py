"""Which column may play which role, how well, and why: by its heading and by what its cells hold. Pure.

A heading alone is never sure: a candidate of 3 has the heading and the cells for it, one of 2 has one of them,
plainly, and nothing against it, and one of 1 may be something else, so that a person is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.sources.propose.candidate import LIKELY, SURE, UNSURE, RoleCandidate, asked
from lms_sync.sources.propose.columns import MOST, ColumnProfile
from lms_sync.sources.propose.denials import is_day_of_undoing
from lms_sync.sources.propose.headings import (
    heading_words,
    is_day_to_come,
    is_yes_or_no_of_something_else,
    tells_of_completion,
)
from lms_sync.sources.propose.people import other_half, who
from lms_sync.sources.propose.vocabulary import Idea
from lms_sync.sources.spreadsheet.layout_rules import Role
from lms_sync.text import fold

ORDER: tuple[Role, ...] = (
    *("email", "person_id", "completed_on", "status", "course", "course_title", "unit_title", "first_name"),
    *("last_name", "name", "learner", "hours", "score", "certificate", "employer", "assignment", "host_school"),
    *("experienced_officer", "unit"),
)
"""Who is served first when two roles want one column."""
NAMES_SOMETHING: frozenset[Idea] = frozenset(("employer", "course", "title", "first", "last", "name", "hours"))
"""Ideas of headings whose cells may well have a word of a state in a name."""


def candidates(columns: Sequence[ColumnProfile], learnt: Mapping[str, Role]) -> tuple[RoleCandidate, ...]:
    """Return all candidates; `learnt` tells the role of a folded heading in the layouts at hand."""
    halves = tuple(other_half(columns))
    bare = {half.column.index for half in halves}
    single = tuple(
        candidate
        for column in columns
        if column.heading and not column.is_forbidden
        for candidate in (*who(column), *_what(column), *_when(column), *_how(column))
        if not (candidate.role == "name" and column.index in bare)
    )
    return (*single, *halves, *_learnt(columns, learnt), *_units_as_courses(columns))


def as_stated(
    found: Sequence[RoleCandidate], columns: Sequence[ColumnProfile], stated: Mapping[Role, str]
) -> tuple[RoleCandidate, ...]:
    """Return the candidates with what a person said of columns in place of what was found of them and their roles."""
    by_heading = {fold(column.heading): column for column in columns if column.heading and not column.is_forbidden}
    named = [
        RoleCandidate(role, by_heading[fold(heading)], SURE, "you said so")
        for role, heading in stated.items()
        if fold(heading) in by_heading
    ]
    roles, places = {candidate.role for candidate in named}, {candidate.column.index for candidate in named}
    kept = (each for each in found if each.role not in roles and each.column.index not in places)
    return (*named, *kept)


def _units_as_courses(columns: Sequence[ColumnProfile]) -> Iterator[RoleCandidate]:
    """Yield a column of modules or assignments where nothing else names a course: it may be the course itself."""
    if any("course" in column.ideas or column.titles >= MOST or column.codes >= MOST for column in columns):
        return
    for column in columns:
        titled = "part" in column.ideas or (column.ideas & {"certificate", "assigned"} and column.names >= MOST)
        if titled and not column.ideas & {"status", "id", "complete", "present", "hours"} and column.days < MOST:
            why = "nothing else names a course"
            yield RoleCandidate(
                "course_title", column, UNSURE, why, f"is “{column.heading}” the course? {why.capitalize()}"
            )


def _learnt(columns: Sequence[ColumnProfile], learnt: Mapping[str, Role]) -> Iterator[RoleCandidate]:
    """Yield what a layout at hand calls a column that has none of the words that we know."""
    for column in columns:
        role = learnt.get(" ".join(column.heading.casefold().split()))
        fits = column.days >= MOST if role == "completed_on" else column.days < MOST
        if role and not column.ideas and not column.is_forbidden and fits:
            yield RoleCandidate(role, column, LIKELY, "an existing layout calls it that")


def _what(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas = column.ideas
    if column.days >= MOST or "somebody else" in ideas or ideas & {"hours", "score", "progress", "group", "employer"}:
        if column.decides:
            return
        if "host" in ideas:
            yield RoleCandidate("host_school", column, LIKELY, "the heading says so")
        elif "employer" in ideas and column.names >= MOST and "somebody else" not in ideas:
            yield RoleCandidate("employer", column, SURE if column.repeats else LIKELY, "the heading says so")
        return
    if column.codes >= MOST:
        yield RoleCandidate(
            "course", column, SURE if "course" in ideas else LIKELY, "its cells are course ids of the map"
        )
    elif column.titles >= MOST:
        yield RoleCandidate(
            "course_title",
            column,
            SURE if ideas & {"course", "title", "part"} else LIKELY,
            "its cells are titles of the map",
        )
    elif ideas & {"status", "present", "other day", "assigned", "mail"}:
        return
    elif "host" in ideas and not column.decides:
        yield RoleCandidate("host_school", column, LIKELY, "the heading says so")
    elif "certificate" in ideas and ("id" in ideas or column.names < MOST):
        yield RoleCandidate("certificate", column, LIKELY, "the heading says so")
    elif "course" in ideas:
        yield from _course(column)
    elif "part" in ideas and "id" not in ideas:
        yield RoleCandidate("unit_title", column, LIKELY, "the heading says so")
    elif "title" in ideas and not ideas & {"staff", "account", "name", "first", "last"}:
        yield asked("course_title", column, "a title, and nothing says of what")


def _course(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas = column.ideas
    if "id" in ideas and not ideas & {"title", "name"}:
        number = "event" in heading_words(column.heading) or "class" in heading_words(column.heading)
        role: Role = "assignment" if number else "course"
        yield RoleCandidate(role, column, LIKELY, "the heading says so")
    elif column.filled and column.numbers < MOST and (column.states < MOST or not column.repeats):
        yield RoleCandidate("course_title", column, LIKELY, "the heading says so")


def _when(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas = column.ideas
    if ideas & {"somebody else", "other day"} or is_day_of_undoing(column) or is_day_to_come(column.heading):
        return
    if column.days < MOST:
        if column.days and {"complete", "date"} <= ideas:
            question = f"is “{column.heading}” the day of completion? Not all of its cells are days"
            yield asked(
                "completed_on", column, "the heading says so; some of its cells are no days", question=question
            )
        return
    if "assigned" in ideas:
        yield RoleCandidate("assignment", column, LIKELY, "the day that it was assigned, or is due")
    elif "complete" in ideas and tells_of_completion(column.heading):
        yield RoleCandidate("completed_on", column, SURE, "the heading says so, and its cells are days")
    else:
        reason = "the heading says when a class was" if ideas & {"held", "course"} else "its cells are days"
        reason = "the heading says that something was completed" if "complete" in ideas else reason
        yield asked(
            "completed_on",
            column,
            f"{reason}, not that somebody completed the training",
            question=f"is “{column.heading}” the day of completion?",
        )


def _how(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas = column.ideas
    if column.days >= MOST:
        return
    if "somebody else" in ideas:
        if column.decides:
            yield asked("status", column, "it holds words of passing, failing or withdrawing")
    elif "hours" in ideas and column.numbers + column.durations >= MOST and "complete" not in ideas:
        yield RoleCandidate(
            "hours", column, SURE if column.numbers >= MOST else LIKELY, "the heading and the cells say so"
        )
    elif "score" in ideas and "progress" not in ideas and "complete" not in ideas and column.numbers >= MOST:
        yield RoleCandidate("score", column, SURE, "the heading says so, and its cells are numbers")
    else:
        yield from _status(column)


def _status(column: ColumnProfile) -> Iterator[RoleCandidate]:
    """Yield a column of states: by its words, by its heading, or by both; one that a yes may deny is asked about."""
    ideas, named = column.ideas, column.ideas & {"status", "present", "complete"}
    if not (column.repeats or column.states >= MOST) or column.titles >= MOST or column.emails:
        if named & {"status", "present"} and (column.filled or "present" in named) and not column.numbers >= MOST:
            yield asked("status", column, "the heading says so; its cells are many different words")
        return
    is_flag = set(column.words) <= {"0", "1"} and (named or is_yes_or_no_of_something_else(column.heading))
    if column.numbers >= MOST and not is_flag:
        if "status" in ideas and column.repeats:
            yield asked("status", column, "the heading says so; its cells are numbers")
        return
    of_another = "complete" in named and not tells_of_completion(column.heading)
    if of_another or is_yes_or_no_of_something_else(column.heading):
        yield asked("status", column, "its cells answer another question than whether somebody completed it")
    elif named and column.states >= MOST:
        yield RoleCandidate(
            "status", column, SURE if _is_plain(column) else LIKELY, "the heading and the words say so"
        )
    elif named & {"status", "present"} or (named and column.states > 0):
        yield asked("status", column, "the heading says so; some of its words are not known")
    elif column.decides or (column.states > 0 and not ideas & NAMES_SOMETHING and not column.is_of_person):
        yield asked("status", column, "it holds words of passing, failing or withdrawing")


def _is_plain(column: ColumnProfile) -> bool:
    """Tell whether the heading asks for completion itself, and not for an enrolment or a registration."""
    return not column.ideas & {"assigned", "other day", "certificate"}


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The candidates that were chosen, and what is open about them."""

    by_role: Mapping[Role, RoleCandidate]
    tied: tuple[tuple[RoleCandidate, RoleCandidate], ...]
    """(chosen, another one that is as good)."""


def choose(found: Sequence[RoleCandidate]) -> ChosenColumns:
    """Return the best candidate of each role, each column once; the better one first, then the one further left."""
    if any(candidate.why == "nothing else names a course" for candidate in found):
        found = [candidate for candidate in found if candidate.role != "unit_title"]
    order = {role: place for place, role in enumerate(ORDER)}
    by_role: dict[Role, RoleCandidate] = {}
    taken: set[int] = set()
    ranked = sorted(found, key=lambda candidate: (-candidate.score, order[candidate.role], candidate.column.index))
    for candidate in ranked:
        if candidate.role not in by_role and candidate.column.index not in taken:
            by_role[candidate.role] = candidate
            taken.add(candidate.column.index)
    tied = tuple(
        (by_role[candidate.role], candidate)
        for candidate in ranked
        if candidate.role in by_role
        and candidate.column.index not in taken
        and (candidate.score == by_role[candidate.role].score or candidate.role == "completed_on")
        and candidate.role not in ("assignment", "employer")
    )
    return ChosenColumns(by_role, tied)
