"""A partner's plan: everybody, in the report's order, with its notes and findings."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.plan.openings import Openings
from lms_sync.compliance.plan.partner_plan import plan_partner, unclosed_findings
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.law.standing import MetBy
from lms_sync.model.course_map import CourseMap, course_map
from tests.compliance.planned_people import AS_OF, COURSE, GATE, OFFERED, counted, gaps, plan, report, topic, weekdays


def test_notes_tell_unknown_fees_shared_days_and_that_no_seat_is_reserved() -> None:
    other = replace(OFFERED, offering_id="o-2", course="Other", starts=OFFERED.ends, ends=OFFERED.ends, seats=None)
    rows = [COURSE, replace(COURSE, course="Other", title="Other class", topics=(3,), fee=None)]
    made = plan(topic(1), topic(3), rows=rows, offerings=[OFFERED, other])

    assert made.notes == (
        "The fee of “Other class” is not known; ask the provider.",
        "“Safety summit” and “Other class” have days in common; check the hours before signing up.",
        "Seats are as the provider states them; none is reserved.",
    )


def test_a_partners_plan_holds_everybody_with_something_open_in_the_reports_order() -> None:
    met = replace(topic(1), met_by=MetBy.CREDITS)
    people = (gaps(topic(1), person_id="b"), gaps(met, person_id="c"), gaps(topic(3), person_id="a"))
    made = plan_partner(
        report(*people), course_map([COURSE], [OFFERED]), GATE, openings=Openings(), school=SchoolDays((), weekdays)
    )

    assert (made.partner_id, made.as_of) == ("acme", AS_OF)
    assert [person.person_id for person in made.people] == ["b", "a"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_the_map_does_not_change_a_plan(data: st.DataObject) -> None:
    offerings = [replace(OFFERED, offering_id=f"o-{n}", place=f"Room {n}") for n in range(4)]
    rows = [COURSE, replace(COURSE, source="vector", fee=None), replace(COURSE, source="moodle", title="Another")]
    person = report(gaps(topic(1), topic(2), counted("on-the-job", 2)))

    def made(of: CourseMap) -> object:
        return plan_partner(person, of, GATE, openings=Openings(), school=SchoolDays((), weekdays))

    shuffled = CourseMap("", tuple(data.draw(st.permutations(rows))), tuple(data.draw(st.permutations(offerings))))
    assert made(shuffled) == made(course_map(rows, offerings))


def test_a_topic_that_nothing_closes_is_one_finding_however_many_people_lack_it() -> None:
    covered = {"topic-03"}
    (finding,) = unclosed_findings([("b", "topic-03"), ("a", "topic-03")], covered=covered)
    assert (finding.code, finding.people) == ("topic-without-offering", ("a", "b"))
    assert "topic 3" in finding.found
    assert unclosed_findings([("b", "topic-03")], covered=covered)[0].id == finding.id
    assert unclosed_findings((), covered=covered) == ()


def test_topics_that_no_class_covers_are_one_finding_beside_those_that_some_may_take() -> None:
    lacked = [("a", "topic-01"), ("b", "topic-02"), ("a", "topic-03"), ("c", "topic-05")]
    nowhere, somewhere = unclosed_findings(lacked, covered={"topic-03"})
    assert nowhere.found == "no class that can still be taken covers topics 1, 2, 5"
    assert (nowhere.people, somewhere.people) == (("a", "b", "c"), ("a",))
    assert "topic 3 for all who lack it" in somewhere.found
    (fewer,) = unclosed_findings(lacked[:1], covered={"topic-03"})
    assert (fewer.id, fewer.found) == (nowhere.id, "no class that can still be taken covers topic 1")
