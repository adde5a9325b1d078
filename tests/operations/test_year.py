"""A year of nights, drawn by seed, as a schedule on a clock on the wall starts them: half past one, every day.

People train, files change, are cut short or gone, the roster and the course map are broken for a day, the mail server
is away, the machine is off, the clock goes forth and back. What must hold is at the end of this file.
"""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from lms_sync.errors import EXIT_BUG, MailError
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState
from lms_sync.operations.backup.look_over import look_over
from lms_sync.operations.night import let_stand, run_night
from lms_sync.operations.once_a_day import night_instead
from tests.operations.night_files import (
    BOSS,
    CHIEF,
    CLASS,
    CLASS_ROWS,
    COURSES,
    HR,
    LOG_ROWS,
    NAMES,
    OWN,
    course_map,
    done,
    partner_lines,
    roster,
    sheet,
)
from tests.operations.night_town import Town, message_of, text_of

HERE = ZoneInfo("America/Los_Angeles")
TITLES = ("Rights", "Minds", "Calm", "Bystanders")
FIRST, LAST = date(2026, 11, 24), date(2027, 11, 23)
CLOCK_GOES_BACK = date(2027, 11, 7)
QUIET = timedelta(days=14)
"""At the end of the year nothing goes wrong, so that what was put off has come to its end."""


