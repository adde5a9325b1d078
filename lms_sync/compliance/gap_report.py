"""Roster × requirements → one gap report per partner. Pure: facts and days come in, nothing is read or written."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lms_sync.law.standing import Standing, State
from lms_sync.model.roster import Partner, StaffClass


@dataclass(frozen=True, slots=True)
class PersonGaps:
    """One person of a partner on `as_of`."""

    person_id: str
    name: str
    staff_class: StaffClass | None
    first_day: date | None
    position: str
    buildings: tuple[tuple[str, Decimal], ...]
    state: State
    reasons: tuple[str, ...]
    """Why the state is undetermined; empty otherwise."""
    requirements: tuple[Standing, ...]
    decisions: tuple[str, ...]
    """What a person must decide before this is settled (claims, conflicts), in sentences that name nobody else."""
    changes: tuple[str, ...]
    """What changed since the last report that was issued, in sentences."""

    @property
    def open(self) -> tuple[Standing, ...]:
        """Return the requirements that are not met."""
        return tuple(s for s in self.requirements if s.open)


@dataclass(frozen=True, slots=True)
class SourceAge:
    """How old a source's evidence is."""

    source: str
    """The source's name, or `another source` where the name would tell of another partner."""
    pulled: datetime | None
    """UTC; the last pull that was read to its end; None for never."""
    newest: date | None
    """The newest completion day in it."""
    trouble: str
    """Why tonight's pull does not count; empty when it does."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What one partner is told on one day. Its people are sorted by name and are all assigned to it on `as_of`."""

    district: str
    contact: str
    """Whom to call or write to about this report, in one line."""
    partner: Partner
    agreements: tuple[str, ...]
    """Agreement IDs that cover its people on `as_of`; empty for the district's own."""
    as_of: date
    known_at: datetime
    law: str
    """The version of the training series in force, as `series.toml` names it."""
    mapping: str
    """Short id of the course map's version."""
    due_soon_days: int
    people: tuple[PersonGaps, ...]
    sources: tuple[SourceAge, ...]
    previous: date | None
    """`as_of` of the last report that was issued; None for the first."""
    gone: tuple[str, ...] = ()
    """Names of people that the last report held and this one does not."""
