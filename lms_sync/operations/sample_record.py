"""A record, a building and a request of the demo's people: `lms-sync check` renders their templates with them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gap_report import SourceAge
from lms_sync.compliance.gate import NOTHING, made_up
from lms_sync.compliance.person_record import (
    CONTRADICTED,
    PastAssignment,
    PersonRecord,
    UnconfirmedRecords,
    UnreadPlace,
)
from lms_sync.compliance.posted import BuildingList, Posted
from lms_sync.demo.books import HR
from lms_sync.demo.cast import cast_member, members
from lms_sync.demo.esd import ESD
from lms_sync.demo.inbox import PARTNER_NAMES
from lms_sync.documents.request.pdf import Request
from lms_sync.documents.request.status import FinishedComponent, NotAsked, RequestCandidate
from lms_sync.law.series import Component, Counts
from lms_sync.law.standing import MetBy, Standing, State
from lms_sync.model.evidence import Documentation
from lms_sync.model.finding import ClaimDecision
from lms_sync.model.roster import Assignment, ClockDecision, Person, StaffClass
from lms_sync.operations.sample import SAMPLE_CONTACT, SAMPLE_DAY, SAMPLE_DISTRICT, SAMPLE_SCHOOL
from lms_sync.reports.notice import Notice, NoticeList

_DOUBTED = date(2026, 11, 20)
_KNOWN = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
_PERSON_ID = "00406"
_SERIES = "RCW 28A.400.345"


def sample_notice() -> Notice:
    """Return a short mail with a list."""
    points = (
        made_up(f"{cast_member(_PERSON_ID).name}: 2 classroom topics. Last lawful day: 7 Dec 2026, in 14 days."),
    )
    return Notice(
        subject=made_up("Lincoln: school safety training, last lawful day 7 Dec 2026"),
        title=made_up("Training that is due"),
        lead=(made_up("This is a reminder."),),
        lists=(NoticeList(made_up("Who lacks what"), points),),
        district=SAMPLE_DISTRICT,
        contact=SAMPLE_CONTACT,
    )


def sample_building() -> BuildingList:
    """Return a building on `SAMPLE_DAY` with each state once, and somebody complete whose training is in doubt."""
    people = tuple(
        Posted(
            member.person_id,
            made_up(member.name),
            made_up("School officer") if number % 2 else NOTHING,
            Decimal("2.5"),
            state,
        )
        for number, (member, state) in enumerate(zip(members(), State, strict=False), start=1)
    )
    complete = next(posted for posted in people if posted.state is State.COMPLETE)
    doubted = replace(complete, person_id="00107", name=made_up(cast_member("00107").name), doubted=_DOUBTED)
    people = (*people, doubted)
    return BuildingList(SAMPLE_DISTRICT, SAMPLE_CONTACT, SAMPLE_SCHOOL, SAMPLE_DAY, _KNOWN, people)


def sample_record() -> PersonRecord:
    """Return a record on `SAMPLE_DAY` in which nothing that a template may be asked to say is left out."""
    return PersonRecord(
        district=SAMPLE_DISTRICT,
        contact=SAMPLE_CONTACT,
        as_of=SAMPLE_DAY,
        known_at=_KNOWN,
        law="2021-07-25",
        citation=_SERIES,
        components=_components(),
        mapping="3f9c2a71",
        person=_person(),
        posts=_posts(),
        state=State.OVERDUE,
        reasons=("What the district must record stands here.",),
        standings=_standings(),
        counted=_counted(),
        uncounted=_uncounted(),
        doubts=(UnconfirmedRecords(made_up("vector"), 2, CONTRADICTED),),
        documents=(Documentation("check-in", "verified", ESD, date(2026, 10, 1), "88"),),
        sources=(
            SourceAge(made_up("vector"), _KNOWN, date(2026, 11, 19), made_up("could not be read")),
            SourceAge(made_up("log"), None, None, NOTHING),
        ),
        unread=(UnreadPlace(made_up("export.xlsx, Done!A14"), 1), UnreadPlace(made_up("other.csv"), 12)),
    )


def sample_request() -> Request:
    """Return a request in which nothing that the template may be asked to say is left out."""
    record = sample_record()
    classroom, on_the_job = record.components
    check_ins = Component("check-in", "check-in trainings", Counts.AMOUNTS, {}, 12, classroom.citation)
    first = RecordEntry(
        ("topic-01",),
        date(2026, 8, 10),
        made_up("Rights"),
        made_up("vector"),
        made_up("8d31a4db98b3"),
        made_up("export.xlsx, Done!A12"),
        NOTHING,
    )
    asked = (
        FinishedComponent(
            classroom,
            2,
            2,
            date(2026, 8, 12),
            (first, replace(first, requirements=("topic-10",), title=made_up("Calm"))),
        ),
        FinishedComponent(on_the_job, 0, 2, None, record.counted[1:]),
    )
    not_asked = (
        NotAsked(check_ins, 6, 6, record.documents[0], ""),
        NotAsked(check_ins, 6, 6, None, "Q-2026-0001"),
        NotAsked(check_ins, 4, 6, None, ""),
        NotAsked(check_ins, 6, 6, None, "", _DOUBTED),
    )
    return Request("Q-2026-0002", ESD, record, RequestCandidate(asked, not_asked))


def _components() -> tuple[Component, ...]:
    return (
        Component("classroom", "classroom topics", Counts.TOPICS, {}, 6, _SERIES, ("topic-01", "topic-10")),
        Component("on-the-job", "on-the-job training days", Counts.DATES, {}, 12, _SERIES),
    )


def _person() -> Person:
    member = cast_member(_PERSON_ID)
    return Person(
        member.person_id,
        member.last,
        member.first,
        staff_class=StaffClass.OTHER,
        class_decided_by=HR,
        class_decided_on=date(2026, 1, 12),
        first_day=member.first_day,
        clock=ClockDecision(date(2026, 2, 2), HR, date(2026, 1, 12), "the agreement of 2026"),
    )


def _posts() -> tuple[PastAssignment, ...]:
    first = Assignment(
        person_id=_PERSON_ID,
        partner_id="fpd",
        agreement_id="A-2026-1",
        starts=date(2026, 2, 2),
        ends=date(2026, 8, 31),
        series="required",
        decided_by=HR,
        decided_on=date(2026, 1, 12),
    )
    second = Assignment(
        _PERSON_ID, "fsd", None, date(2026, 9, 1), None, "School guard", ((SAMPLE_SCHOOL, Decimal(3)),)
    )
    return PastAssignment(PARTNER_NAMES["fpd"], first), PastAssignment(SAMPLE_DISTRICT, second)


def _standings() -> tuple[Standing, ...]:
    missing = Standing(
        requirement="topic-10",
        component="classroom",
        need=1,
        have=0,
        met_by=None,
        on=None,
        due=date(2026, 8, 2),
        last_lawful_day=date(2026, 8, 3),
        late=True,
        credits=(),
        claims=(),
        notes=("A note.",),
    )
    met = replace(missing, requirement="topic-01", have=1, met_by=MetBy.CREDITS, on=date(2026, 8, 10), notes=())
    doubted = replace(met, requirement="topic-02", doubted=_DOUBTED)
    undated = replace(missing, requirement="on-the-job", component="on-the-job", need=2, late=False)
    return met, doubted, missing, replace(undated, due=None, last_lawful_day=None)


def _counted() -> tuple[RecordEntry, ...]:
    accepted = _decision("5e5e58a4", accepted=True)
    origin = made_up("export.xlsx, Completions!A12")
    plain = RecordEntry(
        ("topic-01",),
        date(2026, 8, 10),
        made_up("Rights"),
        made_up("vector"),
        made_up("8d31a4db98b3"),
        origin,
        NOTHING,
    )
    day = RecordEntry(
        ("on-the-job",),
        SAMPLE_DAY,
        made_up("Day"),
        made_up("log"),
        made_up("c9b79f0c31a5"),
        made_up("log.ods, Log!A7"),
        made_up("stands for 1"),
        NOTHING,
        accepted,
    )
    return plain, day


def _uncounted() -> tuple[RecordEntry, ...]:
    refused = _decision("1b149a47", accepted=False)
    origin, send = made_up("export.xlsx, Completions!A13"), made_up("Send the certificate.")
    claim = RecordEntry(
        ("topic-10",),
        None,
        made_up("De-escalation"),
        made_up("vector"),
        made_up("ba0e7cd1"),
        origin,
        made_up("it has no date"),
        send,
        refused,
    )
    return claim, RecordEntry(
        (),
        SAMPLE_DAY,
        made_up("First Aid"),
        made_up("vector"),
        made_up("a976805c"),
        origin,
        made_up("the course map has no row"),
        send,
    )


def _decision(claim_id: str, *, accepted: bool) -> ClaimDecision:
    return ClaimDecision(claim_id, accepted, "sign-in sheet looked at", HR, SAMPLE_DAY)
