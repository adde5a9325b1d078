"""What an ESD can be asked, when a request is answered, and what HR must chase."""

from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.person_record import build_record
from lms_sync.documents.request.status import ask_of, pending, request_findings, settled
from lms_sync.law.series import load
from lms_sync.model.agreement import EsdRequest, FiledDocument, KeptFile
from lms_sync.model.evidence import Documentation
from lms_sync.model.links import Merge, PeopleDecisions
from lms_sync.store.known.snapshot import Snapshot
from tests.compliance.person_facts import DAY, GUARD, ME, OTHER, done, judged, knowledge_of

PACKET = KeptFile("0" * 64, "request.pdf", "application/pdf", 9)
DAYS = tuple(
    done("Day", date(2026, 10, day), attributes=(("experienced_officer", "A. Reed"), ("host_school", "Pinehill HS")))
    for day in (6, 7)
)
CHECK_INS = done("Check-in x3", date(2026, 10, 8)), done("Check-in", date(2026, 10, 9))
CLASSROOM = done("All", date(2026, 10, 5))
COMPLETE = (CLASSROOM, *DAYS, done("Check-in x3", date(2026, 10, 8)), done("Check-in x3", date(2026, 10, 9)))
ALL = ("classroom", "on-the-job", "check-in")


def request(*components: str, **changes: object) -> EsdRequest:
    asked = components or ALL
    one = EsdRequest("Q-2026-0001", ME, asked, "ESD 900", date(2026, 10, 12), "A. Roe", date(2026, 11, 11), PACKET)
    return replace(one, **changes)  # type: ignore[arg-type]


def filed(snapshot: Snapshot, *components: str, day: date = date(2026, 11, 2)) -> Snapshot:
    """Return the same knowledge with a document of ESD 900 on file about `ME`."""
    number = f"D{len(snapshot.filed) + 1}"
    document = FiledDocument(number, (ME,), components, "verified", "ESD 900", day, "88", PACKET, "A. Roe", day)
    told = tuple(Documentation(one, "verified", "ESD 900", day, "88", number) for one in components)
    return replace(
        snapshot,
        filed={**snapshot.filed, number: document},
        documents={ME: (*snapshot.documents.get(ME, ()), *told)},
    )


def codes(snapshot: Snapshot, *requests: EsdRequest) -> list[tuple[str, tuple[str, ...]]]:
    by_id = {one.request_id: one for one in requests}
    return [(one.code, one.people) for one in request_findings(snapshot, judged(snapshot), by_id)]


def test_what_is_finished_is_asked_for_and_what_is_not_is_told_with_its_count() -> None:
    snapshot = knowledge_of(CLASSROOM, *DAYS, *CHECK_INS)
    ask = ask_of(build_record(snapshot, judged(snapshot), ME), {})

    assert [one.component.id for one in ask.asked] == ["classroom", "on-the-job"]
    assert [one.finished_on for one in ask.asked] == [date(2026, 10, 5), date(2026, 10, 7)]
    assert [entry.title for entry in ask.asked[1].evidence] == ["Day", "Day"]
    assert [(one.component.id, one.have, one.need) for one in ask.not_asked] == [("check-in", 4, 6)]


def test_twelve_topics_of_thirteen_are_not_asked_for() -> None:
    snapshot = knowledge_of(done("Rights"))
    ask = ask_of(build_record(snapshot, judged(snapshot), ME), {})

    assert ask.asked == ()
    assert [(one.have, one.need) for one in ask.not_asked] == [(1, 13), (0, 2), (0, 6)]


def test_what_is_documented_or_waits_for_an_answer_is_not_asked_for_again() -> None:
    snapshot = filed(knowledge_of(*COMPLETE), "classroom")
    ask = ask_of(build_record(snapshot, judged(snapshot), ME), {"on-the-job": "Q-2026-0001"})

    assert [one.component.id for one in ask.asked] == ["check-in"]
    assert [(one.document is not None, one.pending) for one in ask.not_asked] == [(True, ""), (False, "Q-2026-0001")]


