"""The outbox as rows: deliveries, their recipients, and the (partner, address) pairs that a person has released.

A delivery moves `held → queued → sending → sent | failed | unknown`. Every move is one compare-and-swap on the state
and the number of tries (`Deliveries.save`), so of two senders that want the same delivery exactly one gets it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from lms_sync.errors import UsageError
from lms_sync.model.address import fold_address
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, Recipient
from lms_sync.store import schema
from lms_sync.store.rows import row_of, value_of

_DELIVERY = schema.delivery.c
_RECIPIENT = schema.recipient.c
_RELEASE = schema.release.c
_LISTED = tuple(column for column in _DELIVERY if column.name not in ("district_id", "body"))
_FIXED = ("delivery_id", "kind", "partner_id", "about")

# What every message asks while it is sent is written once: to compose a statement takes longer than to run it.
_THIS = and_(_DELIVERY.district_id == bindparam("of_district"), _DELIVERY.delivery_id == bindparam("of_delivery"))
_MOVE = update(schema.delivery).where(
    _THIS, _DELIVERY.state == bindparam("state_before"), _DELIVERY.tries == bindparam("tries_before")
)
_BODY = select(_DELIVERY.body).where(_THIS)
_FORGET_RECIPIENTS = delete(schema.recipient).where(
    _RECIPIENT.district_id == bindparam("of_district"), _RECIPIENT.delivery_id == bindparam("of_delivery")
)
_ADD_RECIPIENTS = insert(schema.recipient)


@dataclass(frozen=True, slots=True)
class WaitingDeliveries:
    """What a new delivery of one kind is planned by, of all partners."""

    earlier: Mapping[tuple[str, str], tuple[Delivery, ...]]
    """(Partner ID, what it is about) → the held and the queued ones, the newest last."""
    released: Mapping[str, frozenset[str]]
    """Partner ID → addresses, as `Deliveries.released` returns them."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One district's outbox on one connection. Transactions are the caller's."""

    connection: Connection
    district_id: str

    def add(self, delivery: Delivery, *, body: bytes = b"") -> None:
        """Store a new delivery; `body` is the exact message, empty for a held one."""
        row = row_of(delivery, without=("recipients",), district_id=self.district_id, body=body)
        self.connection.execute(insert(schema.delivery).values(row))
        self._write_recipients(delivery)

    def save(self, before: Delivery, after: Delivery, *, body: bytes | None = None) -> bool:
        """Move a delivery from `before` to `after`; False, and nothing changed, when it no longer stands at `before`.

        What is compared is the state and the number of tries. `body` of None leaves the message as it is, and
        recipients of whom nothing new is known stay as they are.
        """
        values = row_of(after, without=("recipients", *_FIXED)) | ({} if body is None else {"body": body})
        this = self._key(before.delivery_id)
        expected = {"state_before": before.state.value, "tries_before": before.tries}
        if self.connection.execute(_MOVE, values | this | expected).rowcount != 1:
            return False
        if after.recipients != before.recipients:
            self.connection.execute(_FORGET_RECIPIENTS, this)
            self._write_recipients(after)
        return True

    def get(self, delivery_id: str) -> Delivery:
        """Return one delivery. Raises: UsageError when there is none of this id."""
        for delivery in self._where(_DELIVERY.delivery_id == delivery_id):
            return delivery
        raise UsageError(f"outbox: there is no delivery {delivery_id}", hint="`lms-sync outbox list` shows the ids.")

    def body(self, delivery_id: str) -> bytes:
        """Return the exact message of a delivery; empty while it is held."""
        return bytes(self.connection.execute(_BODY, self._key(delivery_id)).scalar_one())

    def listed(self, *states: DeliveryState) -> tuple[Delivery, ...]:
        """Return the deliveries in any of `states` (none named: in all), the newest last."""
        return self._where(_DELIVERY.state.in_([state.value for state in states or DeliveryState]))

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        """Return the queued deliveries whose next try is at or before `now`, the oldest first."""
        ripe = or_(_DELIVERY.next_try_at.is_(None), _DELIVERY.next_try_at <= now)
        return self._where(_DELIVERY.state == DeliveryState.QUEUED.value, ripe)

    def of(self, kind: DeliveryKind, partner_id: str, about: str = "") -> tuple[Delivery, ...]:
        """Return all deliveries of one kind to one partner about one thing, the newest last."""
        same = (_DELIVERY.kind == kind.value, _DELIVERY.partner_id == partner_id, _DELIVERY.about == about)
        return self._where(*same)

    def answered(self, ids: Collection[str]) -> tuple[Delivery, ...]:
        """Return the deliveries with any of these ids: of the message, or of the delivery itself."""
        return self._where(or_(_DELIVERY.message_id.in_(ids), _DELIVERY.delivery_id.in_(ids))) if ids else ()

    def waiting(self, kind: DeliveryKind) -> "WaitingDeliveries":
        """Return what of one kind is held or queued, and all addresses released: of every partner at once."""
        ours = _DELIVERY.state.in_((DeliveryState.HELD.value, DeliveryState.QUEUED.value))
        earlier: dict[tuple[str, str], list[Delivery]] = {}
        for delivery in self._where(_DELIVERY.kind == kind.value, ours):
            earlier.setdefault((delivery.partner_id, delivery.about), []).append(delivery)
        released: dict[str, set[str]] = {}
        query = select(_RELEASE.partner_id, _RELEASE.address).where(_RELEASE.district_id == self.district_id)
        for row in self.connection.execute(query):
            released.setdefault(row.partner_id, set()).add(row.address)
        return WaitingDeliveries(
            {key: tuple(several) for key, several in earlier.items()},
            {partner_id: frozenset(addresses) for partner_id, addresses in released.items()},
        )

    def released(self, partner_id: str) -> frozenset[str]:
        """Return the addresses, as `fold_address` gives them, that a person has released for a partner."""
        of_partner = and_(_RELEASE.district_id == self.district_id, _RELEASE.partner_id == partner_id)
        return frozenset(self.connection.execute(select(_RELEASE.address).where(of_partner)).scalars())

    def release(self, partner_id: str, addresses: Iterable[str], *, author: Author) -> tuple[str, ...]:
        """Record a person's release of addresses for a partner, and return those that were not released before.

        They come as `fold_address` gives them, sorted. A pair released before keeps its first release.
        """
        missing = {fold_address(address) for address in addresses} - self.released(partner_id)
        key = {"district_id": self.district_id, "partner_id": partner_id}
        how = {"released_at": author.at, "released_by": author.by, "reason": author.reason}
        rows = [{**key, "address": address, **how} for address in sorted(missing)]
        if rows:
            self.connection.execute(insert(schema.release), rows)
        return tuple(sorted(missing))

    def take_back(self, partner_id: str, address: str) -> None:
        """Forget the release of an address for a partner: no person has given it."""
        same = and_(_RELEASE.district_id == self.district_id, _RELEASE.partner_id == partner_id)
        self.connection.execute(delete(schema.release).where(same, _RELEASE.address == address))

    def _key(self, delivery_id: str) -> dict[str, object]:
        return {"of_district": self.district_id, "of_delivery": delivery_id}

    def _write_recipients(self, delivery: Delivery) -> None:
        key = {"district_id": self.district_id, "delivery_id": delivery.delivery_id}
        rows = [key | row_of(recipient) for recipient in delivery.recipients]
        if rows:
            self.connection.execute(_ADD_RECIPIENTS, rows)

    def _where(self, *conditions: ColumnElement[bool]) -> tuple[Delivery, ...]:
        condition = and_(_DELIVERY.district_id == self.district_id, *conditions)
        # Of two deliveries of one instant the id decides, so that "the newest" means one thing everywhere.
        found = select(*_LISTED).where(condition).order_by(_DELIVERY.created_at, _DELIVERY.delivery_id)
        rows = self.connection.execute(found).mappings().all()
        if not rows:
            return ()
        chosen = select(_DELIVERY.delivery_id).where(condition)
        theirs = and_(_RECIPIENT.district_id == self.district_id, _RECIPIENT.delivery_id.in_(chosen))
        recipients: dict[str, list[Recipient]] = {}
        query = select(schema.recipient).where(theirs).order_by(_RECIPIENT.address)
        for row in self.connection.execute(query).mappings():
            recipients.setdefault(row["delivery_id"], []).append(value_of(Recipient, row))
        return tuple(
            value_of(Delivery, row, recipients=tuple(recipients.get(row["delivery_id"], ()))) for row in rows
        )
