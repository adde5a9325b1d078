"""outbox send: its exit code tells a script whether everybody has taken everything."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from lms_sync.errors import MailError
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from tests.cli.small_district import NOW, District, district


def away(*_: object) -> tuple[RecipientResult, ...]:
    raise MailError("mail server mail.example.org:587 could not be reached", hint="Is it up?")


def queued(pinehill: District) -> None:
    """Release what is held while the mail server is away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FolderCarrier, "send", away)
        gone = pinehill.run("outbox", "release", "--all", "--reason", "checked", "--by", "A. Roe")
    assert gone.exit_code == 3


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        (RecipientOutcome.ACCEPTED, 0, " sent"),
        (RecipientOutcome.REFUSED, 1, "550 no such mailbox"),
        (RecipientOutcome.UNKNOWN, 1, " unknown"),
        (RecipientOutcome.DEFERRED, 3, " queued"),
    ],
)
def test_what_one_recipients_answer_makes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: RecipientOutcome, code: int, words: str
) -> None:
    def send(_: FolderCarrier, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        chief = "chief@quarry.example.org"
        return tuple(
            RecipientResult(
                address, outcome if address == chief else RecipientOutcome.ACCEPTED, "550 no such mailbox"
            )
            for address in envelope.recipients
        )

    with (
        district(tmp_path / "ws", nights=1, prepare=queued) as pinehill,
        time_machine.travel(NOW + timedelta(hours=2)),
    ):
        monkeypatch.setattr(FolderCarrier, "send", send)
        sent = pinehill.run("outbox", "send")
        assert (sent.exit_code, words in sent.stdout) == (code, True), sent.output
        monkeypatch.setattr(FolderCarrier, "send", away)
        again = pinehill.run("outbox", "send")
        assert (again.exit_code, again.stdout) == (0, "Nothing was due.\n"), "none goes twice"


@pytest.mark.slow
def test_a_retraction_that_somebody_did_not_take_says_so_by_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: FolderCarrier, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        return tuple(RecipientResult(a, RecipientOutcome.REFUSED, "550 no such mailbox") for a in envelope.recipients)

    with district(tmp_path / "ws", nights=1) as pinehill:
        pinehill.run("outbox", "release", "--all", "--reason", "checked", "--by", "A. Roe")
        listed = pinehill.json("outbox", "list", "--all", "--format", "json")
        first, second = (delivery["delivery"] for delivery in listed if delivery["partner"] in ("QPD", "HERON"))
        assert pinehill.run("outbox", "retract", first, "--reason", "of another month").exit_code == 0
        monkeypatch.setattr(FolderCarrier, "send", refused)
        assert pinehill.run("outbox", "retract", second, "--reason", "of another month").exit_code == 1
