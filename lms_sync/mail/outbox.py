"""Sending what is queued: the intent is recorded before a message leaves, the result after, each in a transaction.

So a crash never sends twice: what was on its way is found as `sending`, becomes `unknown`, and waits for a person.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, ConfigError, LmsSyncError, MailError
from lms_sync.mail.newest import current_ids, newest
from lms_sync.mail.page_links import leaving
from lms_sync.mail.posting import closed
from lms_sync.mail.uninterrupted import finished_first
from lms_sync.model.carrier import Carrier, MailSession, RecipientOutcome, RecipientResult, SenderRefused
from lms_sync.model.delivery import HELD_BY, Delivery, DeliveryKind, DeliveryState, Recipient, RecipientState
from lms_sync.model.finding import Area, Finding
from lms_sync.store.deliveries import Deliveries
from lms_sync.text import command_line

Transaction = Callable[[], AbstractContextManager[Deliveries]]
"""Opens one transaction, which is committed when the block ends without an error."""

_STATES = {outcome: RecipientState(outcome.value) for outcome in RecipientOutcome}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long the outbox waits for what."""

    first_wait: timedelta = timedelta(minutes=15)
    """Until the second try; each further wait is twice as long."""
    longest_wait: timedelta = timedelta(hours=4)
    give_up: timedelta = timedelta(days=3)
    """A delivery that is put off when its message is this old, or older, is not tried again."""
    longest_sending: timedelta = timedelta(hours=1)
    """Longer than any sending takes; what is `sending` for this long, or longer, was left behind by a crash."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one round of sending came to."""

    tried: tuple[Delivery, ...]
    """As they stand after the try, in the order of the tries."""
    abandoned: tuple[Delivery, ...]
    """Left behind by a crash, and unknown from now on."""
    trouble: MailError | ConfigError | None
    """Why there was no way out, or none for a sender; the deliveries it hit are queued again."""


def send_due(
    transaction: Transaction,
    carrier: Carrier,
    *,
    clock: Callable[[], datetime],
    patience: RetryPolicy,
    kinds: Collection[DeliveryKind] = tuple(DeliveryKind),
) -> Batch:
    """Try every delivery of these kinds that is due once, the oldest first, and return what became of each."""
    abandoned = _abandon(transaction, now=clock(), patience=patience)
    with transaction() as deliveries:
        due = [delivery for delivery in deliveries.due(clock()) if delivery.kind in kinds]
    tried: list[Delivery] = []
    troubles = _Troubles()
    before: list[tuple[Delivery, Delivery]] = []
    try:
        with carrier.session() as session:
            for delivery in due:
                with finished_first():
                    # The result of one message and the intent to send the next: one transaction.
                    with transaction() as deliveries:
                        _record(deliveries, before)
                        claimed = _claim(deliveries, delivery, now=clock())
                        body = deliveries.body(delivery.delivery_id)
                    before = []  # only now is it on record
                    if claimed is None:
                        continue
                    results = _attempt(session, claimed, body, troubles)
                    settled = settle(claimed, results, now=clock(), patience=patience)
                    before = [(claimed, settled)]
                tried.append(settled)
    finally:
        # Also where somebody stops the program between two messages: what has left is known to have left.
        if before:
            with transaction() as deliveries:
                _record(deliveries, before)
    return Batch(tuple(tried), abandoned, troubles.no_way or troubles.refused)


def wait_after(tries: int, *, patience: RetryPolicy) -> timedelta:
    """Return how long to wait after the `tries`-th try (1 for the first)."""
    doublings = min(tries - 1, 20)  # beyond that any wait is longer than the longest
    return min(patience.first_wait * (1 << doublings), patience.longest_wait)


