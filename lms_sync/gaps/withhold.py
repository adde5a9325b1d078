"""Keep other partners and other people out of what one partner reads, even out of the name of a file."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms_sync.model import Partner, Roster


@dataclass(frozen=True, slots=True)
class Withholder:
    """Tells which texts would name somebody outside one partner."""

    words: frozenset[str]
    """Words of other partners' names and their ids, folded."""
    runs: tuple[str, ...]
    """Other partners' whole names, without blanks."""
    names: tuple[tuple[str, ...], ...]
    """The words of other people's names."""
    own: frozenset[frozenset[str]] | None
    """The words of each of this partner's people's names; None when every name may be told."""

    def tells(self, text: str) -> bool:
        """Tell whether `text` names another partner, or a person who is not this partner's."""
        words = _words(text)
        run = "".join(words)
        if any(word in self.words for word in words) or any(other in run for other in self.runs):
            return True
        # A file name may run words together, so a person's words are looked for anywhere in the text.
        return any(all(word in run for word in name) for name in self.names)

    def officer(self, name: str) -> str:
        """Return the name of one of this partner's people; `recorded` for anybody else's."""
        may_tell = self.own is None or frozenset(_words(name)) in self.own
        return name if may_tell or not name else "recorded"

    def safe(self, text: str, instead: str) -> str:
        """Return `text`, or `instead` where it would tell."""
        return instead if text and self.tells(text) else text


NOTHING_WITHHELD = Withholder(frozenset(), (), (), None)
"""For the district itself, which may see everything."""


def withholder(own: Partner, roster: Roster, *, inside: Collection[str], district: str) -> Withholder:
    """Return the withholder for one partner; `inside` are the Person IDs that are assigned to it."""
    people = roster.people.values()
    outside = [person for person in people if person.person_id not in inside]
    allowed = {*_words(own.name), *_words(own.partner_id), *_words(district), *_COMMON}
    others = [p for p in roster.partners.values() if p.partner_id != own.partner_id]
    words = {w for p in others for w in (*_words(p.name), *_words(p.partner_id)) if len(w) > 2}
    runs = tuple("".join(_words(p.name)) for p in others)
    names = [tuple(_words(f"{p.first_name} {p.last_name}")) for p in outside]
    ids = {"".join(_words(p.person_id)) for p in outside}
    told = frozenset((words | ids) - allowed - {""})
    mine = frozenset(frozenset(_words(f"{p.first_name} {p.last_name}")) for p in people if p.person_id in inside)
    return Withholder(told, runs, tuple(n for n in names if _long_enough(n)), mine)


def _long_enough(name: Sequence[str]) -> bool:
    return len(name) > 1 and sum(map(len, name)) > 5


def _words(text: str) -> tuple[str, ...]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple("".join(c if c.isalnum() else " " for c in plain.casefold()).split())


# Words that many agencies and companies share; they tell of nobody in particular.
_COMMON = _words(
    "agency and city company county department dept district guard guards inc llc office officers patrol police"
    " protection public safety school schools security services sheriff sheriffs solutions state the training"
)
