"""Receipts for corrections, and word of each decision about them, to who sent them: once, and to nobody else.

A receipt goes only to a sender of whom the own mail server said that it is theirs, who is still that partner's
contact, whose address a person has released, and to whom nothing keeps reports back. A program's mail is never
answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lms_sync.compliance.audience import assigned_at
from lms_sync.compliance.gate import setting
from lms_sync.errors import LmsSyncError, UsageError, trouble_of
from lms_sync.mail.issue import ready_in_thread
from lms_sync.mail.partner_night import why_no_warning
from lms_sync.mail.posting import Draft, post
from lms_sync.model.address import fold_address, named_sender, split_sender
from lms_sync.model.delivery import Delivery, DeliveryKind, new_delivery_id
from lms_sync.model.finding import Area, Finding
from lms_sync.model.received_mail import CorrectionMail, ReportedRow
from lms_sync.model.roster import Cadence, Partner
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.notice import notice_email
from lms_sync.reports.partner.receipt import Receipt, ReceiptLine, receipt_notice
from lms_sync.store.known.registers import CORRECTION_MAILS
from lms_sync.store.store import Store

FRESH = timedelta(days=14)
"""For so long after a message came its receipt is still sent."""
REMEMBERED = timedelta(days=400)
"""For so long after a message came its sender is told what is decided."""

Mails = Mapping[str, CorrectionMail]


@dataclass(frozen=True, slots=True)
class ReceiptAnswer:
    """What one sender is to be told tonight, and about which messages."""

    partner: Partner
    sender: str
    mails: Mails
    """By the hash of the message; with what was told of decisions as it will be then."""
    receipt: Receipt
    answers: str
    """The Message-ID of the newest of them; empty where it names none."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """What a night's receipts came to."""

    posted: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    """Receipts that could not be made."""
    codes: frozenset[int]
    """Exit codes of what went wrong."""


def issue_receipts(store: Store, issuer: Issuer, stops: Mapping[str, str]) -> Receipts:
    """Queue what is to be told tonight; the trouble of one receipt never stops the others."""
    posted, findings, codes = [], [], set()
    for answer in answers(CORRECTION_MAILS.read(store), issuer):
        if _why_not(store, issuer, answer, stop=stops.get(answer.partner.partner_id, "")):
            continue
        try:
            posted.append(_issue(store, issuer, answer))
        except Exception as error:
            trouble = trouble_of(error, "a receipt could not be made")
            codes.add(trouble.exit_code)
            findings.append(_not_made(answer, trouble))
    return Receipts(tuple(posted), tuple(findings), frozenset(codes))


def _issue(store: Store, issuer: Issuer, answer: ReceiptAnswer) -> Delivery:
    """Queue a receipt and note that it was, in one transaction."""
    with store.transaction():
        delivery = _post(store, issuer, answer)
        noted = {
            key: replace(mail, deliveries=(*mail.deliveries, delivery.delivery_id))
            for key, mail in answer.mails.items()
        }
        CORRECTION_MAILS.put_all(store, noted, now=issuer.now)
    return delivery


def _not_made(answer: ReceiptAnswer, trouble: LmsSyncError) -> Finding:
    where = f"receipt to {answer.sender} of partner {answer.partner.partner_id}"
    expected = "a receipt that can be made"
    return Finding(Area.DELIVERY, "receipt-not-made", where, str(trouble), expected, remedy=trouble.hint)


def answers(mails: Mails, issuer: Issuer) -> Iterator[ReceiptAnswer]:
    """Yield what each sender is to be told: receipts that are owed, and decisions that were not told yet. Pure."""
    decided = decisions_of(issuer)
    senders: dict[tuple[str, str], dict[str, CorrectionMail]] = {}
    for key, mail in mails.items():
        age = issuer.today - mail.received_on
        owed = not mail.deliveries and age <= FRESH
        news = mail.deliveries and age <= REMEMBERED and any(_is_news(row, decided) for row in mail.rows)
        if mail.is_answerable and (owed or news):
            senders.setdefault((mail.partner_id, fold_address(mail.sender)), {})[key] = mail
    for (partner_id, sender), theirs in senders.items():
        partner = issuer.snapshot.roster.partners.get(partner_id)
        if partner and sender in map(fold_address, partner.addresses):
            yield _answer(partner, theirs, issuer, decided)


def decisions_of(issuer: Issuer) -> dict[tuple[str, str, date | None], str]:
    """Return (person, requirement, day) → accepted or refused, of every reported training that was decided."""
    found = {}
    for person_id, several in issuer.judged.reported.items():
        for reported in several:
            decision = issuer.snapshot.decisions.get(reported.claim)
            if decision is not None:
                key = person_id, reported.requirement, reported.day
                found[key] = "accepted" if decision.accepted else "refused"
    return found


