"""Ctrl-C and SIGTERM wait until the message that is being handed over has its answer, and its answer is recorded."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def finished_first() -> Iterator[None]:
    """Let a signal to stop wait until the block has ended; a second one ends it at once.

    After the block it does what it would have done. In another thread than the main one nothing is done: signals do
    not come there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def wait(number: int, _: FrameType | None) -> None:
        seen.append(number)
        if len(seen) > 1:
            restore()
            signal.raise_signal(number)

    for number in SIGNALS:
        signal.signal(number, wait)
    try:
        yield
    finally:
        restore()
        if len(seen) == 1:
            signal.raise_signal(seen[0])
