"""The guard around a step that may fail: what people are told of it, and what the log keeps."""

import errno
import logging
import sqlite3

import pytest
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from lms_sync.errors import EXIT_BUG, ConfigError, SourceError, Terminated, exit_code_of, trouble_of


def test_a_foreseen_error_is_told_as_it_is_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    foreseen = SourceError("the server is away", hint="Wait.")

    with caplog.at_level(logging.DEBUG):
        assert trouble_of(foreseen, "source esd was not stored") is foreseen

    assert caplog.records == []


def test_a_fault_is_told_without_its_words_and_logged_by_kind(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        trouble = trouble_of(KeyError("Jordan Sample"), "the report of one partner could not be made")

    assert (str(trouble), trouble.exit_code) == ("a fault of the program", EXIT_BUG)
    (loud,) = [record for record in caplog.records if record.levelno > logging.DEBUG]
    assert loud.getMessage() == "the report of one partner could not be made: KeyError"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OperationalError("INSERT", {"name": "Jordan Sample"}, sqlite3.OperationalError("database or disk is full")),
        OperationalError("INSERT", {"name": "Jordan Sample"}, DiskFull("could not extend file: wrote only 4096")),
    ],
)
def test_a_full_disk_is_no_fault_of_the_program(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """FAULTS: a disk that was full inside a source's transaction was a fault of the program (exit code 5)."""
    with caplog.at_level(logging.DEBUG):
        trouble = trouble_of(error, "source class was not stored")
    assert str(trouble) == "source class was not stored: the disk is full"
    assert (trouble.exit_code, caplog.records) == (ConfigError.exit_code, [])


def test_a_fault_in_the_wake_of_an_interruption_is_none_and_stops_what_the_guard_is_for() -> None:
    """FAULTS: a workbook that SIGTERM had cut short could not be closed, and a service's stop was exit code 5."""

    def cut_short() -> None:
        try:
            raise Terminated
        finally:
            raise ValueError("there is an open writing handle")

    with pytest.raises(ValueError, match="open") as caught:
        cut_short()
    assert exit_code_of(caught.value) == 143
    with pytest.raises(Terminated):
        trouble_of(caught.value, "the report of one partner could not be made")
