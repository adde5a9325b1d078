"""status: what it tells people, and the line that monitoring gets."""

import sqlite3
from contextlib import closing

from filelock import FileLock

from tests.cli.small_district import District


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
        shown, checked = morning.run("status"), morning.run("status", "--check")
        assert "runs still" in shown.stdout
        assert (checked.exit_code, "did not finish" in checked.stdout) == (0, False)
    shown, checked = morning.run("status"), morning.run("status", "--check")
    assert "did not finish" in shown.stdout
    assert (checked.exit_code, "did not finish" in checked.stdout) == (2, True)
