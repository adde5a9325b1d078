"""What a district sends to the state superintendent (OSPI) once a year, as far as this tool knows it. Pure.

OSPI publishes what it receives, so the figures name nobody: people are numbered. What the tool does not know is said
to be unknown, with who would know; it is never a zero.
Source: RCW 28A.320.1241.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from lms_sync.agreements.review.due import adopted_on
from lms_sync.documents.file_kinds import MediaKind
from lms_sync.files import apart, file_name, id_in_name
from lms_sync.law.school_year import SchoolYear
from lms_sync.model.agreement import Adoption, KeptFile
from lms_sync.model.issued import Issued
from lms_sync.model.roster import DAYS_NOT_RECORDED, Agreement, Assignment, Partner, PartnerKind, Roster
from lms_sync.text import command_line, fold, written_day

CITATION = "RCW 28A.320.1241"
UNKNOWN = (
    (
        "Incidents with safety and security staff that led to discipline of a student, use of force against a"
        " student, or arrest of a student",
        "The principals' discipline records; each agency's and company's own reports of force and arrests",
    ),
    (
        "Number of complaints about safety and security staff",
        "Whoever takes complaints under each agreement's process: schools, district office, agency",
    ),
    ("Other information that OSPI requires", "OSPI's own form and instructions for the year"),
)
"""(what, who would know): what the law asks for and this tool holds nothing about."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One person's work at one building."""

    staff: int
    """1, 2, 3 …: the same number at each of the person's buildings, and no name behind it."""
    building: str
    days: Decimal
    """Days a week, all of the person's assignments there together; `DAYS_NOT_RECORDED` where none says."""


@dataclass(frozen=True, slots=True)
class AgreementCopy:
    """A document that goes with an agreement."""

    agreement_id: str
    what: str
    name: str
    """Of the copy, unique in its folder, safe on any system."""
    kept: KeptFile | None
    """Where it was handed in; None for a document that was issued here."""
    number: str
    """Of the document that was issued here, which names people; empty for one that was handed in."""


@dataclass(frozen=True, slots=True)
class WithAgreement:
    """An agreement of the year, and the agency or organisation that it is with."""

    partner: str
    kind: PartnerKind
    agreement: Agreement
    adopted: date | None


@dataclass(frozen=True, slots=True)
class OspiReport:
    """All that the tool can tell OSPI of one school year."""

    district: str
    school_year: str
    as_of: date
    known_at: datetime
    staff: int
    """People assigned on `as_of`, of all partners and the district's own, each once."""
    nowhere: int
    """Of these, how many have no building recorded."""
    places: tuple[Posting, ...]
    """By building, then by number."""
    agreements: tuple[WithAgreement, ...]
    copies: tuple[AgreementCopy, ...]
    missing: tuple[str, ...]
    """What ought to be here and is not, in sentences."""

    @property
    def buildings(self) -> tuple[tuple[str, int, Decimal], ...]:
        """Return (building, number of staff, their days a week together), by building."""
        names = dict.fromkeys(place.building for place in self.places)
        postings = {name: [place for place in self.places if place.building == name] for name in names}
        return tuple(
            (name, len(some), sum((posting.days for posting in some), Decimal())) for name, some in postings.items()
        )


@dataclass(frozen=True, slots=True)
class OspiFacts:
    """What the report is made of."""

    district: str
    known_at: datetime
    roster: Roster
    adoptions: Mapping[str, Adoption]
    """By Agreement ID."""
    issued: Sequence[Issued]
    problem: Callable[[KeptFile], str]
    """Tells what is wrong with a kept file, as the end of a sentence; empty for a whole one."""
    doubtful: Mapping[str, str] = field(default_factory=dict)
    """Number of an issued document → why it must not be relied on."""
    then: Roster | None = None
    """The roster as it was known when `as_of` was over; None for a day that is not over, and when none was known."""


