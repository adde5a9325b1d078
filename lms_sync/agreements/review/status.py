"""How far an agreement's yearly review is: what is recorded, what adoption still needs, when it is due. Pure.

Points and adoptions are kept by Agreement ID: what was recorded for last year's agreement says nothing of this one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lms_sync.agreements.review.due import HALF_A_YEAR, YearlyReview, round_of
from lms_sync.law.days import due
from lms_sync.law.yearly import Point, Yearly
from lms_sync.model.agreement import Adoption, ReviewedPoint
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import Issued
from lms_sync.model.roster import Agreement, PartnerKind, Roster
from lms_sync.text import command_line, written_day


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of all agreements, as it counted at one time."""

    points: Mapping[str, ReviewedPoint]
    """By `joined(agreement_id, point)`."""
    adoptions: Mapping[str, Adoption]
    """By Agreement ID."""
    issued: tuple[Issued, ...]
    """Clause C documents, the oldest first; one that was withdrawn later is still standing here."""
    yearly: Yearly
    """What an agreement must hold."""

    def of(self, agreement_id: str) -> dict[str, ReviewedPoint]:
        """Return point → what is recorded of it for one agreement."""
        return points_of(self.points, agreement_id)


def points_of(points: Mapping[str, ReviewedPoint], agreement_id: str) -> dict[str, ReviewedPoint]:
    """Return point → what is recorded of it for one agreement."""
    return {point.point: point for point in points.values() if point.agreement_id == agreement_id}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that adoption still needs."""

    point: Point
    found: str
    remedy: str

    def __str__(self) -> str:
        """Return what is missing as one line."""
        return f"{self.point.id}, {self.point.name}: {self.found}"


@dataclass(frozen=True, slots=True)
class Review:
    """One agreement's review as it stood on a day."""

    agreement: Agreement
    partner: str
    """The partner's name."""
    as_of: date
    citation: str
    due: date
    """By when it is to be reviewed and adopted."""
    again: date | None
    """By when an adopted agreement comes up again; None when the next year's agreement stands for that."""
    begins: date
    """First day of the review's period: what is dated before it belongs to an earlier review."""
    points: tuple[tuple[Point, ReviewedPoint | None], ...]
    """All points in the checklist's order, each with what is recorded; never anything for clause C."""
    issued: tuple[Issued, ...]
    """Clause C documents for this agreement, the oldest first, withdrawn ones among them."""
    clause_c: Issued | None
    """The document that stands: the newest of the period that nobody has withdrawn."""
    lacks: tuple[Lack, ...]
    adoption: Adoption | None
    """As recorded here."""
    adopted_on: date | None
    """As recorded here or as the roster tells, the later one."""
    before: date | None
    """The last adoption, when that closed an earlier review under the same Agreement ID."""
    staff: tuple[str, ...]
    """Person IDs of those whom the agreement covers on `as_of` or will cover, each once."""

    @property
    def overdue(self) -> bool:
        """Tell whether the day has passed on which it was due, or came up again."""
        day = self.due if self.adopted_on is None else self.again
        return day is not None and day < self.as_of

    @property
    def points_done(self) -> int:
        """Return how many points lack nothing."""
        return len(self.points) - len({lack.point.id for lack in self.lacks})

    @property
    def running(self) -> bool:
        """Tell whether it has not ended before `as_of`."""
        return not self.agreement.ended(self.as_of)

    @property
    def in_force(self) -> Issued | None:
        """Return the clause C document that holds: this review's, else the newest that nobody has withdrawn."""
        return self.clause_c or next((issued for issued in reversed(self.issued) if issued.stands), None)

    @property
    def replaced(self) -> tuple[Issued, ...]:
        """Return the documents that nobody has withdrawn and that a newer one has replaced, the oldest first."""
        held = self.in_force
        older = self.issued[: self.issued.index(held)] if held else ()
        return tuple(issued for issued in older if issued.stands)

    @property
    def differs(self) -> str:
        """Return how the roster and the record contradict each other about adoption; empty when they do not."""
        day = self.agreement.adopted_on
        if self.adoption is None or day is None or day == self.adoption.on:
            return ""
        return f"the roster says adopted on {written_day(day)}, and {written_day(self.adoption.on)} is recorded here"


def review_of(roster: Roster, recorded: Recorded, agreement: Agreement, *, as_of: date) -> Review:
    """Return how far the review of one agreement is on `as_of`, by the law in force on the agreement's first day."""
    partner = roster.partners.get(agreement.partner_id)
    law = recorded.yearly.on(agreement.starts)
    year = round_of(agreement, roster, recorded.adoptions, as_of=as_of)
    reviewed = recorded.of(agreement.agreement_id)
    points = tuple((point, None if point.kind == "series" else reviewed.get(point.id)) for point in law.points)
    issued = tuple(issued for issued in recorded.issued if issued.agreement_id == agreement.agreement_id)
    standing = [document for document in issued if document.stands and year.begins <= document.as_of]
    clause_c = standing[-1] if standing else None
    return Review(
        agreement,
        partner.name if partner else agreement.partner_id,
        as_of,
        law.citation,
        year.due,
        year.again,
        year.begins,
        points,
        issued,
        clause_c,
        tuple(_lacks(agreement, points, issued, clause_c, begins=year.begins)),
        _adoption(recorded.adoptions.get(agreement.agreement_id), year),
        year.adopted_on,
        year.before,
        tuple(dict.fromkeys(assignment.person_id for assignment in roster.covered_by(agreement.agreement_id, as_of))),
    )


def _adoption(recorded: Adoption | None, year: YearlyReview) -> Adoption | None:
    """Return the recorded adoption where it closed this review, and not an earlier one under the same ID."""
    if recorded is None or year.adopted_on is None or due(recorded.on, HALF_A_YEAR) < year.adopted_on:
        return None
    return recorded


