"""Do two names agree, contradict each other, or say nothing: one rule, wherever a record meets a person.

    known = KnownName.of(name_words("Robert", "Smith"), name_words("Rob", "Smith"))
    known.compared(name_words("SMITH", "Bob"))      →  Agreement.AGREES

Any word of the one counts against any word of the other, since columns may be swapped. Words agree that are the same
after folding, forms of one first name, or spelt nearly alike. Titles, ranks, suffixes, particles and a partner's own
words do not count; an initial says nothing. Each word is a set of marks, and two words agree when they share one: so
the rule works on keyed hashes of marks as it does on text, and holds for learners whose names are not kept.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms_sync.model.names import PARTICLES, SUFFIXES, TITLES, Name, name_of, plain_words
from lms_sync.model.nicknames import name_groups
from lms_sync.model.quickly_made import quickly_made

_NEAR_FROM = 4
"""Letters from which on a word may be another one with a letter too many."""
_SECOND = len("near ") + 1
"""Where the second letter of a word stands in a mark of what is spelt nearly like it."""
_MAY_BE_SILENT = TITLES | SUFFIXES | PARTICLES
"""Words that say nothing of who somebody is, or only in some places of a name."""
NamePart = tuple[str, tuple[str, ...], bool]
"""A word of a name; what it is in one with its neighbours; whether it is of the last name."""


class NameAgreement(StrEnum):
    """What a record's name says about whether it is a person's."""

    AGREES = "agrees"
    ANOTHER_LAST = "another last name"
    """Only the first name agrees, and the record has another word besides."""
    ANOTHER_FIRST = "another first name"
    """Only the last name agrees, and the record has another word besides."""
    SILENT = "silent"
    """No name, initials alone, or another script."""
    CONTRADICTS = "contradicts"
    """No word in common."""


@quickly_made
@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name, by what it agrees with."""

    marks: tuple[str, ...]
    """The word itself first; then its forms, near spellings, and how it is written in one with its neighbours."""
    script: str
    """The script that it is written in: `LATIN`; words of two scripts cannot be compared."""
    last: bool
    """Whether it is of the last name, as far as the columns tell."""


def name_words(first: str, last: str = "") -> tuple[NameWord, ...]:
    """Return the words of a name that tell people apart, in their order; `Last, First` may stand in either alone."""
    return tuple(
        [
            NameWord(marks_of(word, joined), script_of(word), is_last)
            for word, joined, is_last in name_parts(first, last)
        ]
    )


def name_parts(first: str, last: str = "") -> tuple[NamePart, ...]:
    """Return the words of `name_words`, and what their marks are made of: quicker where many share a word."""
    if (pair := _plain_pair(first, last)) is not None:
        return ((pair[0], (), False), (pair[1], (), True))
    first, last = _in_columns(first, last)
    name = name_of(first, last)
    runs = _joined(plain_words(first)), _joined(plain_words(last))
    return tuple(
        (word, tuple(run for of_column in runs for run in of_column.get(word, ())), word in name.last)
        for word in _telling_words(name)
    )


def bare_words(first: str, last: str = "") -> tuple[str, ...]:
    """Return the first mark of each of the `name_words`, which is the word itself: much quicker than all of them."""
    return _plain_pair(first, last) or tuple(_telling_words(name_of(*_in_columns(first, last))))


def marks_of(word: str, joined: Sequence[str]) -> tuple[str, ...]:
    """Return what a word agrees with, itself first; `joined` is what it is in one with its neighbours."""
    forms = [f"form {number}" for number in sorted(name_groups(word))]
    return (word, *forms, *_near(word), *dict.fromkeys(joined))


def _plain_pair(first: str, last: str) -> tuple[str, str] | None:
    """Return a first and a last name of one plain word each, both of which tell: what most names are.

    None for all others, which are taken apart with more care and to the same end.
    """
    if first.isascii() and last.isascii() and first.isalnum() and last.isalnum():
        pair = given, family = first.lower(), last.lower()
        if len(given) > 1 and len(family) > 1 and given != family and _MAY_BE_SILENT.isdisjoint(pair):
            return pair
    return None


