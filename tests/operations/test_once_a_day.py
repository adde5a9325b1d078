"""One night a local day: what a schedule starts again does nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from lms_sync.model.run import RunRecord
from lms_sync.operations.once_a_day import stands_for

HERE = ZoneInfo("America/Los_Angeles")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
"""Where the clock goes back by half an hour."""


def at(text: str, *, again: bool = False, zone: ZoneInfo = HERE) -> datetime:
    """Return a time as the clock on the wall shows it; `again` for the second time that it shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=int(again))


def night(began: datetime, *, ended: bool = True, code: int = 0) -> RunRecord:
    return RunRecord(1, "nightly", began, began if ended else None, code if ended else None)


FIRST = night(at("2026-11-01T01:30"))
"""On the day on which the clock goes back, before it does."""


ALWAYS, ONCE_A_DAY, NEVER = {False, True}, {True}, set[bool]()
"""For which values of `once_a_day` the earlier night stands for one that is to begin now."""


@pytest.mark.parametrize(
    ("earlier", "now", "stands"),
    [
        (None, at("2026-11-23T03:30"), NEVER),
        (night(at("2026-11-22T03:30")), at("2026-11-23T03:30"), NEVER),
        (night(at("2026-11-22T23:59")), at("2026-11-23T00:01"), NEVER),
        (night(at("2026-11-23T03:30")), at("2026-11-23T16:00"), ONCE_A_DAY),
        (night(at("2026-11-23T03:30"), code=1), at("2026-11-23T16:00"), ONCE_A_DAY),
        (night(at("2026-11-23T03:30"), code=3), at("2026-11-23T16:00"), ONCE_A_DAY),
        (night(at("2026-11-23T03:30"), code=5), at("2026-11-23T16:00"), NEVER),
        (night(at("2026-11-23T03:30"), ended=False), at("2026-11-23T16:00"), NEVER),
        (FIRST, at("2026-11-01T01:30", again=True), ALWAYS),
        (FIRST, at("2026-11-01T01:59", again=True), ALWAYS),
        (night(at("2026-11-01T01:59")), at("2026-11-01T01:01", again=True), ALWAYS),
        (night(at("2026-11-01T00:30")), at("2026-11-01T01:30", again=True), ONCE_A_DAY),
        (FIRST, at("2026-11-01T01:45"), ONCE_A_DAY),
        (FIRST, at("2026-11-01T02:30"), ONCE_A_DAY),
        (night(at("2026-11-01T01:30"), ended=False), at("2026-11-01T01:30", again=True), NEVER),
        (night(at("2026-11-01T01:10", again=True)), at("2026-11-01T01:30", again=True), ONCE_A_DAY),
        (night(at("2027-03-14T01:30")), at("2027-03-14T03:30"), ONCE_A_DAY),
        (night(at("2026-11-24T03:30")), at("2026-11-24T02:00"), NEVER),
    ],
)
def test_which_night_stands_for_another(earlier: RunRecord | None, now: datetime, stands: set[bool]) -> None:
    assert {option for option in (False, True) if stands_for(earlier, now, HERE, once_a_day=option)} == stands


def test_a_clock_may_go_back_by_half_an_hour() -> None:
    first = night(at("2027-04-04T01:40", zone=LORD_HOWE))
    assert stands_for(first, at("2027-04-04T01:40", again=True, zone=LORD_HOWE), LORD_HOWE, once_a_day=False)
    assert not stands_for(first, at("2027-04-04T02:40", zone=LORD_HOWE), LORD_HOWE, once_a_day=False)
