"""The district's page → what to do first about people who are past their last lawful day. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lms_sync.reports import words
from lms_sync.reports.district.booking import Unbooked, Why
from lms_sync.reports.district.overview import DistrictOverview
from lms_sync.reports.night.summary import DUE_DAYS

NAMED = 12
"""More people than this who are late are counted; the list below names them."""
GOING = 8
"""More names than this beside one class are counted."""


@dataclass(frozen=True, slots=True)
class LateStep:
    """One thing to see to for people who are late."""

    what: str
    """`Book Calm First, 5 Dec 2026 (10 De-escalation)`, or what has to be arranged or found."""
    people: str
    """Their names."""


def some_names(names: Sequence[str], most: int = GOING) -> str:
    """Return names, of more than `most` the first ones and how many more there are."""
    left = len(names) - most
    return "; ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def late_sentence(view: DistrictOverview) -> str:
    """Return how many people are past their last lawful day, by name where they are few; empty for nobody."""
    late = view.overdue
    if not late:
        return ""
    number = words.count(len(late), "person is", "people are")
    names = some_names([words.clean(due.name) for due in late], NAMED)
    where = "named under “Overdue now” below" if len(late) > NAMED else names
    return f"{number} past the last lawful day for some training: {where}."


def soon_sentence(view: DistrictOverview) -> str:
    """Return who of the others has the last lawful day within `DUE_DAYS` days; empty for nobody."""
    soon = sum(due.days <= DUE_DAYS for due in view.ahead)
    number = words.count(soon, "other person has", "other people have")
    return f"{number} a last lawful day within {DUE_DAYS} days: see “Next last lawful days” below." if soon else ""


def late_steps(view: DistrictOverview) -> tuple[LateStep, ...]:
    """Return what to book, to find and to arrange for those who are late."""
    return tuple(_late_steps(view))


def _late_steps(view: DistrictOverview) -> Iterator[LateStep]:
    for booking in view.bookings:
        if booking.late:
            covers = f" (covers {booking.covers})" if booking.covers else ""
            yield LateStep(f"Book “{booking.what}”, {booking.when}{covers}", some_names(booking.late))
    for need in view.unbooked:
        if need.late:
            yield LateStep(_LATE_WORDS[need.why].format(need.what), some_names(need.late))


_LATE_WORDS: dict[Why, str] = {
    "no class": "Find a class for {}: none is listed yet",
    "settling": "Settle who may take the class for {}",
    "with schools": "Arrange {} with the schools",
}
NEED_WORDS: dict[Why, str] = {
    "no class": "No class yet for {}",
    "settling": "The district still settles who may take the class for {}",
    "with schools": "To arrange with the schools: {}",
}


def need_words(need: Unbooked) -> str:
    """Return what has no class, and why."""
    return NEED_WORDS[need.why].format(need.what)


def booked_words(view: DistrictOverview) -> str:
    """Return whether anything is booked, as far as sign-ups are known here."""
    if not view.signed_up:
        return "Nothing is booked yet."
    people = words.count(view.signed_up, "person is", "people are")
    return f"{people} already signed up for a class (see what is missing); nothing else is known to be booked."


def contacts(view: DistrictOverview) -> tuple[tuple[str, str], ...]:
    """Return (partner's name, whom to write to) of every partner whose people are to be booked or arranged for."""
    booked = {name for booking in view.bookings for name, _ in booking.partners}
    booked |= {name for need in view.unbooked for name, _ in need.going}
    names = ((words.clean(tally.name), words.clean(tally.contact)) for tally in view.partners)
    return tuple((name, contact or "no address on the roster") for name, contact in names if name in booked)
