"""What a partner's page without an account rests on: its links, what was reported through them, who read what."""

from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.model.agreement import KeptFile


@dataclass(frozen=True, slots=True)
class PartnerLink:
    """A link in one report's mail; its secret is kept nowhere, only the secret's hash, as the key."""

    partner_id: str
    addresses: tuple[str, ...]
    """One: to which this link went, and so the only one that a code is sent to. Several were a link's of an earlier
    version, which works no longer."""
    delivery_id: str
    """The message that carries it."""
    issued_on: date
    expires_on: date
    """The last day on which it works."""
    revoked_by: str = ""
    revoked_on: date | None = None

    def works(self, today: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.revoked_on is None and today <= self.expires_on and len(self.addresses) == 1


@dataclass(frozen=True, slots=True)
class ReportedTraining:
    """A completed training that a partner reported on its page; it counts for nothing until a person decides."""

    report_id: str
    partner_id: str
    address: str
    """Of the person who reported it, verified by a code."""
    person_id: str
    requirement: str
    day: date
    provider: str
    instructor: str
    number: str
    """Of the certificate; empty for none."""
    file: KeptFile | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That somebody of a partner has read a report."""

    partner_id: str
    delivery_id: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SharedEvidence:
    """A link by which an outsider may look at one agreement's documents for a time; its secret's hash is the key."""

    agreement_id: str
    whom: str
    """Who it was made for, in the words of who made it."""
    shared_by: str
    shared_on: date
    expires_on: date
    ended_by: str = ""
    ended_on: date | None = None

    def works(self, today: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.ended_on is None and today <= self.expires_on
