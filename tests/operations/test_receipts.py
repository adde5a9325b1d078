"""Who sends corrections is told what was taken, what was not, and later what was decided: once, and nobody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from lms_sync.compliance.decide import decide_claim
from lms_sync.documents.vault import open_vault
from lms_sync.mail.decide import hold_partner
from lms_sync.mail.receipts import issue_receipts
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind
from lms_sync.operations.intake import take_in
from lms_sync.operations.night import open_issuer
from lms_sync.operations.pull import returned
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.release import release_held
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.store.known.registers import CORRECTION_MAILS
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import BOSS, CHIEF, NAMES
from tests.operations.night_town import Town, message_of, text_of
from tests.operations.test_night_corrections import edited, filling, mail, workbook_of

pytestmark = pytest.mark.slow  # a second each: messages are taken apart by processes of their own

OURS = "mx.district.example.org"
CERTIFICATE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj"
    b" 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
BAD_DAY = filling("70102", "topic-04", Completed_on=date(2027, 10, 20), Provider="Valley College")


def verified(sender: str = CHIEF) -> str:
    domain = sender.rpartition("@")[2]
    return f"{OURS}; dmarc=pass header.from={domain}"


@dataclass
class Post:
    """A town whose mail server vouches for senders, and what comes into its folder."""

    town: Town
    workspace: Workspace
    number: int = field(default=0)

    def comes(self, content: bytes, sender: str = CHIEF, **headers: str) -> None:
        self.number += 1
        told = {"Authentication-Results": verified(sender), "Message-ID": f"<m{self.number}@quarry.example.org>"}
        wanted = {name: value for name, value in {**told, **headers}.items() if value}
        message = message_of(mail(content, sender))
        for name, value in wanted.items():
            message[name.replace("_", "-")] = value
        message.add_attachment(CERTIFICATE, maintype="application", subtype="pdf", filename="certificate.pdf")
        self.town.write(f"inbox/corrections/{self.number}.eml", message.as_bytes())

    def night(self, **stops: str) -> tuple[Delivery, ...]:
        self.town.later(hours=1)
        intake = take_in(self.workspace, now=self.workspace.clock())
        (pulled,) = pull_sources(self.workspace, intake, accept_drop={}, only=["corrections"])
        assert pulled.error is None
        issuer = open_issuer(self.workspace, as_of=self.workspace.today())
        with self.workspace.store.transaction():
            self.workspace.store.findings.see({"judging": issuer.judged.findings}, now=self.workspace.clock())
        found = issue_receipts(self.workspace.store, issuer, stops)
        assert found.findings == ()
        return found.posted

    def decide(self, *, accepted: bool) -> None:
        (claim,) = [w.finding for w in self.workspace.store.findings.open() if w.finding.code == "claim"]
        author = Author("A. Roe", "Ann Marshbane at HERON says so", self.workspace.clock())
        decide_claim(self.workspace, author, claim_id=claim.id, accepted=accepted)

    def text(self, delivery: Delivery) -> str:
        return " ".join(text_of(message_of(self.workspace.store.deliveries.body(delivery.delivery_id))).split())


@pytest.fixture
def post(settled: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(returned, "_server", lambda settings: TrustedServer(OURS))
    settled.later(days=1)
    with settled.workspace() as workspace:
        yield Post(settled, workspace)


def filled(post: Post) -> bytes:
    return edited(edited(workbook_of(post.town), filling()), BAD_DAY)


def test_the_sender_is_told_once_what_was_taken_and_what_was_not_and_why(post: Post) -> None:
    post.comes(filled(post))
    (receipt,) = post.night()
    assert (receipt.kind, receipt.partner_id) == (DeliveryKind.RECEIPT, "quarry")
    assert [recipient.address for recipient in receipt.recipients] == [CHIEF]
    text = post.text(receipt)
    assert "Rookhurst, Benedetta: 10 De-escalation with youth, completed on 20 Oct 2026" in text
    assert re.search(r"Corrections!F\d+: 20 Oct 2027, a day in the future", text)
    assert "KEPT WITH IT - certificate.pdf" in text
    others = {name for person_id, (name, _) in NAMES.items() if person_id != "70102"}
    assert not any(name in text for name in others)
    assert post.night() == ()


def test_a_receipt_is_an_answer_that_nobody_answers(post: Post) -> None:
    post.comes(filled(post))
    (receipt,) = post.night()
    message = message_of(post.workspace.store.deliveries.body(receipt.delivery_id))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == message["References"] == "<m1@quarry.example.org>"
    assert not any(last in str(message["Subject"]) for last, _ in NAMES.values())


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_is_told_once_and_another_one_again_without_the_reason(post: Post, *, accepted: bool) -> None:
    post.comes(filled(post))
    post.night()
    post.decide(accepted=accepted)
    (told,) = post.night()
    text = post.text(told)
    assert ("ACCEPTED: IT COUNTS" in text, "NOT ACCEPTED" in text) == (accepted, not accepted)
    assert "HERON" not in text
    assert "a day in the future" not in text
    assert post.night() == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authentication-Results": ""},
        {"Authentication-Results": f"{OURS}; dmarc=fail header.from=quarry.example.org"},
        {"Authentication-Results": verified("a@evil.example")},
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<chiefs.example.org>"},
    ],
)
def test_nobody_else_and_no_program_is_answered(post: Post, headers: dict[str, str]) -> None:
    post.comes(filled(post), **headers)
    assert post.night() == ()


@pytest.mark.parametrize("sender", [BOSS, "stranger@else.example"])
def test_who_is_no_contact_of_the_partner_reads_nothing_of_its_people(post: Post, sender: str) -> None:
    post.comes(filled(post), sender)
    for receipt in post.night():
        assert receipt.partner_id == "heron"
        text = post.text(receipt)
        assert "no form that the district sent you" in text
        assert not any(last in text for last, _ in NAMES.values())


def test_what_holds_reports_back_holds_receipts_back_until_it_is_gone(post: Post) -> None:
    post.comes(filled(post))
    assert post.night(quarry="a source looks broken") == ()
    issuer = open_issuer(post.workspace, as_of=post.workspace.today())
    author = Author("A. Roe", "being looked at", post.workspace.clock())
    held = hold_partner(post.workspace, author, partner=issuer.snapshot.roster.partners["quarry"])
    assert post.night() == ()
    author = Author("A. Roe", "looked at", post.workspace.clock())
    release_held(post.workspace, author, delivery_ids=[held.delivery_id])
    assert len(post.night()) == 1


def test_the_certificate_is_kept_and_named_to_who_decides(post: Post) -> None:
    post.comes(filled(post))
    post.night()
    (correction,) = CORRECTION_MAILS.read(post.workspace.store).values()
    (file,) = correction.files
    vault = open_vault(*post.workspace.config.kept_files)
    assert vault.place(file).read_bytes() == CERTIFICATE
    (claim,) = [w.finding for w in post.workspace.store.findings.open() if w.finding.code == "claim"]
    assert f"certificate.pdf, sha256 {file.sha256}" in claim.found


def test_the_same_workbook_again_with_another_certificate_changes_no_claim(post: Post) -> None:
    content = filled(post)
    post.comes(content)
    post.night()
    before = post.workspace.store.evidence.completions("corrections")
    post.comes(content)
    (receipt,) = post.night()
    assert "we had it already" in post.text(receipt)
    assert post.workspace.store.evidence.completions("corrections") == before
    codes = [waiting.finding.code for waiting in post.workspace.store.findings.open()]
    assert "certificate-later" in codes


def test_two_messages_of_one_night_have_one_receipt(post: Post) -> None:
    post.comes(edited(workbook_of(post.town), filling()))
    post.comes(edited(workbook_of(post.town), BAD_DAY))
    (receipt,) = post.night()
    assert "a day in the future" in post.text(receipt)
    assert "10 De-escalation" in post.text(receipt)
