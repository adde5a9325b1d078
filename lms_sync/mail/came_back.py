"""Reports of non-delivery and absence notes → marks on the deliveries, doubts about addresses, and what HR is told.

Anybody can forge one. So it stops no mail, sends none again and takes nothing back: it marks and tells. What it says
counts only for an address to which the very message went that it names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from lms_sync.model.address import fold_address
from lms_sync.model.delivery import Delivery, Recipient, RecipientState
from lms_sync.model.finding import Area, Finding
from lms_sync.model.received_mail import AddressDoubt, AutomaticKind, AutomaticMail, MailTaken
from lms_sync.model.roster import Roster
from lms_sync.store.known.registers import ADDRESS_DOUBTS, MAIL_TAKEN, joined
from lms_sync.store.store import Store
from lms_sync.text import command_line

_REACHED = (RecipientState.ACCEPTED, RecipientState.UNKNOWN, RecipientState.BOUNCED)


@dataclass(frozen=True, slots=True)
class BounceMark:
    """One recipient of one delivery as it stands after an answer."""

    delivery: Delivery
    recipient: Recipient
    doubt: AddressDoubt


def marks(mail: AutomaticMail, answered: Iterable[Delivery], *, on: date) -> tuple[BounceMark, ...]:
    """Return what an answer says of the deliveries that it names: of their own recipients only. Pure.

    An absence note that comes from none of them is about the one recipient of a message, where there is one alone.
    """
    found = []
    for delivery in answered:
        reached = {fold_address(r.address): r for r in delivery.recipients if r.state in _REACHED}
        named = [(fold_address(address), words) for address, words in mail.addresses]
        for address, words in dict(named).items():
            if address in reached:
                found.append(_mark(mail, delivery, reached[address], words, on=on))
    return tuple(found)


def _mark(mail: AutomaticMail, delivery: Delivery, before: Recipient, words: str, *, on: date) -> BounceMark:
    doubt = AddressDoubt(delivery.partner_id, before.address, mail.kind, on, words, delivery.delivery_id)
    if mail.kind is AutomaticKind.NOT_DELIVERED:
        detail = f"reported on {on} as not delivered{f': {words}' if words else ''}"
        return BounceMark(delivery, Recipient(before.address, RecipientState.BOUNCED, detail), doubt)
    noted = before if before.state is RecipientState.BOUNCED else replace(before, detail=f"absence note of {on}")
    return BounceMark(delivery, noted, doubt)


def take_automatic(
    store: Store, mails: Iterable[AutomaticMail], *, on: date, now: datetime
) -> tuple[AutomaticMail, ...]:
    """Take new answers into account, and return those that answer nothing of ours. One transaction."""
    stray = []
    with store.transaction():
        taken = MAIL_TAKEN.read(store)
        fresh = {mail.mail: mail for mail in mails if mail.mail not in taken}
        for mail in fresh.values():
            found = marks(mail, store.deliveries.answered(mail.about), on=on)
            for mark in found:
                _record(store, mark, now=now)
            stray += [] if found else [mail]
        MAIL_TAKEN.put_all(store, {key: MailTaken(on) for key in fresh}, now=now)
    return tuple(stray)


def _record(store: Store, mark: BounceMark, *, now: datetime) -> None:
    # Read anew: one answer may be about several recipients of one delivery.
    before = store.deliveries.get(mark.delivery.delivery_id)
    others = tuple(r for r in before.recipients if r.address != mark.recipient.address)
    recipients = tuple(sorted((*others, mark.recipient), key=lambda recipient: recipient.address))
    store.deliveries.save(before, replace(before, recipients=recipients))
    key = joined(mark.doubt.partner_id, fold_address(mark.doubt.address))
    known = ADDRESS_DOUBTS.read(store).get(key)
    if known is None or (known.kind is AutomaticKind.ABSENCE and mark.doubt.kind is AutomaticKind.NOT_DELIVERED):
        ADDRESS_DOUBTS.put(store, key, mark.doubt, now=now)


def doubted_addresses(store: Store, delivery: Delivery) -> frozenset[str]:
    """Return the addresses of a delivery that are in doubt, as it writes them."""
    known = ADDRESS_DOUBTS.read(store)
    addresses = (recipient.address for recipient in delivery.recipients)
    return frozenset(a for a in addresses if joined(delivery.partner_id, fold_address(a)) in known)


def end_doubts(store: Store, delivery: Delivery, addresses: Iterable[str], *, now: datetime) -> None:
    """Let addresses of a delivery be in doubt no longer, by a person's word; the caller holds the transaction."""
    known = ADDRESS_DOUBTS.read(store)
    keys = (joined(delivery.partner_id, fold_address(address)) for address in addresses)
    ADDRESS_DOUBTS.end_all(store, [key for key in keys if key in known], now=now)


