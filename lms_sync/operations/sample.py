"""A report and a plan of the demo's people that hold every state: `check` renders their templates with them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lms_sync.compliance.gap_report import (
    GapReport,
    PersonGaps,
    ReportedClaim,
    ReportedCredit,
    ReportedStanding,
    SourceAge,
    doubt_sentences,
)
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, made_up
from lms_sync.compliance.plan.training_plan import PersonPlan, PlannedDay, PlannedSitting, TrainingPlan
from lms_sync.demo.books import POSITIONS
from lms_sync.demo.cast import DEMO_DAY, DOMAINS, cast_member
from lms_sync.demo.esd import ESD
from lms_sync.demo.inbox import PARTNER_NAMES
from lms_sync.law.standing import MetBy, State
from lms_sync.model.roster import Cadence, Partner, PartnerKind, StaffClass

SAMPLE_DAY = DEMO_DAY
SAMPLE_DISTRICT = made_up(PARTNER_NAMES["fsd"])
SAMPLE_CONTACT = made_up(f"Human Resources, 555-0142, hr@{DOMAINS['fsd']}")
SAMPLE_SCHOOL = made_up("Fernwick HS")
TOPICS = tuple(fill("topic-{:02}", number) for number in range(1, 14))

SAMPLE_NAMES: dict[str, str] = dict(
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


_NAMES = {topic: made_up(name) for topic, name in SAMPLE_NAMES.items()}


def sample_report() -> GapReport:
    """Return a report of the demo's police department on `SAMPLE_DAY` with each state at least once."""
    kind = PartnerKind.LAW_ENFORCEMENT
    partner = Partner("fpd", PARTNER_NAMES["fpd"], kind, (f"chief@{DOMAINS['fpd']}",), (), Cadence.WEEKLY)
    return GapReport(
        district=SAMPLE_DISTRICT,
        contact=SAMPLE_CONTACT,
        partner=partner,
        agreements=(made_up("A-2026-1"),),
        as_of=SAMPLE_DAY,
        known_at=datetime(2026, 11, 23, 10, 10, tzinfo=UTC),
        law=made_up("2021-07-25"),
        mapping=made_up("3f9c2a71"),
        due_soon_days=60,
        people=(_overdue_sro(), _overdue_other(), _due_soon(), _new(), _undecided(), *_settled(), _starter()),
        sources=(
            SourceAge(
                made_up("vector"), datetime(2026, 11, 23, 10, 2, tzinfo=UTC), date(2026, 11, 19), NOTHING, SAMPLE_DAY
            ),
            SourceAge(
                made_up("district-log"),
                datetime(2026, 11, 9, 10, 2, tzinfo=UTC),
                date(2026, 11, 6),
                made_up("the file is encrypted"),
                date(2026, 11, 9),
            ),
            SourceAge(made_up("another source"), None, None, made_up("never delivered")),
        ),
        previous=date(2026, 11, 16),
        gone=(made_up(cast_member("00104").name),),
    )


def sample_plan() -> TrainingPlan:
    """Return the plan that belongs to `sample_report`."""
    december = date(2026, 12, 3)
    first = _sitting(
        1,
        made_up("De-escalation and rights"),
        (made_up("topic-01"), made_up("topic-10")),
        starts=december,
        ends=december,
    )
    online = _sitting(
        2,
        made_up("Youth topics online"),
        (made_up("topic-04"), made_up("topic-07")),
        starts=None,
        ends=date(2026, 12, 20),
    )
    summit = _sitting(3, made_up("School safety summit"), TOPICS[:12], starts=date(2027, 2, 2), ends=date(2027, 2, 4))
    days = (PlannedDay(made_up("on-the-job"), date(2026, 12, 14), late=False),)
    check_ins = (
        PlannedDay(made_up("check-in"), date(2026, 11, 24), late=True),
        PlannedDay(made_up("check-in"), date(2026, 11, 30), late=True),
    )
    new_days = tuple(PlannedDay(made_up("on-the-job"), date(2027, month, 15), late=False) for month in (3, 6))
    note = made_up("The fee of Youth topics online is not known; ask the provider.")
    return TrainingPlan(
        partner_id=made_up("fpd"),
        as_of=SAMPLE_DAY,
        people=(
            PersonPlan(*_whom("00101"), (replace(first, late=first.closes),), days, (), ()),
            PersonPlan(*_whom("00102"), (), check_ins, (), ()),
            PersonPlan(*_whom("00106"), (online,), (), (), (note,)),
            PersonPlan(*_whom("00109"), (summit,), new_days, (made_up("topic-13"),), ()),
            PersonPlan(
                *_whom("00113"),
                (replace(online, closes=TOPICS[:2]),),
                (),
                (),
                (made_up("Record the class first: the plan depends on it."),),
            ),
            PersonPlan(*_whom("00114"), (summit,), new_days, (made_up("topic-13"),), ()),
        ),
    )


