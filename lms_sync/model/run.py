"""Runs and pulls: what was tried when, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms_sync.errors import LmsSyncError, SafetyStop
from lms_sync.model.finding import Finding

EMPTY = "nothing in it"
"""Outcome of a pull of a source that tells all each time, where no pull has yet had a row that speaks of anybody."""


@dataclass(frozen=True, slots=True)
class PullRecord:
    """One attempt to pull a source."""

    source: str
    pulled_at: datetime
    outcome: str
    """`stored`; `incomplete` when a file of it could not be read; EMPTY; `failed`; `safety stop`."""
    detail: str
    ledger: Mapping[str, Mapping[str, int]]
    """File → outcome → number of items."""
    cursor: str = ""
    """Where the next pull goes on; empty for sources that are always read whole."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of a command that writes."""

    run_id: int
    command: str
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class FileLedger:
    """What became of the items of one file."""

    name: str
    outcomes: Mapping[str, int]
    dropped: tuple[str, ...] = ()
    """Headings of columns that were dropped before anything was kept."""
    unchanged: bool = False
    """True when the file was read on an earlier night and was not read again; the outcomes are that night's."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """How one source's pull went."""

    source: str
    files: tuple[FileLedger, ...]
    error: LmsSyncError | None
    """Why nothing of the source was stored; None when it was."""
    findings: Mapping[str, tuple[Finding, ...]]
    """By scope; a scope that is not named was not looked at."""

    @property
    def stopped(self) -> bool:
        """Tell whether the source was stopped because its data look broken."""
        return isinstance(self.error, SafetyStop)
