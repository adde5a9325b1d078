"""What an issued report or document says of people, as it is stored with it.

What was stored is never rewritten: an issued document's verification code is made over it as it stands. These types
are for reading only. All that has been written so far is of version 1, which says nothing of its version.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lms_sync.model.stored.stored_type import StoredType


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class StoredCredit(_Stored):
    """A completion that counted."""

    source: str
    record: str
    origin: str


class StoredClaim(_Stored):
    """A completion that would have counted, had a person accepted it."""

    id: str
    day: date | None
    reason: str
    source: str
    record: str
    origin: str


class StoredSignUp(_Stored):
    """A class that somebody had signed up for."""

    day: date
    title: str
    source: str


class StoredRequirement(_Stored):
    """Where somebody stood in one requirement."""

    id: str
    met_by: str | None
    """None: it was open."""
    have: int
    need: int
    on: date | None
    due: date | None
    late: bool
    credits: tuple[StoredCredit, ...]
    claims: tuple[StoredClaim, ...]
    notes: tuple[str, ...]
    doubted: date | None = None
    signed_up: tuple[StoredSignUp, ...] = ()
    """Earlier versions did not tell it."""


class StoredPerson(_Stored):
    """Where somebody stood."""

    id: str
    """The Person ID of that day."""
    name: str
    staff_class: str | None = Field(alias="class")
    first_day: date | None
    state: str
    requirements: tuple[StoredRequirement, ...]


class StoredReport(_Stored):
    """What a partner's gap report says: the partner's part of `gaps --format json`."""

    version: Literal[1] = 1
    id: str
    """The partner's."""
    name: str
    agreement: str | None
    """Agreement IDs, drawn together by `; `."""
    people: tuple[StoredPerson, ...]
    planned: str = ""
    """Stands for the offerings that were planned; earlier versions did not tell it."""


class StoredDocument(_Stored):
    """An ESD's document on which an issued document rests."""

    component: str
    kind: str
    esd: str
    day: date
    number: str
    document: str
    """Of the `FiledDocument`."""
    sha256: str
    origin: str


class StoredCovered(StoredPerson):
    """Where somebody stood whom an agreement covers, and what is on file of the person."""

    required: tuple[str, ...]
    """Components."""
    documents: tuple[StoredDocument, ...]
    deadlines: tuple[tuple[str, date], ...]
    """(component, day)."""
    lacks: tuple[str, ...]


class StoredPartner(_Stored):
    """The partner, as it was called then."""

    id: str
    name: str


class StoredAgreement(_Stored):
    """The agreement, as the roster had it then."""

    id: str
    school_year: str
    starts: date
    ends: date | None


class StoredClause(_Stored):
    """What a training confirmation or a training plan says (clause C of an agreement)."""

    version: Literal[1] = 1
    as_of: date
    known_at: datetime
    law: str
    mapping: str
    district: str
    citation: str
    partner: StoredPartner
    agreement: StoredAgreement
    people: tuple[StoredCovered, ...]


class PurgedClause(_Stored):
    """What stands in the place of a document whose content retention has taken."""

    purged: date


REPORT: StoredType[StoredReport] = StoredType("report", StoredReport)
CLAUSE: StoredType[StoredClause] = StoredType("training confirmation or plan", StoredClause)
PURGED: StoredType[PurgedClause] = StoredType("purged document", PurgedClause)
