"""A call that takes too long is left; any other is as if it had been made here."""

import threading
from contextvars import ContextVar

import pytest

from lms_sync.time_limit import within

HERE = ContextVar("HERE", default="nowhere")


def test_what_is_found_or_raised_in_time_is_found_or_raised() -> None:
    token = HERE.set("here")
    assert within(5, HERE.get) == "here"
    HERE.reset(token)
    assert within(5, lambda: None) is None
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_what_takes_longer_is_left() -> None:
    ended = threading.Event()
    with pytest.raises(TimeoutError, match="longer than"):
        within(0.05, ended.wait)
    ended.set()
