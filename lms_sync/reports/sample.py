"""A made-up report, plan and night that hold every state: `lms-sync check` renders each template with them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lms_sync.compliance.gap_report import GapReport, PersonGaps, SourceAge
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedDay, PlannedSitting, TrainingPlan
from lms_sync.law.standing import MetBy, Standing, State
from lms_sync.model.course_map import topic_id
from lms_sync.model.evidence import Claim, Credit
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Cadence, Partner, PartnerKind, StaffClass
from lms_sync.reports.night.email import FileNight, MessageNight, NightSummary, SourceNight

SAMPLE_DAY = date(2026, 11, 23)
TOPICS = tuple(topic_id(number) for number in range(1, 14))

SAMPLE_NAMES = dict(
    zip(
        TOPICS,
        (
            "Rights of children in school",
            "Child and adolescent development",
            "Trauma-informed approaches",
            "Youth mental health",
            "Students with disabilities",
            "Bias-free policing and culture",
            "Disparities in force and arrests",
            "Consequences of arrest and court",
            "Alternatives to arrest",
            "De-escalation with youth",
            "Restraint and isolation",
            "Student records (FERPA)",
            "Restorative justice",
        ),
        strict=True,
    )
)
"""Short names for the sample only; the law's own are in law/topics.toml."""


def sample_report() -> GapReport:
    """Return a report of a made-up police department on `SAMPLE_DAY` with each state at least once."""
    kind = PartnerKind.LAW_ENFORCEMENT
    partner = Partner("P-1", "Sample City Police Department", kind, ("chief@example.org",), (), Cadence.WEEKLY)
    return GapReport(
        district="Sample School District",
        contact="Human Resources, 555-0100, training@example.org",
        partner=partner,
        agreements=("A-2026-1",),
        as_of=SAMPLE_DAY,
        known_at=datetime(2026, 11, 23, 10, 10, tzinfo=UTC),
        law="2021-07-25",
        mapping="3f9c2a71",
        due_soon_days=60,
        people=(_overdue_sro(), _overdue_other(), _due_soon(), _new(), _undecided(), *_settled(), _starter()),
        sources=(
            SourceAge("vector", datetime(2026, 11, 23, 10, 2, tzinfo=UTC), date(2026, 11, 19), ""),
            SourceAge(
                "district-log", datetime(2026, 11, 9, 10, 2, tzinfo=UTC), date(2026, 11, 6), "the file is encrypted"
            ),
            SourceAge("another source", None, None, "never delivered"),
        ),
        previous=date(2026, 11, 16),
        gone=("Young, Casey",),
    )


def sample_plan() -> TrainingPlan:
    """Return the plan that belongs to `sample_report`."""
    december = date(2026, 12, 3)
    first = _sitting(1, "De-escalation and rights", ("topic-01", "topic-10"), starts=december, ends=december)
    online = _sitting(2, "Youth topics online", ("topic-04", "topic-07"), starts=None, ends=date(2026, 12, 20))
    summit = _sitting(3, "School safety summit", TOPICS[:12], starts=date(2027, 2, 2), ends=date(2027, 2, 4))
    days = (PlannedDay("on-the-job", date(2026, 12, 14), late=False),)
    check_ins = (
        PlannedDay("check-in", date(2026, 11, 24), late=True),
        PlannedDay("check-in", date(2026, 11, 30), late=True),
    )
    new_days = tuple(PlannedDay("on-the-job", date(2027, month, 15), late=False) for month in (3, 6))
    note = "The fee of Youth topics online is not known; ask the provider."
    return TrainingPlan(
        partner_id="P-1",
        as_of=SAMPLE_DAY,
        people=(
            PersonPlan("P-001", "Alvarez, Maria (Mia)", (replace(first, late=first.closes),), days, (), ()),
            PersonPlan("P-002", "Benítez, José", (), check_ins, (), ()),
            PersonPlan("P-003", "Chen, Wei", (online,), (), (), (note,)),
            PersonPlan("P-004", "Đỗ, Thị Hạnh", (summit,), new_days, ("topic-13",), ()),
            PersonPlan(
                "P-005",
                "كريم, سارة",
                (replace(online, closes=TOPICS[:2]),),
                (),
                (),
                ("Record the class first: the plan depends on it.",),
            ),
            PersonPlan("P-008", "Zimmer, Ana", (summit,), new_days, ("topic-13",), ()),
        ),
    )


