"""A completion → what it counts for: credits, claims, or the reason why it counts for nothing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms_sync.compliance.class_hours import is_no_time
from lms_sync.compliance.map_index import MapIndex
from lms_sync.model.course_map import CourseRow
from lms_sync.model.evidence import Claim, ClaimReason, Completion, Credit, Learner, claim_id
from lms_sync.model.own_name import NamePair, is_filled, is_own
from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.sign_up import ExpectedTraining, KnownSignUp

ON_THE_JOB = "on-the-job"
CHECK_IN = "check-in"
REVIEWED = "accepted on the worklist"
"""Stands for a host school or an experienced officer that the source did not name and a reviewer accepted."""


class NotCountedReason(StrEnum):
    """Why a completion of a course that has a row counts for nothing."""

    UNDECIDED = "nobody has decided yet what the course teaches"
    OUTSIDE_DATES = "completed on a day on which the map does not count the course"
    UNDER_SCORE = "completed with a score under the map's minimum"
    ALIKE = "only the file's name says the course, and it fits several courses of the map"
    NO_SCORE = "the map requires a minimum score and the source gives none"


@quickly_made
@dataclass(frozen=True, slots=True)
class Credited:
    """The completion counts."""

    credits: tuple[Credit, ...]
    claims: tuple[Claim, ...] = ()
    """What it would count for besides, once a person accepts it: an on-the-job day without its evidence."""
    cell: str = ""
    """The row that says so."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The completion counts for nothing until a person accepts it."""

    claims: tuple[Claim, ...]
    """At least one, all with the same claim id."""


@dataclass(frozen=True, slots=True)
class TeachesNone:
    """The course was reviewed and teaches nothing of the series."""

    cell: str
    """The row that says so."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The map has no row for the course."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """The map has a row, but the completion does not count."""

    reason: NotCountedReason
    cell: str
    """The row that decided it, e.g. `Courses!B12`."""


Mapped = Credited | Claimed | TeachesNone | Unmapped | NotCounted


def counted_by(
    rows: tuple[CourseRow, ...],
    completion: Completion,
    index: MapIndex,
    *,
    accepted: Mapping[str, date],
    own: Iterable[NamePair] = (),
) -> Mapped:
    """Return what the completion counts for by the map's rows for it.

    `accepted` holds the claims that a person accepted: claim id → the day that the person named, which is credited
    where the completion has no day of its own. `own` are the person's names: nobody is their own experienced officer.
    """
    if completion.claim is ClaimReason.CORRECTION:
        rows = (_reported(completion),)
    if not rows:
        cells = [row.cell for key in index.alike(completion) for row in index.rows[key]]
        return NotCounted(NotCountedReason.ALIKE, " and ".join(cells)) if cells else Unmapped()
    accepted_on = accepted.get(claim_id(completion)) if accepted else None
    day = completion.day or accepted_on
    row = _row_on(rows, day)
    reason = _why_not(row, completion, day=day)
    if reason:
        return NotCounted(reason, row.cell)
    if not row.teaches:
        return TeachesNone(row.cell)
    reasons = {} if accepted_on else {name: _why_claim(completion, name, own) for name, _ in row.teaches}
    return _counted(row, completion, day=day, reasons=reasons)


def expected_of(sign_up: KnownSignUp, index: MapIndex) -> tuple[ExpectedTraining, ...]:
    """Return what a class would teach for which somebody has signed up, by the row that counts on its day."""
    booked = sign_up.sign_up
    day = booked.day
    completion = Completion(
        source=sign_up.source,
        record=sign_up.record,
        learner=Learner(sign_up.source, sign_up.learner),
        course=booked.course,
        course_title=booked.course_title,
        day=day,
        origin=booked.origin,
        unit=booked.unit,
        unit_title=booked.unit_title,
    )
    rows = index.match(completion)
    row = _row_on(rows, day) if rows else None
    if row is None or day is None or row.decided_on is None or not row.counts_on(day):
        return ()
    title, as_read = _title(completion, row), _as_read(completion, row)
    return tuple(ExpectedTraining(requirement, day, sign_up.source, title, as_read) for requirement, _ in row.teaches)


def _reported(completion: Completion) -> CourseRow:
    """Return the row that a partner's correction stands for: it names the requirement itself, and no course."""
    requirement = completion.course
    topics = (int(requirement.removeprefix("topic-")),) if requirement.startswith("topic-") else ()
    counts = int(requirement == ON_THE_JOB), int(requirement == CHECK_IN)
    return CourseRow(
        completion.source,
        requirement,
        "",
        completion.course_title,
        topics,
        *counts,
        None,
        None,
        None,
        "the partner",
        date.min,
        cell="",
    )