def ospi_report(facts: OspiFacts, year: SchoolYear, *, as_of: date) -> OspiReport:
    """Return what can be told of the school year; staff as assigned on `as_of`."""
    posted = facts.roster.people_on(as_of)
    places, nowhere = _places(posted)
    agreements = tuple(_with_agreement(agreement, facts) for agreement in _of_year(facts.roster, year))
    missing = [line for with_agreement in agreements for line in _missing(with_agreement, facts)]
    return OspiReport(
        district=facts.district,
        school_year=year.name,
        as_of=as_of,
        known_at=facts.known_at,
        staff=len(posted),
        nowhere=nowhere,
        places=places,
        agreements=agreements,
        copies=_apart(copy for with_agreement in agreements for copy in _copies(with_agreement, facts)),
        missing=(*_away(facts.roster, posted, year, as_of=as_of), *_staff_missing(facts, posted, as_of), *missing),
    )


def _places(posted: Mapping[str, Iterable[Assignment]]) -> tuple[tuple[Posting, ...], int]:
    """Return everybody's places, and how many people have none.

    People are numbered by where they work, never by name, so that a number tells no more than its line.
    """
    spelled: dict[str, str] = {}
    everyone = []
    for person_id, assignments in posted.items():
        days: dict[str, Decimal] = {}
        for written, some in (building for assignment in assignments for building in assignment.buildings):
            name = spelled.setdefault(fold(written), written)
            days[name] = days.get(name, Decimal()) + some
        everyone.append((sorted(days.items(), key=lambda share: (fold(share[0]), share[1])), person_id))
    placed = sorted(placing for placing in everyone if placing[0])
    found = [Posting(n, name, days) for n, (shares, _) in enumerate(placed, start=1) for name, days in shares]
    return tuple(sorted(found, key=lambda posting: (fold(posting.building), posting.staff))), len(everyone) - len(
        placed
    )


def _of_year(roster: Roster, year: SchoolYear) -> list[Agreement]:
    """Return the agreements that are in force on any day of the year, by partner's name and first day."""
    agreements = [a for a in roster.agreements.values() if a.overlaps(year.first, year.last)]
    return sorted(
        agreements,
        key=lambda agreement: (_partner(roster, agreement).name.casefold(), agreement.starts, agreement.agreement_id),
    )


def _partner(roster: Roster, agreement: Agreement) -> Partner:
    return roster.partners[agreement.partner_id]


def _with_agreement(agreement: Agreement, facts: OspiFacts) -> WithAgreement:
    partner = _partner(facts.roster, agreement)
    return WithAgreement(partner.name, partner.kind, agreement, adopted_on(agreement, facts.adoptions))


def copy_name(with_agreement: WithAgreement, *what: str, ending: str) -> str:
    """Return what a copy is called: the partner's name, so that a person finds it, and the agreement's id."""
    agreement_id = id_in_name(with_agreement.agreement.agreement_id)
    words = file_name(with_agreement.partner, ending="")[:40].rstrip("-"), agreement_id, file_name(*what, ending="")
    return f"{'-'.join(filter(None, words))}{ending}"


def _copies(with_agreement: WithAgreement, facts: OspiFacts) -> list[AgreementCopy]:
    """Return what goes with an agreement."""
    agreement_id, adoption = (
        with_agreement.agreement.agreement_id,
        facts.adoptions.get(with_agreement.agreement.agreement_id),
    )
    found = []
    if adoption and adoption.file and not facts.problem(adoption.file):
        ending = MediaKind(adoption.file.media_type).ending
        name = copy_name(with_agreement, "adopted", ending=ending)
        found.append(AgreementCopy(agreement_id, "The agreement as adopted, or the minutes", name, adoption.file, ""))
    for issued in _of(agreement_id, facts.issued):
        if issued.stands and not issued.purged and issued.number not in facts.doubtful:
            what = f"training {issued.kind.value}"
            name = copy_name(with_agreement, what, issued.number, ending=".pdf")
            found.append(
                AgreementCopy(agreement_id, f"{what.capitalize()} {issued.number}", name, None, issued.number)
            )
    return found


def _of(agreement_id: str, issued: Iterable[Issued]) -> list[Issued]:
    return [document for document in issued if document.agreement_id == agreement_id]


def _apart(copies: Iterable[AgreementCopy]) -> tuple[AgreementCopy, ...]:
    """Return the copies, those that would have one name numbered; names that differ by case only are one."""
    all_copies = tuple(copies)
    names = apart(copy.name for copy in all_copies)
    return tuple(replace(copy, name=name) for copy, name in zip(all_copies, names, strict=True))


