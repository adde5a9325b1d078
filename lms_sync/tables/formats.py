"""Number formats → what a sheet shows of a number or text, where that is something else than the value itself.

A percentage, zeros in front (`00000`), a social security number (`000-00-0000`), letters around the digits, a word in
the value's place (`"Yes";;"No"`), nothing at all (`;;;`) and a time of day are part of what a cell says; thousands
separators, decimals, colours and currencies are not.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmt).
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from typing import Literal, Protocol

from lms_sync.tables.cells import Value, text

BUILT_IN = {
    9: "0%", 10: "0.00%", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 45: "mm:ss",
}  # fmt: skip
"""The formats that files name by number alone, as far as they matter here."""
LONGEST = 255
"""Characters that a format may have."""
MOST = 10**15
"""A spreadsheet keeps no more digits of a number."""
MIDNIGHT = time(0)
"""Zero, as the reader gives it where a format shows days or times."""
UNSURE = 4
"""No section: of three with one condition, programs differ over which is meant for the rest."""
PLACES = "0#?"
NOT_DIGITS = frozenset(".,/$@eE*")
"""A section with one of these outside quotes shows decimals, thousands, fractions, money, text or powers of ten."""

GENERAL = "general"
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=) ?(-?(?:\d+\.?\d*|\.\d+))\]")
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt, "<>": operator.ne,
}  # fmt: skip

Token = tuple[Literal["literal", "code"], str]


class Display(Protocol):
    """What a sheet makes of a cell's value."""

    def displayed(self, value: Value) -> Value:
        """Return what the cell says; the value itself where the format changes nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """A cell whose file holds what it shows, beside its value."""

    words: str

    def displayed(self, value: Value) -> Value:
        """Return the words, None for nothing."""
        return self.words or None


@dataclass(frozen=True, slots=True)
class Percent:
    """A number shown as a percentage: 0.85 as `85%`."""

    decimals: int

    def displayed(self, value: Value) -> Value:
        """Return the percentage, rounded as the sheet rounds it."""
        if not _is_number(value):
            return value
        step = Decimal(1).scaleb(-self.decimals)
        return f"{(Decimal(repr(value)) * 100).quantize(step, ROUND_HALF_UP):f}%"


@dataclass(frozen=True, slots=True)
class Digits:
    """A whole number shown with zeros in front, or with other characters among its digits: 417 as `00417`."""

    tokens: tuple[Token, ...]

    def displayed(self, value: Value) -> Value:
        """Return the digits in their places; a negative number stays a number."""
        if not _is_number(value) or Decimal(repr(value)) < 0:
            return value
        left = list(str(int(Decimal(repr(value)).quantize(Decimal(1), ROUND_HALF_UP))).removeprefix("0"))
        written: list[str] = []
        places = sum(kind == "code" for kind, _ in self.tokens)
        for kind, sign in reversed(self.tokens):
            if kind == "literal":
                written.append(sign[::-1])
                continue
            places -= 1
            digits = left[-1:] if places else left[:]
            del left[len(left) - len(digits) :]
            written += reversed(digits) if digits else ["0"] * (sign == "0")
        return "".join(written)[::-1].strip()


@dataclass(frozen=True, slots=True)
class Named:
    """A number as it is, between words: 417 as `E417`."""

    before: str
    after: str

    def displayed(self, value: Value) -> Value:
        """Return the number with the words; a negative number stays a number."""
        if not _is_number(value) or Decimal(repr(value)) < 0:
            return value
        return f"{self.before}{text(value)}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class Instead:
    """A word in the number's place; empty where the cell shows nothing."""

    words: str

    def displayed(self, value: Value) -> Value:
        """Return the word, None for nothing."""
        return (self.words or None) if _is_number(value) or value == MIDNIGHT else value


@dataclass(frozen=True, slots=True)
class Sections:
    """A number of which its value decides how it is shown: `[>=0.8]0%;0.0%`, `"Yes";;"No"`."""

    conditions: tuple[tuple[str, float] | None, ...]
    """One for each section, None for a section without."""
    displays: tuple[Display | None, ...]

    def displayed(self, value: Value) -> Value:
        """Return what the section makes of the value that is meant for it; the first, of what is no number."""
        number = 0.0 if value == MIDNIGHT else value
        place = self._place(float(number)) if _is_number(number) and isinstance(number, int | float) else 0
        display = self.displays[place] if place < len(self.displays) else None
        return display.displayed(value) if display else value

    def _place(self, number: float) -> int:
        """Return which section a number is shown by."""
        stated = [condition for condition in self.conditions[:2] if condition]
        if not stated:
            by_sign = 0 if number > 0 else 1 if number < 0 else 2
            return by_sign if by_sign < len(self.displays) else 0
        for place, condition in enumerate(self.conditions[:2]):
            if condition and COMPARED[condition[0]](number, condition[1]):
                return place
        return len(stated) if len(self.displays) <= len(stated) + 1 else UNSURE


@dataclass(frozen=True, slots=True)
class OfText:
    """A text between words, with a word in its place, or not shown at all; of numbers what other sections make."""

    tokens: tuple[Token, ...]
    """Of the section for texts."""
    numbers: Display | None

    def displayed(self, value: Value) -> Value:
        """Return what the cell says, None for nothing."""
        if not isinstance(value, str):
            return self.numbers.displayed(value) if self.numbers else value
        return "".join(value if kind == "code" else sign for kind, sign in self.tokens).strip() or None


