"""Learners as rows of the store, and back.

A night reads every learner. Rows of the very form that this version writes are read in one step; whatever else there
is (what earlier versions wrote, what somebody changed) goes the way of every stored type, to the same end.
"""

from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as _text_json
from typing import Any

from sqlalchemy import Text, cast

from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.stored.pulled import HASHES, IN_CLEAR, StoredWord
from lms_sync.model.stored.stored_type import read_json
from lms_sync.store.schema import learner

LEARNER_COLUMNS = ("source", "learner", "hashes", "shown")
"""Of `learner_values`."""
LEARNER_JSON = ("hashes", "shown")
"""Those of them that are JSON as text."""
LEARNER_READ = (
    *(learner.c.source, learner.c.learner),
    *(cast(learner.c.hashes, Text), cast(learner.c.shown, Text)),
)
"""The columns that `learners_of` takes, those of JSON as text."""
_HASHES, _IN_CLEAR = (3, 4), 6
"""So many fields each has, as this version writes it; the names are left out that stand in the clear."""
_Hidden = tuple[tuple[str, ...], tuple[str, ...], str, tuple[tuple[NameWord, ...], ...] | None]
"""Hashes of ids, of e-mails, of the whole name, and the names by their words."""
_Words = dict[tuple[Any, ...], NameWord]
"""A word of a name as it is stored → the word: many names have some in common, and so they are kept one time."""


def learner_values(seen: PseudonymousLearner) -> tuple[str, str, str, str]:
    """Return what is stored of a learner, by `LEARNER_COLUMNS`: as `json.dumps` writes `HASHES` and `IN_CLEAR`."""
    ids, emails, name = _list_json(seen.person_ids), _list_json(seen.emails), _text_json(seen.name)
    hashes = f'"person_ids": {ids}, "emails": {emails}, "name": {name}'
    if seen.names is not None:
        names = ", ".join([f"[{', '.join(map(_word_json, name))}]" for name in seen.names])
        hashes = f'{hashes}, "names": [{names}]'
    in_clear = "null" if seen.in_clear is None else _learner_json(seen.in_clear)
    return seen.source, seen.learner, f"{{{hashes}}}", in_clear


def _learner_json(who: Learner) -> str:
    key, person_id, emails = _text_json(who.key), _text_json(who.person_id), _list_json(who.emails)
    first, last, employer = _text_json(who.first_name), _text_json(who.last_name), _text_json(who.employer)
    name = f'"first_name": {first}, "last_name": {last}'
    return f'{{"key": {key}, "person_id": {person_id}, "emails": {emails}, {name}, "employer": {employer}}}'


def _word_json(word: NameWord) -> str:
    return f"[{'true' if word.last else 'false'}, {', '.join(map(_text_json, (word.script, *word.marks)))}]"


def _list_json(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text_json, texts))}]"


def learners_of(rows: Iterable[Sequence[Any]]) -> Iterator[PseudonymousLearner]:
    """Yield the learners that rows tell of. Raises: ConfigError for a row that no version has written."""
    words: _Words = {}
    for source, key, hashes, in_clear in rows:
        try:
            hidden = _hashes_as_written(hashes, words)
        except (LookupError, TypeError, ValueError, RecursionError):
            hidden = _hashes_by_type(hashes)
        try:
            who = _in_clear_as_written(source, in_clear)
        except (LookupError, TypeError, ValueError, RecursionError):
            who = _in_clear_by_type(source, in_clear)
        yield PseudonymousLearner(source, key, *hidden[:3], who, hidden[3])


def _hashes_as_written(text: str, words: _Words) -> _Hidden:
    """Return the hashes that `learner_values` wrote. Raises: LookupError, TypeError, ValueError for other texts."""
    hashes = read_json(text)
    if len(hashes) not in _HASHES:
        raise ValueError(text)
    (name,) = _texts([hashes["name"]])
    whole = _texts(hashes["person_ids"]), _texts(hashes["emails"]), name
    if len(hashes) == len(whole):
        return *whole, None
    names = [tuple([_word_as_written(word, words) for word in _list(kept)]) for kept in _list(hashes["names"])]
    return *whole, tuple(names)


def _word_as_written(stored: Any, words: _Words) -> NameWord:
    written = tuple(_list(stored))
    known = words.get(written)
    if known is None or stored[0] is not known.last:
        "".join(written[1:])  # no texts: TypeError
        last, script, _ = written[:3]
        if last is not True and last is not False:
            raise TypeError("no truth value")
        known = words[written] = NameWord(written[2:], script, last)
    return known


def _in_clear_as_written(source: str, text: str | None) -> Learner | None:
    """Return whom `learner_values` wrote. Raises: LookupError, TypeError, ValueError for any other text."""
    if text is None or text == "null":
        return None
    who = read_json(text)
    if len(who) != _IN_CLEAR:
        raise ValueError(text)
    key, person_id, first, last, employer = _texts(
        [who["key"], who["person_id"], who["first_name"], who["last_name"], who["employer"]]
    )
    return Learner(source, key, person_id, _texts(who["emails"]), first, last, employer)


def _list(value: Any) -> list[Any]:
    """Return a value that is a list. Raises: TypeError for any other."""
    if type(value) is not list:
        raise TypeError("no list")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts. Raises: TypeError for any other value."""
    "".join(_list(value))
    return tuple(value)


def _hashes_by_type(text: str) -> _Hidden:
    """Return the hashes of any version. Raises: ConfigError for what none has written."""
    hashes = HASHES.read_text(text)
    names = None if hashes.names is None else tuple(tuple(map(_word, name)) for name in hashes.names)
    return hashes.person_ids, hashes.emails, hashes.name, names


def _word(stored: StoredWord) -> NameWord:
    last, script, *marks = stored
    return NameWord(tuple(map(str, marks)), str(script), bool(last))


def _in_clear_by_type(source: str, text: str | None) -> Learner | None:
    """Return whom any version wrote. Raises: ConfigError for what none has written."""
    if text in (None, "null"):
        return None
    kept = IN_CLEAR.read_text(text)
    names = kept.first_name, kept.last_name
    return Learner(source, kept.key, kept.person_id, kept.emails, *names, kept.employer)
