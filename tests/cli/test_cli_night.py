"""nightly, pull, status: what they print, and each exit code that a night can end with."""

import errno
import json
import logging
import signal
from pathlib import Path

import pytest
from click.testing import _NamedTextIOWrapper
from filelock import FileLock

from lms_sync.cli.edge import ToFile
from lms_sync.operations import night as nightly
from tests.cli.small_district import CLAIMED, DONE, GUARD, INBOX, UNMAPPED, UNREADABLE, District, run


def test_the_first_night_says_in_a_line_that_something_waits(evening: District) -> None:
    night = evening.run("nightly")

    assert night.exit_code == 1
    assert "new on the worklist. See `lms-sync worklist`." in night.stdout
    assert night.stdout.endswith("Exit code 1.\n")
    assert night.stderr == ""


def test_the_second_night_is_silent(morning: District) -> None:
    night = morning.run("nightly")

    assert (night.exit_code, night.stdout, night.stderr) == (0, "", "")


def test_what_cron_mails_names_nobody(evening: District) -> None:
    said = evening.run("nightly").output

    assert not any(word in said for word in ("Marsh", "Brook", "00101", "00201", "example.org"))


def test_a_rehearsal_shows_the_night_and_leaves_nothing(evening: District) -> None:
    before = {path for path in evening.folder.rglob("*") if path.is_file()}
    night = evening.run("nightly", "-n")
    after = {path for path in evening.folder.rglob("*") if path.is_file()}

    assert night.exit_code == 1
    assert night.stdout.startswith("Dry run: nothing was stored, nothing was sent.")
    assert "THE NIGHT'S SUMMARY" in night.stdout
    assert {path.name for path in after - before} <= {"lms_sync.db", "lms_sync.log", "lock"}
    assert "No night has run here yet" in evening.run("status").stdout
    assert evening.run("outbox", "list", "--all").stdout == "Nothing waits in the outbox.\n"


def test_pull_prints_a_ledger_that_adds_up(evening: District) -> None:
    pull = evening.run("pull", "vendor")

    assert pull.exit_code == 1
    assert "12 = 11 added + 1 refused" in pull.stdout
    assert '"02/30/2026"' in pull.stdout
    again = evening.run("pull")
    assert again.exit_code == 0
    assert "not read again" in again.stdout


def test_a_rehearsed_pull_leaves_nothing(evening: District) -> None:
    first = evening.run("pull", "-n")

    assert first.stdout.startswith("Dry run: nothing was stored.")
    assert first.stdout == evening.run("pull", "-n").stdout


@pytest.mark.parametrize("words", [("pull", "vendr"), ("nightly", "--accept-drop", "vendr")])
def test_an_unknown_source_gets_a_suggestion(evening: District, words: tuple[str, ...]) -> None:
    refused = evening.run(*words)

    assert refused.exit_code == 2
    assert refused.stderr == (
        'lms-sync: vendr: there is no such source\n  → Did you mean "vendor"? In lms_sync.toml: vendor.\n'
    )


def test_a_broken_roster_is_exit_2_every_night_and_the_last_good_one_serves(morning: District) -> None:
    (morning.folder / "roster.xlsx").write_bytes(b"no workbook")
    nights = [morning.run("nightly") for _ in range(2)]

    assert [night.exit_code for night in nights] == [2, 2]
    assert all("4 to correct before a file takes effect. See `lms-sync check`." in one.stdout for one in nights)
    assert morning.run("gaps", "QPD").exit_code == 0


def test_a_source_that_cannot_be_read_is_exit_3_and_said_with_its_remedy(morning: District) -> None:
    (morning.folder / INBOX).write_bytes(b"PK\x03\x04 no sheet at all")
    night = morning.run("nightly")

    assert night.exit_code == 3
    assert "source vendor" in night.stderr
    assert "  → " in night.stderr
    assert "failed" in morning.run("status").stdout
    waiting = json.loads(morning.run("worklist", "--format", "json").stdout)
    (failed,) = [line for line in waiting if line["code"] == "source-failed"]
    assert failed["found"].startswith(
        "none of its files could be read"
    )  # its place, "source vendor", stands beside it
    assert failed["expected"] == "a source that answers, and that can be read in full"
    page = (morning.folder / "out" / "district.html").read_text(encoding="utf-8")
    assert "source vendor</b>: source vendor" not in page


