"""Text: the one door for what comes from outside, and how two texts are compared. Pure."""

import difflib
import re
import shlex
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise, takewhile
from types import EllipsisType
from typing import Literal

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters without width: soft hyphens, joiners, direction marks, byte order marks, variation selectors.

Source: Unicode, DerivedCoreProperties.txt, Default_Ignorable_Code_Point, without the bidirectional controls.
"""
_LINES = re.compile("[\t\n\r\u2028\u2029]")
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters (C0 without tab and line breaks, DEL, C1), bidirectional controls, and halves of characters."""
_HALVES = re.compile("[\ud800-\udfff]")


def visible(words: str) -> str:
    """Return text without the characters that nobody can see."""
    return words if words.isascii() else UNSEEN.sub("", words)


def visible_in(value: object) -> object:
    r"""Return a JSON value with every text in it without the characters that nobody can see, names of fields too.

    JSON may hold halves of characters, where a program has cut a text in the middle of one; they are written out
    (`\ud83d`), so that what is told by such texts can be kept, and two of them stay two.
    """
    if isinstance(value, str):
        return value if value.isascii() else _HALVES.sub(_written_out, visible(value))
    if isinstance(value, list):
        return [visible_in(part) for part in value]
    if isinstance(value, dict):
        return {str(visible_in(name)): visible_in(part) for name, part in value.items()}
    return value


def is_fit(words: str) -> bool:
    """Tell whether text holds nothing but characters that may be stored, printed and sent."""
    return (words.isascii() and words.isprintable()) or UNFIT.search(words) is None


def escaped(words: str) -> str:
    r"""Return text that is fit and visible: what may not stand in it is written out, such as `\x1b` or `\ud83d`."""
    return UNFIT.sub(_written_out, visible(words))


def escaped_name(name: str) -> str:
    """Return the same of the name of a file or sheet, which is one line: no line of a list is begun by it."""
    return _LINES.sub(_written_out, escaped(name))


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # Python's way to keep a byte that an encoding does not know
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


YEARS = range(1900, 2200)
"""In which a day can be that people type: behind them the calendar ends, and a school year has no next one."""
Stated = str | Literal[True] | EllipsisType
"""What an option of a command takes."""


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def written_day(day: date | None, blank: str = "a day not recorded") -> str:
    """Return a day as sentences for people write it, so that nobody takes it for another: `3 Nov 2026`."""
    if day is None:
        return blank
    # Not strftime: its month names follow the server's locale.
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def written_minute(moment: datetime) -> str:
    """Return an instant by the clock that it has, as sentences for people write it: `3 Nov 2026, 02:10`."""
    return f"{written_day(moment.date())}, {moment:%H:%M}"


def days_written(words: str) -> str:
    """Return a sentence with each day that stands in it as 2026-11-03 written as `3 Nov 2026`."""
    return _ISO_DAY.sub(lambda day: f"{int(day[3])} {_MONTHS[int(day[2]) - 1]} {day[1]}", words)


_ISO_DAY = re.compile(r"\b([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")


def without_place(message: str, place: str) -> str:
    """Return a message without the place that it begins with, for where that place stands beside it."""
    return message.removeprefix(f"{place}: ").removeprefix(f"{place}, ")


def typed_day(words: str) -> date:
    """Return a day written as YYYY-MM-DD. Raises: ValueError for what is no day, or none of YEARS."""
    found = date.fromisoformat(words)
    if found.year not in YEARS:
        raise ValueError(f"{found.year} is no year of {YEARS[0]} to {YEARS[-1]}")
    return found


def in_shell(words: str) -> str:
    """Return a text as one word of a command line that a person may paste: nothing in it is run or replaced."""
    return shlex.quote(words)


def command_line(verb: str, *values: str, **options: Stated) -> str:
    """Return a command of ours as a person may paste it into a shell, whatever stands in the values.

    Of the options True stands for one without a value, `...` for words that the person puts there:
    `command_line("people unlink", "lms:#1f", not_="00417", reason=...)`. Where a value would be taken for an option,
    the options go first, and `--` before the values.
    """
    return f"lms-sync {command_words(verb, *values, **options)}"


def command_words(verb: str, *values: str, **options: Stated) -> str:
    """Return the same without the name of the program."""
    stated = " ".join(_option(name, value) for name, value in options.items())
    named = " ".join(map(in_shell, values))
    words = (stated, "--", named) if any(value.startswith("-") for value in values) else (named, stated)
    return " ".join(filter(None, (verb, *words)))


