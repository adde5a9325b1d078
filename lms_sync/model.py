"""Facts that many parts share: who is on the roster, what a source said, where it stood, what is wrong with it.

Days are calendar days in the district's time zone; instants are aware and in UTC. Ranges of days include both
ends, and an end of None is open.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item was read: file, sheet and cell; or URL and item of an API answer."""

    file: str = ""
    """Name of the file without its folder."""
    sha256: str = ""
    sheet: str = ""
    """Empty for files that have no sheets (csv)."""
    cell: str = ""
    """A1 address: of the row's first cell, or of the matrix cell."""
    url: str = ""
    item: str = ""

    def __str__(self) -> str:
        """Return the place as a person would write it: `acme.xlsx, Completions!A12`."""
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return ", ".join(part for part in (self.file or self.url, place or self.item) if part)


class Area(StrEnum):
    """What a finding is about; the worklist and the night's summary group by it."""

    CONFIG = "configuration"
    ROSTER = "roster"
    MAPPING = "mapping"
    LAYOUT = "layout"
    FILE = "file"
    ROW = "row"
    PERSON = "person"
    CLAIM = "claim"
    COURSE = "unmapped course"
    SOURCE = "source"
    OFFERING = "offering"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person must look at: where it is, what was found, what was expected, what to do."""

    area: Area
    code: str
    """Kebab-case, stable: tests and docs name it."""
    where: str
    found: str
    expected: str
    remedy: str
    people: tuple[str, ...] = ()
    """Person IDs on the roster whom it concerns; empty when nobody in particular."""
    source: str = ""
    blocks: bool = False
    """True when the file it stands in cannot come into force as long as it is there."""
    handle: str = ""
    """The id that a person uses on the worklist; a claim's id for a claim, otherwise made from the finding."""

    @property
    def id(self) -> str:
        """Return an id that stays the same on every night on which the same thing is found in the same place."""
        if self.handle:
            return self.handle
        text = "\x1f".join((self.area, self.code, self.where, self.found, self.source))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {self.found}. Expected: {self.expected}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Partner:
    """An agency, a company, or the district itself, that staff work for."""

    partner_id: str
    name: str
    kind: PartnerKind
    report_to: tuple[str, ...]
    copy_to: tuple[str, ...]
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Agreement:
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

    @property
    def name(self) -> str:
        """Return `Last, First`, with the preferred name in brackets where there is one."""
        preferred = f" ({self.preferred_name})" if self.preferred_name else ""
        return f"{self.last_name}, {self.first_name}{preferred}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person's work for a partner, under an agreement or (the district's own) without one."""

    person_id: str
    partner_id: str
    agreement_id: str | None
    starts: date
    ends: date | None
    position: str = ""
    buildings: tuple[tuple[str, Decimal], ...] = ()
    """(building, days a week)."""
    series: str = ""
    """`confirmed` or `required`: the decision before assignment (RCW 28A.400.345(1)); empty when not recorded."""
    decided_by: str = ""
    decided_on: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether the person is assigned on `day`."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster workbook as facts, each keyed by its id; assignments in the workbook's order."""

    partners: Mapping[str, Partner]
    agreements: Mapping[str, Agreement]
    people: Mapping[str, Person]
    assignments: tuple[Assignment, ...]

    def assigned(self, partner_id: str, day: date) -> tuple[Assignment, ...]:
        """Return the partner's assignments that cover `day`."""
        return tuple(a for a in self.assignments if a.partner_id == partner_id and a.covers(day))


@dataclass(frozen=True, slots=True)
class Learner:
    """A source's idea of someone, with the identifiers as read."""

    source: str
    key: str
    """What tells this learner from others in the source: its account id, else person id, e-mail or name."""
    person_id: str = ""
    """Only where the layout or the source says that this is the *person's* id."""
    emails: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    employer: str = ""


class ClaimReason(StrEnum):
    """Why a reading is a claim, which only a person may accept."""

    WAIVER = "waiver"
    """The source says exempt, waived, equivalent or excused; only an ESD can waive."""
    NO_DATE = "no date"
    NO_HOST = "no host school or experienced officer"
    CORRECTION = "reported by the partner"


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion as a source states it; stored as it came and never rewritten."""

    source: str
    record: str
    """The record key: with `source` the identity, whatever file it came in."""
    learner: Learner
    course: str
    """The source's course id, or its title where it has none."""
    course_title: str
    day: date | None
    """The district's calendar day; None only for a claim."""
    origin: Origin
    unit: str = ""
    unit_title: str = ""
    instant: datetime | None = None
    """UTC; None when the source tells no time or the local time is ambiguous."""
    zone: str = ""
    """Time zone in which the source's text was read; empty for plain dates."""
    status: str = ""
    """The status word as read."""
    claim: ClaimReason | None = None
    score: Decimal | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    """Sorted (name, value): `host_school`, `experienced_officer`, `certificate`, `hours`."""

    @property
    def content(self) -> tuple[object, ...]:
        """Return what makes two readings of one record the same evidence; origin, zone and wording do not."""
        return (self.course, self.unit, self.day, self.claim, self.score, self.attributes)


@dataclass(frozen=True, slots=True)
class NotDone:
    """A reading whose status word says that nothing was completed (yet, or any more)."""

    source: str
    record: str
    learner: Learner
    status: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A record that the source itself states as voided or deleted."""

    source: str
    record: str
    status: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that could not be read; the finding says where and why."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is passed over on purpose (a totals row, a blank matrix cell), with the reason."""

    reason: str


Reading = Completion | NotDone | Revoked | Refused | Skipped


@dataclass(frozen=True, slots=True)
class Item:
    """The ledger's unit: a row, a matrix cell or an API record, with its text as read and what was made of it."""

    origin: Origin
    text: tuple[tuple[str, str], ...]
    """(heading, text) as read, forbidden columns removed."""
    reading: Reading
    identifying: frozenset[str] = field(default_factory=frozenset)
    """The headings in `text` whose values identify a person."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A completion (or accepted claim) counted toward one requirement of one person."""

    requirement: str
    day: date
    source: str
    record: str
    origin: str
    title: str
    amount: int = 1
    """On-the-job days or check-ins that the completion stands for; 1 for a topic."""
    host_school: str = ""
    experienced_officer: str = ""
    waived: bool = False
    """True for an accepted waiver claim: a reviewer's recorded decision that an ESD waived it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A completion that would count toward a requirement once a person accepts it."""

    claim_id: str
    requirement: str
    day: date | None
    reason: str
    source: str
    record: str
    origin: str
    title: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """An ESD's document for one component of one person (RCW 28A.310.515(4))."""

    component: str
    """`classroom`, `on-the-job` or `check-in`."""
    kind: str
    """`verified` or `waived`."""
    esd: str
    day: date
    number: str = ""
