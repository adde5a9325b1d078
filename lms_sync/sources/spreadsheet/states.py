"""What the status of a row means, or a cell of a matrix: a word of the layout, a signature on a class roll. Pure."""

from collections.abc import Sequence

from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.misread import Misread, quoted, refuse_error
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm, State
from lms_sync.sources.spreadsheet.scores import score_of
from lms_sync.tables.cells import Value, text
from lms_sync.text import did_you_mean, fold, plain


def read_state(cells: Cells, form: RecordForm) -> State:
    """Return what the status of a row means. Raises: Misread for a word that the layout does not know."""
    if "status" not in cells.values:
        return "done"
    word = cells.text("status")
    state = form.state_of(word)
    if state is not None:
        return state
    if form.layout.is_roll and is_signature(word, [cells.text(role) for role in ("first_name", "last_name", "name")]):
        return "done"
    raise _unknown(word, cells, form.layout)


def is_signature(word: str, names: Sequence[str]) -> bool:
    """Tell whether somebody's own name is typed as a signature: `A. Reyes`. Initials alone may be other words."""
    theirs = _words(" ".join(names))
    signed = _words(word)
    whole = any(len(part) > 1 and part in theirs for part in signed)
    return (
        whole and len(signed) > 1 and all(part in theirs or part in {name[0] for name in theirs} for part in signed)
    )


def _words(name: str) -> list[str]:
    return fold(name.replace(",", " ").replace(".", " ")).split()


def _unknown(word: str, cells: Cells, layout: Layout) -> Misread:
    known = [*filter(None, layout.status.every)]
    words = ", ".join(known)
    if word:
        remedy = f"{_meant(word, known)}If it is a new word, add it to [status] of the layout {layout.name}."
        misread = Misread("unknown-status", f"the status {quoted(word)}", expected=f"one of {words}", remedy=remedy)
    else:
        remedy = f'Fill it in. If a blank means that it is not done, add "" to not_done of the layout {layout.name}.'
        misread = Misread("blank-status", "no status", expected=f"a status, one of {words}", remedy=remedy)
    misread.column = cells.columns.get("status")
    return misread


def _meant(word: str, known: Sequence[str]) -> str:
    """Return `Did you mean …? ` for a word that is spelt almost so; never for one that may say the contrary."""
    letters = _letters(word)
    if letters and (same := [other for other in known if _letters(other) == letters]):
        return did_you_mean(same[0], same)
    words = fold(word).split()
    near = [other for other in known if len(fold(other).split()) == len(words) and fold(other)[0] == words[0][0]]
    return did_you_mean(word, near)


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, fold(word)))


def state_or_score(value: Value, form: RecordForm, *, column: int) -> dict[Role, Value]:
    """Return what a cell of a matrix of scores tells. Raises: Misread, with its column, for neither."""
    if form.state_of(text(value)) is not None:
        return {"status": value}
    if score_of(text(value)) is not None:
        return {"score": value}
    refuse_error(value)
    misread = Misread(
        "bad-score",
        quoted(value),
        expected="a score, or a status word of the layout",
        remedy=f"If it is a new word, add it to [status] of the layout {form.layout.name}.",
    )
    misread.column = column
    raise misread


def state_and_day(value: Value, form: RecordForm, *, column: int, heading: str) -> dict[Role, Value]:
    """Return what a cell of days tells: a known word is the status, what follows one is the day (`x 09/03/2025`).

    A check-box, or a number that the layout knows as a word, is a status too. Raises: Misread, with its column, for
    what is neither a word nor a day: no day is without a digit.
    """
    if not isinstance(value, str):
        known = isinstance(value, bool) or form.state_of(text(value)) is not None
        return {"status": text(value)} if known else {"completed_on": value}
    words = plain(value)
    if form.state_of(words) is not None:
        return {"status": words}
    parts = words.split()
    for number in range(len(parts) - 1, 0, -1):  # the longest word that the layout knows: `Did not pass 09/03/2025`
        status, day = " ".join(parts[:number]), " ".join(parts[number:])
        if fold(status) in form.states and _has_digit(day):
            return {"status": status, "completed_on": day}
    refuse_error(value)
    if not _has_digit(words):
        raise _neither(value, form, column=column, heading=heading)
    return {"completed_on": words}


def _has_digit(words: str) -> bool:
    return any(map(str.isdecimal, words))


def _neither(value: Value, form: RecordForm, *, column: int, heading: str) -> Misread:
    known = ", ".join(filter(None, form.layout.status.every))
    misread = Misread(
        "unknown-status",
        f"{quoted(value)}, which is neither a day nor a status word of the layout",
        expected=f"a day, or one of {known}" if known else "a day",
        remedy=f"If it is a new word, add it to [status] of the layout {form.layout.name};"
        f" if the column “{heading}” is no course, add its heading to ignore under [matrix].",
    )
    misread.column = column
    return misread
