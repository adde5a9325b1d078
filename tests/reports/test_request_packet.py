"""The packet that asks an ESD: complete, tagged, and without anybody else in it."""

from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

from lms_sync.documents.request.pdf import not_asked_words, request_page, request_pdf
from lms_sync.operations.sample import SAMPLE_NAMES
from lms_sync.operations.sample_record import sample_request
from lms_sync.reports.templates import Templates, template_environment

VOICE = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))
HOSTILE = '#panic("x") *bold* $x$ <b> {{ 7*7 }} \\ `code`'


def test_the_page_says_who_it_is_about_what_was_done_and_whom_to_answer() -> None:
    page = request_page(sample_request(), VOICE)

    assert dict(page.about) == {
        "Name": "Fontaine, Grace",
        "Person ID": "00406",
        "Employer": "Fernwick School District",
        "Class": "safety and security staff other than a school resource officer",
        "First day with students": "5 Sep 2018",
    }
    assert (page.request_id, page.esd) == ("Q-2026-0002", "ESD 900")
    assert page.contact == "Human Resources, 555-0142, hr@fernwick.example.org"
    assert [part.title for part in page.parts] == ["Classroom training", "On-the-job training"]
    assert page.parts[0].summary == "Finished on 12 August 2026: all 2 subjects."
    first = page.parts[0].proofs[0]
    assert (first.day, first.title, first.toward) == ("10 Aug 2026", "Rights", "1 Rights of children in school")
    assert first.origin == "export.xlsx, Done!A12; source vector, record 8d31a4db98b3"


def test_days_and_check_ins_tell_their_count_and_who_accepted_a_claim() -> None:
    request = sample_request()
    asked = replace(request.ask.asked[1], have=3)
    page = request_page(replace(request, ask=replace(request.ask, asked=(asked,))), VOICE)

    assert page.parts[0].summary == "Finished: 3 on-the-job training days, of 2 required."
    assert (
        page.parts[0]
        .proofs[0]
        .how.endswith("accepted by Robin Ames, HR on 23 Nov 2026: the reason is on file with the district")
    )
    assert request_page(request, VOICE).parts[1].summary == "Finished: waived, according to the evidence."


def test_what_is_not_asked_for_says_why() -> None:
    assert [not_asked_words(one) for one in sample_request().ask.not_asked] == [
        "Check-in trainings: verified by ESD 900 on 1 Oct 2026, no. 88, not asked for again",
        "Check-in trainings: asked for in Q-2026-0001, not answered yet",
        "Check-in trainings: 4 of 6, not asked for",
        "Check-in trainings: met, in doubt since 20 Nov 2026, not asked for",
    ]


def test_one_course_for_every_topic_is_told_in_three_words() -> None:
    request = sample_request()
    whole = request.ask.asked[0]
    entry = replace(whole.evidence[0], requirements=whole.component.topics)
    page = request_page(replace(request, ask=replace(request.ask, asked=(replace(whole, evidence=(entry,)),))), VOICE)

    assert page.parts[0].proofs[0].toward == "all 2 subjects"


def test_the_pdf_claims_pdf_ua_and_is_the_same_on_every_run() -> None:
    first = request_pdf(sample_request(), VOICE)

    assert first.trouble == ""
    assert b"pdfuaid" in first.content
    assert b"/StructTreeRoot" in first.content
    assert first == request_pdf(sample_request(), VOICE)


def test_a_request_for_one_component_alone_can_be_set() -> None:
    request = sample_request()
    alone = replace(request, ask=replace(request.ask, asked=request.ask.asked[:1], not_asked=()))

    assert request_pdf(alone, VOICE).trouble == ""


def test_what_people_wrote_is_text_and_never_markup() -> None:
    request = sample_request()
    person = replace(request.record.person, last_name=HOSTILE)
    hostile = replace(request, esd=HOSTILE + "\x00\n", record=replace(request.record, person=person, contact=HOSTILE))

    assert request_pdf(hostile, VOICE).trouble == ""
    assert "\x00" not in str(asdict(request_page(hostile, VOICE)))
