"""Who is posted at one building: the people, the days and the state, and nothing else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from lms_sync.compliance.posted import BuildingList, build_building, buildings
from lms_sync.law.series import load
from lms_sync.law.standing import State
from lms_sync.model.roster import Assignment, Roster
from lms_sync.reports.principal.email import building_email, days_words
from lms_sync.reports.templates import Templates, template_environment
from tests.compliance.person_facts import DAY, GUARD, ME, OTHER, done, judged, knowledge_of, roster

VOICE = Templates(template_environment(None), load().names, ZoneInfo("America/Los_Angeles"))


def posted_at(name: str, people: Roster | None = None) -> BuildingList:
    snapshot = knowledge_of(done("Rights"), people=people)
    return build_building(snapshot, judged(snapshot), name)


def with_more(*more: Assignment) -> Roster:
    town = roster()
    return replace(town, assignments=(*town.assignments, *more))


def test_it_lists_who_is_posted_there_with_days_and_state() -> None:
    told = [(one.person_id, one.days, one.state) for one in posted_at("Pinehill HS").people]
    assert told == [(OTHER, Decimal(5), State.ON_PLAN), (ME, Decimal("2.5"), State.ON_PLAN)]


def test_a_name_is_found_without_case_and_stray_blanks() -> None:
    assert len(posted_at(" pinehill  hs").people) == 2


def test_nobody_whose_assignment_has_ended_or_not_begun_is_listed() -> None:
    past = Assignment(GUARD, "heron", "heron-26", date(2026, 9, 2), date(2026, 11, 22), "", (("Elm ES", Decimal(1)),))
    coming = Assignment(ME, "quarry", "quarry-26", date(2026, 11, 24), None, "", (("Elm ES", Decimal(1)),))
    assert posted_at("Elm ES", with_more(past, coming)).people == ()
    last_day = replace(past, ends=DAY)
    assert [one.person_id for one in posted_at("Elm ES", with_more(last_day, coming)).people] == [GUARD]


def test_two_assignments_to_one_building_are_one_line() -> None:
    second = Assignment(ME, "heron", "heron-26", date(2026, 9, 2), None, "Driver", (("Pinehill HS", Decimal(1)),))
    mine = next(one for one in posted_at("Pinehill HS", with_more(second)).people if one.person_id == ME)
    assert (mine.days, mine.position) == (Decimal("3.5"), "Guard, Driver")


def test_the_e_mail_tells_the_state_and_no_requirement_and_nobody_elsewhere() -> None:
    email = building_email(posted_at("Fir ES"), VOICE)
    for part in (email.html, email.text):
        assert "Lindqvist, Dovid" in part
        assert "5 days a week" in part
        assert "→ On plan" in part
        for word in ("Marshbane", "Quillfeather", "Heronmere", "topic", "check-in", "De-escalation", "RCW"):
            assert word.casefold() not in part.casefold()
    assert email.subject == "Safety and security staff at Fir ES, 23 November 2026"


def test_an_empty_building_says_so() -> None:
    email = building_email(posted_at("Elm ES"), VOICE)
    assert "Nobody is posted at this building on this day." in email.text
    assert "Nobody is posted at this building on this day." in email.html


def test_days_a_week_are_written_without_trailing_zeros() -> None:
    assert [days_words(Decimal(n)) for n in ("1", "2.50", "10", "0.5", "0")] == [
        "1 day a week",
        "2.5 days a week",
        "10 days a week",
        "0.5 days a week",
        "days a week not recorded",
    ]


def test_the_roster_tells_its_buildings() -> None:
    assert buildings(roster().assignments) == ("Fir ES", "Pinehill HS")
