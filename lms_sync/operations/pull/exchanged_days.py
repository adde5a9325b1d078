"""The refusal of a pull whose records come again with day and month exchanged: an export that writes days otherwise.

Where both orders give a day that is possible, nothing in a row says which was meant; only what was read before does.
Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from lms_sync.errors import SafetyStop
from lms_sync.model.evidence import Completion
from lms_sync.operations.pull.changes import Add, ChangePlan, Correct, PulledItem
from lms_sync.operations.pull.doubts import Question
from lms_sync.text import command_line

FEW = 3
"""Fewer exchanged days are corrections: somebody mistyped a day, and put it right."""
EXAMPLES = 3


class DaysExchanged(SafetyStop):
    """Records came again with day and month exchanged."""


@dataclass(frozen=True, slots=True)
class DayChange:
    """A training of which tonight's data tell another day than what is stored of it."""

    former: Completion
    now: Completion
    item: int | None
    """Of the pull; None for a row that is none."""
    same_record: bool
    """False where the record's key has the day in it, or a day that it was due: then it comes as another record."""

    @property
    def exchanged(self) -> bool:
        """Tell whether the day is the former one with day and month exchanged."""
        return exchange(day_written(self.former)) == day_written(self.now) is not None

    def __str__(self) -> str:
        return f"{day_written(self.now)} was {day_written(self.former)}"


def exchange(day: date | None) -> date | None:
    """Return a day with day and month exchanged; None where that is none, or the same."""
    if day is None or day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def day_written(completion: Completion) -> date | None:
    """Return the day as the source wrote it: of an instant, in the zone in which it was read."""
    if completion.instant is None or not completion.zone:
        return completion.day
    return completion.instant.astimezone(_zone(completion.zone)).date()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def corrected_days(plan: ChangePlan, sightings: Sequence[PulledItem]) -> tuple[DayChange, ...]:
    """Return of which records a plan changes the day, or asks whether to, and whose further day it stores."""
    found: dict[tuple[str, date | None], DayChange] = {}
    for change in plan.changes:
        match change:
            case Correct(former, Completion() as now, item) | Question(former, _, item, _, Completion() as now):
                day = getattr(sightings[item].reading, "day", None)
                if now.day == day != former.day:
                    found.setdefault((former.record, now.day), DayChange(former, now, item, same_record=True))
    return tuple(found.values())


def added_of(plan: ChangePlan) -> Iterator[tuple[Completion, int]]:
    """Yield the completions that a plan adds, each with its item."""
    return ((change.completion, change.item) for change in plan.changes if isinstance(change, Add))


def moved_days(
    added: Iterable[tuple[Completion, int | None]], stored: Iterable[Completion], *, spoken: Set[str]
) -> Iterator[DayChange]:
    """Yield the trainings that come as new records, while one of the same learner and course is no longer told.

    `stored` are completions of the learners; `spoken` the records of which tonight's data speak.
    """
    gone: dict[tuple[str, str, str], list[Completion]] = {}
    for former in stored:
        if former.record not in spoken:
            gone.setdefault(_training(former), []).append(former)
    for now, item in added:
        formers = gone.get(_training(now), ())
        for former in formers:
            if DayChange(former, now, item, same_record=False).exchanged:
                yield DayChange(former, now, item, same_record=False)
                break
        else:
            yield from [DayChange(former, now, item, same_record=False) for former in formers[:1]]


def _training(completion: Completion) -> tuple[str, str, str]:
    return (completion.learner.key, completion.course, completion.unit)


def looks_exchanged(changes: Sequence[DayChange], unchanged: Iterable[Completion]) -> bool:
    """Tell whether so many days came exchanged that the export writes them otherwise.

    Most of the days that changed are; and they are different days, as no class has, or are most of those that an
    exchange would show in: `unchanged` yields what the same files tell as before.
    """
    exchanged = [change for change in changes if change.exchanged]
    if len(exchanged) < FEW or 2 * len(exchanged) <= len(changes):
        return False
    if len({day_written(change.former) for change in exchanged}) >= FEW:
        return True
    as_before = sum(exchange(day_written(completion)) is not None for completion in unchanged)
    return len(exchanged) > as_before


def days_stop(changes: Sequence[DayChange], *, source: str, files: Iterable[str]) -> DaysExchanged:
    """Return the refusal of a pull; `files` are the names of those in which it stands, as they may be told."""
    exchanged = [change for change in changes if change.exchanged]
    examples = [*dict.fromkeys(map(str, exchanged))]
    first = ", ".join(examples[:EXAMPLES]) + (", …" if len(examples) > EXAMPLES else "")
    return DaysExchanged(
        f"source {source}: {len(exchanged)} of the {len(changes)} days that differ from what is stored are the former"
        f" ones with day and month exchanged ({first}; {', '.join(files)}), so nothing of it was stored",
        hint="An export that begins to write the day before the month, or no longer does, looks like this. Get it"
        " written as before, or state under [dates] of its layout how it writes days now. If the days are right now"
        " and the former ones were wrong, confirm it with"
        f" `{command_line('pull', source, accept_days=source)}`: what would then be late or open still waits for"
        " your word.",
    )


def same_trainings(changes: Iterable[DayChange]) -> frozenset[str]:
    """Return the records that are told with their former day exchanged."""
    return frozenset(change.former.record for change in changes if change.exchanged and change.same_record)


def records_corrected(plan: ChangePlan) -> frozenset[str]:
    """Return the stored records of which a plan puts a completion right."""
    return frozenset(change.old.record for change in plan.changes if isinstance(change, Correct))


def with_former_ended(plan: ChangePlan, changes: Iterable[DayChange]) -> ChangePlan:
    """Return a plan that ends the former days of trainings that come as other records, so that none counts twice."""
    former: Mapping[tuple[str, date | None], Correct] = {
        (change.former.record, change.former.day): Correct(change.former, None, change.item)
        for change in changes
        if change.exchanged and not change.same_record and change.item is not None
    }
    return ChangePlan((*plan.changes, *former.values()), plan.outcomes, plan.findings)
