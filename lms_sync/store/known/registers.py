"""What reviewers record, with history: documents of the ESD, requests, the review, adoptions, duties, holds.

    DOCUMENTS.read(store, known_at)                          key → fact as it counted then
    DOCUMENTS.put(store, "D3f29c0d1", document, now=now)     what counts from now on

Whoever puts or ends a fact holds the transaction, and logs the decision with `store.audit`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from lms_sync.model.agreement import Adoption, DutyDone, EsdRequest, FiledDocument, Hold, ReviewedPoint, SheetScan
from lms_sync.model.doubt import Doubt
from lms_sync.model.due_warning import Warned
from lms_sync.model.partner_page import Acknowledgement, PartnerLink, ReportedTraining, SharedEvidence
from lms_sync.model.readings import ReadingAccepted, RefusedRows
from lms_sync.model.received_mail import AddressDoubt, CorrectionMail, MailTaken
from lms_sync.model.rule_change import RuleChange
from lms_sync.model.second_person import ActRequest
from lms_sync.model.sign_up import KnownSignUp
from lms_sync.model.stored import facts
from lms_sync.model.stored.stored_type import Payload, StoredType
from lms_sync.store.store import Store

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Register(Generic[Fact]):
    """All facts of one kind that people record one by one."""

    form: StoredType[Fact]

    @property
    def kind(self) -> str:
        """Return the kind, as the store names it."""
        return self.form.kind

    def read(self, store: Store, known_at: datetime | None = None) -> dict[str, Fact]:
        """Return key → fact as it counted at `known_at` (now for None), in the order of the keys."""
        return self.form.read_all(store.facts.read(self.kind, known_at))

    def put(self, store: Store, key: str, value: Fact, *, now: datetime) -> None:
        """Make `one` what counts for its key from `now` on; an equal one stays as it is."""
        self.put_all(store, {key: value}, now=now)

    def put_all(self, store: Store, several: Mapping[str, Fact], *, now: datetime) -> None:
        """Make each what counts for its key from `now` on; equal ones stay as they are, and so do other keys."""
        store.facts.put_all(self.kind, {key: self.plain(value) for key, value in several.items()}, now=now)

    def end(self, store: Store, key: str, *, now: datetime) -> None:
        """Let the fact of one key stop counting from `now` on."""
        self.end_all(store, [key], now=now)

    def end_all(self, store: Store, keys: Iterable[str], *, now: datetime) -> None:
        """Let the facts of these keys stop counting from `now` on."""
        store.facts.end_all(self.kind, keys, now=now)

    def plain(self, value: Fact) -> Payload:
        """Return a fact as JSON values, as the audit log takes them."""
        return self.form.plain(value)


DOCUMENTS: Register[FiledDocument] = Register(facts.DOCUMENT)
"""By document id."""
REQUESTS: Register[EsdRequest] = Register(facts.REQUEST)
"""By request id."""
POINTS: Register[ReviewedPoint] = Register(facts.POINT)
"""By `joined(agreement_id, point)`."""
ADOPTIONS: Register[Adoption] = Register(facts.ADOPTION)
"""By agreement id."""
DUTIES: Register[DutyDone] = Register(facts.DUTY)
"""By `joined(duty, school_year, building)`."""
HOLDS: Register[Hold] = Register(facts.HOLD)
"""By subject."""
REFUSED: Register[RefusedRows] = Register(facts.REFUSED_ROWS)
"""By `joined(source, file)`."""
ACCEPTED: Register[ReadingAccepted] = Register(facts.READING_ACCEPTED)
"""By source for one that was never read whole; by `joined(source, file, sha256)` for refused rows."""
RULE_CHANGES: Register[RuleChange] = Register(facts.RULE_CHANGE)
"""By finding id; those that wait for HR."""
PARTNER_LINKS: Register[PartnerLink] = Register(facts.PARTNER_LINK)
"""By the hash of the link's secret."""
REPORTED: Register[ReportedTraining] = Register(facts.REPORTED)
"""By report id."""
ACKNOWLEDGED: Register[Acknowledgement] = Register(facts.ACKNOWLEDGED)
"""By `joined(delivery_id, address)`."""
SHARED: Register[SharedEvidence] = Register(facts.SHARED)
"""By the hash of the link's secret."""
ACT_REQUESTS: Register[ActRequest] = Register(facts.ACT_REQUEST)
"""By request id; those that no second person has decided."""
DOUBTS: Register[Doubt] = Register(facts.DOUBT)
"""By `joined(*doubt.key)`."""
SCANS: Register[SheetScan] = Register(facts.SCAN)
"""By scan id."""
SIGN_UPS: Register[KnownSignUp] = Register(facts.SIGN_UP)
"""By `joined(source, record)`."""

WARNED: Register[Warned] = Register(facts.WARNED)
"""By partner id."""

MAIL_TAKEN: Register[MailTaken] = Register(facts.MAIL_TAKEN)
"""By the hash of the message."""
CORRECTION_MAILS: Register[CorrectionMail] = Register(facts.CORRECTION_MAIL)
"""By the hash of the message."""
ADDRESS_DOUBTS: Register[AddressDoubt] = Register(facts.ADDRESS_DOUBT)
"""By `joined(partner_id, address)`, the address folded."""


def joined(*parts: str) -> str:
    """Return one key for several parts, none of which may run into the next."""
    return "\x1f".join(parts)
