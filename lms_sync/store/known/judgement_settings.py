"""What of the settings a judgement rests on, as it is recorded with the facts that it judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms_sync.model.closed_days import ClosedDays
from lms_sync.model.readings import ConfiguredSource
from lms_sync.model.stored.stored_type import StoredType
from lms_sync.workspace.settings.section import Zone


@dataclass(frozen=True, slots=True)
class JudgementSettings:
    """The settings that a judgement and its report depend on."""

    district: str
    contact: str
    zone: Zone
    due_soon_days: int
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """Source → what partners read instead of its name."""
    sources: tuple[ConfiguredSource, ...] = ()
    """Those of lms_sync.toml; earlier versions did not record them, nor what follows."""
    closed: tuple[ClosedDays, ...] = ()
    no_offering: str = ""
    own_rule: str = ""
    """Both as [reports] of the settings says them."""


JUDGEMENT_SETTINGS: StoredType[JudgementSettings] = StoredType("settings", JudgementSettings)
