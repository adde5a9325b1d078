"""What a heading speaks of, told by its words in English, Spanish and French, whoever joined or translated them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from lms_sync.sources.propose.vocabulary import Idea, vocabulary
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.text import fold, plain

_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = {"#": " number ", "№": " number ", "n°": " number ", "nº": " number ", "%": " percent ", "e-mail": "email"}
SHORTEST = 4
"""Letters of the first of two words that stand joined."""


@cache
def _ideas() -> Mapping[str, frozenset[Idea]]:
    """Return word → all that it speaks of."""
    headings = vocabulary().headings
    words = {"time", *(word for words in headings.values() for word in words)}
    return {word: frozenset(idea for idea, words in headings.items() if word in words) for word in words}


@cache
def _joinable() -> frozenset[str]:
    """Return the words of which others are joined."""
    return frozenset(word for word in _ideas() if len(word) >= SHORTEST) | {"id", "no", "on", "time"}


def heading_words(heading: str) -> tuple[str, ...]:
    """Return a heading's words in small letters without accents: `emp_no`, `EmpNo` and `Emp #` are all two words."""
    words = _JOINED.sub(" ", plain(heading)).casefold()
    for sign, meant in _SIGNS.items():
        words = words.replace(sign, meant)
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())


def ideas_of(heading: str) -> frozenset[Idea]:
    """Return all that a heading's words speak of."""
    words = heading_words(heading)
    found = frozenset[Idea]().union(*(_ideas()[part] for word in words for part in _parts(word)))
    if "last" in found and "date" in found and "name" not in found:
        return found - {"last"}  # the last day of something
    if "last" not in words or "date" in found:
        return found
    others = {idea for word in words if word != "last" for part in _parts(word) for idea in _ideas()[part]}
    return found if "other day" in others else found - {"other day"}  # a last name, and not when it was last accessed


def _parts(word: str) -> tuple[str, ...]:
    """Return the known words that a word is, or is joined of (`timecompleted`); none for an unknown one."""
    if word in _ideas():
        return (word,)
    cuts = ((word[:at], word[at:]) for at in range(SHORTEST, len(word) - 1))
    return next((cut for cut in cuts if set(cut) <= _joinable()), ())


def tells_of_completion(heading: str) -> bool:
    """Tell whether nothing in a heading of a completion says that it is one of something else than the training."""
    beside = vocabulary().beside_completion
    parts = (part for word in heading_words(heading) for part in _parts(word) or (word,))
    return all(part in beside or part.isdecimal() for part in parts)


def is_day_to_come(heading: str) -> bool:
    """Tell whether a day below the heading is one on which it is to be completed, or one on which it was not."""
    words = set(heading_words(heading))
    return bool(words & (vocabulary().intended | vocabulary().negations - {"no"}))


def speaks_of_course(heading: str) -> bool:
    """Tell whether a heading can be the title of a course in a matrix: its words name no other thing."""
    return not ideas_of(heading) & {
        "other day",
        "assigned",
        "id",
        "mail",
        "employer",
        "group",
        "somebody else",
        "hours",
    }


def is_yes_or_no_of_something_else(heading: str) -> bool:
    """Tell whether a yes in the column may speak against a completion (`Failed?`, `No show`, `Required?`)."""
    words = set(heading_words(heading))
    return bool(vocabulary().another_question & words) and not words & {"pass", "passed"}


def learnt_roles(layouts: Iterable[Layout]) -> dict[str, Role]:
    """Return folded heading → role as the layouts at hand have it; those about which they disagree tell none."""
    found: dict[str, Role] = {}
    doubtful: set[str] = set()
    for layout in layouts:
        for role, headings in layout.columns.items():
            for heading in map(fold, headings):
                if found.setdefault(heading, role) != role:
                    doubtful.add(heading)
    return {heading: role for heading, role in found.items() if heading not in doubtful}
