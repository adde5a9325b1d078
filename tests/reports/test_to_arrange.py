"""What strangers misread: booking all does not finish it, days are proposals, a class may come too late."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.gate import PartnerText, made_up
from lms_sync.compliance.plan.training_plan import PersonPlan, TrainingPlan
from lms_sync.law.standing import State
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.missing import missing_words
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.gap_groups import gap_groups
from lms_sync.reports.partner.letter import letter
from lms_sync.reports.partner.planned import planned_state, sitting_details
from lms_sync.reports.partner.sittings import sitting_lines
from lms_sync.reports.partner.to_arrange import days_words, uncovered_words
from tests.reports.golden_documents import VOICE

PLANS = {person.person_id: person for person in sample_plan().people}
LATE, CHEN = made_up("00101"), made_up("00106")
TOPIC_4, TOPIC_10 = made_up("topic-04"), made_up("topic-10")


def too_late(person_id: PartnerText, topic: PartnerText) -> dict[PartnerText, PersonPlan]:
    """Return the plans, in which a class of one person comes after the last lawful day."""
    plan = PLANS[person_id]
    return PLANS | {person_id: replace(plan, sittings=(replace(plan.sittings[0], late=(topic,)),))}


def person(person_id: PartnerText, report: GapReport) -> PersonGaps:
    return next(person for person in report.people if person.person_id == person_id)


@pytest.mark.parametrize(
    ("whose", "topic", "words"),
    [
        (
            LATE,
            TOPIC_10,
            "topic 10 (late for Abernathy, Lucille (Lu)); topic 13 (due later for 2 people)",
        ),
        (
            CHEN,
            TOPIC_4,
            "topic 4 (due within 60 days for Grant, Marcus Jr.); topic 13 (due later",
        ),
    ],
)
def test_the_brief_says_for_whom_it_is_late_that_no_class_covers_a_topic(
    whose: PartnerText, topic: PartnerText, words: str
) -> None:
    plans = PLANS | {whose: replace(PLANS[whose], unclosed=(topic,))}
    plan = TrainingPlan(made_up("fpd"), sample_report().as_of, tuple(plans.values()))
    (line,) = (line for line in letter(sample_report(), plan, SAMPLE_NAMES).brief if "No class covers" in line)
    assert line.startswith(f"No class covers yet, whatever is booked: {words}")
    assert "Ask: Human Resources" in line


def test_many_are_counted_and_nothing_is_said_where_classes_cover_all() -> None:
    report = sample_report()
    like = person(CHEN, report)
    ids = [made_up(f"Q{number}") for number in range(7)]
    crowd = replace(report, people=tuple(replace(like, person_id=person_id) for person_id in ids))
    plans = {person_id: replace(PLANS[CHEN], unclosed=(TOPIC_4,)) for person_id in ids}
    assert "topic 4 (due within 60 days for 7 people)." in uncovered_words(crowd, plans)
    assert uncovered_words(crowd, {}) == uncovered_words(crowd, {ids[0]: PLANS[CHEN]}) == ""


def test_who_needs_days_is_named_and_that_the_dates_are_proposals() -> None:
    assert days_words(sample_report()).startswith(
        "Arrange with the school (the dates are only proposed): on-the-job days for Abernathy"
    )
    assert "; check-ins for Castañeda, Inés; " in days_words(sample_report())
    assert days_words(replace(sample_report(), people=())) == ""


def test_a_class_after_the_due_date_says_whose_on_top_and_in_the_list() -> None:
    plan = TrainingPlan(made_up("fpd"), sample_report().as_of, tuple(too_late(CHEN, TOPIC_4).values()))
    text = " ".join(partner_email(sample_report(), plan, VOICE).text.split())
    assert text.count("after the due date of Grant, Marcus Jr.") == 2
    assert [line.late for line in sitting_lines(sample_report(), {CHEN: PLANS[CHEN]})] == [""]


def group_of_two(**other: object) -> PartnerText:
    """Return what closes the gaps of two people who lack the same; `other` is so of the second one's class."""
    report, second = sample_report(), made_up("Q2")
    like, plan = person(CHEN, report), PLANS[CHEN]
    two = replace(report, people=(like, replace(like, person_id=second, name=made_up("Quill, Ada"))))
    theirs = replace(plan, person_id=second, sittings=(replace(plan.sittings[0], **other),))  # type: ignore[arg-type]
    (group,) = gap_groups(two, {CHEN: plan, second: theirs}, SAMPLE_NAMES, in_full=(CHEN, second))
    return group.closed_by