def _row_on(rows: tuple[CourseRow, ...], day: date | None) -> CourseRow:
    """Return the row whose days hold `day`; the newest when none does or the day is not known."""
    if len(rows) == 1:
        return rows[0]
    newest = max(rows, key=lambda row: row.counts_from or date.min)
    return next((row for row in rows if day and row.counts_on(day)), newest)


def _why_not(row: CourseRow, completion: Completion, *, day: date | None) -> NotCountedReason | None:
    if row.decided_on is None:
        return NotCountedReason.UNDECIDED
    if day and not row.counts_on(day):
        return NotCountedReason.OUTSIDE_DATES
    if row.minimum_score is None or completion.claim is ClaimReason.WAIVER:
        return None
    if completion.score is None:
        return NotCountedReason.NO_SCORE
    return NotCountedReason.UNDER_SCORE if completion.score < row.minimum_score else None


def _counted(
    row: CourseRow, completion: Completion, *, day: date | None, reasons: Mapping[str, ClaimReason | None]
) -> Credited | Claimed:
    """Return what counts by a row, and what waits for the `reasons`: requirement → why a person must accept it."""
    credits, claims = [], []
    for requirement, amount in row.teaches:
        reason = reasons.get(requirement)
        if day is None or reason:
            claims.append(_claim(completion, requirement, reason=reason or ClaimReason.NO_DATE, row=row))
        else:
            credits.append(_credit(completion, (requirement, amount), day=day, row=row))
    return Credited(tuple(credits), tuple(claims), row.cell) if credits else Claimed(tuple(claims))


def _why_claim(completion: Completion, requirement: str, own: Iterable[NamePair]) -> ClaimReason | None:
    """Return why a person must accept it first. Source for on-the-job days: our reading of RCW 28A.400.345."""
    if completion.claim or requirement not in (ON_THE_JOB, CHECK_IN):
        return completion.claim
    attributes = dict(completion.attributes)
    if requirement == CHECK_IN:
        alone = is_own(attributes.get("experienced_officer", ""), own)
        return ClaimReason.NO_HOST if alone else None
    if is_no_time(attributes.get("hours", "")):
        return ClaimReason.NO_HOURS
    named = {name for name, text in attributes.items() if is_filled(name, text, own)}
    return None if named >= {"host_school", "experienced_officer"} else ClaimReason.NO_HOST


def _title(completion: Completion, row: CourseRow) -> str:
    return row.title or completion.unit_title or completion.course_title or completion.course


def _as_read(completion: Completion, row: CourseRow) -> bool:
    """Tell whether the title is the source's: the map has none, or a partner typed it into a correction."""
    return not row.title or completion.claim is ClaimReason.CORRECTION


def _claim(completion: Completion, requirement: str, *, reason: ClaimReason, row: CourseRow) -> Claim:
    return Claim(
        claim_id=claim_id(completion),
        requirement=requirement,
        day=completion.day,
        reason=reason,
        source=completion.source,
        record=completion.record,
        origin=str(completion.origin),
        title=_title(completion, row),
        place=completion.origin,
        as_read=_as_read(completion, row),
    )


def _credit(completion: Completion, taught: tuple[str, int], *, day: date, row: CourseRow) -> Credit:
    requirement, amount = taught
    host_school = experienced_officer = REVIEWED if requirement == ON_THE_JOB else ""
    if completion.attributes:
        attributes = dict(completion.attributes)
        host_school = attributes.get("host_school") or host_school
        experienced_officer = attributes.get("experienced_officer") or experienced_officer
    # In the order of the fields: there are as many as completions, and names would cost a third more.
    return Credit(
        requirement,
        day,
        completion.source,
        completion.record,
        str(completion.origin),
        _title(completion, row),
        amount,
        host_school,
        experienced_officer,
        completion.claim is ClaimReason.WAIVER,
        completion.origin,
        _as_read(completion, row),
    )
