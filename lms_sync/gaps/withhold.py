"""Keep other partners and other people out of what one partner reads, even out of the name of a file."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms_sync.model import Partner, Person


@dataclass(frozen=True, slots=True)
class Withholder:
    """Tells which texts would name somebody outside one partner."""

    words: frozenset[str]
    """Words of other partners' names and their ids, folded."""
    runs: tuple[str, ...]
    """Other partners' whole names, without blanks."""
    names: tuple[tuple[str, ...], ...]
    """The words of other people's names."""

    def tells(self, text: str) -> bool:
        """Tell whether `text` names another partner, or a person who is not this partner's."""
        words = _words(text)
        run = "".join(words)
        if any(word in self.words for word in words) or any(other in run for other in self.runs):
            return True
        # A file name may run words together, so a person's words are looked for anywhere in the text.
        return any(all(word in run for word in name) for name in self.names)

    def safe(self, text: str, instead: str) -> str:
        """Return `text`, or `instead` where it would tell."""
        return instead if text and self.tells(text) else text


def withholder(own: Partner, partners: Iterable[Partner], *, outside: Iterable[Person], district: str) -> Withholder:
    """Return the withholder for one partner; `outside` are the people who are not assigned to it."""
    allowed = {*_words(own.name), *_words(own.partner_id), *_words(district), *_COMMON}
    others = [p for p in partners if p.partner_id != own.partner_id]
    words = {w for p in others for w in (*_words(p.name), *_words(p.partner_id)) if len(w) > 2}
    runs = tuple("".join(_words(p.name)) for p in others)
    names = [tuple(_words(f"{p.first_name} {p.last_name}")) for p in outside]
    ids = {"".join(_words(p.person_id)) for p in outside}
    return Withholder(frozenset((words | ids) - allowed - {""}), runs, tuple(n for n in names if _long_enough(n)))


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
