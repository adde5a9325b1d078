"""A night judges those of whom anything changed, and that is as if it judged everybody."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from lms_sync.operations.night import open_issuer
from lms_sync.people.name_answer import answer_question
from lms_sync.people.outdated import question_id
from lms_sync.store.known.snapshot import read_roster
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
    assert walk(2, 12) > 0


def test_an_acceptance_for_another_name_and_a_file_that_gets_its_name() -> None:
    """Two ways that walks seldom come by."""
    walked, me = Walk(), "70101"
    walked.complete(person_id=me, title="Rights", day=walked.day, account=0, score=None)
    walked.complete(person_id=me, title="Calm", day=None, account=0, score=None)
    walked.judging_the_touched_is_judging_everybody()
    walked.decide_claims(which=0, accept=True)
    walked.name_the_files()
    walked.judging_the_touched_is_judging_everybody()
    walked.edit_the_roster(person_id=me, what=1, day=None)
    for _ in range(2):
        walked.judging_the_touched_is_judging_everybody()
    with walked.stack:
        assert open_issuer(walked.workspace, as_of=walked.day).judged.outdated_claims


def test_an_acceptance_that_counts_again_because_hr_says_it_is_the_same_person() -> None:
    walked, me = Walk(), "70101"
    walked.complete(person_id=me, title="Calm", day=None, account=0, score=None)
    walked.judging_the_touched_is_judging_everybody()
    walked.decide_claims(which=0, accept=True)
    then = read_roster(walked.store).people[me].name
    walked.edit_the_roster(person_id=me, what=1, day=None)
    walked.judging_the_touched_is_judging_everybody()
    asked = question_id(me, then, read_roster(walked.store).people[me].name)
    for same in (True, False, True):
        answer_question(walked.workspace, walked.author, question_id=asked, same=same)
        walked.judging_the_touched_is_judging_everybody()
        outdated = open_issuer(walked.workspace, as_of=walked.day).judged.outdated_claims
        assert bool(outdated) is not same
    walked.teardown()


@pytest.mark.slow
def test_judging_the_touched_equals_judging_everybody_in_many_ways() -> None:
    assert walk(60, 40) > 100
