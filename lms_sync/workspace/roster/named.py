"""Which partners a text names: by a whole name, an id, or a word that only one partner's name has. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms_sync.model.names import plain_words
from lms_sync.model.roster import Partner, PartnerKind

SHORTEST_INSIDE = 5
"""A word of at least so many letters names its partner inside a longer word too: `HeronmereClass`."""
_OF_NOBODY = frozenset(plain_words("and of the for with llc inc ltd school schools security safety training company"))


@dataclass(frozen=True, slots=True)
class PartnerNames:
    """What names a partner in a text that somebody typed."""

    words: Mapping[str, str]
    """Word → the one partner in whose names it stands, by Partner ID."""
    runs: Mapping[str, frozenset[str]]
    """A whole name without blanks → Partner IDs."""
    ids: Mapping[tuple[str, ...], str]
    """An id in words → itself."""

    def named(self, text: str) -> frozenset[str]:
        """Return the Partner IDs of all partners that the text names."""
        words = words_in(text)
        if not words:
            return frozenset()
        run = "".join(words)
        found = {self.words[word] for word in words if word in self.words}
        found |= {who for word, who in self.words.items() if len(word) >= SHORTEST_INSIDE and word in run}
        found |= {who for name, several in self.runs.items() if name in run for who in several}
        found |= {who for spoken, who in self.ids.items() if _stands_in(spoken, words)}
        return frozenset(found)


def words_in(text: str) -> tuple[str, ...]:
    """Return a text's words, those of owners without their ending: `Heron's` → `heron`."""
    return plain_words(re.sub(r"(?i)['’]s\b", "", text))


def partner_names(partners: Iterable[Partner], *, public: Iterable[str]) -> PartnerNames:
    """Return what names each of `partners`, several rows of one id for one that was renamed.

    The district itself is not one of them. `public` are texts whose words name nobody: the district's name, the
    buildings, the law's topics.
    """
    theirs = [partner for partner in partners if partner.kind is not PartnerKind.DISTRICT]
    common = _OF_NOBODY | {word for text in public for word in plain_words(text)}
    holders: dict[str, set[str]] = defaultdict(set)
    runs: dict[str, set[str]] = defaultdict(set)
    for partner in theirs:
        for word in plain_words(partner.name):
            holders[word].add(partner.partner_id)
        runs["".join(plain_words(partner.name))].add(partner.partner_id)
    ids = {plain_words(partner.partner_id): partner.partner_id for partner in theirs}
    return PartnerNames(
        words={
            word: min(who)
            for word, who in holders.items()
            if len(who) == 1 and len(word) > 2 and word not in common and not word.isdigit()
        },
        runs={run: frozenset(who) for run, who in runs.items() if len(run) > 2 and run not in common},
        ids={
            words: who for words, who in ids.items() if words and not _short_number(words) and words[0] not in common
        },
    )


def _short_number(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and words[0].isdigit() and len(words[0]) < 3


def _stands_in(spoken: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[place : place + len(spoken)] == spoken for place in range(len(words)))
