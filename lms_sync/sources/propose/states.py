"""What status words usually mean, told by their words: `Did not pass` is no pass."""

import re
from collections.abc import Collection, Iterable

from lms_sync.sources.propose.headings import heading_words
from lms_sync.sources.propose.vocabulary import STATES, State, vocabulary
from lms_sync.sources.spreadsheet.layout_rules import StatusWords

_WHOLE: dict[tuple[str, ...], State] = {
    ("credit", "given"): "claim",
    ("signed", "up"): "signed_up",
    ("signed", "out"): "not_done",
}
_MARKS: dict[str, State] = {
    **dict.fromkeys("✓✔☑", "done"),
    **dict.fromkeys(("✗", "✘", "☐", "-", "–", "—"), "not_done"),
}
_INITIAL = re.compile(r"(?<=\w )[^\W\d_]\b\.?(?= \w)|\b[^\W\d_]\.(?= \w)")
"""A letter of a person's name, which is no grade: `Ann F. Hill`."""


def meaning(word: str) -> State | None:
    """Return what a status word means wherever it stands; None where that is for a person to say.

    A completion has no word that speaks against it, and none that is unknown.
    """
    words = _words(word)
    if found := _MARKS.get(word.strip()) or _WHOLE.get(words):
        return found
    known_words = vocabulary()
    if set(words) & known_words.negations:
        return "claim" if set(words) & known_words.not_asked else "not_done"
    states = [state for state in STATES if known_words.states[state] & set(words)]
    if states == ["not_done"]:
        return "not_done"
    if not states or "not_done" in states or not set(words) <= known_words.aside.union(*known_words.states.values()):
        return None
    return states[-1]  # a completion that is equivalent is a claim, and one that is registered is none yet


def is_state(word: str) -> bool:
    """Tell whether a cell holds nothing but words of a state, each of more than one letter: it decides something."""
    known_words, words = vocabulary(), set(_words(word))
    states = frozenset[str]().union(*known_words.states.values())
    decisive = {state for state in words & states if len(state) > 1}
    return bool(decisive) and words - decisive <= known_words.aside | known_words.negations


def _words(word: str) -> tuple[str, ...]:
    return heading_words(_INITIAL.sub("", re.sub(r"\bn/a\b", "na", word, flags=re.IGNORECASE)))


def sorted_words(words: Collection[str], *, against: Iterable[str] = ()) -> tuple[StatusWords, tuple[str, ...]]:
    """Return the words by meaning, and those that a person must sort, `against` among them."""
    doubted = set(against)
    by_state: dict[State, list[str]] = {state: [] for state in STATES}
    unknown = []
    for word in words:
        state = meaning(word)
        if state is None or word in doubted:
            unknown.append(word)
        else:
            by_state[state].append(word)
    return StatusWords(**{state: tuple(found) for state, found in by_state.items()}), tuple(unknown)
