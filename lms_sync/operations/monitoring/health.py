"""How a workspace is, as monitoring asks: the last night, the sources, what waits, the outbox. Counts, no names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from lms_sync.errors import (
    EXIT_BUG,
    EXIT_DONE,
    EXIT_FINDINGS,
    Locked,
    SafetyStop,
    SourceError,
    UsageError,
)
from lms_sync.mail.newest import newest
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.model.run import RunRecord
from lms_sync.operations.clock_behind import BEHIND
from lms_sync.operations.opening import is_being_written
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day

LATE = timedelta(hours=26)
"""A night that began longer ago than this has been missed."""
LONG = timedelta(hours=6)
"""A night that runs longer than this hangs."""


class HealthVerdict(IntEnum):
    """What monitoring is told. Source of the numbers: the Monitoring Plugins' guidelines (Nagios)."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_OF_EXIT_CODE: Mapping[int, tuple[HealthVerdict, str]] = {
    EXIT_DONE: (HealthVerdict.OK, ""),
    EXIT_FINDINGS: (HealthVerdict.OK, ""),
    UsageError.exit_code: (HealthVerdict.WARNING, "something that people edit is wrong (exit code 2)"),
    SourceError.exit_code: (HealthVerdict.WARNING, "a source or the mail server failed (exit code 3)"),
    SafetyStop.exit_code: (HealthVerdict.CRITICAL, "a source was stopped for safety (exit code 4)"),
    EXIT_BUG: (HealthVerdict.CRITICAL, "the program failed (exit code 5)"),
    Locked.exit_code: (HealthVerdict.WARNING, "another run held the lock (exit code 75)"),
}


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source."""

    name: str
    stored_at: datetime | None
    """When it was last read whole and stored; None for never."""
    tried_at: datetime
    outcome: str
    """Of the last try: stored | incomplete | failed | safety stop."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a workspace is at an instant."""

    at: datetime
    last: RunRecord | None
    sources: tuple[SourceHealth, ...]
    waiting: Mapping[str, int]
    """Area of the worklist → findings that wait."""
    outbox: Mapping[str, int]
    """State → deliveries; all states."""
    current: Mapping[str, int]
    """State → deliveries that nothing newer replaces and nobody stopped: what a person may have to look at."""
    runs: bool = False
    """The last night began and runs still."""

    @property
    def age(self) -> timedelta | None:
        """Return how long ago the last night began; None when there was none."""
        return None if self.last is None else self.at - self.last.started_at


def health_of(workspace: Workspace) -> Health:
    """Return how the workspace is now."""
    store = workspace.store
    last = store.runs.last("nightly")
    deliveries = store.deliveries.listed(*DeliveryState)
    sources = tuple(
        SourceHealth(name, stored.pulled_at if stored else None, tried.pulled_at, tried.outcome)
        for name, (stored, tried) in sorted(store.runs.pulls().items())
    )
    return Health(
        workspace.clock(),
        last,
        sources,
        dict(sorted(store.findings.by_area().items())),
        _by_state(deliveries),
        _by_state(newest(deliveries)),
        runs=last is not None and last.finished_at is None and is_being_written(workspace),
    )


def _by_state(deliveries: Sequence[Delivery]) -> dict[str, int]:
    states = Counter(delivery.state for delivery in deliveries)
    return {state.value: states[state] for state in DeliveryState}


def judge_health(health: Health) -> tuple[HealthVerdict, tuple[str, ...]]:
    """Return the worst that is so, and why in words; nothing to say for a sound workspace."""
    found = tuple(_troubles(health))
    return max((verdict for verdict, _ in found), default=HealthVerdict.OK), tuple(words for _, words in found)


def _troubles(health: Health) -> Iterator[tuple[HealthVerdict, str]]:
    last, age = health.last, health.age
    if last is None or age is None:
        yield HealthVerdict.CRITICAL, "no night has run here yet"
        return
    hours = age.total_seconds() / 3600
    if -age > BEHIND:
        yield HealthVerdict.CRITICAL, "the last night began at a time to come: the clock is wrong, or was"
    if age > LATE:
        yield HealthVerdict.CRITICAL, f"the last night began {hours:.0f} h ago"
    if last.finished_at is None and not health.runs:
        yield HealthVerdict.CRITICAL, f"the last night did not finish ({hours:.0f} h ago)"
    elif last.finished_at is None and age > LONG:
        yield HealthVerdict.CRITICAL, f"the last night has run for {hours:.0f} h and not finished"
    if last.exit_code is not None:
        verdict, words = _OF_EXIT_CODE.get(last.exit_code, (HealthVerdict.CRITICAL, f"exit code {last.exit_code}"))
        if verdict is not HealthVerdict.OK:
            yield verdict, words
    for source in health.sources:
        if source.stored_at is None or health.at - source.stored_at > 2 * LATE:
            yield HealthVerdict.WARNING, f"the source {source.name} has not been read since {_day(source.stored_at)}"
    for state in (DeliveryState.UNKNOWN, DeliveryState.FAILED):
        if health.current.get(state.value):
            yield HealthVerdict.WARNING, f"messages {state.value}: {health.current[state.value]}"


def _day(instant: datetime | None) -> str:
    return "the beginning" if instant is None else written_day(instant.date())


def check_line(health: Health) -> tuple[HealthVerdict, str]:
    """Return the verdict and the one line that monitoring shows and parses."""
    verdict, troubles = judge_health(health)
    age = health.age
    words = "; ".join(troubles) or f"last night {(age.total_seconds() / 3600 if age else 0):.0f} h ago"
    figures = {
        "age": f"{age.total_seconds():.0f}s" if age is not None else "U",
        "waiting": str(sum(health.waiting.values())),
        **{state: str(health.current.get(state, 0)) for state in ("held", "unknown", "failed")},
    }
    return verdict, f"LMS_SYNC {verdict.name} - {words} | {' '.join(f'{n}={v}' for n, v in figures.items())}"


def health_json(health: Health) -> dict[str, object]:
    """Return the same for programs; instants in UTC."""

    def written(instant: datetime | None) -> str | None:
        return None if instant is None else instant.isoformat(timespec="seconds")

    verdict, troubles = judge_health(health)
    last = health.last
    return {
        "at": written(health.at),
        "verdict": verdict.name.lower(),
        "troubles": list(troubles),
        "last_night": None
        if last is None
        else {
            "started": written(last.started_at),
            "finished": written(last.finished_at),
            "exit_code": last.exit_code,
        },
        "sources": [
            {"name": s.name, "stored": written(s.stored_at), "tried": written(s.tried_at), "outcome": s.outcome}
            for s in health.sources
        ],
        "waiting": dict(health.waiting),
        "outbox": dict(health.outbox),
    }
