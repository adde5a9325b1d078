"""What the status of a row means: a word of the layout, or a signature on a class roll. Pure."""

from collections.abc import Sequence

from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, quoted
from lms_sync.sources.spreadsheet.record_form import Cells, RecordForm, State
from lms_sync.text import did_you_mean, fold


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
