"""Every stage of a conversation × what can go wrong there: who has the message, who is told, and that it ends."""

from datetime import UTC, datetime

import pytest

from lms_sync.errors import MailError
from lms_sync.mail.message import MessageParts, build_message
from lms_sync.mail.smtp import SmtpCarrier
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult, SenderRefused
from tests.mail.scripted_relay import DRIP, DROP, FLOOD, HANG, STAGES, Relay, relay

CHIEF, CLERK = "chief@police.example.org", "clerk@police.example.org"
ENVELOPE = Envelope("d-1", "safety@example.org", to=(CHIEF, CLERK))
MESSAGE = build_message(
    MessageParts("Report", "<p>x</p>", "x" * 300_000),
    envelope=ENVELOPE,
    message_id="<r1@example.org>",
    date=datetime(2026, 11, 23, tzinfo=UTC),
)
NO_SESSION = ("connect", "EHLO", "AUTH")
D, R, U, A = (
    RecipientOutcome.DEFERRED,
    RecipientOutcome.REFUSED,
    RecipientOutcome.UNKNOWN,
    RecipientOutcome.ACCEPTED,
)


def carrier(server: Relay, **how: object) -> SmtpCarrier:
    told = {"timeout": 0.3, "taking": 0.3, "client_name": "here", **how}
    return SmtpCarrier("127.0.0.1", server.port, "plain", "u", lambda: "p", **told)  # type: ignore[arg-type]


def send(server: Relay, **how: object) -> tuple[RecipientResult, ...]:
    with carrier(server, **how).session() as session:
        return session.send(ENVELOPE, MESSAGE)


@pytest.mark.parametrize("fault", ["421 4.3.2 closing", "554 5.7.1 no", DROP, HANG, DRIP, FLOOD])
@pytest.mark.parametrize("stage", STAGES)
def test_whatever_happens_at_whatever_stage_has_an_end_and_a_true_outcome(stage: str, fault: str) -> None:
    with relay({stage: fault}) as server:
        if stage in NO_SESSION:
            with pytest.raises(MailError) as caught:
                send(server)
            assert caught.value.hint
            assert server.taken == []
            return
        if (stage, fault) == ("MAIL", "554 5.7.1 no"):
            with pytest.raises(SenderRefused, match=r"nothing from safety@example\.org: 554"):
                send(server)
            assert server.taken == []
            return
        outcomes = {result.outcome for result in send(server)}
    lost = fault in (DROP, HANG, DRIP, FLOOD)
    if stage == "after DATA":
        assert outcomes == {U if lost else (D if fault.startswith("4") else R)}
        assert server.taken == [MESSAGE + b".\r\n"], "the server has it; whether it keeps it is the question"
    else:
        assert outcomes == {D if lost or fault.startswith("4") else R}
        assert server.taken == []


def test_a_message_that_the_server_says_is_too_large_is_refused_before_it_is_sent() -> None:
    with relay({"EHLO": "250-here\r\n250-SIZE 1000\r\n250 AUTH PLAIN"}) as server:
        results = send(server)
    assert {result.outcome for result in results} == {R}
    assert "no more than 1,000" in results[0].detail
    assert server.taken == []


def test_a_message_that_has_no_room_is_no_fault_of_its_sender() -> None:
    with relay({"MAIL": "552 5.3.4 too big for me"}) as server:
        assert {result.outcome for result in send(server)} == {R}


def test_a_limit_of_nought_is_no_limit() -> None:
    with relay({"EHLO": "250-here\r\n250-SIZE 0\r\n250 AUTH PLAIN"}) as server:
        assert {result.outcome for result in send(server)} == {A}


def test_an_access_token_signs_in_by_xoauth2() -> None:
    with relay({}) as server:
        assert {result.outcome for result in send(server, token=lambda: "t0ken")} == {A}
    assert server.bearers == ["user=u\x01auth=Bearer t0ken\x01\x01"]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("334 eyJzdGF0dXMiOiI0MDAifQ==", "[oauth]"),
        ("535 5.7.3 Authentication unsuccessful", "[oauth]"),
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", "Set-CASMailbox"),
        ("550 5.7.30 Basic authentication is not supported", "oauth"),
    ],
)
def test_a_refused_token_is_told_without_it(answer: str, hint: str) -> None:
    with relay({"AUTH": answer}) as server, pytest.raises(MailError, match="refused the sign-in") as caught:
        send(server, token=lambda: "t0ken")
    assert hint in caught.value.hint
    assert "t0ken" not in str(caught.value)


def test_a_server_that_reports_is_asked_to_name_the_delivery_and_only_failures() -> None:
    with relay({"EHLO": "250-here\r\n250-DSN\r\n250 AUTH PLAIN"}) as server:
        assert {result.outcome for result in send(server)} == {A}
    mail, *recipients = [line for line in server.commands if line[:4].upper() in ("MAIL", "RCPT")]
    assert mail.endswith("RET=HDRS ENVID=d-1")
    assert [line.endswith("NOTIFY=FAILURE") for line in recipients] == [True, True]


def test_a_server_that_does_not_report_is_asked_nothing() -> None:
    with relay({}) as server:
        send(server)
    assert not any("ENVID" in line or "NOTIFY" in line for line in server.commands)
