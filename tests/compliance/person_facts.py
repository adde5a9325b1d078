"""A roster of three people, a course map with a row of every kind, and a way to judge completions by them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.law.series import load
from lms_sync.law.yearly import load_yearly
from lms_sync.model.course_map import CourseRow, course_map
from lms_sync.model.evidence import ClaimReason, Completion, Learner, claim_id
from lms_sync.model.finding import ClaimDecision, Origin
from lms_sync.model.pseudonyms import Pseudonyms, merged, pseudonymous_learner, pseudonymous_reading
from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Person, Roster, StaffClass
from lms_sync.store.known.judgement_settings import JudgementSettings as Told
from lms_sync.store.known.snapshot import Snapshot

DAY = date(2026, 11, 23)
FIRST = date(2026, 9, 2)
SEAL = Pseudonyms(b"made up for the tests")
ME, OTHER, GUARD = "70101", "80201", "80202"
PARTNERS = {
    "quarry": Partner("quarry", "Quarryville Police", PartnerKind.LAW_ENFORCEMENT, (), (), Cadence.WEEKLY),
    "heron": Partner("heron", "Heronmere Guards LLC", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
}
PEOPLE = {
    ME: Person(ME, "Quillfeather", "Adabelle", staff_class=StaffClass.OTHER, first_day=FIRST),
    OTHER: Person(OTHER, "Marshbane", "Cleodora", staff_class=StaffClass.OTHER, first_day=FIRST),
    GUARD: Person(GUARD, "Lindqvist", "Dovid", staff_class=StaffClass.SRO, first_day=FIRST),
}


def row(course: str, *topics: int, days: int = 0, check_ins: int = 0) -> CourseRow:
    return CourseRow(
        "*", course, "", "", topics, days, check_ins, None, None, None, "T", DAY, cell=f"Courses!B{course}"
    )


ROWS = (
    row("Rights", 1),
    row("All", *range(1, 14)),
    row("Day", days=1),
    row("Check-in", check_ins=1),
    row("Check-in x3", check_ins=3),
    row("Bystanders"),
    replace(row("Calm", 10), decided_on=None),
    replace(row("Minds", 4), counts_until=date(2026, 9, 30)),
    replace(row("Force", 7), minimum_score=Decimal(80)),
)


def roster() -> Roster:
    agreements = {f"{i}-26": Agreement(f"{i}-26", i, "2026-27", FIRST, None) for i in PARTNERS}
    assignments = (
        Assignment(ME, "quarry", "quarry-26", FIRST, None, "Guard", (("Pinehill HS", Decimal("2.5")),)),
        Assignment(OTHER, "heron", "heron-26", FIRST, None, "", (("Pinehill HS", Decimal(5)),)),
        Assignment(GUARD, "heron", "heron-26", FIRST, None, "", (("Fir ES", Decimal(5)),)),
    )
    return Roster(PARTNERS, agreements, PEOPLE, assignments)


def done(course: str, day: date | None = date(2026, 10, 5), *, who: str = ME, **more: object) -> Completion:
    """Return a completion; `more` are fields of it."""
    key = more.pop("key", who)
    learner = Learner("class", str(key), person_id=who)
    origin = Origin(file="class.xlsx", sheet="Done", cell=f"A{len(course)}")
    one = Completion("class", f"{key} {course} {day}", learner, course, "", day, origin)
    return replace(one, **more)  # type: ignore[arg-type]


def claim(course: str, reason: ClaimReason = ClaimReason.NO_DATE, day: date | None = None) -> Completion:
    return done(course, day, claim=reason)


def sealed(one: Completion) -> Completion:
    found = pseudonymous_reading(one, SEAL)
    assert isinstance(found, Completion)
    return found


def knowledge_of(
    *found: Completion, decisions: tuple[ClaimDecision, ...] = (), people: Roster | None = None
) -> Snapshot:
    return Snapshot(
        known_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        roster=people or roster(),
        course_map=course_map(ROWS, []),
        law=load(),
        yearly=load_yearly(),
        settings=Told("Pinehill Schools", "Human Resources, 555-0100", "America/Los_Angeles", 60),
        completions=tuple(sealed(one) for one in found),
        learners=merged(pseudonymous_learner(one.learner, SEAL) for one in found),
        decisions={one.claim_id: one for one in decisions},
        documents={},
        pulls={},
    )


def judged(snapshot: Snapshot) -> Judged:
    return judge_roster(snapshot, SEAL, as_of=DAY)


def record_of(
    *found: Completion,
    decisions: tuple[ClaimDecision, ...] = (),
    person_id: str = ME,
    snapshot: Snapshot | None = None,
) -> PersonRecord:
    snapshot = snapshot or knowledge_of(*found, decisions=decisions)
    return build_record(snapshot, judged(snapshot), person_id)


def decided(completion: Completion, *, accepted: bool, reason: str = "letter of the ESD seen") -> ClaimDecision:
    on, name = date(2026, 11, 9), PEOPLE[ME].name
    return ClaimDecision(claim_id(sealed(completion)), accepted, reason, "A. Roe", on, name)
