"""A night judges those of whom anything changed, and that is as if it judged everybody."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.operations.judging_walk import Walk

UNHURRIED = (HealthCheck.too_slow, HealthCheck.filter_too_much)


def walk(examples: int, steps: int) -> int:
    """Walk so many times so many steps, and return how many stored judgements stood meanwhile."""
    before = Walk.taken
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=UNHURRIED
    )
    run_state_machine_as_test(Walk, settings=chosen)
    return Walk.taken - before


def test_judging_the_touched_equals_judging_everybody() -> None:
    assert walk(3, 12) > 0


@pytest.mark.slow
def test_judging_the_touched_equals_judging_everybody_in_many_ways() -> None:
    assert walk(60, 40) > 100
