"""Sending: what is on record and when, and what losses, crashes and several senders lead to."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from lms_sync.mail.outbox import findings, send_due
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import DeliveryState, RecipientState
from lms_sync.store.deliveries import Deliveries
from tests.mail.outbox_world import CHIEF, CLERK, PATIENCE, World, all_get, world

QUEUED, SENDING, SENT = DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT
FAILED, UNKNOWN = DeliveryState.FAILED, DeliveryState.UNKNOWN


@pytest.fixture
def town() -> Iterator[World]:
    with world() as new:
        yield new


def test_what_is_queued_is_sent_once(town: World) -> None:
    town.queue()
    (sent,) = town.send().tried
    assert (sent.state, sent.tries, sent.detail) == (SENT, 1, "")
    assert town.get() == sent
    assert town.send().tried == ()
    assert [(e.recipients, m) for e, m in town.carrier.seen] == [((CHIEF, CLERK), b"message r1")]
    assert findings(town.all()) == ()


def test_the_intent_is_on_record_before_anything_is_transmitted(tmp_path: Path) -> None:
    with world(tmp_path / "db") as town:
        town.queue()
        on_record: list[DeliveryState] = []

        def look(envelope: Envelope) -> tuple[RecipientResult, ...]:
            on_record.append(town.get(envelope.delivery_id).state)
            return all_get(RecipientOutcome.ACCEPTED)(envelope)

        town.carrier.script = [look]
        town.send()
        assert on_record == [SENDING]


def test_a_result_is_on_record_together_with_the_next_intent(tmp_path: Path) -> None:
    with world(tmp_path / "db") as town:
        town.queue("d-1")
        town.queue("d-2", partner="guards")
        on_record: list[list[DeliveryState]] = []

        def look(envelope: Envelope) -> tuple[RecipientResult, ...]:
            on_record.append([delivery.state for delivery in town.all()])
            return all_get(RecipientOutcome.ACCEPTED)(envelope)

        town.carrier.script = [look, look]
        town.send()
        assert on_record == [[SENDING, QUEUED], [SENT, SENDING]]
        assert [delivery.state for delivery in town.all()] == [SENT, SENT]


def test_a_result_is_on_record_where_the_next_intent_could_not_be_recorded(town: World) -> None:
    town.queue("d-1")
    town.queue("d-2", partner="guards")
    full = [OSError("database or disk is full")]

    @contextmanager
    def outbox() -> Iterator[Deliveries]:
        with town.outbox() as deliveries:
            yield deliveries
            if town.carrier.seen and full:
                raise full.pop()

    with pytest.raises(OSError, match="full"):
        send_due(outbox, town.carrier, clock=town.clock, patience=PATIENCE)
    assert [delivery.state for delivery in town.all()] == [SENT, QUEUED]


def test_each_further_message_asks_for_one_transaction_and_few_statements(town: World) -> None:
    asked: list[str] = []
    event.listen(town.engine, "before_cursor_execute", lambda *about: asked.append(about[2].split()[0]))
    event.listen(town.engine, "commit", lambda _: asked.append("COMMIT"))
    rounds = []
    for number in (3, 7):
        for place in range(number):
            town.queue(f"d-{number}-{place}", partner=f"p{place}", to=(CHIEF,))
        asked.clear()
        town.send()
        rounds.append(Counter(asked))

    # The intent; the result, whose recipient is written anew; the message itself.
    a_message = {"UPDATE": 2, "DELETE": 1, "INSERT": 1, "SELECT": 1, "COMMIT": 1}
    assert rounds[1] - rounds[0] == Counter({what: 4 * number for what, number in a_message.items()})


def test_a_crash_while_sending_is_unknown_and_never_sent_again_by_itself(town: World) -> None:
    def crash(envelope: Envelope) -> tuple[RecipientResult, ...]:
        raise KeyboardInterrupt

    town.queue()
    town.carrier.script = [crash]
    with pytest.raises(KeyboardInterrupt):
        town.send()
    assert town.get().state is SENDING
    town.later(minutes=59)
    assert (town.send().abandoned, town.get().state) == ((), SENDING)
    town.later(minutes=1)
    (left,) = town.send().abandoned
    assert (left.state, left.addresses(RecipientState.UNKNOWN)) == (UNKNOWN, (CHIEF, CLERK))
    town.later(days=30)
    town.send()
    assert len(town.carrier.seen) == 1
    (finding,) = findings(town.all())
    assert finding.code == "delivery-unknown"
    assert "lms-sync outbox retry d-1 --unknown" in finding.remedy
    assert "lms-sync outbox settle d-1 --arrived" in finding.remedy


def test_an_answer_that_comes_late_still_counts(town: World) -> None:
    def slow(envelope: Envelope) -> tuple[RecipientResult, ...]:
        town.later(hours=2)
        assert len(town.send().abandoned) == 1
        return all_get(RecipientOutcome.ACCEPTED)(envelope)

    town.queue()
    town.carrier.script = [slow]
    town.send()
    assert town.get().state is SENT


def test_an_answer_that_comes_late_still_counts_where_it_says_what_the_try_before_said(town: World) -> None:
    busy = all_get(RecipientOutcome.DEFERRED, "451 later")

    def slow(envelope: Envelope) -> tuple[RecipientResult, ...]:
        town.later(hours=2)
        assert len(town.send().abandoned) == 1
        return busy(envelope)

    town.queue()
    town.carrier.script = [busy, slow]
    town.send()
    town.later(minutes=15)
    town.send()
    assert (town.get().state, town.get().addresses(RecipientState.DEFERRED)) == (QUEUED, (CHIEF, CLERK))
    town.later(hours=4)
    town.send()
    assert (town.get().state, town.get().addresses(RecipientState.ACCEPTED)) == (SENT, (CHIEF, CLERK))


def test_a_connection_lost_after_data_is_unknown_and_never_sent_again_by_itself(town: World) -> None:
    town.queue()
    town.carrier.script = [all_get(RecipientOutcome.UNKNOWN, "the connection was lost after the message was sent")]
    (lost,) = town.send().tried
    assert lost.state is UNKNOWN
    assert "nobody knows whether it arrived" in lost.detail
    town.later(days=30)
    town.send()
    assert len(town.carrier.seen) == 1


def test_of_two_senders_one_claims(town: World) -> None:
    town.queue()

    def meanwhile(envelope: Envelope) -> tuple[RecipientResult, ...]:
        assert town.send().tried == ()
        return all_get(RecipientOutcome.ACCEPTED)(envelope)

    town.carrier.script = [meanwhile]
    town.send()
    assert len(town.carrier.seen) == 1


def test_a_claim_by_what_was_read_before_another_sent_it_fails(town: World) -> None:
    stale = town.queue()
    town.send()
    with town.outbox() as deliveries:
        assert not deliveries.save(stale, replace(stale, state=SENDING, tries=1))
    assert town.get().state is SENT


def test_parallel_senders_send_each_delivery_once(tmp_path: Path) -> None:
    with world(tmp_path / "db") as town:
        names = [f"p{number}" for number in range(8)]
        for name in names:
            town.queue(name, partner=name, to=(f"{name}@example.org",))
        start = threading.Barrier(3)

        def sender() -> None:
            start.wait(10)
            town.send()

        threads = [threading.Thread(target=sender) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(envelope.delivery_id for envelope, _ in town.carrier.seen) == names
        assert {delivery.state for delivery in town.all()} == {SENT}


def test_what_one_district_sends_another_does_not_see(town: World) -> None:
    town.queue()
    with town.engine.begin() as connection:
        theirs = Deliveries(connection, "roosevelt")
        assert (theirs.listed(), theirs.due(town.now), theirs.released("police")) == ((), (), frozenset())
    assert len(town.all()) == 1
