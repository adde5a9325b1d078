"""Whether an entry names the learner where it asks for somebody else. Pure."""

from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import bare_words
from lms_sync.model.names import plain_words
from lms_sync.text import names_something


def is_filled(role: str, words: str, learner: Learner) -> bool:
    """Tell whether an attribute names what it is for; nobody is trained by being their own experienced officer."""
    return names_something(words) and not (role == "experienced_officer" and is_own(words, learner))


def is_own(words: str, learner: Learner) -> bool:
    """Tell whether a name may be the learner's own; a last name alone may be anybody's of that name."""
    own = bare_words(learner.first_name, learner.last_name)
    named = bare_words(words)
    if not named or not set(named) <= set(own):
        return False
    initials = {word for word in plain_words(words) if len(word) == 1}
    left = {word[0] for word in own if word not in named}
    return len(named) > 1 or not initials or bool(initials & left)
