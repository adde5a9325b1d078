"""What a relay can do wrong, by a real server on loopback."""

import socket
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from lms_sync.errors import ConfigError, MailError
from lms_sync.mail.message import MessageParts, build_message
from lms_sync.mail.smtp import SmtpCarrier
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult, SenderRefused
from tests.mail.smtp_servers import PASSWORD, USER, Server, certificates, serving

CHIEF, CLERK = "chief@police.example.org", "clerk@police.example.org"
ENVELOPE = Envelope("d-1", "safety@example.org", to=(CHIEF, CLERK))
MESSAGE = build_message(
    MessageParts("Report", "<p>x</p>", "x"),
    envelope=ENVELOPE,
    message_id="<r1@example.org>",
    date=datetime(2026, 11, 23, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.post.clear()
    return running


def relay(server: Server, password: str = PASSWORD) -> SmtpCarrier:
    return SmtpCarrier("127.0.0.1", server.port, "plain", USER, lambda: password, timeout=5.0, client_name="here")


def send(server: Server) -> tuple[RecipientResult, ...]:
    with relay(server).session() as session:
        return session.send(ENVELOPE, MESSAGE)


def outcomes(results: tuple[RecipientResult, ...]) -> dict[str, RecipientOutcome]:
    return {result.address: result.outcome for result in results}


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_wrong_password_is_told_with_the_servers_words_and_without_the_password(server: Server) -> None:
    secret = "hunter2 but wrong"
    with pytest.raises(MailError, match=r"refused the sign-in: 535 .*[Aa]uthentication") as caught:
        relay(server, secret).connect()
    trace = "".join(traceback.format_exception(caught.value))
    assert secret not in trace
    assert "[mail.smtp] user" in caught.value.hint


def test_a_password_that_smtp_cannot_carry_is_told_without_it(server: Server) -> None:
    secret = "pässwort"
    with pytest.raises(MailError, match="not plain ASCII") as caught:
        relay(server, secret).connect()
    assert secret not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_repeats_the_password_brings_it_into_no_error(server: Server) -> None:
    with pytest.raises(MailError) as caught:
        relay(server, "credentials").connect()  # a word of this server's refusal
    assert "credentials" not in str(caught.value)


def test_no_server_is_told_with_host_and_port() -> None:
    port = closed_port()
    with pytest.raises(MailError, match=rf"127\.0\.0\.1:{port} could not be reached: Connection refused"):
        SmtpCarrier("127.0.0.1", port, "plain", client_name="here").connect()


def test_a_relay_without_starttls_gets_nothing(server: Server) -> None:
    with pytest.raises(MailError, match="STARTTLS"):
        SmtpCarrier("127.0.0.1", server.port, "starttls", USER, lambda: PASSWORD, client_name="here").connect()
    assert server.post.boxes == {}


@pytest.mark.parametrize("mode", ["starttls", "tls"])
def test_an_unknown_authoritys_certificate_is_not_trusted(tmp_path: Path, mode: Literal["starttls", "tls"]) -> None:
    context, ca_file = certificates(tmp_path)
    with serving(tls=context) if mode == "tls" else serving(starttls=context) as server:
        with pytest.raises(MailError, match="certificate that can't be trusted"):
            SmtpCarrier("localhost", server.port, mode, USER, lambda: PASSWORD, client_name="here").connect()
        SmtpCarrier(
            "localhost", server.port, mode, USER, lambda: PASSWORD, ca_file, client_name="here"
        ).connect().close()


def test_a_certificate_for_another_host_is_not_trusted(tmp_path: Path) -> None:
    context, ca_file = certificates(tmp_path, hosts=("other.example.org",))
    with serving(tls=context) as server, pytest.raises(MailError, match="ostname"):
        SmtpCarrier("localhost", server.port, "tls", USER, lambda: PASSWORD, ca_file, client_name="here").connect()


def test_a_missing_ca_file_is_a_matter_of_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ca_file: .*none\.pem can't be read"):
        SmtpCarrier("localhost", 25, "tls", ca_file=str(tmp_path / "none.pem")).connect()


def test_one_refused_recipient_does_not_stop_the_other(server: Server) -> None:
    server.post.rcpt[CHIEF] = ["550 5.1.1 no such user"]
    results = send(server)
    assert results == (
        RecipientResult(CHIEF, RecipientOutcome.REFUSED, "550 5.1.1 no such user"),
        RecipientResult(CLERK, RecipientOutcome.ACCEPTED, "250 queued"),
    )
    assert server.post.boxes == {CLERK: [MESSAGE]}


def test_when_all_are_refused_nothing_is_transmitted(server: Server) -> None:
    server.post.rcpt = {CHIEF: ["550 no"], CLERK: ["452 4.2.2 mailbox full"]}
    assert outcomes(send(server)) == {CHIEF: RecipientOutcome.REFUSED, CLERK: RecipientOutcome.DEFERRED}
    assert server.post.boxes == {}


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("451 4.3.0 later", RecipientOutcome.DEFERRED), ("552 5.3.4 no room", RecipientOutcome.REFUSED)],
)
def test_what_is_said_before_any_address_holds_for_all(server: Server, reply: str, outcome: RecipientOutcome) -> None:
    server.post.mail = [reply]
    assert send(server) == tuple(RecipientResult(address, outcome, reply) for address in (CHIEF, CLERK))


