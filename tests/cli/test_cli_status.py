"""status: what it tells people, and the line that monitoring gets."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import time_machine
from filelock import FileLock

from tests.cli.small_district import NIGHT, District


def test_status_tells_the_night_the_sources_and_what_waits(morning: District) -> None:
    said = morning.run("status").stdout

    assert said.startswith("Last night: 23 Nov 2026, 02:10, exit code 1\n")
    for line in ("vendor", "Courses that nobody has matched to topics yet", "held", "sent"):
        assert line in said


def test_monitoring_gets_its_line_whatever_is_wrong(evening: District) -> None:
    state = evening.folder / "state"
    (state / "identity.key").unlink()
    state.rmdir()
    state.write_text("")
    shown = evening.run("status", "--check")
    assert (shown.exit_code, shown.stdout.count("\n")) == (3, 1)
    assert shown.stdout.startswith("LMS_SYNC UNKNOWN - ")


def test_a_night_that_was_killed_is_told_from_one_that_runs_still(morning: District) -> None:
    database = sqlite3.connect(morning.folder / "state" / "lms_sync.db")
    with closing(database), database:
        database.execute("UPDATE run SET finished_at = NULL, exit_code = NULL WHERE command = 'nightly'")
    with FileLock(morning.folder / "state" / "lock"):
        for hours, exit_code, words in ((1, 0, "last night 1 h ago"), (7, 2, "has run for 7 h and not finished")):
            with time_machine.travel(NIGHT + timedelta(hours=hours)):
                assert "runs still" in morning.run("status").stdout
                checked = morning.run("status", "--check")
            assert checked.exit_code == exit_code, checked.stdout
            assert words in checked.stdout
            assert "did not finish" not in checked.stdout
    with time_machine.travel(NIGHT + timedelta(hours=1)):
        assert "did not finish" in morning.run("status").stdout
        checked = morning.run("status", "--check")
    assert checked.exit_code == 2, checked.stdout
    assert "did not finish (1 h ago)" in checked.stdout
