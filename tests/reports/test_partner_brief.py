"""What a chief reads on a phone: five lines, equal gaps together, what waits, and what was not read since."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.gap_report import GapReport, PersonGaps, SourceAge
from lms_sync.compliance.gate import NOTHING, PartnerText, made_up
from lms_sync.compliance.plan.training_plan import PersonPlan, TrainingPlan
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.partner.as_known import as_known
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.letter import Letter, letter
from tests.reports.golden_documents import VOICE

LARGEST_HTML = 25_000
CHEN, LATE = 2, 0


def told(report: GapReport, plan: TrainingPlan) -> Letter:
    return letter(report, plan, SAMPLE_NAMES)


def crowd(number: int, *likes: int) -> tuple[GapReport, TrainingPlan]:
    """Return a report and plan of `number` people, in turn like those of the sample."""
    report, plan = sample_report(), sample_plan()
    plans = {person.person_id: person for person in plan.people}
    people: list[PersonGaps] = []
    planned: list[PersonPlan] = []
    for place in range(number):
        like = report.people[likes[place % len(likes)]]
        person_id, name = made_up(f"Q{place}"), made_up(f"Featherstonehaugh-{place}, Bartholomew")
        people.append(replace(like, person_id=person_id, name=name))
        if like.person_id in plans:
            planned.append(replace(plans[like.person_id], person_id=person_id, name=name))
    return replace(report, people=tuple(people)), replace(plan, people=tuple(planned))


def source(read_on: date | None, name: str = "the log") -> SourceAge:
    return SourceAge(made_up(name), None, None, NOTHING, read_on)


@pytest.mark.parametrize("likes", [(0,), (1,), (3,), tuple(range(9)), (3, 0, 1)])
def test_twenty_people_fit_into_25_kilobytes_and_five_lines(likes: tuple[int, ...]) -> None:
    report, plan = crowd(20, *likes)
    email = partner_email(report, plan, VOICE)
    assert len(email.html.encode()) <= LARGEST_HTML
    assert 1 <= len(told(report, plan).brief) <= 5


def test_everybody_who_is_past_a_last_lawful_day_is_named_however_many() -> None:
    report, plan = crowd(20, LATE)
    text = partner_email(report, plan, VOICE).text
    assert all(str(person.name).split(",")[0] in text for person in report.people)


def test_equal_gaps_are_one_group_that_says_what_closes_them() -> None:
    report, plan = crowd(7, CHEN)
    (group,) = told(report, plan).groups
    assert group.title.startswith("7 people lack the same 2 classroom topics: 4 Youth mental health, 7")
    assert group.closed_by.startswith(
        "One class covers all of it: Youth topics online (any day, finish by 20 Dec 2026"
    )
    assert [member.when for member in group.members] == ["last lawful day 31 Dec 2026"] * 7


def test_people_with_other_gaps_are_groups_of_their_own_the_most_pressing_first() -> None:
    report, plan = crowd(3, CHEN, LATE)
    groups = told(report, plan).groups
    assert [(group.urgency, len(group.members)) for group in groups] == [("overdue", 1), ("soon", 2), ("later", 1)]


def test_what_no_offering_closes_is_said_with_the_districts_sentence_or_whom_to_ask() -> None:
    report, plan = sample_report(), sample_plan()
    own = replace(report, no_offering=made_up("Ask ESD 900 for a class."))
    assert "No class covers 13 Restorative justice yet. Ask: Human Resources" in _all(told(report, plan))
    assert "No class covers 13 Restorative justice yet. Ask ESD 900 for a class." in _all(told(own, plan))


def test_who_handed_in_six_certificates_does_not_read_of_13_missing_topics_alone() -> None:
    report, plan = crowd(1, 3)
    report = replace(report, people=(replace(report.people[0], undecided=6),))
    letter_of_one = told(report, plan)
    assert "; 6 completions read, the course not decided yet; 1 completion to be accepted by HR" in _all(
        letter_of_one
    )
    assert (
        letter_of_one.brief[-1]
        == "Also: 7 completions not counted until the district decides (Featherstonehaugh-0, Bartholomew)."
    )
    assert letter_of_one.undecided == (("Featherstonehaugh-0, Bartholomew", "6 completions"),)


def test_a_stricter_rule_of_the_district_is_labelled_so() -> None:
    own = replace(sample_report(), own_rule=made_up("Nobody overdue is posted."))
    assert told(own, sample_plan()).brief[1].endswith("The district’s own rule: Nobody overdue is posted.")
    assert told(sample_report(), sample_plan()).brief[1].endswith("ask whether they may; the district decides.")


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ((source(date(2026, 9, 1)),), ""),  # the last lawful day was 31 August
        ((source(date(2026, 8, 31)),), "as known on 31 Aug 2026; the log could not be read since"),
        (
            (source(date(2026, 7, 1)), source(date(2026, 6, 1), "x")),
            "as known on 1 Jun 2026; the log and x could not be read since",
        ),
        ((source(None),), "as known on 23 Nov 2026; not read yet: the log"),
        (
            (source(date(2026, 7, 1)), source(None, "x")),
            "as known on 1 Jul 2026; the log could not be read since; not read yet: x",
        ),
    ],
)
def test_beside_the_overdue_stands_what_was_not_read_since(sources: tuple[SourceAge, ...], words: str) -> None:
    report = replace(sample_report(), sources=sources)
    late = [standing for standing in report.people[LATE].open if standing.late]
    assert as_known(late, report) == words
    assert as_known(report.people[CHEN].open, report) == ""
    assert (words in " ".join(partner_email(report, sample_plan(), VOICE).text.split())) is True


def _all(letter_of_all: Letter) -> PartnerText | str:
    parts = (f"{g.title} {g.closed_by} {' '.join(m.when for m in g.members)}" for g in letter_of_all.groups)
    return " ".join(parts)


def test_twenty_people_with_twelve_classes_and_claims_each_fit_into_25_kilobytes_too() -> None:
    report, plan = crowd(20, LATE)
    (sitting,) = plan.people[0].sittings
    titles = [made_up(f"Recognizing and responding to what {n} teaches in schools") for n in range(12)]
    sittings = tuple(replace(sitting, offering_id=title, title=title) for title in titles)
    waits = tuple(
        made_up(f"“{title}” is marked as waived; the district decides whether it counts.") for title in titles
    )
    people = tuple(replace(person, decisions=waits[place % 5 :]) for place, person in enumerate(report.people))
    plans = tuple(replace(p, sittings=sittings[place % 6 :]) for place, p in enumerate(plan.people))
    email = partner_email(replace(report, people=people), replace(plan, people=plans), VOICE)
    assert len(email.html.encode()) <= LARGEST_HTML
    assert (
        "classes cover all of it, all of them after the due date: see “Classes to book” and the plan." in email.html
    )
    assert all(str(person.name).split(",")[0] in email.text for person in people)
