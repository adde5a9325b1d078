"""What goes into the outbox, and what is held there until a person lets it go.

A report is sent only to addresses that a person has released for its partner. What is not sent now is held without a
message: it is built anew when it is let go, so that nothing stale ever leaves.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms_sync.errors import UsageError
from lms_sync.model.address import address_problem, fold_address
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import STOPPED, Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState
from lms_sync.model.roster import Partner, PartnerKind
from lms_sync.store.deliveries import Deliveries, WaitingDeliveries


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery that is wanted: who is told, from where, and why it may have to wait."""

    delivery_id: str
    """Used when no held delivery waits for the same partner; that one keeps its id."""
    kind: DeliveryKind
    partner_id: str
    """`building:` and its name for a heads-up; empty for the night's summary."""
    sender: str
    to: tuple[str, ...]
    copy: tuple[str, ...] = ()
    about: str = ""
    """The number of the agreement's document that it carries; empty for other kinds."""
    stop: str = ""
    """Why it must not go out tonight (a safety stop, an address under two partners); empty if it may."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The message of a delivery that may go out."""

    subject: str
    message_id: str
    body: bytes
    """The exact message, as `build_message` makes it."""
    report_id: str | None = None
    """The report that was issued with it; None for the night's summary."""


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that stands under more than one partner, and so would carry one partner's names to another."""

    address: str
    partner_ids: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.address} is listed under the partners {', '.join(self.partner_ids)}"


def shared_addresses(partners: Iterable[Partner], *, own: Collection[str]) -> tuple[SharedAddress, ...]:
    """Return the addresses that several partners have, sorted; the district's own may.

    The district's own are `own` (HR's, for instance) and those of partners of kind `district`.
    """
    holders: dict[str, set[str]] = {}
    allowed = {fold_address(address) for address in own}
    for partner in partners:
        addresses = {fold_address(address) for address in partner.addresses}
        if partner.kind is PartnerKind.DISTRICT:
            allowed |= addresses
        for address in addresses:
            holders.setdefault(address, set()).add(partner.partner_id)
    shared = (SharedAddress(a, tuple(sorted(ids))) for a, ids in sorted(holders.items()) if len(ids) > 1)
    return tuple(shared_address for shared_address in shared if shared_address.address not in allowed)


def needs_release(addresses: Iterable[str], *, released: Collection[str]) -> tuple[str, ...]:
    """Return those of a partner's addresses that no person has released for it, in their order, each once.

    `released` are the partner's, as `Deliveries.released` returns them.
    """
    return tuple(dict.fromkeys(address for address in addresses if fold_address(address) not in released))


def plan_recipients(draft: Draft, *, released: Collection[str]) -> tuple[Recipient, ...]:
    """Return the draft's recipients as they stand before a try: waiting, unreleased, or refused as no address.

    The night's summary goes to addresses that the operator wrote into lms_sync.toml; they need no release.
    """
    addresses = {fold_address(address): address.strip() for address in reversed((*draft.to, *draft.copy))}
    wanted = sorted(addresses.values())
    missing = () if draft.kind is DeliveryKind.NIGHT else needs_release(wanted, released=released)

    def state(address: str) -> Recipient:
        if problem := address_problem(address):
            return Recipient(address, RecipientState.REFUSED, problem)
        if address in missing:
            return Recipient(address, RecipientState.UNRELEASED)
        return Recipient(address)

    return tuple(state(address) for address in wanted)


def reason_to_hold(draft: Draft, recipients: Iterable[Recipient], *, held: Delivery | None) -> str:
    """Return why the draft must wait, as a sentence; empty when it may be built and queued."""
    if held is not None and held.held_by_person:
        return held.detail
    if draft.stop:
        return draft.stop
    recipients = tuple(recipients)
    states = [recipient.state for recipient in recipients]
    if RecipientState.UNRELEASED in states:
        new = ", ".join(r.address for r in recipients if r.state is RecipientState.UNRELEASED)
        return f"no person has yet released {new} for this {draft.kind.value}"
    if RecipientState.WAITING not in states:
        why = "; ".join(recipient.detail for recipient in recipients if recipient.detail)
        return "it has no address that can be mailed to" + (f": {why}" if why else "")
    return ""


def why_it_is_held(draft: Draft, waiting: WaitingDeliveries) -> str:
    """Return why the draft would be held if it were posted now; empty if it may be built and queued."""
    return reason_to_hold(draft, _recipients(draft, waiting), held=_held_one(_earlier(draft, waiting)))


def stays_held(draft: Draft, waiting: WaitingDeliveries) -> Delivery | None:
    """Return the held delivery that the draft would leave as it is; None where it would change anything."""
    earlier = _earlier(draft, waiting)
    held = _held_one(earlier)
    if held is None or held.held_by_person:
        return held
    if any(delivery.state is DeliveryState.QUEUED for delivery in earlier):
        return None
    reason, recipients = why_it_is_held(draft, waiting), _recipients(draft, waiting)
    return (
        held if reason and _held_again(held, _held(draft, recipients, reason, at=held.changed_at)) == held else None
    )


def _held_again(held: Delivery, delivery: Delivery) -> Delivery:
    """Return what takes the place of a held delivery."""
    return replace(delivery, delivery_id=held.delivery_id, created_at=held.created_at, tries=held.tries)


def _earlier(draft: Draft, waiting: WaitingDeliveries) -> Sequence[Delivery]:
    return waiting.earlier.get((draft.partner_id, draft.about), ())


