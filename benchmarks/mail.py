"""Messages a second to an SMTP server on this machine, by wall, beside a bare loop of `sendmail(bytes)`.

    python -m benchmarks.mail [--messages 1000] [--kilobytes 88]

All send the same bytes over one connection. Ours claims and records each in the outbox (SQLite, on disk), the pace
that settings set apart. The bare loop is also run with a line for each message that is on the disk before it is sent:
what of our time is the disk's, whoever keeps a record. The server is aiosmtpd in a process of its own, and throws
away what it is sent.
"""

import argparse
import os
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socket
from time import perf_counter

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from benchmarks.measure import machine, print_table
from lms_sync.mail.message import Attachment, MessageParts, build_message
from lms_sync.mail.outbox import RetryPolicy, send_due
from lms_sync.mail.smtp import SmtpCarrier
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient
from lms_sync.store.deliveries import Deliveries
from lms_sync.store.store import Opening, open_store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BARE = "bare sendmail(bytes)"
SENDER, READER = "hr@district.example.org", "chief@police.example.org"


def serve(pipe: Connection) -> None:
    """Serve until told to stop; tell the port first."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    pipe.send(port)
    pipe.recv()
    controller.stop()


@contextmanager
def server() -> Iterator[int]:
    """Give the port of a server in a process of its own."""
    anew = get_context("spawn")
    ours, theirs = anew.Pipe()
    process = anew.Process(target=serve, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join()


def bare(port: int, message: bytes, number: int, *, noted: Path | None = None) -> float:
    """Return the seconds that a bare loop takes; with `noted` it writes a line there before each message."""
    begun = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection, (noted or Path(os.devnull)).open("ab", buffering=0) as lines:
        for place in range(number):
            if noted:
                lines.write(b"message %d is sent\n" % place)
                os.fsync(lines.fileno())
            connection.sendmail(SENDER, [READER], message)
    return perf_counter() - begun


def outbox(port: int, message: bytes, number: int, folder: Path) -> float:
    """Return the seconds that sending so many queued deliveries takes. Raises: RuntimeError unless all are sent."""
    url, opening = f"sqlite:///{folder / 'mail.db'}", Opening("measured", "check", NOW)
    with open_store(url, opening):
        pass  # a workspace's database is made before anything is sent
    with open_store(url, opening) as store:
        with store.transaction():
            for place in range(number):
                delivery = Delivery(
                    f"D{place:05}",
                    DeliveryKind.PARTNER,
                    f"P{place}",
                    SENDER,
                    DeliveryState.QUEUED,
                    NOW,
                    NOW,
                    (Recipient(READER),),
                    message_id=f"<{place}@district.example.org>",
                )
                store.deliveries.add(delivery, body=message)

        @contextmanager
        def transaction() -> Iterator[Deliveries]:
            with store.transaction():
                yield store.deliveries

        carrier = SmtpCarrier("127.0.0.1", port, security="plain", client_name="localhost")
        begun = perf_counter()
        batch = send_due(transaction, carrier, clock=lambda: NOW, patience=RetryPolicy(), kinds=tuple(DeliveryKind))
        spent = perf_counter() - begun
        if sum(delivery.state is DeliveryState.SENT for delivery in batch.tried) != number:
            raise RuntimeError(f"not all were sent: {batch.trouble}")
    return spent


def of_size(number: int) -> bytes:
    """Return a message of about so many bytes: texts, and a file that goes with them, as a report's mail has."""
    file = Attachment("gaps.xlsx", b"\0" * max(1, (number - 1_500) * 19 // 26), "application/octet-stream")
    parts = MessageParts("Training gaps", "<p>Nothing is missing.</p>", "Nothing is missing.\n", (file,))
    envelope = Envelope("D1", SENDER, to=(READER,))
    return build_message(parts, envelope=envelope, message_id="<1@district.example.org>", date=NOW)


def main() -> None:
    """Print the medians of three times in turns, and their ratios."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=1_000)
    options.add_argument("--kilobytes", type=int, default=88)
    chosen = options.parse_args()
    message = of_size(chosen.kilobytes * 1000)
    print(machine())
    times: dict[str, list[float]] = {BARE: [], "the same, a line on disk before each": [], "the outbox": []}
    with server() as port, tempfile.TemporaryDirectory() as scratch:
        for run in range(3):
            folder = Path(scratch) / str(run)
            folder.mkdir()
            noted = bare(port, message, chosen.messages, noted=folder / "lines")
            times[BARE].append(bare(port, message, chosen.messages))
            times["the same, a line on disk before each"].append(noted)
            times["the outbox"].append(outbox(port, message, chosen.messages, folder))
    base = sorted(times[BARE])[1]
    rows = [
        (what, f"{chosen.messages / sorted(t)[1]:.0f}", f"{base / sorted(t)[1]:.2f}") for what, t in times.items()
    ]
    print_table((f"{chosen.messages:,} messages of {chosen.kilobytes} kB", "a second", "× bare"), rows)


if __name__ == "__main__":
    main()
