from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lms_sync.compliance.gate import made_up
from lms_sync.errors import UsageError
from lms_sync.files import shipped
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.templates import template_environment
from lms_sync.reports.typeset import Pdf
from tests.reports.golden_documents import VOICE

NAMES = (
    "Łukasiewicz-Ñandú, Zoë",
    "Đỗ, Thị Hạnh",
    "عبد الله, سارة",
    "李小龍",
    "김민준",
    "አበበ በቂላ",
    "សុខ ដារា",
    "थापा, सीता",
    "ਸਿੰਘ, ਗੁਰਪ੍ਰੀਤ",
    "กานต์ ใจดี",
    "Шевченко, Оля",
    "שרה כהן",
    "t̕ᶿəx̌ʷ, ƛ̕ač",
)
MARKUP = ('#panic("x")', "*bold*", "= Heading", "] #read(sys)", "$x$", "@cite", "<label>", "// note", "\\", "`raw`")


def made(*names: str) -> Pdf:
    """Return the sample's plan with its people renamed, all of them like the first when there are more."""
    report, plan = sample_report(), sample_plan()
    if not names:
        return training_plan_pdf(report, plan, VOICE)
    people = tuple(
        replace(report.people[0], person_id=made_up(f"Q{n}"), name=made_up(name)) for n, name in enumerate(names)
    )
    plans = tuple(
        replace(plan.people[0], person_id=made_up(f"Q{n}"), name=made_up(name)) for n, name in enumerate(names)
    )
    return training_plan_pdf(replace(report, people=people), replace(plan, people=plans), VOICE)


def opened(pdf: Pdf) -> PdfReader:
    return PdfReader(BytesIO(pdf.content))


def root(pdf: Pdf) -> Any:
    return opened(pdf).root_object


def text(pdf: Pdf) -> str:
    return " ".join(" ".join(page.extract_text() for page in opened(pdf).pages).split())


def kinds(node: object) -> list[str]:
    """Return the kinds of the structure elements below a node, in reading order."""
    element = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(element, list):
        return [kind for child in element for kind in kinds(child)]
    if not isinstance(element, DictionaryObject):
        return []
    own = [str(element["/S"])] if "/S" in element else []
    return own + kinds(element.get("/K"))


@pytest.fixture(scope="module")
def plan() -> Pdf:
    return made()


def test_it_claims_pdf_ua_and_is_tagged_titled_and_in_english(plan: Pdf) -> None:
    catalogue = root(plan)
    assert plan.trouble == ""
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).casefold() == "en-us"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in catalogue["/Metadata"].get_object().get_data()
    metadata = opened(plan).metadata
    assert metadata is not None
    assert metadata.title == (
        "Training plan: school safety and security staff, Fernwick Police Department, 23 November 2026"
    )
    assert metadata.author == "Fernwick School District"


def test_headings_and_tables_are_told_to_a_screen_reader(plan: Pdf) -> None:
    told = kinds(root(plan)["/StructTreeRoot"])
    assert [kind for kind in told if kind.startswith("/H")][:2] == ["/H1", "/H2"]
    assert told.count("/H3") == sum(bool(person.open) for person in sample_report().people)
    assert told.count("/Table") == told.count("/THead") > 8
    assert told.count("/TH") >= 2 * told.count("/Table")
    assert "/Link" in told


def test_every_page_says_whose_it_is_and_its_number(plan: Pdf) -> None:
    pages = [page.extract_text() for page in opened(plan).pages]
    for number, page in enumerate(pages, start=1):
        assert "Training plan for Fernwick Police Department" in page
        assert f"Page {number} of {len(pages)}" in page


def test_a_table_over_several_pages_repeats_its_header() -> None:
    pages = [page.extract_text() for page in opened(made(*(f"Person {n}" for n in range(40)))).pages]
    assert all("Check" in page for page in pages[:2])  # the grid's header
    assert any("Person 20" in page and "Person 0 ·" not in page for page in pages)


