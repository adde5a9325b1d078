"""Whether an entry names the person where it asks for somebody else. Pure."""

from collections.abc import Iterable

from lms_sync.model.name_agreement import bare_words
from lms_sync.model.names import plain_words
from lms_sync.text import names_something

NamePair = tuple[str, str]
"""A first name and a last name."""


def is_filled(role: str, words: str, own: Iterable[NamePair]) -> bool:
    """Tell whether an attribute names what it is for; nobody is trained by being their own experienced officer."""
    return names_something(words) and not (role == "experienced_officer" and is_own(words, own))


def is_own(words: str, own: Iterable[NamePair]) -> bool:
    """Tell whether a name may be one of a person's own; a last name alone may be anybody's of that name."""
    return any(_may_be(words, name) for name in own)


def _may_be(words: str, name: NamePair) -> bool:
    own = bare_words(*name)
    named = bare_words(words)
    if not named or not set(named) <= set(own):
        return False
    initials = {word for word in plain_words(words) if len(word) == 1}
    left = {word[0] for word in own if word not in named}
    return len(named) > 1 or not initials or bool(initials & left)
