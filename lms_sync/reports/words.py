"""How days, counts, money, states and names are written in every document."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from lms_sync.compliance.gate import PartnerText, fill, joined, program
from lms_sync.law.standing import State
from lms_sync.model.issued import IssuedKind
from lms_sync.model.roster import StaffClass

# Not strftime: its month names follow the server's locale.
_MONTHS = (
    *(program("January"), program("February"), program("March"), program("April"), program("May"), program("June")),
    *(program("July"), program("August"), program("September"), program("October"), program("November")),
    program("December"),
)
_SHORT_MONTHS = (
    *(program("Jan"), program("Feb"), program("Mar"), program("Apr"), program("May"), program("Jun")),
    *(program("Jul"), program("Aug"), program("Sep"), program("Oct"), program("Nov"), program("Dec")),
)
Text = TypeVar("Text", bound=str)
_MAY_TURN = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""The blocks of Unicode whose letters are read from right to left."""
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

STATE_WORDS: dict[State, PartnerText] = {
    State.DOCUMENTED: program("✓ Documented"),
    State.COMPLETE: program("✓ Complete, document not yet on file"),
    State.ON_PLAN: program("→ On plan"),
    State.OVERDUE: program("! Overdue"),
    State.UNDETERMINED: program("? Undetermined"),
    State.NOT_STARTED: program("○ Not started"),
}
"""A sign and words, so that no meaning hangs on colour."""

COMPLETE_IN_DOUBT = program("? Complete, in doubt")

CLASS_WORDS: dict[StaffClass | None, PartnerText] = {
    StaffClass.SRO: program("school resource officer (SRO)"),
    StaffClass.OTHER: program("not an SRO"),
    None: program("class not recorded"),
}
SHORT_CLASSES: dict[StaffClass | None, PartnerText] = {
    StaffClass.SRO: program("SRO"),
    StaffClass.OTHER: program("not an SRO"),
    None: program("not recorded"),
}
"""The same for narrow columns."""

COMPONENT_WORDS: dict[str, tuple[PartnerText, PartnerText]] = {
    "classroom": (program("classroom topic"), program("classroom topics")),
    "on-the-job": (program("on-the-job training day"), program("on-the-job training days")),
    "check-in": (program("check-in training"), program("check-in trainings")),
}
"""Component → (one, several)."""

COMPONENT_TITLES = {
    "classroom": program("Classroom training"),
    "on-the-job": program("On-the-job training"),
    "check-in": program("Check-in trainings"),
}
"""Component → its title, as a heading or the beginning of a sentence."""

ISSUED_WORDS = {
    IssuedKind.CONFIRMATION: program("training confirmation"),
    IssuedKind.PLAN: program("training plan"),
}
"""Which of clause C's two documents."""


def written(day: date) -> PartnerText:
    """Return the day so that no reader takes it for another: `3 Nov 2026`."""
    return fill("{} {} {}", day.day, _SHORT_MONTHS[day.month - 1], day.year)


def version_day(version: PartnerText) -> PartnerText:
    """Return a version of the law, which is named after the day from which on it is in force, as a day."""
    try:
        return written_in_full(date.fromisoformat(version))
    except ValueError:
        return version


def written_in_full(day: date) -> PartnerText:
    """Return the day with its whole month: `3 November 2026`."""
    return fill("{} {} {}", day.day, _MONTHS[day.month - 1], day.year)


def month(day: date) -> PartnerText:
    """Return the day's month as figures write it: `Nov`."""
    return _SHORT_MONTHS[day.month - 1]


def day_and_month(day: date) -> PartnerText:
    """Return the day where its year is plain: `3 Nov`."""
    return fill("{} {}", day.day, _SHORT_MONTHS[day.month - 1])


def state_words(state: State, doubted: date | None) -> PartnerText:
    """Return a person's state, `doubted` since when training of theirs is in doubt: nobody else is just complete."""
    if doubted and state is State.COMPLETE:
        return fill("{} since {}", COMPLETE_IN_DOUBT, written(doubted))
    return STATE_WORDS[state]


def span(starts: date, ends: date) -> PartnerText:
    """Return one day, or both ends of a range: `3 Dec 2026 to 5 Dec 2026`."""
    return written(starts) if starts == ends else fill("{} to {}", written(starts), written(ends))


def count(number: int, singular: Text, several: Text) -> Text:
    """Return the number with its noun: `1 person`, `2 people`."""
    return cast(Text, f"{number:,} {singular if number == 1 else several}")


def listed(words: Sequence[PartnerText]) -> PartnerText:
    """Return `a`, `a and b` or `a, b and c`; empty for none."""
    return joined(" and ", (joined(", ", words[:-1]), *words[-1:]))


def money(fee: Decimal | None) -> PartnerText:
    """Return a fee in US dollars: `$75`, `$12.50`, `no fee`, or `fee not known`."""
    match fee:
        case None:
            return program("fee not known")
        case _ if fee == 0:
            return program("no fee")
        case _:
            return fill("${:,.0f}" if fee == int(fee) else "${:,.2f}", fee)


def number_ranges(numbers: Iterable[int]) -> PartnerText:
    """Return numbers in ascending order, neighbours drawn together: `1–4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return joined(
        ", ",
        (
            fill("{}–{}", run[0], run[-1]) if len(run) > 2 else joined(", ", (fill("{}", number) for number in run))
            for run in runs
        ),
    )


def clean(text: Text) -> Text:
    """Return text on one line, without control characters and without marks that turn the reading direction.

    A text with letters that are read from right to left is isolated, so that it can't pull its neighbours along.
    """
    if text.isprintable() and "  " not in text and text.strip() == text and not _MAY_TURN.search(text):
        return text  # most are so, and there is nothing to look for
    line = " ".join(_CONTROLS.sub(" ", _BIDI_CONTROLS.sub("", text)).split())
    turned = _MAY_TURN.search(line) and any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line)
    # What is cleaned says no more than before.
    return cast(Text, f"\u2068{line}\u2069" if turned else line)
