"""Everybody's own record goes to their own address alone, tells of nobody else, and only where a district opts in."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from pypdf import PdfReader

from lms_sync.errors import UsageError
from lms_sync.mail.own_records import issue_own_records, person_key, release_own_record
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.model.log import DecisionKind
from lms_sync.operations.night import open_issuer
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import NAMES, address
from tests.operations.night_town import Town, message_of, text_of

pytestmark = pytest.mark.slow  # a district is opened for each

WHO = "70102"


@pytest.fixture
def workspace(settled: Town) -> Iterator[Workspace]:
    settled.later(days=1)
    with settled.workspace() as opened:
        yield opened


def issuer_of(workspace: Workspace, own_record: Literal["off", "monthly"] = "monthly") -> Issuer:
    issuer = open_issuer(workspace, as_of=workspace.today())
    settings = issuer.config.settings
    reports = settings.reports.model_copy(update={"own_record": own_record})
    config = issuer.config.model_copy(update={"settings": settings.model_copy(update={"reports": reports})})
    return replace(issuer, config=config)


def released(workspace: Workspace) -> None:
    """Let a person of the district release everybody's own address."""
    author = Author("A. Roe", "addresses checked", workspace.clock())
    with workspace.store.transaction():
        for person_id in NAMES:
            key = person_key(person_id)
            workspace.store.deliveries.release(key, [address(person_id)], author=author)
            after = {"addresses": [address(person_id)]}
            workspace.store.audit.add(DecisionKind.RELEASE, key, author, before=None, after=after)


def issue(workspace: Workspace, issuer: Issuer, **stops: str) -> dict[str, Delivery]:
    found = issue_own_records(workspace.store, issuer, stops)
    assert found.findings == ()
    return {delivery.partner_id.removeprefix("person:"): delivery for delivery in found.posted}


def test_nothing_is_sent_unless_the_district_says_so(workspace: Workspace) -> None:
    released(workspace)
    assert issue(workspace, issuer_of(workspace, "off")) == {}


def test_the_first_one_waits_until_a_person_has_released_the_address(workspace: Workspace) -> None:
    found = issue(workspace, issuer_of(workspace))
    assert found.keys() == NAMES.keys()
    assert {delivery.state for delivery in found.values()} == {DeliveryState.HELD}


def test_it_goes_to_the_person_alone_and_tells_of_nobody_else(workspace: Workspace) -> None:
    released(workspace)
    sent = issue(workspace, issuer_of(workspace))[WHO]
    message = message_of(workspace.store.deliveries.body(sent.delivery_id))
    assert [recipient.address for recipient in sent.recipients] == [address(WHO)]
    (attached,) = message.iter_attachments()
    pdf = attached.get_payload(decode=True)
    assert isinstance(pdf, bytes)
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    everything = "\n".join((str(message["Subject"]), text_of(message), text_of(message, "html"), pages))
    assert NAMES[WHO][0] in pages
    for person_id in NAMES.keys() - {WHO}:
        assert NAMES[person_id][0] not in everything
        assert person_id not in everything
    assert NAMES[WHO][0] not in str(message["Subject"])
    assert "their own record" in " ".join(text_of(message).split())


def test_it_goes_once_a_month(workspace: Workspace) -> None:
    released(workspace)
    issuer = issuer_of(workspace)
    assert len(issue(workspace, issuer)) == len(NAMES)
    assert issue(workspace, replace(issuer, now=workspace.clock())) == {}
    december = replace(issuer, now=workspace.clock() + timedelta(days=20))
    assert len(issue(workspace, december)) == len(NAMES)


def test_an_address_of_two_people_is_nobodys_and_who_has_none_gets_none(workspace: Workspace) -> None:
    released(workspace)
    issuer = issuer_of(workspace)
    people = dict(issuer.snapshot.roster.people)
    people[WHO] = replace(people[WHO], emails=people["70101"].emails)
    people["80201"] = replace(people["80201"], emails=())
    roster = replace(issuer.snapshot.roster, people=people)
    issuer = replace(issuer, snapshot=replace(issuer.snapshot, roster=roster))
    assert issue(workspace, issuer).keys() == {"80202", "90301"}


def test_what_holds_the_partners_report_back_holds_the_record_back(workspace: Workspace) -> None:
    released(workspace)
    found = issue(workspace, issuer_of(workspace), quarry="a source looks broken")
    assert found[WHO].state is DeliveryState.HELD
    assert found["80201"].state is DeliveryState.QUEUED


def test_a_released_record_is_built_anew_and_not_for_who_has_left(workspace: Workspace) -> None:
    issue(workspace, issuer_of(workspace))
    released(workspace)
    (held,) = workspace.store.deliveries.of(DeliveryKind.RECORD, person_key(WHO))
    again = release_own_record(workspace.store, issuer_of(workspace), held, {})
    assert again.state is DeliveryState.QUEUED
    with pytest.raises(UsageError, match="no record"):
        release_own_record(workspace.store, issuer_of(workspace), replace(held, partner_id="person:gone"), {})
