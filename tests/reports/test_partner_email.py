import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import made_up
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.errors import UsageError
from lms_sync.law.standing import State
from lms_sync.model.roster import PartnerKind
from lms_sync.operations.sample import SAMPLE_DAY, sample_plan, sample_report
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.letter import PEOPLE_IN_FULL
from lms_sync.reports.templates import EmailParts, template_environment
from tests.reports.golden_documents import VOICE
from tests.reports.html_page import read_page

DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b")
GMAIL_CLIPS_AT = 102_000

NAMES = (
    "<script>alert(1)</script>",
    'O\'Neil & Sons, "Bo"',
    "Łukasiewicz-Ñandú, Zoë",
    "عبد الله, سارة",
    "李, 小龍",
    "Smiley 🙂, Sam",
    'Sly class="x", Ann',
    "{{ 7 * 7 }}, Jin",
)


def named(report: GapReport, plan: TrainingPlan, names: tuple[str, ...]) -> tuple[GapReport, TrainingPlan]:
    people = tuple(replace(person, name=made_up(name)) for person, name in zip(report.people, names, strict=False))
    return replace(report, people=people), plan


def many(number: int, *, like: int) -> tuple[GapReport, TrainingPlan]:
    """Return a report and plan of `number` people who are all like one of the sample's."""
    report, plan = sample_report(), sample_plan()
    model = report.people[like]
    model_plan = next(person for person in plan.people if person.person_id == model.person_id)
    people = tuple(
        replace(model, person_id=made_up(f"Q{n}"), name=made_up(f"{model.name} {n}")) for n in range(number)
    )
    plans = tuple(replace(model_plan, person_id=made_up(f"Q{n}")) for n in range(number))
    return replace(report, people=people), replace(plan, people=plans)


@pytest.fixture(scope="module")
def email() -> EmailParts:
    return partner_email(sample_report(), sample_plan(), VOICE)


def test_the_subject_counts_people_and_names_nobody(email: EmailParts) -> None:
    expected = (
        "Fernwick School District: school safety training, 2 overdue, 1 due within 60 days – as of 23 November 2026"
    )
    assert email.subject == expected
    assert not any(person.name.split(",")[0] in email.subject for person in sample_report().people)


def test_two_people_of_one_name_are_counted_as_two() -> None:
    first = sample_report().people[0]
    report = replace(sample_report(), people=(first, replace(first, person_id=made_up("P-999"))))
    assert "Of 2 people, 2 are past the last lawful day." in partner_email(report, sample_plan(), VOICE).text


def test_the_subject_of_a_calm_report_says_so() -> None:
    report = replace(sample_report(), people=())
    said = partner_email(report, replace(sample_plan(), people=()), VOICE)
    assert said.subject.startswith(
        "Fernwick School District: school safety training, nothing overdue, nothing due within 60 days"
    )
    assert "✓ Of 0 people, nobody is past a last lawful day." in said.text
    assert "✓ Of 0 people, nobody is past a last lawful day." in read_page(said.html).words


def test_headings_go_down_one_level_at_a_time(email: EmailParts) -> None:
    levels = read_page(email.html).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_header_cell_is_scoped_and_every_data_table_has_a_caption(email: EmailParts) -> None:
    page = read_page(email.html)
    assert {attributes.get("scope") for tag, attributes in page.elements if tag == "th"} == {"col", "row"}
    tables = sum(tag == "table" and attributes.get("role") != "presentation" for tag, attributes in page.elements)
    assert tables == page.parents.count(("caption", "table")) == 2


def test_the_page_has_a_language_a_title_and_no_picture(email: EmailParts) -> None:
    page = read_page(email.html)
    assert ("html", {"lang": "en"}) in page.elements
    assert f"<title>{email.subject}</title>" in email.html
    assert not {"img", "script", "link", "form"} & {tag for tag, _ in page.elements}


