"""The demo's made-up people: who they are, and what they have done by DEMO_DAY (cast.csv)."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

DEMO_DAY = date(2026, 11, 23)
"""The day as of which the demo judges; every date in it is fixed."""

DOMAINS = {
    "fpd": "fernwick-pd.example.org",
    "acso": "alder-sheriff.example.org",
    "nps": "northpass.example.com",
    "fsd": "fernwick.example.org",
}
"""Partner id → where its people have their e-mail."""

BETWEEN_TOPICS = timedelta(days=3)
BETWEEN_MENTORED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TopicDone:
    """A topic that somebody completed."""

    topic: int
    day: date
    via: str
    """`moodle`, `vector`, `matrix` or `summit`."""


@dataclass(frozen=True, slots=True)
class CastMember:
    """One made-up person."""

    person_id: str
    last: str
    first: str
    preferred: str
    partner: str
    staff_class: str
    first_day: date | None
    via: tuple[str, ...]
    """Where topics were completed, by turns."""
    topics: tuple[int, ...]
    trained: date | None
    """The day of the first topic; the others follow at BETWEEN_TOPICS."""
    on_the_job: int
    check_ins: int
    mentored: date | None
    """The day of the first on-the-job day; the others and the check-ins follow at BETWEEN_MENTORED."""
    clock: date | None
    """When the district decided that the clock started; only for a first day before the act."""

    @property
    def name(self) -> str:
        """Return `Last, First`, with the preferred name in brackets where there is one."""
        return f"{self.last}, {self.first}" + (f" ({self.preferred})" if self.preferred else "")

    @property
    def email(self) -> str:
        """Return the person's address: the last name in ASCII letters as far as it has any, and the id."""
        letters = re.sub("[^a-z]", "", unicodedata.normalize("NFKD", self.last).casefold())
        return f"{letters or 'officer'}.{self.person_id}@{DOMAINS[self.partner]}"

    @property
    def training(self) -> tuple[TopicDone, ...]:
        """Return what was completed, in the order in which it was; at a summit everything on one day."""
        if self.trained is None:
            return ()
        step = timedelta() if "summit" in self.via else BETWEEN_TOPICS
        return tuple(
            TopicDone(topic, self.trained + place * step, self.via[place % len(self.via)])
            for place, topic in enumerate(self.topics)
        )

    @property
    def mentoring(self) -> tuple[tuple[date, str], ...]:
        """Return (day, activity) of each on-the-job day and check-in."""
        if self.mentored is None:
            return ()
        activities = ["On-the-job day"] * self.on_the_job + ["Check-in"] * self.check_ins
        return tuple((self.mentored + place * BETWEEN_MENTORED, what) for place, what in enumerate(activities))


@cache
def members() -> tuple[CastMember, ...]:
    """Return everybody, by id."""
    return tuple(_member(row) for row in rows("cast.csv"))


def cast_member(person_id: str) -> CastMember:
    """Return one of them."""
    return next(member for member in members() if member.person_id == person_id)


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the demo's csv files."""
    text = (files("lms_sync.demo") / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _member(row: dict[str, str]) -> CastMember:
    return CastMember(
        person_id=row["id"],
        last=row["last"],
        first=row["first"],
        preferred=row["preferred"],
        partner=row["partner"],
        staff_class=row["class"],
        first_day=day(row["first_day"]),
        via=tuple(row["via"].split()),
        topics=numbers(row["topics"]),
        trained=day(row["trained"]),
        on_the_job=int(row["on_the_job"]),
        check_ins=int(row["check_ins"]),
        mentored=day(row["mentored"]),
        clock=day(row["clock"]),
    )


def day(text: str) -> date | None:
    """Return an ISO date, None for an empty text."""
    return date.fromisoformat(text) if text else None


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of `1-3 5 9-11`."""
    ranges = (part.partition("-") for part in text.split())
    return tuple(number for low, _, high in ranges for number in range(int(low), int(high or low) + 1))
