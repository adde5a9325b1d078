"""Suggestions: what titles speak for, what they don't, and how often that is right."""

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms_sync.errors import ConfigError
from lms_sync.files import shipped
from lms_sync.law.series import load
from lms_sync.workspace.mapping.phrases import read_phrases
from lms_sync.workspace.mapping.suggest import KnownTitle, Suggester, suggester

PHRASES = read_phrases(shipped("mappings") / "phrases.toml")
TITLES = Path(__file__).parents[2] / "benchmarks/data/course_titles.csv"


def learnt(*known: KnownTitle) -> Suggester:
    return suggester(PHRASES, load().wordings, known)


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Searches of Students: Reasonable Suspicion", (1,)),
        ("Teen Brain and Decision Making", (2,)),
        ("Adverse Childhood Experiences (ACEs) 101", (3,)),
        ("Youth Mental Health First Aid", (4,)),
        ("Understanding Autism", (5,)),
        ("Implicit Bias in Schools", (6,)),
        ("Court Involved Youth", (8,)),
        ("Youth Diversion Programs in Washington", (9,)),
        ("Right Response Elements", (10,)),
        ("Isolation & Restraint Reporting", (11,)),
        ("Student Records and Confidentiality", (12,)),
        ("Restorative Circles Facilitation", (13,)),
        ("HB 1214 SRO/SSO Training", tuple(range(1, 14))),
        ("Youth Mental Health: Recognize & Respond (HB1214)", (4,)),
    ],
)
def test_a_title_speaks_for_its_topic(title: str, topics: tuple[int, ...]) -> None:
    assert learnt().of(title).topics == topics


@pytest.mark.parametrize(
    "title",
    [
        "Stop the Bleed: Trauma First Aid",
        "Search and Rescue Awareness",
        "De-Escalating Angry Customers by Phone",
        "Diversity Awareness: Staff-to-Staff",
        "Texas Restraint Law",
        "Lockout/Tagout: Energy Isolation",
        "HB 1214 Refresher 2025",
        "Mental Health Awareness",
        "Unit 6",
        "Great Ideas for Circlesaw Owners",
        "",
        "ﷺ",
    ],
)
def test_a_look_alike_gets_no_topic_and_a_reason(title: str) -> None:
    found = learnt().of(title)
    assert (found.topics, bool(found.no_topic)) == ((), True)


def test_a_number_is_said_to_tell_nothing() -> None:
    assert "different orders" in learnt().of("Module 6").no_topic


def test_what_the_map_decided_speaks_for_a_title_like_it_and_names_its_row() -> None:
    yes = learnt(KnownTitle("Pillars of Calm 2025", (10,), "Courses!B7")).of("Pillars of Calm, 2026")
    assert yes.topics == (10,)
    assert "“Pillars of Calm 2025”, which teaches it (Courses!B7)" in yes.ranked[0].reasons[-1]
    no = learnt(KnownTitle("Trauma-informed Patrol", ())).of("Trauma Informed Patrol")
    assert (no.topics, no.no_topic) == ((), "like “Trauma-informed Patrol”, which teaches none")


WORDS = ("Trauma", "informed", "De-escalation", "of", "youth", "rights", "FERPA", "bias", "Module 6", "Calm", "10")


@example("Trauma informed De-escalation")
@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_any_title_gets_topics_of_the_thirteen_or_a_reason_for_none(title: str) -> None:
    found = learnt().of(title)
    assert set(found.topics) <= set(range(1, 14))
    assert bool(found.topics) != bool(found.no_topic)
    assert all(one.reasons and one.score > 0 for one in found.ranked)


def test_it_is_as_often_right_on_known_titles_as_the_documents_say() -> None:
    with TITLES.open(encoding="utf-8", newline="") as file:
        rows = [(r["title"], {int(n) for n in r["topics"].split(";") if n}) for r in csv.DictReader(file)]
    alone = learnt()
    right = [bool(topics & set(alone.of(title).topics)) for title, topics in rows if topics]
    wrong = [bool(alone.of(title).topics) for title, topics in rows if not topics]
    assert sum(right) / len(right) > 0.8
    assert sum(wrong) / len(wrong) < 0.05


