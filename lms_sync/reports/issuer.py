"""Everybody judged on one day, and all that making documents of it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from lms_sync.compliance.judge import Judged
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.reports.templates import Templates
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.config import Config


class Correspondence(Protocol):
    """What every message needs, whatever it tells."""

    @property
    def config(self) -> Config:
        """Return the settings."""

    @property
    def templates(self) -> Templates:
        """Return how documents speak."""

    @property
    def now(self) -> datetime:
        """Return the instant of the message."""

    @property
    def mint(self) -> Callable[[], str]:
        """Return what gives a new unique token for ids on each call."""


@dataclass(frozen=True, slots=True)
class SummaryIssuer:
    """All that the summary of a night needs, of which no judgement need be made."""

    config: Config
    templates: Templates
    now: datetime
    mint: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Issuer:
    """What every document needs that is made of a judgement."""

    config: Config
    snapshot: Snapshot
    judged: Judged
    templates: Templates
    now: datetime
    mint: Callable[[], str]
    """Gives a new unique token for ids on each call."""
    pseudonyms: Pseudonyms

    @property
    def today(self) -> date:
        """Return the district's calendar day."""
        return self.now.astimezone(self.templates.zone).date()
