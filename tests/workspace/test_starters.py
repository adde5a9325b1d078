"""Before assignment (RCW 28A.400.345(1)): who may start on a day, and who starts soon without a decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Person, Roster, StaffClass
from lms_sync.workspace.roster.starters import AHEAD, may_start, next_start, starter_findings, starts

DAY = date(2026, 12, 1)
TODAY = date(2026, 11, 23)
PARTNERS = {
    "quarry": Partner("quarry", "Quarryville Police", PartnerKind.LAW_ENFORCEMENT, (), (), Cadence.WEEKLY),
    "own": Partner("own", "Safety Office", PartnerKind.DISTRICT, (), (), Cadence.WEEKLY),
}
AGREEMENT = Agreement("Q-26", "quarry", "2026-27", date(2026, 9, 1), date(2027, 8, 31))
PERSON = Person("70101", "Quillfeather", "Adabelle", staff_class=StaffClass.SRO, first_day=DAY)
START = Assignment(
    "70101", "quarry", "Q-26", DAY, None, series="required", decided_by="A. Roe", decided_on=date(2026, 11, 20)
)


def roster(start: Assignment = START, person: Person = PERSON, agreement: Agreement = AGREEMENT) -> Roster:
    return Roster(PARTNERS, {agreement.agreement_id: agreement}, {person.person_id: person}, (start,))


def obstacles(found: Roster, day: date = DAY) -> list[str]:
    return [obstacle.code for obstacle in may_start(found, "70101", on=day).obstacles]


def test_with_everything_recorded_the_person_may_start() -> None:
    answer = may_start(roster(), "70101", on=DAY)
    assert answer.may_start
    assert answer.decisions == ("Quarryville Police: series required, decided by A. Roe on 20 Nov 2026",)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (roster(person=replace(PERSON, staff_class=None)), "class"),
        (roster(person=replace(PERSON, first_day=None)), "first-day"),
        (roster(replace(START, series="")), "decision"),
        (roster(replace(START, decided_by="")), "decision"),
        (roster(replace(START, decided_on=None)), "decision"),
        (roster(replace(START, decided_on=DAY + timedelta(days=1))), "decision"),
        (roster(replace(START, agreement_id=None)), "agreement"),
        (roster(replace(START, agreement_id="gone")), "agreement"),
        (roster(agreement=replace(AGREEMENT, starts=DAY + timedelta(days=1))), "agreement"),
        (roster(agreement=replace(AGREEMENT, ends=DAY - timedelta(days=1))), "agreement"),
        (roster(agreement=replace(AGREEMENT, adopted_on=DAY + timedelta(days=1))), "agreement"),
        (roster(replace(START, starts=DAY + timedelta(days=1))), "assignment"),
        (roster(replace(START, ends=DAY - timedelta(days=1), starts=TODAY)), "assignment"),
    ],
)
def test_one_thing_that_is_not_there_is_one_obstacle(changed: Roster, code: str) -> None:
    assert obstacles(changed) == [code]
    assert all(one.found and one.remedy for one in may_start(changed, "70101", on=DAY).obstacles)


@pytest.mark.parametrize(
    "sound",
    [
        roster(replace(START, decided_on=DAY)),
        roster(agreement=replace(AGREEMENT, starts=DAY, ends=DAY, adopted_on=DAY)),
        roster(agreement=replace(AGREEMENT, ends=None)),
        roster(replace(START, partner_id="own", agreement_id=None)),
        roster(replace(START, ends=DAY)),
    ],
)
def test_the_edges_are_included(sound: Roster) -> None:
    assert obstacles(sound) == []


def test_a_day_after_the_agreement_is_not_in_force() -> None:
    assert obstacles(roster(), date(2027, 9, 1)) == ["agreement"]


def test_every_assignment_of_the_day_must_be_decided() -> None:
    second = replace(START, partner_id="own", agreement_id=None, series="")
    found = replace(roster(), assignments=(START, second))
    assert obstacles(found) == ["decision"]
    assert len(may_start(found, "70101", on=DAY).decisions) == 1


def test_starters_are_found_for_thirty_days_both_ends_included() -> None:
    assert AHEAD.days == 30
    for day, expected in [
        (DAY, 1),
        (DAY - AHEAD, 1),
        (DAY - AHEAD - timedelta(days=1), 0),
        (DAY + timedelta(days=1), 0),
    ]:
        assert len(starts(roster(), since=day, until=day + AHEAD)) == expected


def test_a_first_day_with_students_during_an_older_assignment_is_a_start() -> None:
    (start,) = starts(roster(replace(START, starts=date(2026, 9, 1))), since=TODAY, until=TODAY + AHEAD)
    assert start.day == DAY
    ended = replace(START, starts=date(2026, 9, 1), ends=date(2026, 10, 1))
    assert starts(roster(ended), since=TODAY, until=TODAY + AHEAD) == ()


def test_the_next_start_is_the_earliest_to_come_else_today() -> None:
    later = replace(START, starts=date(2027, 1, 4))
    found = replace(roster(), assignments=(later, START))
    assert next_start(found, "70101", since=TODAY) == DAY
    assert next_start(found, "70101", since=date(2027, 2, 1)) == date(2027, 2, 1)


def test_whoever_is_ready_is_no_finding() -> None:
    assert starter_findings(roster(), as_of=TODAY) == ()


def test_each_thing_that_is_missing_is_a_finding_of_its_own() -> None:
    unready = roster(replace(START, series=""), replace(PERSON, staff_class=None, first_day=None))
    found = starter_findings(unready, as_of=TODAY)
    assert [one.code for one in found] == ["starter-not-ready"] * 3
    assert all(one.people == ("70101",) and one.area == "person" for one in found)
    assert len({one.id for one in found}) == 3


def test_a_starters_finding_keeps_its_id_from_night_to_night_until_it_is_settled() -> None:
    unready = roster(replace(START, series=""), replace(PERSON, staff_class=None))
    nights = [starter_findings(unready, as_of=TODAY + timedelta(days=n)) for n in range(9)]
    assert len({tuple(one.id for one in found) for found in nights}) == 1
    decided = starter_findings(roster(replace(START, series="")), as_of=TODAY)
    assert {one.id for one in decided} < {one.id for one in nights[0]}


def test_starters_of_a_month_ahead_are_left_in_peace() -> None:
    assert starter_findings(roster(replace(START, series="")), as_of=DAY - AHEAD - timedelta(days=1)) == ()