def _whom(person_id: str) -> tuple[PartnerText, PartnerText]:
    """Return the id and the name of one of the demo's people."""
    return made_up(person_id), made_up(cast_member(person_id).name)


def _overdue_sro() -> PersonGaps:
    standings = _standings(
        date(2026, 8, 31), date(2027, 2, 28), missing=(made_up("topic-01"), made_up("topic-10")), days=1
    )
    changes = (
        made_up("2 classroom topics became overdue on 1 Sep 2026."),
        made_up("Student records (FERPA) was met on 22 Jun 2026."),
    )
    person = _person("00101", State.OVERDUE, standings)
    return replace(person, first_day=date(2026, 2, 28), changes=changes)


def _overdue_other() -> PersonGaps:
    standings = _standings(date(2026, 4, 10), date(2026, 10, 10), check_ins=4)
    moved = tuple(
        replace(standing, last_lawful_day=date(2026, 10, 13)) if standing.requirement == "check-in" else standing
        for standing in standings
    )
    return replace(_other(_person("00102", State.OVERDUE, moved)), first_day=date(2025, 10, 10))


def _due_soon() -> PersonGaps:
    standings = _standings(date(2026, 12, 31), date(2027, 6, 30), missing=(made_up("topic-04"), made_up("topic-07")))
    return replace(_person("00106", State.ON_PLAN, standings), first_day=date(2026, 6, 30))


def _new() -> PersonGaps:
    claim = ReportedClaim(
        made_up("c1a1b2c3"),
        made_up("topic-03"),
        None,
        made_up("waiver"),
        made_up("vector"),
        made_up("r-77"),
        made_up("vector.xlsx, Sheet1!A9"),
        made_up("Trauma 101"),
    )
    standings = _standings(date(2027, 3, 1), date(2027, 9, 1), missing=TOPICS, days=0, check_ins=0)
    claimed = tuple(
        replace(standing, claims=(claim,)) if standing.requirement == claim.requirement else standing
        for standing in standings
    )
    decision = made_up(
        "The source says Exempt for Trauma 101, and only an ESD can waive: send the ESD's letter (claim c1a1b2c3)."
    )
    person = _other(_person("00109", State.ON_PLAN, claimed))
    return replace(person, first_day=date(2026, 9, 1), decisions=(decision,))


def _undecided() -> PersonGaps:
    person = _person("00113", State.UNDETERMINED, _standings(None, None, missing=TOPICS[:2]))
    reason = made_up("The class is not recorded: the district decides whether this is a school resource officer.")
    return replace(person, staff_class=None, position=made_up("School liaison"), reasons=(reason,))


def _settled() -> tuple[PersonGaps, ...]:
    standings = _standings(date(2026, 7, 5), date(2027, 1, 5))
    verified = tuple(replace(standing, met_by=MetBy.VERIFIED, on=date(2026, 8, 3)) for standing in standings)
    return (
        _person("00103", State.COMPLETE, standings),
        _doubted(standings),
        _person("00105", State.DOCUMENTED, verified),
    )


