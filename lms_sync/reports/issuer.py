"""Everybody judged on one day, and all that making documents of it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lms_sync.compliance.judge import Judged
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.reports.templates import Templates
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.workspace.settings.config import Config


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
