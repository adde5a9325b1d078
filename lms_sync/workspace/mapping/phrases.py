"""The words that speak for topics, as `mappings/phrases.toml` keeps them, and where they fit a title.

A title is told by its words in small letters; a phrase fits where each of its words begins the title's word there.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms_sync.errors import ConfigError
from lms_sync.text import fold

Words = tuple[str, ...]
"""The words of a phrase or title; in a phrase, `=` before one asks for the whole word."""
PhraseSet = Mapping[str, Sequence[Words]]
"""Phrases by the letter with which they begin."""
TOGETHER, BESIDE = 0.78, 0.7
"""What two ideas of a topic's own give it together, and one beside a word about young people or schools."""
_NUMBERS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "first": "1",
    "second": "2",
}
_YEARS = range(1990, 2100)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
"""Initials with points: `T.L.O.`"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose training it is or where it is used, where that is none of the thirteen's."""

    phrases: PhraseSet
    topics: frozenset[int]
    """The topics that it rules out; empty for all."""
    unless_young: bool
    """True when a word about young people says otherwise."""
    but: PhraseSet
    """Words that say otherwise, whatever else stands in the title."""


@dataclass(frozen=True, slots=True)
class Together:
    """Ideas that speak for a topic together."""

    groups: tuple[PhraseSet, ...]
    """One phrase of each, anywhere in the title."""
    score: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """What `phrases.toml` says."""

    strong: Mapping[int, PhraseSet]
    weak: Mapping[int, PhraseSet]
    together: Mapping[int, tuple[Together, ...]]
    young: PhraseSet
    everything: PhraseSet
    class_words: frozenset[str]
    """Words that may stand beside what names the whole series; any other narrows it."""
    classes: frozenset[str]
    """Words for a class, one of which must stand there: the law's name alone is no series."""
    against: tuple[Setting, ...]
    programmes: tuple[tuple[PhraseSet, frozenset[int]], ...]
    """(phrases, topics that the programme teaches)."""
    frame: PhraseSet
    """Words around a title's subject: the law, the class, the kind of item."""
    parts: PhraseSet
    """Words that a number follows: `module`, `unit`."""
    of_school: PhraseSet
    """Words of a school and the word behind, which ends a title: who takes it, or where (`for school employees`)."""
    common: frozenset[str]
    """Words that tell nothing."""


def read_phrases(path: Path) -> Phrases:
    """Return the phrases of a file. Raises: ConfigError when it can't be read."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{path.name} can't be read: {error}", hint="Compare it with the shipped mappings/phrases.toml."
        ) from error


@lru_cache(maxsize=2)
def _parsed(text: str) -> Phrases:
    """Return the phrases of a file's text; the same text is parsed once, for a night asks for it twice."""
    return _phrases(tomllib.loads(text))


def _phrases(data: Mapping[str, Any]) -> Phrases:
    topics = {int(topic["number"]): topic for topic in data["topic"]}
    groups: dict[str, Sequence[str]] = {f"@{name}": data.get(name, ()) for name in ("young", "school")}

    def group(names: Iterable[str]) -> PhraseSet:
        return _split(phrase for name in names for phrase in groups.get(name, (name,)))

    def together(alternatives: Sequence[Sequence[str]]) -> Together:
        context = any(name.startswith("@") for group_ in alternatives for name in group_)
        return Together(tuple(map(group, alternatives)), BESIDE if context else TOGETHER)

    return Phrases(
        strong={number: _split(topic.get("strong", ())) for number, topic in topics.items()},
        weak={number: _split(topic.get("weak", ())) for number, topic in topics.items()},
        together={
            number: tuple(together(groups) for groups in topic.get("together", ()))
            for number, topic in topics.items()
        },
        young=_split(data["young"]),
        everything=_split(data["all"]),
        class_words=frozenset(data.get("class_words", ())),
        classes=frozenset(data.get("classes", ())),
        against=tuple(
            Setting(
                _split(entry["phrases"]),
                frozenset(entry.get("topics", ())),
                bool(entry.get("unless")),
                _split(entry.get("but", ())),
            )
            for entry in data.get("against", ())
        ),
        programmes=tuple(
            (_split(entry["phrases"]), frozenset(entry["topics"])) for entry in data.get("programme", ())
        ),
        frame=_split(data.get("frame", ())),
        parts=_split(data.get("parts", ())),
        of_school=_split(
            f"{word} {noun}" for word in data.get("of_a_school", ()) for noun in data.get("audience", ())
        ),
        common=frozenset(data.get("common", ())),
    )


def _split(phrases: Iterable[str]) -> PhraseSet:
    by_letter: dict[str, list[Words]] = {}
    for phrase in phrases:
        by_letter.setdefault(phrase.lstrip("=")[0], []).append(tuple(phrase.split()))
    return by_letter


def title_words(title: str) -> Words:
    """Return a title's words in small letters; `&` is read as `and`, `w/` as `with`."""
    text = (
        _DOTTED.sub(lambda match: match[0].replace(".", ""), fold(title)).replace("&", " and ").replace("w/", "with ")
    )
    return tuple("".join(c if c.isalnum() else " " for c in text).split())


def number_of(word: str) -> str:
    """Return the number that a word is, in digits; empty for any other word."""
    return word if word.isdecimal() else _NUMBERS.get(word, "")


def tells_no_part(word: str) -> bool:
    """Tell whether a word is a year, the number of an ESD, or the thirteen; a smaller number is that of a part."""
    return word.isdecimal() and (len(word) > 2 or word == "13")


def numbers_of(title: str) -> tuple[str, ...]:
    """Return the numbers that tell titles apart, ascending; years don't."""
    found = (number_of(word) for word in title_words(title))
    return tuple(sorted(number for number in found if number and int(number) not in _YEARS))


def hit(phrases: PhraseSet, words: Words) -> str:
    """Return the longest part of the title that any of the phrases fits; empty when none does."""
    return next(iter(hits(phrases, words)), "")


def hits(phrases: PhraseSet, words: Words) -> list[str]:
    """Return the words of the title that the phrases fit, each once, longer phrases before those they contain."""
    found = {" ".join(words[at : at + len(phrase)]) for phrase, at in places(phrases, words)}
    ordered = sorted(found, key=lambda phrase: (-len(phrase), phrase))
    return [phrase for i, phrase in enumerate(ordered) if not any(phrase in longer for longer in ordered[:i])]


def places(phrases: PhraseSet, words: Words) -> Iterator[tuple[Words, int]]:
    """Yield each phrase with each place (0-based) where it fits the title."""
    for at, word in enumerate(words):
        for phrase in phrases.get(word[0], ()):
            if at + len(phrase) <= len(words) and _fits(phrase, words, at):
                yield phrase, at


def joint(idea: Together, words: Words, heard: Sequence[str]) -> tuple[str, float] | None:
    """Return (the words, one of each group, that speak together; what they give); None when a group has none.

    What a phrase has `said` already is not counted again.
    """
    taken: set[int] = set()
    found = []
    for group in idea.groups:
        place = next(((p, at) for p, at in places(group, words) if at not in taken), None)
        if place is None:
            return None
        phrase, at = place
        taken |= set(range(at, at + len(phrase)))
        found.append(" ".join(words[at : at + len(phrase)]))
    return None if any(found[0] in clear_phrase for clear_phrase in heard) else (" … ".join(found), idea.score)


def _fits(phrase: Words, words: Words, at: int) -> bool:
    return all(
        word == part[1:] if part.startswith("=") else word.startswith(part)
        for part, word in zip(phrase, words[at : at + len(phrase)], strict=True)
    )
