"""One message to one envelope: what it carries, to whom, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DeliveryKind(StrEnum):
    """What a delivery carries."""

    PARTNER = "partner"
    """A partner's gap report."""
    NIGHT = "night"
    """The night's summary to HR."""
    BUILDING = "building"
    """A principal's heads-up."""
    AGREEMENT = "agreement"
    """A training confirmation or training plan of an agreement, or word that one is withdrawn."""
    RECEIPT = "receipt"
    """To who sent corrections: what was taken of them and what was not, and later what was decided."""
    RECORD = "record"
    """A person's own record, to the person."""
    RETRACTION = "retraction"
    """Word that a message which was sent is retracted, to whoever has it."""
    WARNING = "warning"
    """Word to a partner that a last lawful day comes near, on a day without a report."""


HELD_BY = "held by "
"""How a delivery's detail begins where a person holds it."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    HELD = "held"
    """Waits for a person, or for a cause to go away; has no message, which is built when it is let go."""
    QUEUED = "queued"
    SENDING = "sending"
    """The intent, recorded before anything is transmitted."""
    SENT = "sent"
    """At least one recipient's server took it; the recipients say which."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may or may not have arrived; only a person's word sends it again."""


class RecipientState(StrEnum):
    """Where one address of a delivery stands."""

    WAITING = "waiting"
    UNRELEASED = "unreleased"
    """No person has yet released this address for this partner."""
    HELD = "held"
    """A person held the delivery; only a person's release lets it go."""
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    """Refused for now (4xx)."""
    REFUSED = "refused"
    """Refused for good (5xx), or not usable as an address."""
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    """Taken, and reported afterwards as not delivered. Anybody can forge such a report."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of a delivery."""

    address: str
    state: RecipientState = RecipientState.WAITING
    detail: str = ""
    """The server's words, or why the address can't be used."""

    @property
    def waiting(self) -> bool:
        """Tell whether the next try goes to this address."""
        return self.state in (RecipientState.WAITING, RecipientState.DEFERRED)


STOPPED = "stopped: "
"""What the detail of a delivery begins with that must never be sent again, by nobody's word."""


def new_delivery_id(day: date, token: str) -> str:
    """Return a delivery's id: the day that it tells of, and a unique token."""
    return f"{day:%Y%m%d}-{token}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one envelope. Its body is not part of it: `Deliveries.body` reads that when it is sent."""

    delivery_id: str
    kind: DeliveryKind
    partner_id: str
    """The partner whom it tells; `building:` and its name for a heads-up, `person:` and the id for somebody's own
    record; empty for the night's summary."""
    sender: str
    """As in the message: `Name <address>` or an address."""
    state: DeliveryState
    created_at: datetime
    """When the message was made; for a held delivery, when it was held."""
    changed_at: datetime
    recipients: tuple[Recipient, ...]
    """Sorted by address."""
    about: str = ""
    """The number of an agreement's document, or the number and `withdrawn`; the day of a warning; of a
    receipt what makes it unique; the delivery that is retracted; else empty."""
    report_id: str | None = None
    message_id: str = ""
    """Minted once with the issued report, the same on every try; empty while held."""
    subject: str = ""
    tries: int = 0
    """How often it was claimed for sending; never goes back."""
    next_try_at: datetime | None = None
    """No try before this instant; None for at once."""
    detail: str = ""
    """Why it stands where it stands."""

    @property
    def held_by_person(self) -> bool:
        """Tell whether only a person's release lets it go."""
        return any(r.state is RecipientState.HELD for r in self.recipients)

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether anybody has it or may have it: it was taken, is on its way, or nobody knows."""
        # A report that it came back may be forged.
        taken = self.addresses(RecipientState.ACCEPTED, RecipientState.UNKNOWN, RecipientState.BOUNCED)
        return bool(taken) or self.state is DeliveryState.SENDING

    @property
    def unsettled(self) -> bool:
        """Tell whether only a person can say what became of it."""
        return self.state is DeliveryState.UNKNOWN

    @property
    def stopped(self) -> bool:
        """Tell whether it must never be sent (again): what it carried was withdrawn."""
        return self.detail.startswith(STOPPED)

    def addresses(self, *states: RecipientState) -> tuple[str, ...]:
        """Return the addresses in any of `states`."""
        return tuple(r.address for r in self.recipients if r.state in states)