def test_styles_stand_in_the_elements_and_no_class_is_left(email: EmailParts) -> None:
    page = read_page(email.html)
    assert not [attributes for _, attributes in page.elements if "class" in attributes]
    assert all("style" in attributes for tag, attributes in page.elements if tag in {"h1", "h2", "h3", "body"})
    assert "prefers-color-scheme:dark" in email.html
    assert "[if mso]" in email.html


def test_no_state_is_told_by_colour_alone(email: EmailParts) -> None:
    words = read_page(email.html).words
    for sign in ("✓ met", "! past the last lawful day", "◆ due soon", "○ due later", "– not required", "! Abernathy"):
        assert sign in words


@pytest.mark.parametrize("like", range(5))
def test_as_many_people_as_are_told_in_full_fit_below_the_size_at_which_mail_is_clipped(like: int) -> None:
    report, plan = many(PEOPLE_IN_FULL, like=like)
    email = partner_email(report, plan, VOICE)
    assert len(email.html.encode()) < GMAIL_CLIPS_AT
    assert all(person.name in email.text for person in report.people)


def test_they_fit_too_when_they_lack_almost_everything() -> None:
    report, plan = many(PEOPLE_IN_FULL, like=0)
    met = report.people[0].requirements[1]
    topics = tuple(
        replace(report.people[0].requirements[0], requirement=made_up(f"topic-{n:02}")) if n != 2 else met
        for n in range(1, 14)
    )
    unclosed = tuple(standing.requirement for standing in topics if standing.open)
    people = tuple(replace(person, requirements=topics) for person in report.people)
    plans = tuple(replace(person, unclosed=unclosed) for person in plan.people)
    email = partner_email(replace(report, people=people), replace(plan, people=plans), VOICE)
    assert "12 classroom topics: 1, 3–13" in email.text
    assert len(email.html.encode()) < GMAIL_CLIPS_AT


def test_more_people_than_that_are_counted_and_the_most_urgent_are_kept() -> None:
    report, plan = many(PEOPLE_IN_FULL + 3, like=3)
    late = replace(sample_report().people[0], person_id=made_up("LATE"), name=made_up("Zz, Late"))
    email = partner_email(replace(report, people=(*report.people, late)), plan, VOICE)
    assert "4 more people with something missing are in the attached workbook and plan." in email.text
    assert email.text.count("Zz, Late") == 4  # the line on top, the group of each of two components, what changed


def test_names_are_shown_as_they_are_and_run_nothing() -> None:
    report, plan = named(sample_report(), sample_plan(), NAMES)
    email = partner_email(report, plan, VOICE)
    page = read_page(email.html)
    assert "script" not in {tag for tag, _ in page.elements}
    assert not [attributes for _, attributes in page.elements if "class" in attributes]
    for name in NAMES:
        assert name in page.words
        assert name in " ".join(email.text.split())


def test_a_name_cannot_turn_its_neighbours_or_start_a_line() -> None:
    report, plan = named(sample_report(), sample_plan(), ("Evil\u202e\nSubject: x\r\nBcc: y", "سارة"))
    email = partner_email(report, plan, VOICE)
    assert "\u202e" not in email.text + email.html
    assert "Evil Subject: x Bcc: y" in " ".join(email.text.split())
    assert "\u2068سارة\u2069" in email.text


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), min_size=8, max_size=8),
    days=st.integers(min_value=-400, max_value=400),
)
def test_the_text_names_the_same_people_and_days_as_the_page(names: list[str], days: int) -> None:
    report, plan = named(sample_report(), sample_plan(), tuple(names))
    report = replace(report, as_of=SAMPLE_DAY + timedelta(days=days), district=made_up("\n".join(names)))
    email = partner_email(report, plan, VOICE)
    page = read_page(email.html).words
    text = " ".join(email.text.split())
    assert set(DAY.findall(page)) == set(DAY.findall(text))
    for name in names:
        shown = re.sub("[\u2068\u2069]", "", name)
        if shown.isalnum():
            assert shown in page
            assert shown in text
    assert not set("\r\n") & set(email.subject)


