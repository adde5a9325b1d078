"""The bytes of a message."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms_sync.errors import UsageError
from lms_sync.mail.message import Attachment, MessageParts, build_message, message_id
from lms_sync.model.address import address_problem
from lms_sync.model.carrier import Envelope

DATE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SENDER = '"Müller, Jörg – Lincoln" <safety@example.org>'
ENVELOPE = Envelope("d-1", SENDER, to=("chief@example.org", "deputy@example.org"), copy=("clerk@example.org",))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARTS = MessageParts(
    "School safety training: 2 overdue – as of 23 November 2026",
    "<html lang=en><p>Zoë 李 😀</p></html>",
    "Zoë 李 😀\n",
    (Attachment("Übersicht 2026.xlsx", b"PK\x00\xff" * 50, XLSX),),
)


def built(
    parts: MessageParts = PARTS,
    *,
    envelope: Envelope = ENVELOPE,
    minted: str = "<r1@example.org>",
    date: datetime = DATE,
) -> bytes:
    return build_message(parts, envelope=envelope, message_id=minted, date=date)


def read(message: bytes) -> EmailMessage:
    return email.message_from_bytes(message, policy=email.policy.default)


def test_headers_say_who_to_whom_when_and_that_a_program_wrote_it() -> None:
    message = read(built())
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Müller, Jörg – Lincoln", "safety@example.org")
    assert message["Bcc"] is None
    assert [a.addr_spec for a in message["To"].addresses] == ["chief@example.org", "deputy@example.org"]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["clerk@example.org"]
    assert message["Subject"] == PARTS.subject
    assert message["Date"].datetime == DATE
    assert message["Message-ID"] == "<r1@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert (message["Reply-To"], message["List-Id"]) == (None, None)


def test_answers_go_to_a_person_and_mail_programs_can_sort() -> None:
    parts = replace(PARTS, reply_to="hr@example.org", series="safety-training.lincoln")
    message = read(built(parts))
    assert [a.addr_spec for a in message["Reply-To"].addresses] == ["hr@example.org"]
    assert message["List-Id"] == "<safety-training.lincoln.example.org>"
    assert message["Precedence"] is None


def test_an_answer_to_the_sender_needs_no_other_address() -> None:
    assert read(built(replace(PARTS, reply_to="safety@example.org")))["Reply-To"] is None


def test_absence_notes_are_kept_back_and_reports_of_non_delivery_are_not() -> None:
    """FAULTS: `All` keeps bounces back too."""
    kept_back = set(read(built())["X-Auto-Response-Suppress"].split(", "))
    assert kept_back == {"OOF", "AutoReply", "DR", "RN", "NRN"}


@pytest.mark.parametrize("series", ["a\r\nBcc: x@example.com", "a\x00"])
def test_no_series_can_add_a_header(series: str) -> None:
    with pytest.raises(UsageError):
        built(replace(PARTS, series=series))


def test_text_and_html_are_alternatives_and_attachments_stand_beside_them() -> None:
    message = read(built())
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content() for part in alternative.iter_parts())
    assert plain.replace("\r\n", "\n") == PARTS.text
    assert html.strip() == PARTS.html
    assert attachment.get_filename() == "Übersicht 2026.xlsx"
    assert attachment.get_content_type() == XLSX
    assert attachment.get_content() == PARTS.attachments[0].content


@given(st.lists(st.integers(0, 130).flatmap(lambda size: st.binary(min_size=size, max_size=size)), max_size=3))
def test_attachments_stand_as_the_library_itself_writes_them(contents: list[bytes]) -> None:
    files = tuple(Attachment(f"{n}.bin", content, "application/pdf") for n, content in enumerate(contents))
    message = built(replace(PARTS, attachments=files))

    by_library = email.message_from_bytes(message, policy=email.policy.SMTP)
    for part, file in zip(by_library.iter_attachments(), files, strict=True):
        name = part.get_filename()
        part.set_content(file.content, maintype="application", subtype="pdf", filename=name)
        assert part.get_payload(decode=True) == file.content
    assert by_library.as_bytes().replace(b"MIME-Version: 1.0\r\n", b"") == message.replace(
        b"MIME-Version: 1.0\r\n", b""
    )


def test_without_attachments_the_message_is_the_alternatives() -> None:
    assert read(built(MessageParts("s", "<p>h</p>", "t"))).get_content_type() == "multipart/alternative"


def test_the_same_inputs_give_the_same_bytes_and_another_id_gives_others() -> None:
    assert built() == built()
    assert built() != built(minted="<r2@example.org>")


def test_every_byte_passes_the_oldest_server() -> None:
    message = built(MessageParts("ü" * 500, "<p>" + "ß" * 5000 + "</p>", "x" * 5000 + "\n.\n\rfoo\nbar\r\n"))
    assert message.isascii()
    assert all(len(line) <= 998 for line in message.split(b"\r\n"))
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert b"\r" not in message.replace(b"\r\n", b"")


def test_a_long_message_id_stays_whole() -> None:
    long_id = message_id("a" * 40, sender="safety@training.safety-department.northern-lakes.k12.wa.example.org")
    message = built(minted=long_id)
    assert f"Message-ID: {long_id}\r\n".encode() in message.replace(b"Message-ID:\r\n ", b"Message-ID: ")


INJECTIONS: dict[str, Callable[[str], object]] = {
    "subject": lambda text: built(MessageParts(text, "h", "t")),
    "attachment": lambda text: built(MessageParts("s", "h", "t", (Attachment(text, b"", "text/plain"),))),
    "sender": lambda text: Envelope("d", f"{text} <safety@example.org>", to=("chief@example.org",)),
    "to": lambda text: Envelope("d", "safety@example.org", to=(f"chief@example.org{text}",)),
    "message id": lambda text: built(minted=f"<a@example.org>{text}"),
}


@pytest.mark.parametrize("breaking", ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028", "=?utf-8?q?=0D=0A?= "])
@pytest.mark.parametrize("where", INJECTIONS)
def test_no_header_can_be_injected(where: str, breaking: str) -> None:
    with pytest.raises(UsageError):
        INJECTIONS[where](f"{breaking}Bcc: thief@example.com")


# Any letters but surrogates (they are no text) and controls (refused, see above).
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60)
WORDS = st.sampled_from(
    [
        "School",
        "overdue,",
        "–",
        "Übersicht",
        "Zoë",
        "Nuñez",
        "李",
        "District’s",
        "(Tacoma)",
        "&",
        "😀",
        "Pérez",
        "2026",
    ]
)


@settings(max_examples=40, deadline=None)
@given(subject=LETTERS, name=LETTERS, text=LETTERS)
def test_any_letters_pass_and_add_no_header(subject: str, name: str, text: str) -> None:
    assume("=?" not in subject + name)
    attachments = (Attachment(name, b"x", "text/csv"),)
    message = read(built(MessageParts(subject, f"<p>{text}</p>", text, attachments)))
    assert sorted(message.keys()) == sorted(read(built()).keys())
    assert [a.addr_spec for a in message["To"].addresses] == ["chief@example.org", "deputy@example.org"]
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().rstrip("\r\n") == text


def shown(header: str) -> str:
    """Return a header as a mail program shows it; the modern parser of 3.11 adds blanks of its own to names."""
    return str(make_header(decode_header("".join(header.splitlines()))))


@settings(max_examples=100, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=30))
def test_subjects_names_and_file_names_are_shown_as_they_were_written(words: list[str]) -> None:
    text = " ".join(words)
    envelope = Envelope("d-1", f'"{text}" <safety@example.org>', to=("chief@example.org",))
    message = built(MessageParts(text, "h", "t", (Attachment(text, b"", "text/csv"),)), envelope=envelope)
    raw = email.message_from_bytes(message)
    assert shown(raw["Subject"]) == text
    assert shown(parseaddr("".join(raw["From"].splitlines()))[0]) == text
    assert [part.get_filename() for part in read(message).iter_attachments()] == [text]
    assert all(len(line) <= 78 for line in message.split(b"\r\n") if line.startswith((b"Subject", b" =?")))


NO_ADDRESSES = """
chief | chief@ | @example.org | Chief <chief@example.org> | a b@example.org | a@exa mple.org | a@-example.org
a..b@example.org | .a@example.org | ü@example.org | a@münchen.example | a,b@example.org | a@example.org>SIZE=1
"""


@pytest.mark.parametrize(
    "address",
    ["", "a@example.org\n", f"a@{'x' * 60}.{'y' * 60}.{'z' * 60}.{'x' * 60}.{'y' * 60}.example.org"]
    + [address.strip() for line in NO_ADDRESSES.strip().splitlines() for address in line.split("|")],
)
def test_what_is_no_address_is_told(address: str) -> None:
    assert "name@example.org" in address_problem(address)
    with pytest.raises(UsageError, match="delivery d-9"):
        Envelope("d-9", "safety@example.org", to=(address,))


@pytest.mark.parametrize("address", ["a@example.org", "o'neil+x@sub.k12.example.org", "a.b_c@localhost"])
def test_common_addresses_pass(address: str) -> None:
    assert address_problem(address) == ""


def test_an_envelope_names_each_address_once_and_at_least_one() -> None:
    envelope = Envelope("d", SENDER, to=("a@example.org", "b@example.org"), copy=("a@example.org",))
    assert envelope.recipients == ("a@example.org", "b@example.org")
    assert envelope.sender_address == "safety@example.org"
    with pytest.raises(UsageError, match="no address"):
        Envelope("d", SENDER, to=())


@pytest.mark.parametrize("sender", ["", "Lincoln School District", "A, B <safety@example.org>"])
def test_a_sender_without_an_address_is_told(sender: str) -> None:
    with pytest.raises(UsageError, match=r"mail, sender"):
        Envelope("d", sender, to=("a@example.org",))


def test_a_message_id_stands_at_the_senders_domain() -> None:
    assert message_id("r1.abc", sender=SENDER) == "<r1.abc@example.org>"
    with pytest.raises(UsageError, match="Message-ID"):
        message_id("a b", sender=SENDER)


def test_a_date_without_a_zone_and_a_media_type_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        built(date=datetime(2026, 11, 23))
    with pytest.raises(UsageError, match="media type"):
        built(MessageParts("s", "h", "t", (Attachment("a", b"", "nothing"),)))
