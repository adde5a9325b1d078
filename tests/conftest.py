"""Seal the tests: no network but the machine itself, no waiting, nothing of the developer's own environment."""

import gc
import os
import socket
import sys
import threading
import time
from typing import Any

import pytest
from hypothesis import settings

# Thousands of short tests make much garbage that the count of references clears; looking for cycles less often takes
# a tenth off the suite's time (1 min 52 s for 2 min 5 s on two cores, 25 November 2026).
gc.set_threshold(100_000, 20, 20)
settings.register_profile("here", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

LOOPBACK = ("localhost", "127.0.0.1", "::1", None, "", b"localhost", b"127.0.0.1", b"::1")
OURS = ("LMS_SYNC_", "CREDENTIALS_DIRECTORY", "NO_COLOR", "FORCE_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up of a name that would leave the machine."""
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOOPBACK:
                raise AssertionError(f"a test reached for the network: {address}")
            return real(self, address)

        return connect

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in LOOPBACK:
            raise AssertionError(f"a test looked up {host!r}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded("connect"))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded("connect_ex"))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to sleep in the test's own thread; servers in other threads may, and who waits for a process to end."""
    real = time.sleep

    def sleep(seconds: float) -> None:
        allowed = threading.current_thread() is not threading.main_thread()
        allowed = allowed or sys._getframe(1).f_globals["__name__"] == "subprocess"
        assert allowed, f"a test waits {seconds} s"
        real(seconds)

    monkeypatch.setattr(time, "sleep", sleep)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the developer's own shell would tell lms-sync."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
