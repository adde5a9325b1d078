"""Which partners a text names: by a whole name, an id, or a word that only one partner's name has. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from lms_sync.model.names import plain_words
from lms_sync.model.roster import Partner, PartnerKind

SHORTEST_JOINED = 5
"""A word of at least so many letters names its partner in an address too, where words are written without blanks: at
the beginning or end of a longer word, beside another one (`heronmereclass.example.org`, and no `officers.…`)."""
SHORTEST_BESIDE = 4
"""So long is an id at least that counts in one with another word; and the word beside a partner's in an address."""
SHORTEST_APART = 8
"""Words of a text are taken for one word of a name from so many letters on: `Heron mere`, and not `her on`."""
MOST_WORDS = 8
"""So many words of a text are tried as one; the whole name of a partner has hardly more."""
_OF_NOBODY = frozenset(
    plain_words(
        "and of the for with llc inc ltd co corp school schools security safety training company office officer"
        " officers department dept agency service services group"
    )
)
_ADDRESS = re.compile(r"://|@|\w[._/]\w")
"""What tells that a text without blanks is an address or the name of a file."""
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
"""Where a word begins inside of another: `HeronmereClass`."""
_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a number begins or ends inside of a word: `heronmere2026`, `HM01`."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartnerNames:
    """What names a partner in a text that somebody typed. Whole words are compared: no office is in an officer."""

    words: Mapping[str, str]
    """Word → the one partner in whose names it stands, by Partner ID."""
    names: Mapping[Words, frozenset[str]]
    """A whole name or an id in words → Partner IDs."""
    runs: Mapping[str, frozenset[str]]
    """Words of a name that follow one another, without blanks → Partner IDs: the whole name, and each run with a word
    of its own."""

    def named(self, text: str) -> frozenset[str]:
        """Return the Partner IDs of all partners that the text names."""
        found: set[str] = set()
        whole, parts = {words_in(text), plain_words(text)}, words_in(_NUMBER.sub(" ", _HUMP.sub(" ", text)))
        for words in {*whole, parts}:
            # A short id is in one with another word by chance: no PD is in `pdEnroller`.
            shortest = 0 if words in whole else SHORTEST_BESIDE
            found |= {self.words[form] for word in words for form in _forms(word) if form in self.words}
            names = [name for name in self.names if _stands_in(name, words) and len("".join(name)) >= shortest]
            found |= {who for name in names for who in self.names[name]}
            found |= {who for run in _joined(words) if run in self.runs for who in self.runs[run]}
        longer = {word for part in text.split() if _ADDRESS.search(part) for word in words_in(part)}
        return frozenset(
            found | {who for word, who in self.words.items() if any(_joins(word, each) for each in longer)}
        )


def words_in(text: str) -> Words:
    """Return a text's words, those of owners without their ending: `Heron's` → `heron`."""
    return plain_words(re.sub(r"(?i)['’]s\b", "", text))


def partner_names(partners: Iterable[Partner], *, public: Iterable[str]) -> PartnerNames:
    """Return what names each of `partners`, several rows of one id for one that was renamed.

    The district itself is not one of them. `public` are texts whose words name nobody: the district's name, the
    buildings, the law's topics.
    """
    theirs = [partner for partner in partners if partner.kind is not PartnerKind.DISTRICT]
    common = _OF_NOBODY | {word for text in public for word in plain_words(text)}
    spoken = [(words, p.partner_id) for p in theirs for words in {plain_words(p.name), words_in(p.name)}]
    holders = _gathered((word, who) for words, who in spoken for word in words)
    own = {
        word: min(who)
        for word, who in holders.items()
        if len(who) == 1 and len(word) > 2 and word not in common and not word.isdigit()
    }
    ids = [(plain_words(p.partner_id), p.partner_id) for p in theirs]
    ids = [(words, who) for words, who in ids if words and not _short_number(words) and words[0] not in common]
    runs = [(run, who) for words, who in spoken for run in {"".join(words), *_runs(words, own)}]
    return PartnerNames(
        words=own,
        names=_gathered([*ids, *((words, who) for words, who in spoken if set(words) - common)]),
        runs=_gathered((run, who) for run, who in runs if len(run) > 2 and run not in common),
    )


Key = TypeVar("Key", str, Words)


def _gathered(pairs: Iterable[tuple[Key, str]]) -> dict[Key, frozenset[str]]:
    found: dict[Key, set[str]] = defaultdict(set)
    for key, who in pairs:
        found[key].add(who)
    return {key: frozenset(several) for key, several in found.items()}


def _forms(word: str) -> tuple[str, ...]:
    """Return a word, and what it is one of: `herons` → `heron`."""
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _runs(words: Words, telling: Collection[str]) -> Iterator[str]:
    """Yield words that follow one another and have one of the `telling` among them, without blanks."""
    for start, end in combinations(range(len(words) + 1), 2):
        if not set(words[start:end]).isdisjoint(telling):
            yield "".join(words[start:end])


def _joined(words: Words) -> Iterator[str]:
    """Yield each word of a text, and those that follow one another as one long word."""
    yield from words
    for start in range(len(words)):
        for end in range(start + 2, min(start + MOST_WORDS, len(words)) + 1):
            if len(run := "".join(words[start:end])) >= SHORTEST_APART:
                yield run


def _joins(word: str, longer: str) -> bool:
    """Tell whether a longer word is made of a word and another one, and is not just a form of it."""
    beside = len(longer) - len(word)
    long = len(word) >= SHORTEST_JOINED and beside >= SHORTEST_BESIDE
    return long and (longer.startswith(word) or longer.endswith(word))


def _short_number(words: Words) -> bool:
    return len(words) == 1 and words[0].isdigit() and len(words[0]) < 3


def _stands_in(spoken: Words, words: Words) -> bool:
    return any(words[place : place + len(spoken)] == spoken for place in range(len(words)))