def test_in_a_group_nobody_is_given_another_s_day_or_lateness() -> None:
    assert "(any day, finish by 20 Dec 2026)" in group_of_two()
    assert "(any day; the day to finish by differs, see “Classes to book”)" in group_of_two(ends=date(2027, 3, 1))
    assert group_of_two(late=(TOPIC_4,)).count("after the due date of Quill, Ada)") == 1


def test_beside_the_state_stands_that_the_plan_does_not_keep_a_due_date() -> None:
    chen = replace(person(CHEN, sample_report()), state=State.ON_PLAN)
    assert planned_state(chen, too_late(CHEN, TOPIC_4)[CHEN]) == "→ On plan, but the plan does not keep a due date"
    open_one = replace(PLANS[CHEN], unclosed=(TOPIC_4,))
    assert planned_state(chen, open_one) == "→ On plan, but no class covers all of it yet"
    assert planned_state(chen, PLANS[CHEN]) == planned_state(chen, None) == "→ On plan"


def test_only_what_is_late_or_due_soon_is_to_be_booked_at_once() -> None:
    report, plan = sample_report(), sample_plan()
    later = replace(report, people=tuple(p for p in report.people if p.person_id not in {LATE, CHEN}))
    assert any("Book at once (late or due soon): " in line for line in letter(report, plan, {}).brief)
    (line,) = (line for line in letter(later, plan, {}).brief if "Book" in line)
    assert "Book by 19 Dec 2026: " in line


@pytest.mark.parametrize(
    ("need", "have", "words"),
    [
        (2, 1, "1 of 2 on-the-job training days is missing"),
        (2, 0, "both on-the-job training days"),
        (6, 2, "4 of 6 on-the-job training days are missing"),
    ],
)
def test_a_count_says_that_it_is_missing(need: int, have: int, words: str) -> None:
    standing = next(s for s in person(LATE, sample_report()).open if s.component == "on-the-job")
    missing = missing_words([replace(standing, need=need, have=have)], {})
    assert missing == words


def test_of_many_who_need_days_those_who_are_late_are_named() -> None:
    report = sample_report()
    like, late = person(made_up("00109"), report), person(made_up("00102"), report)
    ids = [made_up(f"Q{number}") for number in range(7)]
    crowd = replace(report, people=(late, *(replace(like, person_id=person_id) for person_id in ids)))
    assert "check-ins for 8 people named in the plan (late for Castañeda, Inés)." in days_words(crowd)


def test_the_fee_of_the_partners_own_class_is_its_own() -> None:
    sitting = replace(PLANS[CHEN].sittings[0], fee=None)
    assert "fee not known" in sitting_details(sitting)
    assert "your own class: fee as you set it" in sitting_details(replace(sitting, own=True))


def test_a_plan_that_is_late_and_not_whole_says_both() -> None:
    chen = replace(person(CHEN, sample_report()), state=State.ON_PLAN)
    both = replace(too_late(CHEN, TOPIC_4)[CHEN], unclosed=(TOPIC_10,))
    words = "→ On plan, but the plan does not keep a due date, and no class covers all of it yet"
    assert planned_state(chen, both) == words


def test_names_and_how_pressing_it_is_for_them_are_kept_apart() -> None:
    report = sample_report()
    plans = {whose: replace(PLANS[whose], unclosed=(TOPIC_4, TOPIC_10)) for whose in (LATE, CHEN)}
    people = tuple(replace(person(whose, report), requirements=_lacking(whose, report)) for whose in (LATE, CHEN))
    words = "topic 4 (late for Abernathy, Lucille (Lu); and due within 60 days for Grant, Marcus Jr.)."
    assert words in uncovered_words(replace(report, people=people), plans)


def _lacking(whose: PartnerText, report: GapReport) -> tuple[ReportedStanding, ...]:
    """Return what somebody lacks as topic 4 alone."""
    return (replace(person(whose, report).open[0], requirement=TOPIC_4),)
