"""A completion → what it counts for: credits, claims, or the reason why it counts for nothing. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import attrgetter

from lms_sync.model.course_map import EVERY_SOURCE, CourseMap, CourseRow
from lms_sync.model.evidence import Claim, ClaimReason, Completion, Credit, Learner, claim_id
from lms_sync.model.sign_up import ExpectedTraining, KnownSignUp
from lms_sync.text import fold
from lms_sync.workspace.mapping.file_names import in_file_name

ON_THE_JOB = "on-the-job"
IN_FILE_NAME = "course_in_file_name"
"""The attribute of completions whose course is a short name as it stands in a file's name."""
REVIEWED = "accepted on the worklist"
"""Stands for a host school or an experienced officer that the source did not name and a reviewer accepted."""


class NotCountedReason(StrEnum):
    """Why a completion of a course that has a row counts for nothing."""

    UNDECIDED = "nobody has decided yet what the course teaches"
    OUTSIDE_DATES = "completed on a day on which the map does not count the course"
    UNDER_SCORE = "completed with a score under the map's minimum"
    ALIKE = "only the file's name says the course, and it fits several courses of the map"
    NO_SCORE = "the map requires a minimum score and the source gives none"


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
_Key = tuple[str, str, str]
_NAMES = attrgetter("source", "course", "course_title", "unit", "unit_title")


@dataclass(frozen=True, slots=True)
class MapIndex:
    """The map's rows by (source, folded course, folded unit); rows of one key have days that don't overlap."""

    rows: Mapping[_Key, tuple[CourseRow, ...]]
    in_file_names: Mapping[_Key, tuple[_Key, ...]]
    """The keys whose courses have one form in files' names, by that form in place of the course."""
    _matched: dict[tuple[object, ...], tuple[CourseRow, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, course_map: CourseMap) -> "MapIndex":
        """Return the index of a map that passed its check."""
        rows = defaultdict(list)
        for row in course_map.rows:
            rows[row.source, fold(row.course), fold(row.unit)].append(row)
        forms = defaultdict(list)
        for (source, course, unit), (row, *_) in rows.items():
            forms[source, in_file_name(row.course), unit].append((source, course, unit))
        return cls(
            {key: tuple(same) for key, same in rows.items()}, {key: tuple(same) for key, same in forms.items()}
        )

    def match(self, completion: Completion) -> tuple[CourseRow, ...]:
        """Return the rows for the completion's source, course and unit, whatever their days; empty for unmapped.

        A named source's row is found by `Completion.course` and `.unit` or, where the unit has an id that no row has,
        by the unit's title. A `*` row cannot know a source's ids, so it is found by course and unit id or else by
        their titles. A row without a unit is found only for completions without one. A course of which only a file's
        name tells is found by its form there, where no other course has it or a row of the source has that form.
        """
        asked = (*_NAMES(completion), IN_FILE_NAME in dict(completion.attributes))
        if asked not in self._matched:  # many people take one course
            self._matched[asked] = self._match(completion)
        return self._matched[asked]

    def _match(self, completion: Completion) -> tuple[CourseRow, ...]:
        own = _keys(completion.source, (completion.course,), units=(completion.unit, completion.unit_title))
        if IN_FILE_NAME in dict(completion.attributes):
            return self._by_form(own, completion)
        either, units = (completion.course, completion.course_title), (completion.unit, completion.unit_title)
        keys = (*own, *_keys(EVERY_SOURCE, either, units=units))
        return next((self.rows[key] for key in keys if key in self.rows), ())

    def _by_form(self, own: Sequence[_Key], completion: Completion) -> tuple[CourseRow, ...]:
        """Return the rows of the source whose course is the form itself, else those of the one course that has it."""
        exact, alike = next((self.rows[key] for key in own if key in self.rows), ()), self.alike(completion)
        return exact or (self.rows[alike[0]] if len(alike) == 1 else ())

    def alike(self, completion: Completion) -> tuple[_Key, ...]:
        """Return the keys that a course's form in a file's name may stand for; none where a course is told itself.

        A named source's row replaces the `*` row of the same course, and no other.
        """
        if IN_FILE_NAME not in dict(completion.attributes):
            return ()
        units = completion.unit, completion.unit_title
        pairs = (_keys(source, (completion.course,), units=units) for source in (completion.source, EVERY_SOURCE))
        for own, shared in zip(*pairs, strict=True):
            named = self.in_file_names.get(own, ())
            replaced = {course for _, course, _ in named}
            if found := (*named, *(key for key in self.in_file_names.get(shared, ()) if key[1] not in replaced)):
                return found
        return ()


def _keys(source: str, courses: tuple[str, ...], *, units: tuple[str, ...]) -> list[_Key]:
    """Return the keys to look under, in order of trust: ids before titles."""
    named = [fold(unit) for unit in units if fold(unit)] or [""]
    return [(source, fold(course), unit) for course in courses if fold(course) for unit in named]


def credits_of(completion: Completion, index: MapIndex, *, accepted: Mapping[str, date]) -> Mapped:
    """Return what the completion counts for.

    `accepted` holds the claims that a person accepted: claim id → the day of the decision, which is credited where
    the completion has no day of its own.
    """
    rows = (_reported(completion),) if completion.claim is ClaimReason.CORRECTION else index.match(completion)
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
    return _counted(row, completion, day=day, accepted=accepted_on is not None)


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
    counts = int(requirement == ON_THE_JOB), int(requirement == "check-in")
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


def _counted(row: CourseRow, completion: Completion, *, day: date | None, accepted: bool) -> Credited | Claimed:
    credits, claims = [], []
    for requirement, amount in row.teaches:
        reason = _why_claim(completion, requirement)
        if day is None or (reason and not accepted):
            claims.append(_claim(completion, requirement, reason=reason or ClaimReason.NO_DATE, row=row))
        else:
            credits.append(_credit(completion, requirement, amount=amount, day=day, row=row))
    return Credited(tuple(credits), tuple(claims), row.cell) if credits else Claimed(tuple(claims))


def _why_claim(completion: Completion, requirement: str) -> ClaimReason | None:
    """Return why a person must accept it first. Source for on-the-job days: our reading of RCW 28A.400.345."""
    if completion.claim or requirement != ON_THE_JOB:
        return completion.claim
    named = {name for name, text in completion.attributes if _named(text)}
    return None if named >= {"host_school", "experienced_officer"} else ClaimReason.NO_HOST


def _named(text: str) -> bool:
    """Tell whether a cell names something, and not only says that there is nothing."""
    return "".join(c for c in fold(text) if c.isalnum()) not in {"", "na", "none", "tbd", "unknown", "x", "yes"}


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


def _credit(completion: Completion, requirement: str, *, amount: int, day: date, row: CourseRow) -> Credit:
    attributes = dict(completion.attributes)
    missing = REVIEWED if requirement == ON_THE_JOB else ""
    return Credit(
        requirement=requirement,
        day=day,
        source=completion.source,
        record=completion.record,
        origin=str(completion.origin),
        title=_title(completion, row),
        amount=amount,
        host_school=attributes.get("host_school") or missing,
        experienced_officer=attributes.get("experienced_officer") or missing,
        waived=completion.claim is ClaimReason.WAIVER,
        place=completion.origin,
        as_read=_as_read(completion, row),
    )
