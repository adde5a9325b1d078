from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import PartnerText, made_up
from lms_sync.compliance.plan.training_plan import PersonPlan
from lms_sync.operations.sample import SAMPLE_DAY, SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.agenda import agenda
from lms_sync.reports.partner.planned import sitting_when
from lms_sync.reports.partner.pressing import PressingRow, closing_day, pressing_rows

PLANS = {plan.person_id: plan for plan in sample_plan().people}
CHEN = made_up("00106")


def overdue(report: GapReport, plans: dict[PartnerText, PersonPlan] = PLANS) -> tuple[PressingRow, ...]:
    return pressing_rows(report, plans, SAMPLE_NAMES, wanted="overdue")


def soon(plans: dict[PartnerText, PersonPlan]) -> PressingRow:
    (row,) = pressing_rows(sample_report(), plans, SAMPLE_NAMES, wanted="soon")
    return row


def late_on_everything() -> GapReport:
    """Return a report of one person who is overdue on all three components."""
    person = sample_report().people[3]
    days = {"classroom": date(2026, 3, 3), "on-the-job": date(2026, 9, 3), "check-in": date(2026, 9, 3)}
    requirements = tuple(
        replace(standing, due=days[standing.component], last_lawful_day=days[standing.component], late=True)
        for standing in person.requirements
    )
    return replace(sample_report(), people=(replace(person, requirements=requirements),))


def test_a_person_overdue_on_three_components_fills_one_row() -> None:
    (row,) = overdue(late_on_everything())
    assert [missing.what for missing in row.missing] == [
        "all 13 classroom topics",
        "both on-the-job training days",
        "all 6 check-in trainings",
    ]
    assert row.consequence == "Late since 4 Mar 2026."


def test_the_longest_overdue_comes_first() -> None:
    assert [row.name for row in overdue(sample_report())] == ["Abernathy, Lucille (Lu)", "Castañeda, Inés"]


def test_the_deadline_is_past_from_the_day_after_the_last_lawful_day() -> None:
    assert overdue(sample_report())[1].consequence == "Late since 14 Oct 2026."
    assert soon(PLANS).consequence == "Late from 1 Jan 2027 unless done before."


def test_the_plan_says_when_all_of_it_is_closed() -> None:
    assert overdue(sample_report())[1].planned == "Next: 24 Nov 2026 (proposed). All finished by 30 Nov 2026."


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (date(2026, 12, 31), "All finished by 31 Dec 2026."),
        (date(2027, 1, 1), "All finished by 1 Jan 2027, after the last lawful day."),
        (SAMPLE_DAY, "All of it can be finished at once."),
    ],
)
def test_whether_the_plan_comes_in_time_is_said(ends: date, words: str) -> None:
    sitting = replace(PLANS[CHEN].sittings[0], ends=ends)
    assert soon(PLANS | {CHEN: replace(PLANS[CHEN], sittings=(sitting,))}).planned.endswith(words)


def test_what_no_offering_closes_is_never_called_closed() -> None:
    sitting = replace(PLANS[CHEN].sittings[0], closes=(made_up("topic-04"),))
    row = soon(PLANS | {CHEN: replace(PLANS[CHEN], sittings=(sitting,), unclosed=(made_up("topic-07"),))})
    assert row.planned.endswith("No class covers yet: 7 Disparities in force and arrests.")
    assert "All finished" not in row.planned


def test_a_sitting_that_is_still_being_settled_is_not_called_missing() -> None:
    sitting = replace(PLANS[CHEN].sittings[0], closes=(made_up("topic-04"),))
    settling = (made_up("topic-07"),)
    row = soon(PLANS | {CHEN: replace(PLANS[CHEN], sittings=(sitting,), settling=settling)})
    sentence = "The district is still settling a sitting: 7 Disparities in force and arrests."
    assert row.planned.endswith(sentence)
    assert "No class covers" not in row.planned
    alone = soon({CHEN: replace(PLANS[CHEN], sittings=(), settling=settling)})
    assert alone.planned == "The district is still settling a sitting."


def test_without_a_plan_nothing_is_promised() -> None:
    assert soon({}).planned == "Nothing is planned yet."
    assert soon({CHEN: replace(PLANS[CHEN], sittings=())}).planned == "No class covers this yet."


def test_the_last_of_several_days_closes_a_count() -> None:
    assert closing_day(PLANS[made_up("00102")], "check-in") == date(2026, 11, 30)
    assert closing_day(PLANS[made_up("00102")], "on-the-job") is None


def test_a_self_paced_course_for_what_is_late_is_to_be_taken_at_once() -> None:
    sitting = PLANS[CHEN].sittings[0]
    assert sitting_when(replace(sitting, late=sitting.closes)) == "at once, on any day"
    later = replace(sitting, late=sitting.closes, starts=date(2026, 12, 1))
    assert sitting_when(later) == "at once, from 1 Dec 2026 on"


def test_the_agenda_has_each_date_once_with_all_who_take_part() -> None:
    entries = agenda(sample_report(), PLANS)
    assert [(entry.when, entry.what) for entry in entries] == [
        ("24 Nov 2026", "check-in training (proposed)"),
        ("30 Nov 2026", "check-in training (proposed)"),
        ("3 Dec 2026", "De-escalation and rights"),
        ("14 Dec 2026", "on-the-job training day (proposed)"),
        ("any day, finish by 20 Dec 2026", "Youth topics online"),
    ]
    assert entries[-1].names == ("Grant, Marcus Jr.", "\u2068كريم, سارة\u2069")


def test_the_agenda_ends_with_the_days_that_count_as_soon() -> None:
    days = (date(2027, 2, 2) - SAMPLE_DAY) // timedelta(days=1)
    inside = agenda(replace(sample_report(), due_soon_days=days), PLANS)
    outside = agenda(replace(sample_report(), due_soon_days=days - 1), PLANS)
    assert [entry.what for entry in inside if entry not in outside] == ["School safety summit"]


def test_the_agenda_names_only_people_of_the_report() -> None:
    assert agenda(replace(sample_report(), people=()), PLANS) == ()