def test_a_file_that_lost_most_of_its_rows_is_a_safety_stop_until_a_person_insists(morning: District) -> None:
    morning.export(DONE[0])
    stopped = morning.run("nightly")
    assert stopped.exit_code == 4
    assert "--accept-drop vendor" in stopped.stderr

    insisted = morning.run("pull", "vendor", "--accept-drop", "vendor", "--by", "A. Roe")
    assert insisted.exit_code in (0, 1)
    requirements = morning.json("gaps", "QPD", "--format", "json")["partners"][0]["people"][0]["requirements"]
    assert sum(one["have"] for one in requirements) == len(DONE)


def test_days_that_come_exchanged_are_a_safety_stop_until_a_person_insists(morning: District) -> None:
    morning.export(*((*row[:5], "10/05/2026", *row[6:]) for row in DONE))
    assert morning.run("nightly").exit_code in (0, 1)
    morning.export(*((*row[:5], "05/10/2026", *row[6:]) for row in DONE))
    stopped = morning.run("nightly")
    assert stopped.exit_code == 4
    assert "--accept-days vendor" in stopped.stderr
    waiting = json.loads(morning.run("worklist", "--format", "json").stdout)
    codes = {line["code"] for line in waiting}
    assert ("days-exchanged" in codes, "safety-stop" in codes) == (True, False)

    assert morning.run("pull", "vendor", "--accept-drop", "vendor", "--by", "A. Roe").exit_code == 4
    assert morning.run("nightly", "--accept-days", "vendor", "--by", "A. Roe").exit_code in (0, 1)
    assert "days-exchanged" not in morning.run("worklist", "--format", "json").stdout


