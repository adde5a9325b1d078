"""A call to a server that nobody waits for longer than it may take, however the server drips its answer.

The time-outs of sockets bound the silence between two packets, so a server that sends a byte a minute would hold a
night, and its lock, for ever.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

Found = TypeVar("Found")


def within(seconds: float, call: Callable[[], Found]) -> Found:
    """Return what a call returns, made in a thread of its own. Raises: what it raises.

    TimeoutError when it takes longer; then it is left to itself, and ends with the program at the latest: whatever it
    holds must not be used again.
    """
    found: list[Found] = []
    raised: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            found.append(context.run(call))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True, name="time limit")
    thread.start()
    thread.join(seconds)
    try:
        if raised:
            raise raised[0]
    finally:
        raised.clear()  # its trace holds this list, and with it what the call had open
    if not found:
        raise TimeoutError(f"it took longer than {seconds:,.0f} seconds")
    return found[0]