def _lacks(
    agreement: Agreement,
    points: Iterable[tuple[Point, ReviewedPoint | None]],
    issued: tuple[Issued, ...],
    clause_c: Issued | None,
    *,
    begins: date,
) -> Iterator[Lack]:
    for point, found in points:
        if point.kind == "series":
            if clause_c is None:
                yield Lack(point, _no_document(issued), _make(agreement))
        elif wanting := _wanting(point, found, begins):
            yield Lack(point, wanting, _look(agreement, point))


def _wanting(point: Point, found: ReviewedPoint | None, begins: date) -> str:
    """Return what a point lacks; empty when it lacks nothing."""
    if found is None:
        return "nothing is recorded"
    if not found.done:
        return "recorded as not done" + (f": {found.note}" if found.note else "")
    if found.on is not None and found.on < begins:
        return (
            f"recorded of {written_day(found.on)}, before this review's period, which began on {written_day(begins)}"
        )
    needed = {"the day": found.on, "how": found.how, "who": found.who}
    asked = needed if point.kind == "involvement" else {"the day": found.on}
    missing = [name for name, value in asked.items() if not value]
    return f"done, but not recorded: {', '.join(missing)}" if missing else ""


def _no_document(issued: tuple[Issued, ...]) -> str:
    if not issued:
        return "no training confirmation and no training plan was issued"
    last = issued[-1]
    if last.stands:
        return f"{last.number} is of {written_day(last.as_of)}, before this review's period"
    return f"{last.number} was withdrawn: {last.withdrawn_because}"


def _make(agreement: Agreement) -> str:
    name = agreement.agreement_id
    return f"`{command_line('agreements confirm', name)}`, or `{command_line('agreements plan', name)}`."


def _look(agreement: Agreement, point: Point) -> str:
    command = f"`{command_line('agreements review', agreement.agreement_id, o='FILE.xlsx')}`"
    if point.kind == "text":
        return f"Find it in the agreement, or have it added; then answer yes with the day in the checklist: {command}"
    return f"Record in the checklist when, how and who was involved: {command}"


def listed(roster: Roster, recorded: Recorded, *, as_of: date) -> tuple[Review, ...]:
    """Return all agreements' reviews: those that wait by their due days, then those adopted.

    Agreements of the district with itself are left out: its own officers need none (RCW 28A.320.1242).
    """
    reviews = [review_of(roster, recorded, agreement, as_of=as_of) for agreement in _with_partners(roster)]
    return tuple(sorted(reviews, key=_order))


def _order(review: Review) -> tuple[bool, date, str]:
    waits = review.adopted_on is None or review.overdue
    return (
        not waits,
        (review.due if review.adopted_on is None else review.again or date.max),
        review.agreement.agreement_id,
    )


def _with_partners(roster: Roster) -> Iterator[Agreement]:
    for agreement in roster.agreements.values():
        partner = roster.partners.get(agreement.partner_id)
        if partner is None or partner.kind is not PartnerKind.DISTRICT:
            yield agreement


def review_findings(roster: Roster, recorded: Recorded, *, as_of: date) -> tuple[Finding, ...]:
    """Return what HR must do about agreements that have not ended; the same words every night."""
    running = (review for review in listed(roster, recorded, as_of=as_of) if review.running)
    return tuple(finding for review in running for finding in _findings(review))


def _findings(review: Review) -> Iterator[Finding]:
    name = review.agreement.agreement_id
    if review.overdue:
        yield _overdue(review)
    if review.adoption is None and review.adopted_on is not None:
        on = written_day(review.adopted_on)
        found = f"the roster says adopted on {on}, and nothing here shows that its review was complete"
        adopt = f"`{command_line('agreements adopt', name, on='DAY')}`"
        remedy = f"`{command_line('agreements review', name, o='FILE.xlsx')}`, then {adopt}."
        yield _finding(review, "adoption-unrecorded", found, remedy)
    if review.adoption is not None and review.lacks:
        found = f"it was adopted, and now lacks {', '.join(lack.point.id for lack in review.lacks)}"
        yield _finding(
            review, "adoption-incomplete", found, f"`{command_line('agreements show', name)}` says what to do."
        )
    if review.differs:
        undo = f"`{command_line('agreements adopt', name, undo=True, reason=...)}`"
        remedy = f"Correct the roster, or take the record back: {undo}."
        yield _finding(review, "adoption-differs", review.differs, remedy)


def _overdue(review: Review) -> Finding:
    if review.adopted_on is None:
        since = f"it was adopted on {written_day(review.before)}; the next " if review.before else ""
        found = f"{since}review and adoption were due on {written_day(review.due)}, and it is not adopted"
        remedy = f"`{command_line('agreements show', review.agreement.agreement_id)}` says what is missing."
    else:
        found = (
            f"it was adopted on {written_day(review.adopted_on)}, and came up again on {written_day(review.again)}"
        )
        remedy = "Put the next year's agreement into the roster's sheet Agreements, and review that."
    return _finding(review, "review-overdue", found, remedy)


_EXPECTED = {
    "review-overdue": "an agreement that is reviewed and adopted every year (RCW 28A.320.1242)",
    "adoption-unrecorded": "the review's points and the adoption on record",
    "adoption-incomplete": "a review in which nothing is missing",
    "adoption-differs": "one day of adoption",
}


def _finding(review: Review, code: str, found: str, remedy: str) -> Finding:
    return Finding(Area.AGREEMENT, code, f"agreement {review.agreement.agreement_id}", found, _EXPECTED[code], remedy)