def test_a_fault_of_the_program_is_exit_5_and_its_trace_is_in_the_log_only(
    evening: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a planted fault")

    monkeypatch.setattr(nightly, "take_in", broken)
    night = evening.run("nightly")

    assert night.exit_code == 5
    assert "Traceback" not in night.output
    log = evening.folder / "state" / "lms_sync.log"
    assert str(log) in night.stderr
    assert "a planted fault" in log.read_text(encoding="utf-8")


def test_a_second_run_at_once_is_exit_75(evening: District) -> None:
    with FileLock(evening.folder / "state" / "lock"):
        night = evening.run("nightly")

    assert night.exit_code == 75
    assert "another run holds" in night.stderr


def test_reading_commands_do_not_wait_for_a_night(morning: District) -> None:
    with FileLock(morning.folder / "state" / "lock"):
        codes = [morning.run(*words.split()).exit_code for words in ("status", "worklist", "gaps", "outbox list")]

    assert codes == [0, 0, 0, 0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_with_a_sentence(
    evening: District, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    """FAULTS: SIGTERM, with which a service is stopped, ended the program in the middle of whatever it did."""

    def stopped(*_args: object, **_kwargs: object) -> None:
        try:
            signal.raise_signal(number)
        finally:
            if number is signal.SIGTERM:  # as a workbook that is half written fails to be closed
                raise ValueError

    monkeypatch.setattr(nightly, "judge_tonight", stopped)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has `make test &` ignore it
    night = evening.run("nightly")
    signal.signal(signal.SIGINT, before)

    assert night.exit_code == code
    assert "Stopped." in night.stderr
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    monkeypatch.undo()
    assert "did not finish" in evening.run("status").stdout
    assert evening.run("nightly").exit_code == 1


def test_a_workspace_that_can_only_be_read_can_be_read(morning: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS: the log file could not be written, so nothing could be read."""

    def read_only(folder: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(folder / "lms_sync.log"))

    monkeypatch.setattr("lms_sync.cli.opening.log_to_file", read_only)
    assert [morning.run(*words.split()).exit_code for words in ("status", "gaps", "outbox list")] == [0, 0, 0]
    refused = morning.run("nightly")
    assert refused.exit_code == 2
    assert "the workspace can only be read" in refused.stderr


def test_the_log_in_json_is_an_object_a_line_and_stays_off_stdout(evening: District) -> None:
    pull = run("-w", str(evening.folder), "--log-format", "json", "pull", "-n")

    lines = [json.loads(line) for line in pull.stderr.splitlines()]
    assert [line["message"] for line in lines] == ["source vendor: 1 files"]
    assert set(lines[0]) == {"at", "level", "logger", "message"}
    assert "{" not in pull.stdout


def test_a_line_of_the_log_file_is_written_once_however_often_a_workspace_is_opened(evening: District) -> None:
    evening.run("check")
    evening.run("pull")
    log = (evening.folder / "state" / "lms_sync.log").read_text(encoding="utf-8")

    assert log.count("source vendor: 1 files") == 1
    assert not any(word in log for word in (*GUARD, "Marsh"))


def test_piped_output_has_no_colour_and_no_progress(morning: District) -> None:
    for words in ("status", "worklist", "gaps", "outbox list", "nightly -n"):
        ran = morning.run(*words.split())
        assert "\x1b" not in ran.output, words
        assert ran.stderr == "", words


def test_a_corrected_file_is_quiet_again(morning: District) -> None:
    morning.export(*DONE, CLAIMED, UNMAPPED, (*UNREADABLE[:5], "02/27/2026", "Completed"))
    night = morning.run("nightly")

    assert night.exit_code in (0, 1)
    assert "02/30/2026" not in morning.run("worklist").stdout


def test_the_missing_workspace_is_named(tmp_path: Path) -> None:
    for words in ("nightly", "pull", "status", "gaps", "check", "worklist", "outbox list"):
        ran = run("-w", str(tmp_path / "nowhere"), *words.split())
        assert ran.exit_code == 2
        assert "nowhere holds no lms_sync.toml" in ran.stderr
    assert not (tmp_path / "nowhere").exists()


def test_at_a_terminal_each_source_gets_a_line_on_stderr(evening: District, monkeypatch: pytest.MonkeyPatch) -> None:
    # click's runner replaces both streams for each command; its class is what says whether they are a terminal.
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    pull = evening.run("pull", "-n")

    assert pull.stderr.splitlines() == ["Pulling vendor …", "source vendor: 1 files"]


def test_no_color_takes_the_colour_away(morning: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda _: True, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = morning.run("gaps").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    plain = morning.run("gaps").stdout

    assert "\x1b[33m" in coloured
    assert "\x1b[33m" not in plain


def test_a_line_of_the_log_that_cannot_be_written_prints_no_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = ToFile(tmp_path / "lms_sync.log", encoding="utf-8")
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Jordan Sample", None, None)
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        handler.handleError(record)
    handler.close()
    assert capsys.readouterr().err == ""


def test_two_programs_write_one_log_and_rotate_it_once(tmp_path: Path) -> None:
    """FAULTS: a program that runs on wrote into what another had put aside, and then put the new one aside."""
    path = tmp_path / "lms_sync.log"
    desk, night = (ToFile(path, maxBytes=200, backupCount=2, encoding="utf-8") for _ in range(2))
    for handler, words in ((desk, "a" * 150), (night, "b" * 150), (desk, "c"), (night, "d")):
        handler.handle(logging.LogRecord("x", logging.INFO, "x.py", 1, words, None, None))
    desk.close()
    night.close()
    assert path.read_text(encoding="utf-8").split() == ["b" * 150, "c", "d"]
    assert (tmp_path / "lms_sync.log.1").read_text(encoding="utf-8").split() == ["a" * 150]
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
