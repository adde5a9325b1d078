"""The seal holds: a test that reaches out or waits fails."""

import os
import socket
import time

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 25), ("example.org", 443)])
def test_a_connection_that_leaves_the_machine_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match="reached for the network"):
        one.connect(address)
    with pytest.raises(AssertionError, match=r"looked up|reached for"):
        socket.create_connection(address)


def test_a_connection_to_the_machine_itself_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        assert one.getpeername() == server.getsockname()


def test_waiting_is_refused() -> None:
    with pytest.raises(AssertionError, match="a test waits"):
        time.sleep(0.01)


def test_nothing_of_the_shell_reaches_lms_sync() -> None:
    assert not [name for name in os.environ if name.startswith("LMS_SYNC_")]
