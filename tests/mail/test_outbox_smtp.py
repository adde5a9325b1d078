"""The outbox and a real server together: what FAULTS.md tells of mailing cannot happen."""

from collections.abc import Iterator

import pytest

from lms_sync.errors import MailError
from lms_sync.mail.smtp import SmtpCarrier
from lms_sync.model.carrier import SenderRefused
from lms_sync.model.delivery import DeliveryState, RecipientState
from tests.mail.outbox_world import CHIEF, CLERK, World, world
from tests.mail.smtp_servers import PASSWORD, USER, Server, serving


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.post.clear()
    return running


@pytest.fixture
def town() -> Iterator[World]:
    with world() as new:
        new.queue()
        yield new


def relay(server: Server, password: str = PASSWORD) -> SmtpCarrier:
    return SmtpCarrier("127.0.0.1", server.port, "plain", USER, lambda: password, timeout=5.0, client_name="here")


def test_a_dropped_connection_after_data_is_not_resent(server: Server, town: World) -> None:
    server.post.data = ["drop"]
    for _ in range(3):
        town.send(relay(server))
        town.later(days=1)
    assert town.get().state is DeliveryState.UNKNOWN
    assert [len(box) for box in server.post.boxes.values()] == [1, 1]


def test_one_bad_recipient_does_not_end_the_batch(server: Server, town: World) -> None:
    town.queue("d-2", partner="guards", to=("boss@guards.example.com",))
    server.post.rcpt[CHIEF] = ["550 5.1.1 no such user"]
    first, second = town.send(relay(server)).tried
    assert (first.state, second.state) == (DeliveryState.SENT, DeliveryState.SENT)
    assert first.addresses(RecipientState.REFUSED) == (CHIEF,)
    assert sorted(server.post.boxes) == ["boss@guards.example.com", CLERK]


def test_a_full_mailbox_is_tried_again_and_the_other_gets_one_copy(server: Server, town: World) -> None:
    server.post.rcpt[CHIEF] = ["452 4.2.2 mailbox full"]
    assert town.send(relay(server)).tried[0].state is DeliveryState.QUEUED
    town.later(hours=1)
    assert town.send(relay(server)).tried[0].state is DeliveryState.SENT
    assert {address: len(box) for address, box in server.post.boxes.items()} == {CHIEF: 1, CLERK: 1}
    assert server.post.boxes[CHIEF] == server.post.boxes[CLERK]


def test_a_wrong_password_is_trouble_and_the_next_round_sends(server: Server, town: World) -> None:
    batch = town.send(relay(server, "wrong"))
    assert isinstance(batch.trouble, MailError)
    assert town.get().state is DeliveryState.QUEUED
    assert "wrong" not in town.get().detail
    town.later(hours=1)
    assert town.send(relay(server)).tried[0].state is DeliveryState.SENT


def test_a_refused_sender_is_one_trouble_and_everything_waits(server: Server, town: World) -> None:
    """One wrong setting must not end every partner's report for good."""
    town.queue("d-2", partner="guards", to=("boss@guards.example.com",))
    server.post.mail = ["553 5.7.1 sender address rejected: not owned by user"] * 2
    batch = town.send(relay(server))
    assert isinstance(batch.trouble, SenderRefused)
    assert [delivery.state for delivery in batch.tried] == [DeliveryState.QUEUED] * 2
    town.later(hours=1)
    assert {delivery.state for delivery in town.send(relay(server)).tried} == {DeliveryState.SENT}


def test_a_refused_sender_does_not_keep_back_another(server: Server, town: World) -> None:
    """What an earlier sender has queued must not hold up what today's has."""
    town.queue("d-2", partner="guards", to=("boss@guards.example.com",))
    server.post.mail = ["550 5.7.60 not allowed to send as this sender"]
    states = [delivery.state for delivery in town.send(relay(server)).tried]
    assert states == [DeliveryState.QUEUED, DeliveryState.SENT]


def test_three_days_without_a_server_end_in_failed(server: Server, town: World) -> None:
    closed = SmtpCarrier("127.0.0.1", server.port, "starttls", client_name="here")  # this server offers no STARTTLS
    for _ in range(4):
        town.send(closed)
        town.later(days=1)
    assert town.get().state is DeliveryState.FAILED
    assert "STARTTLS" in town.get().detail
