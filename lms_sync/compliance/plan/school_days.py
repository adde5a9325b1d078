"""On which days training can be proposed: the law's working days without those on which schools are closed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from lms_sync.law.days import working_days
from lms_sync.model.closed_days import ClosedDays

WorkingDays = Callable[[date, date], Iterable[date]]
"""Gives the days between two days, both included, that are no Saturday, Sunday or legal holiday, in order."""

MOST_SPANS = 1_000
"""So many spans of open days are remembered."""
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """The days on which schools are open, as far as the district has said it. Only proposals ask for them."""

    closed: tuple[ClosedDays, ...] = ()
    working_days: WorkingDays = working_days
    _spans: dict[tuple[date, date], tuple[date, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was asked for already: a plan asks for one span, from today to a due date, for person after person."""

    @property
    def known_until(self) -> date | None:
        """Return the last day of the stated calendar; None where the district has stated none."""
        return max((days.last for days in self.closed), default=None)

    def known(self, day: date) -> bool:
        """Tell whether the stated calendar reaches the day."""
        return self.known_until is not None and day <= self.known_until

    def open_from(self, start: date) -> Iterator[date]:
        """Yield the open days from `start` on, without an end."""
        while True:
            yield from (day for day in self.working_days(start, start + WEEK - DAY) if not self._closed(day))
            start += WEEK

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """Return the open days between two days, both included, in order."""
        span = start, end
        if span not in self._spans:
            if len(self._spans) == MOST_SPANS:
                self._spans.clear()
            self._spans[span] = tuple(day for day in self.working_days(start, end) if not self._closed(day))
        return self._spans[span]

    def next_open(self, start: date, number: int, *, without: Iterable[date] = ()) -> list[date]:
        """Return the next `number` open days from `start` on that are not among `without`."""
        taken = frozenset(without)
        return list(islice((day for day in self.open_from(start) if day not in taken), number))

    def _closed(self, day: date) -> bool:
        return any(day in days for days in self.closed)
