"""What is queued, what is held, and what a person's word changes."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import pytest

from lms_sync.errors import UsageError
from lms_sync.mail.decide import hold, hold_partner, release, retry, settle
from lms_sync.mail.outbox import findings
from lms_sync.mail.posting import needs_release, shared_addresses
from lms_sync.model.author import Author
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, RecipientState
from lms_sync.model.roster import Cadence, Partner, PartnerKind
from lms_sync.store.workspace import Workspace
from tests.mail.outbox_world import CHIEF, CLERK, Script, World, all_get, each_gets, world

HELD, QUEUED, SENT, FAILED = DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.FAILED


@pytest.fixture
def town() -> Iterator[World]:
    with world() as new:
        yield new


def test_a_new_address_holds_the_delivery_and_nothing_is_built(town: World) -> None:
    held = town.post(town.draft())
    assert held.state is HELD
    assert CHIEF in held.detail
    assert (town.built, town.body(), held.message_id, held.report_id) == ([], b"", "", None)
    assert town.send().tried == ()
    assert town.carrier.seen == []


def test_a_released_pair_is_queued_with_its_message(town: World) -> None:
    queued = town.queue()
    assert (queued.state, queued.report_id, queued.message_id) == (QUEUED, "r1", "<r1@example.org>")
    assert town.body() == b"message r1"
    assert town.get() == queued


def test_one_new_address_among_released_ones_holds_the_whole_delivery(town: World) -> None:
    with town.outbox() as deliveries:
        deliveries.release("police", [CHIEF], author=town.author())
    held = town.post(town.draft())
    assert held.addresses(RecipientState.UNRELEASED) == (CLERK,)
    assert held.addresses(RecipientState.WAITING) == (CHIEF,)


def test_a_release_counts_for_its_partner_only_and_for_any_spelling(town: World) -> None:
    town.queue(to=(CHIEF,))
    assert town.post(town.draft("d-2", partner="guards", to=(CHIEF,))).state is HELD
    assert town.post(town.draft("d-3", to=(CHIEF.upper(),))).state is QUEUED


def test_needs_release_names_each_missing_address_once_in_order() -> None:
    asked = (CLERK, "B@example.org", CHIEF, CLERK)
    assert needs_release(asked, released={"b@example.org"}) == (CLERK, CHIEF)


def test_a_release_records_who_when_why_and_the_report_is_built_anew(town: World) -> None:
    town.post(town.draft())
    town.later(days=2)
    (free,) = town.decide(release, "d-1", reason="called the chief")
    with town.outbox() as deliveries:
        assert deliveries.released("police") == {CHIEF, CLERK}
    assert free.state is HELD
    assert "Ann Ode: called the chief" in free.detail
    assert town.built == []
    queued = town.post(town.draft("d-2"))
    assert (queued.delivery_id, queued.state, queued.created_at) == ("d-1", QUEUED, town.now)
    assert len(town.built) == 1
    assert town.built[0].delivery_id == "d-1"


def test_an_address_that_came_after_the_release_holds_again(town: World) -> None:
    town.post(town.draft())
    town.decide(release, "d-1")
    again = town.post(town.draft(to=(CHIEF, "new@police.example.org")))
    assert (again.state, again.addresses(RecipientState.UNRELEASED)) == (HELD, ("new@police.example.org",))


def test_a_partner_has_one_held_delivery_however_many_nights_pass(town: World) -> None:
    for name in ("d-1", "d-2", "d-3"):
        town.post(town.draft(name))
        town.later(days=1)
    assert [delivery.delivery_id for delivery in town.all()] == ["d-1"]


def test_a_stop_holds_for_tonight_and_goes_when_its_cause_is_gone(town: World) -> None:
    town.queue(to=(CHIEF,))
    town.send()
    stopped = town.post(replace(town.draft("d-2", to=(CHIEF,)), stop="the guards' export lost half its records"))
    assert (stopped.state, stopped.detail) == (HELD, "the guards' export lost half its records")
    assert town.post(town.draft("d-3", to=(CHIEF,))).state is QUEUED


def test_the_nights_summary_needs_no_release(town: World) -> None:
    draft = replace(town.draft(partner=""), kind=DeliveryKind.NIGHT)
    assert town.post(draft).state is QUEUED


def test_a_newer_report_replaces_one_still_queued(town: World) -> None:
    town.queue("d-1", to=(CHIEF,))
    town.later(days=1)
    town.queue("d-2", to=(CHIEF,))
    town.send()
    assert (town.get("d-1").state, town.get("d-1").detail) == (FAILED, "replaced by d-2 before it was sent")
    assert [message for _, message in town.carrier.seen] == [b"message r2"]
    assert findings(town.all()) == ()


def test_a_bad_address_is_told_and_the_good_one_is_served(town: World) -> None:
    queued = town.queue(to=(CHIEF, "clerk at police"))
    assert queued.addresses(RecipientState.REFUSED) == ("clerk at police",)
    assert town.built[0].recipients == (CHIEF,)
    (sent,) = town.send().tried
    assert sent.state is SENT
    (finding,) = findings([sent])
    assert finding.code == "delivery-partly-sent"
    assert "clerk at police" in finding.found


def test_whoever_has_no_usable_address_is_told_why(town: World) -> None:
    held = town.post(town.draft(to=("bøb@example.org",)))
    assert held.state is HELD
    assert held.detail == (
        "it has no address that can be mailed to: 'bøb@example.org' is not an address like name@example.org"
        " in plain ASCII letters"
    )
    assert town.post(town.draft(to=("bøb@example.org",))) == held, "told once"


def test_a_partner_without_an_address_is_held_and_told(town: World) -> None:
    held = town.post(town.draft(to=()))
    assert (held.state, held.detail) == (HELD, "it has no address that can be mailed to")
    assert [finding.code for finding in findings([held])] == ["delivery-held"]


def test_to_and_copy_keep_their_places_and_name_each_address_once(town: World) -> None:
    town.queue()
    town.post(replace(town.draft("d-2", to=(CLERK, CLERK.upper())), copy=(CHIEF, CLERK)))
    assert (town.built[1].to, town.built[1].copy) == ((CLERK,), (CHIEF,))


def test_a_copy_stands_in_when_no_to_can_be_mailed_to(town: World) -> None:
    town.queue(to=(CHIEF,))
    town.post(replace(town.draft("d-2", to=("nobody",)), copy=(CHIEF,)))
    assert (town.built[1].to, town.built[1].copy) == ((CHIEF,), ())


def test_what_a_person_holds_drops_its_message_and_only_a_person_lets_go(town: World) -> None:
    town.queue()
    (held,) = town.decide(hold, "d-1", reason="the chief is away")
    assert (held.state, town.body(), held.report_id, held.message_id) == (HELD, b"", None, "")
    town.later(days=7)
    assert town.post(town.draft("d-2")) == held
    assert len(town.built) == 1
    town.decide(release, "d-1")
    assert town.post(town.draft("d-3")).state is QUEUED
    assert town.get().message_id == "<r2@example.org>"


def test_a_persons_hold_of_an_unreleased_delivery_ends_with_one_release(town: World) -> None:
    town.post(town.draft())
    town.decide(hold, "d-1")
    town.decide(release, "d-1")
    assert town.post(town.draft()).state is QUEUED


def test_what_has_reached_somebody_cannot_be_held_but_is_not_tried_again(town: World) -> None:
    town.queue()
    town.carrier.script = [each_gets(chief=RecipientOutcome.ACCEPTED, clerk=RecipientOutcome.DEFERRED)]
    town.send()
    assert town.decide(hold, "d-1")[0].state is SENT
    town.later(days=1)
    assert town.send().tried == ()
    assert [finding.code for finding in findings(town.all())] == ["delivery-partly-sent"]


def test_only_what_is_held_can_be_released_and_only_what_waits_be_held(town: World) -> None:
    town.queue()
    with pytest.raises(UsageError, match="d-1 is queued, not held"):
        town.decide(release, "d-1")
    town.send()
    with pytest.raises(UsageError, match="d-1 is sent, not queued or held"):
        town.decide(hold, "d-1")
    with pytest.raises(UsageError, match="no delivery d-9"):
        town.decide(release, "d-9")


@pytest.mark.parametrize("outcome", [RecipientOutcome.REFUSED, RecipientOutcome.UNKNOWN])
def test_a_persons_word_sends_the_same_bytes_again(town: World, outcome: RecipientOutcome) -> None:
    town.queue()
    town.carrier.script = [all_get(outcome, "no")]
    town.send()
    town.later(days=30)
    town.decide(partial(retry, unknown=True), "d-1", reason="they asked for it")
    assert town.send().tried[0].state is SENT
    first, second = (message for _, message in town.carrier.seen)
    assert first == second


def test_a_retry_goes_to_those_only_who_have_not_taken_it(town: World) -> None:
    town.queue()
    town.carrier.script = [each_gets(chief=RecipientOutcome.ACCEPTED, clerk=RecipientOutcome.UNKNOWN)]
    town.send()
    with pytest.raises(UsageError, match="d-1 is unknown: it may have arrived"):
        town.decide(retry, "d-1")
    town.decide(partial(retry, unknown=True), "d-1")
    town.send()
    assert [envelope.recipients for envelope, _ in town.carrier.seen] == [(CHIEF, CLERK), (CLERK,)]
    assert town.get().addresses(RecipientState.ACCEPTED) == (CHIEF, CLERK)


def test_only_failed_and_unknown_are_retried_and_never_a_stale_one(town: World) -> None:
    town.queue()
    with pytest.raises(UsageError, match="d-1 is queued, not failed or unknown"):
        town.decide(retry, "d-1")
    town.carrier.script = [all_get(RecipientOutcome.REFUSED)]
    town.send()
    town.later(days=7)
    town.queue("d-2")
    with pytest.raises(UsageError, match="d-1 is stale, d-2 is newer"):
        town.decide(retry, "d-1")


def test_a_partner_is_held_whether_or_not_a_report_is_on_its_way(town: World) -> None:
    town.queue()
    town.send()
    police = Partner("police", "Police", PartnerKind.LAW_ENFORCEMENT, (CHIEF,), (CLERK,), Cadence.WEEKLY)

    def hold_police(workspace: Workspace, author: Author, **_: object) -> tuple[Delivery, ...]:
        return (hold_partner(workspace, author, partner=police),)

    (held,) = town.decide(hold_police, reason="the agreement is being renegotiated")
    assert (held.state, held.held_by_person) == (HELD, True)
    town.later(days=7)
    assert town.post(town.draft("d-2")) == held, "the next report waits too"
    assert town.send().tried == ()
    town.decide(release, held.delivery_id)
    assert town.post(town.draft("d-3")).state is QUEUED
    (again,) = town.decide(hold_police)
    assert (again.delivery_id, again.state) == (held.delivery_id, HELD), "a queued one is held, none is added"
    nobody = replace(police, report_to=(), copy_to=())
    with pytest.raises(UsageError, match="no address"):
        town.decide(lambda w, a, **_: (hold_partner(w, a, partner=nobody),))


def killed(envelope: Envelope) -> tuple[RecipientResult, ...]:
    raise KeyboardInterrupt


@pytest.mark.parametrize("end", [all_get(RecipientOutcome.UNKNOWN), killed])
@pytest.mark.parametrize(("says", "state"), [("it arrived", SENT), ("it did not", FAILED)])
def test_a_persons_word_settles_what_nobody_knew(town: World, says: str, state: DeliveryState, end: Script) -> None:
    town.queue()
    town.carrier.script = [end]
    with pytest.raises(KeyboardInterrupt) if end is killed else nullcontext():
        town.send()
    word = partial(settle, arrived=says == "it arrived")
    (settled,) = town.decide(word, "d-1", reason="asked the chief")
    assert (settled, settled.state, settled.may_have_arrived) == (town.get(), state, state is SENT)
    assert "Ann Ode" in settled.detail
    town.later(days=30)
    assert town.send().tried == (), "a word alone sends nothing"
    with pytest.raises(UsageError, match=f"d-1 is {state.value}, not unknown or sending"):
        town.decide(word, "d-1")
    if state is FAILED:
        town.decide(retry, "d-1")
        assert town.send().tried[0].state is SENT


@pytest.mark.parametrize(("by", "reason"), [("", "why"), ("Ann Ode", " ")])
def test_a_word_has_a_person_and_a_reason(town: World, by: str, reason: str) -> None:
    with pytest.raises(UsageError, match="a name and a reason"):
        Author(by, reason, town.now)


def test_a_second_release_of_a_pair_keeps_the_first(town: World) -> None:
    with town.outbox() as deliveries:
        deliveries.release("police", [CHIEF, CHIEF.upper()], author=town.author())
        deliveries.release("police", [CHIEF, CLERK], author=town.author())
        assert deliveries.released("police") == {CHIEF, CLERK}


def partner(name: str, kind: PartnerKind, *addresses: str) -> Partner:
    return Partner(name, name, kind, addresses[:1], addresses[1:], Cadence.WEEKLY)


def test_an_address_under_two_partners_is_found_and_the_districts_own_may_be() -> None:
    partners = [
        partner("police", PartnerKind.LAW_ENFORCEMENT, CHIEF, "hr@example.org", "own@example.org"),
        partner("guards", PartnerKind.SECURITY_COMPANY, "boss@guards.example.com", "Chief@Police.example.org"),
        partner("more", PartnerKind.SECURITY_COMPANY, "HR@example.org", "own@example.org", "own@example.org"),
        partner("district", PartnerKind.DISTRICT, "own@example.org"),
    ]
    (shared,) = shared_addresses(partners, own=["hr@example.org"])
    assert (shared.address, shared.partner_ids) == (CHIEF, ("guards", "police"))
    assert str(shared) == f"{CHIEF} is listed under the partners guards, police"
