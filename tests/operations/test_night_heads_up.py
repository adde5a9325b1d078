"""A principal's heads-up: opted in, released by a person, once a month, and of one building only."""

from datetime import UTC, date, datetime

import pytest

from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.release import release_held
from lms_sync.workspace.start.workbooks import Line
from tests.operations.night_files import CHIEF, HR, SETTINGS, assignment_line, roster
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

PRINCIPAL = "principal@pinehill.example.org"
KEY = "building:Elm ES"


def opted_in(town: Town, name: str = "Elm ES", principal: str = PRINCIPAL) -> None:
    section = f'\n[[building]]\nname = "{name}"\nprincipal = "{principal}"\n'
    town.write("lms_sync.toml", SETTINGS + section)


def posted(town: Town) -> None:
    """Post one person of each partner at Elm ES, and the rest elsewhere."""
    places = {"70101": "elm es: 3; Fir ES: 2", "70102": "Fir ES: 5", "80201": "Elm ES: 5"}
    lines: list[Line] = [{**assignment_line(i), "Buildings": where} for i, where in places.items()]
    town.write("roster.xlsx", roster(assignments=[*lines, assignment_line("80202"), assignment_line("90301")]))


def months(town: Town) -> list[str]:
    """Return the subjects' days of what the principal received."""
    return [str(one["Subject"]).partition(", ")[2] for one in town.to(PRINCIPAL)]


def test_a_building_that_is_not_opted_in_is_told_nothing(town: Town) -> None:
    posted(town)
    town.night()
    assert town.deliveries(KEY) == []


def test_it_is_held_until_a_person_releases_the_principals_address(town: Town) -> None:
    posted(town)
    opted_in(town)
    night = town.night()
    (held,) = town.deliveries(KEY)
    assert held.state is DeliveryState.HELD
    assert f"released {PRINCIPAL} for this building" in held.detail
    assert town.to(PRINCIPAL) == []
    assert night.summary is not None
    assert KEY in [message.to for message in night.summary.messages]
    town.night(days=1)
    assert [one.delivery_id for one in town.deliveries(KEY)] == [held.delivery_id]
    town.release(hours=6)
    (told,) = town.to(PRINCIPAL)
    assert "Quillfeather, Adabelle" in text_of(told)


def test_it_names_who_is_posted_there_and_nobody_else(town: Town) -> None:
    posted(town)
    opted_in(town)
    town.night()
    town.release(hours=1)
    (told,) = town.to(PRINCIPAL)
    for kind in ("plain", "html"):
        text = text_of(told, kind)
        assert all(name in text for name in ("Quillfeather", "Marshbane", "3 days a week", "5 days a week"))
        assert not any(name in text for name in ("Rookhurst", "Lindqvist", "Stonewell", "Quarryville", "Heronmere"))
    assert list(told.iter_attachments()) == []


def test_it_comes_once_a_month_on_the_first_night_that_runs(town: Town) -> None:
    posted(town)
    opted_in(town)
    town.night()
    town.release(hours=6)
    town.now = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)  # still the last of November where the district is
    town.night()
    assert months(town) == ["23 November 2026"]
    town.now = datetime(2026, 12, 3, 10, 10, tzinfo=UTC)  # the nights of the first and the second did not run
    town.night(rehearsal=True)
    assert months(town) == ["23 November 2026"]
    town.night()
    town.night(days=1)
    assert months(town) == ["23 November 2026", "3 December 2026"]


def test_a_building_that_nobody_is_ever_posted_at_is_a_finding_and_no_message(town: Town) -> None:
    posted(town)
    opted_in(town, name="Elmm ES")
    town.night()
    assert town.deliveries("building:Elmm ES") == []
    (found,) = town.findings("building-unknown")
    assert 'did you mean "elm es"?' in found.casefold()


def test_a_building_that_was_taken_away_is_not_released(town: Town) -> None:
    posted(town)
    opted_in(town)
    town.night()
    town.write("lms_sync.toml", SETTINGS)
    with town.workspace() as workspace:
        held = tuple(one.delivery_id for one in workspace.store.deliveries.listed(DeliveryState.HELD))
        released = release_held(workspace, Author("A. Roe", "checked", workspace.clock()), delivery_ids=held)
    (refused,) = released.refused
    assert "lms_sync.toml has no [[building]] Elm ES" in str(refused)
    assert len(released.built) == len(held) - 1
    assert [one.state for one in town.deliveries(KEY)] == [DeliveryState.HELD]


def test_an_address_of_a_partner_is_not_told_of_other_partners(town: Town) -> None:
    posted(town)
    opted_in(town, principal=CHIEF.upper())
    town.night()
    (held,) = town.deliveries(KEY)
    assert held.state is DeliveryState.HELD
    assert "listed under partner quarry too" in held.detail


def test_starters_without_a_decision_are_in_hrs_summary_once(town: Town) -> None:
    soon = {**assignment_line("70101"), "Starts": date(2026, 12, 7)}
    town.write("roster.xlsx", roster(assignments=[soon, *(assignment_line(i) for i in ("70102", "80201"))]))
    first = town.night()
    assert [one.code for one in first.new if one.code == "starter-not-ready"] == ["starter-not-ready"]
    summary = " ".join(text_of(town.to(HR)[-1]).split())
    assert "Record 1 fact about people who start soon" in summary
    assert "starts on 7 Dec 2026" in summary
    second = town.night(days=1)
    assert not [one for one in second.new if one.code == "starter-not-ready"]
    decided: Line = {"Series": "required", "Decided by": "A. Roe", "Decided on": date(2026, 11, 24)}
    town.write("roster.xlsx", roster(assignments=[{**soon, **decided}]))
    town.night(days=1)
    assert town.findings("starter-not-ready") == []