def program_in(folder: str) -> str:
    """Return how our program is called for the workspace in a folder: `lms-sync -w town`; `.` needs no word."""
    return "lms-sync" if folder == "." else f"lms-sync {_option('w', folder)}"


def _option(name: str, value: Stated) -> str:
    option = f"-{name}" if len(name) == 1 else f"--{name.rstrip('_').replace('_', '-')}"
    if value is True:
        return option
    if value is ...:
        return f'{option} "…"'
    between = ("" if len(name) == 1 else "=") if str(value).startswith("-") else " "
    return f"{option}{between}{in_shell(str(value))}"


@lru_cache(maxsize=16_384)
def plain(words: str) -> str:
    """Return text in Unicode's NFC, without blanks at its ends and with single spaces inside."""
    return " ".join((words if words.isascii() else unicodedata.normalize("NFC", words)).split())


@lru_cache(maxsize=16_384)
def fold(words: str) -> str:
    """Return what two texts have in common that differ in case, blanks or Unicode form only."""
    if words.isascii():
        return " ".join(words.lower().split())
    return plain(unicodedata.normalize("NFC", plain(words).casefold()))


_SAYING_NOTHING = """
na n notapplicable no none nil null 0 nobody noone notknown unknown unk notrecorded notavailable notgiven notstated
missing notyet pending tba tbd same sameasabove ditto self himself herself myself
x y yes ok true false done completed signed present attended
"""
_NOTHING = frozenset(("", *_SAYING_NOTHING.split()))


def names_something(words: str) -> bool:
    """Tell whether a cell names somebody or something, and not only says that there is nothing, or that it was so."""
    return "".join(c for c in fold(words) if c.isalnum()) not in _NOTHING


def in_order(words: str) -> tuple[str | int, ...]:
    """Return what texts are sorted by, so that numbers in them follow one another as people count: 2 before 10."""
    return tuple(int(part) if place % 2 else part for place, part in enumerate(_NUMBERS.split(fold(words))))


_NUMBERS = re.compile("([0-9]{1,18})")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean …? ` for the known word that is closest, an empty string when none is close."""
    meant = closest(word, known)
    return f'Did you mean "{meant}"? ' if meant else ""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that is closest, an empty string when none is close.

    Words of other numbers are never close: `ESD 112` is not `ESD 113` misspelt. A word without any may be one's
    beginning.
    """
    numbers, begun = _numbers(word), fold(word)
    alike = (name for name in known if _numbers(name) == numbers or (not numbers and fold(name).startswith(begun)))
    by_fold = {fold(name): name for name in alike}
    close = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else ""


def _numbers(word: str) -> list[str]:
    """Return the numbers in a word, without their leading zeros."""
    return [digits.lstrip("0") for digits in re.findall(r"\d+", fold(word))]


def did_you_mean_id(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean …? ` for the one known id that differs in leading zeros, case or blanks only.

    Never for one that is merely spelt like it: a near id is another person's.
    """
    same = [name for name in known if without_zeros(name) == without_zeros(word)]
    return f'Did you mean "{same[0]}"? ' if len(same) == 1 else ""


def without_zeros(word: str) -> str:
    """Return an id as it is left when a spreadsheet has taken it for a number."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", fold(word)).removesuffix(".0")


FEWEST_SIGNS = 4
"""So many signs of an id must be typed at least, where it is not typed whole."""
SIGNS_SHOWN = 8
"""So many signs of an id are shown, where no other begins with them."""


def beginning_with(typed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids that a typed id may stand for, sorted: itself, or all that begin with its four or more signs."""
    known = set(ids)
    if typed in known:
        return (typed,)
    return tuple(sorted(i for i in known if i.startswith(typed))) if len(typed) >= FEWEST_SIGNS else ()


def shortened(ids: Iterable[str]) -> dict[str, str]:
    """Return each id → its beginning that no other of them has: of eight signs, or of more where they are needed."""
    known = sorted(set(ids))
    # Sorted, an id has its longest common beginning with one of its two neighbours.
    same = [0, *(_alike(before, after) for before, after in pairwise(known)), 0]
    return {i: i[: max(SIGNS_SHOWN, same[n] + 1, same[n + 1] + 1)] for n, i in enumerate(known)}


def _alike(before: str, after: str) -> int:
    """Return how many signs two texts begin with that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