def _overdue_sro() -> PersonGaps:
    standings = _standings(date(2026, 8, 31), date(2027, 2, 28), missing=("topic-01", "topic-10"), days=1)
    changes = ("2 classroom topics became overdue on 1 Sep 2026.", "Student records (FERPA) was met on 22 Jun 2026.")
    person = _person(1, "Alvarez, Maria (Mia)", State.OVERDUE, standings)
    return replace(person, first_day=date(2026, 2, 28), changes=changes)


def _overdue_other() -> PersonGaps:
    standings = _standings(date(2026, 4, 10), date(2026, 10, 10), check_ins=4)
    moved = tuple(
        replace(standing, last_lawful_day=date(2026, 10, 13)) if standing.requirement == "check-in" else standing
        for standing in standings
    )
    return replace(_other(_person(2, "Benítez, José", State.OVERDUE, moved)), first_day=date(2025, 10, 10))


def _due_soon() -> PersonGaps:
    standings = _standings(date(2026, 12, 31), date(2027, 6, 30), missing=("topic-04", "topic-07"))
    return replace(_person(3, "Chen, Wei", State.ON_PLAN, standings), first_day=date(2026, 6, 30))


def _new() -> PersonGaps:
    claim = Claim("c1a1b2c3", "topic-03", None, "waiver", "vector", "r-77", "vector.xlsx, Sheet1!A9", "Trauma 101")
    standings = _standings(date(2027, 3, 1), date(2027, 9, 1), missing=TOPICS, days=0, check_ins=0)
    claimed = tuple(
        replace(standing, claims=(claim,)) if standing.requirement == claim.requirement else standing
        for standing in standings
    )
    decision = (
        "The source says Exempt for Trauma 101, and only an ESD can waive: send the ESD's letter (claim c1a1b2c3)."
    )
    person = _other(_person(4, "Đỗ, Thị Hạnh", State.ON_PLAN, claimed))
    return replace(person, first_day=date(2026, 9, 1), decisions=(decision,))


def _undecided() -> PersonGaps:
    person = _person(5, "كريم, سارة", State.UNDETERMINED, _standings(None, None, missing=TOPICS[:2]))
    reason = "The class is not recorded: the district decides whether this is a school resource officer."
    return replace(person, staff_class=None, position="School liaison", reasons=(reason,))


def _settled() -> tuple[PersonGaps, PersonGaps]:
    standings = _standings(date(2026, 7, 5), date(2027, 1, 5))
    verified = tuple(replace(standing, met_by=MetBy.VERIFIED, on=date(2026, 8, 3)) for standing in standings)
    return (
        _person(6, "O'Brien-Smith, Pat", State.COMPLETE, standings),
        _person(7, "Quill, Robin", State.DOCUMENTED, verified),
    )


def _starter() -> PersonGaps:
    standings = _standings(date(2027, 7, 4), date(2028, 1, 4), missing=TOPICS, days=0)
    return replace(_person(8, "Zimmer, Ana", State.NOT_STARTED, standings), first_day=date(2027, 1, 4))


def _person(number: int, name: str, state: State, standings: tuple[Standing, ...]) -> PersonGaps:
    return PersonGaps(
        person_id=f"P-{number:03}",
        name=name,
        staff_class=StaffClass.SRO,
        first_day=date(2026, 1, 5),
        position="School resource officer",
        buildings=(("Lincoln HS", Decimal(3)), ("Stadium HS", Decimal(2))),
        state=state,
        reasons=(),
        requirements=standings,
        decisions=(),
        changes=(),
    )


def _other(person: PersonGaps) -> PersonGaps:
    return replace(person, staff_class=StaffClass.OTHER, position="Campus security officer")


def _standings(
    classroom_due: date | None,
    year_due: date | None,
    *,
    missing: tuple[str, ...] = (),
    days: int = 2,
    check_ins: int | None = None,
) -> tuple[Standing, ...]:
    """Return the standings of a class: with check-ins where their number is given; due days are lawful days here."""
    topics = tuple(_standing(topic, 0 if topic in missing else 1, classroom_due) for topic in TOPICS)
    counts = (_standing("on-the-job", days, year_due),)
    return topics + counts + (() if check_ins is None else (_standing("check-in", check_ins, year_due),))


