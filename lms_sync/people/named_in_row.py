"""Whom a row may be about that could not be read as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, name_words
from lms_sync.people.match import Directory, match_all
from lms_sync.text import fold


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Everybody whom a source's rows may name: the roster's people, and the learners that the source has told of."""

    source: str
    book: Directory
    pseudonyms: Pseudonyms
    learners: Mapping[str, frozenset[str]]
    """Keyed hash of an identifier or a name → Person IDs; none for somebody who is not on the roster."""

    def people(self, texts: Sequence[str]) -> frozenset[str] | None:
        """Return the Person IDs that a row's identifying texts name; None where they name nobody at all."""
        hashes = set(self._hashes([text for text in texts if text.strip()]))
        named = [self.learners[digest] for digest in hashes if digest in self.learners]
        named += [self.book.identifiers[digest] for digest in hashes if digest in self.book.identifiers]
        named += [self.book.names[digest] for digest in hashes if digest in self.book.names]
        named += [who for digest in hashes if (who := self.book.links.get((self.source, digest)))]
        return frozenset().union(*named) if named else None

    def _hashes(self, texts: Sequence[str]) -> Iterable[str]:
        of = self.pseudonyms.of
        for text in texts:
            yield from (of(kind, fold(text)) for kind in ("person", "email", f"learner of {self.source}"))
        for pair in combinations_with_replacement(texts, 2):
            yield of("name", name_words(*pair))
        yield from (of("name", name_words(text)) for text in texts)


def known_names(
    source: str, learners: Sequence[PseudonymousLearner], book: Directory, pseudonyms: Pseudonyms
) -> KnownNames:
    """Return whom the rows of a source may name; `learners` are those of the source."""
    matches = match_all(learners, book)
    found: dict[str, frozenset[str]] = {}
    for learner in learners:
        people = frozenset(matches[learner.source, learner.learner].people)
        for digest in (*learner.identifiers, learner.learner, learner.name):
            if digest:
                found[digest] = found.get(digest, frozenset()) | people
    return KnownNames(source, book, pseudonyms, found)
