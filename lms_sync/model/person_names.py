"""The names that people on the roster go by and went by, ready to be compared with a record's or a decision's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lms_sync.model.links import Merge, NameAnswer, successors
from lms_sync.model.name_agreement import KnownName, NameAgreement, NameWord, bare_words, name_words
from lms_sync.model.names import plain_words
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person

Names = tuple[tuple[str, str], ...]
"""(first name, last name) of each."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenNames(Mapping[str, Names]):
    """Person ID → every name that a person on the roster goes by or went by; put together when it is asked for."""

    people: Mapping[str, Person]
    added: dict[str, Names] = field(default_factory=dict)
    """Person ID → names besides those on the roster."""

    def __getitem__(self, person_id: str) -> Names:
        return self.people[person_id].names + self.added.get(person_id, ())

    def __contains__(self, person_id: object) -> bool:
        return person_id in self.people

    def __iter__(self) -> Iterator[str]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def has(self, person_id: str, name: tuple[str, str]) -> bool:
        """Tell whether somebody goes by this first and last name."""
        person = self.people.get(person_id)
        if person is None:
            return False
        if name == (person.first_name, person.last_name) and person.first_name:  # as nearly always
            return True
        return name in self[person_id]

    def add(self, person_id: str, names: Names) -> None:
        """Let a person on the roster go by further names."""
        self.added[person_id] = self.added.get(person_id, ()) + names


@dataclass(frozen=True, slots=True)
class PersonNames:
    """Everybody's names; each person's are taken apart when they are first asked for."""

    written: WrittenNames
    """Person ID → every name that the person goes by or went by."""
    partners: Mapping[str, Sequence[str]]
    """Person ID → the names of partners, whose words say nothing in a name."""
    _known: dict[str, KnownName] = field(default_factory=dict, repr=False, compare=False)
    _hidden: dict[str, KnownName] = field(default_factory=dict, repr=False, compare=False)
    _words: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _partners_words: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        people: Mapping[str, Person],
        *,
        merges: Iterable[Merge] = (),
        answers: Iterable[NameAnswer] = (),
        partners: Mapping[str, Sequence[str]] | None = None,
    ) -> "PersonNames":
        """Return the names on the roster, those of merged Person IDs, and those that a person called one person's."""
        written = WrittenNames(people)
        merges = tuple(merges)
        today = successors(merges)
        for merge in merges:
            if (now := today[merge.former]) in written:
                written.add(now, merge.names)
        for answer in _told_of_one_person(answers):
            if answer.person_id in written and _goes_by(written[answer.person_id], answer.now):
                written.add(answer.person_id, (_parted(answer.then),))
        return cls(written, partners or {})

    def known(self, person_id: str) -> KnownName:
        """Return a person's names in words; no word at all for somebody who is not on the roster."""
        if person_id not in self._known:
            names = [name_words(first, last) for first, last in self.written.get(person_id, ())]
            self._known[person_id] = KnownName.of(*names, without=self._ignored(person_id))
        return self._known[person_id]

    def _ignored(self, person_id: str) -> frozenset[str]:
        partners = tuple(self.partners.get(person_id, ()))
        ignored = self._partners_words.get(partners)
        if ignored is None:
            ignored = frozenset(word for partner in partners for word in plain_words(partner))
            self._partners_words[partners] = ignored
        return ignored

    def _bare(self, person_id: str) -> set[str]:
        """Return the words of `known`, without what is near to them."""
        words = {word for name in self.written.get(person_id, ()) for word in bare_words(*name)}
        return words - self._ignored(person_id) or words

    def hidden(self, person_id: str, pseudonyms: Pseudonyms) -> KnownName:
        """Return a person's names as learners' are kept: as keyed hashes."""
        if person_id not in self._hidden:
            self._hidden[person_id] = pseudonyms.of_person(self.known(person_id))
        return self._hidden[person_id]

    def compared(self, person_id: str, name: Sequence[NameWord], pseudonyms: Pseudonyms) -> NameAgreement:
        """Return what a learner's name, as keyed hashes, says about whether it is this person's.

        Most learners are called as the roster calls them: then the words alone tell, and what is near to them need
        not be hashed.
        """
        words = self._words.get(person_id)
        if words is None:
            words = self._words[person_id] = frozenset(pseudonyms.of_marks(self._bare(person_id)))
        if name and words.issuperset([word.marks[0] for word in name]):
            return NameAgreement.AGREES
        return self.hidden(person_id, pseudonyms).compared(name)

    def compared_in_clear(self, person_id: str, first: str, last: str) -> NameAgreement:
        """Return what `compared` does of the same name, which stands in the clear and need not be hashed at all."""
        words = bare_words(first, last)
        named_so = self.written.has(person_id, (first, last)) and self._ignored(person_id).isdisjoint(words)
        if words and (named_so or self._bare(person_id).issuperset(words)):
            return NameAgreement.AGREES
        return self.known(person_id).compared(name_words(first, last))

    def may_be(self, person_id: str, name: str) -> bool:
        """Tell whether a name, written like `Person.name`, may be this person's, since nothing speaks against it."""
        return self.known(person_id).compared(written_words(name)) is not NameAgreement.CONTRADICTS


def written_words(name: str) -> tuple[NameWord, ...]:
    """Return the words of a name as `Person.name` writes it: `Last, First (Preferred)`."""
    return name_words(*_parted(name))


def _told_of_one_person(answers: Iterable[NameAnswer]) -> list[NameAnswer]:
    """Return the answers *new name*, the newest first: a name given up twice is reached through the one between."""
    same_person = [answer for answer in answers if answer.same and answer.then]
    return sorted(same_person, key=lambda answer: answer.on, reverse=True)


def _goes_by(names: Iterable[tuple[str, str]], name: str) -> bool:
    known = KnownName.of(*(name_words(first, last) for first, last in names))
    return known.compared(written_words(name)) is not NameAgreement.CONTRADICTS


def _parted(name: str) -> tuple[str, str]:
    last, _, first = name.partition(",")
    return first, last
