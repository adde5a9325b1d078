"""Everything that is due: which entries there are, by when, and how they stand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lms_sync.agreements.year.calendar import CalendarFacts, entries_of, postings
from lms_sync.agreements.year.entry import DaySpan, DueItem, DueKind, DueState, of_span
from lms_sync.law.school_year import school_year_beginning
from lms_sync.model.agreement import Adoption, DutyDone, EsdRequest, KeptFile
from lms_sync.model.roster import Assignment, Roster
from lms_sync.store.known.registers import joined
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.yearly import YearSettings
from tests.compliance.person_facts import DAY, GUARD, ME, OTHER, done, judged, knowledge_of, roster

SPAN = DaySpan(date(2026, 9, 24), date(2027, 11, 23))
THIS_YEAR = school_year_beginning(2026, "09-01")


def facts(snapshot: Snapshot | None = None, **changes: object) -> CalendarFacts:
    known = snapshot or knowledge_of()
    made = CalendarFacts(known, judged(known), YearSettings(), adoptions={}, requests={}, done={})
    return replace(made, **changes)  # type: ignore[arg-type]


def found(known: CalendarFacts, *kinds: DueKind, span: DaySpan = SPAN) -> dict[str, DueItem]:
    """Return the entries of these kinds by their key, written with dots."""
    return {".".join(one.key): one for one in entries_of(known, span) if one.kind in kinds}


def days(entries: Mapping[str, DueItem]) -> dict[str, tuple[str, str]]:
    return {key: (str(one.due), one.standing(DAY).value) for key, one in entries.items()}


def adopted(agreement: str, day: date) -> dict[str, Adoption]:
    return {agreement: Adoption(agreement, day, "minutes of the board", None, "A. Roe", day)}


def with_roster(**changes: object) -> Snapshot:
    return knowledge_of(people=replace(roster(), **changes))  # type: ignore[arg-type]


def test_an_agreement_is_to_be_reviewed_and_adopted() -> None:
    entries = found(facts(), DueKind.REVIEW, DueKind.ADOPTION)

    assert days(entries) == {
        "review.quarry-26": ("2026-09-02", "overdue"),
        "adoption.quarry-26": ("2026-09-02", "overdue"),
        "review.heron-26": ("2026-09-02", "overdue"),
        "adoption.heron-26": ("2026-09-02", "overdue"),
    }
    assert entries["review.quarry-26"].about == "Quarryville Police"


def test_an_adopted_agreement_is_done_and_comes_up_again_a_year_later() -> None:
    entries = found(facts(adoptions=adopted("quarry-26", date(2026, 8, 12))), DueKind.REVIEW, DueKind.ADOPTION)

    assert {key: told for key, told in days(entries).items() if "quarry" in key} == {
        "review.quarry-26": ("2026-09-02", "done"),
        "adoption.quarry-26": ("2026-09-02", "done"),
        "review-next.quarry-26": ("2027-08-12", "due"),
        "adoption-next.quarry-26": ("2027-08-12", "due"),
    }
    assert entries["adoption.quarry-26"].note == "minutes of the board"


def test_a_review_due_in_june_after_an_adoption_in_august_is_still_to_come() -> None:
    agreement = replace(roster().agreements["quarry-26"], adopted_on=date(2026, 8, 20), review_due=date(2027, 6, 1))
    entries = found(facts(with_roster(agreements={"quarry-26": agreement})), DueKind.REVIEW, DueKind.ADOPTION)

    assert days(entries) == {
        "review.quarry-26": ("2027-06-01", "due"),
        "adoption.quarry-26": ("2026-08-20", "done"),
        "adoption-next.quarry-26": ("2027-08-20", "due"),
    }


def test_an_agreement_that_ended_without_adoption_asks_for_nothing_any_more() -> None:
    agreement = replace(roster().agreements["quarry-26"], ends=date(2026, 11, 22))

    assert found(facts(with_roster(agreements={"quarry-26": agreement})), DueKind.REVIEW, DueKind.ADOPTION) == {}


def test_students_are_told_at_each_building_with_staff_and_families_once() -> None:
    span = DaySpan(date(2026, 9, 24), date(2027, 8, 31))

    assert days(found(facts(), DueKind.STUDENTS, DueKind.FAMILIES, DueKind.OSPI, span=span)) == {
        "students.2026-27.Fir ES": ("2026-10-02", "overdue"),
        "students.2026-27.Pinehill HS": ("2026-10-02", "overdue"),
        "families.2026-27": ("2026-10-01", "overdue"),
        "ospi.2026-27": ("None", "no day set"),
    }


def test_a_building_whose_first_staff_comes_later_has_its_days_from_then_on() -> None:
    late = Assignment(ME, "quarry", "quarry-26", date(2026, 11, 16), None, "", (("Elm ES", Decimal(1)),))
    before = replace(late, starts=date(2025, 9, 1), ends=date(2026, 8, 31), buildings=(("Old MS", Decimal(1)),))
    entries = found(facts(with_roster(assignments=(late, before))), DueKind.STUDENTS)

    assert days(entries) == {
        "students.2026-27.Elm ES": ("2026-12-16", "due"),
        "students.2027-28.Elm ES": ("2027-10-01", "due"),
    }


def test_postings_hold_the_first_day_of_the_year_at_each_building() -> None:
    assert postings(roster(), THIS_YEAR) == {"Fir ES": date(2026, 9, 2), "Pinehill HS": date(2026, 9, 2)}
    assert postings(roster(), school_year_beginning(2027, "09-01"))["Fir ES"] == date(2027, 9, 1)
    assert postings(roster(), school_year_beginning(2025, "09-01")) == {}


def test_a_school_year_without_staff_owes_nothing() -> None:
    assert found(facts(knowledge_of(people=Roster({}, {}, {}, ()))), *DueKind) == {}


def test_the_districts_own_days_are_those_of_its_settings() -> None:
    settings = YearSettings(begins="08-24", duties_within_days=14, ospi_due="07-15")
    entries = found(facts(settings=settings), DueKind.FAMILIES, DueKind.OSPI, span=DaySpan(DAY, DAY))

    assert days(entries) == {"families.2026-27": ("2026-09-07", "overdue"), "ospi.2026-27": ("2027-07-15", "due")}


def test_a_report_without_a_day_stands_in_the_list_of_its_own_school_year_only() -> None:
    assert set(found(facts(), DueKind.OSPI)) == {"ospi.2026-27"}


def test_a_duty_that_was_done_is_done_in_its_own_year_and_building_only() -> None:
    one = DutyDone("students", "2026-27", "Fir ES", date(2026, 9, 16), "assembly", None, "A. Roe", DAY)
    entries = found(facts(done={joined("students", "2026-27", "Fir ES"): one}), DueKind.STUDENTS)

    assert {key for key, entry in entries.items() if entry.done_on} == {"students.2026-27.Fir ES"}
    assert entries["students.2026-27.Fir ES"].note == "assembly"


def test_a_request_is_due_on_the_day_of_its_reminder() -> None:
    packet = KeptFile("0" * 64, "request.pdf", "application/pdf", 9)
    asked = date(2026, 11, 2)
    one = EsdRequest("Q-2026-0001", ME, ("classroom",), "ESD 900", asked, "A. Roe", date(2026, 12, 2), packet)
    answered = replace(one, request_id="Q-2026-0002", answered_on=DAY, answered_by="A. Roe", answer="refused")
    gone = replace(one, request_id="Q-2026-0003", person_id="60001")
    requests = {each.request_id: each for each in (one, answered, gone)}

    assert days(found(facts(requests=requests), DueKind.REQUEST)) == {
        "request.Q-2026-0001": ("2026-12-02", "due"),
        "request.Q-2026-0002": ("2026-12-02", "done"),
    }


def test_each_person_has_the_deadlines_of_the_law_with_the_last_lawful_day_beside_them() -> None:
    known = knowledge_of(done("Rights"), done("Check-in x3"))
    entries = found(facts(known), DueKind.TRAINING)
    mine = {key: (one.due, one.have, one.need) for key, one in entries.items() if one.person_id == ME}

    assert mine == {
        f"training.classroom.{ME}": (date(2027, 3, 2), 1, 13),
        f"training.on-the-job.{ME}": (date(2027, 9, 2), 0, 2),
        f"training.check-in.{ME}": (date(2027, 9, 2), 3, 6),
    }
    assert {one.person_id for one in entries.values()} == {ME, OTHER, GUARD}
    assert f"training.check-in.{GUARD}" not in entries


def test_a_deadline_on_a_saturday_stays_and_is_overdue_only_after_the_next_lawful_day() -> None:
    saturday, monday = date(2026, 11, 21), date(2026, 11, 23)
    one = DueItem(DueKind.TRAINING, ("training", "classroom", ME), saturday, monday, None, ME)

    assert one.standing(monday) is DueState.DUE
    assert one.standing(date(2026, 11, 24)) is DueState.OVERDUE
    assert replace(one, last_day=None).standing(date(2026, 11, 22)) is DueState.OVERDUE
    assert one.standing(saturday) is DueState.DUE


def test_a_finished_component_is_done_on_the_day_that_finished_it() -> None:
    entries = found(facts(knowledge_of(done("All"))), DueKind.TRAINING)

    assert entries[f"training.classroom.{ME}"].done_on == date(2026, 10, 5)


def test_whoever_left_has_no_deadline_any_more() -> None:
    left = tuple(replace(one, ends=date(2026, 11, 22)) for one in roster().assignments)

    assert found(facts(with_roster(assignments=left)), DueKind.TRAINING) == {}


def entry(key: str, due: date | None, done_on: date | None = None) -> DueItem:
    return DueItem(DueKind.FAMILIES, ("families", key), due, due, done_on, "")


OLD = entry("old", date(2026, 3, 3))
OLD_DONE = entry("old done", date(2026, 3, 3), date(2026, 3, 1))
RECENT = entry("recent", date(2026, 10, 1))
RECENT_DONE = entry("recent done", date(2026, 9, 30), date(2026, 9, 29))
COMING = entry("coming", date(2027, 11, 23))
BEYOND = entry("beyond", date(2027, 11, 24))
NO_DAY = entry("no day", None)
EVERY = (NO_DAY, BEYOND, COMING, RECENT_DONE, RECENT, OLD_DONE, OLD)


def test_whatever_is_overdue_comes_first_however_old_and_what_has_no_day_last() -> None:
    assert of_span(EVERY, SPAN, today=DAY) == (OLD, RECENT, RECENT_DONE, COMING, NO_DAY)


def test_days_that_somebody_names_are_meant_exactly() -> None:
    assert of_span(EVERY, replace(SPAN, exact=True), today=DAY) == (RECENT, RECENT_DONE, COMING)


@pytest.mark.parametrize("day", [SPAN.first, SPAN.last])
def test_both_ends_of_a_span_belong_to_it(day: date) -> None:
    one = entry("edge", day, done_on=day)

    assert of_span([one], SPAN, today=DAY) == (one,)
