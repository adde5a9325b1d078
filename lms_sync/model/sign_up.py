"""Who has signed up for a class: registered, enrolled or waitlisted, as a source says. It is evidence of nothing."""

from dataclasses import dataclass
from datetime import date

from lms_sync.model.finding import Origin

_NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class SignUp:
    """A class that somebody has signed up for."""

    course: str
    """The source's course id, or its title where it has none."""
    course_title: str
    day: date | None
    """The day of the class; None where the source does not tell it."""
    unit: str = ""
    unit_title: str = ""
    status: str = ""
    """The source's word."""
    origin: Origin = _NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectedTraining:
    """A requirement that a class would teach for which somebody has signed up."""

    requirement: str
    day: date
    source: str
    title: str
    as_read: bool = False
    """True where `title` is the source's, because the map has none."""


@dataclass(frozen=True, slots=True)
class KnownSignUp:
    """A sign-up as the store keeps it until its day is past; record and learner as keyed hashes."""

    source: str
    record: str
    learner: str
    sign_up: SignUp
