"""One person's record as text and PDF: everything that the record holds is said, in both."""

import json
from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

from lms_sync.compliance.gate import made_up, program
from lms_sync.operations.sample import SAMPLE_NAMES
from lms_sync.operations.sample_record import sample_record
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import RecordPage, record_page, record_pdf, record_text
from lms_sync.reports.templates import Templates, template_environment

VOICE = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))
HOSTILE = '#panic("x") *bold* $x$ <b> {{ 7*7 }} \\ `code`'


def said(text: str) -> str:
    return " ".join(text.split())


def cells(page: RecordPage) -> list[str]:
    """Return every text that the page holds, however deep."""

    def walk(value: object) -> list[str]:
        match value:
            case str():
                return [value] if value else []
            case dict():
                return [text for one in value.values() for text in walk(one)]
            case list() | tuple():
                return [text for one in value for text in walk(one)]
            case _:
                return []

    return walk(asdict(page))


def test_the_text_says_everything_that_the_page_holds() -> None:
    text = said(record_text(sample_record(), VOICE)).casefold()
    missing = [cell for cell in cells(record_page(sample_record(), VOICE)) if said(cell).casefold() not in text]
    assert missing == []


def test_an_empty_record_says_nothing_where_there_is_nothing() -> None:
    whole = replace(sample_record(), unread=())
    empty = replace(whole, posts=(), standings=(), counted=(), uncounted=(), doubts=(), sources=())
    text = record_text(empty, VOICE)
    assert text.count("Nothing.") == 3
    assert "Nothing yet." in text
    assert record_pdf(empty, VOICE).trouble == ""


def test_nothing_is_not_said_above_a_record_that_may_be_theirs() -> None:
    doubtful = replace(sample_record(), uncounted=())
    assert doubtful.doubts
    said_there = record_text(doubtful, VOICE).partition("WHAT DOES NOT COUNT, AND WHY")[2].partition("HOW FRESH")[0]
    assert "Nothing." not in said_there
    assert "may be this person's" in said(said_there)


def test_decisions_are_told_with_who_when_and_why() -> None:
    page = record_page(sample_record(), VOICE)
    decided = "by Robin Ames, HR on 23 Nov 2026: the reason is on file with the district"
    assert page.counted[1].why == f"stands for 1; accepted {decided}"
    assert page.uncounted[0].why == f"it has no date; refused {decided}"
    assert dict(page.about)[program("Class")] == "not an SRO, decided by Robin Ames, HR on 12 Jan 2026"
    assert dict(page.about)[program("Clock")].startswith(
        "starts on 2 Feb 2026, citing the agreement of 2026, decided by"
    )


def test_the_pdf_is_tagged_and_the_same_on_every_run() -> None:
    first, second = record_pdf(sample_record(), VOICE), record_pdf(sample_record(), VOICE)
    assert first == second
    assert first.trouble == ""
    assert b"<pdfuaid:part>1</pdfuaid:part>" in first.content


def test_what_a_person_wrote_is_text_and_never_markup() -> None:
    record = sample_record()
    entry = replace(record.counted[0], title=made_up(HOSTILE), origin=made_up(HOSTILE), why=made_up(HOSTILE))
    hostile = replace(record, person=replace(record.person, last_name=HOSTILE), counted=(entry,))
    assert record_pdf(hostile, VOICE).trouble == ""
    assert HOSTILE in said(record_text(hostile, VOICE))


def test_a_name_of_any_script_is_printed() -> None:
    for name in ("王", "كريم", "Đặng", "Щербаков"):
        record = sample_record()
        assert record_pdf(replace(record, person=replace(record.person, last_name=name)), VOICE).trouble == ""


def test_the_json_can_be_written_and_keeps_the_whole_record_key() -> None:
    told = json.loads(json.dumps(record_json(sample_record())))
    assert told["counted"][0]["record"] == sample_record().counted[0].record
    assert told["person"]["clock"]["starts"] == "2026-02-02"
    assert told["assignments"][1]["buildings"] == {"Fernwick HS": "3"}
    assert told["documents"][0]["day"] == "2026-10-01"
