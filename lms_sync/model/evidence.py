"""What sources say, and what it counts for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lms_sync.model.finding import Finding, Origin, short_hash
from lms_sync.model.many_records import RecordsOfFile
from lms_sync.model.quickly_made import quickly_made
from lms_sync.model.sign_up import SignUp

NOWHERE = Origin()


@quickly_made
@dataclass(frozen=True, slots=True)
class Learner:
    """A source's idea of someone, with the identifiers as read."""

    source: str
    key: str
    """What tells this learner from others in the source: its account id, else person id, e-mail or name."""
    person_id: str = ""
    """Only where the layout or the source says that this is the *person's* id."""
    emails: tuple[str, ...] = ()
    """Addresses, or a hash of one (`address.named_by`)."""
    first_name: str = ""
    last_name: str = ""
    employer: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the e-mail addresses that can be read."""
        return tuple([email for email in self.emails if "@" in email])


class ClaimReason(StrEnum):
    """Why a reading is a claim, which only a person may accept."""

    WAIVER = "waiver"
    """The source says exempt, waived, equivalent or excused; only an ESD can waive."""
    NO_DATE = "no date"
    NO_HOST = "no host school or experienced officer"
    NO_HOURS = "no time was spent on the job"
    """The source says that an on-the-job day took 0 hours."""
    CORRECTION = "reported by the partner"
    DAY_UNSURE = "the day is not certain"
    """The source tells that it was completed, and several days on which that may have been; `day` is the last."""
    PARTIAL = "not every requirement was met"
    """The source calls it completed, and does not tell whether so few of its requirements are enough."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Completion:
    """One completion as a source states it; stored as it came and never rewritten."""

    source: str
    record: str
    """The record key: with `source` the identity, whatever file it came in."""
    learner: Learner
    course: str
    """The source's course id, or its title where it has none."""
    course_title: str
    day: date | None
    """The district's calendar day; None only for a claim."""
    origin: Origin
    unit: str = ""
    unit_title: str = ""
    instant: datetime | None = None
    """UTC; None when the source tells no time or the local time is ambiguous."""
    zone: str = ""
    """Time zone in which the source's text was read; empty for plain dates."""
    status: str = ""
    """The status word as read."""
    claim: ClaimReason | None = None
    score: Decimal | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    """Sorted (name, value): `host_school`, `experienced_officer`, `certificate`, `hours`; `possible_days` of a claim
    whose day is not certain; `course_in_file_name` where only the file's name tells the course."""

    @property
    def content(self) -> tuple[object, ...]:
        """Return what makes two readings of one record the same evidence; origin, zone and wording do not."""
        return (self.course, self.unit, self.day, self.claim, self.score, self.attributes)


@dataclass(frozen=True, slots=True)
class NotDone:
    """A reading whose status word says that nothing was completed (yet, or any more)."""

    source: str
    record: str
    learner: Learner
    status: str
    sign_up: SignUp | None = None
    """For somebody who is only registered, enrolled or waitlisted: that ends no earlier completion."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A record that the source itself states as voided or deleted."""

    source: str
    record: str
    status: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that could not be read; the finding says where and why."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is passed over on purpose (a totals row, a blank matrix cell), with the reason."""

    reason: str


Reading = Completion | NotDone | Revoked | Refused | Skipped


@dataclass(frozen=True, slots=True)
class FormerKey:
    """What an earlier version made of the same row: the keys by which its evidence is known again."""

    record: str
    learner: str


@dataclass(frozen=True, slots=True)
class Item:
    """The ledger's unit: a row, a matrix cell or an API record, with its text as read and what was made of it."""

    origin: Origin
    text: tuple[tuple[str, str], ...]
    """(heading, text) as read, of the columns that are kept."""
    reading: Reading
    identifying: frozenset[str] = field(default_factory=frozenset)
    """The headings in `text` whose values identify a person."""
    readable: frozenset[str] = field(default_factory=frozenset)
    """The headings in `text` whose values say nothing of who it was; the others are kept as hashes of strangers."""
    former: tuple[FormerKey, ...] = ()
    """The keys that earlier versions gave it, the newest first, where they are others than those in `reading`."""
    row: bytes = field(default=b"", compare=False)
    """Keyed hash of its row and all that its reading rests on; empty for an item that is to be read each time."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Credit:
    """A completion (or accepted claim) counted toward one requirement of one person."""

    requirement: str
    day: date
    source: str
    record: str
    origin: str
    title: str
    amount: int = 1
    """On-the-job days or check-ins that the completion stands for; 1 for a topic."""
    host_school: str = ""
    experienced_officer: str = ""
    waived: bool = False
    """True for an accepted waiver claim: a reviewer's recorded decision that an ESD waived it."""
    place: Origin = NOWHERE
    """`origin` in its parts."""
    as_read: bool = False
    """True where `title` is the source's, because the map has none."""
    doubted: date | None = None
    """Since when HR is to decide whether it is kept or ended; None for a sound one."""
    again: bool = False
    """True where its record was done before: it counts only where no earlier credit of the record does."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Claim:
    """A completion that would count toward a requirement once a person accepts it."""

    claim_id: str
    requirement: str
    day: date | None
    reason: str
    source: str
    record: str
    origin: str
    title: str
    place: Origin = NOWHERE
    """`origin` in its parts."""
    as_read: bool = False
    """True where `title` is the source's, because the map has none."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Documentation:
    """An ESD's document for one component of one person (RCW 28A.310.515(4))."""

    component: str
    """`classroom`, `on-the-job` or `check-in`."""
    kind: str
    """`verified` or `waived`."""
    esd: str
    day: date
    number: str = ""
    document_id: str = ""
    """Of the `FiledDocument` that says so."""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as read, with what became of it."""

    item_id: str
    origin: Origin
    record: str
    outcome: str
    """When it was read first."""
    text: tuple[tuple[str, str], ...]
    text_hash: str
    """See `item_text.text_hash`."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was last read."""

    source: str
    fingerprint: str
    name: str
    sha256: str
    first_read_at: datetime
    ledger: Mapping[str, int]
    records: RecordsOfFile
    """Those that the file shows as done."""
    spoken: RecordsOfFile
    """Every record that the file says anything of, also that it is not done."""
    there: bool = True
    """False for one that is gone, or is no longer as it was read; then only records of which no newer one speaks."""


@dataclass(frozen=True, slots=True)
class FileThere:
    """A file that was there when its source was read last, and what became of its items."""

    fingerprint: str
    name: str
    sha256: str
    ledger: Mapping[str, int]


@quickly_made
@dataclass(frozen=True, slots=True)
class StoredCompletion:
    """A completion to store, and the item that it was read from."""

    completion: Completion
    item_id: str


def claim_id(completion: Completion) -> str:
    """Return what stays the same while the completion's content does."""
    score = completion.score
    # Written out part by part, as `content` has them: every completion of a district is asked for its id.
    return short_hash(
        completion.source,
        completion.record,
        completion.course,
        completion.unit,
        str(completion.day),
        str(completion.claim),
        # The same for equal scores: 90 and 90.0 are one.
        "None" if score is None else format(score.normalize(), "f"),
        str(completion.attributes),
    )
