"""An SMTP server of one socket whose every answer is written down: to refuse, hang, drip, drop at any stage."""

import base64
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader

STAGES = ("connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "after DATA")
GOOD: Mapping[str, str] = {
    "connect": "220 here",
    "EHLO": "250-here\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN XOAUTH2",
    "AUTH": "235 welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "after DATA": "250 queued",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}
HANG, DRIP, DROP, FLOOD = "(hang)", "(drip)", "(drop)", "(flood)"


@dataclass
class Relay:
    """A running server, and what it was told."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    """Messages that came whole, to their dot."""
    commands: list[str] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    """What was said by AUTH XOAUTH2."""


@contextmanager
def relay(answers: Mapping[str, str]) -> Iterator[Relay]:
    """Serve one connection after the other; each stage answers as told, and well where nothing is told."""
    listening = socket.create_server(("127.0.0.1", 0))
    running, stop = Relay(listening.getsockname()[1]), threading.Event()

    def serve() -> None:
        while not stop.is_set():
            with suppress(OSError), listening.accept()[0] as wire, wire.makefile("rb") as lines:
                _talk(wire, lines, {**GOOD, **answers}, running=running, stop=stop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        stop.set()
        # Wakes the thread that waits for a connection.
        with suppress(OSError), socket.create_connection(("127.0.0.1", running.port), timeout=5):
            pass
        thread.join(10)
        listening.close()


def _talk(
    wire: socket.socket,
    lines: BufferedReader,
    answers: Mapping[str, str],
    *,
    running: Relay,
    stop: threading.Event,
) -> None:
    if not _say(wire, answers["connect"], stop):
        return
    for line in lines:
        running.commands.append(line.decode("latin-1").strip())
        verb = line.split()[0].decode().upper().replace("HELO", "EHLO")
        if verb == "AUTH" and b"XOAUTH2" in line:
            running.bearers.append(base64.b64decode(line.split()[2]).decode())
        if not _say(wire, answers[verb], stop):
            return
        if verb == "AUTH" and answers["AUTH"].startswith("334"):
            assert lines.readline() == b"\r\n"
            _say(wire, "535 5.7.3 no", stop)
        if verb == "DATA" and answers["DATA"].startswith("354"):
            message = b""
            while not message.endswith(b"\r\n.\r\n"):
                more = lines.readline()
                if not more:
                    return
                message += more
            running.taken.append(message)
            if not _say(wire, answers["after DATA"], stop):
                return
        if verb == "QUIT":
            return


def _say(wire: socket.socket, answer: str, stop: threading.Event) -> bool:
    """Answer; tell whether the conversation goes on."""
    if answer == DROP:
        return False
    if answer == HANG:
        stop.wait(20)
        return False
    if answer == DRIP:
        while not stop.wait(0.02):
            wire.sendall(b"2")
        return False
    if answer == FLOOD:
        while not stop.is_set():
            wire.sendall(b"250-more\r\n" * 100)
        return False
    wire.sendall(answer.encode() + b"\r\n")
    return True
