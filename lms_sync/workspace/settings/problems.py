"""What is wrong with a settings file, in words for the person who wrote it: every wrong key at once, none quoted.

A value may be a mistyped secret, so only its place, the rule, and known words that are close to it are told.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from lms_sync.text import did_you_mean

Place = tuple[int | str, ...]
Context = Mapping[str, Any]

SENTENCES: Mapping[str, Callable[[Context], str]] = {
    "missing": lambda limits: "it is missing",
    "string_type": lambda limits: "write text, between quotes",
    "int_type": lambda limits: "write a whole number, without quotes",
    "int_from_float": lambda limits: "write a whole number, without a point",
    "float_type": lambda limits: "write a number, without quotes",
    "bool_type": lambda limits: "write true or false, without quotes",
    "date_type": lambda limits: "write a day like 2026-11-23, without quotes",
    "tuple_type": lambda limits: 'write a list, such as ["first", "second"]',
    "list_type": lambda limits: 'write a list, such as ["first", "second"]',
    "frozen_set_type": lambda limits: 'write a list, such as ["first", "second"]',
    "dict_type": lambda limits: "write a section of keys and values",
    "model_type": lambda limits: "write a section of keys and values",
    "model_attributes_type": lambda limits: "write a section of keys and values",
    "too_short": lambda limits: f"name at least {limits['min_length']}",
    "too_long": lambda limits: f"name at most {limits['max_length']}",
    "string_too_short": lambda limits: "it is blank",
    "string_too_long": lambda limits: f"write at most {limits['max_length']} signs",
    "greater_than_equal": lambda limits: f"write {limits['ge']} or more",
    "greater_than": lambda limits: f"write more than {limits['gt']}",
    "less_than_equal": lambda limits: f"write {limits['le']} or less",
    "less_than": lambda limits: f"write less than {limits['lt']}",
    "union_tag_not_found": lambda limits: f"{limits['discriminator'].strip(chr(39))} is missing",
    "value_error": lambda limits: str(limits["error"]),
}
"""Kind of error, as the library names it → what a person is told."""
PATTERNS: Mapping[str, str] = {
    "^[a-z0-9][a-z0-9-]*$": "write small letters, digits and hyphens, such as cascade-sd",
    r"\S": "it is blank",
    r"^[^@\s]+@[^@\s]+$": "write an e-mail address, such as hr@example.org",
}
"""Pattern of a text → what it asks for."""


def problems(error: ValidationError, whole: type[BaseModel], *, file: str = "") -> tuple[str, ...]:
    """Return a line for each wrong key, `FILE, KEY: what to write`; `whole` is what the file was read as."""
    before = f"{file}, " if file else ""
    return tuple(before + _line(problem, whole) for problem in error.errors(include_url=False))


def _line(problem: Mapping[str, Any], whole: type[BaseModel]) -> str:
    sections, keys = _walk(whole, problem["loc"])
    return f"{'.'.join(keys) or 'the whole'}: {_sentence(problem, sections, problem.get('ctx', {}))}"


def _sentence(problem: Mapping[str, Any], sections: Collection[type[BaseModel]], limits: Context) -> str:
    kind, value = problem["type"], problem.get("input")
    match kind:
        case "extra_forbidden":
            known = {name for section in sections for name in section.model_fields}
            return f"there is no such key. {_meant(str(problem['loc'][-1]), known)}"
        case "literal_error":
            return _choose(value, _words(limits["expected"]))
        case "union_tag_invalid":
            key = limits["discriminator"].strip("'")
            kinds = value.get(key, "") if isinstance(value, Mapping) else value
            return f"{key}: {_choose(kinds, _words(limits['expected_tags']))}"
        case "string_pattern_mismatch":
            return PATTERNS.get(limits["pattern"], "it is not written as it should be")
    return SENTENCES[kind](limits) if kind in SENTENCES else "it can't be used as it is written"


def _choose(value: object, words: Collection[str]) -> str:
    listed = ", ".join(f'"{word}"' for word in words)
    meant = did_you_mean(value, words) if isinstance(value, str) else ""
    return f"{meant}Choose one of {listed}".removesuffix(".")


def _words(expected: str) -> tuple[str, ...]:
    """Return the words of `'a', 'b' or 'c'`."""
    return tuple(word.strip(" '") for word in expected.replace(" or ", ",").split(",") if word.strip(" '"))


def _meant(word: str, known: Collection[str]) -> str:
    return did_you_mean(word, known).rstrip() or f"Known here: {', '.join(sorted(known))}."


def _walk(whole: type[BaseModel], place: Place) -> tuple[tuple[type[BaseModel], ...], list[str]]:
    """Return the sections in which the last key of `place` stands, and the keys as a person writes them.

    Where sections differ by their kind, the library puts the kind between the keys; nobody wrote it there.
    """
    sections: tuple[type[BaseModel], ...] = (whole,)
    keys: list[str] = []
    for number, part in enumerate(place):
        last = number == len(place) - 1
        if part == "[key]":
            continue
        if isinstance(part, int):
            keys.append(str(part + 1))
            continue
        fields = [section.model_fields[part] for section in sections if part in section.model_fields]
        kinds = tuple(section for section in sections if part in _kinds(section))
        if not fields and kinds and not (last and len(sections) == 1):
            sections = kinds
            continue
        keys.append(part)
        if not last:
            sections = tuple(found for field in fields for found in _sections_in(field.annotation))
    return sections, keys


def _kinds(section: type[BaseModel]) -> tuple[object, ...]:
    kind = section.model_fields.get("kind")
    return get_args(kind.annotation) if kind else ()


def _sections_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _sections_in(part)


__all__ = ["problems"]
