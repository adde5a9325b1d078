"""The course map as facts: what each course teaches, what can be taken, and the version of it all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache

EVERY_SOURCE = "*"
NOBODY_YET = ("?",)
"""In the column *For partners*: nobody has said yet who may take the offering."""


def topic_id(number: int) -> str:
    """Return the requirement that a topic is, by its number: `topic-01` to `topic-13`."""
    return f"topic-{number:02}"


def requirement_words(requirements: Iterable[str]) -> str:
    """Return requirements, and components, as people call them: `topics 1–4, 7 and on-the-job training days`."""
    ids = list(dict.fromkeys(requirements))
    numbers = sorted(int(name.removeprefix("topic-")) for name in ids if name.startswith("topic-"))
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    ranges = [f"{span[0]}–{span[-1]}" if len(span) > 2 else ", ".join(map(str, span)) for span in spans]
    topics = [f"{'topic' if len(numbers) == 1 else 'topics'} {', '.join(ranges)}"] if numbers else []
    parts = topics + [COMPONENTS.get(name, name) for name in ids if not name.startswith("topic-")]
    return " and ".join((*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]))


COMPONENTS = {
    "classroom": "the classroom topics",
    "on-the-job": "on-the-job training days",
    "check-in": "check-in trainings",
}
"""What a component is called in a sentence."""


@lru_cache(maxsize=4_096)  # a row is asked once a completion
def _taught(topics: tuple[int, ...], on_the_job_days: int, check_ins: int) -> tuple[tuple[str, int], ...]:
    counts = (("on-the-job", on_the_job_days), ("check-in", check_ins))
    return tuple((topic_id(number), 1) for number in topics) + tuple(pair for pair in counts if pair[1])


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One row of the map: what a course, or a unit of it, teaches between two days."""

    source: str
    """A source's name, or `*` for every source that has no row of its own."""
    course: str
    unit: str
    """Empty: completion of the whole course only."""
    title: str
    topics: tuple[int, ...]
    """1 … 13, ascending."""
    on_the_job_days: int
    check_ins: int
    counts_from: date | None
    counts_until: date | None
    """Inclusive, against the completion's day."""
    minimum_score: Decimal | None
    decided_by: str
    decided_on: date | None
    """None: not decided yet, so the row counts for nothing and stays on the worklist."""
    note: str = ""
    provider: str = ""
    hours: Decimal | None = None
    fee: Decimal | None = None
    link: str = ""
    cell: str = ""
    """Where the row stands in the workbook, e.g. `Courses!A12`."""

    @property
    def subject(self) -> str:
        """Return what tells the row from every other one, wherever in the sheet it stands."""
        return ", ".join((self.source, self.course, self.unit, str(self.counts_from or "")))

    @property
    def teaches(self) -> tuple[tuple[str, int], ...]:
        """Return (requirement, amount) for all that the course teaches."""
        return _taught(self.topics, self.on_the_job_days, self.check_ins)

    def counts_on(self, day: date) -> bool:
        """Tell whether a completion on `day` lies within the row's days."""
        return _within(day, self.counts_from, last=self.counts_until)


@dataclass(frozen=True, slots=True)
class Offering:
    """A course that can be taken: dates inclusive; no `ends` means self-paced."""

    offering_id: str
    course: str
    unit: str
    starts: date | None
    ends: date | None
    place: str = ""
    seats: int | None = None
    link: str = ""
    cell: str = ""
    for_partners: tuple[str, ...] | None = None
    """Partner IDs to which it is open; empty: to all; `NOBODY_YET`: to nobody until somebody has said to whom.

    None where the workbook has no such column: what names a partner then waits for an answer (plan/settling.py).
    """


@dataclass(frozen=True, slots=True)
class CourseMap:
    """The map in force: its rows and offerings, and the short id of its version."""

    version: str
    rows: tuple[CourseRow, ...]
    offerings: tuple[Offering, ...]


def course_map(rows: Iterable[CourseRow], offerings: Iterable[Offering]) -> CourseMap:
    """Return the map with the version that its content gives it.

    The version is ten hexadecimal digits; the order of rows and their place in the workbook don't change it.
    """
    rows, offerings = tuple(rows), tuple(offerings)
    lines = sorted([*map(_line, rows), *map(_line, offerings)])
    version = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]
    return CourseMap(version, rows, offerings)


def _line(fact: CourseRow | Offering) -> str:
    # A workbook without the column, or without a number of seats, keeps the version that it always had.
    values = {f.name: getattr(fact, f.name) for f in fields(fact) if f.name != "cell"}
    if values.get("for_partners", ()) is None:
        del values["for_partners"]
    return repr(tuple("" if name == "seats" and value is None else str(value) for name, value in values.items()))


def _within(day: date, first: date | None, *, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def days_overlap(first: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Tell whether two ranges of days, both ends included and None open, share a day."""
    (start, end), (other_start, other_end) = first, other
    latest_start = max(start or date.min, other_start or date.min)
    return latest_start <= min(end or date.max, other_end or date.max)


@dataclass(frozen=True, slots=True)
class CourseSeen:
    """A course, or a unit of one, as completions of a source name it."""

    source: str
    course: str
    course_title: str
    unit: str
    unit_title: str
    last: date | None
    """The newest day of a completion under these names; None when none has a day."""

    @property
    def title(self) -> str:
        """Return the name of what was completed: of the unit where there is one."""
        return self.unit_title if self.unit or self.unit_title else self.course_title
