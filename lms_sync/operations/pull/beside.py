"""What a pull is planned against beside the newest live completion of each record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lms_sync.model.doubt import Doubt
from lms_sync.model.evidence import Completion
from lms_sync.operations.pull.corrections import NobodyStands, Standings
from lms_sync.operations.pull.doubts import is_reset


@dataclass(frozen=True, slots=True)
class StoredBeside:
    """What the planner knows of a source beside the newest live completion of each record."""

    earlier: Mapping[str, tuple[Completion, ...]] = field(default_factory=dict)
    """Record → the live completions before the newest, oldest first."""
    doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    """Record → the doubts about it, decided ones too."""
    standings: Callable[[], Standings] = NobodyStands
    """Returns how everybody stands before the pull; asked for when something is corrected."""
    same_trainings: frozenset[str] = frozenset()
    """Records of which a person says that the day told now is that of the same training, however much later."""

    @property
    def doubted(self) -> frozenset[str]:
        """Return the records that the source did not call done when it spoke of them last."""
        return frozenset(record for record, doubts in self.doubts.items() if any(map(is_reset, doubts)))


NOTHING_BESIDE = StoredBeside()
