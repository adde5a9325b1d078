"""What `lms-sync doctor` finds out about a source: one check after the other, in the order in which to mend them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from lms_sync.errors import LmsSyncError
from lms_sync.sources.http.answer import WebAnswer

MOST_SKEW = 300
"""Seconds that a server's clock and ours may differ before somebody should know."""


class CheckState(StrEnum):
    """What a check came to."""

    GOOD = "good"
    NOTE = "note"
    """It works; a person should know all the same."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing about a source's set-up."""

    what: str
    """In the words of who runs the server, e.g. `report set-up`."""
    verdict: CheckState
    found: str
    remedy: str = ""
    """What to do, and where; empty for what is good."""


@runtime_checkable
class Diagnosable(Protocol):
    """A source that can say what is wrong with its set-up."""

    def diagnose(self) -> Iterator[Check]:
        """Give checks one by one; nothing is stored.

        Raises: LmsSyncError where nothing further can be known; it is told as the last check.
        """


def good(what: str, found: str) -> Check:
    """Return a check that found nothing to mend."""
    return Check(what, CheckState.GOOD, found)


def note(what: str, found: str, remedy: str) -> Check:
    """Return a check that found something to know about."""
    return Check(what, CheckState.NOTE, found, remedy)


def wrong(what: str, found: str, remedy: str) -> Check:
    """Return a check that found something to mend."""
    return Check(what, CheckState.WRONG, found, remedy)


def guarded(checks: Callable[[], Iterator[Check]], what: str) -> Iterator[Check]:
    """Give the checks; an error on the way is the last of them, under the name `what`."""
    try:
        yield from checks()
    except LmsSyncError as error:
        yield wrong(what, str(error), error.hint)


def check_clock(answer: WebAnswer, now: datetime) -> Check:
    """Return how far the server's clock is from `now`; tokens, signatures and days go wrong where they differ."""
    try:
        server_time = parsedate_to_datetime(answer.headers.get("Date", ""))
        seconds = round((server_time - now).total_seconds())
    except (TypeError, ValueError):
        return good("clocks", "the server does not give its time")
    if abs(seconds) <= MOST_SKEW:
        return good("clocks", f"the server's clock and this machine's differ by {abs(seconds)} s")
    return wrong(
        "clocks",
        f"the server's clock is {abs(seconds):,} s {'ahead of' if seconds > 0 else 'behind'} this machine's",
        "Set the clock that is wrong (NTP); completions would fall on wrong days.",
    )
