"""The guard around a step that may fail: what people are told of it, and what the log keeps."""

import logging

import pytest

from lms_sync.errors import EXIT_BUG, SourceError, trouble_of


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
