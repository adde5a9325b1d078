"""No sentence that is made for people holds a day as 2026-11-03 or a topic by its bare id: the goldens are walked."""

import re
from datetime import date, datetime
from functools import cache

import pytest

from lms_sync.compliance.gate import fill, program
from lms_sync.model.course_map import requirement_words
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports import words
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.text import days_written, written_day
from tests.reports.golden_books import BOOKS
from tests.reports.golden_documents import GOLDENS, PAGES, VOICE, documents
from tests.reports.html_page import read_page
from tests.reports.test_clause_c_pdf import PDFS, text

ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
BARE_TOPIC = re.compile(r"\btopic-\d\d\b")
CELL_OF_IDS = re.compile(r"'topic-\d\d'")
"""The column of ids by which a sheet that comes back is read."""

KEY_OF_SAMPLE = re.compile(r"topic-\d\d ?\|\d+")
"""The sample's records have such keys, which stand where a hash would."""

TEXTS = sorted({*BOOKS, *PAGES, "plan.pdf", *(f"agreement {name}.pdf" for name in PDFS)})


@cache
def texts() -> dict[str, str]:
    """Return what each document says, as a person reads it."""
    pages = {
        name: read_page(content).words if name.endswith(".html") else content for name, content in documents().items()
    }
    books = {path.name: CELL_OF_IDS.sub("", path.read_text("utf-8")) for path in GOLDENS.glob("*.txt")}
    plan = {"plan.pdf": text(training_plan_pdf(sample_report(), sample_plan(), VOICE))}
    return books | pages | plan | {f"agreement {name}.pdf": text(pdf()) for name, pdf in PDFS.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_days_and_topics_are_written_as_people_write_them(name: str) -> None:
    content = KEY_OF_SAMPLE.sub("", texts()[name])

    assert ISO_DAY.findall(content) == []
    assert BARE_TOPIC.findall(content) == []


def test_each_text_is_looked_at() -> None:
    assert sorted(texts()) == TEXTS


def test_a_day_is_written_alike_wherever_it_is_written() -> None:
    days = [date(2026, month, month + 2) for month in range(1, 13)]

    assert [written_day(day) for day in days] == [words.written(day) for day in days]
    assert fill("on {}", days[0]) == "on 3 Jan 2026"
    assert fill("{:%H:%M}", datetime(2026, 1, 3, 7, 5)) == "07:05"
    assert written_day(None, "open") == "open"


def test_days_within_a_sentence_are_rewritten_and_nothing_else() -> None:
    assert days_written("in doubt since 2026-11-03, TP-2026-0001") == "in doubt since 3 Nov 2026, TP-2026-0001"
    assert days_written("2026-13-40 and 12026-11-030") == "2026-13-40 and 12026-11-030"


@pytest.mark.parametrize(
    ("ids", "named"),
    [
        (["topic-05"], "topic 5"),
        (["topic-03", "topic-01", "topic-02", "topic-09"], "topics 1–3, 9"),
        (
            ["topic-01", "topic-02", "on-the-job", "check-in"],
            "topics 1, 2, on-the-job training days and check-in trainings",
        ),
        (["classroom", "on-the-job"], "the classroom topics and on-the-job training days"),
        ([], ""),
    ],
)
def test_requirements_are_called_as_people_call_them(ids: list[str], named: str) -> None:
    assert requirement_words(ids) == named


def test_a_version_of_the_law_is_a_day() -> None:
    assert words.version_day(program("2021-07-25")) == "25 July 2021"
    assert words.version_day(program("draft")) == "draft"
