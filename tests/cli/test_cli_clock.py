"""With a clock that stands before the last night: what only reads works, what writes does nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.cli.small_district import NIGHT, District


@pytest.fixture
def the_day_before(morning: District) -> Iterator[District]:
    with time_machine.travel(NIGHT - timedelta(days=1)):
        yield morning


def test_what_only_reads_works_and_monitoring_is_told(the_day_before: District) -> None:
    assert the_day_before.run("status").exit_code == 0
    assert the_day_before.run("log", "show").exit_code == 0
    checked = the_day_before.run("status", "--check")
    assert (checked.exit_code, "a time to come" in checked.stdout) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        ("nightly",),
        ("nightly", "-n"),
        ("nightly", "--once-a-day"),
        ("pull",),
        ("outbox", "release", "--all", "--reason", "checked"),
        ("outbox", "send"),
        ("agreements", "plan", "HERON-26"),
    ],
    ids=" ".join,
)
def test_what_writes_says_why_it_did_nothing(the_day_before: District, command: tuple[str, ...]) -> None:
    stopped = the_day_before.run(*command)
    assert (stopped.exit_code, stopped.stdout) == (4, "")
    assert "clock says 22 Nov 2026, 02:10, but the last run here was at 23 Nov 2026, 02:10" in stopped.stderr
    assert "nothing was done" in stopped.stderr
    assert not list((the_day_before.folder / "outbox").glob("20261122*"))
