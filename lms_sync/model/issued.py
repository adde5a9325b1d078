"""What was issued: gap reports, training confirmations and training plans."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lms_sync.model.stored.judgement import CLAUSE, PURGED, REPORT, StoredClause, StoredReport


class IssuedKind(StrEnum):
    """Which of clause C's two documents."""

    CONFIRMATION = "confirmation"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Issued:
    """One document as issued; its bytes are read apart from it, by `Issuances.content`."""

    number: str
    kind: IssuedKind
    agreement_id: str
    partner_id: str
    as_of: date
    known_at: datetime
    issued_at: datetime
    issued_by: str
    program: str
    """Version of the program that made it."""
    law: str
    map_version: str
    code: str
    """The verification code as printed."""
    sha256: str
    """Of the PDF as issued."""
    judgement: dict[str, Any]
    """As stored, since `code` is made over it; `clause` or `purged_on` says what stands in it."""
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    @property
    def purged(self) -> bool:
        """Tell whether retention has taken the document itself; number, code and hash stay."""
        return "purged" in self.judgement

    @property
    def purged_on(self) -> date:
        """Return the day on which retention has taken it. Raises: ConfigError for a document that is whole."""
        return PURGED.read(self.judgement).purged

    @property
    def clause(self) -> StoredClause:
        """Return what the document says. Raises: ConfigError for a purged one."""
        return CLAUSE.read(self.judgement)

    @property
    def stands(self) -> bool:
        """Tell whether nobody has withdrawn it."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """One partner's report as it was issued."""

    report_id: str
    partner_id: str
    as_of: date
    known_at: datetime
    issued_at: datetime
    program: str
    """Version of the program that made it."""
    replaces: str | None
    judgement: dict[str, Any]
    """As stored: the partner's part of `gaps --format json`; `report` says what stands in it."""

    @property
    def report(self) -> StoredReport:
        """Return what the report says."""
        return REPORT.read(self.judgement)