def _missing(with_agreement: WithAgreement, facts: OspiFacts) -> Iterator[str]:
    """Yield what an agreement lacks, in sentences that begin with its partner and id."""
    agreement_id = with_agreement.agreement.agreement_id
    whose, adoption = f"{with_agreement.partner}, {agreement_id}", facts.adoptions.get(agreement_id)
    if with_agreement.adopted is None:
        yield f"{whose}: no adoption by the board is recorded ({command_line('agreements adopt', agreement_id)})."
    elif adoption is None or adoption.file is None:
        day = with_agreement.adopted
        yield f"{whose}: adopted on {written_day(day)}, but no file of the agreement or the minutes is kept: add it."
    elif problem := facts.problem(adoption.file):
        yield f"{whose}: the file that was kept of its adoption {problem}: add it by hand."
    issued = _of(agreement_id, facts.issued)
    for gone in issued:
        if not gone.stands:
            yield f"{whose}: training {gone.kind.value} {gone.number} was withdrawn, so it is not here."
        elif gone.purged:
            yield f"{whose}: training {gone.kind.value} {gone.number} was purged and is no longer kept."
        elif why := facts.doubtful.get(gone.number):
            yield f"{whose}: training {gone.kind.value} {gone.number} is not here: {why}."
    if not any(document.stands for document in issued):
        yield f"{whose}: it has no training confirmation or training plan in force."


def _away(roster: Roster, posted: Mapping[str, object], year: SchoolYear, *, as_of: date) -> Iterator[str]:
    """Yield who of the year's staff is not assigned on the day that is counted, as the count of them."""
    others = {
        assignment.person_id for assignment in roster.assignments if assignment.overlaps(year.first, year.last)
    } - posted.keys()
    if others:
        yield (
            f"Assigned on other days of the school year and not on {written_day(as_of)}: {len(others)} more staff,"
            " who do not count here. If another day is meant, name it with --as-of."
        )


def _staff_missing(facts: OspiFacts, posted: Mapping[str, object], as_of: date) -> Iterator[str]:
    """Yield why the figures may be too low."""
    nowhere = [person_id for person_id in posted if not _buildings(facts.roster, person_id, as_of)]
    if nowhere:
        yield (
            f"{len(nowhere)} of {len(posted)} staff have no building recorded: they count in the total and at no"
            " building (roster, sheet Assignments, Buildings)."
        )
    unsaid = [
        a for a in facts.roster.assignments if a.covers(as_of) and DAYS_NOT_RECORDED in dict(a.buildings).values()
    ]
    if unsaid:
        people = len({assignment.person_id for assignment in unsaid})
        yield (
            f"{people} of {len(posted)} staff work at a building without days a week recorded: they count there, and"
            " their days do not (roster, sheet Assignments, Buildings)."
        )
    gone = facts.then.people_on(as_of).keys() - posted.keys() if facts.then else frozenset()
    if gone:
        yield (
            f"{len(gone)} more stood on the roster for {written_day(as_of)} when that day was over, and have"
            f" been taken out of it since: they do not count here."
            f" Add --known-at {as_of}T23:59 to count what was known then."
        )
    unbound = _without_agreement(facts.roster, as_of)
    if unbound:
        yield f"No agreement covers the assignments of {', '.join(unbound)} on {written_day(as_of)}."


def _buildings(roster: Roster, person_id: str, as_of: date) -> bool:
    return any(a.buildings for a in roster.assignments if a.person_id == person_id and a.covers(as_of))


def _without_agreement(roster: Roster, as_of: date) -> list[str]:
    """Return the agencies and companies with staff here that day and without an agreement in force that day."""
    found = set()
    for assignment in roster.assignments:
        partner = roster.partners[assignment.partner_id]
        agreement = roster.agreements.get(assignment.agreement_id or "")
        bound = agreement and agreement.covers(as_of)
        if assignment.covers(as_of) and partner.kind is not PartnerKind.DISTRICT and not bound:
            found.add(partner.name)
    return sorted(found)