def test_it_says_what_is_missing_by_when_and_what_is_planned(plan: Pdf) -> None:
    said = text(plan)
    for expected in (
        "Of 9 people, 2 are past the last lawful day.",
        "1 person is complete, in doubt: the district decides what counts",
        "Sørensen, Maja: Topic 5: met, in doubt since 20 Nov 2026.",
        "Abernathy, Lucille (Lu): topics 1, 10, late since 1 Sep 2026",
        "Due within 60 days: Grant, Marcus Jr.: topics 4, 7, last lawful day 31 Dec 2026.",
        "Before any of them next works at a school, call Human Resources, 555-0142",
        "Who stands where",
        "By class: who goes together",
        "No class covers yet: 13 Restorative justice",
        "14 Dec 2026: 1 on-the-job training day",
        "RCW 28A.400.345",
        "23 November 2026",
    ):
        assert expected in said


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_is_set_without_losing_the_claim(name: str) -> None:
    assert made(name).trouble == ""


def test_a_character_that_no_font_has_costs_the_claim_and_not_the_document() -> None:
    pdf = made("Smiley 🙂, Sam")
    assert pdf.trouble == 'PDF/UA-1 error: the text `"U+1F642"` could not be displayed with font `"Noto Sans"`'
    assert root(pdf)["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" not in root(pdf)["/Metadata"].get_object().get_data()
    assert "Sam" in text(pdf)


@pytest.mark.parametrize("name", MARKUP)
def test_what_a_person_wrote_is_not_read_as_markup(name: str) -> None:
    pdf = made(name)
    assert pdf.trouble == ""
    assert name in text(pdf)


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_no_name_costs_a_partner_its_plan(name: str) -> None:
    assert made(name).content.startswith(b"%PDF-")


@pytest.mark.usefixtures("_set_each_time")
def test_the_same_report_gives_the_same_bytes(plan: Pdf) -> None:
    assert made().content == plan.content


def test_a_report_without_people_is_a_document_too() -> None:
    empty = training_plan_pdf(replace(sample_report(), people=()), replace(sample_plan(), people=()), VOICE)
    assert empty.trouble == ""
    assert "nobody is past a last lawful day" in text(empty)


def test_only_fonts_that_ship_are_used(plan: Pdf) -> None:
    ours = ("NotoSans", "DejaVuSans", "WenQuanYiMicroHei")
    for page in opened(plan).pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            assert str(font.get_object()["/BaseFont"]).split("+")[-1].startswith(ours)


def test_the_fonts_are_small_and_each_has_its_licence() -> None:
    folder = shipped("reports") / "fonts"
    fonts = [path for path in folder.iterdir() if path.suffix in {".ttf", ".ttc", ".otf"}]
    assert sum(path.stat().st_size for path in fonts) < 12_000_000
    assert {path.name for path in folder.glob("*.txt")} == {"APACHE-2.0.txt", "BITSTREAM-VERA.txt", "OFL.txt"}
    others = {path.name for path in fonts if not path.name.startswith("NotoSans")}
    assert others == {"DejaVuSans.ttf", "wqy-microhei.ttc"}


def test_a_workspaces_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "plan.typ").write_text(
        '#import "page.typ": *\n#show: printed.with(title: "Ours")\n= Ours', encoding="utf-8"
    )
    pdf = training_plan_pdf(
        sample_report(), sample_plan(), replace(VOICE, environment=template_environment(tmp_path))
    )
    assert pdf.trouble == ""
    assert "Ours" in text(pdf)
    assert "Abernathy" not in text(pdf)


def test_a_template_that_is_not_accessible_loses_the_claim_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "plan.typ").write_text("= Heading without a document title", encoding="utf-8")
    pdf = training_plan_pdf(
        sample_report(), sample_plan(), replace(VOICE, environment=template_environment(tmp_path))
    )
    assert "title" in pdf.trouble


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "plan.typ").write_text("= Plan\n#nobody", encoding="utf-8")
    with pytest.raises(UsageError, match="unknown variable: nobody") as caught:
        training_plan_pdf(sample_report(), sample_plan(), replace(VOICE, environment=template_environment(tmp_path)))
    assert str(caught.value).startswith("reports/plan.typ")
    assert "plan.typ:2" in str(caught.value)
