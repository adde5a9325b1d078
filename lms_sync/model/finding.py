"""Where something stands, and what is wrong with it."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from lms_sync.model.quickly_made import quickly_made

UNNAMED = "a file read on "
"""What stands, with the day, for the name of a file in which nobody of the roster stood when it was read."""
_ROW = re.compile(r"\d+$")


@quickly_made
@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item was read: file, sheet and cell; or URL and item of an API answer."""

    file: str = ""
    """Name of the file without its folder; or UNNAMED and the day."""
    sha256: str = ""
    sheet: str = ""
    """Empty for files that have no sheets (csv)."""
    cell: str = ""
    """A1 address: of the row's first cell, or of the matrix cell."""
    url: str = ""
    item: str = ""

    def __str__(self) -> str:
        """Return the place as a person would write it: `acme.xlsx, Completions!A12`; `a file read on DAY, row 12`."""
        if self.file.startswith(UNNAMED):
            return f"{self.file}, row {row[0]}" if (row := _ROW.search(self.cell)) else self.file
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell or self.item
        file = self.file or self.url
        return f"{file}, {place}" if file and place else file or place


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


AREA_HEADINGS: Mapping[Area, str] = MappingProxyType(
    {
        Area.CONFIG: "Settings",
        Area.SOURCE: "Sources",
        Area.ROSTER: "Roster",
        Area.MAPPING: "Course map",
        Area.LAYOUT: "Layouts",
        Area.DELIVERY: "Deliveries",
        Area.CLAIM: "Claims: only a person decides them",
        Area.DOUBT: "Completions in doubt: keep or end",
        Area.PERSON: "People",
        Area.AGREEMENT: "Agreements",
        Area.COURSE: "Courses that nobody has matched to topics yet, those of most people first",
        Area.OFFERING: "What no class covers",
        Area.FILE: "Files",
        Area.ROW: "Rows and cells",
    }
)
"""Area → heading, in the order in which a person should take them up."""


def kind_words(heading: str) -> str:
    """Return a heading without what it says besides: `Claims` of `Claims: only a person decides them`."""
    return heading.partition(":")[0].partition(",")[0]


ID_DIGITS = 16
"""Hexadecimal digits of the ids of findings and claims: 64 bits."""
FORMER_DIGITS = 8
"""Those that earlier versions had; of a claim they are the first eight of today's."""


def short_hash(*parts: str) -> str:
    """Return the id that stands for the parts, none of which may run into the next."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:ID_DIGITS]


FORMER_CODES: Mapping[str, str] = MappingProxyType(
    {
        "building-days-too-many": "buildings-unreadable",
        "document-class-missing": "class-missing",
        "person-class-missing": "class-missing",
    }
)
"""Code → the code that earlier versions gave it, by which what waits is known again."""


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
    subject: str = ""
    """What it is about, where `where` holds words or counts that change, or is the place of several findings of a
    code: a record's key, a person, a partner, a course, a column. Blank: `where` tells."""

    @property
    def id(self) -> str:
        """Return an id that stays the same as long as the same thing is wrong with the same subject.

        Words and counts may change meanwhile; they are no part of it.
        """
        return self.handle or short_hash(self.area, self.code, self.source, self.subject or self.where)

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {ended(self.found)} Expected: {ended(self.expected)} {self.remedy}"


def ended(sentence: str) -> str:
    """Return a sentence with a full stop, where it has no end of its own."""
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def with_distinct_ids(findings: Iterable[Finding]) -> dict[Finding, Finding]:
    """Return each finding → the same with an id that no other has which stands in another place or other words.

    Of several about one subject the first by its place keeps the id that it would have alone.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in dict.fromkeys(findings):
        groups.setdefault(finding.id, []).append(finding)
    apart: dict[Finding, Finding] = {}
    for alike in groups.values():
        if len(alike) == 1:  # as nearly always
            apart[alike[0]] = alike[0]
            continue
        first, *others = sorted(alike, key=lambda finding: (finding.where, finding.found))
        places = Counter(finding.where for finding in alike)
        apart[first] = first
        for other in others:
            words = other.found if places[other.where] > 1 else ""
            subject = "\x1f".join((other.subject or other.where, other.where, words))
            apart[other] = other if other.handle else replace(other, subject=subject)
    return apart


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding and since when it has been waiting."""

    finding: Finding
    scope: str
    first_seen: datetime
    former: bool = False
    """True for one of an earlier version that no night of this one has found again."""


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
    training_day: date | None = None
    """When the training was, where the source gives no day; None where an earlier version asked nobody for it."""

    @property
    def counts_from(self) -> date:
        """Return the day that is credited where the source gives none."""
        return self.training_day or self.decided_on
