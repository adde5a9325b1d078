"""For whom an offering is, before anybody is planned into it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lms_sync.compliance.for_whom import map_findings, shown_as, shown_as_findings
from lms_sync.compliance.plan.openings import Openings, openings
from lms_sync.compliance.plan.outline import Outlining, partners_that_differ
from lms_sync.compliance.plan.partner_plan import differing_findings, plan_partner, unclosed_findings
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.law.standing import Judgement, Standing, State
from lms_sync.model.course_map import NOBODY_YET, CourseMap, Offering, course_map
from lms_sync.model.roster import Assignment, Cadence, Partner, PartnerKind, Person, Roster
from lms_sync.store.known.judged_people import JudgedPerson
from lms_sync.workspace.roster.named_partners import PartnerNames, partner_names
from lms_sync.workspace.settings.sources import A_FILE, FilePattern, SpreadsheetSettings
from tests.compliance.planned_people import COURSE, GATE, OFFERED, gaps, report, topic, weekdays

PARTNERS = {
    "acme": Partner("acme", "Acme Guards", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
    "G4": Partner("G4", "Heronmere Guards LLC", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
    "own": Partner("own", "Pinehill Safety Office", PartnerKind.DISTRICT, (), (), Cadence.NONE),
}
PEOPLE = {"p-1": Person("p-1", "Marshbane", "Ada")}
POST = Assignment("p-1", "acme", None, date(2026, 9, 1), None, "", (("Fir ES", Decimal(5)),))
ROSTER = Roster(PARTNERS, {}, PEOPLE, (POST,))
NAMES = partner_names(PARTNERS.values(), public=("Pinehill Schools", "Fir ES"))
TWICE = replace(OFFERED, offering_id="o-2", starts=date(2026, 12, 10), ends=date(2026, 12, 11))


def found(*offerings: Offering, names: PartnerNames = NAMES, both: bool = False) -> Openings:
    partners = {"p-1": frozenset({"acme", "G4"} if both else {"acme"})}
    return openings(course_map([COURSE], offerings), ROSTER, names, partners=partners)


@pytest.mark.parametrize(
    "text",
    [
        *("Heronmere Guards LLC, room 2", "HeronmereGuards-2026", "heronmere hall", "for G4 only", "Acmé room"),
        *(
            "https://heronmereguards.example.org",
            "G4-training",
            "heronmere2026",
            "Fall2026Heronmere",
            "2026heronmere",
        ),
    ],
)
def test_a_partners_name_id_or_own_word_names_it(text: str) -> None:
    assert len(NAMES.named(text)) == 1


SHERIFF = partner_names(
    [
        Partner("ACSO", "Alder County Sheriff's Office", PartnerKind.LAW_ENFORCEMENT, (), (), Cadence.WEEKLY),
        Partner("HRN", "Heron", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
        Partner("acm", "Acme", PartnerKind.SECURITY_COMPANY, (), (), Cadence.WEEKLY),
    ],
    public=(),
)


@pytest.mark.parametrize(
    "text",
    [
        *("Safety Officer Training Modules", "School Resource Officers", "Main office, room 2", "Placement in class"),
        *("Further on: her on-call days", "https://officers.example.org/series", "In the aldermanic hall"),
        *("Encounters", "sheronda@example.org", "countywide"),
    ],
)
def test_a_name_inside_of_a_word_names_nobody(text: str) -> None:
    assert SHERIFF.named(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Sheriff's Office in-service", "ACSO"),
        ("Sheriffs’ academy", "ACSO"),
        ("SheriffAcademy-2026", "ACSO"),
        ("https://aldercountysheriff.example.org", "ACSO"),
        ("https://sheriffacademy.example.org", "ACSO"),
        ("aldercountysheriffsoffice", "ACSO"),
        ("Herons' hall", "HRN"),
        ("HERON", "HRN"),
        ("files/heronclass.xlsx", "HRN"),
        ("Acme, room 1", "acm"),
        ("acm only", "acm"),
    ],
)
def test_a_whole_word_of_a_name_names_its_partner(text: str, who: str) -> None:
    assert SHERIFF.named(text) == {who}


@pytest.mark.parametrize(
    ("text", "named"), [("ESD 112 (pdEnroller)", 0), ("PD only", 1), ("pd-seats", 1), ("HM01 hall", 1), ("HM-01", 1)]
)
def test_a_short_id_counts_as_a_word_of_its_own_alone(text: str, named: int) -> None:
    partners = [
        replace(PARTNERS["acme"], partner_id=code, name=name) for code, name in (("PD", "Elm"), ("HM-01", "Ash"))
    ]
    assert len(partner_names(partners, public=()).named(text)) == named


@pytest.mark.parametrize("text", ["Guards of the town", "Pinehill gym", "Fir ES", "Safety Office", "G44", ""])
def test_words_of_several_of_the_district_and_of_buildings_name_nobody(text: str) -> None:
    assert NAMES.named(text) == frozenset()


@pytest.mark.parametrize(
    ("for_partners", "acme", "other"),
    [
        ((), True, True),
        (("ACME",), True, False),
        (("acme", "G4"), True, True),
        (("G4",), False, True),
        (NOBODY_YET, False, False),
        (("acme", "hern"), False, False),
    ],
)
def test_an_offering_is_open_to_those_whom_the_column_names(
    for_partners: tuple[str, ...], *, acme: bool, other: bool
) -> None:
    offering = replace(OFFERED, for_partners=for_partners)
    access = found(offering)
    assert access.open_to(offering, {"acme"}) is acme
    assert access.open_to(offering, {"G4"}) is other


def test_without_the_column_what_names_a_partner_waits_and_the_rest_is_open() -> None:
    named = replace(OFFERED, offering_id="o-3", place="Heronmere gym")
    access = found(OFFERED, TWICE, named)
    assert access.waiting.keys() == {"o-3"}
    assert access.open_to(OFFERED, {"acme", "G4"})


def test_without_the_column_a_place_of_its_own_waits() -> None:
    access = found(OFFERED, TWICE, replace(OFFERED, offering_id="o-3", place="Spokane"))
    assert [waiting.why for waiting in access.waiting.values()] == ["no other offering is held at Spokane"]


def test_an_unknown_partner_id_is_a_finding_with_the_nearest_one() -> None:
    offering = replace(OFFERED, for_partners=("akme",), cell="Offerings!A2")
    (finding,) = map_findings(course_map([COURSE], [offering]), ROSTER, NAMES, file="courses.xlsx")
    assert (finding.code, finding.where) == ("partner-unknown", "courses.xlsx, Offerings!A2")
    assert 'Did you mean "acme"?' in finding.remedy


def test_a_title_that_names_a_partner_is_said() -> None:
    rows = [replace(COURSE, title="Acme basics", cell="Courses!B3")]
    (finding,) = map_findings(CourseMap("", tuple(rows), ()), ROSTER, NAMES, file="courses.xlsx")
    assert (finding.code, finding.where) == ("names-a-partner", "courses.xlsx, Courses!B3")


def test_a_provider_that_names_a_partner_in_many_rows_is_one_finding() -> None:
    rows = [replace(COURSE, course=f"c{n}", provider="Acme", cell=f"Courses!B{n}") for n in range(3, 9)]
    (finding,) = map_findings(CourseMap("", tuple(rows), ()), ROSTER, NAMES, file="courses.xlsx")
    (later,) = map_findings(CourseMap("", tuple(rows[1:]), ()), ROSTER, NAMES, file="courses.xlsx")
    assert finding.where == "courses.xlsx, Courses!B3 and 5 more rows"
    assert later.id == finding.id


def plan_of(access: Openings, *offerings: Offering) -> PersonPlan:
    whole = report(gaps(topic(1), topic(2)))
    plan = plan_partner(
        whole, course_map([COURSE], offerings), GATE, openings=access, school=SchoolDays((), weekdays)
    )
    return plan.people[0]


def test_a_restricted_offering_is_left_out_before_planning() -> None:
    theirs = replace(OFFERED, for_partners=("G4",))
    later = replace(TWICE, for_partners=())
    plan = plan_of(found(theirs, later), theirs, later)
    assert [sitting.offering_id for sitting in plan.sittings] == ["o-2"]
    assert (plan.unclosed, plan.settling) == ((), ())


def test_what_waits_is_said_to_be_settled_and_not_to_be_missing() -> None:
    waiting = replace(OFFERED, for_partners=NOBODY_YET)
    whole = report(gaps(topic(1), topic(2), topic(3)))
    access = found(waiting)
    plan = plan_partner(
        whole, course_map([COURSE], [waiting]), GATE, openings=access, school=SchoolDays((), weekdays)
    )
    (person,) = plan.people
    assert (person.unclosed, person.settling) == (("topic-03",), ("topic-01", "topic-02"))
    open_topics = [(person.person_id, name) for name in person.unclosed]
    (lacking,) = unclosed_findings(open_topics, covered=open_topics[0][1:])
    assert "topic 3 for all who lack it" in lacking.found  # others may well have a class of it
    assert "open one to more partners" in lacking.remedy
    where = [lacking.where]
    assert where == ["courses.xlsx, sheet Offerings, topic 3"]


def test_somebody_of_two_partners_gets_first_what_is_open_to_both() -> None:
    cheap = replace(OFFERED, offering_id="o-0", for_partners=("acme",))
    common = replace(TWICE, for_partners=())
    alone, both = found(cheap, common), found(cheap, common, both=True)
    assert [s.offering_id for s in plan_of(alone, cheap, common).sittings] == ["o-0"]
    assert [s.offering_id for s in plan_of(both, cheap, common).sittings] == ["o-2"]


def test_where_the_common_offerings_close_less_each_partner_plans_its_own_and_hr_is_told() -> None:
    for_acme = replace(OFFERED, for_partners=("acme",))
    for_other = replace(TWICE, for_partners=("G4",))
    access = found(for_acme, for_other, both=True)
    plans = []
    for partner in ("acme", "G4"):
        whole = replace(report(gaps(topic(1))), partner=PARTNERS[partner])
        courses = course_map([COURSE], [for_acme, for_other])
        plans.append(plan_partner(whole, courses, GATE, openings=access, school=SchoolDays((), weekdays)))
    (finding,) = differing_findings(plans)
    assert (finding.code, finding.people) == ("plans-differ", ("p-1",))
    assert differing_findings(plans[:1]) == ()


COMMON = replace(TWICE, for_partners=())
FOR_ACME, FOR_OTHER = replace(OFFERED, for_partners=("acme",)), replace(TWICE, for_partners=("G4",))
UNSETTLED = replace(OFFERED, for_partners=NOBODY_YET)


@pytest.mark.parametrize(
    "offered", [(), (COMMON,), (FOR_ACME, FOR_OTHER), (FOR_ACME, COMMON), (UNSETTLED,), (UNSETTLED, FOR_OTHER)]
)
@pytest.mark.parametrize("both", [True, False])
def test_an_outline_says_what_the_whole_plans_would(offered: tuple[Offering, ...], *, both: bool) -> None:
    access, courses = found(*offered, both=both), course_map([COURSE], offered)
    lacking = (topic(1), topic(3))
    partners = ("acme", "G4") if both else ("acme",)
    reports = [replace(report(gaps(*lacking)), partner=PARTNERS[partner_id]) for partner_id in partners]
    plans = [plan_partner(r, courses, GATE, openings=access, school=SchoolDays((), weekdays)) for r in reports]
    judgement = Judgement(State.ON_PLAN, (), tuple(open_standing(s.requirement, s.due) for s in lacking))
    judged = {"p-1": JudgedPerson(judgement).in_short}
    outlining = Outlining.of(courses, access, as_of=reports[0].as_of)
    outlines = [outlining.of_partner(partner_id, judged) for partner_id in partners]

    in_plans = [[("p-1", name) for person in plan.people for name in person.unclosed] for plan in plans]
    assert [list(outline.unclosed) for outline in outlines] == in_plans
    assert bool(partners_that_differ(outlines)) == bool(differing_findings(plans))


def open_standing(requirement: str, due: date | None) -> Standing:
    return Standing(requirement, "classroom", 1, 0, None, None, due, due, False, (), (), ())  # noqa: FBT003


def source(shown: str) -> SpreadsheetSettings:
    files = (FilePattern(path="inbox/*.csv", layout="vector-completions"),)
    return SpreadsheetSettings(name="class", kind="spreadsheet", export="cumulative", files=files, shown_as=shown)


@pytest.mark.parametrize(
    ("text", "whom"), [("Heronmere's file", "partner G4"), ("Ms Marshbane's list", "person p-1")]
)
def test_a_source_is_not_called_by_somebodys_name(text: str, whom: str) -> None:
    (finding,) = shown_as_findings([source(text)], ROSTER, NAMES)
    assert finding.blocks
    assert whom in finding.found
    assert shown_as([source(text)], ROSTER, NAMES) == {"class": A_FILE}


def test_any_other_words_are_taken() -> None:
    assert shown_as_findings([source("the vendor's export")], ROSTER, NAMES) == ()
    assert shown_as([source("the vendor's export")], ROSTER, NAMES) == {"class": "the vendor's export"}


@pytest.mark.parametrize("last_name", ["File", "A", "n/a"])
def test_the_programs_own_words_ask_for_no_others_though_somebody_is_called_so(last_name: str) -> None:
    people = {"p-1": Person("p-1", last_name, "Ada")}
    roster = replace(ROSTER, people=people)
    assert shown_as_findings([source("a file of ours")], roster, NAMES)
    assert shown_as_findings([source(A_FILE)], roster, NAMES) == ()
    assert shown_as([source(A_FILE)], roster, NAMES) == {"class": A_FILE}