def _standing(requirement: str, have: int, due: date | None) -> Standing:
    need = {"on-the-job": 2, "check-in": 6}.get(requirement, 1)
    component = "classroom" if requirement in TOPICS else requirement
    credits = tuple(_credit(requirement, number) for number in range(have))
    on = credits[need - 1].day if have >= need else None
    late = due is not None and (on or SAMPLE_DAY) > due
    met_by = MetBy.CREDITS if on else None
    return Standing(requirement, component, need, have, met_by, on, due, due, late, credits, (), ())


def _credit(requirement: str, number: int) -> Credit:
    return Credit(
        requirement=requirement,
        day=date(2026, 5, 4) + timedelta(days=49 * number),
        source="vector" if requirement in TOPICS else "district-log",
        record=f"{requirement}|{number}",
        origin=f"sample_export.xlsx, Completions!A{number + 5}",
        title=SAMPLE_NAMES.get(requirement, "Day with experienced staff"),
        host_school="" if requirement in TOPICS else "Lincoln HS",
        experienced_officer="" if requirement in TOPICS else "Sgt. Sample",
    )


def _sitting(number: int, title: str, closes: tuple[str, ...], *, starts: date | None, ends: date) -> PlannedSitting:
    return PlannedSitting(
        offering_id=f"O-{number}",
        title=title,
        provider="Sample ESD",
        starts=starts,
        ends=ends,
        self_paced=starts is None,
        place="online" if starts is None else "Sample City",
        seats="" if starts is None else "24",
        link=f"https://example.org/courses/{number}",
        fee=None if starts is None else Decimal(75),
        hours=None if starts is None else Decimal(6),
        closes=closes,
        late=(),
    )


def sample_night() -> NightSummary:
    """Return a night on which something of every kind happened."""
    read = {"added": 9, "corrected": 1, "not a completion": 2, "refused": 1, "skipped": 2}
    files = (
        FileNight("vector_november.xlsx", read, dropped=("SSN",)),
        FileNight("vector_october.xlsx", {"added": 40}, unchanged=True),
    )
    row, claim, course = _findings()
    return NightSummary(
        district="Sample School District",
        as_of=SAMPLE_DAY,
        known_at=datetime(2026, 11, 23, 10, 10, tzinfo=UTC),
        sources=(
            SourceNight("vector", files),
            SourceNight("district-log", (), "the file is encrypted", "Save it without a password."),
        ),
        new=(row, claim),
        waiting=(course,),
        not_ours=12,
        states=(("overdue", 2), ("on plan", 5), ("complete", 2)),
        moved=("Sample, Ada (00017): on plan → overdue",),
        newly_overdue=1,
        messages=(
            MessageNight("20261123-a1", "Sample City Police Department", "sent"),
            MessageNight("20261123-b2", "Sample Guard Company", "held", "chief@example.com was never released"),
            MessageNight("20261122-c3", "Sample County Sheriff", "failed", "550 no such mailbox"),
        ),
    )


def _findings() -> tuple[Finding, Finding, Finding]:
    row = Finding(
        area=Area.ROW,
        code="impossible-date",
        where="vector_november.xlsx, Completions!D14",
        found="31/02/2026",
        expected="a date that exists, month first",
        remedy="Ask the vendor for the right day.",
    )
    claim = Finding(
        area=Area.CLAIM,
        code="claim",
        where="vector_november.xlsx, Completions!A9",
        found="Đỗ, Thị Hạnh (P-004): “Trauma 101”, no date: waiver",
        expected="a person's decision whether it counts toward topic-03",
        remedy='lms-sync worklist accept c1a1b2c3 --reason "…" (or refuse)',
        people=("P-004",),
    )
    course = Finding(
        area=Area.COURSE,
        code="unmapped-course",
        where="source vector, course 417",
        found="“Winter driving” has no decided row in the course map; people on the roster who completed it: 2",
        expected="a decided row in mappings/courses.xlsx",
        remedy="Add the course with an x for each topic that it teaches, or decide the row without any x.",
        people=("P-001", "P-002"),
    )
    return row, claim, course
