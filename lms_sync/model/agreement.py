"""The agreement year as people record it: documents of the ESD, the review, the yearly duties, what must be kept."""

from dataclasses import dataclass
from datetime import date

from lms_sync.model.evidence import Documentation


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that somebody handed in, kept under the hash of its content."""

    sha256: str
    name: str
    """As it was called when it was handed in, without its folder."""
    media_type: str
    """By content, never by name."""
    size: int
    """Bytes."""
    notes: tuple[str, ...] = ()
    """What a person should know before opening it (a script in it), in sentences."""


@dataclass(frozen=True, slots=True)
class SheetScan:
    """The scan of a class's sheet, filed with the typed sheet that is a source's file."""

    scan_id: str
    source: str
    sheet: str
    """The name of the source's file."""
    file: KeptFile
    filed_by: str
    filed_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document of an ESD as a reviewer filed it: for one or many people and components."""

    document_id: str
    people: tuple[str, ...]
    """Person IDs."""
    components: tuple[str, ...]
    """`classroom`, `on-the-job`, `check-in`."""
    kind: str
    """`verified` or `waived`."""
    esd: str
    day: date
    """The day on which the ESD verified or waived, as the document says."""
    number: str
    """The ESD's number of the document; empty when it has none."""
    file: KeptFile
    filed_by: str
    filed_on: date
    reason: str = ""
    """Why, in the reviewer's words: for one that needed a word."""
    origin: str = ""
    """Sheet and cell of the ESD's list that says so; empty for a document of its own."""
    names: tuple[str, ...] = ()
    """`Last, First` of each of `people`, in their order, as the roster had it on that day; empty in older facts."""

    def documentation(self) -> tuple[Documentation, ...]:
        """Return what the document says of each of its people: one for each component."""
        return tuple(
            Documentation(component, self.kind, self.esd, self.day, self.number, self.document_id)
            for component in self.components
        )


@dataclass(frozen=True, slots=True)
class EsdRequest:
    """A request to an ESD for the documentation of one person (RCW 28A.310.515(4): on request)."""

    request_id: str
    person_id: str
    components: tuple[str, ...]
    """Those that were finished and not documented when it was made."""
    esd: str
    requested_on: date
    requested_by: str
    remind_on: date
    """From this day on an unanswered request is a finding."""
    packet: KeptFile
    """What was sent: a PDF, kept as it was made."""
    answered_on: date | None = None
    answered_by: str = ""
    """Who recorded the answer."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedPoint:
    """One point of an agreement's yearly review as a reviewer recorded it."""

    agreement_id: str
    point: str
    """As law/yearly.toml names it: `A1` … `B2`, `parents` …"""
    done: bool
    on: date | None
    how: str
    who: str
    note: str
    file: KeptFile | None
    recorded_by: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Adoption:
    """That the board adopted an agreement for its year."""

    agreement_id: str
    on: date
    note: str
    file: KeptFile | None
    """The agreement as adopted, or the minutes."""
    recorded_by: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class DutyDone:
    """That one of the yearly duties was done."""

    duty: str
    """As law/yearly.toml names it: `students`, `families`, `ospi`."""
    school_year: str
    """`2026-27`."""
    building: str
    """Empty for the whole district."""
    on: date
    note: str
    file: KeptFile | None
    recorded_by: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Hold:
    """That nothing about somebody or something may be purged until the hold is lifted."""

    subject: str
    """A Person ID, an Agreement ID, or `everything`."""
    reason: str
    set_by: str
    set_on: date
