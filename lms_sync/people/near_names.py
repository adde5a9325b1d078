"""Whose name on a roster is near another one, found without comparing it with everybody's. Pure.

Two names can be alike enough to be worth a look where a word of the last name is the same (in a swapped name, of
the first), or where two words of each have marks in common: how they begin, how they end, their letters in any
order. A slip in a word leaves it one of these as a rule. So each of many strangers is compared with a few people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from rapidfuzz import fuzz, process

from lms_sync.model.names import Name

_SHORT = 5
"""Letters of a word that has its initial among its marks: a slip may leave nothing else of it."""
_LEAST = 60.0
"""rapidfuzz's ratio of two names' letters, from which on those are near that have marks in common."""
_MOST = 10
"""So many of those, at most."""


@dataclass(frozen=True, slots=True)
class NearNames:
    """The names of people, ready to be looked up."""

    by_first: Mapping[str, Sequence[int]]
    """A word of a first name → which names."""
    by_last: Mapping[str, Sequence[int]]
    by_marks: Mapping[str, Sequence[int]]
    """Marks of two words → which names."""
    letters: Sequence[str]
    """Those of each name."""
    whose: Sequence[str]
    """The Person ID of each name."""

    @classmethod
    def of(cls, names: Iterable[tuple[str, Name]]) -> "NearNames":
        """Return the names of people, each with its Person ID, ready to be looked up."""
        by_first: dict[str, list[int]] = {}
        by_last: dict[str, list[int]] = {}
        by_marks: dict[str, list[int]] = {}
        letters: list[str] = []
        whose: list[str] = []
        for number, (person_id, name) in enumerate(names):
            for index, keys in ((by_first, name.first), (by_last, name.last), (by_marks, set(_of_two(name)))):
                for key in keys:
                    index.setdefault(key, []).append(number)
            letters.append(_letters(name))
            whose.append(person_id)
        return cls(by_first, by_last, by_marks, letters, whose)

    def near(self, name: Name) -> set[str]:
        """Return the Person IDs of everybody whose name may be alike enough to be worth a look."""
        whole = [word for word in (*name.last, *name.first) if len(word) > 1]
        near = {number for word in whole for number in self.by_last.get(word, ())}
        near.update(number for word in name.last if len(word) > 1 for number in self.by_first.get(word, ()))
        others = [*{number for marks in _of_two(name) for number in self.by_marks.get(marks, ())} - near]
        letters = [self.letters[number] for number in others]
        alike = process.extract(_letters(name), letters, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=_MOST)
        near.update(others[place] for _, _, place in alike)
        return {self.whose[number] for number in near}


def _letters(name: Name) -> str:
    """Return the letters of a name, sorted: a slip or another order of its words changes little of them."""
    return "".join(sorted("".join((*name.last, *name.first))))


def _of_two(name: Name) -> Iterator[str]:
    """Yield the marks of any two words of a name, as one text; of a single word its own."""
    words = [_marks(word) for word in sorted({*name.last, *name.first})]
    if len(words) == 1:
        yield from words[0]
    for word, other in combinations(words, 2):
        yield from (" ".join(sorted(pair)) for pair in product(word, other))


def _marks(word: str) -> tuple[str, ...]:
    marks = word[:2], f"-{word[-3:]}", f"={''.join(sorted(word))}"
    return (*marks, f"{word[0]}-") if len(word) <= _SHORT else marks
