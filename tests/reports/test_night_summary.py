from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from lms_sync.model.finding import Area, Finding
from lms_sync.operations.sample_night import sample_night
from lms_sync.reports.night.counted import NextStep
from lms_sync.reports.night.email import (
    ledger,
    night_email,
    night_subject,
    night_text,
)
from lms_sync.reports.night.steps import MOST_STEPS, first_steps
from lms_sync.reports.night.summary import FileNight, MessageNight, NightSummary
from lms_sync.reports.templates import template_environment
from tests.reports.golden_documents import VOICE
from tests.reports.html_page import read_page


def calm() -> NightSummary:
    night = replace(sample_night(), sources=(), new=(), waiting=(), messages=(), not_ours=0)
    return replace(night, moved=(), newly_overdue=0)


def finding(number: int, **changes: object) -> Finding:
    base = Finding(Area.ROW, "bad-date", f"a.xlsx, S!D{number:03}", "x", "a date", "Mend it.")
    return replace(base, **changes)  # type: ignore[arg-type]


def test_the_terminal_shows_the_same_text() -> None:
    mailed = night_email(sample_night(), VOICE).text
    shown = night_text(sample_night(), zone=VOICE.zone)
    assert mailed.startswith(shown)
    assert mailed.removeprefix(shown).strip().startswith("You receive this"), "only a mail says why it comes"


def test_a_calm_night_says_that_nobody_is_needed() -> None:
    email = night_email(calm(), VOICE)
    assert email.subject == "Training records, night of 23 Nov 2026: nothing new"
    assert "Nothing waits for a person." in email.text
    assert first_steps(calm()) == ()


def test_the_subject_says_whether_a_person_is_needed_and_names_nobody() -> None:
    said = "1 newly overdue, 2 new findings, 1 source not read, 1 message not sent, 2 messages held"
    assert night_subject(sample_night()) == f"Training records, night of 23 Nov 2026: {said}"


def test_a_safety_stop_comes_before_everything_else() -> None:
    night = sample_night()
    stopped = replace(night.sources[1], source="moodle", trouble="40 of 90 records are gone", stopped=True)
    steps = first_steps(replace(night, sources=(*night.sources, stopped)))
    assert steps[0].what.startswith("Safety stop: source moodle: 40 of 90 records are gone.")
    assert steps[1].what.startswith("Not read: source district-log")


def test_a_doubt_that_waits_for_too_long_comes_first_whoever_is_held() -> None:
    """The sample holds a partner's message, has a source that was not read, and findings that block a file."""
    doubt = finding(7, area=Area.DOUBT, code="completion-doubted", found="Calm looks reset: 83 people", leads=True)
    night = sample_night()
    stopped = replace(night.sources[1], source="moodle", trouble="40 of 90 records are gone", stopped=True)
    waiting = replace(night, sources=(*night.sources, stopped), waiting=(*night.waiting, doubt))
    steps = first_steps(waiting)
    assert steps[0] == NextStep("Decide this first: Calm looks reset: 83 people. Mend it.", "lms-sync worklist")
    assert len(steps) == MOST_STEPS
    assert first_steps(replace(waiting, messages=()))[0] == steps[0]
    assert "1. Decide this first: Calm looks reset: 83 people." in night_email(waiting, VOICE).text


def test_what_to_do_with_a_message_is_a_command() -> None:
    steps = " ".join(map(str, first_steps(sample_night())))
    assert 'lms-sync outbox release 20261123-b2 --reason "…"' in steps
    assert 'lms-sync outbox retry 20261122-c3 --reason "…"' in steps


def test_a_message_of_which_nobody_knows_is_asked_about_and_not_sent_again() -> None:
    lost = replace(sample_night().messages[0], state="unknown", delivery_id="20261123-b2")
    (step,) = first_steps(replace(calm(), messages=(lost,)))
    assert "lms-sync outbox settle 20261123-b2 --arrived" in str(step)
    assert "retry" not in str(step)


def test_findings_that_block_a_file_are_a_step() -> None:
    steps = first_steps(replace(calm(), waiting=(finding(1, blocks=True, area=Area.ROSTER),)))
    expected = "Correct 1 finding first: until then the file in question is not used, but its last good version."
    assert steps == (NextStep(expected, "lms-sync check", "/worklist"),)


@pytest.mark.parametrize(
    ("codes", "states", "expected"),
    [
        ((), (("undetermined", 1),), ["Record the class or the first day with students of 1 person"]),
        (("undetermined",), (("undetermined", 4),), ["Record the class or the first day with students of 4 people"]),
        (
            ("document-not-requested",) * 2,
            (),
            ["Ask an ESD to document the training of 2 people who have finished it"],
        ),
        (
            ("identity-conflict", "request-unanswered", "document-not-requested"),
            (("overdue", 3),),
            [
                "Settle 2 problems in records about people",
                "Ask an ESD to document the training of 1 person who has finished it",
            ],
        ),
    ],
)
def test_what_waits_about_people_is_counted_by_what_it_asks(
    codes: tuple[str, ...], states: tuple[tuple[str, int], ...], expected: list[str]
) -> None:
    """Somebody who is finished and not asked for stands clear: only who is undetermined is said to be."""
    waiting = tuple(finding(n, area=Area.PERSON, code=code) for n, code in enumerate(codes))
    steps = first_steps(replace(calm(), waiting=waiting, states=states))
    assert [step.what.partition(",")[0].partition(":")[0].rstrip(".") for step in steps] == expected


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