def end_outdated(store: Store, roster: Roster, others: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """Let go of doubts about addresses that nobody is written to at any more. One transaction where there are any.

    `others` are those of whom the roster does not name, as (what a delivery calls them, address).
    """
    doubts = ADDRESS_DOUBTS.read(store)
    if not doubts:
        return
    used = {joined(name, fold_address(address)) for name, address in others}
    for partner in roster.partners.values():
        used |= {joined(partner.partner_id, fold_address(a)) for a in partner.addresses}
    if gone := [key for key in doubts if key not in used]:
        with store.transaction():
            ADDRESS_DOUBTS.end_all(store, gone, now=now)


def doubt_findings(store: Store) -> tuple[Finding, ...]:
    """Return what HR must look at: each address of which an answer says that nobody reads what is sent to it."""
    return tuple(_finding(doubt) for doubt in ADDRESS_DOUBTS.read(store).values())


def _finding(doubt: AddressDoubt) -> Finding:
    whom = f"partner {doubt.partner_id}" if doubt.partner_id else "the night's summary"
    whom = doubt.partner_id if doubt.partner_id.startswith(("building:", "person:")) else whom
    if doubt.kind is AutomaticKind.ABSENCE:
        found = f"since {doubt.since} it answers by itself that nobody reads it at present"
    else:
        found = (
            f"mail to it was reported on {doubt.since} as not delivered{f': {doubt.words}' if doubt.words else ''}"
        )
    return Finding(
        Area.DELIVERY,
        "address-absent" if doubt.kind is AutomaticKind.ABSENCE else "address-doubted",
        where=f"{doubt.address} of {whom}",
        found=f"{found}. Such answers can be forged, so mail goes on to it",
        expected="an address that somebody reads",
        remedy="Ask by telephone. If the address has changed, correct it where it is written. "
        f"If it is right: `{command_line('outbox settle', doubt.delivery_id, arrived=True, reason=...)}`.",
        subject=f"{doubt.partner_id} {fold_address(doubt.address)}",
    )


def stray_findings(stray: Iterable[AutomaticMail], contacts: Iterable[str]) -> tuple[Finding, ...]:
    """Return a finding for each of these reports about a contact's address; they name no message of ours."""
    theirs = frozenset(contacts)
    return tuple(
        Finding(
            Area.DELIVERY,
            "answer-unmatched",
            where=mail.name,
            found=f"a report says that mail to {address} was not delivered, and it names no message of this program",
            expected="a report that names a message of ours",
            remedy="It may be about a message that somebody wrote by hand, or forged. Nothing was changed.",
        )
        for mail in stray
        if mail.kind is AutomaticKind.NOT_DELIVERED
        for address, _ in mail.addresses
        if fold_address(address) in theirs
    )


def forwarded_findings(store: Store, stray: Iterable[AutomaticMail]) -> tuple[Finding, ...]:
    """Return a finding for each message of ours that came back from an address to which it was not sent.

    Where a mailbox forwards its mail, the report names the other address, and nobody's mailbox is marked.
    """
    failed = [mail for mail in stray if mail.kind is AutomaticKind.NOT_DELIVERED]
    return tuple(_forwarded(mail, delivery) for mail in failed for delivery in store.deliveries.answered(mail.about))


def _forwarded(mail: AutomaticMail, delivery: Delivery) -> Finding:
    reached = ", ".join(recipient.address for recipient in delivery.recipients if recipient.state in _REACHED)
    address, words = mail.addresses[0]
    why = f": {words}" if words else ""
    return Finding(
        Area.DELIVERY,
        "answer-forwarded",
        where=f"outbox, delivery {delivery.delivery_id} to {reached}",
        found=f"a report says that it did not reach {address}, to which it was not sent{why}",
        expected="a message that arrives where it is sent",
        remedy="Perhaps it is forwarded there. Ask by telephone whether it was read, and have the forwarding put"
        " right. Such reports can be forged: nothing was changed.",
        subject=f"{delivery.delivery_id} {fold_address(address)}",
    )
