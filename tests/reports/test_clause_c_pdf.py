"""The two documents of clause C as pages: what a superintendent signs, and what a screen reader reads."""

from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lms_sync.agreements.clause_c.email import document_email, withdrawal_email
from lms_sync.agreements.clause_c.pdf import agreement_plan_pdf, confirmation_pdf
from lms_sync.compliance.gate import ON_FILE, made_up
from lms_sync.model.issued import IssuedKind
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.operations.sample_clause_c import (
    SAMPLE_SETTINGS,
    SAMPLE_STAMP,
    sample_clause,
    sample_confirmed,
    sample_issued,
)
from lms_sync.reports.typeset import Pdf
from tests.reports.golden_documents import VOICE

PDFS = {
    "confirmation": cache(lambda: confirmation_pdf(sample_confirmed(), SAMPLE_STAMP, VOICE)),
    "plan": cache(lambda: agreement_plan_pdf(sample_clause(), sample_plan(), SAMPLE_STAMP, VOICE)),
}


def opened(pdf: Pdf) -> PdfReader:
    return PdfReader(BytesIO(pdf.content))


def text(pdf: Pdf) -> str:
    return " ".join(" ".join(page.extract_text() for page in opened(pdf).pages).split())


def elements(node: Any) -> list[str]:
    """Return the kinds of structure elements below a node, in reading order; a header cell with its scope."""
    element = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(element, list):
        return [kind for child in element for kind in elements(child)]
    if not isinstance(element, DictionaryObject):
        return []
    own = [str(element["/S"])] if "/S" in element else []
    return own + elements(element.get("/K"))


@pytest.mark.parametrize("name", PDFS)
def test_each_claims_pdf_ua_with_language_title_and_tags(name: str) -> None:
    pdf = PDFS[name]()
    catalogue: Any = opened(pdf).root_object
    assert pdf.trouble == ""
    assert str(catalogue["/Lang"]).casefold() == "en-us"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in catalogue["/Metadata"].get_object().get_data()
    metadata = opened(pdf).metadata
    assert metadata is not None
    assert metadata.title is not None
    assert SAMPLE_STAMP.number in metadata.title


@pytest.mark.parametrize("name", PDFS)
def test_headings_come_in_order_and_each_table_has_header_cells(name: str) -> None:
    told = elements(opened(PDFS[name]()).root_object["/StructTreeRoot"])
    headings = [int(kind[2:]) for kind in told if kind.startswith("/H") and kind[2:].isdigit()]

    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings)), "a level is skipped"
    assert told.count("/Table") == told.count("/THead") > 2
    assert told.count("/TH") >= 2 * told.count("/Table")


def test_the_confirmation_reads_from_the_statement_to_the_evidence() -> None:
    said = text(PDFS["confirmation"]())
    order = [
        *("Training confirmation", "A-2026-1", "Document number TC-2026-0001", SAMPLE_STAMP.code),
        *("confirms, as of 23 November 2026", "Whom this confirms", "Abernathy, Lucille (Lu)"),
        *("verified by ESD 900 on 3 Aug 2026, no. 88-0", "Signatures", "Superintendent or designee"),
        *("How this document is verified", "What it rests on", "course map, version 3f9c2a71", "Evidence"),
        *("document D00000000", "01234567 89abcdef"),
    ]
    places = [said.find(words) for words in order]

    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


def test_what_a_class_does_not_require_is_said_and_not_left_blank() -> None:
    assert "not required of this class" in text(PDFS["confirmation"]())


def test_the_plan_tells_each_state_in_its_own_way() -> None:
    said = text(PDFS["plan"]())
    for words in (
        "What is already late",
        "Late since 1 Sep 2026.",
        "The class is not recorded",
        "Due, counted from the first day with students: Classroom: by 4 Jul 2027; On the job: by 4 Jan 2028.",
        "Finished, to be documented: the district asks the ESD for its document on the classroom topics, the",
        "Already documented",
        "Petrov, Ilya",
        "Evidence",
    ):
        assert words in said, words


def test_two_people_of_one_name_keep_their_own_sections() -> None:
    clause = sample_clause()
    report = clause.report
    named = tuple(replace(one, name=made_up("Doe, Sam")) for one in report.people)
    people = tuple(replace(p, gaps=g) for p, g in zip(clause.people, named, strict=True))
    twins = replace(clause, report=replace(report, people=named), people=people)
    said = text(agreement_plan_pdf(twins, sample_plan(), SAMPLE_STAMP, VOICE))

    for topics in ("2 classroom topics: 1 ", "2 classroom topics: 4 ", "all 13 classroom topics"):
        assert topics in said, topics


def test_a_draft_has_no_number_and_says_so_on_every_page() -> None:
    pdf = confirmation_pdf(sample_confirmed(), None, VOICE)
    for page in opened(pdf).pages:
        assert "DRAFT, not issued" in page.extract_text()
    assert "TC-2026" not in text(pdf)
    assert pdf.trouble == ""


@pytest.mark.usefixtures("_set_each_time")
def test_the_same_facts_give_the_same_bytes() -> None:
    assert confirmation_pdf(sample_confirmed(), SAMPLE_STAMP, VOICE) == PDFS["confirmation"]()


def test_markup_in_a_name_is_text() -> None:
    stamp = replace(SAMPLE_STAMP, issued_by=made_up('#panic("x") *bold*'), issued_on=date(2026, 11, 24))

    assert '#panic("x") *bold*' in text(confirmation_pdf(sample_confirmed(), stamp, VOICE))


@pytest.mark.parametrize("kind", IssuedKind)
def test_the_mail_carries_number_and_code_and_names_none_of_the_people(kind: IssuedKind) -> None:
    issued = sample_issued(kind)
    sent = document_email(issued, sample_report().partner, SAMPLE_SETTINGS, VOICE)
    withdrawn = withdrawal_email(issued, SAMPLE_SETTINGS, VOICE)

    for words in (issued.number, issued.code, "Fernwick Police Department"):
        assert words in sent.text
        assert words in sent.html
    for said in (withdrawn.text, withdrawn.html):
        assert "the ESD revoked one of the documents" not in said, "HR's reasons are not for partners"
        assert ON_FILE in said
    assert issued.number in withdrawn.subject
    for said in (sent.text, sent.html, withdrawn.text, withdrawn.html):
        assert "Abernathy" not in said
