"""What a person decided about a learner decides over identifiers; where decisions differ nobody is credited."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lms_sync.model.evidence import Learner
from lms_sync.model.links import Link, OutdatedDecision, PeopleDecisions
from lms_sync.model.pseudonyms import pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.match import Match, directory, match_all
from tests.people.test_matching import ADA, BEN, PEOPLE, SEAL, ZOE, learner

NOBODY = Match()
SEALED = pseudonymous_learner(learner(), SEAL)


def link(person_id: str = "", *refused: str) -> Link:
    return Link(SEALED.source, SEALED.learner, person_id, refused, "x", "Kim", date(2026, 10, 1), "asked him")


def outdated(person_id: str = "E1", *, answered: bool = False, in_other_ids: bool = False) -> OutdatedDecision:
    whose = (SEALED.source, "X " if in_other_ids else SEALED.learner)
    return OutdatedDecision(person_id, "Ada Byron", "the link of moodle:x", answered, whose, in_other_ids)


def other_ids(*people: Person) -> tuple[Person, ...]:
    """Return the roster, with the learner among the Other IDs of some."""
    return tuple(replace(p, other_ids=(("moodle", "x"),)) if p in people else p for p in PEOPLE)


def found(
    *,
    known: Learner | None = None,
    people: tuple[Person, ...] = PEOPLE,
    links: tuple[Link, ...] = (),
    no_more: Iterable[OutdatedDecision] = (),
    **more: Any,
) -> Match:
    one = pseudonymous_learner(known or learner(), SEAL)
    decided = PeopleDecisions(links=links, outdated=tuple(no_more), **more)
    return match_all([one], directory(people, SEAL, decided=decided))[one.source, one.learner]


def one_of(person_id: str) -> Match:
    return Match(person_id=person_id, people=(person_id,))


@pytest.mark.parametrize("known", [learner(), learner(person_id="E1"), learner(emails=("zoe@example.org",))])
def test_a_link_decides_over_every_identifier(known: Learner) -> None:
    assert found(known=known, links=(link("E2"),)) == one_of("E2")
    assert found(known=known, people=other_ids(BEN)) == one_of("E2")
    assert found(known=known, people=other_ids(BEN), links=(link("E2", "E1"),)) == one_of("E2")


def test_a_learner_linked_to_somebody_who_is_not_on_the_roster_is_nobody_else() -> None:
    assert found(known=learner(person_id="E1"), links=(link("E9"),)) == NOBODY


def test_no_not_this_person_holds_for_identifiers_and_for_candidates() -> None:
    by_name = learner(first_name="Ada", last_name="Lovelace")
    assert found(known=by_name).candidates == ("E1",)
    for known in (learner(person_id="E1"), by_name):
        assert found(known=known, links=(link("", "E1"),)) == NOBODY
        hidden = replace(pseudonymous_learner(known, SEAL), in_clear=None)
        book = directory(PEOPLE, SEAL, decided=PeopleDecisions(links=(link("", "E1"),)))
        assert match_all([hidden], book)[hidden.source, hidden.learner] == NOBODY
    assert found(known=learner(person_id="E2"), links=(link("", "E1"),)) == one_of("E2")


def test_who_is_not_one_of_two_people_to_whom_identifiers_point_is_not_thereby_the_other() -> None:
    known = learner(person_id="E1", emails=("ben@example.org",))
    assert "belong to different people" in found(known=known).conflict
    one_refused = found(known=known, links=(link("", "E1"),))
    assert "somebody decided that it is not" in one_refused.conflict
    assert (one_refused.person_id, one_refused.people) == ("", ("E1", "E2"))
    assert found(known=known, links=(link("", "E1", "E2"),)) == NOBODY


def test_other_ids_and_links_that_differ_credit_nobody_and_concern_whom_they_name() -> None:
    differing = found(people=other_ids(ZOE), links=(link("E2"),))
    assert "name different people" in differing.conflict
    assert differing.people == ("00417", "E2")
    gone = found(people=other_ids(ZOE), links=(link("E9"),))
    assert ("name different people" in gone.conflict, gone.people) == (True, ("00417",))
    refused = found(people=other_ids(ADA), links=(link("", "E1"),))
    assert "says that it is not this person" in refused.conflict
    assert refused.people == ("E1",)
    claimed = found(people=other_ids(BEN, ZOE))
    assert "two people on the roster claim" in claimed.conflict
    assert claimed.people == ("00417", "E2")
    assert not differing.person_id + gone.person_id + refused.person_id + claimed.person_id


def test_a_link_made_for_somebody_else_waits_for_an_answer_and_then_counts_for_nobody() -> None:
    for known in (learner(), learner(person_id="E1")):
        waits = found(known=known, links=(link("E1"),), no_more=[outdated()])
        assert waits.conflict == "it was linked to E1 when that was Ada Byron"
        assert (waits.person_id, waits.people, waits.outdated) == ("", ("E1",), True)
        assert found(known=known, links=(link("E1"),), no_more=[outdated(answered=True)]) == NOBODY
    several = [outdated(answered=True), replace(outdated("E2"), then="")]
    waits = found(links=(link("E1"),), no_more=several)
    assert waits.conflict == "it was linked to E2 when that was somebody whose name nobody recorded"
    assert waits.people == ("E2",)


def test_other_ids_written_for_somebody_else_wait_too_and_leave_other_decisions_as_they_are() -> None:
    no_more = [outdated(in_other_ids=True)]
    assert found(people=other_ids(ADA), no_more=no_more).outdated
    assert found(people=other_ids(ADA, BEN), no_more=no_more) == one_of("E2")
    assert found(people=other_ids(ADA), links=(link("E2"),), no_more=no_more) == one_of("E2")
    assert found(people=other_ids(BEN), links=(link("E1"),), no_more=[outdated()]) == one_of("E2")
    assert found(people=other_ids(ADA), links=(link("E1"),), no_more=[outdated()]) == one_of("E1")


def test_where_the_log_and_the_database_differ_nobody_is_credited() -> None:
    about = frozenset({(SEALED.source, SEALED.learner)})
    for known, people in ((learner(), ()), (learner(person_id="E1"), ("E1",))):
        disputed = found(known=known, links=(link("E1"),), disputed=about)
        assert "the log of decisions and the database differ" in disputed.conflict
        assert (disputed.person_id, disputed.people, disputed.outdated) == ("", people, True)


def test_one_identifier_of_several_that_another_learner_has_too_is_a_conflict_of_these_two_alone() -> None:
    both = learner("a", person_id="E1", emails=("ada@example.org",)), learner("b", emails=("ada@example.org",))
    *two, third = (pseudonymous_learner(one, SEAL) for one in (*both, learner("c", person_id="E2")))
    matches = match_all([*two, third], directory(PEOPLE, SEAL))
    assert ["another learner" in matches[one.source, one.learner].conflict for one in two] == [True, True]
    assert matches[third.source, third.learner] == one_of("E2")