def test_the_page_is_built_as_the_partners_is() -> None:
    page = read_page(night_email(sample_night(), VOICE).html)
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(page.headings))
    assert not [attributes for _, attributes in page.elements if "class" in attributes]


def test_the_summary_fits_a_screen_whatever_happened() -> None:
    """Of everything there is more than a page can say; the district's page says it."""
    many = tuple(finding(number, area=area) for number, area in enumerate((*Area,) * 30))
    moved = tuple(f"Roe, Ann {number}: on plan → overdue" for number in range(40))
    held = tuple(MessageNight(f"d{n}", f"Guards {n}", "held", "new address") for n in range(12))
    night = replace(sample_night(), new=many, waiting=many, moved=moved, messages=held)
    steps = first_steps(night)
    assert len(steps) == MOST_STEPS
    assert all("lms-sync" in str(step) for step in steps)
    assert "12 messages are held: Guards 0; Guards 1; Guards 2 and 9 more." in {step.what for step in steps}
    pressed = replace(held[7], since=date(2026, 11, 3), due=("Marsh, Ada",))
    assert (
        "12 messages are held, the oldest since 3 Nov 2026: Guards 7; Guards 0; Guards 1 and 9 more."
        " 1 of them is about people who are overdue, or due within 14 days."
    ) in {step.what for step in first_steps(replace(night, messages=(*held[:7], pressed, *held[8:])))}
    text = night_email(night, VOICE).text
    assert len(text.splitlines()) <= 66
    assert "35 more people stand otherwise" in text


def test_a_hold_is_told_in_full_once_and_in_a_line_from_then_on() -> None:
    new = MessageNight("d1", "Heron Guards", "held", "no person has yet released boss@heron.example.com", due=())
    old = replace(new, delivery_id="d2", to="Quarry Police", since=date(2026, 11, 3), due=("Marsh, Ada",))
    doubt = finding(7, area=Area.DOUBT, leads=True)
    first, second, third = first_steps(replace(calm(), messages=(old, new), waiting=(doubt,)))
    assert first.what.startswith("Decide this first")
    assert "no person has yet released boss@heron.example.com. Overdue, or due within 14 days: nobody." in second.what
    assert third == NextStep(
        "Message to Quarry Police held since 3 Nov 2026. Overdue, or due within 14 days: Marsh, Ada.",
        'lms-sync outbox release d2 --reason "…"',
        "/messages",
    )
    unknown = first_steps(replace(calm(), messages=(replace(old, due=None),)))
    assert unknown[0].what == "Message to Quarry Police held since 3 Nov 2026."


def test_a_template_of_an_earlier_version_still_speaks(tmp_path: Path) -> None:
    """A workspace may have one of its own, which lists steps and findings as that version gave them."""
    (tmp_path / "night.txt.j2").write_text(
        "{% for step in steps %}{{ step|wrapped(3, loop.index ~ '. ') }}\n{% endfor %}"
        "{% for group in waiting %}{{ group.heading }}{% for f in group.findings %}"
        "{{ sentence(f.found) }}{% endfor %}{{ group.more }}{% endfor %}{{ totals }}"
        "{{ people }}{{ ledger(summary.sources[0].files[0]) }}",
        encoding="utf-8",
    )
    (tmp_path / "night.html.j2").write_text(
        "{% for step in steps %}<li>{{ step }}</li>{% endfor %}", encoding="utf-8"
    )
    email = night_email(sample_night(), replace(VOICE, environment=template_environment(tmp_path)))
    assert (
        "1. Not read: source district-log: the file is encrypted. Save it without a\n   password. lms-sync"
        in email.text
    )
    assert "Courses that nobody has matched to topics yet, those of most people first“Winter driving”" in email.text
    assert (
        "<li>Ask the trainer about 1 course that nobody has matched to topics yet. lms-sync mappings suggest</li>"
        in email.html
    )


def test_a_place_is_told_once() -> None:
    broken = replace(sample_night().sources[1], source="canvas", trouble="source canvas: the connection was refused")
    found = finding(1, where="source canvas", found="source canvas: the connection was refused")
    email = night_email(replace(calm(), sources=(broken,), new=(found,)), VOICE)
    assert "Not read: source canvas: the connection was refused." in email.text
    assert "- Rows and cells: source canvas: the connection was refused" in email.text


def test_what_was_found_in_a_cell_makes_no_line_of_its_own() -> None:
    bad = finding(1, found="<script>alert(1)</script>\nFIGURES\nNone.")
    email = night_email(replace(calm(), new=(bad,)), VOICE)
    page = read_page(email.html)
    assert "script" not in {tag for tag, _ in page.elements}
    assert "<script>alert(1)</script> FIGURES None." in page.words
    assert email.text.count("\nFIGURES\n") == 1