def _doubted(standings: tuple[ReportedStanding, ...]) -> PersonGaps:
    """Return somebody who is complete only with training of which the source no longer tells."""
    since = date(2026, 11, 20)
    doubted = tuple(
        replace(standing, doubted=since, credits=tuple(replace(credit, doubted=since) for credit in standing.credits))
        if standing.requirement == "topic-05"
        else standing
        for standing in standings
    )
    return replace(_person("00107", State.COMPLETE, doubted), decisions=tuple(doubt_sentences(doubted)))


def _starter() -> PersonGaps:
    standings = _standings(date(2027, 7, 4), date(2028, 1, 4), missing=TOPICS, days=0)
    return replace(_person("00114", State.NOT_STARTED, standings), first_day=date(2027, 1, 4))


def _person(person_id: str, state: State, standings: tuple[ReportedStanding, ...]) -> PersonGaps:
    return PersonGaps(
        *_whom(person_id),
        staff_class=StaffClass.SRO,
        first_day=date(2026, 1, 5),
        position=made_up(POSITIONS["fpd"]),
        buildings=((SAMPLE_SCHOOL, Decimal(3)), (made_up("Dogwood ES"), Decimal(2))),
        state=state,
        reasons=(),
        requirements=standings,
        decisions=(),
        changes=(),
    )


def _other(person: PersonGaps) -> PersonGaps:
    return replace(person, staff_class=StaffClass.OTHER, position=made_up(POSITIONS["fsd"]))


def _standings(
    classroom_due: date | None,
    year_due: date | None,
    *,
    missing: tuple[PartnerText, ...] = (),
    days: int = 2,
    check_ins: int | None = None,
) -> tuple[ReportedStanding, ...]:
    """Return the standings of a class: with check-ins where their number is given; due days are lawful days here."""
    topics = tuple(_standing(topic, 0 if topic in missing else 1, classroom_due) for topic in TOPICS)
    counts = (_standing(made_up("on-the-job"), days, year_due),)
    return topics + counts + (() if check_ins is None else (_standing(made_up("check-in"), check_ins, year_due),))


def _standing(requirement: PartnerText, have: int, due: date | None) -> ReportedStanding:
    need = {"on-the-job": 2, "check-in": 6}.get(requirement, 1)
    component = made_up("classroom") if requirement in TOPICS else requirement
    credits = tuple(_credit(requirement, number) for number in range(have))
    on = credits[need - 1].day if have >= need else None
    late = due is not None and (on or SAMPLE_DAY) > due
    met_by = MetBy.CREDITS if on else None
    return ReportedStanding(requirement, component, need, have, met_by, on, due, due, late, credits, (), ())


def _credit(requirement: PartnerText, number: int) -> ReportedCredit:
    return ReportedCredit(
        requirement=requirement,
        day=date(2026, 5, 4) + timedelta(days=49 * number),
        source=made_up("vector") if requirement in TOPICS else made_up("district-log"),
        record=made_up(f"{requirement}|{number}"),
        origin=made_up(f"sample_export.xlsx, Completions!A{number + 5}"),
        title=_NAMES.get(requirement, made_up("Day with experienced staff")),
        host_school=NOTHING if requirement in TOPICS else SAMPLE_SCHOOL,
        experienced_officer=NOTHING if requirement in TOPICS else made_up(f"Sgt. {cast_member('00201').last}"),
    )


def _sitting(
    number: int, title: PartnerText, closes: tuple[PartnerText, ...], *, starts: date | None, ends: date
) -> PlannedSitting:
    return PlannedSitting(
        offering_id=made_up(f"O-{number}"),
        title=title,
        provider=made_up(ESD),
        starts=starts,
        ends=ends,
        self_paced=starts is None,
        place=made_up("online") if starts is None else made_up("Fernwick"),
        seats=None if starts is None else 24,
        link=made_up(f"https://example.org/courses/{number}"),
        fee=None if starts is None else Decimal(75),
        hours=None if starts is None else Decimal(6),
        closes=closes,
        late=(),
    )
