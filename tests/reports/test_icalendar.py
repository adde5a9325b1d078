"""The calendar as rows, JSON and iCalendar: read back, replaced, and safe with whatever people wrote."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Component

from lms_sync.agreements.year.calendar_pages import CalendarPage, calendar_ical, calendar_json, calendar_rows, what
from lms_sync.agreements.year.entry import DueItem, DueKind

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 16, 10, 5, 250_000, tzinfo=UTC)
REVIEW = DueItem(
    DueKind.REVIEW,
    ("review", "HARBOR-26"),
    date(2027, 8, 13),
    date(2027, 8, 13),
    None,
    "HARBOR-26",
    about="Harbor Police Department",
    citation="RCW 28A.320.1242",
)
ADOPTED = replace(
    REVIEW, kind=DueKind.ADOPTION, key=("adoption", "HARBOR-26"), done_on=date(2026, 8, 13), note="minutes, item 7"
)
STUDENTS = DueItem(
    DueKind.STUDENTS,
    ("students", "2026-27", "Lincoln HS"),
    date(2026, 10, 1),
    date(2026, 10, 1),
    None,
    "Lincoln HS",
    school_year="2026-27",
    citation="Policy 4311",
)
OSPI = replace(STUDENTS, kind=DueKind.OSPI, key=("ospi", "2026-27"), due=None, last_day=None, subject="")
FAMILIES = replace(OSPI, kind=DueKind.FAMILIES, key=("families", "2026-27"), due=date(2026, 12, 1))
REQUEST = DueItem(
    DueKind.REQUEST,
    ("request", "Q-2026-0001"),
    date(2026, 12, 24),
    date(2026, 12, 24),
    None,
    "Q-2026-0001",
    about="ESD 113",
    person_id="00417",
)
TRAINING = DueItem(
    DueKind.TRAINING,
    ("training", "classroom", "00417"),
    date(2027, 8, 1),
    date(2027, 8, 2),
    None,
    "00417",
    about="classroom",
    person_id="00417",
    citation="RCW 28A.400.345(2)(b): within six months",
    have=9,
    need=13,
)
EVERY = (STUDENTS, FAMILIES, REQUEST, REVIEW, ADOPTED, TRAINING, OSPI)
NAMES = {"00417": "Sample, Robin"}


def sheet(*entries: DueItem, **changes: object) -> CalendarPage:
    made = CalendarPage("Tacoma Public Schools", "tps", entries or EVERY, {}, TODAY, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def events(content: bytes) -> dict[str, Component]:
    return {str(one["uid"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def test_an_entry_reads_as_a_person_would_write_it() -> None:
    assert [what(one, {}) for one in EVERY] == [
        "Presentation to students at Lincoln HS, 2026-27",
        "Information for families about safety and security staff, 2026-27",
        "Remind ESD 113 of request Q-2026-0001 about person 00417",
        "Review the agreement with Harbor Police Department (HARBOR-26)",
        "Board adopts the agreement with Harbor Police Department (HARBOR-26)",
        "Person 00417: classroom training, 9 of 13 subjects",
        "Report to the state superintendent (OSPI), 2026-27",
    ]


def test_people_are_named_only_where_somebody_asked_for_names() -> None:
    noted = replace(TRAINING, done_on=TODAY, note="Robin was there")
    quiet, named = (calendar_ical(sheet(noted, REQUEST, names=names)) for names in ({}, NAMES))

    assert b"Robin" not in quiet
    assert str(events(named)["request.Q-2026-0001@tps.lms-sync"]["summary"]).endswith("about Sample, Robin (00417)")
    assert "Robin was there" in str(events(named)["training.classroom.00417@tps.lms-sync"]["description"])


def test_every_entry_with_a_day_is_an_event_of_that_whole_day() -> None:
    found = events(calendar_ical(sheet()))

    assert sorted(found) == [
        "adoption.HARBOR-26@tps.lms-sync",
        "families.2026-27@tps.lms-sync",
        "request.Q-2026-0001@tps.lms-sync",
        "review.HARBOR-26@tps.lms-sync",
        "students.2026-27.Lincoln%20HS@tps.lms-sync",
        "training.classroom.00417@tps.lms-sync",
    ]
    review = found["review.HARBOR-26@tps.lms-sync"]
    assert (review.decoded("dtstart"), review.decoded("dtend")) == (date(2027, 8, 13), date(2027, 8, 14))
    assert str(review["transp"]) == "TRANSPARENT"


def test_signs_and_words_tell_what_is_done_and_what_is_overdue() -> None:
    found = events(calendar_ical(sheet()))

    assert str(found["adoption.HARBOR-26@tps.lms-sync"]["summary"]).startswith("✓ Board adopts")
    assert "Done on 13 Aug 2026." in str(found["adoption.HARBOR-26@tps.lms-sync"]["description"])
    assert "minutes, item 7" in str(found["adoption.HARBOR-26@tps.lms-sync"]["description"])
    assert str(found["students.2026-27.Lincoln%20HS@tps.lms-sync"]["summary"]).startswith("Overdue: Presentation")
    assert "last lawful day is 2 Aug 2027" in str(found["training.classroom.00417@tps.lms-sync"]["description"])


def test_what_is_to_come_reminds_two_weeks_ahead_and_nothing_else_does() -> None:
    alarms = {uid: one.walk("VALARM") for uid, one in events(calendar_ical(sheet())).items()}

    assert {uid for uid, found in alarms.items() if not found} == {
        "adoption.HARBOR-26@tps.lms-sync",
        "students.2026-27.Lincoln%20HS@tps.lms-sync",
    }
    assert alarms["review.HARBOR-26@tps.lms-sync"][0].decoded("trigger") == timedelta(days=-14)


def test_a_duty_without_a_day_is_in_the_table_and_in_the_calendar_only_once_it_is_done() -> None:
    assert ["no day set", "", what(OSPI, {}), "", "Policy 4311"] in calendar_rows(sheet())
    assert events(calendar_ical(sheet(OSPI))) == {}

    done = events(calendar_ical(sheet(replace(OSPI, done_on=date(2027, 7, 10)))))
    assert done["ospi.2026-27@tps.lms-sync"].decoded("dtstart") == date(2027, 7, 10)


def test_the_same_facts_at_the_same_instant_are_the_same_bytes() -> None:
    assert calendar_ical(sheet()) == calendar_ical(sheet())


def test_a_later_file_replaces_each_event_of_the_one_before() -> None:
    before = events(calendar_ical(sheet()))
    changed = tuple(replace(one, due=date(2027, 9, 1), done_on=TODAY, about="Another name") for one in EVERY[:-1])
    after = events(calendar_ical(sheet(*changed, now=NOW + timedelta(seconds=1))))

    assert before.keys() == after.keys()
    for uid, old in before.items():
        assert after[uid].decoded("sequence") > old.decoded("sequence")
        assert after[uid].decoded("dtstamp") > old.decoded("dtstamp")
        assert after[uid].decoded("last-modified") > old.decoded("last-modified")
        assert str(after[uid]["summary"]).startswith("✓ ")


def test_a_sequence_stays_a_number_that_calendar_programs_hold() -> None:
    late = events(calendar_ical(sheet(REVIEW, now=datetime(2080, 1, 1, tzinfo=UTC))))

    assert late["review.HARBOR-26@tps.lms-sync"].decoded("sequence") < 2**31


HOSTILE = "X\r\nBEGIN:VEVENT\r\nSUMMARY:mine\x00\x07;,\\ \u202e“" + "long " * 60


def test_what_people_wrote_never_becomes_a_line_of_the_file() -> None:
    one = replace(REVIEW, key=("review", HOSTILE), subject=HOSTILE, about=HOSTILE, citation=HOSTILE)
    content = calendar_ical(sheet(one, replace(ADOPTED, note=HOSTILE), district=HOSTILE, district_id="a b\r\nc"))
    lines = content.split(b"\r\n")

    assert len(events(content)) == 2
    assert all(len(line) <= 75 for line in lines)
    assert not any(byte < 32 for line in lines for byte in line)
    assert [line for line in lines if line.startswith(b"SUMMARY:mine")] == []
    assert b"\xe2\x80\xae" not in content


def test_two_ids_that_differ_in_a_sign_have_two_uids() -> None:
    ids = ("A B", "A.B", "A/B", "a b", "A%20B")
    found = events(calendar_ical(sheet(*(replace(REVIEW, key=("review", one)) for one in ids))))

    assert len(found) == len(ids)


def test_json_holds_the_same_entries_with_days_as_iso_8601() -> None:
    told = calendar_json(sheet())

    assert [one["id"] for one in told][:2] == ["students.2026-27.Lincoln%20HS", "families.2026-27"]
    assert told[5] == {
        "id": "training.classroom.00417",
        "kind": "training",
        "state": "due",
        "due": "2027-08-01",
        "last_day": "2027-08-02",
        "done_on": None,
        "what": "Person 00417: classroom training, 9 of 13 subjects",
        "subject": "00417",
        "person": "00417",
        "school_year": "",
        "have": 9,
        "need": 13,
        "source": "RCW 28A.400.345(2)(b): within six months",
    }


@pytest.mark.parametrize(
    ("one", "state", "lawful"),
    [(STUDENTS, "overdue", ""), (ADOPTED, "✓ done 13 Aug 2026", ""), (TRAINING, "due", "2 Aug 2027")],
)
def test_a_row_tells_the_state_in_words_and_the_last_lawful_day_of_the_laws_deadlines(
    one: DueItem, state: str, lawful: str
) -> None:
    row = calendar_rows(sheet(one))[0]

    assert (row[1], row[3]) == (state, lawful)
