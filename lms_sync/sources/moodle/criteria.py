"""On which day a course was completed, as far as Moodle's function for one person tells it by the criteria. Pure.

The course's own time is not in the answer. It is the latest of the criteria that were met when Moodle last looked, so
it is certain only where every way of adding them up gives one day. The answer names how the kinds of criteria add up,
and not how several of one kind do ("any of the activities"); imported completions have no criterion behind them.
Measured: the latest criterion's time, in all 873 answers compared with a database whose courses ask for everything.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lms_sync.sources.moodle.answers import Criterion, Status

ANY = 2
"""Aggregation of a course that one criterion completes."""


@dataclass(frozen=True, slots=True)
class Certain:
    """When the course was completed."""

    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The days on which it may have been completed."""

    days: tuple[date, ...]
    """In the district's calendar, sorted; empty where nothing tells of any."""


def completed_at(status: Status, zone: str) -> Certain | Unsure:
    """Return when a course that is complete was completed; `zone` is the one whose calendar days count."""
    times = sorted(
        _at(criterion) for criterion in status.completions if criterion.complete and criterion.timecompleted
    )
    if not times or _contradicts(status):
        return Unsure(())
    earliest = times[0] if status.aggregation == ANY else max(_earliest(status.completions))
    days = sorted({day for at in times if (day := _day(at, zone)) >= _day(earliest, zone)})
    if len(days) > 1 or _leaves_open(status):
        return Unsure(tuple(days))
    return Certain(times[0] if status.aggregation == ANY else times[-1])


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _at(criterion: Criterion) -> datetime:
    return datetime.fromtimestamp(criterion.timecompleted or 0, UTC)


def _kinds(completions: Sequence[Criterion]) -> dict[int, list[Criterion]]:
    kinds = defaultdict(list)
    for criterion in completions:
        kinds[criterion.kind].append(criterion)
    return kinds


def _earliest(completions: Sequence[Criterion]) -> list[datetime]:
    """Return, for each kind, when its first criterion was met: any of several may be enough."""
    kinds = _kinds(completions).values()
    return [
        min(met)
        for same in kinds
        if (met := [_at(criterion) for criterion in same if criterion.complete and criterion.timecompleted])
    ]


def _contradicts(status: Status) -> bool:
    """Tell whether a kind of criterion was not met at all, where each kind must be: the completion was imported."""
    kinds = _kinds(status.completions).values()
    return status.aggregation != ANY and any(not any(criterion.complete for criterion in same) for same in kinds)


def _leaves_open(status: Status) -> bool:
    """Tell whether a criterion that may be asked for was not met, or one that was met has no time."""
    undated = any(criterion.complete and not criterion.timecompleted for criterion in status.completions)
    return undated or (status.aggregation != ANY and not all(criterion.complete for criterion in status.completions))
