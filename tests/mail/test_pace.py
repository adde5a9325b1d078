"""No more messages in any minute than the settings allow, on a clock that is moved by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lms_sync.mail.pace import PacedCarrier
from lms_sync.model.carrier import Envelope, RecipientResult

ENVELOPE = Envelope("d-1", "safety@example.org", to=("chief@police.example.org",))


@dataclass
class Quick:
    now: float = 0.0
    left: list[float] = field(default_factory=list)
    name: str = "quick"

    @contextmanager
    def session(self) -> Iterator["Quick"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        self.now += 1
        self.left.append(self.now)
        return ()

    def elapsed(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def test_the_message_that_would_be_one_too_many_waits() -> None:
    quick = Quick()
    paced = PacedCarrier(quick, 3, quick.elapsed, quick.sleep)
    with paced.session() as session:
        for _ in range(8):
            session.send(ENVELOPE, b"")
    assert paced.name == "quick"
    assert quick.left[:3] == [1, 2, 3], "as many as are allowed go at once"
    assert all(later - first >= 60 for first, later in zip(quick.left, quick.left[3:], strict=False))
    assert quick.left[-1] < 125
