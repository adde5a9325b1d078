"""The door through which every item of every source comes in: its texts are fit, its day and score can be. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, cast

from lms_sync.model.evidence import Completion, Item, Learner, Reading, Refused
from lms_sync.model.finding import Area, Finding
from lms_sync.text import escaped, is_fit, visible, written_day

FIRST_YEAR, LAST_YEAR = 1950, 2199
"""Of days on which somebody may have completed something, or is said to."""
DIGITS = 9
"""No score has more before its point; one of a billion digits is a few signs when it is written with an exponent."""
LONGEST_SCORE, LONGEST_NAME = 40, 255
"""Signs of a score, and of the name of a file or sheet; PostgreSQL keeps no more, and would end the whole source."""
PLACES = 12
"""Decimal places that stay of a longer score."""
KEYS = ("record", "key")
"""Fields that hold the key of a record or of a learner."""
SEPARATOR = "\x1f"
"""Stands between the parts of a record's or a learner's key."""


def through_the_door(item: Item, *, source: str) -> Item:
    """Return an item as it may be kept: without unseen characters; refused for what nobody can deal with."""
    item = _fitted(item)
    text = item.text
    is_refused = isinstance(item.reading, Refused)
    of_reading = [] if is_refused else texts_of(item.reading)
    whole = "".join([*chain.from_iterable(text), *of_reading])
    is_ascii = whole.isascii() and whole.isprintable()
    if not is_ascii:
        text = tuple((visible(heading), escaped(words)) for heading, words in text)
    unfit = None if is_ascii else next((words for words in of_reading if not is_fit(words)), None)
    problem = None if is_refused else _problem(item.reading, unfit)
    if problem is None:
        return item if text == item.text else replace(item, text=text)
    code, found, expected = problem
    remedy = "Correct it in the source, and it is read again; the other records are stored."
    finding = Finding(Area.ROW, code, str(item.origin), found, expected, remedy, source=source)
    return replace(item, text=text, reading=Refused(finding))


def _fitted(item: Item) -> Item:
    """Return an item whose names and score are as long as can be stored."""
    origin, reading = item.origin, item.reading
    if max(len(origin.file), len(origin.sheet)) > LONGEST_NAME:
        item = replace(item, origin=replace(origin, file=name_kept(origin.file), sheet=name_kept(origin.sheet)))
    if not isinstance(reading, Completion) or reading.score is None or not _is_score(reading.score):
        return item
    if len(str(reading.score)) <= LONGEST_SCORE:
        return item
    return replace(item, reading=replace(reading, score=round(reading.score, PLACES)))


def score_fits(score: Decimal) -> bool:
    """Tell whether a score is stored as it is: a number that can be, and short enough."""
    return _is_score(score) and len(str(score)) <= LONGEST_SCORE


def _is_score(score: Decimal) -> bool:
    return score.is_finite() and (not score or score.adjusted() < DIGITS)


def name_kept(name: str) -> str:
    """Return as much of the name of a file or sheet as can be stored; its end tells what it is, and stays."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 31]}…{name[-30:]}"


def _problem(reading: Reading, unfit: str | None) -> tuple[str, str, str] | None:
    """Return (code, found, expected) of what keeps an item out, `unfit` text before all; None for nothing."""
    if unfit is not None:
        return "unfit-text", f'text with characters that are not allowed: "{escaped(unfit)[:80]}"', "text"
    if not isinstance(reading, Completion):
        return None
    day, score = reading.day, reading.score
    if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
        years = f"a day from {FIRST_YEAR} to {LAST_YEAR}"
        return "row-unreadable", f"{written_day(day)}, a day in the year {day.year}", years
    if score is not None and not _is_score(score):
        return "row-unreadable", f"the score {str(score)[:LONGEST_SCORE]}", f"a number below {10**DIGITS:,}"
    return None


def texts_of(value: object) -> list[str]:
    """Return every text that stands in a reading, or in another value made of texts."""
    if isinstance(value, Completion):
        return _of_completion(value)
    return _of_learner(value) if isinstance(value, Learner) else _of_any(value)


def _of_completion(completion: Completion) -> list[str]:
    """Return what `_of_any` would: most readings are completions, and this is four times as quick."""
    place = completion.origin
    texts = [
        *(completion.source, completion.record.replace(SEPARATOR, ""), completion.course, completion.course_title),
        *(completion.unit, completion.unit_title, completion.zone, completion.status),
        *_of_learner(completion.learner),
        *(place.file, place.sha256, place.sheet, place.cell, place.url, place.item),
    ]
    for pair in completion.attributes:
        texts += pair
    return texts if completion.claim is None else [*texts, completion.claim]


def _of_learner(who: Learner) -> list[str]:
    key = who.key.replace(SEPARATOR, "")
    return [who.source, key, who.person_id, who.first_name, who.last_name, who.employer, *who.emails]


def _of_any(value: object) -> list[str]:
    texts: list[str] = []
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, tuple):
            waiting += part
        elif (inside := _inside_of(cast(Any, type(part)))) is not None:
            keys, others = inside
            # A key is made of several texts, which our own separator holds apart.
            waiting += [key.replace(SEPARATOR, "") if isinstance(key, str) else key for key in keys(part)]
            waiting += others(part)
    return texts


@cache
def _inside_of(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any], tuple[Any, ...]]] | None:
    """Return what gives a dataclass's keys, and what gives its other fields; None for another class."""
    if not is_dataclass(kind):
        return None
    names = [field.name for field in fields(kind)]
    keys = [name for name in names if name in KEYS]
    return _several(keys), _several([name for name in names if name not in KEYS])


def _several(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives some fields of a value as a tuple."""
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name) for name in names)
    return attrgetter(*names)
