"""An SMTP connection whose every reply has an end: one that drips, or never stops, is given up.

smtplib's own time-out is for each single read, so that a byte every few seconds would hold a night for ever; and it
sends a whole message under one time-out, so that a slow but honest reader would be cut off.
"""

import io
import smtplib
import socket
import time
from collections.abc import Callable
from typing import Any

BLOCK = 65_536
"""Bytes that are handed over under one time-out."""
MOST_LINES = 200
"""Of one reply. Source of the limits that servers keep: RFC 5321, 4.5.3."""


class _UntilTheEnd(io.RawIOBase):
    """Reads from a socket until an instant, however the bytes come."""

    def __init__(self, wire: socket.socket, left: Callable[[], float]) -> None:
        self._wire = wire
        self._left = left

    def readable(self) -> bool:
        """Tell that it can be read, as `BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes. Raises: TimeoutError when the reply had its time."""
        left = self._left()
        if left <= 0:
            raise TimeoutError("the server's answer came too slowly")
        self._wire.settimeout(left)
        return self._wire.recv_into(buffer)


class _Timed(smtplib.SMTP):
    """What plain and TLS connections have in common."""

    timeout: float
    """Seconds that one whole reply may take, as the connection was made with; whoever must wait longer sets it."""
    _ends = 0.0
    _lines = 0

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply. Raises: SMTPServerDisconnected when it does not come to an end in time."""
        self._ends, self._lines = time.monotonic() + self.timeout, 0
        if self.file is None and self.sock is not None:
            # The dot that ends a message goes alone, and must not wait for the receipt of what went before it.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reading = _UntilTheEnd(self.sock, lambda: self._ends - time.monotonic())
            self.file = _Counted(io.BufferedReader(reading), self)
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send in blocks, each in its own time. Raises: OSError when the connection breaks."""
        content = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        for start in range(0, len(content), BLOCK):
            if self.sock is not None:
                self.sock.settimeout(self.timeout)
            super().send(content[start : start + BLOCK])


class _Counted:
    """Lines of one reply, up to as many as an honest one has."""

    def __init__(self, lines: io.BufferedReader, connection: _Timed) -> None:
        self._lines = lines
        self._connection = connection

    def readline(self, limit: int) -> bytes:
        """Return the next line. Raises: TimeoutError when there are too many."""
        self._connection._lines += 1
        if self._connection._lines > MOST_LINES:
            raise TimeoutError("the server's answer has no end")
        return self._lines.readline(limit)

    def close(self) -> None:
        """Let go of the socket's reader."""
        self._lines.close()


class Plain(_Timed):
    """A connection that is plain, or becomes TLS by STARTTLS."""


class Tls(_Timed, smtplib.SMTP_SSL):
    """A connection that is TLS from its first byte."""
