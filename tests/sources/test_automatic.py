"""Answers of programs: what failed, what is only late, who is away, and what may never be answered."""

from email import message_from_bytes
from email.policy import compat32

import pytest

from lms_sync.model.received_mail import AutomaticKind
from lms_sync.sources.corrections.automatic import LONGEST, MOST, automatic_of
from lms_sync.sources.corrections.child import taken_apart
from lms_sync.sources.corrections.sender import TrustedServer

SENT = "<r1@district.example.org>"
RETURNED = f"Message-ID: {SENT}\r\nSubject: training\r\nFrom: hr@district.example.org"


def report(*blocks: str, returned: str = "message/rfc822", kind: str = "message/delivery-status") -> bytes:
    """Return a report of non-delivery as servers write it."""
    parts = (
        "Content-Type: text/plain\r\n\r\nSorry.",
        f"Content-Type: {kind}\r\n\r\n" + "\r\n\r\n".join(blocks),
        f"Content-Type: {returned}\r\n\r\n{RETURNED}\r\n\r\nbody",
    )
    head = (
        "From: MAILER-DAEMON@mx.example.net\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    )
    return (head + "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode()


MTA = "Reporting-MTA: dns; mx.example.net\r\nOriginal-Envelope-Id: 20261123-0f3a9c"


def about(address: str, action: str, *more: str) -> str:
    lines = (f"Final-Recipient: rfc822; {address}", f"Action: {action}", *more)
    return "\r\n".join(lines)


GONE = about("chief@quarry.example.org", "failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such user")


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global"])
@pytest.mark.parametrize("kind", ["message/delivery-status", "message/global-delivery-status"])
def test_what_failed_is_read_with_the_servers_words_and_the_ids_of_the_message(returned: str, kind: str) -> None:
    found = automatic_of(message_from_bytes(report(MTA, GONE, returned=returned, kind=kind), policy=compat32))
    assert found.kind is AutomaticKind.NOT_DELIVERED
    assert found.addresses == (("chief@quarry.example.org", "550 5.1.1 no such user"),)
    assert set(found.about) == {"20261123-0f3a9c", SENT}


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "Delayed (will retry)", ""])
def test_what_is_late_or_arrived_is_no_failure_and_is_not_answered(action: str) -> None:
    found = automatic_of(message_from_bytes(report(MTA, about("chief@quarry.example.org", action)), policy=compat32))
    assert (found.kind, found.is_automatic) == (None, True)


def test_of_several_recipients_only_those_that_failed_are_told_also_after_giving_up() -> None:
    late = about("clerk@quarry.example.org", "delayed")
    given_up = about("x@relay.example", "Failed (4.4.7)", "Original-Recipient: rfc822;boss@heron.example.com")
    found = automatic_of(message_from_bytes(report(MTA, GONE, late, given_up), policy=compat32))
    addresses = [address for address, _ in found.addresses]
    assert addresses == ["chief@quarry.example.org", "boss@heron.example.com", "x@relay.example"]


def test_a_server_that_writes_no_report_may_name_the_address_in_a_header() -> None:
    raw = f"From: mailer-daemon@mx\r\nX-Failed-Recipients: chief@quarry.example.org\r\nIn-Reply-To: {SENT}\r\n\r\nno"
    found = automatic_of(message_from_bytes(raw.encode(), policy=compat32))
    assert found.addresses == (("chief@quarry.example.org", ""),)
    assert found.about == (SENT,)


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Auto-Submitted: AUTO-GENERATED", "Precedence: auto_reply", "X-Autoreply: yes"],
)
def test_an_absence_note_is_an_answer_that_a_program_wrote(header: str) -> None:
    raw = f"From: chief@quarry.example.org\r\n{header}\r\nIn-Reply-To: {SENT}\r\n\r\nI am away.".encode()
    found = automatic_of(message_from_bytes(raw, policy=compat32))
    assert (found.kind, found.about) == (AutomaticKind.ABSENCE, (SENT,))


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-notified",
        "Precedence: bulk",
        "Precedence: list",
        "List-Id: <x.example.org>",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
        "From: no-reply@quarry.example.org",
        "From: Mail <mailer-daemon@quarry.example.org>",
        "Content-Type: multipart/report; boundary=b",
    ],
)
def test_what_a_program_may_not_answer_is_told(header: str) -> None:
    raw = f"{header}\r\nSubject: x\r\n\r\nbody".encode()
    assert automatic_of(message_from_bytes(raw, policy=compat32)).is_automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: first-class", "Subject: Re: away"])
def test_what_a_person_wrote_is_no_answer_of_a_program(header: str) -> None:
    raw = f"From: chief@quarry.example.org\r\nIn-Reply-To: {SENT}\r\n{header}\r\n\r\nHere it is.".encode()
    found = automatic_of(message_from_bytes(raw, policy=compat32))
    assert (found.is_automatic, found.kind) == (False, None)


def test_a_report_inside_a_message_that_somebody_passes_on_is_not_believed() -> None:
    inner = report(MTA, GONE).decode()
    head = 'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n'
    raw = f"{head}--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n".encode()
    assert automatic_of(message_from_bytes(raw, policy=compat32)).kind is None


def test_a_report_of_any_size_and_shape_is_cut() -> None:
    words = f"Diagnostic-Code: smtp; {'w' * 5000}\x1b[2J"
    blocks = [about(f"a{number}@x.example", "failed", words) for number in range(400)]
    found = automatic_of(message_from_bytes(report(MTA, *blocks), policy=compat32))
    assert len(found.addresses) == MOST
    assert all(len(words) <= LONGEST and "\x1b" not in words for _, words in found.addresses)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nno boundary",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822\r\nAction: failed\r\n",
        b"In-Reply-To: =?utf-8?q?=00?=\r\nAuto-Submitted: \xff\xfe\r\n\r\n",
    ],
)
def test_nonsense_is_nothing(raw: bytes) -> None:
    found = taken_apart(raw, TrustedServer())["automatic"]
    assert isinstance(found, dict)
    assert (found["kind"], found["addresses"]) == (None, ())
