"""Facts that many parts share: who is on the roster, what a source said, where it stood, what is wrong with it.

Days are calendar days in the district's time zone; instants are aware and in UTC. Ranges of days include both
ends, and an end of None is open.
"""

from lms_sync.model.agreement import (
    Adoption,
    DutyDone,
    EsdRequest,
    FiledDocument,
    Hold,
    KeptFile,
    ReviewedPoint,
)
from lms_sync.model.evidence import (
    Claim,
    ClaimReason,
    Completion,
    Credit,
    Documentation,
    Item,
    Learner,
    NotDone,
    Reading,
    Refused,
    Revoked,
    Skipped,
)
from lms_sync.model.finding import (
    Area,
    Finding,
    Origin,
)
from lms_sync.model.roster import (
    Agreement,
    Assignment,
    Cadence,
    ClockDecision,
    Partner,
    PartnerKind,
    Person,
    Roster,
    StaffClass,
)

__all__ = [
    "Adoption",
    "Agreement",
    "Area",
    "Assignment",
    "Cadence",
    "Claim",
    "ClaimReason",
    "ClockDecision",
    "Completion",
    "Credit",
    "Documentation",
    "DutyDone",
    "EsdRequest",
    "FiledDocument",
    "Finding",
    "Hold",
    "Item",
    "KeptFile",
    "Learner",
    "NotDone",
    "Origin",
    "Partner",
    "PartnerKind",
    "Person",
    "Reading",
    "Refused",
    "ReviewedPoint",
    "Revoked",
    "Roster",
    "Skipped",
    "StaffClass",
]