def test_a_refused_sender_is_no_fault_of_the_message(server: Server) -> None:
    server.post.mail = ["554 5.7.1 not from you"]
    with pytest.raises(SenderRefused, match=r"554 5\.7\.1 not from you"):
        send(server)
    assert server.post.boxes == {}


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("452 4.3.1 disk full", RecipientOutcome.DEFERRED), ("552 5.3.4 too big", RecipientOutcome.REFUSED)],
)
def test_a_message_refused_after_data_is_not_unknown(server: Server, reply: str, outcome: RecipientOutcome) -> None:
    server.post.data = [reply]
    assert send(server) == tuple(RecipientResult(address, outcome, reply) for address in (CHIEF, CLERK))


def test_a_connection_lost_after_data_is_unknown(server: Server) -> None:
    server.post.data = ["drop"]
    server.post.rcpt[CHIEF] = ["550 no such user"]
    results = send(server)
    assert outcomes(results) == {CHIEF: RecipientOutcome.REFUSED, CLERK: RecipientOutcome.UNKNOWN}
    assert "lost after the message was sent" in results[1].detail


def test_a_connection_lost_before_data_is_put_off(server: Server) -> None:
    server.post.mail = ["drop"]
    results = send(server)
    assert set(outcomes(results).values()) == {RecipientOutcome.DEFERRED}
    assert "lost before the message was sent" in results[0].detail


@pytest.mark.parametrize("lost", ["mail", "data"])
def test_after_a_lost_connection_the_batch_goes_on_over_a_new_one(server: Server, lost: str) -> None:
    setattr(server.post, lost, ["drop"])
    with relay(server).session() as session:
        session.send(ENVELOPE, MESSAGE)
        server.post.boxes.clear()
        assert set(outcomes(session.send(ENVELOPE, MESSAGE)).values()) == {RecipientOutcome.ACCEPTED}
    assert server.post.boxes == {CHIEF: [MESSAGE], CLERK: [MESSAGE]}


def test_a_batch_uses_one_connection_and_a_refusal_leaves_nothing_behind(server: Server) -> None:
    server.post.rcpt[CHIEF] = ["550 no"]
    server.post.rcpt[CLERK] = ["550 no"]
    with relay(server).session() as session:
        first, second, third = (session.send(ENVELOPE, MESSAGE) for _ in range(3))
    assert [set(outcomes(r).values()) for r in (first, second, third)] == [
        {RecipientOutcome.REFUSED},
        {RecipientOutcome.ACCEPTED},
        {RecipientOutcome.ACCEPTED},
    ]
    assert server.post.sessions == 1


def test_no_password_is_asked_for_and_no_connection_made_for_an_empty_batch() -> None:
    def never() -> str:
        raise AssertionError("asked for")

    with SmtpCarrier("127.0.0.1", closed_port(), "plain", USER, never).session():
        pass


def test_the_message_asks_for_no_extension_and_tells_its_size(server: Server) -> None:
    assert outcomes(send(server)) == {CHIEF: RecipientOutcome.ACCEPTED, CLERK: RecipientOutcome.ACCEPTED}
    assert server.post.options == [[f"SIZE={len(MESSAGE)}"]]


def test_words_of_a_server_are_kept_as_one_line(server: Server) -> None:
    server.post.rcpt[CHIEF] = ["550-first\r\n550 second"]
    assert send(server)[0].detail == "550 first second"


@pytest.mark.parametrize(
    ("sent", "arrives"), [(b"no end", b"no end\r\n"), (b".\r\n..\r\n.x\r\n", b".\r\n..\r\n.x\r\n"), (b".", b".\r\n")]
)
def test_dots_arrive_as_they_were_and_an_open_last_line_is_ended(server: Server, sent: bytes, arrives: bytes) -> None:
    with relay(server).session() as session:
        session.send(ENVELOPE, sent)
    assert server.post.boxes == {CHIEF: [arrives], CLERK: [arrives]}


def test_a_server_is_signed_in_to_without_sending_anything(server: Server) -> None:
    words = relay(server).reach()
    assert (f"signed in as {USER}" in words, PASSWORD in words) == (True, False)
    assert (server.post.sessions > 0, server.post.boxes, server.post.options) == (True, {}, [])
    with pytest.raises(MailError, match="535"):
        relay(server, "wrong").reach()