def settle(
    claimed: Delivery, results: Iterable[RecipientResult], *, now: datetime, patience: RetryPolicy
) -> Delivery:
    """Return a delivery in `sending` as it stands after a try with these results.

    unknown when any recipient is; queued again, for those put off, while there is patience; else sent when anybody
    has taken it, and failed when nobody has. A recipient without a result counts as unknown.
    """
    by_address = {result.address: result for result in results}
    recipients = tuple(_heard(recipient, by_address) for recipient in claimed.recipients)
    after = replace(claimed, recipients=recipients, changed_at=now, next_try_at=None, detail="")
    states = {recipient.state for recipient in recipients}
    if RecipientState.UNKNOWN in states:
        words = _words(after, RecipientState.UNKNOWN)
        return replace(after, state=DeliveryState.UNKNOWN, detail=f"nobody knows whether it arrived ({words})")
    if RecipientState.DEFERRED not in states:
        return closed(after, _words(after, RecipientState.REFUSED), at=now)
    words = _words(after, RecipientState.DEFERRED)
    if now - claimed.created_at >= patience.give_up:
        return closed(after, f"given up after {claimed.tries} tries: {words}", at=now)
    later = now + wait_after(claimed.tries, patience=patience)
    return replace(after, state=DeliveryState.QUEUED, next_try_at=later, detail=words)


def findings(deliveries: Sequence[Delivery]) -> tuple[Finding, ...]:
    """Return what a person must look at in these deliveries, given with the newest last, as `listed` returns them."""
    current = current_ids(deliveries)
    found = (_finding(delivery, replaced=delivery.delivery_id not in current) for delivery in newest(deliveries))
    return tuple(finding for finding in found if finding is not None)


def sending_code(deliveries: Sequence[Delivery]) -> int:
    """Return the exit code for deliveries as they stand after a try: 0 where everybody has taken everything."""
    if any(delivery.state is DeliveryState.QUEUED for delivery in deliveries):
        return MailError.exit_code
    return EXIT_FINDINGS if findings(deliveries) else EXIT_DONE


def former_findings(sent: Delivery) -> tuple[str, ...]:
    """Return the ids of what a person was asked about a delivery before it was sent: while it was held, or lost."""
    states = (DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.UNKNOWN)
    found = (_finding(replace(sent, state=state), replaced=False) for state in states)
    return tuple(finding.id for finding in found if finding is not None)


def _abandon(transaction: Transaction, *, now: datetime, patience: RetryPolicy) -> tuple[Delivery, ...]:
    # Read and write are two transactions: SQLite refuses one that reads first and writes after another has written.
    with transaction() as deliveries:
        sending = deliveries.listed(DeliveryState.SENDING)
    left = [delivery for delivery in sending if now - delivery.changed_at >= patience.longest_sending]
    with transaction() as deliveries:
        return tuple(
            after for delivery in left if deliveries.save(delivery, after := _left_behind(delivery, now=now))
        )


def _left_behind(sending: Delivery, *, now: datetime) -> Delivery:
    lost = tuple(replace(r, state=RecipientState.UNKNOWN) if r.waiting else r for r in sending.recipients)
    detail = "the program ended while it was sending, so nobody knows whether it arrived"
    return replace(sending, state=DeliveryState.UNKNOWN, changed_at=now, detail=detail, recipients=lost)


def _claim(deliveries: Deliveries, delivery: Delivery, *, now: datetime) -> Delivery | None:
    """Record the intent to send; None when another sender was faster."""
    claimed = replace(delivery, state=DeliveryState.SENDING, tries=delivery.tries + 1, changed_at=now)
    return claimed if deliveries.save(delivery, claimed) else None


@dataclass(slots=True)
class _Troubles:
    """What was wrong with the way out so far."""

    no_way: MailError | ConfigError | None = None
    refused: SenderRefused | None = None
    """Another message may have another sender, from before the settings were changed."""


def _attempt(
    session: MailSession, claimed: Delivery, body: bytes, troubles: _Troubles
) -> tuple[RecipientResult, ...]:
    """Send to those who have not taken it yet. Once there is no way out, the rest of the batch is put off unasked."""
    addresses = tuple(r.address for r in claimed.recipients if r.waiting)
    results: list[RecipientResult] = []
    for envelope, message in leaving(claimed, addresses, body):
        why: LmsSyncError | None = troubles.no_way
        if why is None:
            try:
                results.extend(session.send(envelope, message))
                continue
            except SenderRefused as error:
                why = error
                troubles.refused = troubles.refused or error
            except (MailError, ConfigError) as error:
                why = troubles.no_way = error
        results.extend(RecipientResult(a, RecipientOutcome.DEFERRED, str(why)) for a in envelope.recipients)
    return tuple(results)