def _held_one(earlier: Sequence[Delivery]) -> Delivery | None:
    return next((delivery for delivery in reversed(earlier) if delivery.state is DeliveryState.HELD), None)


def _recipients(draft: Draft, waiting: WaitingDeliveries) -> tuple[Recipient, ...]:
    return plan_recipients(draft, released=waiting.released.get(draft.partner_id, frozenset()))


def post(deliveries: Deliveries, draft: Draft, *, build: Callable[[Envelope], Ready], at: datetime) -> Delivery:
    """Queue the draft's message, or hold it without one; return the delivery as it now stands.

    `build` is called only when the message may go out, in the caller's transaction: it is the place to issue the
    report. A held delivery of the same partner is filled, and one still queued is withdrawn: the newer replaces it.
    What a person held stays as it is until a person releases it; so does what is held for the same reason as before.
    """
    earlier = deliveries.of(draft.kind, draft.partner_id, draft.about)
    released = {draft.partner_id: deliveries.released(draft.partner_id)}
    waiting = WaitingDeliveries({(draft.partner_id, draft.about): earlier}, released)
    if (unchanged := stays_held(draft, waiting)) is not None:
        return unchanged
    held, recipients = _held_one(earlier), _recipients(draft, waiting)
    reason = reason_to_hold(draft, recipients, held=held)
    delivery = _held(draft, recipients, reason, at=at)
    delivery = delivery if held is None else _held_again(held, delivery)
    _withdraw(deliveries, earlier, by=delivery.delivery_id, at=at)
    body = b""
    if not reason:
        ready = build(_envelope(draft, delivery))
        delivery, body = _filled(delivery, ready, at=at), ready.body
    if held is None:
        deliveries.add(delivery, body=body)
    else:
        move(deliveries, held, delivery, body=body)
    return delivery


def stop(deliveries: Deliveries, earlier: Iterable[Delivery], why: str, *, at: datetime) -> None:
    """End deliveries that are not sent for good, and take their messages: nobody's word sends them any more.

    Who may have got one that broke off stays told as unknown. `why` is the end of a sentence.
    """
    for delivery in earlier:
        if delivery.state is DeliveryState.SENT or delivery.stopped:
            continue
        lost = delivery.state is DeliveryState.SENDING
        recipients = tuple(
            replace(r, state=RecipientState.UNKNOWN) if lost and r.waiting else r for r in delivery.recipients
        )
        after = replace(closed(delivery, STOPPED + why, at=at), recipients=recipients)
        move(deliveries, delivery, after, body=b"")


def held_anew(deliveries: Deliveries, before: Delivery, detail: str, *, at: datetime) -> Delivery:
    """Hold a delivery that was queued or being sent, and return it as it now stands; its message is dropped.

    One that has reached some of its recipients counts as sent: the others are not tried again.
    """
    if before.addresses(RecipientState.ACCEPTED):
        after = closed(before, detail, at=at)
        move(deliveries, before, after)
        return after
    stopped = tuple(replace(r, state=RecipientState.HELD, detail="") for r in before.recipients)
    after = replace(before, state=DeliveryState.HELD, recipients=stopped, changed_at=at, detail=detail)
    after = replace(after, report_id=None, message_id="", subject="", next_try_at=None)
    move(deliveries, before, after, body=b"")
    return after


def closed(delivery: Delivery, detail: str, *, at: datetime) -> Delivery:
    """Return a delivery that is not tried again: sent when anybody has taken it, failed otherwise."""
    state = DeliveryState.SENT if delivery.addresses(RecipientState.ACCEPTED) else DeliveryState.FAILED
    return replace(delivery, state=state, changed_at=at, next_try_at=None, detail=detail)


def _held(draft: Draft, recipients: tuple[Recipient, ...], reason: str, *, at: datetime) -> Delivery:
    return Delivery(
        delivery_id=draft.delivery_id,
        kind=draft.kind,
        partner_id=draft.partner_id,
        about=draft.about,
        sender=draft.sender,
        state=DeliveryState.HELD,
        created_at=at,
        changed_at=at,
        recipients=recipients,
        detail=reason,
    )


def _filled(held: Delivery, ready: Ready, *, at: datetime) -> Delivery:
    queued = replace(held, state=DeliveryState.QUEUED, created_at=at, report_id=ready.report_id)
    return replace(queued, message_id=ready.message_id, subject=ready.subject)


def _envelope(draft: Draft, delivery: Delivery) -> Envelope:
    usable = {fold_address(address): address for address in delivery.addresses(RecipientState.WAITING)}

    def among(addresses: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(usable[key] for key in map(fold_address, addresses) if key in usable))

    to = among(draft.to)
    copy = tuple(address for address in among(draft.copy) if address not in to)
    return Envelope(delivery.delivery_id, draft.sender, to=to or copy, copy=copy if to else ())


def _withdraw(deliveries: Deliveries, earlier: Iterable[Delivery], *, by: str, at: datetime) -> None:
    for queued in earlier:
        if queued.state is DeliveryState.QUEUED:
            # False means that another sender has just claimed it; then it goes out, which is no harm.
            deliveries.save(queued, closed(queued, f"replaced by {by} before it was sent", at=at))


def move(deliveries: Deliveries, before: Delivery, after: Delivery, *, body: bytes | None = None) -> None:
    """Save a delivery as it now stands. Raises: UsageError when another run has moved it meanwhile."""
    if not deliveries.save(before, after, body=body):
        raise UsageError(
            f"outbox: {before.delivery_id} is no longer {before.state}; another run has moved it",
            hint="Look at `lms-sync outbox list`, then do it again if it is still right.",
        )
