"""A word of its own stands in every text that is somebody's: no document of another partner holds it."""

import email
import email.policy
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pypdf
import pytest

from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.issue import draft_document
from lms_sync.agreements.clause_c.status import clause_c
from lms_sync.agreements.year.calendar import CalendarFacts, entries_of
from lms_sync.agreements.year.calendar_pages import CalendarPage, calendar_ical
from lms_sync.agreements.year.entry import DaySpan
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.judge import judge_roster
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.compliance.posted import build_building
from lms_sync.documents.request.pdf import Request, request_page, request_pdf
from lms_sync.documents.request.status import ask_of
from lms_sync.mail.documents import Documents, make_documents, make_plan
from lms_sync.mail.issue import current_report
from lms_sync.mail.message import MessageParts, build_message, message_id
from lms_sync.model.carrier import Envelope
from lms_sync.model.issued import IssuedKind
from lms_sync.model.roster import Partner
from lms_sync.reports.figure_svg import timeline_svg
from lms_sync.reports.figures import grid, timeline
from lms_sync.reports.gaps_export import report_json
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.calendar_file import sittings_ical
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.sittings import sitting_lines
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.principal.email import building_email
from lms_sync.reports.templates import Templates, template_environment
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.workspace.settings.config import Config
from lms_sync.workspace.settings.yearly import YearSettings
from tests.security.planted import SEAL, TODAY, District, grow

pytestmark = pytest.mark.slow  # whole nights, or a whole installation

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
FEW, MORE = range(1, 4), range(4, 30)
"""Seeds. The first one's documents are printed too, which takes most of the time."""


def issuer_of(store: Store) -> Issuer:
    snapshot = read_snapshot(store, NOW)
    assert snapshot is not None
    templates = Templates(template_environment(None), snapshot.law.names, ZoneInfo("America/Los_Angeles"))
    judged = judge_roster(snapshot, SEAL, as_of=TODAY)
    return Issuer(cast(Config, None), snapshot, judged, templates, NOW, lambda: "minted", SEAL)


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def of_pdf(content: bytes) -> str:
    reader = pypdf.PdfReader(BytesIO(content))
    pages = [page.extract_text() for page in reader.pages]
    links = [str(a.get_object()) for page in reader.pages for a in page.get("/Annots", [])]
    return " ".join((*pages, *links, str(reader.metadata), content.decode("latin-1"), str(reader.xmp_metadata)))


