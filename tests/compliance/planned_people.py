"""People with something open, and their plan."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import NOTHING, Gate, made_up
from lms_sync.compliance.plan.catalogue import read_catalogue
from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.plan.partner_plan import Planning, chooser, plan_person
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.law.standing import State
from lms_sync.model.course_map import CourseRow, Offering, course_map
from lms_sync.model.roster import Cadence, Partner, PartnerKind, StaffClass

AS_OF = date(2026, 11, 23)  # a Monday
DUE = date(2027, 2, 27)  # a Saturday
LAWFUL = date(2027, 3, 1)
OFFERED = Offering("o-1", "Summit", "", date(2026, 12, 3), date(2026, 12, 4), place="Yakima", seats=12)
COURSE = CourseRow(
    source="*",
    course="Summit",
    unit="",
    title="Safety summit",
    topics=(1, 2),
    on_the_job_days=0,
    check_ins=0,
    counts_from=None,
    counts_until=None,
    minimum_score=None,
    decided_by="Ada Park",
    decided_on=date(2026, 8, 1),
    provider="ESD",
    hours=Decimal(6),
    fee=Decimal(90),
    link="https://example.org/summit",
)
GATE = Gate("acme", {}, {}, {}, {}, everything=True)


def weekdays(start: date, end: date) -> Iterator[date]:
    for place in range((end - start).days + 1):
        day = start + timedelta(days=place)
        if day.weekday() < 5:
            yield day


def topic(number: int, due: date | None = DUE, last: date | None = LAWFUL) -> ReportedStanding:
    return replace(counted(f"topic-{number:02}", 1, due=due, last=last), component=made_up("classroom"))


def counted(
    name: str, need: int, have: int = 0, *, due: date | None = DUE, last: date | None = LAWFUL
) -> ReportedStanding:
    return ReportedStanding(
        requirement=made_up(name),
        component=made_up(name),
        need=need,
        have=have,
        met_by=None,
        on=None,
        due=due,
        last_lawful_day=last,
        late=False,
        credits=(),
        claims=(),
        notes=(),
    )


def gaps(*standings: ReportedStanding, state: State = State.ON_PLAN, person_id: str = "p-1") -> PersonGaps:
    name = made_up("Park, Ada")
    return PersonGaps(made_up(person_id), name, StaffClass.OTHER, None, NOTHING, (), state, (), standings, (), ())


def plan(
    *standings: ReportedStanding,
    rows: Iterable[CourseRow] = (COURSE,),
    offerings: Iterable[Offering] = (OFFERED,),
    state: State = State.ON_PLAN,
    first_day: date | None = None,
) -> PersonPlan:
    catalogue = read_catalogue(course_map(rows, offerings), as_of=AS_OF)
    person = replace(gaps(*standings, state=state), first_day=first_day)
    return plan_person(
        person,
        Planning("acme", catalogue, Openings(), GATE, SchoolDays((), weekdays), chooser(catalogue, Openings())),
    )


def report(*people: PersonGaps) -> GapReport:
    partner = Partner("acme", "Acme Guards", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY)
    known = datetime(2026, 11, 23, tzinfo=UTC)
    district = made_up("District")
    return GapReport(district, NOTHING, partner, (), AS_OF, known, NOTHING, NOTHING, 60, people, (), None)
