"""Further contacts of a partner read of the people of their buildings, and of nobody else in any document."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lms_sync.compliance.audience import Audience, about_of, assigned_at, audiences
from lms_sync.errors import UsageError
from lms_sync.mail.decide import hold_partner
from lms_sync.mail.issue import current_report
from lms_sync.mail.partner_night import Tonight
from lms_sync.mail.posting import shared_addresses
from lms_sync.mail.retract import retract
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, RecipientState
from lms_sync.model.roster import Cadence, Contact, Partner, PartnerKind
from lms_sync.operations.intake import take_in
from lms_sync.operations.night import open_issuer
from lms_sync.operations.release import release_held
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace
from lms_sync.tables.write import write_workbook
from lms_sync.workspace.roster.check import RosterCheck, check_roster_content
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, CONTACTS, PARTNERS, PEOPLE
from lms_sync.workspace.start.workbooks import Line, sheet_of
from tests.operations.night_files import BOSS, CHIEF, NAMES, _lines, assignment_line
from tests.operations.night_town import Town, issue_tonight, message_of, text_of

LEAD = "lead@heron.example.com"
HERE, THERE = "80201", "80202"
PLACES = {HERE: "Pinehill HS: 3", THERE: "Quarry MS: 2; Elm ES: 1"}


def roster_with(contacts: Sequence[Line], places: Mapping[str, str] = PLACES) -> bytes:
    lines = dict(_lines())
    lines["assignments"] = [{**assignment_line(i), "Buildings": places.get(i)} for i in NAMES]
    lines["contacts"] = contacts
    forms = (PARTNERS, AGREEMENTS, PEOPLE, ASSIGNMENTS, CONTACTS)
    return write_workbook(None, [sheet_of(form, lines[form.title.lower()]) for form in forms], title="Roster")


def line(address: str = LEAD, buildings: str = "Pinehill HS", partner: str = "heron") -> Line:
    return {"Partner ID": partner, "Address": address, "Buildings": buildings}


def checked(*contacts: Line) -> RosterCheck:
    return check_roster_content(roster_with(contacts), file="roster.xlsx")


def everything(content: bytes) -> str:
    """Return every text of a message, its attachments and their properties."""
    message = message_of(content)
    found = [str(message["Subject"]), text_of(message), text_of(message, "html")]
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        if payload.startswith(b"PK"):
            book = load_workbook(io.BytesIO(payload))
            found += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
            found += [str(cell.comment.text) for s in book for row in s.iter_rows() for cell in row if cell.comment]
        elif payload.startswith(b"%PDF"):
            reader = PdfReader(io.BytesIO(payload))
            found += [page.extract_text() for page in reader.pages] + [str(reader.metadata)]
        else:
            found.append(payload.decode())
    return "\n".join(found)


@dataclass
class District:
    town: Town
    workspace: Workspace

    def night(self, cadence: Cadence = Cadence.WEEKLY, **stops: str) -> dict[str, Delivery]:
        """Issue what the guards' contacts are to have, and return address → delivery."""
        self.town.later(days=8)
        issuer = open_issuer(self.workspace, as_of=self.workspace.today())
        found = {}
        for audience in audiences(issuer.snapshot.roster.partners["heron"]):
            partner = replace(audience.partner, cadence=cadence)
            report = current_report(self.workspace.store, issuer, partner, at=audience.at)
            for delivery in issue_tonight(
                self.workspace.store, issuer, report, Tonight(stops.get("heron", ""))
            ).posted:
                found[delivery.recipients[0].address] = delivery
        return found

    def release(self, delivery: Delivery) -> Delivery:
        author = Author("A. Roe", "looked at", self.workspace.clock())
        (built,) = release_held(self.workspace, author, delivery_ids=[delivery.delivery_id]).built
        return built

    def body(self, delivery: Delivery) -> bytes:
        return self.workspace.store.deliveries.body(delivery.delivery_id)


@pytest.fixture
def district(settled: Town) -> Iterator[District]:
    settled.write("roster.xlsx", roster_with([line()]))
    settled.later(days=1)
    with settled.workspace() as workspace:
        intake = take_in(workspace, now=workspace.clock())
        assert [finding for finding in intake.findings["roster"] if finding.blocks] == []
        yield District(settled, workspace)


def test_a_contact_of_some_buildings_reads_of_nobody_else_in_any_document(district: District) -> None:
    held = district.night()[LEAD]
    assert held.state is DeliveryState.HELD, "a new address waits for a person"
    queued = district.release(held)
    assert [recipient.address for recipient in queued.recipients] == [LEAD]
    told = everything(district.body(queued))
    assert NAMES[HERE][0] in told
    assert "at Pinehill HS" in " ".join(told.split())
    for person_id in NAMES.keys() - {HERE}:
        other_last, other_first = NAMES[person_id]
        assert not {other_last, other_first, person_id} & set(told.replace(",", " ").split()), person_id
        assert other_last not in told
    assert "Quarry MS" not in told
    assert "/l/" not in told, "the partner's page tells of everybody"


@pytest.mark.slow
def test_the_main_contacts_go_on_reading_of_everybody(district: District) -> None:
    told = everything(district.body(district.night()[BOSS]))
    assert NAMES[HERE][0] in told
    assert NAMES[THERE][0] in told


@pytest.mark.slow
def test_what_is_compared_is_what_the_same_contacts_read_last(district: District) -> None:
    district.release(district.night()[LEAD])
    with district.workspace.store.transaction():
        for delivery in district.workspace.store.deliveries.listed(DeliveryState.QUEUED):
            district.workspace.store.deliveries.save(delivery, replace(delivery, state=DeliveryState.SENT))
    nights = district.night(Cadence.ON_CHANGE)
    assert nights == {}
    last = district.workspace.store.reports.last("heron", about=about_of(("Pinehill HS",)))
    assert last is not None
    assert [person.id for person in last.report.people] == [HERE]


