"""Issue 13, line 1: whose mail is believed. The attacks stand in attacks/senders.toml."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.evidence import Completion, Refused
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Assignment, Cadence, Partner, PartnerKind, Person, Roster
from lms_sync.sources.corrections.claims import FormContext, Returned, recognise
from lms_sync.sources.corrections.post import read_mail
from lms_sync.sources.corrections.sender import TrustedServer, sender_of
from lms_sync.sources.corrections.sheet_form import MissingTraining, correction_sheet
from lms_sync.tables.read import sheets_of
from lms_sync.tables.write import write_workbook
from lms_sync.text import written_day

ATTACKS = Path(__file__).parent / "attacks"
CASES = tomllib.loads((ATTACKS / "senders.toml").read_text(encoding="utf-8"))["case"]
OURS, MICROSOFT = TrustedServer("mx.b.example"), TrustedServer(exchange_online=True)


def message_of(headers: list[str]) -> bytes:
    """Return a message; `@@(900)@@` in a header stands for so many brackets that open, and as many that close."""
    lines = []
    for header in headers:
        head, mark, rest = header.partition("@@(")
        number, _, tail = rest.partition(")@@")
        lines.append(f"{head}{'(' * int(number)}{')' * int(number)}{tail}" if mark else header)
    return "\r\n".join((*lines, "", "x")).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_13_1_a_sender_is_believed_by_the_trusted_servers_word_only(case: dict[str, Any]) -> None:
    message = BytesHeaderParser(policy=compat32).parsebytes(message_of(case["headers"]))
    sender = sender_of(message, MICROSOFT if case.get("server") == "exchange" else OURS)
    assert sender.address == case["address"]
    assert (sender.doubt == "") is case.get("believed", False)
    assert ("verified that the mail is from" in sender.verified) is case.get("believed", False)


def mail(sender: str, *results: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "Re: gaps"
    for result in results:
        message["Authentication-Results"] = result
    message.add_attachment(b"PK\x03\x04 made up", maintype="application", subtype="zip", filename="../../a.xlsx")
    return message.as_bytes()


HERE = "_files_looked_into_here"
"""What is found does not depend on the process that looks; the others show that it is one of its own."""
PASSES = "mx.b.example; dmarc=pass header.from=a.example"


@pytest.mark.parametrize(
    ("raw", "opened", "refused"),
    [
        (mail("chief@a.example", PASSES), 1, ""),
        (mail("chief@a.example"), 0, "does not vouch"),
        (mail("stranger@a.example", PASSES), 0, "no partner's contact"),
        (mail("chief@a.example <evil@b.example>", PASSES), 0, "more than one"),
        (b"From: stranger@b.example\r\n\r\nHello.\r\n", 0, ""),
    ],
)
def test_13_1_a_sender_is_looked_at_before_an_attachment_is_opened(
    raw: bytes, opened: int, refused: str, request: pytest.FixtureRequest
) -> None:
    if not opened:
        request.getfixturevalue(HERE)
    found = read_mail(raw, name="message 7", server=OURS, contacts={"chief@a.example"})
    assert len(found.workbooks) == opened
    assert refused in found.sender_refused
    assert bool(found.sender_refused) is bool(refused)
    assert [one.name for one in found.workbooks] == ["message 7, a.xlsx"] * opened


@pytest.mark.usefixtures(HERE)
def test_13_1_without_a_trusted_server_a_claim_says_that_nobody_has_verified_its_sender() -> None:
    (found,) = read_mail(
        mail("chief@a.example", PASSES), name="m", server=TrustedServer(), contacts={"chief@a.example"}
    ).workbooks
    assert (found.doubt, found.verified) == ("", "nobody has verified the sender")


def nested(depth: int) -> bytes:
    """Return a message of multiparts inside one another."""
    head = b"From: chief@a.example\r\n"
    for number in range(depth):
        head += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
    return head + b"\r\nPK\x03\x04"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        nested(40),
        nested(3_000),
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n",
        b"From: chief@a.example\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: a/b\r\n\r\nPK\x03\x04",
        b"From: chief@a.example\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
        b'From: chief@a.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\x9f>"',
        b"From: chief@a.example\r\nContent-Type: text/plain; charset=\xff; name*=x''%ff%\r\n\r\nx",
    ],
    ids=lambda raw: f"{raw[:30]!r}, {len(raw)} bytes",
)
def test_13_14_broken_and_nested_messages_carry_nothing_and_stop_nothing(
    raw: bytes, request: pytest.FixtureRequest
) -> None:
    if raw != nested(3_000):
        request.getfixturevalue(HERE)
    assert read_mail(raw, name="m", server=OURS, contacts={"chief@a.example"}).workbooks == ()


SEAL, MADE_ON = Pseudonyms(b"k" * 32), date(2026, 10, 1)
QUARRY = Partner("quarry", "Quarry", PartnerKind.LAW_ENFORCEMENT, ("Chief@q.example",), (), Cadence.WEEKLY)
ROSTER = Roster(
    {"quarry": QUARRY},
    {},
    {"7": Person("7", "Roe", "Ann")},
    (Assignment("7", "quarry", None, date(2026, 9, 1), None),),
)


def returned(called: str = "whatever the sheet says") -> bytes:
    """Return the sheet of one gap, filled in."""
    missing = [MissingTraining("7", "Roe, Ann", "topic-10", called)]
    sheet = correction_sheet(missing, partner_id="quarry", as_of=MADE_ON, pseudonyms=SEAL)
    filled = tuple((*row[:5], date(2026, 9, 20), *row[6:]) for row in sheet.rows)
    return write_workbook(None, [replace(sheet, rows=filled)], title="x")


def test_13_1_a_form_expires_after_the_days_that_its_sheet_says() -> None:
    content = returned()
    (sheet,) = sheets_of(content)
    said = " ".join(str(cell) for row in sheet.rows[:8] for cell in row.cells)
    assert f"until {written_day(MADE_ON + timedelta(days=90))}" in said
    for days, outcome in ((90, Completion), (91, Refused)):
        context = FormContext(SEAL, ROSTER, MADE_ON + timedelta(days=days))
        (item,) = recognise(Returned("a.xlsx", content, ""), context).items
        assert isinstance(item.reading, outcome)
    assert isinstance(item.reading, Refused)
    assert item.reading.finding.code == "correction-expired"


def test_13_1_a_claims_title_comes_from_the_laws_words_and_it_says_what_was_verified() -> None:
    context = FormContext(SEAL, ROSTER, MADE_ON, titles={"topic-10": "Restorative practices"})
    handed = Returned("a.xlsx", returned("Everything"), "chief@q.example", "", "mx.b.example verified it")
    (item,) = recognise(handed, context).items
    assert isinstance(item.reading, Completion)
    assert item.reading.course_title == "Restorative practices"
    assert dict(item.reading.attributes)["sender"] == "mx.b.example verified it"
    assert context.contacts == {"chief@q.example"}
