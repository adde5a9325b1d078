"""What a training plan says: per person the offerings to take, proposed dates for the rest, and what stays open."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms_sync.compliance.gate import PartnerText


@dataclass(frozen=True, slots=True)
class PlannedSitting:
    """One offering that a person is to take."""

    offering_id: PartnerText
    title: PartnerText
    provider: PartnerText
    starts: date | None
    """None when it can be started on any day."""
    ends: date
    """The last day of the offering; of a self-paced one the day to finish by."""
    self_paced: bool
    place: PartnerText
    seats: int | None
    link: PartnerText
    fee: Decimal | None
    """US dollars; None when the map does not tell."""
    hours: Decimal | None
    closes: tuple[PartnerText, ...]
    """The requirements that it closes for this person, in the law's order; never empty."""
    late: tuple[PartnerText, ...]
    """Those of `closes` that are closed after their last lawful day."""
    own: bool = False
    """True where the provider is the partner itself, which knows the fee."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A proposed date for an on-the-job day or a check-in."""

    requirement: PartnerText
    on: date
    late: bool
    """True when `on` is after the last lawful day."""
    calendar_known: bool = True
    """False beyond the school calendar that the district has stated: `on` may be a day without students."""


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """What one person does, by when, to finish the series."""

    person_id: PartnerText
    name: PartnerText
    sittings: tuple[PlannedSitting, ...]
    """By start, then end."""
    days: tuple[PlannedDay, ...]
    """By date."""
    unclosed: tuple[PartnerText, ...]
    """Requirements that no offering closes, in the law's order."""
    notes: tuple[PartnerText, ...]
    """Sentences: an unknown fee, sittings at the same time, what needs a decision first."""
    settling: tuple[PartnerText, ...] = ()
    """Requirements that no open offering closes, and one does of which the district still settles who may take it."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """A partner's plan: only people with something open, in the report's order."""

    partner_id: PartnerText
    as_of: date
    people: tuple[PersonPlan, ...]
