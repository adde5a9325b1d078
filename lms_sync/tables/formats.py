"""Number formats → what a sheet shows of a number, where that is something else than the number itself.

A percentage, zeros in front (`00000`), a social security number (`000-00-0000`), letters around the digits and a time
of day are part of what a cell says; thousands separators, decimals, colours and currencies are not.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmt).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from typing import Literal, Protocol

from lms_sync.tables.cells import Value

BUILT_IN = {
    9: "0%", 10: "0.00%", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 45: "mm:ss",
}  # fmt: skip
"""The formats that files name by number alone, as far as they matter here."""
LONGEST = 255
"""Characters that a format may have."""
MOST = 10**15
"""A spreadsheet keeps no more digits of a number."""
PLACES = "0#?"
NOT_DIGITS = frozenset(".,/$@eE*")
"""A section with one of these outside quotes shows decimals, thousands, fractions, money, text or powers of ten."""

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
        """Return the words."""
        return self.words


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
    """Return what a format makes of positive numbers, None where it changes nothing of what they say."""
    if not code or len(code) > LONGEST:
        return None
    tokens = tuple(_first_section(code))
    codes = "".join(sign for kind, sign in tokens if kind == "code")
    if "[" in codes or codes.casefold() == "general":
        return None
    if "%" in codes:
        return Percent(min(10, sum(sign in PLACES for sign in codes.partition(".")[2])))
    if letters := set(codes.casefold().replace("am/pm", "").replace("a/p", "")) & set("ymdhs"):
        return ClockFormat() if letters & set("hs") and not letters & set("yd") else None
    return _digits(tokens, codes)


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


def _first_section(code: str) -> Iterator[Token]:
    """Give the tokens of the section for positive numbers: literal text, and single characters of the format."""
    at = 0
    while at < len(code) and code[at] != ";":
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
    """Give what brackets stand for: elapsed time or a condition, a currency; colours and languages show nothing."""
    if words and (not words.casefold().strip("hms") or words[0] in "<>="):
        yield "code", "["
    elif words.startswith("$") and (money := words[1:].partition("-")[0]):
        yield "literal", money


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < MOST