def _in_columns(first: str, last: str) -> tuple[str, str]:
    """Return a name as first and last name; one that stands alone is a last name."""
    return ("", first) if first.strip() and not last.strip() else (first, last)


def _telling_words(name: Name) -> Iterator[str]:
    for word in dict.fromkeys((*name.first, *name.last)):
        if _telling(word, given=word in name.first, alone=name.last == (word,)):
            yield word


def _telling(word: str, *, given: bool, alone: bool) -> bool:
    """Tell whether a word says who somebody is; a particle does where there is no other last name, or as in `Al`."""
    if word in TITLES or word in SUFFIXES or (len(word) == 1 and word.isascii()):
        return False
    return alone or word not in PARTICLES or (given and bool(name_groups(word)))


def _joined(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return word → what it is in one with one or two neighbours: `mc allister` and `mcallister` are one name."""
    found: dict[str, tuple[str, ...]] = {}
    for length in (2, 3):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            for word in run:
                found[word] = (*found.get(word, ()), "".join(run))
    return found


def _near(word: str) -> list[str]:
    """Return the spellings with a letter less, by which `smith` meets `smyth`, and `lovelase` `lovelace`.

    The first letter stays, since Mason is not Jason, and a last a or o, since Maria is not Mario.
    """
    if len(word) < _NEAR_FROM or word.isdigit():
        return []
    near = f"near {word}"
    if len(word) == _NEAR_FROM:
        return [near]
    end = len(near) - 1 if near[-1] in "ao" else len(near)
    # The spellings without the one or the other of two same letters are the same.
    return [near, *[near[:i] + near[i + 1 :] for i in range(_SECOND, end) if i == _SECOND or near[i] != near[i - 1]]]


def script_of(word: str) -> str:
    """Return the script of a word's first letter, as Unicode names it; `LATIN` where it has none."""
    if word.isascii():
        return "LATIN"
    letter = next((c for c in word if c.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else "LATIN"


@dataclass(frozen=True, slots=True)
class KnownName:
    """Every name that one person goes by or went by."""

    words: tuple[NameWord, ...] = ()
    without: frozenset[str] = frozenset()
    """Words that say nothing about this person, and do not count in a record either: those of the partner's name."""

    @classmethod
    def of(cls, *names: Iterable[NameWord], without: Iterable[str] = ()) -> "KnownName":
        """Return a person by all the words of the person's names; `without` are first marks of words."""
        words = tuple(dict.fromkeys(word for name in names for word in name))
        ignored = frozenset(without)
        kept = tuple(word for word in words if word.marks[0] not in ignored)
        return cls(kept, ignored) if kept else cls(words)

    def compared(self, record: Iterable[NameWord]) -> NameAgreement:
        """Return what a record's name, hidden where these words are, says about whether it is this person's."""
        words = [word for word in record if word.marks[0] not in self.without]
        alike = [word for word in words if self._has(word, self.words)]
        if not alike:
            scripts = {word.script for word in self.words}
            return (
                NameAgreement.CONTRADICTS if any(word.script in scripts for word in words) else NameAgreement.SILENT
            )
        last = [word for word in self.words if word.last]
        first = [word for word in self.words if not word.last]
        left_over = any(word not in alike and word.script == alike[0].script for word in words)
        if left_over and last and not any(self._has(word, last) for word in alike):
            return NameAgreement.ANOTHER_LAST
        if left_over and first and not any(self._has(word, first) for word in alike):
            return NameAgreement.ANOTHER_FIRST
        return NameAgreement.AGREES

    @staticmethod
    def _has(word: NameWord, words: Iterable[NameWord]) -> bool:
        marks = set(word.marks)
        return any(marks.intersection(known.marks) for known in words)
