"""What HR is told about one night, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lms_sync.model.finding import Finding

DUE_DAYS = 14
"""A hold says who of the partner's people is due within this many days."""

State = Literal["held", "queued", "sending", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class FileNight:
    """What became of the items of one file, or of one API pull."""

    name: str
    outcomes: Mapping[str, int]
    """Outcome → items: `added`, `corrected` … `skipped`; their sum is the number of items."""
    dropped: tuple[str, ...] = ()
    """Headings of columns that were dropped before anything was kept."""
    unchanged: bool = False
    """True when it was not read again, because nothing about it had changed."""


@dataclass(frozen=True, slots=True)
class SourceNight:
    """How one source's pull went."""

    source: str
    files: tuple[FileNight, ...]
    trouble: str = ""
    """Why nothing of it was stored; empty when it was."""
    remedy: str = ""
    stopped: bool = False
    """True for a safety stop: the data look broken, so partners with people in it are held."""


@dataclass(frozen=True, slots=True)
class MessageNight:
    """One delivery of tonight, or one that still waits."""

    delivery_id: str
    """Empty where a dry run made it, so that there is nothing to release."""
    to: str
    """The partner's name, or `HR`."""
    state: State
    why: str = ""
    """Why it is held, failed or unknown: unreleased addresses, a safety stop, the server's words."""
    since: date | None = None
    """Since when it is held, where it was held on an earlier night already; it is told in full on the first."""
    due: tuple[str, ...] | None = None
    """Who of the partner's people is overdue or due within `DUE_DAYS` days, by name; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class UnsentSummary:
    """The summary of an earlier night that HR did not get."""

    day: date
    file: str
    """Where it lies, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class NightSummary:
    """What HR is told about one night."""

    district: str
    as_of: date
    known_at: datetime
    sources: tuple[SourceNight, ...]
    new: tuple[Finding, ...]
    """Findings that were not there on the last night."""
    waiting: tuple[Finding, ...]
    """Findings of earlier nights that still wait; none of `new`."""
    not_ours: int
    """Learners of the sources who are not on the roster; they are counted, never named."""
    messages: tuple[MessageNight, ...]
    states: tuple[tuple[str, int], ...] = ()
    """(state, people in it) of those assigned on `as_of`; none of them is 0."""
    moved: tuple[str, ...] = ()
    """Whose state is another than on the last night, in sentences; those newly overdue first."""
    newly_overdue: int = 0
    unsent: tuple[UnsentSummary, ...] = ()
    """Summaries that HR did not get since the last that it got, the oldest first."""
    earlier: tuple[datetime, ...] = ()
    """When nights began that began earlier on the same day, in the district's zone."""
    log_head: str = ""
    """Number and beginning of the hash of the audit log's newest entry, `17:3f29c0d1aa77b0e2`; empty for none."""
