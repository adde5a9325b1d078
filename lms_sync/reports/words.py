"""How days, counts, money, states and names are written in every document."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from lms_sync.law.standing import State
from lms_sync.model.issued import IssuedKind
from lms_sync.model.roster import StaffClass

# Not strftime: its month names follow the server's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

STATE_WORDS: dict[State, str] = {
    State.DOCUMENTED: "✓ Documented",
    State.COMPLETE: "✓ Complete, document not yet on file",
    State.ON_PLAN: "→ On plan",
    State.OVERDUE: "! Overdue",
    State.UNDETERMINED: "? Undetermined",
    State.NOT_STARTED: "○ Not started",
}
"""A sign and words, so that no meaning hangs on colour."""

CLASS_WORDS: dict[StaffClass | None, str] = {
    StaffClass.SRO: "class SRO",
    StaffClass.OTHER: "class other",
    None: "class not recorded",
}

COMPONENT_WORDS: dict[str, tuple[str, str]] = {
    "classroom": ("classroom topic", "classroom topics"),
    "on-the-job": ("on-the-job training day", "on-the-job training days"),
    "check-in": ("check-in training", "check-in trainings"),
}
"""Component → (one, several)."""

COMPONENT_TITLES = {
    "classroom": "Classroom training",
    "on-the-job": "On-the-job training",
    "check-in": "Check-in trainings",
}
"""Component → its title, as a heading or the beginning of a sentence."""

ISSUED_WORDS = {IssuedKind.CONFIRMATION: "training confirmation", IssuedKind.PLAN: "training plan"}
"""Which of clause C's two documents."""


def written(day: date) -> str:
    """Return the day so that no reader takes it for another: `3 Nov 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def written_in_full(day: date) -> str:
    """Return the day with its whole month: `3 November 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def span(starts: date, ends: date) -> str:
    """Return one day, or both ends of a range: `3 Dec 2026 to 5 Dec 2026`."""
    return written(starts) if starts == ends else f"{written(starts)} to {written(ends)}"


def count(number: int, one: str, several: str) -> str:
    """Return the number with its noun: `1 person`, `2 people`."""
    return f"{number:,} {one if number == 1 else several}"


def listed(words: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`; empty for none."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def money(fee: Decimal | None) -> str:
    """Return a fee in US dollars: `$75`, `$12.50`, `no fee`, or `fee not known`."""
    match fee:
        case None:
            return "fee not known"
        case _ if fee == 0:
            return "no fee"
        case _:
            return f"${fee:,.2f}".removesuffix(".00")


def number_ranges(numbers: Iterable[int]) -> str:
    """Return numbers in ascending order, neighbours drawn together: `1–4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def clean(text: str) -> str:
    """Return text on one line, without control characters and without marks that turn the reading direction.

    A text with letters that are read from right to left is isolated, so that it can't pull its neighbours along.
    """
    line = " ".join(_CONTROLS.sub(" ", _BIDI_CONTROLS.sub("", text)).split())
    turned = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line)
    return f"\u2068{line}\u2069" if turned else line
