"""Which columns may tell who it was: ids of the roster or of the source, addresses, names. Pure."""

from collections.abc import Iterator, Sequence

from lms_sync.sources.propose.candidate import LIKELY, SURE, RoleCandidate, asked
from lms_sync.sources.propose.columns import MOST, ColumnProfile
from lms_sync.sources.propose.headings import heading_words
from lms_sync.sources.spreadsheet.layout_rules import Role


def who(column: ColumnProfile) -> Iterator[RoleCandidate]:
    """Yield the roles in which a column may tell who it was."""
    ideas = column.ideas
    if ideas & {"somebody else", "mentor", "host"}:
        if "mentor" in ideas and column.names >= MOST and not column.decides:
            yield RoleCandidate("experienced_officer", column, LIKELY, "the heading says so")
        return
    if column.emails >= 0.8:
        named = "mail" in ideas
        why = "its cells are addresses" + (", as the heading says" if named else "")
        yield RoleCandidate("email", column, SURE if named else LIKELY, why)
        return
    if "mail" in ideas and not column.filled:
        yield asked("email", column, "the heading says so, and its cells are blank")
    if column.days < MOST:
        yield from _ids(column)
        yield from _names(column)


def _ids(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas, share = column.ideas, column.roster_ids
    if share >= MOST:
        yield RoleCandidate(
            "person_id", column, SURE if "id" in ideas else LIKELY, f"{share:.0%} of its cells are on the roster"
        )
        return
    if (
        "course" in ideas
        or "certificate" in ideas
        or "assigned" in ideas
        or not column.filled
        or column.titles >= MOST
    ):
        return
    looks_like_ids = column.names < MOST or len(column.words) == len(column.cells)
    if "id" in ideas and "staff" in ideas and "name" not in ideas:
        yield RoleCandidate("person_id", column, LIKELY, "the heading says so")
    elif "account" in ideas and looks_like_ids and (column.names < MOST or not _spaced(column)):
        yield _learner(column)
    elif "id" in ideas and not ideas - {"id", "name", "title", "last"} and looks_like_ids and not column.counts_rows:
        yield _own_id(column, "an id, and nothing says whose")


def _own_id(column: ColumnProfile, why: str) -> RoleCandidate:
    question = (
        f"is “{column.heading}” the person's own id, as on the roster? Call it person_id; as learner it is only the"
        " source's"
    )
    return asked("learner", column, why, question=question)


def _learner(column: ColumnProfile) -> RoleCandidate:
    if column.numbers >= MOST:
        return _own_id(column, "a number of the source, or of the roster")
    return asked(
        "learner",
        column,
        "user names",
        question=f"does “{column.heading}” always stand for the same person in the source? Then keep it as learner;"
        " if it is the roster's Person ID, call it person_id; if users can be renamed, take it out",
    )


def _spaced(column: ColumnProfile) -> bool:
    """Tell whether most cells have two words or more, as whole names have."""
    return sum(" " in words or "," in words for words in column.words) * 2 > len(column.words)


def _names(column: ColumnProfile) -> Iterator[RoleCandidate]:
    ideas = column.ideas
    if (column.decides and column.states >= MOST) or column.numbers > 0.2:
        return
    if ideas & {"course", "employer", "certificate", "assigned", "hours", "score", "part"}:
        return
    score = SURE if column.names >= MOST else LIKELY
    joined = {"name", "last"} <= ideas and {"y", "et", "and"} & set(heading_words(column.heading))
    if ("first" in ideas or joined) and _spaced(column):
        yield RoleCandidate("name", column, score, "the heading and the cells say so")
    elif "first" in ideas and "last" not in ideas:
        yield RoleCandidate("first_name", column, score, "the heading says so")
    elif "last" in ideas and "first" not in ideas and ("name" in ideas or not ideas & {"date", "status", "complete"}):
        yield RoleCandidate("last_name", column, score, "the heading says so")
    elif _spaced(column) and (ideas & {"staff", "account", "name"}) and not ideas & {"status", "present", "complete"}:
        yield RoleCandidate("name", column, score, "the heading and the cells say so")
    elif ideas & {"staff", "name"} and not ideas & {"id", "status", "present", "complete", "group"}:
        yield asked("name", column, "the heading says so, and its cells are single words or blank")


def other_half(columns: Sequence[ColumnProfile]) -> Iterator[RoleCandidate]:
    """Yield a bare `Name` (`Nom`, `Nombre`) beside a column of the other half of names: it holds this half."""
    named = [column for column in columns if column.names >= MOST]
    halves = {half for column in named for half in ("first", "last") if half in column.ideas}
    for column in named:
        if column.ideas == {"name"} and len(halves) == 1:
            role: Role = "first_name" if halves == {"last"} else "last_name"
            yield RoleCandidate(role, column, LIKELY, "the other half of the name is beside it")
