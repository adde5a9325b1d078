"""Which deliveries still tell how things are: the newest of each kind, partner and thing. Pure."""

from collections.abc import Sequence

from lms_sync.model.delivery import Delivery, DeliveryKind


def newest(deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Return of each kind, partner and thing the newest delivery: it replaces the ones before.

    An unknown one stays beside it until a person says what became of it: no newer message tells that.
    One that was stopped (its document was withdrawn) is nobody's trouble and left out.
    """
    current = current_ids(deliveries)
    return tuple(d for d in deliveries if (d.delivery_id in current or d.unsettled) and not d.stopped)


def current_ids(deliveries: Sequence[Delivery]) -> frozenset[str]:
    """Return the ids of those that no newer one replaces; `deliveries` are the oldest first."""
    last = {(delivery.kind, delivery.partner_id, _thing(delivery)): delivery for delivery in deliveries}
    return frozenset(delivery.delivery_id for delivery in last.values())


def _thing(delivery: Delivery) -> str:
    """Return what a newer delivery must be about to replace this one; of warnings and receipts the newest tells."""
    return "" if delivery.kind in (DeliveryKind.WARNING, DeliveryKind.RECEIPT) else delivery.about
