"""Who is covered, by which agreement, and what HR has decided about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class StaffClass(StrEnum):
    """The class that decides which components apply (RCW 28A.320.124(3)); a recorded decision, never a guess."""

    SRO = "SRO"
    OTHER = "other"


class PartnerKind(StrEnum):
    """What an agreement partner is; `DISTRICT` stands for the district's own officers."""

    LAW_ENFORCEMENT = "law enforcement"
    SECURITY_COMPANY = "security company"
    DISTRICT = "district"


class Cadence(StrEnum):
    """How often a partner is sent its report."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ON_CHANGE = "on change"
    NONE = "none"


DAYS_NOT_RECORDED = Decimal(0)
"""Days a week at a building of which the roster says only that somebody works there."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a partner who reads of the people of some buildings only."""

    address: str
    buildings: tuple[str, ...]
    """As the roster's Assignments write them; never empty."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An agency, a company, or the district itself, that staff work for."""

    partner_id: str
    name: str
    kind: PartnerKind
    report_to: tuple[str, ...]
    copy_to: tuple[str, ...]
    cadence: Cadence
    contacts: tuple[Contact, ...] = ()
    """Besides those above, who read of everybody."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return every address of the partner, as the roster writes it."""
        return (*self.report_to, *self.copy_to, *(contact.address for contact in self.contacts))


class Term:
    """What lasts from `starts` to `ends`, both included; open-ended where `ends` is None."""

    __slots__ = ()
    starts: date
    ends: date | None

    def covers(self, day: date) -> bool:
        """Tell whether it is in force on `day`."""
        return self.starts <= day and (self.ends is None or self.ends >= day)

    def ended(self, day: date) -> bool:
        """Tell whether it was over before `day`."""
        return self.ends is not None and self.ends < day

    def overlaps(self, first: date, last: date | None) -> bool:
        """Tell whether it is in force on any day from `first` to `last`, both included; None is for ever."""
        return (last is None or self.starts <= last) and not self.ended(first)


@dataclass(frozen=True, slots=True)
class Agreement(Term):
    """A year's agreement between the district and a partner (RCW 28A.320.1242)."""

    agreement_id: str
    partner_id: str
    school_year: str
    starts: date
    ends: date | None
    review_due: date | None = None
    adopted_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClockDecision:
    """The district's decision when a clock started that the first day alone cannot tell (see law/series.toml)."""

    starts: date
    decided_by: str
    decided_on: date
    citing: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on the roster."""

    person_id: str
    last_name: str
    first_name: str
    preferred_name: str = ""
    emails: tuple[str, ...] = ()
    staff_class: StaffClass | None = None
    class_decided_by: str = ""
    class_decided_on: date | None = None
    first_day: date | None = None
    """First day of work on school property when students are expected to be present; never defaulted."""
    clock: ClockDecision | None = None
    other_ids: tuple[tuple[str, str], ...] = ()
    """Confirmed links: (source, the source's learner id)."""
    linked_as: tuple[tuple[str, str, str], ...] = ()
    """(source, learner id, the person's name when that link was first recorded), as the store keeps it."""

    @property
    def name(self) -> str:
        """Return `Last, First`, with the preferred name in brackets where there is one."""
        preferred = f" ({self.preferred_name})" if self.preferred_name else ""
        return f"{self.last_name}, {self.first_name}{preferred}"

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Return (first name, last name) of each name that the roster has for the person."""
        if self.first_name and not self.preferred_name:
            return ((self.first_name, self.last_name),)
        firsts = dict.fromkeys((self.first_name, self.preferred_name))
        return tuple((first, self.last_name) for first in firsts if first) or (("", self.last_name),)


@dataclass(frozen=True, slots=True)
class Assignment(Term):
    """A person's work for a partner, under an agreement or (the district's own) without one."""

    person_id: str
    partner_id: str
    agreement_id: str | None
    starts: date
    ends: date | None
    position: str = ""
    buildings: tuple[tuple[str, Decimal], ...] = ()
    """(building, days a week; `DAYS_NOT_RECORDED` where the roster does not say)."""
    series: str = ""
    """`confirmed` or `required`: the decision before assignment (RCW 28A.400.345(1)); empty when not recorded."""
    decided_by: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster workbook as facts, each keyed by its id; assignments in the workbook's order."""

    partners: Mapping[str, Partner]
    agreements: Mapping[str, Agreement]
    people: Mapping[str, Person]
    assignments: tuple[Assignment, ...]
    _by_partner: dict[str, list[Assignment]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Partner ID → its assignments; filled when one partner's are first asked for."""
    _on: dict[date, dict[str, tuple[Assignment, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """`people_on` of the day that was asked about last: a night asks about one, again and again."""

    def assigned(self, partner_id: str, day: date) -> tuple[Assignment, ...]:
        """Return the partner's assignments that cover `day`."""
        if not self._by_partner:
            for assignment in self.assignments:
                self._by_partner.setdefault(assignment.partner_id, []).append(assignment)
        return tuple(a for a in self._by_partner.get(partner_id, ()) if a.covers(day))

    def people_on(self, day: date) -> Mapping[str, tuple[Assignment, ...]]:
        """Return Person ID → the assignments that cover `day`, of everybody who has one, in the workbook's order."""
        known = self._on.get(day)
        if known is None:
            known = self._assigned_on(day)
            self._on.clear()
            self._on[day] = known
        return known

    def _assigned_on(self, day: date) -> dict[str, tuple[Assignment, ...]]:
        found: dict[str, tuple[Assignment, ...]] = {}
        for assignment in self.assignments:
            if assignment.covers(day):
                found[assignment.person_id] = (*found.get(assignment.person_id, ()), assignment)
        return found

    def covered_by(self, agreement_id: str, day: date) -> tuple[Assignment, ...]:
        """Return the assignments under the agreement that cover `day` or are still to begin.

        Whoever starts later is covered too: the agreement must say of its staff, before they are assigned, that they
        are documented or how they will be (RCW 28A.400.345(1), 28A.320.1242).
        """
        return tuple(a for a in self.assignments if a.agreement_id == agreement_id and not a.ended(day))

    def employers(self) -> dict[str, tuple[str, ...]]:
        """Return Person ID → the names of all partners that the person was ever assigned to."""
        found: dict[str, tuple[str, ...]] = {}
        one_alone = {partner_id: (partner.name,) for partner_id, partner in self.partners.items()}
        for assignment in self.assignments:
            name = one_alone.get(assignment.partner_id)
            if name is not None:  # nearly everybody has only ever had one
                before = found.setdefault(assignment.person_id, name)
                if before is not name and name[0] not in before:
                    found[assignment.person_id] = before + name
        return found
