"""Where something stands, and what is wrong with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item was read: file, sheet and cell; or URL and item of an API answer."""

    file: str = ""
    """Name of the file without its folder."""
    sha256: str = ""
    sheet: str = ""
    """Empty for files that have no sheets (csv)."""
    cell: str = ""
    """A1 address: of the row's first cell, or of the matrix cell."""
    url: str = ""
    item: str = ""

    def __str__(self) -> str:
        """Return the place as a person would write it: `acme.xlsx, Completions!A12`."""
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return ", ".join(part for part in (self.file or self.url, place or self.item) if part)


class Area(StrEnum):
    """What a finding is about; the worklist and the night's summary group by it."""

    CONFIG = "configuration"
    ROSTER = "roster"
    MAPPING = "mapping"
    LAYOUT = "layout"
    FILE = "file"
    ROW = "row"
    PERSON = "person"
    CLAIM = "claim"
    DOUBT = "completion in doubt"
    COURSE = "unmapped course"
    SOURCE = "source"
    OFFERING = "offering"
    AGREEMENT = "agreement"
    DELIVERY = "delivery"


FORMER_CODES: Mapping[str, str] = MappingProxyType(
    {
        "building-days-too-many": "buildings-unreadable",
        "document-class-missing": "class-missing",
        "person-class-missing": "class-missing",
    }
)
"""Code → the code that earlier versions gave it; ids are made from that, so that what waits stays what it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person must look at: where it is, what was found, what was expected, what to do."""

    area: Area
    code: str
    """Kebab-case, stable, with one meaning: docs/findings.md names them all."""
    where: str
    found: str
    expected: str
    remedy: str
    people: tuple[str, ...] = ()
    """Person IDs on the roster whom it concerns; empty when nobody in particular."""
    source: str = ""
    blocks: bool = False
    """True when the file it stands in cannot come into force as long as it is there."""
    handle: str = ""
    """The id that a person uses on the worklist, of a claim or a question; otherwise it is made from the finding."""
    weight: int = 0
    """How much settling it does good: in its area the worklist shows the heaviest first."""
    leads: bool = False
    """True when it goes before everything else: it has waited for too long."""

    @property
    def id(self) -> str:
        """Return an id that stays the same on every night on which the same thing is found in the same place."""
        if self.handle:
            return self.handle
        code = FORMER_CODES.get(self.code, self.code)
        text = "\x1f".join((self.area, code, self.where, self.found, self.source))
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {self.found}. Expected: {self.expected}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding and since when it has been waiting."""

    finding: Finding
    scope: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """A person's decision about one claim."""

    claim_id: str
    accepted: bool
    reason: str
    decided_by: str
    decided_on: date
    person_name: str = ""
    """The name that the roster had for the person when it was decided; empty where nobody recorded one."""
