"""No more messages a minute than the mail server bears: a carrier around a carrier."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lms_sync.model.carrier import Carrier, Envelope, MailSession, Reachable, RecipientResult

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class PacedCarrier:
    """Waits before a message that would be one too many in any sixty seconds."""

    carrier: Carrier
    per_minute: int
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        return self.carrier.name

    def reach(self) -> str:
        """Return what the carrier within says. Raises: as the carrier within."""
        return self.carrier.reach() if isinstance(self.carrier, Reachable) else self.name

    @contextmanager
    def session(self) -> Iterator["PacedSession"]:
        """Return a session of the carrier within."""
        with self.carrier.session() as session:
            yield PacedSession(session, self)


class PacedSession:
    """Remembers when the last messages left."""

    def __init__(self, session: MailSession, pace: PacedCarrier) -> None:
        self._session = session
        self._pace = pace
        self._left: deque[float] = deque(maxlen=pace.per_minute)

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Send one message in its turn. Raises: as the carrier within."""
        if len(self._left) == self._pace.per_minute:
            early = self._left[0] + MINUTE - self._pace.elapsed()
            if early > 0:
                self._pace.sleep(early)
        self._left.append(self._pace.elapsed())
        return self._session.send(envelope, message)