@pytest.mark.slow
def test_titles_that_were_written_before_the_phrases_are_suggested_as_often_right_as_the_law_needs() -> None:
    with TITLES.with_name("held_out_titles.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["title"], {int(n) for n in r["topics"].split(";") if n}) for r in csv.DictReader(file)]
    alone = learnt()
    ranked = [([one.topic for one in alone.of(title).ranked], topics) for title, topics in rows if topics]
    wrong = [title for title, topics in rows if not topics and alone.of(title).topics]
    assert sum(bool(set(found[:1]) & topics) for found, topics in ranked) >= 0.9 * len(ranked)
    assert sum(bool(set(found[:3]) & topics) for found, topics in ranked) >= 0.95 * len(ranked)
    assert len(wrong) <= 0.05 * sum(not topics for _, topics in rows), wrong


@pytest.mark.parametrize(
    "title",
    [
        "HB 1214 Module 7",
        "HB 1214 Course Evaluation",
        "HB 1214 Class 3",
        "Pre-test",
        "Final Exam",
        "Welcome and Introductions",
        "RCW 28A.310.515",
        "HB 1214",
    ],
)
def test_what_names_only_the_law_the_class_or_an_item_of_it_suggests_nothing(title: str) -> None:
    assert learnt().of(title).topics == ()


def test_the_frame_of_a_title_does_not_hide_its_subject() -> None:
    assert learnt().of("HB 1214 Module 7: Disparities in Use of Force and Arrests (Quiz)").topics == (7,)
    assert learnt().of("Section 504: Overview").topics == (5,)
    assert learnt().of("What T.L.O. allows: locker searches").ranked[0].topic == 1


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Trauma-Informed Care for School Employees", (3,)),
        ("De-escalation Strategies for Campus Supervisors", (10,)),
        ("Verbal De-escalation in Educational Settings", (10,)),
        ("Restraint in K-12 Settings", (11,)),
        ("Working with Students with Disabilities (Employee Edition)", (5,)),
        ("Adolescent Development – Computer-Based", (2,)),
        ("FERPA and Public Records Requests", (12,)),
        ("Privacy Settings on Student Chromebooks", ()),
        ("Implicit Bias for Hiring Managers", ()),
        ("School Employee Rights and Union Membership", ()),
        ("De-escalating Angry Customers for Employees", ()),
    ],
)
def test_who_takes_it_and_where_rules_out_no_topic(title: str, topics: tuple[int, ...]) -> None:
    assert learnt().of(title).topics == topics


def test_ideas_speak_together_in_whatever_order_they_stand() -> None:
    for title in ("Children and the Searches Officers Make", "When Officers Make Searches: Children"):
        (best, *_) = learnt().of(title).ranked
        assert (best.topic, best.reasons[0]) == (1, "“searches … children”")


@pytest.mark.parametrize(
    ("other", "topics"), [("Module 6", ()), ("Module 17", ()), ("module 7", (10,)), ("Module 7 2026", (10,))]
)
def test_titles_that_differ_in_a_number_are_no_twins(other: str, topics: tuple[int, ...]) -> None:
    known = KnownTitle("Pillars of Calm, Module 7", (10,))
    assert learnt(known).of(f"Pillars of Calm, {other}").topics == topics


def test_a_programme_of_several_topics_gets_its_own_set() -> None:
    assert learnt().of("Adolescent Mental Health Training for SROs (AMHT)").topics == (2, 4, 10)


@pytest.mark.parametrize(
    "title",
    [
        "Officer Wellness: Your Own Trauma",
        "Implicit Bias in Hiring",
        "Privacy Settings of Mobile Devices",
        "Records Retention and Custody of Evidence",
        "Patrol Searches and Seizures",
    ],
)
def test_other_settings_share_words_with_the_topics_and_teach_none(title: str) -> None:
    found = learnt().of(title)
    assert found.topics == ()
    assert "speaks of something else" in found.no_topic


def test_a_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    old = 'young = ["youth"]\nall = ["=hb 1214"]\nnot_all = ["unit"]\n[[topic]]\nnumber = 3\n'
    old += 'strong = ["trauma inform"]\n'
    rest = "".join(f"[[topic]]\nnumber = {number}\n" for number in range(1, 14) if number != 3)
    (tmp_path / "phrases.toml").write_text(old + rest, encoding="utf-8")
    suggest = suggester(read_phrases(tmp_path / "phrases.toml"), load().wordings, ())
    assert suggest.of("Trauma-Informed Approaches").topics == (3,)


def test_a_broken_file_of_phrases_is_said(tmp_path: Path) -> None:
    (tmp_path / "phrases.toml").write_text("young = 3", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"phrases\.toml can't be read"):
        read_phrases(tmp_path / "phrases.toml")
