from dataclasses import replace
from itertools import pairwise

import pytest

from lms_sync.model.finding import Area, Finding
from lms_sync.operations.sample_night import sample_night
from lms_sync.reports.night.email import (
    SHOWN_OF_AN_AREA,
    FileNight,
    NightSummary,
    first_steps,
    ledger,
    night_email,
    night_subject,
    night_text,
)
from tests.reports.golden_documents import VOICE
from tests.reports.html_page import read_page


def calm() -> NightSummary:
    night = replace(sample_night(), sources=(), new=(), waiting=(), messages=(), not_ours=0)
    return replace(night, moved=(), newly_overdue=0)


def finding(number: int, **changes: object) -> Finding:
    base = Finding(Area.ROW, "bad-date", f"a.xlsx, S!D{number:03}", "x", "a date", "Mend it.")
    return replace(base, **changes)  # type: ignore[arg-type]


def test_the_terminal_shows_the_same_text() -> None:
    assert night_text(sample_night(), zone=VOICE.zone) == night_email(sample_night(), VOICE).text


def test_a_calm_night_says_that_nobody_is_needed() -> None:
    email = night_email(calm(), VOICE)
    assert email.subject == "Training records, night of 23 Nov 2026: nothing new"
    assert "Nothing waits for a person." in email.text
    assert first_steps(calm()) == ()


def test_the_subject_says_whether_a_person_is_needed_and_names_nobody() -> None:
    said = "1 newly overdue, 2 new findings, 1 source not read, 1 message not sent, 1 message held"
    assert night_subject(sample_night()) == f"Training records, night of 23 Nov 2026: {said}"


def test_a_safety_stop_comes_before_everything_else() -> None:
    night = sample_night()
    stopped = replace(night.sources[1], source="moodle", trouble="40 of 90 records are gone", stopped=True)
    steps = first_steps(replace(night, sources=(*night.sources, stopped)))
    assert steps[0].startswith("Safety stop: source moodle: 40 of 90 records are gone.")
    assert steps[1].startswith("Not read: source district-log")


def test_a_doubt_that_waits_for_too_long_comes_first_whoever_is_held() -> None:
    """The sample holds a partner's message, has a source that was not read, and findings that block a file."""
    doubt = finding(7, area=Area.DOUBT, code="completion-doubted", found="Calm looks reset: 83 people", leads=True)
    night = sample_night()
    stopped = replace(night.sources[1], source="moodle", trouble="40 of 90 records are gone", stopped=True)
    waiting = replace(night, sources=(*night.sources, stopped), waiting=(*night.waiting, doubt))
    steps = first_steps(waiting)
    assert steps[0] == "Decide this first: Calm looks reset: 83 people. Mend it."
    assert any(step.startswith("Message to") and " held: " in step for step in steps)
    assert first_steps(replace(waiting, messages=()))[0] == steps[0]
    assert "1. Decide this first: Calm looks reset: 83 people." in night_email(waiting, VOICE).text


def test_what_to_do_with_a_message_is_a_command() -> None:
    steps = " ".join(first_steps(sample_night()))
    assert 'lms-sync outbox release 20261123-b2 --reason "…"' in steps
    assert 'lms-sync outbox retry 20261122-c3 --reason "…"' in steps


def test_findings_that_block_a_file_are_a_step() -> None:
    steps = first_steps(replace(calm(), waiting=(finding(1, blocks=True, area=Area.ROSTER),)))
    expected = (
        "Mend 1 finding first: the file in question does not come into force, and its last good version is used."
    )
    assert steps == (expected,)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ({}, "0 items"),
        ({"added": 1}, "1 item = 1 added"),
        ({"skipped": 2, "added": 1200, "refused": 0}, "1,202 items = 1,200 added + 2 skipped"),
        ({"not a completion": 1, "superseded": 1}, "2 items = 1 superseded + 1 not a completion"),
        ({"something else": 3, "added": 1}, "4 items = 1 added + 3 something else"),
    ],
)
def test_the_ledger_balances_in_words(outcomes: dict[str, int], words: str) -> None:
    assert ledger(FileNight("a.csv", outcomes)) == words


def test_dropped_columns_and_strangers_are_told() -> None:
    text = " ".join(night_email(sample_night(), VOICE).text.split())
    assert "columns dropped: SSN" in text
    assert "Learners of the sources who are not on the roster: 12." in text


def test_too_many_findings_of_an_area_are_counted() -> None:
    many = tuple(finding(number) for number in range(SHOWN_OF_AN_AREA + 7))
    text = night_email(replace(calm(), new=many), VOICE).text
    assert text.count("a.xlsx, S!D") == SHOWN_OF_AN_AREA
    assert "7 more: lms-sync worklist" in text


def test_the_unmapped_course_of_most_people_comes_first() -> None:
    few = finding(1, area=Area.COURSE, where="course A", people=("P-1",))
    several = finding(2, area=Area.COURSE, where="course B", people=("P-1", "P-2"))
    text = night_email(replace(calm(), new=(few, several)), VOICE).text
    assert text.index("course B") < text.index("course A")


def test_every_area_has_a_heading() -> None:
    everything = tuple(finding(number, area=area) for number, area in enumerate(Area))
    email = night_email(replace(calm(), new=everything), VOICE)
    page = read_page(email.html)
    for number in range(len(everything)):
        assert f"S!D{number:03}" in email.text
        assert f"S!D{number:03}" in page.words


def test_what_was_found_in_a_cell_runs_nothing() -> None:
    bad = finding(1, found="<script>alert(1)</script>\nNEW FINDINGS\nNone.")
    email = night_email(replace(calm(), new=(bad,)), VOICE)
    page = read_page(email.html)
    assert "script" not in {tag for tag, _ in page.elements}
    assert "<script>alert(1)</script> NEW FINDINGS None." in page.words
    assert email.text.count("\nNEW FINDINGS\n") == 1


def test_the_page_is_built_as_the_partners_is() -> None:
    page = read_page(night_email(sample_night(), VOICE).html)
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(page.headings))
    assert {attributes.get("scope") for tag, attributes in page.elements if tag == "th"} == {"col", "row"}
    assert not [attributes for _, attributes in page.elements if "class" in attributes]