def of_workbook(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return " ".join((name + book.read(name).decode()) for name in book.namelist())


def of_message(documents: Documents, partner: Partner) -> Iterator[str]:
    """Yield what a partner receives: headers, names of attachments, both bodies, workbook and plan."""
    parts = MessageParts(documents.email.subject, documents.email.html, documents.email.text, documents.attachments)
    envelope = Envelope("20261123-minted", "hr@example.org", to=partner.report_to)
    body = build_message(parts, envelope=envelope, message_id=message_id("minted", sender="hr@example.org"), date=NOW)
    for part in email.message_from_bytes(body, policy=email.policy.default).walk():
        yield str(part.items())
        if part.get_content_maintype() == "text":
            yield str(part.get_payload(decode=True).decode())  # type: ignore[union-attr]
    yield of_workbook(documents.workbook)
    yield of_pdf(documents.training_plan.content)
    yield documents.sittings.replace(b"\r\n ", b"").decode()


def written(store: Store, issuer: Issuer, partner: Partner, district: District) -> Iterator[str]:
    """Yield what the documents of one partner are made of, and those that are not printed."""
    report = current_report(store, issuer, partner)
    plan = make_plan(report, issuer)
    yield str(report_json([report]))
    yield str(asdict(partner_email(report, plan, issuer.templates)))
    yield of_workbook(partner_workbook(report, plan, issuer.templates, pseudonyms=SEAL))
    yield str(asdict(plan))
    lines = sitting_lines(report, {person.person_id: person for person in plan.people})
    yield sittings_ical(report, lines).replace(b"\r\n ", b"").decode()
    yield str(asdict(grid(report))) + timeline_svg(timeline(report))
    for person in _of_this_partner_alone(issuer, report):
        packet = Request("Q-1", "ESD 900", person, ask_of(person, {}))
        yield str(asdict(request_page(packet, issuer.templates)))


def _of_this_partner_alone(issuer: Issuer, report: GapReport) -> Iterator[PersonRecord]:
    """Yield the records of people who never worked for anybody else: a packet tells for whom somebody works."""
    for person in report.people:
        record = build_record(issuer.snapshot, issuer.judged, person.person_id)
        if {post.assignment.partner_id for post in record.posts} == {report.partner.partner_id}:
            yield record


def printed(store: Store, issuer: Issuer, partner: Partner, district: District) -> Iterator[str]:
    """Yield everything that leaves for one partner, as text."""
    report = current_report(store, issuer, partner)
    yield from of_message(make_documents(report, issuer), partner)
    for agreement in district.agreements:
        clause = clause_c(issuer.snapshot, issuer.judged, agreement)
        if agreement.partner_id == partner.partner_id and clause.people:
            yield str(clause_c_json(clause))
            yield from (of_pdf(draft_document(issuer, clause, kind)) for kind in IssuedKind)
    for person in _of_this_partner_alone(issuer, report):
        packet = Request("Q-1", "ESD 900", person, ask_of(person, {}))
        yield of_pdf(request_pdf(packet, issuer.templates).content)


Leaving = Callable[[Store, Issuer, Partner, District], Iterator[str]]


def expect_nothing_of_others(folder: Path, seed: int, *ways: Leaving) -> set[str]:
    """Return the planted words that somebody read, after none was found where it must not be."""
    read: set[str] = set()
    with open_store(f"sqlite:///{folder}/{seed}.db", Opening("d", "key", NOW)) as store:
        district = grow(store, seed)
        issuer = issuer_of(store)
        for partner in district.roster.partners.values():
            said = squeezed(" ".join(text for way in ways for text in way(store, issuer, partner, district)))
            forbidden = district.planted.forbidden(partner.partner_id)
            assert [word for word in sorted(forbidden) if word in said] == [], partner.partner_id
            read |= {word for word in district.planted.readers if word in said}
    kinds = {district.planted.files[word][0] for word in read & district.planted.files.keys()}
    return read if "file" in kinds else set()


def test_no_document_of_a_partner_holds_a_word_of_anybody_else(tmp_path: Path) -> None:
    read = [expect_nothing_of_others(tmp_path, seed, written) for seed in FEW]
    assert any(read), "something of its own must have been read, or the test looks at nothing"


def test_no_printed_document_does(tmp_path: Path) -> None:
    expect_nothing_of_others(tmp_path, 0, printed)


def test_a_principal_reads_names_and_positions_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/all.db", Opening("d", "key", NOW)) as store:
        district = grow(store, 0)
        issuer = issuer_of(store)
        email = building_email(build_building(issuer.snapshot, issuer.judged, "Fir ES"), issuer.templates)
        said = squeezed(str(asdict(email)))
        posts = [post for post in district.roster.assignments if post.covers(TODAY)]
        people = [district.roster.people[post.person_id] for post in posts]
        told = squeezed(" ".join([*(post.position for post in posts), *(person.name for person in people)]))
        assert [word for word in district.planted.readers if word in said and word not in told] == []


def calendar(issuer: Issuer, *, named: bool) -> bytes:
    """Return the calendar that HR may hand to anybody in the district, for three years."""
    facts = CalendarFacts(issuer.snapshot, issuer.judged, YearSettings(), {}, {}, {})
    span = DaySpan(date(2025, 1, 1), date(2027, 12, 31))
    people = issuer.snapshot.roster.people
    names = {person_id: person.name for person_id, person in people.items()} if named else {}
    return calendar_ical(
        CalendarPage("Pinehill Schools", "pinehill", tuple(entries_of(facts, span)), names, TODAY, NOW)
    )


@pytest.mark.parametrize("named", [False, True])
def test_the_calendar_tells_agreements_and_ids_alone_and_names_only_where_asked(
    tmp_path: Path,
    named: bool,  # noqa: FBT001
) -> None:
    """It is the district's own; nothing of files, sheets, courses, providers or reasons has to do with it."""
    with open_store(f"sqlite:///{tmp_path}/all.db", Opening("d", "key", NOW)) as store:
        district = grow(store, 0)
        content = calendar(issuer_of(store), named=named).replace(b"\r\n ", b"").decode()
    roster = district.roster
    people = [text for i, p in roster.people.items() for text in ((i, p.name) if named else (i,))]
    partners = [text for partner in roster.partners.values() for text in (partner.partner_id, partner.name)]
    told = squeezed(" ".join((*people, *partners)))
    read = [word for word in district.planted.readers if word in squeezed(content)]
    assert read, "somebody's id must have been read, or the test looks at nothing"
    assert [word for word in read if word not in told] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", MORE)
def test_nor_in_many_more_districts(tmp_path: Path, seed: int) -> None:
    expect_nothing_of_others(tmp_path, seed, written, printed)


def test_the_words_would_be_found_if_the_district_were_the_reader(tmp_path: Path) -> None:
    """Without this the test above could hold because nothing that was planted ever comes near a document."""
    with open_store(f"sqlite:///{tmp_path}/all.db", Opening("d", "key", NOW)) as store:
        district = grow(store, 0)
        issuer = issuer_of(store)
        found: set[str] = set()
        for partner in district.roster.partners.values():
            open_gate = replace(issuer.judged.gate, everything=True)
            report = current_report(store, replace(issuer, judged=replace(issuer.judged, gate=open_gate)), partner)
            said = squeezed(str(report_json([report])))
            found |= {word for word in district.planted.forbidden(partner.partner_id) if word in said}
        assert len(found) > 5