def test_a_document_of_a_day_to_come_documents_nothing_yet() -> None:
    snapshot = filed(knowledge_of(CLASSROOM), "classroom", day=date(2026, 12, 1))
    ask = ask_of(build_record(snapshot, judged(snapshot), ME), {})

    assert [one.component.id for one in ask.asked] == ["classroom"]


def test_a_recorded_answer_settles_a_request_in_its_own_words() -> None:
    answered = request(answered_on=date(2026, 11, 9), answered_by="A. Roe", answer="a sheet is missing")

    told = settled(answered, knowledge_of())
    assert told is not None
    assert (told.on, told.answer) == (date(2026, 11, 9), "a sheet is missing")


def test_documents_that_together_cover_every_component_are_the_answer() -> None:
    one = filed(knowledge_of(*COMPLETE), "classroom", "check-in")
    both = filed(one, "on-the-job", day=date(2026, 11, 5))

    assert settled(request(), one) is None
    told = settled(request(), both)
    assert told is not None
    assert told.on == date(2026, 11, 5)
    assert told.answer == "document D1 of ESD 900, document D2 of ESD 900 is on file"


def test_a_document_about_another_component_is_no_answer() -> None:
    assert settled(request("on-the-job"), filed(knowledge_of(), "classroom")) is None


def test_a_request_made_under_a_former_person_id_is_answered_by_a_document_of_the_new_one() -> None:
    merge = Merge("60001", ME, (), (), (), "A. Roe", DAY, "new badge")
    snapshot = replace(filed(knowledge_of(), "classroom"), decided=PeopleDecisions(merges=(merge,)))

    assert settled(request("classroom", person_id="60001"), snapshot) is not None
    assert pending({"Q": request("on-the-job", person_id="60001")}, snapshot) == {ME: {"on-the-job": "Q-2026-0001"}}


@pytest.mark.parametrize(
    ("remind_on", "chased"), [(date(2026, 11, 24), False), (DAY, True), (date(2026, 11, 1), True)]
)
def test_a_request_is_chased_from_its_day_on(remind_on: date, *, chased: bool) -> None:
    found = codes(knowledge_of(*COMPLETE), request(remind_on=remind_on))

    assert found == ([("request-unanswered", (ME,))] if chased else [])


def test_an_answered_request_is_not_chased() -> None:
    snapshot = filed(knowledge_of(*COMPLETE), *ALL)

    assert codes(snapshot, request()) == []


def test_nobody_is_chased_about_a_person_who_left() -> None:
    assert codes(knowledge_of(), request(person_id="60001")) == []


def test_the_same_finding_has_the_same_id_on_the_next_night() -> None:
    snapshot = knowledge_of(*COMPLETE)
    nights = [replace(judged(snapshot), as_of=day) for day in (DAY, date(2026, 11, 24))]
    ids = {found.id for night in nights for found in request_findings(snapshot, night, {"Q": request()})}

    assert len(ids) == 1


def test_somebody_complete_whom_nobody_asked_for_is_one_finding_that_goes_with_the_request() -> None:
    snapshot = knowledge_of(*COMPLETE)

    assert codes(snapshot) == [("document-not-requested", (ME,))]
    assert codes(snapshot, request(remind_on=date(2026, 12, 1))) == []


def test_a_refusal_brings_the_person_back_to_the_worklist() -> None:
    refused = request(answered_on=date(2026, 11, 9), answered_by="A. Roe", answer="a sheet is missing")

    assert codes(knowledge_of(*COMPLETE), refused) == [("document-not-requested", (ME,))]


def test_a_request_for_a_part_leaves_the_rest_to_be_asked_for() -> None:
    snapshot = knowledge_of(*COMPLETE)
    found = request_findings(snapshot, judged(snapshot), {"Q": request("classroom", remind_on=date(2026, 12, 1))})

    assert [one.found for one in found] == [
        "Quillfeather, Adabelle has finished on-the-job training days and check-in trainings;"
        " no ESD was asked to document it"
    ]


def test_nobody_unfinished_is_to_be_asked_for() -> None:
    assert codes(knowledge_of(CLASSROOM, *DAYS, *CHECK_INS)) == []
    assert {OTHER, GUARD} <= judged(knowledge_of()).people.keys()
    assert load().on(DAY).components[0].id == "classroom"
