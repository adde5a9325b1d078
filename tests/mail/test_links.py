"""Each address of a report's mail gets a link of its own; nothing else of the message is changed."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from lms_sync.errors import MailError
from lms_sync.mail.message import Attachment, MessageParts, build_message
from lms_sync.mail.outbox import RetryPolicy, _attempt, _Troubles, settle
from lms_sync.mail.page_links import PATH, SEED, leaving, secret_of, with_secret, without_secret
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState

AT = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
SEEDED = SEED + "aZ0_-" * 8
URL = f"https://training.example.org{PATH}{SEEDED}"
BOSS, COPY = "boss@heron.example.com", "Clerk@heron.example.com"
TEXTS = {
    "7bit": f"Your page:\n{URL}\n",
    "quoted-printable": f"Jos\u00e9 has a page of his own, which is reached here: {URL} and nowhere else.\n",
    "base64": "\u0416\u0438\u0437\u043d\u044c \u0437\u0430 \u0446\u0430\u0440\u044f " * 9 + URL + "\n",
}


def message(text: str, html: str = "", *, with_file: str = "") -> bytes:
    file = replace(SHEET, content=with_file.encode()) if with_file else SHEET
    parts = MessageParts("Your report", html or f"<p><a href='{URL}'>{text}</a></p>", text, (file,))
    envelope = Envelope("D1", "hr@pinehill.example.org", to=(BOSS,), copy=(COPY,))
    return build_message(parts, envelope=envelope, message_id="<a@pinehill.example.org>", date=AT)


SHEET = Attachment("dates.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar")


def read(content: bytes) -> tuple[str, str, bytes]:
    parsed: Any = message_from_bytes(content, policy=default)
    texts = [str(parsed.get_body((kind,)).get_content()) for kind in ("plain", "html")]
    (attached,) = parsed.iter_attachments()
    return texts[0], texts[1], bytes(attached.get_payload(decode=True))


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_seed_gives_way_to_the_address_s_own_secret_and_all_else_stays(encoding: str) -> None:
    kept = message(TEXTS[encoding])
    assert encoding in kept.decode("ascii")
    sent = with_secret(kept, SEEDED, BOSS)
    before, after = read(kept), read(sent)

    own = secret_of(SEEDED, BOSS)
    assert len(own) == len(SEEDED) == 43
    assert after[:2] == tuple(text.replace(SEEDED, own) for text in before[:2])
    assert after[2] == before[2] == SHEET.content
    assert len(sent) == len(kept)


@pytest.mark.parametrize("before", range(0, 80, 4))
def test_a_link_that_is_broken_between_lines_is_found_wherever_it_is_broken(before: int) -> None:
    kept = message("\u00e9" + "x" * before + URL + "y" * 60 + "\n")
    sent = with_secret(kept, SEEDED, BOSS)
    assert secret_of(SEEDED, BOSS) in read(sent)[0]
    assert SEEDED not in read(sent)[0] + read(sent)[1]
    assert max(map(len, sent.split(b"\r\n"))) <= max(map(len, kept.split(b"\r\n")))


def delivery(*recipients: Recipient) -> Delivery:
    return Delivery(
        "D1",
        DeliveryKind.PARTNER,
        "HERON",
        "hr@pinehill.example.org",
        DeliveryState.SENDING,
        AT,
        AT,
        recipients,
        tries=1,
    )


BOTH = delivery(Recipient(COPY), Recipient(BOSS))


def test_each_address_is_handed_its_own_message_and_nobody_else_s() -> None:
    handed = dict(leaving(BOTH, (COPY, BOSS), message(TEXTS["7bit"])))

    assert [envelope.recipients for envelope in handed] == [(COPY,), (BOSS,)]
    assert len({envelope.delivery_id for envelope in handed}) == 2
    for envelope, content in handed.items():
        (address,) = envelope.recipients
        assert secret_of(SEEDED, address) in read(content)[0]
    assert len({read(content)[0] for content in handed.values()}) == 2
    assert secret_of(SEEDED, COPY) == secret_of(SEEDED, COPY.lower())


@pytest.mark.parametrize(
    "text", ["No link at all\n", f"https://training.example.org{PATH}{'x' * 43}\n", "to-morrow\n"]
)
def test_a_message_without_such_a_link_goes_to_all_as_it_is(text: str) -> None:
    kept = message(text, "<p>nothing</p>")
    ((envelope, content),) = leaving(BOTH, (COPY, BOSS), kept)
    assert (envelope.recipients, envelope.delivery_id, content) == ((COPY, BOSS), "D1", kept)


@pytest.mark.parametrize("encoding", TEXTS)
def test_only_the_texts_are_looked_at_for_a_link(encoding: str) -> None:
    plain, pages = "Nothing to see\n", "<p>nothing</p>"
    assert len(list(leaving(BOTH, (COPY, BOSS), message(plain, pages, with_file=TEXTS[encoding])))) == 1

    carried = message(TEXTS[encoding], with_file=TEXTS["7bit"])
    for _, content in leaving(BOTH, (COPY, BOSS), carried):
        assert SEEDED not in "".join(read(content)[:2])
        assert read(content)[2] == TEXTS["7bit"].encode()


class Breaking:
    """A way out that is lost after the first message."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, ...]] = []

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        if self.sent:
            raise MailError("the server has gone")
        self.sent.append(envelope.recipients)
        return tuple(RecipientResult(a, RecipientOutcome.ACCEPTED) for a in envelope.recipients)


def test_who_has_it_is_known_when_the_way_out_is_lost_between_two_addresses() -> None:
    troubles = _Troubles()
    results = _attempt(Breaking(), BOTH, message(TEXTS["7bit"]), troubles)
    after = settle(BOTH, results, now=AT, patience=RetryPolicy())

    assert isinstance(troubles.no_way, MailError)
    assert after.state is DeliveryState.QUEUED
    assert after.addresses(RecipientState.ACCEPTED) == (COPY,)
    assert after.addresses(RecipientState.DEFERRED) == (BOSS,)
    again = [envelope for envelope, _ in leaving(replace(after), (BOSS,), message(TEXTS["7bit"]))]
    assert [envelope.recipients for envelope in again] == [(BOSS,)]


def test_what_the_desk_shows_of_a_message_has_no_seed() -> None:
    assert without_secret(TEXTS["7bit"]) == f"Your page:\nhttps://training.example.org{PATH}\u2026\n"
