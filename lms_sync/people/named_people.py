"""People of a roster, looked up by a name that is much the same or an address that is the same. Pure.

To hold one name against another costs twenty microseconds, and leavers times people are many: at first those are
found whose one part is near enough that the whole can be, by searches that rapidfuzz makes over all parts at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from lms_sync.model.names import Name, name_of
from lms_sync.model.roster import Person
from lms_sync.people.likeness import FIRST_WEIGHT, LAST_WEIGHT, likeness
from lms_sync.text import fold

ALIKE = 0.9
"""The likeness of two names from which on a former person may be one on the roster."""
LAST_ALIKE = (ALIKE - FIRST_WEIGHT) / LAST_WEIGHT
"""How alike last names are at least where names are `ALIKE`, whatever the first names are like."""
_NEAR, _WHOLE = LAST_ALIKE / 0.95 - 1e-9, LAST_ALIKE * 100 - 1e-9
"""What that is between two words, and between last names as a whole; see `likeness`."""


class _Part:
    """One part of everybody's name, the first names or the last, and whose it is by their place on the roster."""

    def __init__(self, parts: Iterable[tuple[str, ...]]) -> None:
        self._words: dict[str, set[int]] = defaultdict(set)
        self._texts: dict[str, set[int]] = defaultdict(set)
        self._joined: dict[str, set[int]] = defaultdict(set)
        for number, words in enumerate(parts):
            for word in words:
                self._words[word].add(number)
            self._texts[" ".join(words)].add(number)
            self._joined["".join(words)].add(number)

    def near(self, words: Sequence[str]) -> Iterator[int]:
        """Yield whose part may be near enough to these words; some more than once."""
        yield from self._joined.get("".join(words), ())
        for word in words:
            for near, *_ in process.extract_iter(
                word, self._words.keys(), scorer=JaroWinkler.similarity, score_cutoff=_NEAR
            ):
                yield from self._words[near]
        text = " ".join(words)
        for near, *_ in process.extract_iter(text, self._texts.keys(), scorer=fuzz.ratio, score_cutoff=_WHOLE):
            yield from self._texts[near]


class NamedPeople:
    """People by their names and addresses."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Take people in the order in which they are to be found."""
        self._people = list(people)
        self._names = [name_of(person.first_name, person.last_name) for person in self._people]
        self._first = _Part(name.first for name in self._names)
        self._last = _Part(name.last for name in self._names)
        self._by_email: dict[str, set[int]] = defaultdict(set)
        for number, person in enumerate(self._people):
            for email in person.emails:
                self._by_email[fold(email)].add(number)

    def alike(self, person: Person) -> tuple[Person, ...]:
        """Return those who have an e-mail address of the person's, or much the same name."""
        name = name_of(person.first_name, person.last_name)
        found = {number for email in person.emails for number in self._by_email.get(fold(email), ())}
        found |= {number for number in self._near(name) if likeness(name, self._names[number]).score >= ALIKE}
        return tuple(self._people[number] for number in sorted(found))

    def _near(self, name: Name) -> set[int]:
        """Return whose last name is near the person's, or near the first name where the order is swapped."""
        return {*self._last.near(name.last), *self._last.near(name.first), *self._first.near(name.last)}