@dataclass
class Relay:
    """A mail server that is away on some nights, and keeps when it took what."""

    away: bool = False
    taken: dict[str, list[bytes]] = field(default_factory=dict)
    name: str = "relay"

    @contextmanager
    def session(self) -> Iterator["Relay"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        if self.away:
            raise MailError("mail server mail.example.org:587 could not be reached")
        for address in envelope.recipients:
            self.taken.setdefault(address, []).append(message)
        return tuple(RecipientResult(address, RecipientOutcome.ACCEPTED) for address in envelope.recipients)


@dataclass
class Year:
    """A year's luck, and what is kept of its nights."""

    town: Town
    chance: random.Random
    relay: Relay = field(default_factory=Relay)
    trained: list[tuple[str, ...]] = field(default_factory=lambda: list(CLASS_ROWS))
    nights: list[date] = field(default_factory=list)
    unsent: int = 0
    took: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """Bytes of the database besides the messages that it keeps, after each night."""

    def live(self, day: date) -> None:
        """Let happen what happens on a day."""
        calm = day > LAST - QUIET
        if self.chance.random() < 0.3:
            who, what = self.chance.choice(list(NAMES)), self.chance.choice(TITLES)
            if not any(row[2] == who and row[4] == what for row in self.trained):
                self.trained.append(done(who, what, f"{day - timedelta(days=1):%m/%d/%Y}"))
        luck = {} if calm else {name: self.chance.random() < share for name, share in HARM.items()}
        content = sheet(self.trained)
        self.town.write(CLASS, content[: self.chance.randrange(1, len(content))] if luck.get("cut") else content)
        if luck.get("gone"):
            (self.town.folder / CLASS).unlink()
        self.town.write("roster.xlsx", b"no workbook" if luck.get("roster") else ROSTER)
        courses = {**COURSES, **{f"Course {number}": () for number in range(day.month)}}
        self.town.write("mappings/courses.xlsx", b"" if luck.get("map") else course_map(courses))
        self.relay.away = luck.get("mail", False)

    def night(self, at: datetime) -> None:
        """Do what `lms-sync nightly` does when a schedule starts it."""
        self.town.now = at.astimezone(UTC)
        with self.town.workspace() as workspace:
            if night_instead(workspace, once_a_day=False) is not None:
                return
            began = time.process_time()
            night = run_night(workspace, accept_drop={})
            let_stand(workspace, night, whole=True)
        self.took.append(time.process_time() - began)
        self.nights.append(at.date())
        self.unsent += night.unsent is not None
        self.sizes.append(besides_messages(self.town))
        assert night.exit_code != EXIT_BUG, night.troubles
        assert night.unsent is None or self.relay.away


HARM = {"cut": 0.05, "gone": 0.02, "roster": 0.02, "map": 0.02, "mail": 0.05}
"""What goes wrong → on which share of the days."""
OFF = 0.02
MOST_BYTES_A_NIGHT = 8_000
ROSTER = roster(partners=partner_lines(quarry="on change", own="monthly"))


def besides_messages(town: Town) -> int:
    with closing(sqlite3.connect(town.database)) as connection:
        (kept,) = connection.execute("SELECT sum(length(body)) FROM delivery").fetchone()
    return town.database.stat().st_size - int(kept)


def times_of(day: date) -> tuple[datetime, ...]:
    """Return when a clock on the wall shows half past one: twice on the day on which it goes back."""
    first = datetime(day.year, day.month, day.day, 1, 30, tzinfo=HERE)
    again = first.replace(fold=1)
    return (first,) if first.utcoffset() == again.utcoffset() else (first, again)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_nights(settled: Town, seed: int) -> None:
    year = Year(settled, random.Random(seed))
    settled.carrier = year.relay
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        year.live(day)
        if year.chance.random() < OFF and day != CLOCK_GOES_BACK and day <= LAST - QUIET:
            continue
        for at in times_of(day):
            year.night(at)
    check_nights(year)
    check_nothing_is_lost(year)
    check_nothing_goes_twice(year)
    check_cost(year)


def check_nights(year: Year) -> None:
    """One a day, recorded with its end; HR hears of each; log, tables and pages are whole."""
    assert len(set(year.nights)) == len(year.nights) > 340
    assert CLOCK_GOES_BACK in year.nights
    with year.town.workspace() as workspace:
        began = workspace.store.runs.since("nightly", datetime(2026, 11, 24, tzinfo=UTC))
        ended = workspace.store.runs.finished("nightly", 1000)
        assert [at.astimezone(HERE).date() for at in began] == year.nights
        assert len(ended) == len(year.nights) + 1
        assert look_over(workspace) == ()
    assert len(year.relay.taken[HR]) + year.unsent >= len(year.nights)


def check_nothing_is_lost(year: Year) -> None:
    """Whoever trained is credited, every message came to its end, and every partner knows how its people stand."""
    trained = {(row[2], row[4]) for row in (*year.trained, *LOG_ROWS)}
    for person_id in NAMES:
        known = {
            f"topic-{topic:02}" for who, title in trained if who == person_id for topic in COURSES.get(title, ())
        }
        assert year.town.open_topics(person_id) == {f"topic-{n:02}" for n in range(1, 14)} - known, person_id
    with year.town.workspace() as workspace:
        left = [d for d in workspace.store.deliveries.listed(*OPEN) if d.kind is not DeliveryKind.NIGHT]
    assert left == []
    assert not any(person.changes for person in year.town.report("quarry").people), "on change, and all is told"


OPEN = (DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)


def check_nothing_goes_twice(year: Year) -> None:
    """No message arrives twice, none says what the one before said, and none is issued out of its turn."""
    for address, messages in year.relay.taken.items():
        ids = Counter(message_of(message)["Message-ID"] for message in messages)
        assert ids.most_common(1)[0][1] == 1, address
    news = [text_of(message_of(message)) for message in year.relay.taken[CHIEF]]
    assert all(before != after for before, after in pairwise(news)), "on change, something has changed"
    weekly, monthly = issued(year.town, "heron"), issued(year.town, "own")
    assert all(after - before >= timedelta(days=7) for before, after in pairwise(weekly)), weekly
    assert len(weekly) > 45
    assert len({(day.year, day.month) for day in monthly}) == len(monthly) >= 12
    assert {CHIEF, BOSS, OWN, HR} == year.relay.taken.keys()


def issued(town: Town, partner_id: str) -> list[date]:
    """Return the days on which the partner's reports were issued."""
    reports: list[Delivery] = [d for d in town.deliveries(partner_id) if d.kind is DeliveryKind.PARTNER]
    return [delivery.created_at.astimezone(HERE).date() for delivery in reports]


def check_cost(year: Year) -> None:
    """Hold what is kept to the messages and what is new, and a night to what the first ones took."""
    print(
        f"{len(year.nights)} nights, {sum(year.took):.0f} s of CPU, {year.sizes[29]} to {year.sizes[-1]} bytes, and"
    )
    print(f"{year.town.database.stat().st_size - year.sizes[-1]} of messages")
    growth = (year.sizes[-1] - year.sizes[29]) / (len(year.nights) - 30)
    assert growth < MOST_BYTES_A_NIGHT, "a year of little news adds little"
    assert sum(year.took[-30:]) < 3 * sum(year.took[:30]), "a night takes no longer for the year behind it"
