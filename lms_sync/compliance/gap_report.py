"""What one partner is told on one day, as values: every text in it has come through the gate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lms_sync.compliance.gate import NOTHING, PartnerText, fill, law_text, own_row
from lms_sync.law.standing import MetBy, State, doubted_since
from lms_sync.model.course_map import requirement_words
from lms_sync.model.roster import Partner, StaffClass


@dataclass(frozen=True, slots=True)
class ReportedCredit:
    """A completion that counts, as its reader may know it."""

    requirement: PartnerText
    day: date
    source: PartnerText
    record: PartnerText
    """A keyed hash."""
    origin: PartnerText
    title: PartnerText
    host_school: PartnerText
    experienced_officer: PartnerText
    doubted: date | None = None


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """A completion that would count once a person accepts it, as its reader may know it."""

    claim_id: PartnerText
    requirement: PartnerText
    day: date | None
    reason: PartnerText
    source: PartnerText
    record: PartnerText
    origin: PartnerText
    title: PartnerText


@dataclass(frozen=True, slots=True)
class ReportedSignUp:
    """A class that somebody has signed up for, as its reader may know it. It counts for nothing."""

    day: date
    title: PartnerText
    source: PartnerText


@dataclass(frozen=True, slots=True)
class ReportedStanding:
    """One person's standing on one requirement: see `law.standing.Standing`, which says what each field means."""

    requirement: PartnerText
    component: PartnerText
    need: int
    have: int
    met_by: MetBy | None
    on: date | None
    due: date | None
    last_lawful_day: date | None
    late: bool
    credits: tuple[ReportedCredit, ...]
    claims: tuple[ReportedClaim, ...]
    notes: tuple[PartnerText, ...]
    doubted: date | None = None
    signed_up: tuple[ReportedSignUp, ...] = ()
    """The next first; none where nothing is missing."""

    @property
    def open(self) -> bool:
        """Tell whether something is still missing."""
        return self.met_by is None


@dataclass(frozen=True, slots=True)
class PersonGaps:
    """One person of a partner on `as_of`."""

    person_id: PartnerText
    name: PartnerText
    staff_class: StaffClass | None
    first_day: date | None
    position: PartnerText
    buildings: tuple[tuple[PartnerText, Decimal], ...]
    state: State
    reasons: tuple[PartnerText, ...]
    """Why the state is undetermined; empty otherwise."""
    requirements: tuple[ReportedStanding, ...]
    decisions: tuple[PartnerText, ...]
    """What a person must decide before this is settled (claims, conflicts), in sentences that name nobody else."""
    changes: tuple[PartnerText, ...]
    """What changed since the last report that was issued, in sentences."""
    undecided: int = 0
    """Completions of the person that wait for the trainer: nobody has decided yet what their courses teach."""

    @property
    def open(self) -> tuple[ReportedStanding, ...]:
        """Return the requirements that are not met."""
        return tuple([s for s in self.requirements if s.met_by is None])

    @property
    def doubted(self) -> date | None:
        """Return since when anything is met only with doubted credits; None where all is sound."""
        return doubted_since(self.requirements)


@dataclass(frozen=True, slots=True)
class DueWarning:
    """What somebody lacks whose last lawful day is 30, 14, 7 or 0 days away, or was on a night that did not run."""

    person: PersonGaps
    last_lawful_day: date
    standings: tuple[ReportedStanding, ...]
    """Open, all with that last lawful day."""


@dataclass(frozen=True, slots=True)
class SourceAge:
    """How old a source's evidence is."""

    source: PartnerText
    """What the source is called (`shown_as`)."""
    pulled: datetime | None
    """UTC; the last pull that was read to its end; None for never."""
    newest: date | None
    """The newest completion day in it."""
    trouble: PartnerText
    """Why tonight's pull does not count; empty when it does."""
    read_on: date | None = None
    """The district's calendar day of `pulled`."""


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many people stood in each state on one day."""

    day: date
    people: tuple[tuple[State, int], ...]
    """In the order of the states, without empty ones."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What one partner is told on one day. Its people are sorted by name and are all assigned to it on `as_of`."""

    district: PartnerText
    contact: PartnerText
    """Whom to call or write to about this report, in one line."""
    partner: Partner
    agreements: tuple[PartnerText, ...]
    """Agreement IDs that cover its people on `as_of`; empty for the district's own."""
    as_of: date
    known_at: datetime
    law: PartnerText
    """The version of the training series in force, as `series.toml` names it."""
    mapping: PartnerText
    """Short id of the course map's version."""
    due_soon_days: int
    people: tuple[PersonGaps, ...]
    sources: tuple[SourceAge, ...]
    previous: date | None
    """`as_of` of the last report that was issued; None for the first."""
    gone: tuple[PartnerText, ...] = ()
    """Names of people that the last report held and this one does not."""
    no_offering: PartnerText = NOTHING
    """The district's own sentence for what no offering closes; empty: whom to ask is said."""
    own_rule: PartnerText = NOTHING
    """The district's own, stricter rule about people whose last lawful day is past; empty for none."""
    history: tuple[StateCounts, ...] = ()
    """How many people stood where by earlier reports of the past year, the oldest first."""
    at: tuple[PartnerText, ...] = ()
    """The buildings whose people it is about, for contacts who read of no others; empty: of everybody."""
    warnings: tuple[DueWarning, ...] = ()
    """Whose last lawful day is to be warned of in this very report, the nearest day first."""

    @property
    def partner_name(self) -> PartnerText:
        """Return the reader's name, by its own row."""
        return own_row(self.partner.name)


def named_first(requirements: Iterable[str]) -> PartnerText:
    """Return requirements as a sentence begins with them: `Topics 5, 6`."""
    words = requirement_words(requirements)
    return law_text(words[:1].upper() + words[1:])


def doubt_sentences(standings: Iterable[ReportedStanding]) -> list[PartnerText]:
    """Return what is met only with training that is in doubt, a sentence for each day since when."""
    days: dict[date, list[PartnerText]] = {}
    for standing in standings:
        if standing.doubted:
            days.setdefault(standing.doubted, []).append(standing.requirement)
    return [
        fill(
            "{}: met, in doubt since {}. The source no longer says so; it counts until the district has decided.",
            named_first(requirements),
            day,
        )
        for day, requirements in sorted(days.items())
    ]
