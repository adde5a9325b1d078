"""Runs and pulls: what was tried when, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PullRecord:
    """One attempt to pull a source."""

    source: str
    pulled_at: datetime
    outcome: str
    """`stored`; `incomplete` when a file of it could not be read; `failed`; `safety stop`."""
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