@dataclass(frozen=True, slots=True)
class ClockFormat:
    """A time of day; the days that a value has besides are not shown."""

    def displayed(self, value: Value) -> Value:
        """Return the time of day."""
        return value.time() if isinstance(value, datetime) else value


def display_numbered(numbers: Mapping[int, str], number: int) -> Display | None:
    """Return what a format makes of numbers, by its number and the file's own formats; None where nothing."""
    return display_of(numbers.get(number) or BUILT_IN.get(number, ""))


@lru_cache(maxsize=1024)
def display_of(code: str) -> Display | None:
    """Return what a format makes of numbers and texts, None where it changes nothing of what they say."""
    if not code or len(code) > LONGEST:
        return None
    sections = list(_sections(code))
    if len(sections) != 4 and ("code", "@") not in sections[-1]:
        return _of_numbers(sections)
    of_text: list[Token] = [("literal", sign) if sign == " " else (kind, sign) for kind, sign in sections.pop()]
    numbers = _of_numbers(sections) if sections else _named(of_text)
    codes = [sign for kind, sign in of_text if kind == "code"]
    is_changed = not codes or (codes == ["@"] and _named(of_text) is not None)
    return OfText(tuple(of_text), numbers) if is_changed else numbers


def _of_numbers(sections: Sequence[Sequence[Token]]) -> Display | None:
    displays = tuple(_display(tokens, alone=len(sections) == 1) for tokens in sections)
    if len(set(displays)) == 1:
        return displays[0]
    return Sections(tuple(map(_condition, sections)), displays)


def _sections(code: str) -> Iterator[list[Token]]:
    """Give the tokens of each section of a format, up to four."""
    tokens: list[Token] = []
    for token in _tokens(code):
        if token == ("code", ";"):
            yield tokens
            tokens = []
        else:
            tokens.append(token)
    yield tokens


def _condition(tokens: Sequence[Token]) -> tuple[str, float] | None:
    found = (CONDITION.fullmatch(sign) for kind, sign in tokens if kind == "code")
    return next(((match[1], float(match[2])) for match in found if match), None)


def _display(tokens: Sequence[Token], *, alone: bool) -> Display | None:
    """Return what one section makes of its numbers; `alone` tells that it is the only one."""
    tokens = [(kind, sign) for kind, sign in tokens if kind == "literal" or not CONDITION.fullmatch(sign)]
    codes = "".join(sign for kind, sign in tokens if kind == "code")
    if "[" in codes:
        return None
    if codes.casefold() == GENERAL:
        return _named(tokens)
    if "%" in codes:
        return Percent(min(10, sum(sign in PLACES for sign in codes.partition(".")[2])))
    if letters := set(codes.casefold().replace("am/pm", "").replace("a/p", "")) & set("ymdhs"):
        return ClockFormat() if letters & set("hs") and not letters & set("yd") else None
    words = "".join(sign for _, sign in tokens).strip()
    if not codes and (words or not alone):
        return Instead(words)
    return _digits(tuple(tokens), codes)


def _named(tokens: Sequence[Token]) -> Named | None:
    """Return how a number stands between the words of a section; None where there are none."""
    kinds = [kind for kind, _ in tokens]
    first = kinds.index("code")
    before = "".join(sign for _, sign in tokens[:first])
    after = "".join(sign for kind, sign in tokens[first:] if kind == "literal")
    return Named(before, after) if any(map(str.isalnum, before + after)) or "%" in before + after else None


def _digits(tokens: tuple[Token, ...], codes: str) -> Digits | None:
    if NOT_DIGITS & set(codes) or not set(codes) & set(PLACES):
        return None
    parts: tuple[Token, ...] = tuple(
        (kind, sign) if kind == "literal" or sign in PLACES else ("literal", sign) for kind, sign in tokens
    )
    words = "".join(sign for kind, sign in parts if kind == "literal")
    pattern = "".join("0" if kind == "code" else sign for kind, sign in parts).strip()
    says = any(sign.isalnum() or sign == "%" for sign in words) or "-" in pattern.lstrip("-")
    return Digits(parts) if codes.count("0") > 1 or says else None


def _tokens(code: str) -> Iterator[Token]:
    """Give the tokens of a format: literal text, single characters of the format, and conditions."""
    at = 0
    while at < len(code):
        sign = code[at]
        if sign == '"':
            end = code.find('"', at + 1)
            end = len(code) if end < 0 else end
            yield "literal", code[at + 1 : end]
            at = end
        elif sign == "\\":
            yield "literal", code[at + 1 : at + 2]
            at += 1
        elif sign in "_*":  # a blank as wide as the next character; the next character to fill the cell
            at += 1
        elif sign == "[":
            end = code.find("]", at)
            end = len(code) if end < 0 else end
            yield from _bracket(code[at + 1 : end])
            at = end
        else:
            yield "code", sign
        at += 1


def _bracket(words: str) -> Iterator[Token]:
    """Give what brackets stand for: elapsed time, a condition, a currency; colours and languages show nothing."""
    if CONDITION.fullmatch(f"[{words}]"):
        yield "code", f"[{words}]"
    elif words and (not words.casefold().strip("hms") or words[0] in "<>="):
        yield "code", "["
    elif words.startswith("$") and (money := words[1:].partition("-")[0]):
        yield "literal", money


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < MOST
