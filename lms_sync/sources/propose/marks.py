"""The column that says whether somebody completed it: its words by meaning, and what a person must say. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms_sync.sources.propose.candidate import UNSURE, RoleCandidate
from lms_sync.sources.propose.columns import FEW_WORDS, ColumnProfile
from lms_sync.sources.propose.date_order import holds_day
from lms_sync.sources.propose.denials import denies
from lms_sync.sources.propose.headings import is_yes_or_no_of_something_else
from lms_sync.sources.propose.states import meaning, sorted_words
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout_rules import Role, StatusWords
from lms_sync.tables.cells import Row, text
from lms_sync.text import fold, plain

MAY_DENY: tuple[Role, ...] = ("score", "hours", "unit_title", "certificate")
"""Roles whose cells may say that nothing was completed."""
NOBODY_SIGNED = (
    *("absent*", "no show*", "no-show*", "did not *", "left", "left *", "excused*", "cancelled*", "canceled*", "n/a"),
)
"""What stands in place of a signature."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the states of a sheet are, as far as their words tell."""

    words: StatusWords | None = None
    unknown: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Return the words whose meaning was found."""
        words = self.words or StatusWords()
        return tuple(filter(None, words.every))


def marks_of_rows(
    status: RoleCandidate,
    others: Sequence[ColumnProfile],
    rows: Sequence[Row],
    *,
    who: Sequence[ColumnProfile],
    day: ColumnProfile | None,
) -> Marks:
    """Return the states of a sheet of rows; `others` may contradict, `who` and `day` tell who and when."""
    column = status.column
    filled = [row for row in rows if any(plain(text(row.cell(name_column.index))) for name_column in who)]
    if len(column.words) > FEW_WORDS and not _are_signatures(column, filled, who):
        question = f"“{column.heading}” has {len(column.words)} different words: is it a status?"
        return Marks(StatusWords(), (), (question,))
    blank = [row for row in filled if not plain(text(row.cell(column.index)))]
    if "present" in column.ideas and _are_signatures(column, filled, who):
        return _signatures(column)
    against = dict(_contradicted(column, others, rows))
    words, unknown = sorted_words(column.words, against={*against, *_doubtful(status)})
    if blank:
        words = words.model_copy(update={"not_done": ("", *words.not_done)})
    questions = list(dict.fromkeys(why for why in against.values() if why))
    dated = [row for row in blank if day is not None and plain(text(row.cell(day.index)))]
    if dated and "present" not in column.ideas:
        where = f"row {dated[0].number} has a day and nothing in “{column.heading}”"
        questions.append(f"{where}: is a blank there a completion? As it stands, it is not")
    if unknown:
        questions.append(_sort(unknown))
    return Marks(words, unknown, tuple(questions))


def denied_days(day: ColumnProfile, others: Sequence[ColumnProfile], rows: Sequence[Row]) -> Marks:
    """Return the question about the first row that has a day of completion and a cell that denies it."""
    for row in rows:
        for other in others:
            state, when = (plain(text(row.cell(column.index))) for column in (other, day))
            if when and denies(other, row, others):
                where = f"row {row.number} has a day in “{day.heading}” and “{state}” in “{other.heading}”"
                return Marks(questions=(mask(f"{where}: was it completed?"),))
    return Marks()


def _doubtful(status: RoleCandidate) -> Sequence[str]:
    """Return the words that a person must sort though they are known: the column may answer another question."""
    column = status.column
    if is_yes_or_no_of_something_else(column.heading):
        return column.words
    named = column.ideas & {"status", "present"}
    return () if status.score > UNSURE or named else [word for word in column.words if meaning(word) == "done"]


def marks_of_matrix(courses: Sequence[ColumnProfile]) -> Marks:
    """Return the states in the cells of a matrix."""
    cell_texts = {plain(text(value)) for column in courses for _, value in column.cells if not holds_day(value)}
    first = {
        plain(text(value)).partition(" ")[0] for column in courses for _, value in column.cells if _is_marked(value)
    }
    found = sorted((word for word in cell_texts | first if not word.replace(".", "").isdecimal()), key=fold)
    if not found:
        return Marks()
    words, unknown = sorted_words(found[:FEW_WORDS])
    question = _sort(unknown)
    return Marks(words, unknown, (question,) if unknown else ())


def _sort(words: Sequence[str]) -> str:
    return mask("sort these status words: " + ", ".join(f"“{word}”" for word in words))


def _is_marked(value: object) -> bool:
    """Tell whether a cell of a matrix has a word before its day (`x 09/03/2025`)."""
    first, _, rest = plain(value).partition(" ") if isinstance(value, str) else ("", "", "")
    return bool(rest) and holds_day(rest) and meaning(first) is not None


def _signatures(column: ColumnProfile) -> Marks:
    words = StatusWords(done=("*",), not_done=("", "-", *NOBODY_SIGNED))
    question = (
        f"does every mark in “{column.heading}” say that the person was there? A blank one is not a completion; add"
        " to not_done what else stands there for somebody who was not"
    )
    return Marks(words, (), (question,))


def _are_signatures(column: ColumnProfile, rows: Sequence[Row], who: Sequence[ColumnProfile]) -> bool:
    """Tell whether marks are initials or names of the person in the row, and all others known words."""
    signed = 0
    for row in rows:
        mark = plain(text(row.cell(column.index)))
        if not mark or meaning(mark) is not None:
            continue
        names = fold(" ".join(text(row.cell(name_column.index)) for name_column in who)).replace(",", " ").split()
        words = fold(mark).replace(".", " ").split()
        initials = {name[0] for name in names}
        if not all(word in names or (len(word) <= 3 and set(word) <= initials) for word in words):
            return False
        signed += 1
    return signed > 0


def _contradicted(
    column: ColumnProfile, others: Sequence[ColumnProfile], rows: Sequence[Row]
) -> Iterator[tuple[str, str]]:
    """Yield (word for done, question) where another column of the same row says that it was not."""
    for row in rows:
        word = plain(text(row.cell(column.index)))
        if meaning(word) != "done":
            continue
        for other in others:
            state = plain(text(row.cell(other.index)))
            if denies(other, row, others):
                said_so = f"“{word}” in “{column.heading}” and “{state}” in “{other.heading}”"
                yield word, mask(f"row {row.number} has {said_so}: which counts?")