def _record(deliveries: Deliveries, results: Iterable[tuple[Delivery, Delivery]]) -> None:
    """Record (as claimed, as it stands after the try)."""
    for claimed, settled in results:
        if not deliveries.save(claimed, settled):
            # Another run took this one for crashed and called it unknown; now it is known.
            deliveries.save(_left_behind(claimed, now=claimed.changed_at), settled)


def _heard(recipient: Recipient, by_address: dict[str, RecipientResult]) -> Recipient:
    if not recipient.waiting:
        return recipient
    if recipient.address not in by_address:
        return Recipient(recipient.address, RecipientState.UNKNOWN, "the mail carrier reported nothing about it")
    result = by_address[recipient.address]
    return Recipient(recipient.address, _STATES[result.outcome], result.detail)


def _words(delivery: Delivery, state: RecipientState) -> str:
    return "; ".join(f"{r.address}: {r.detail}" for r in delivery.recipients if r.state is state)


def _held_words(detail: str) -> str:
    return detail if detail.startswith(HELD_BY) else f"held: {detail}"


def _finding(delivery: Delivery, *, replaced: bool) -> Finding | None:
    number = delivery.delivery_id or "DELIVERY"
    again = f"`{command_line('outbox retry', number, reason=...)}`"
    match delivery.state:
        case DeliveryState.QUEUED | DeliveryState.SENDING:
            return None
        case DeliveryState.HELD:
            release = f"`{command_line('outbox release', number, reason=...)}`"
            remedy = f"Correct that, or check the addresses and release it with {release}"
            return _of_delivery(delivery, "delivery-held", f"it is {_held_words(delivery.detail)}", remedy)
        case DeliveryState.FAILED:
            remedy = f"Correct the address or the mail server's settings; send the same message again with {again}"
            return _of_delivery(delivery, "delivery-failed", f"nobody has taken it: {delivery.detail}", remedy)
        case DeliveryState.UNKNOWN:
            return _of_delivery(delivery, "delivery-unknown", delivery.detail, _ask(number, replaced=replaced))
        case DeliveryState.SENT:
            return _partly_sent(delivery)
    assert_never(delivery.state)


def _ask(number: str, *, replaced: bool) -> str:
    """Return what to do about an unknown delivery; a replaced one is not sent again, since a newer one tells more."""
    settle_it = f"`{command_line('outbox settle', number, arrived=True, reason=...)}` (or --not-arrived)"
    if replaced:
        return f"A newer one has replaced it. Ask whether this one arrived, and record it with {settle_it}"
    again = f"`{command_line('outbox retry', number, unknown=True, reason=...)}`"
    return f"Ask whether it arrived, and record it with {settle_it}; if it did not, send it again with {again}"


def _partly_sent(delivery: Delivery) -> Finding | None:
    # What came back is told by the doubt about its address, until a person has settled that.
    there = (RecipientState.ACCEPTED, RecipientState.BOUNCED)
    missed = [r for r in delivery.recipients if r.state not in there]
    if not missed:
        return None
    found = "not taken for " + "; ".join(f"{r.address}: {r.detail or r.state}" for r in missed)
    remedy = "Correct those addresses where they are written; the next report goes to the new ones"
    return _of_delivery(delivery, "delivery-partly-sent", found, remedy)


def _of_delivery(delivery: Delivery, code: str, found: str, remedy: str) -> Finding:
    named = delivery.kind in (DeliveryKind.BUILDING, DeliveryKind.RECORD)
    to = delivery.partner_id if named else f"partner {delivery.partner_id}"
    whom = f"to {to}" if delivery.partner_id else "with the night's summary"
    return Finding(
        area=Area.DELIVERY,
        code=code,
        where=f"outbox, {f'delivery {delivery.delivery_id}' if delivery.delivery_id else 'a delivery'} {whom}",
        found=found,
        expected="a message that the mail server takes for every address",
        remedy=f"{remedy}.",
    )
