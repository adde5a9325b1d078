"""What programs answer marks a delivery, doubts an address and tells HR; it stops nothing, and may be forged."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from lms_sync.mail.came_back import doubt_findings, end_outdated, stray_findings, take_automatic
from lms_sync.mail.decide import retry, settle
from lms_sync.mail.outbox import findings
from lms_sync.model.delivery import Delivery, DeliveryState, RecipientState
from lms_sync.model.received_mail import AutomaticKind, AutomaticMail
from lms_sync.model.roster import Cadence, Partner, PartnerKind, Roster
from lms_sync.store.known.registers import ADDRESS_DOUBTS
from lms_sync.store.store import Store
from tests.mail.outbox_world import CHIEF, CLERK, World, world

ON = date(2026, 11, 24)
REPORT = "<r1@example.org>"
WORDS = "550 5.1.1 no such user"


@pytest.fixture
def here() -> Iterator[World]:
    with world() as one:
        one.queue()
        one.send()
        one.later(hours=20)
        yield one


@contextmanager
def store_of(here: World) -> Iterator[Store]:
    with here.engine.connect() as connection:
        yield Store(connection, "lincoln", rehearsal=False)


def answer(
    *addresses: str,
    kind: AutomaticKind = AutomaticKind.NOT_DELIVERED,
    about: str = "<r1@example.org>",
    mail: str = "m1",
) -> AutomaticMail:
    words = WORDS if kind is AutomaticKind.NOT_DELIVERED else ""
    return AutomaticMail(mail, "message 7", kind, (about,), tuple((address, words) for address in addresses))


def take(here: World, *mails: AutomaticMail) -> tuple[AutomaticMail, ...]:
    here.later(minutes=1)
    with store_of(here) as store:
        return take_automatic(store, mails, on=ON, now=here.now)


def told(here: World) -> list[str]:
    with store_of(here) as store:
        return [finding.code for finding in doubt_findings(store)]


def states(delivery: Delivery) -> dict[str, str]:
    return {recipient.address: recipient.state.value for recipient in delivery.recipients}


@pytest.mark.parametrize("about", ["<r1@example.org>", "d-1"])
def test_a_report_marks_that_recipient_alone_and_the_address_is_in_doubt(here: World, about: str) -> None:
    assert take(here, answer(CHIEF.upper(), about=about)) == ()
    sent = here.get()
    assert sent.state is DeliveryState.SENT, "nothing is stopped and nothing goes again by itself"
    assert states(sent) == {CHIEF: "bounced", CLERK: "accepted"}
    assert told(here) == ["address-doubted"]
    assert findings([sent]) == ()
    with store_of(here) as store:
        (finding,) = doubt_findings(store)
    assert WORDS in finding.found
    assert "d-1" in finding.remedy


def test_the_same_report_again_changes_nothing_even_after_a_person_has_settled_it(here: World) -> None:
    take(here, answer(CHIEF), answer(CHIEF))
    (settled,) = here.decide(lambda *a, **b: settle(*a, **b, arrived=True), "d-1")
    assert states(settled) == {CHIEF: "accepted", CLERK: "accepted"}
    assert told(here) == []
    assert take(here, answer(CHIEF)) == ()
    assert told(here) == []
    assert take(here, answer(CHIEF, mail="m2")) == ()
    assert told(here) == ["address-doubted"], "another report is news"


@pytest.mark.parametrize(
    "forged",
    [
        answer("stranger@else.example"),
        answer(CHIEF, about="<made-up@example.org>"),
        answer(CHIEF, about=""),
        answer("stranger@else.example", kind=AutomaticKind.ABSENCE),
    ],
)
def test_what_names_no_message_of_ours_or_none_of_its_recipients_does_nothing(
    here: World, forged: AutomaticMail
) -> None:
    before = here.all()
    assert take(here, forged) == (forged,)
    assert here.all() == before
    assert told(here) == []


def test_a_report_about_a_contact_that_names_no_message_is_told_and_no_more() -> None:
    stray = answer(CHIEF, about="<x@y>")
    assert [finding.code for finding in stray_findings([stray], [CHIEF])] == ["answer-unmatched"]
    assert stray_findings([stray], [CLERK]) == ()


def test_a_partner_whose_address_is_in_doubt_goes_on_getting_mail(here: World) -> None:
    take(here, answer(CHIEF))
    here.queue("d-2")
    (sent,) = here.send().tried
    assert states(sent) == {CHIEF: "accepted", CLERK: "accepted"}
    assert told(here) == ["address-doubted"], "until a person has asked"


def test_an_absence_note_is_noted_and_told_apart(here: World) -> None:
    take(here, answer(CHIEF, kind=AutomaticKind.ABSENCE))
    sent = here.get()
    assert states(sent) == {CHIEF: "accepted", CLERK: "accepted"}
    assert "absence note" in {r.address: r.detail for r in sent.recipients}[CHIEF]
    assert told(here) == ["address-absent"]
    take(here, answer(CHIEF, mail="m2"))
    assert told(here) == ["address-doubted"]
    take(here, answer(CHIEF, kind=AutomaticKind.ABSENCE, mail="m3"))
    assert told(here) == ["address-doubted"]


def test_a_person_may_send_again_to_those_whom_it_did_not_reach(here: World) -> None:
    take(here, answer(CHIEF))
    here.decide(retry, "d-1")
    here.send()
    assert [envelope.recipients for envelope, _ in here.carrier.seen][-1] == (CHIEF,)
    assert states(here.get()) == {CHIEF: "accepted", CLERK: "accepted"}


def test_a_person_may_say_that_it_did_not_arrive_and_the_doubt_stays(here: World) -> None:
    take(here, answer(CHIEF))
    here.decide(lambda *a, **b: settle(*a, **b, arrived=False), "d-1")
    assert here.get().addresses(RecipientState.BOUNCED) == (CHIEF,)
    assert told(here) == ["address-doubted"]


@pytest.mark.parametrize(("to", "left"), [((CHIEF,), 1), ((CLERK,), 0)])
def test_a_doubt_ends_when_the_roster_writes_to_the_address_no_more(
    here: World, to: tuple[str, ...], left: int
) -> None:
    take(here, answer(CHIEF))
    partner = Partner("police", "Police", PartnerKind.LAW_ENFORCEMENT, to, (), Cadence.WEEKLY)
    here.later(minutes=1)
    with store_of(here) as store:
        end_outdated(store, Roster({"police": partner}, {}, {}, ()), (("", "hr@example.org"),), now=here.now)
        assert len(ADDRESS_DOUBTS.read(store)) == left


def test_the_places_of_several_recipients_of_one_report_are_all_marked(here: World) -> None:
    take(here, answer(CHIEF, CLERK))
    assert states(here.get()) == {CHIEF: "bounced", CLERK: "bounced"}
    assert here.get().may_have_arrived, "a forged report must not have it sent again as if nobody had it"