def test_the_first_report_claims_no_change() -> None:
    email = partner_email(replace(sample_report(), previous=None), sample_plan(), VOICE)
    assert "changed since" not in email.text.casefold()
    assert "Changed since" not in email.html


def test_who_left_the_report_is_named(email: EmailParts) -> None:
    assert "Whitfield-Nakamura, Dana: no longer in this report." in email.text
    assert "Whitfield-Nakamura, Dana : no longer in this report." in read_page(email.html).words


def test_somebody_undetermined_is_never_called_overdue() -> None:
    person = next(person for person in sample_report().people if person.state is State.UNDETERMINED)
    email = partner_email(replace(sample_report(), people=(person,)), sample_plan(), VOICE)
    assert email.subject.startswith("Fernwick School District: school safety training, nothing overdue")
    assert "last lawful day not known yet" in email.text


def test_a_last_lawful_day_that_is_not_the_due_day_is_told(email: EmailParts) -> None:
    assert "last lawful day 13 Oct 2026 (due 10 Oct 2026), late since 14 Oct 2026" in " ".join(email.text.split())


def test_the_last_day_of_the_span_is_still_due_soon() -> None:
    report = replace(sample_report(), people=(sample_report().people[2],))  # due 31 Dec 2026
    days = (date(2026, 12, 31) - SAMPLE_DAY).days
    inside = partner_email(replace(report, due_soon_days=days), sample_plan(), VOICE)
    outside = partner_email(replace(report, due_soon_days=days - 1), sample_plan(), VOICE)
    assert f"1 due within {days} days" in inside.subject
    assert f"nothing due within {days - 1} days" in outside.subject


def test_a_person_without_a_plan_is_told_so() -> None:
    email = partner_email(sample_report(), replace(sample_plan(), people=()), VOICE)
    assert email.text.count("Nothing is planned yet.") > 5


def test_only_web_addresses_become_links() -> None:
    plan = sample_plan()
    first = plan.people[0]
    sitting = replace(first.sittings[0], link=made_up("javascript:alert(1)"))
    email = partner_email(
        sample_report(), replace(plan, people=(replace(first, sittings=(sitting,)), *plan.people[1:])), VOICE
    )
    assert "javascript" not in email.html + email.text
    assert 'href="https://example.org/courses/2"' in email.html


def test_the_districts_own_report_speaks_of_its_own_staff() -> None:
    partner = replace(sample_report().partner, kind=PartnerKind.DISTRICT, name="Fernwick School District")
    email = partner_email(replace(sample_report(), partner=partner, agreements=()), sample_plan(), VOICE)
    assert "This report is about the district's own safety and security staff." in " ".join(email.text.split())


def test_a_workspaces_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "partner.txt.j2").write_text("Hello {{ partner }}", encoding="utf-8")
    own = replace(VOICE, environment=template_environment(tmp_path))
    email = partner_email(sample_report(), sample_plan(), own)
    assert email.text.startswith("Hello Fernwick Police Department\n\nYou receive this because")
    assert "<h1" in email.html


@pytest.mark.parametrize(("text", "words"), [("{{ nobody }}", "'nobody' is undefined"), ("{% if %}", "line 1")])
def test_a_broken_template_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "partner.txt.j2").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words) as caught:
        partner_email(sample_report(), sample_plan(), replace(VOICE, environment=template_environment(tmp_path)))
    assert str(caught.value).startswith("reports/partner.txt.j2")
    assert "shipped template" in caught.value.hint


def test_where_no_source_tells_of_these_people_no_reader_is_told_that_nothing_was_read() -> None:
    report = replace(sample_report(), sources=())
    email = partner_email(report, sample_plan(), VOICE)
    sentence = re.compile(
        r"Evidence\s+known\s+on\s+\d[^:]*:\d\d[^:]*:\s+no\s+source\s+holds\s+a\s+completion\s+of\s+these\s+people\."
    )
    for words in (email.text, email.html):
        assert sentence.search(words)
        assert "has been read" not in words
