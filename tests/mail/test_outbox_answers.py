"""What each answer of a mail server makes of a delivery: another try, an end, a finding."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import ConfigError, MailError
from lms_sync.mail.outbox import RetryPolicy, findings, settle, wait_after
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState
from lms_sync.store.reports import ReportStore
from tests.mail.outbox_world import CHIEF, CLERK, PATIENCE, START, World, all_get, each_gets, no_way_out, world

QUEUED, SENDING, SENT = DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT
FAILED, UNKNOWN = DeliveryState.FAILED, DeliveryState.UNKNOWN
OUTCOMES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(RecipientOutcome), min_size=1)


@pytest.fixture
def town() -> Iterator[World]:
    with world() as new:
        yield new


def test_put_off_then_taken_by_the_same_bytes_and_id(town: World) -> None:
    town.queue()
    town.carrier.script = [all_get(RecipientOutcome.DEFERRED, "451 later")]
    (put_off,) = town.send().tried
    assert (put_off.state, put_off.next_try_at) == (QUEUED, START + timedelta(minutes=15))
    assert f"{CHIEF}: 451 later" in put_off.detail
    town.later(minutes=14)
    assert town.send().tried == ()
    town.later(minutes=1)
    (sent,) = town.send().tried
    assert (sent.state, sent.message_id, sent.tries) == (SENT, put_off.message_id, 2)
    first, second = town.carrier.seen
    assert first == second


def test_the_second_try_goes_to_those_only_who_were_put_off(town: World) -> None:
    town.queue()
    town.carrier.script = [each_gets(chief=RecipientOutcome.ACCEPTED, clerk=RecipientOutcome.DEFERRED)]
    town.send()
    town.later(hours=1)
    town.send()
    assert [envelope.recipients for envelope, _ in town.carrier.seen] == [(CHIEF, CLERK), (CLERK,)]


def test_refused_for_good_is_failed_with_the_servers_words(town: World) -> None:
    town.queue()
    town.carrier.script = [all_get(RecipientOutcome.REFUSED, "550 5.1.1 no such user")]
    (failed,) = town.send().tried
    assert failed.state is FAILED
    assert f"{CHIEF}: 550 5.1.1 no such user" in failed.detail
    (finding,) = findings(town.all())
    assert finding.code == "delivery-failed"
    assert "550 5.1.1 no such user" in finding.found


def test_one_refused_recipient_is_told_and_the_other_served(town: World) -> None:
    town.queue()
    town.carrier.script = [each_gets(chief=RecipientOutcome.REFUSED, clerk=RecipientOutcome.ACCEPTED)]
    (sent,) = town.send().tried
    assert (sent.state, sent.addresses(RecipientState.ACCEPTED)) == (SENT, (CLERK,))
    (finding,) = findings(town.all())
    assert finding.code == "delivery-partly-sent"
    assert CHIEF in finding.found
    assert CLERK not in finding.found


def test_patience_ends_with_a_finding(town: World) -> None:
    town.queue()
    town.carrier.script = [all_get(RecipientOutcome.DEFERRED, "451 later")] * 2
    town.send()
    town.later(days=3)
    (given_up,) = town.send().tried
    assert given_up.state is FAILED
    assert given_up.detail.startswith("given up after 2 tries")
    assert [finding.code for finding in findings(town.all())] == ["delivery-failed"]


def test_what_some_have_taken_counts_as_sent_when_patience_ends(town: World) -> None:
    town.queue()
    town.carrier.script = [
        each_gets(chief=RecipientOutcome.ACCEPTED, clerk=RecipientOutcome.DEFERRED),
        all_get(RecipientOutcome.DEFERRED, "451 later"),
    ]
    town.send()
    town.later(days=3)
    assert town.send().tried[0].state is SENT
    assert [finding.code for finding in findings(town.all())] == ["delivery-partly-sent"]


def test_a_night_without_cron_does_not_use_up_the_patience(town: World) -> None:
    town.queue()
    town.later(days=10)
    assert town.send().tried[0].state is SENT


def test_without_a_way_out_all_are_put_off_and_the_server_is_asked_once(town: World) -> None:
    for name in ("a", "b", "c"):
        town.queue(name, partner=name, to=(f"{name}@example.org",))
    town.carrier.script = [no_way_out]
    batch = town.send()
    assert isinstance(batch.trouble, MailError)
    assert [delivery.state for delivery in batch.tried] == [QUEUED] * 3
    assert all("could not be reached" in delivery.detail for delivery in batch.tried)
    assert len(town.carrier.seen) == 1
    town.later(hours=1)
    assert [delivery.state for delivery in town.send().tried] == [SENT] * 3


def test_trouble_in_the_middle_of_a_batch_leaves_what_was_sent(town: World) -> None:
    for name in ("a", "b"):
        town.queue(name, partner=name, to=(f"{name}@example.org",))
    town.carrier.script = [all_get(RecipientOutcome.ACCEPTED), no_way_out]
    assert [delivery.state for delivery in town.send().tried] == [SENT, QUEUED]


def test_a_missing_password_is_trouble_and_loses_nothing(town: World) -> None:
    def no_password(envelope: Envelope) -> tuple[RecipientResult, ...]:
        raise ConfigError("the environment variable RELAY_PASSWORD is not set")

    town.queue()
    town.carrier.script = [no_password]
    batch = town.send()
    assert isinstance(batch.trouble, ConfigError)
    assert batch.tried[0].state is QUEUED


def test_one_failure_does_not_stop_the_batch(town: World) -> None:
    for name in ("a", "b", "c"):
        town.queue(name, partner=name, to=(f"{name}@example.org",))
    town.carrier.script = [all_get(RecipientOutcome.REFUSED), all_get(RecipientOutcome.UNKNOWN)]
    assert [delivery.state for delivery in town.send().tried] == [FAILED, UNKNOWN, SENT]


def test_an_unknown_delivery_stays_on_the_worklist_beside_a_newer_one(town: World) -> None:
    """FAULTS: a newer message hid that nobody knew what became of the one before."""
    town.queue("d-1")
    town.carrier.script = [all_get(RecipientOutcome.UNKNOWN, "the connection was lost")]
    town.send()
    town.later(days=7)
    town.queue("d-2")
    town.send()
    (finding,) = findings(town.all())
    assert (finding.code, "d-1" in finding.where) == ("delivery-unknown", True)
    assert "outbox settle d-1" in finding.remedy
    assert "retry" not in finding.remedy, "a newer one tells more"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (RecipientOutcome.ACCEPTED, "told"),
        (RecipientOutcome.UNKNOWN, "told"),
        (RecipientOutcome.REFUSED, ""),
        (RecipientOutcome.DEFERRED, ""),
        (None, "told"),
    ],
)
def test_a_report_that_may_have_arrived_counts_as_told(
    town: World, outcome: RecipientOutcome | None, told: str
) -> None:
    """FAULTS: on change, the same changes were mailed again after one that broke off. None: killed while sending."""

    def killed(envelope: Envelope) -> tuple[RecipientResult, ...]:
        raise KeyboardInterrupt

    town.queue()
    town.carrier.script = [all_get(outcome) if outcome else killed]
    with nullcontext() if outcome else pytest.raises(KeyboardInterrupt):
        town.send()
    assert town.get().may_have_arrived is (told == "told")
    with town.engine.connect() as connection:
        last = ReportStore(connection, "lincoln").last("police", arrived=True)
    assert (last is not None) is (told == "told")


def test_what_some_have_taken_counts_as_told_while_others_wait(town: World) -> None:
    town.queue()
    town.carrier.script = [each_gets(chief=RecipientOutcome.ACCEPTED, clerk=RecipientOutcome.DEFERRED)]
    town.send()
    assert (town.get().state, town.get().may_have_arrived) == (QUEUED, True)
    with town.engine.connect() as connection:
        assert ReportStore(connection, "lincoln").last("police", arrived=True)


def test_only_the_newest_delivery_of_a_partner_is_a_finding(town: World) -> None:
    town.queue("d-1")
    town.carrier.script = [all_get(RecipientOutcome.REFUSED, "550 no")]
    town.send()
    assert [finding.code for finding in findings(town.all())] == ["delivery-failed"]
    town.later(days=7)
    town.queue("d-2")
    town.send()
    assert findings(town.all()) == ()


@pytest.mark.parametrize(("tries", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 240), (999, 240)])
def test_each_wait_is_twice_as_long_up_to_the_longest(tries: int, minutes: int) -> None:
    assert wait_after(tries, patience=PATIENCE) == timedelta(minutes=minutes)


@given(outcomes=OUTCOMES, age=st.integers(0, 200), untold=st.integers(0, 1))
def test_every_answer_leads_to_exactly_one_state(
    outcomes: dict[str, RecipientOutcome], age: int, untold: int
) -> None:
    addresses = {f"{name}@example.org": outcome for name, outcome in outcomes.items()}
    claimed = Delivery(
        delivery_id="d",
        kind=DeliveryKind.PARTNER,
        partner_id="police",
        sender="s@example.org",
        state=SENDING,
        created_at=START,
        changed_at=START,
        recipients=tuple(Recipient(address) for address in addresses),
        tries=1,
    )
    results = [RecipientResult(address, outcome) for address, outcome in addresses.items()][untold:]
    now = START + timedelta(hours=age)
    after = settle(claimed, results, now=now, patience=RetryPolicy(give_up=timedelta(hours=100)))
    seen = {RecipientOutcome.UNKNOWN, *(r.outcome for r in results)} if untold else set(outcomes.values())
    if RecipientOutcome.UNKNOWN in seen:
        expected = UNKNOWN
    elif RecipientOutcome.DEFERRED in seen and age < 100:
        expected = QUEUED
    else:
        expected = SENT if RecipientOutcome.ACCEPTED in seen else FAILED
    assert after.state is expected
    assert (after.next_try_at is not None) == (expected is QUEUED)
    assert [r.address for r in after.recipients] == list(addresses)
    assert len(findings([after])) == (expected in (FAILED, UNKNOWN) or (expected is SENT and len(seen) > 1))
