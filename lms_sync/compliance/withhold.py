"""Keep other partners and other people out of what one partner reads, even out of the name of a file."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms_sync.model.roster import Partner, Roster

ELSEWHERE = "a file of another organisation; the district can show it"
"""Stands for an origin whose words would name somebody else."""


@dataclass(frozen=True, slots=True)
class Withholder:
    """Tells which texts would name somebody outside one partner."""

    words: frozenset[str]
    """Words of other partners' names and their ids, folded."""
    runs: tuple[str, ...]
    """Other partners' whole names, without blanks."""
    names: tuple[tuple[str, ...], ...]
    """The words of other people's names."""
    signs: tuple[str, ...]
    """Last names and Person IDs of other people, which the name of a file may hold beside anything else."""
    buildings: frozenset[tuple[str, ...]]
    """The words of each building on the roster."""
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

    def school(self, name: str) -> str:
        """Return a building of the roster, though it share a word with a partner (a county's); others where safe."""
        return name if _words(name) in self.buildings else self.safe(name, "recorded")

    def officer(self, name: str) -> str:
        """Return the name of one of this partner's people; `recorded` for anybody else's."""
        may_tell = self.own is None or frozenset(_words(name)) in self.own
        return name if may_tell or not name else "recorded"

    def place(self, origin: str) -> str:
        """Return an origin, or `ELSEWHERE` where it would tell: also by a last name or an id alone."""
        run = "".join(_words(origin))
        return ELSEWHERE if any(sign in run for sign in self.signs) else self.safe(origin, ELSEWHERE)

    def safe(self, text: str, instead: str) -> str:
        """Return `text`, or `instead` where it would tell."""
        return instead if text and self.tells(text) else text


NOTHING_WITHHELD = Withholder(frozenset(), (), (), (), frozenset(), None)
"""For the district itself, which may see everything."""


def withholder(own: Partner, roster: Roster, *, inside: Collection[str], district: str) -> Withholder:
    """Return the withholder for one partner; `inside` are the Person IDs that are assigned to it."""
    return _withholder([own], roster, inside=inside, district=district)


def person_withholder(person_id: str, roster: Roster, *, district: str) -> Withholder:
    """Return the withholder for one person's own record: it may name the partners that the person worked for."""
    employers = {a.partner_id for a in roster.assignments if a.person_id == person_id}
    own = [partner for partner in roster.partners.values() if partner.partner_id in employers]
    return _withholder(own, roster, inside={person_id}, district=district)


def _withholder(own: Sequence[Partner], roster: Roster, *, inside: Collection[str], district: str) -> Withholder:
    people = roster.people.values()
    outside = [person for person in people if person.person_id not in inside]
    allowed = {word for p in own for word in (*_words(p.name), *_words(p.partner_id))} | {*_words(district), *_COMMON}
    others = [p for p in roster.partners.values() if p not in own]
    words = {w for p in others for w in (*_words(p.name), *_words(p.partner_id)) if len(w) > 2}
    runs = tuple("".join(_words(p.name)) for p in others)
    names = [tuple(_words(f"{p.first_name} {p.last_name}")) for p in outside]
    ids = {"".join(_words(p.person_id)) for p in outside}
    told = frozenset((words | ids) - allowed - {""})
    mine = frozenset(frozenset(_words(f"{p.first_name} {p.last_name}")) for p in people if p.person_id in inside)
    own_words = frozenset(word for name in mine for word in name)
    last_names = {"".join(_words(p.last_name)) for p in outside} - own_words
    signs = tuple(sorted(sign for sign in last_names | ids if len(sign) > 3 and sign not in allowed))
    buildings = frozenset(_words(name) for a in roster.assignments for name, _ in a.buildings)
    return Withholder(told, runs, tuple(n for n in names if _long_enough(n)), signs, buildings, mine)


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
