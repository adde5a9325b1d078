"""The two TOML files: what they must hold, which version is in force, and what is refused."""

import re
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest

from lms_sync.errors import UsageError
from lms_sync.law.rules import judge
from lms_sync.law.series import Counts, Law, load, parse
from lms_sync.law.standing import PersonEvidence, StaffClock
from lms_sync.model.roster import StaffClass

LAW = load()
TOPICS, SERIES = LAW.texts["topics"], LAW.texts["series"]
ACT = date(2021, 7, 25)

LATER = """
[[version]]
id = "2030-01-01"
in_force_from = 2030-01-01
citation = "made up for this test"
confidence = "none"
[[version.components]]
id = "classroom"
name = "classroom topics"
counts = "topics"
topics = ["topic-01", "topic-02"]
need = { SRO = 1, other = 1 }
months = 3
citation = "made up for this test"
"""


def test_the_thirteen_topics_stand_in_the_laws_order() -> None:
    assert [topic.number for topic in LAW.topics] == list(range(1, 14))
    assert "".join(topic.letter for topic in LAW.topics) == "abcdefghijklm"
    assert [topic.id for topic in LAW.topics] == [f"topic-{number:02}" for number in range(1, 14)]
    assert all(topic.reference == f"RCW 28A.310.515(2)({topic.letter})" for topic in LAW.topics)
    assert {topic.in_force_from for topic in LAW.topics} == {ACT}


def test_names_are_short_and_wordings_are_not_names_of_courses() -> None:
    assert all(0 < len(name) <= 32 for name in LAW.names.values())
    assert len(set(LAW.names.values())) == 13
    assert list(LAW.wordings) == list(range(1, 14))
    assert LAW.wordings[10] == "De-escalation techniques when working with youth or groups of youth"
    assert LAW.wordings[6].endswith("English learner, LGBTQ, immigrant, female, and nonbinary students")


def test_the_series_is_that_of_the_act() -> None:
    series = LAW.on(ACT)
    assert series.id == "2021-07-25"
    assert [(c.id, c.counts, c.months) for c in series.components] == [
        ("classroom", Counts.TOPICS, 6),
        ("on-the-job", Counts.DATES, 12),
        ("check-in", Counts.AMOUNTS, 12),
    ]
    assert series.components[0].topics == tuple(LAW.names)
    assert [c.need for c in series.components] == [
        {StaffClass.SRO: 1, StaffClass.OTHER: 1},
        {StaffClass.SRO: 2, StaffClass.OTHER: 2},
        {StaffClass.OTHER: 6},
    ]


def test_everything_is_cited() -> None:
    for version in LAW.versions:
        assert "RCW 28A.400.345" in version.citation
        assert version.confidence
        assert all("RCW 28A.400.345(2)" in component.citation for component in version.components)
        assert all(re.match(r"[VIM]\b", reading.confidence) for reading in version.readings)


def test_no_series_was_in_force_before_the_act() -> None:
    with pytest.raises(UsageError, match=r"24 Jul 2021.*25 Jul 2021") as caught:
        LAW.on(ACT - timedelta(days=1))
    assert "25 Jul 2021" in caught.value.hint


def test_a_stored_text_parses_to_the_same_law() -> None:
    assert parse(TOPICS, SERIES) == LAW


def test_the_law_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        LAW.versions[0].id = "another"  # type: ignore[misc]


@pytest.fixture
def changed() -> Law:
    return parse(TOPICS, SERIES + LATER)


def test_a_new_version_is_in_force_from_its_day(changed: Law) -> None:
    assert changed.on(date(2029, 12, 31)).id == "2021-07-25"
    assert changed.on(date(2030, 1, 1)).id == "2030-01-01"


def test_a_new_version_leaves_past_judgements_as_they_were(changed: Law) -> None:
    clock = StaffClock(StaffClass.SRO, date(2029, 9, 4))
    before = date(2029, 12, 31)
    assert judge(clock, PersonEvidence(), as_of=before, law=changed) == judge(
        clock, PersonEvidence(), as_of=before, law=LAW
    )
    after = judge(clock, PersonEvidence(), as_of=date(2030, 1, 1), law=changed)
    assert [s.requirement for s in after.standings] == ["topic-01", "topic-02"]
    assert {s.due for s in after.standings} == {date(2029, 12, 4)}


@pytest.mark.parametrize(
    ("topics", "series", "message"),
    [
        (TOPICS.replace('letter = "c"', 'leter = "c"'), SERIES, r"topics.toml, topic topic-03: unknown \['leter'\]"),
        (TOPICS.replace('letter = "c"\n', ""), SERIES, "topics.toml, topic topic-03: .*letter"),
        (TOPICS.replace('id = "topic-03"', 'id = "topic-02"'), SERIES, "topics.toml: topic topic-02 .*twice"),
        (TOPICS.replace("[[topic]]", "[[subject]]"), SERIES, r"topics.toml: found \['subject'\]"),
        (TOPICS, "[[version", "series.toml: "),
        (TOPICS, "version = []", "series.toml: no version"),
        (TOPICS, SERIES.replace("other = 6", "guard = 6"), "component check-in: 'guard' is not a valid StaffClass"),
        (TOPICS, SERIES.replace('counts = "dates"', 'counts = "hours"'), "component on-the-job: 'hours'"),
        (TOPICS, SERIES.replace('"topic-13",', '"topic-14",'), "topics.toml has no topic-14 in force then"),
        (TOPICS, SERIES.replace('"topic-13",', '"topic-12",'), "requirement topic-12 is there twice"),
        (TOPICS, SERIES.replace('id = "two-dates"', 'id = "no-restart"'), "reading no-restart is there twice"),
        (TOPICS, SERIES + SERIES, "version 2021-07-25 is there twice"),
        (TOPICS, SERIES + LATER.replace("2030-01-01", "2020-01-01"), "each after the one before"),
    ],
)
def test_a_broken_law_is_refused_with_its_place(topics: str, series: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(topics, series)
