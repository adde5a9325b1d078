"""A signal to stop in the middle of a message."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from lms_sync.mail.uninterrupted import SIGNALS, finished_first
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import DeliveryState
from tests.mail.outbox_world import all_get, world


class StopNow(BaseException):
    """What the handler of the test raises."""


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopNow

    before = [(number, signal.signal(number, stop)) for number in SIGNALS]
    yield
    for number, handler in before:
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_message_on_its_way_is_finished_and_the_next_is_not_begun(number: signal.Signals) -> None:
    """FAULTS: a unit that was stopped by its service left a message of which nobody knew."""

    def stopped(envelope: Envelope) -> tuple[RecipientResult, ...]:
        signal.raise_signal(number)
        return all_get(RecipientOutcome.ACCEPTED)(envelope)

    with world() as town:
        for name in ("a", "b"):
            town.queue(name, partner=name, to=(f"{name}@example.org",))
        town.carrier.script = [stopped]
        with pytest.raises(StopNow):
            town.send()
        assert [delivery.state for delivery in town.all()] == [DeliveryState.SENT, DeliveryState.QUEUED]
        assert [delivery.state for delivery in town.send().tried] == [DeliveryState.SENT]
        assert len(town.carrier.seen) == 2


def test_a_second_signal_ends_at_once() -> None:
    reached = []

    def asked_twice() -> None:
        with finished_first():
            for number in SIGNALS:
                signal.raise_signal(number)
                reached.append(number)

    with pytest.raises(StopNow):
        asked_twice()
    assert reached == [SIGNALS[0]]


def test_the_handlers_are_as_they_were() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with finished_first():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before
