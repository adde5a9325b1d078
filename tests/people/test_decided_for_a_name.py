"""Merges, links and accepted claims count only as long as the roster has the person for whom they were decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from lms_sync.compliance.judge import judge_roster
from lms_sync.model.links import Link, Merge, NameAnswer, PeopleDecisions
from lms_sync.model.roster import Person
from lms_sync.store.known.people_decided import standing_decisions
from tests.compliance.person_facts import DAY, ME, PEOPLE, SEAL, claim, decided, knowledge_of, roster

DAYS = date(2026, 10, 2), date(2026, 11, 2)
MERGE = Merge("E1", "E9", (), (("Dovid", "Lindqvist"),), (), "Kim", DAYS[0], "renumbered", "Lindqvist, Dovid")
LINK = Link("moodle", "hash7", "E9", (), "Dovid, 7", "Kim", DAYS[0], "asked", "Lindqvist, Dovid")
SAME = Person("E9", "Lindqvist", "Dovid")
MARRIED = Person("E9", "Marsh", "Dovid")
STRANGER = Person("E9", "Quill", "Zoe")


def answer(*, same: bool, now: str = "Quill, Zoe", then: str = "Lindqvist, Dovid") -> NameAnswer:
    return NameAnswer("E9", then, now, same, "Kim", DAYS[1], "asked")


def standing(person: Person, *answers: NameAnswer, merge: Merge = MERGE, link: Link = LINK) -> PeopleDecisions:
    return standing_decisions({"E9": person}, ([link], [merge]), answers=answers)


def outdated(found: PeopleDecisions) -> list[tuple[str, bool]]:
    return [(decision.subject, decision.answered) for decision in found.outdated]


BOTH = ["the merge of E1 into E9", "the link of moodle:Dovid"]


@pytest.mark.parametrize("person", [SAME, MARRIED, Person("E9", "Lindquist", "D."), Person("E9", "Lindqvist", "Zoe")])
def test_a_merge_and_a_link_count_while_a_word_of_the_name_is_the_same(person: Person) -> None:
    found = standing(person)
    assert (found.merges, outdated(found)) == ((MERGE,), [])


def test_a_merge_into_an_id_that_is_somebody_elses_now_counts_for_nobody_until_hr_answers() -> None:
    found = standing(STRANGER)
    assert found.merges == ()
    assert outdated(found) == [(subject, False) for subject in BOTH]


@pytest.mark.parametrize(("same", "left"), [(True, []), (False, [(subject, True) for subject in BOTH])])
def test_what_hr_answers_holds(same: bool, left: list[tuple[str, bool]]) -> None:  # noqa: FBT001
    found = standing(STRANGER, answer(same=same))
    assert (found.merges, outdated(found)) == ((MERGE,) if same else (), left)


def test_an_answer_about_another_name_answers_nothing() -> None:
    for other in (answer(same=True, now="Brook, Ben"), answer(same=True, then="Roe, Ann")):
        assert outdated(standing(STRANGER, other)) == [(subject, False) for subject in BOTH]


def test_a_merge_of_which_nobody_recorded_for_whom_waits_for_hr() -> None:
    found = standing(SAME, merge=replace(MERGE, person_name=""))
    assert (found.merges, outdated(found)) == ((), [(BOTH[0], False)])


def test_what_was_decided_for_somebody_who_left_the_roster_asks_nothing() -> None:
    found = standing_decisions({"E5": SAME}, ([LINK], [MERGE]), answers=())
    assert outdated(found) == []


def test_a_link_to_a_former_id_is_the_successors_and_one_question_with_the_merge() -> None:
    """The link was made to E1 before E1 was merged into E9: without the merge it is nobody's."""
    to_former = replace(LINK, person_id="E1")
    assert outdated(standing(SAME, link=to_former)) == []
    assert outdated(standing(STRANGER, link=to_former)) == [(BOTH[0], False)]
    assert outdated(standing(STRANGER, answer(same=True), link=to_former)) == []


WAIVER = claim("All", day=DAYS[0])


def judged_topics(person: Person, *answers: NameAnswer) -> tuple[list[str], list[bool], Sequence[str]]:
    """Return which topics the person has, whether what was accepted is answered, and the codes of the findings."""
    changed = replace(roster(), people={**PEOPLE, ME: person})
    snapshot = knowledge_of(WAIVER, decisions=(decided(WAIVER, accepted=True),), people=changed)
    snapshot = replace(snapshot, decided=replace(snapshot.decided, answers=answers))
    judged = judge_roster(snapshot, SEAL, as_of=DAY)
    met = [standing.requirement for standing in judged.people[ME].standings if not standing.open]
    lost = [decision.answered for decision in judged.outdated if decision.claim]
    return met, lost, [finding.code for finding in judged.findings]


def test_an_accepted_claim_counts_for_the_person_for_whom_it_was_accepted() -> None:
    met, lost, codes = judged_topics(PEOPLE[ME])
    assert (len(met), lost, "decided-for-another-name" in codes) == (13, [], False)
    assert len(judged_topics(replace(PEOPLE[ME], last_name="Marsh"))[0]) == 13


def test_an_accepted_claim_counts_for_nobody_once_the_id_is_somebody_elses() -> None:
    stranger = replace(PEOPLE[ME], first_name="Zoe", last_name="Quill")
    met, lost, codes = judged_topics(stranger)
    assert (met, lost) == ([], [False])
    assert "decided-for-another-name" in codes
    another = NameAnswer(ME, PEOPLE[ME].name, stranger.name, same=False, by="Kim", on=DAYS[1], reason="asked")
    met, lost, codes = judged_topics(stranger, another)
    assert (met, lost, "decided-for-another-name" in codes) == ([], [True], False)
    one = replace(another, same=True)
    met, lost, codes = judged_topics(stranger, one)
    assert (len(met), lost, "decided-for-another-name" in codes) == (13, [], False)
