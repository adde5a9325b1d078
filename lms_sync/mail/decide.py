"""Decide about deliveries: let held ones go, hold queued ones, send failed ones again, settle unknown ones.

Each act opens its own transaction: all the deliveries named, or none. Each delivery gets an entry of the log.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from lms_sync.errors import UsageError
from lms_sync.mail.came_back import doubted_addresses, end_doubts
from lms_sync.mail.posting import closed, held_anew, move, stop
from lms_sync.model.address import address_problem, fold_address
from lms_sync.model.author import Author
from lms_sync.model.delivery import (
    HELD_BY,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Recipient,
    RecipientState,
    new_delivery_id,
)
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Partner
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line


def release(workspace: Workspace, author: Author, *, delivery_ids: Iterable[str]) -> tuple[Delivery, ...]:
    """Release held deliveries and their addresses; return those that are now to be rebuilt.

    They stay held, without a message, until `post` is called for them with a draft from tonight's roster.
    Raises: UsageError for a delivery that is not held.
    """
    with workspace.store.transaction():
        return tuple(_release(workspace.store, author, delivery_id) for delivery_id in delivery_ids)


def hold(workspace: Workspace, author: Author, *, delivery_ids: Iterable[str]) -> tuple[Delivery, ...]:
    """Hold queued deliveries, and return them as they now stand; their messages are dropped.

    One that has reached some of its recipients can't be held: it counts as sent, and the others are not tried again.
    Raises: UsageError for a delivery that is neither queued nor held.
    """
    with workspace.store.transaction():
        return tuple(_hold(workspace.store, author, delivery_id) for delivery_id in delivery_ids)


def hold_partner(workspace: Workspace, author: Author, *, partner: Partner) -> Delivery:
    """Hold a partner's reports from now on, whether or not one is on its way; a release of the delivery ends that.

    Documents of its agreements are not held. Raises: UsageError for a partner without an address.
    """
    store = workspace.store
    addresses = {fold_address(address): address for address in (*partner.report_to, *partner.copy_to)}
    if not addresses:
        raise UsageError(
            f"{partner.partner_id} has no address on the roster",
            hint="Nothing goes to it, so there is nothing to hold.",
        )
    with store.transaction():
        stop(store.deliveries, _queued_besides(store, partner.partner_id), "its reports are held", at=author.at)
        for delivery in reversed(store.deliveries.of(DeliveryKind.PARTNER, partner.partner_id)):
            if delivery.state in (DeliveryState.HELD, DeliveryState.QUEUED):
                held = _hold(store, author, delivery.delivery_id)
                if held.state is DeliveryState.HELD:
                    return held
        held = Delivery(
            delivery_id=new_delivery_id(workspace.day(author.at), workspace.mint()),
            kind=DeliveryKind.PARTNER,
            partner_id=partner.partner_id,
            sender=workspace.config.settings.mail.sender,
            state=DeliveryState.HELD,
            created_at=author.at,
            changed_at=author.at,
            recipients=tuple(Recipient(a, RecipientState.HELD) for a in sorted(addresses.values())),
            detail=f"{HELD_BY}{author}",
        )
        store.deliveries.add(held)
        after = {"partner": partner.partner_id, "state": held.state.value}
        store.audit.add(DecisionKind.DELIVERY, held.delivery_id, author, before=None, after=after)
    return held


def _queued_besides(store: Store, partner_id: str) -> tuple[Delivery, ...]:
    """Return what waits to be sent to a partner besides its report: warnings, and reports of some buildings."""
    theirs = (d for d in store.deliveries.listed(DeliveryState.QUEUED) if d.partner_id == partner_id)
    return tuple(d for d in theirs if d.kind is DeliveryKind.WARNING or (d.kind is DeliveryKind.PARTNER and d.about))


def retry(
    workspace: Workspace, author: Author, *, delivery_ids: Iterable[str], unknown: bool = False
) -> tuple[Delivery, ...]:
    """Queue failed deliveries again, and with `unknown` those of which nobody knows whether they arrived.

    The same bytes with the same Message-ID go to those who have not taken them for certain.
    Raises: UsageError for a delivery in another state, and for one that a newer one has replaced.
    """
    with workspace.store.transaction():
        return tuple(_retry(workspace.store, author, delivery_id, unknown=unknown) for delivery_id in delivery_ids)


def settle(
    workspace: Workspace, author: Author, *, delivery_ids: Iterable[str], arrived: bool
) -> tuple[Delivery, ...]:
    """Record a person's word that deliveries arrived, or did not, of which nobody knew; nothing is sent.

    Those that did not arrive have failed for the recipients that were unknown, and can be tried again.
    Of a sent one that programs answered it ends, or keeps, the doubt about those addresses.
    Raises: UsageError for a delivery that is neither unknown nor left behind while it was being sent nor doubted.
    """
    with workspace.store.transaction():
        return tuple(_settle(workspace.store, author, d, arrived=arrived) for d in delivery_ids)


def _release(store: Store, author: Author, delivery_id: str) -> Delivery:
    held = store.deliveries.get(delivery_id)
    _expect(held, DeliveryState.HELD)
    free = tuple(_waiting_again(recipient) for recipient in held.recipients)
    detail = f"released by {author}; it is built again"
    after = replace(held, recipients=free, changed_at=author.at, detail=detail)
    move(store.deliveries, held, after)
    addresses: tuple[str, ...] = ()
    if held.kind is not DeliveryKind.NIGHT:
        unreleased = held.addresses(RecipientState.UNRELEASED, RecipientState.HELD)
        addresses = store.deliveries.release(held.partner_id, unreleased, author=author)
    if addresses:
        released = {"addresses": list(addresses)}
        store.audit.add(DecisionKind.RELEASE, held.partner_id, author, before=None, after=released)
    else:
        _log(store, author, held, becomes="released")
    return after


def _hold(store: Store, author: Author, delivery_id: str) -> Delivery:
    before = store.deliveries.get(delivery_id)
    _expect(before, DeliveryState.QUEUED, DeliveryState.HELD)
    after = held_anew(store.deliveries, before, f"{HELD_BY}{author}", at=author.at)
    _log(store, author, before, becomes=after.state.value)
    return after


def _retry(store: Store, author: Author, delivery_id: str, *, unknown: bool) -> Delivery:
    before = store.deliveries.get(delivery_id)
    if before.stopped:
        raise UsageError(f"outbox: {delivery_id} is {before.detail}", hint="There is nothing to send again.")
    if not before.addresses(RecipientState.BOUNCED):
        _expect(before, DeliveryState.FAILED, DeliveryState.UNKNOWN)
    if before.unsettled and not unknown:
        raise UsageError(
            f"outbox: {delivery_id} is unknown: it may have arrived, and would then arrive twice",
            hint="Ask the recipients. It did not arrive, or twice is no harm: add --unknown. "
            f"It arrived: `{command_line('outbox settle', delivery_id, arrived=True, reason=...)}`.",
        )
    newest = store.deliveries.of(before.kind, before.partner_id, before.about)[-1]
    if newest.delivery_id != delivery_id:
        raise UsageError(
            f"outbox: {delivery_id} is stale, {newest.delivery_id} is newer ({newest.state})",
            hint=f"Look at `{command_line('outbox show', newest.delivery_id)}`; only the newest is sent.",
        )
    again = tuple(_waiting_again(recipient) for recipient in before.recipients)
    after = replace(before, state=DeliveryState.QUEUED, recipients=again, changed_at=author.at, next_try_at=None)
    after = replace(after, detail=f"to be tried again by {author}")
    move(store.deliveries, before, after)
    _log(store, author, before, becomes=after.state.value)
    return after


def _settle(store: Store, author: Author, delivery_id: str, *, arrived: bool) -> Delivery:
    before = store.deliveries.get(delivery_id)
    doubted = doubted_addresses(store, before)
    if doubted and before.state is DeliveryState.SENT:
        return _settle_doubted(store, author, before, doubted, arrived=arrived)
    _expect(before, DeliveryState.UNKNOWN, DeliveryState.SENDING)
    on_its_way = before.state is DeliveryState.SENDING
    words = f"{'it arrived' if arrived else 'it did not arrive'}, says {author}"
    # As after a try that was put off for the last time: refused for good would doubt the address.
    state = RecipientState.ACCEPTED if arrived else RecipientState.DEFERRED
    recipients = tuple(
        Recipient(r.address, state, words) if r.state is RecipientState.UNKNOWN or (on_its_way and r.waiting) else r
        for r in before.recipients
    )
    after = closed(replace(before, recipients=recipients), words, at=author.at)
    move(store.deliveries, before, after)
    _log(store, author, before, becomes=after.state.value)
    return after


def _settle_doubted(
    store: Store, author: Author, before: Delivery, doubted: Collection[str], *, arrived: bool
) -> Delivery:
    """Record a person's word about a message that programs answered; not arrived: its address stays in doubt."""
    words = f"{'it arrived' if arrived else 'it did not arrive'}, says {author}"
    state = RecipientState.ACCEPTED if arrived else RecipientState.BOUNCED
    recipients = tuple(Recipient(r.address, state, words) if r.address in doubted else r for r in before.recipients)
    after = replace(before, recipients=recipients, changed_at=author.at, detail=words)
    move(store.deliveries, before, after)
    if arrived:
        end_doubts(store, before, doubted, now=author.at)
    _log(store, author, before, becomes=after.state.value)
    return after


def _log(store: Store, author: Author, before: Delivery, *, becomes: str) -> None:
    was = {"partner": before.partner_id, "state": before.state.value}
    after = {"partner": before.partner_id, "state": becomes}
    store.audit.add(DecisionKind.DELIVERY, before.delivery_id, author, before=was, after=after)


def _waiting_again(recipient: Recipient) -> Recipient:
    """Return a recipient for another try; those that have taken the message, or can't, stay as they are."""
    if recipient.state is RecipientState.ACCEPTED or address_problem(recipient.address):
        return recipient
    return Recipient(recipient.address)


def _expect(delivery: Delivery, *states: DeliveryState) -> None:
    if delivery.state not in states:
        raise UsageError(
            f"outbox: {delivery.delivery_id} is {delivery.state}, not {' or '.join(states)}",
            hint=f"`{command_line('outbox show', delivery.delivery_id)}` shows how it got there.",
        )
