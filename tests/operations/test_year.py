"""A year of nights, drawn by seed: people train, files change, servers are away, clocks change, a night is missed.

What must hold: the log is whole, HR hears of every night, no partner is written to out of turn or twice the same, and
neither the database nor the time that a night takes grows with the year.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from lms_sync.errors import EXIT_BUG, MailError
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.store.audit import broken
from lms_sync.store.upkeep import problems_of_file
from tests.operations.night_files import (
    BOSS,
    CHIEF,
    CLASS,
    CLASS_ROWS,
    HR,
    NAMES,
    OWN,
    done,
    partner_lines,
    roster,
    sheet,
)
from tests.operations.night_town import Town, message_of, text_of

HERE = ZoneInfo("America/Los_Angeles")
TITLES = ("Rights", "Minds", "Calm", "Everything", "Bystanders")


@dataclass
class Relay:
    """A mail server that is away on some nights, and keeps when it took what."""

    away: bool = False
    taken: dict[str, list[tuple[datetime, bytes]]] = field(default_factory=dict)
    now: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    name: str = "relay"

    @contextmanager
    def session(self) -> Iterator["Relay"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        if self.away:
            raise MailError("mail server mail.example.org:587 could not be reached")
        for address in envelope.recipients:
            self.taken.setdefault(address, []).append((self.now, message))
        return tuple(RecipientResult(address, RecipientOutcome.ACCEPTED) for address in envelope.recipients)


def night_of(day: datetime) -> datetime:
    """Return half past three in the morning, where the district is."""
    local = day.astimezone(HERE)
    return local.replace(hour=3, minute=30).astimezone(UTC)


def live(town: Town, relay: Relay, chance: random.Random, rows: list[tuple[str, ...]]) -> None:
    """Let happen what happens on a day: somebody trains, an export is cut, the mail server goes away."""
    if chance.random() < 0.3:
        day = town.now.astimezone(HERE) - timedelta(days=1)
        rows.append(done(chance.choice(list(NAMES)), chance.choice(TITLES), f"{day:%m/%d/%Y}"))
    if chance.random() < 0.05:
        town.write(CLASS, sheet(rows)[: chance.randrange(1, 200)])
    else:
        town.write(CLASS, sheet(rows))
    relay.away = chance.random() < 0.05


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_nights(settled: Town, seed: int) -> None:
    chance, rows = random.Random(seed), list(CLASS_ROWS)
    town, relay = settled, Relay()
    town.carrier = relay
    town.write("roster.xlsx", roster(partners=partner_lines(quarry="on change", own="monthly")))
    first, took, sizes = town.now, [], []
    for number in range(1, 366):
        if chance.random() < 0.02:
            continue  # the machine was off
        town.now = relay.now = night_of(first + timedelta(days=number))
        live(town, relay, chance, rows)
        began = time.process_time()
        night = town.night()
        took.append(time.process_time() - began)
        sizes.append(town.database.stat().st_size)
        assert night.exit_code != EXIT_BUG, night.troubles
        assert night.unsent is None or relay.away
    check_letters(relay)
    with town.workspace() as workspace:
        assert broken(workspace.store.audit.entries()) == ()
    assert problems_of_file(town.database, thorough=True) == ()
    assert sizes[-1] < 4 * sizes[30], "a year of little news adds little"
    assert sum(took[-30:]) < 4 * sum(took[:30]), "a night takes no longer for the year behind it"


def check_letters(relay: Relay) -> None:
    """Hold what the partners got against their cadence: on change, weekly, monthly."""
    assert len(relay.taken[HR]) > 300
    for address, apart in ((CHIEF, timedelta(0)), (BOSS, timedelta(days=6)), (OWN, timedelta(days=1))):
        letters = relay.taken[address]
        assert len(letters) > 1, address
        for (earlier, _), (later, _) in pairwise(letters):
            assert later - earlier > apart, f"{address}: {earlier}, {later}"
    told = [news(message) for _, message in relay.taken[CHIEF]]
    assert all(before != after for before, after in pairwise(told)), "on change, something has changed"
    months = [when.astimezone(HERE).strftime("%Y-%m") for when, _ in relay.taken[OWN]]
    assert len(set(months)) == len(months) >= 11


def news(message: bytes) -> str:
    """Return what a letter says, without its days."""
    return text_of(message_of(message))
