"""One night a local day: a clock that goes back, or a timer that fires twice, starts no second one by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lms_sync.errors import EXIT_BUG
from lms_sync.model.run import RunRecord
from lms_sync.store.workspace import Workspace


def night_instead(workspace: Workspace, *, once_a_day: bool) -> RunRecord | None:
    """Return the night that has run instead of one that is to begin now; None where it is to run."""
    earlier = workspace.store.runs.last("nightly")
    stands = stands_for(earlier, workspace.clock(), workspace.zone, once_a_day=once_a_day)
    return earlier if stands else None


def stands_for(earlier: RunRecord | None, now: datetime, zone: ZoneInfo, *, once_a_day: bool) -> bool:
    """Tell whether a night that came to its end is the night that a schedule asks for now.

    With `once_a_day` any of the same local day is; without, only one of the hour before the clock went back when
    `now` lies in the same hour after that. One that was broken off, or failed by a fault of the program, is none.
    """
    if earlier is None or earlier.finished_at is None or earlier.exit_code == EXIT_BUG:
        return False
    began, here = earlier.started_at.astimezone(zone), now.astimezone(zone)
    # Two times of one zone are compared as the clock on the wall shows them: the later one may look earlier.
    if began.date() != here.date() or earlier.started_at.astimezone(UTC) > now.astimezone(UTC):
        return False
    return once_a_day or (here.fold == 1 and _twice(began) and began.fold == 0)


def _twice(instant: datetime) -> bool:
    """Tell whether a clock on the wall shows this time twice on its day."""
    return instant.replace(fold=0).utcoffset() != instant.replace(fold=1).utcoffset()


def earlier_nights(workspace: Workspace, now: datetime) -> tuple[datetime, ...]:
    """Return when the nights began that began before `now` on its local day, in the district's zone."""
    here = now.astimezone(workspace.zone)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    began = workspace.store.runs.since("nightly", midnight.astimezone(UTC))
    return tuple(at.astimezone(workspace.zone) for at in began if at < now)