def _is_news(row: ReportedRow, decided: Mapping[tuple[str, str, date | None], str]) -> bool:
    verdict = decided.get((row.person_id, row.requirement, row.day), "")
    return bool(verdict) and verdict != row.announced


def _answer(
    partner: Partner, mails: Mails, issuer: Issuer, decided: Mapping[tuple[str, str, date | None], str]
) -> ReceiptAnswer:
    """Return one mail for all: of messages that have had their receipt only what is newly decided."""
    people = issuer.snapshot.roster.people
    assigned = issuer.snapshot.roster.assigned(partner.partner_id, issuer.judged.as_of)
    sender = fold_address(next(iter(mails.values())).sender)
    main = map(fold_address, (*partner.report_to, *partner.copy_to))
    at = () if sender in main else next(c.buildings for c in partner.contacts if fold_address(c.address) == sender)
    here = {assignment.person_id for assignment in assigned_at(assigned, at)}
    lines: list[ReceiptLine] = []
    fresh = [mail for mail in mails.values() if not mail.deliveries]
    for mail in mails.values():
        for row in mail.rows:
            verdict = decided.get((row.person_id, row.requirement, row.day), "")
            if row.person_id in here and (not mail.deliveries or _is_news(row, decided)):
                lines.append(ReceiptLine(row, people[row.person_id].name, verdict))
    newest = max(mails.values(), key=lambda mail: mail.received_on)
    receipt = Receipt(
        district=setting(issuer.snapshot.settings.district),
        contact=setting(issuer.snapshot.settings.contact),
        received=tuple(sorted({mail.received_on for mail in fresh})),
        lines=tuple(dict.fromkeys(lines)),
        refused=tuple(sentence for mail in fresh for sentence in mail.refused),
        files=tuple(file.name for mail in fresh for file in mail.files),
    )
    after = {
        key: replace(mail, rows=tuple(_announced(row, decided) for row in mail.rows)) for key, mail in mails.items()
    }
    return ReceiptAnswer(partner, newest.sender, after, receipt, newest.message_id)


def _announced(row: ReportedRow, decided: Mapping[tuple[str, str, date | None], str]) -> ReportedRow:
    verdict = decided.get((row.person_id, row.requirement, row.day), "")
    return replace(row, announced=verdict or row.announced)


def _why_not(store: Store, issuer: Issuer, answer: ReceiptAnswer, *, stop: str) -> str:
    """Return why nothing is told now: what keeps reports back, an address nobody released, mail to ourselves."""
    settings = issuer.config.settings
    mailbox = settings.corrections.mailbox
    ours = (split_sender(settings.mail.sender)[1], settings.mail.reply_to, mailbox.user if mailbox else "")
    if fold_address(answer.sender) in map(fold_address, ours):
        return "it would be sent to ourselves"
    if not answer.receipt.lines and not answer.receipt.refused and not answer.receipt.files:
        return "there is nothing to tell"
    # Somebody who is sent no reports is answered all the same, if the address was released.
    asking = replace(answer.partner, report_to=(answer.sender,), copy_to=(), contacts=(), cadence=Cadence.WEEKLY)
    return why_no_warning(store, issuer, asking, stop=stop)


def _post(store: Store, issuer: Issuer, answer: ReceiptAnswer, *, about: str = "") -> Delivery:
    settings = issuer.config.settings
    draft = Draft(
        delivery_id=new_delivery_id(issuer.judged.as_of, issuer.mint()),
        kind=DeliveryKind.RECEIPT,
        partner_id=answer.partner.partner_id,
        sender=named_sender(settings.mail.sender, settings.district.name),
        to=(answer.sender,),
        about=about or issuer.mint()[:40],
    )
    email = notice_email(receipt_notice(answer.receipt, issuer.templates.names), issuer.templates)
    return post(
        store.deliveries,
        draft,
        build=lambda envelope: ready_in_thread(issuer, email, envelope, earlier=answer.answers, is_answer=True),
        at=issuer.now,
    )


def release_receipt(store: Store, issuer: Issuer, released: Delivery, *, stop: str) -> Delivery:
    """Build a released receipt anew and queue it. Raises: UsageError where nothing may be told any more."""
    theirs = {
        key: replace(mail, deliveries=(), rows=tuple(replace(row, announced="") for row in mail.rows))
        for key, mail in CORRECTION_MAILS.read(store).items()
        if released.delivery_id in mail.deliveries and issuer.today - mail.received_on <= FRESH
    }
    found: Sequence[ReceiptAnswer] = tuple(answers(theirs, issuer))
    why = stop if found else "it is out of date, or its recipient is no longer a contact of the partner"
    if why:
        raise UsageError(f"{released.delivery_id} stays held: {why}", hint="Nothing is lost: the worklist has it.")
    with store.transaction():
        return _post(store, issuer, found[0], about=released.about)