@pytest.mark.slow
def test_a_held_partner_is_held_for_all_its_contacts(district: District) -> None:
    district.release(district.night()[LEAD])
    author = Author("A. Roe", "being looked at", district.workspace.clock())
    hold_partner(district.workspace, author, partner=read_roster(district.workspace.store).partners["heron"])
    assert district.workspace.store.deliveries.listed(DeliveryState.QUEUED) == ()
    assert {delivery.state for delivery in district.night().values()} == {DeliveryState.HELD}


@pytest.mark.slow
def test_a_held_report_of_contacts_who_are_gone_is_not_made_for_others(district: District) -> None:
    held = district.night()[LEAD]
    district.town.write("roster.xlsx", roster_with([line(buildings="Quarry MS")]))
    take_in(district.workspace, now=district.workspace.clock())
    author = Author("A. Roe", "looked at", district.workspace.clock())
    released = release_held(district.workspace, author, delivery_ids=[held.delivery_id])
    assert released.built == ()
    assert "no contacts" in str(released.refused[0])


@pytest.mark.slow
def test_a_retraction_names_nobody_to_who_reads_of_some_people_only(district: District) -> None:
    sent = district.release(district.night()[LEAD])
    store = district.workspace.store
    taken = tuple(replace(recipient, state=RecipientState.ACCEPTED) for recipient in sent.recipients)
    with store.transaction():
        store.deliveries.save(sent, replace(sent, state=DeliveryState.SENT, recipients=taken))
    issuer = open_issuer(district.workspace, as_of=district.workspace.today())
    author = Author("A. Roe", f"the days of {NAMES[THERE][0]} were wrong", district.workspace.clock())
    with pytest.raises(UsageError, match="names"):
        retract(district.workspace, author, issuer=issuer, delivery_id=sent.delivery_id)
    author = replace(author, reason="some days were wrong")
    word = retract(district.workspace, author, issuer=issuer, delivery_id=sent.delivery_id)
    assert [recipient.address for recipient in word.recipients] == [LEAD]


@pytest.mark.slow
def test_a_hold_of_the_partner_releases_no_contacts_address_when_it_ends(district: District) -> None:
    partner = read_roster(district.workspace.store).partners["heron"]
    author = Author("A. Roe", "being looked at", district.workspace.clock())
    held = hold_partner(district.workspace, author, partner=partner)
    district.release(held)
    assert LEAD not in district.workspace.store.deliveries.released("heron")


@pytest.mark.slow
def test_the_roster_is_read_with_its_contacts_and_without(district: District) -> None:
    partner = read_roster(district.workspace.store).partners["heron"]
    assert partner.contacts == (Contact(LEAD, ("Pinehill HS",)),)
    assert read_roster(district.workspace.store).partners["quarry"].contacts == ()


@pytest.mark.parametrize(
    ("contact", "code", "blocks"),
    [
        (line(partner="hern"), "id-unknown", True),
        (line(address=BOSS), "contact-reads-all", True),
        (line(address=CHIEF), "address-shared", True),
        (line(address="nobody"), "address-unreadable", True),
        (line(buildings="Pinehil HS"), "contact-building-unknown", False),
        (line(buildings=""), "list-unreadable", True),
        (line(buildings=" ; "), "contact-without-buildings", True),
    ],
)
def test_what_is_wrong_with_a_contact_is_told_and_never_widens_what_it_reads(
    contact: Line, code: str, *, blocks: bool
) -> None:
    found = {finding.code: finding.blocks for finding in checked(contact).findings}
    assert found.get(code) is blocks, found
    roster = checked(contact).roster
    assert roster is None or all(one.buildings for one in roster.partners["heron"].contacts)


def test_rows_of_one_address_are_one_contact_and_equal_buildings_one_mail() -> None:
    roster = checked(line(), line(buildings="Elm ES"), line("other@heron.example.com", "elm es; PINEHILL HS")).roster
    assert roster is not None
    whole, *others = audiences(roster.partners["heron"])
    assert whole.at == ()
    assert [audience.partner.report_to for audience in others] == [(LEAD, "other@heron.example.com")]


def test_who_has_no_building_is_read_of_by_the_main_contacts_alone() -> None:
    roster = check_roster_content(roster_with([line()], {HERE: "Pinehill HS: 3"}), file="roster.xlsx").roster
    assert roster is not None
    assigned = roster.assigned("heron", date(2026, 11, 23))
    assert {a.person_id for a in assigned_at(assigned, ("pinehill hs",))} == {HERE}
    assert {a.person_id for a in assigned_at(assigned, ())} == {HERE, THERE}


def test_a_contacts_address_under_two_partners_stops_both() -> None:
    kind = PartnerKind.SECURITY_COMPANY
    one = Partner("a", "A", kind, ("x@a.example",), (), Cadence.WEEKLY, (Contact("s@a.example", ("P",)),))
    two = Partner("b", "B", kind, ("s@a.example",), (), Cadence.WEEKLY)
    (shared,) = shared_addresses([one, two], own=())
    assert shared.partner_ids == ("a", "b")


@pytest.mark.slow
def test_reports_of_some_buildings_are_told_apart_from_the_partners_own(district: District) -> None:
    deliveries = district.night()
    assert deliveries[BOSS].about == ""
    assert deliveries[LEAD].about == Audience(replace(_partner(district)), ("Pinehill HS",)).about
    assert {delivery.kind for delivery in deliveries.values()} == {DeliveryKind.PARTNER}


def _partner(district: District) -> Partner:
    return read_roster(district.workspace.store).partners["heron"]
