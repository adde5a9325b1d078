"""The sittings of a plan as a calendar file, and by class: who goes together."""

from dataclasses import replace
from datetime import date
from typing import Any

from icalendar import Calendar

from lms_sync.compliance.gate import made_up
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.partner.calendar_file import sittings_ical
from lms_sync.reports.partner.sittings import SittingLine, sitting_lines

PLANS = {person.person_id: person for person in sample_plan().people}


def lines() -> tuple[SittingLine, ...]:
    return sitting_lines(sample_report(), PLANS)


def test_a_sitting_stands_once_with_everybody_who_goes() -> None:
    assert [(line.what, line.closes, len(line.names)) for line in lines()] == [
        ("De-escalation and rights", "topics 1, 10", 1),
        ("Youth topics online", "topics 1, 2, 4, 7", 2),
        ("School safety summit", "topics 1–12", 2),
    ]


def test_each_is_an_event_of_whole_days_with_place_and_names() -> None:
    calendar = Calendar.from_ical(sittings_ical(sample_report(), lines()))
    events: list[Any] = list(calendar.walk("VEVENT"))
    assert [(event["dtstart"].dt, event["dtend"].dt) for event in events] == [
        (date(2026, 12, 3), date(2026, 12, 4)),
        (date(2026, 12, 20), date(2026, 12, 21)),  # self-paced: the day to finish by
        (date(2027, 2, 2), date(2027, 2, 5)),
    ]
    assert events[2]["location"] == "Fernwick"
    assert "Who: Đặng, Thị Mai (Mai) and Underhill, Pax." in events[2]["description"]
    assert len({event["uid"] for event in events}) == 3
    three = replace(lines()[2], names=tuple(map(made_up, ("Lee, Ann", "Ma, Bo", "Ng, Cy"))))
    (event,) = Calendar.from_ical(sittings_ical(sample_report(), (three,))).walk("VEVENT")
    assert "Who: Lee, Ann; Ma, Bo and Ng, Cy." in str(event["description"])


def test_the_same_report_gives_the_same_bytes_and_nothing_planned_no_file() -> None:
    assert sittings_ical(sample_report(), lines()) == sittings_ical(sample_report(), lines())
    assert sittings_ical(sample_report(), ()) == b""


def test_no_text_starts_a_line_of_its_own() -> None:
    first = replace(lines()[0], what=made_up("Calm; x, y\\z"), names=(made_up("Evil"),))
    content = sittings_ical(sample_report(), (first,))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["summary"] == "Planned: Calm; x, y\\z"
