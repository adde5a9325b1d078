"""How long a class took: what is a figure, and nothing else; and which figure comes to nothing."""

import pytest

from lms_sync.compliance.class_hours import is_figure, is_no_time

NOTHING = ("0", "0.0", "0,00 hrs", "0:00", "00:00:00", "0h00", "0 clock hours", "0 Minutes", "-0", "+0 h.")
SOMETHING = ("7.5", "7,5 hrs", "1:30", "1h30", "90 minutes", "0.25", "0:15", "10", "100 m", "8 HOURS")
OTHER = ("", "hours", "0 days", "2 hrs, Heron Guards", "about 2", "2026-10-05", "2 hrs\n", "٠", "1.2.3.4")


@pytest.mark.parametrize("words", NOTHING)
def test_a_figure_of_nothing_but_zeros_is_no_time(words: str) -> None:
    assert (is_figure(words), is_no_time(words), is_no_time(f"  {words.upper()} ")) == (True, True, True)


@pytest.mark.parametrize("words", SOMETHING)
def test_any_other_figure_is_some_time(words: str) -> None:
    assert (is_figure(words), is_no_time(words)) == (True, False)


@pytest.mark.parametrize("words", OTHER)
def test_what_is_more_or_less_than_a_figure_is_none_and_nobody_reads_it_as_one(words: str) -> None:
    """A partner's report shows a figure as it is, and of anything else only that it is recorded."""
    assert (is_figure(words), is_no_time(words)) == (False, False)
