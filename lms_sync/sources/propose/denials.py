"""What in a row says that it was not completed, whatever day stands in it, by headings and cells together. Pure."""

import re
from collections.abc import Sequence

from lms_sync.sources.propose.columns import FEW_WORDS, MOST, ColumnProfile
from lms_sync.sources.propose.headings import heading_words
from lms_sync.sources.propose.states import is_state, meaning
from lms_sync.sources.propose.vocabulary import Idea, vocabulary
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

PARTS = re.compile(r"(\d{1,3}) ?(?:/|of) ?(\d{1,3})")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
DONE: frozenset[Idea] = frozenset(("complete", "present"))
"""What headings speak of that tell what somebody has done."""
NOTHING = ("none", "nil")
"""What stands for a zero."""
BARS = frozenset(("passing", "pass", "minimum", "min", "required", "needed", "cutoff", "threshold"))
"""Words of a heading whose score is the one to reach."""


def denies(column: ColumnProfile, row: Row, columns: Sequence[ColumnProfile]) -> bool:
    """Tell whether a cell says that the row tells of no completion; `columns` may hold what it falls short of."""
    state = _words(column, row)
    if not state:
        return False
    return (
        is_day_of_undoing(column)
        or _is_part(column, state)
        or any(_falls_short(column, other, row) for other in columns)
        or _is_denied_in_words(column, state)
    )


def is_day_of_undoing(column: ColumnProfile) -> bool:
    """Tell whether the column's days are those on which something was withdrawn or cancelled."""
    return column.days >= MOST and bool(vocabulary().undone & set(heading_words(column.heading)))


def _is_part(column: ColumnProfile, state: str) -> bool:
    """Tell whether a cell says that a part is missing: 40 %, 3/5, no hour."""
    ideas, number = column.ideas, _number(state)
    whole = "progress" in ideas or ("score" in ideas and ideas & {"complete", "present"})
    if whole and column.numbers >= MOST and number is not None and number < 100 and number != 1:
        return True
    parts = PARTS.fullmatch(state)
    if parts and ideas & {*DONE, "progress", "part", "hours"} and "score" not in ideas:
        return int(parts[1]) < int(parts[2])
    none = (number == 0 or fold(state) in NOTHING) and len(column.words) > 1
    return none and bool(ideas & {"hours", *DONE}) and not column.days


def _falls_short(column: ColumnProfile, other: ColumnProfile, row: Row) -> bool:
    """Tell whether a cell has less than another one asks for: hours of those held, a score of the passing one."""
    here, there = _number(_words(column, row)), _number(_words(other, row))
    if here is None or there is None or here >= there:
        return False
    hours = (
        "hours" in column.ideas and "hours" in other.ideas and bool(column.ideas & DONE) and not other.ideas & DONE
    )
    score = "score" in column.ideas and _is_bar(other) and not _is_bar(column)
    return hours or score


def _is_bar(column: ColumnProfile) -> bool:
    """Tell whether the heading has a word of a bar, and speaks of a score or of nothing else."""
    return bool(BARS & set(heading_words(column.heading))) and column.ideas <= {"score", "status"}


def _is_denied_in_words(column: ColumnProfile, state: str) -> bool:
    if meaning(state) != "not_done" or "group" in column.ideas or column.is_of_person:
        return False
    if "certificate" in column.ideas:
        return not any(map(str.isdecimal, state))
    has_blanks = len(column.cells) < column.rows
    varies = (column.repeats and len(column.words) > 1) or (has_blanks and len(column.words) <= FEW_WORDS)
    return varies and (column.states >= MOST or is_state(state))


def _words(column: ColumnProfile, row: Row) -> str:
    return plain(text(row.cell(column.index)))


def _number(words: str) -> float | None:
    number = words.removesuffix("%").strip()
    return float(number) if NUMBER.fullmatch(number) else None
