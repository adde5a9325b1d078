"""An address and the hash that an LRS makes of it name one agent, whichever of them a person has decided about."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from lms_sync.model.evidence import Learner
from lms_sync.model.learner_names import hidden, pseudonymous_learners, remembered
from lms_sync.model.links import Link, PeopleDecisions
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.match import Match, directory, match_all, who_may_be_ours

SEAL = Pseudonyms(b"a key for tests")
ADA = Person("E1", "Lovelace", "Ada", emails=("ada@example.org",))
BEN = Person("E2", "Okafor", "Ben", emails=("ben@example.org",))


def named(address: str, first: str = "", last: str = "", *, source: str = "lrs") -> Learner:
    return Learner(source, address.lower(), emails=(address,), first_name=first, last_name=last)


def digest_of(address: str) -> str:
    return hashlib.sha1(f"mailto:{address}".encode()).hexdigest()


def hashed(address: str, first: str = "", last: str = "", *, source: str = "lrs") -> Learner:
    digest = digest_of(address)
    return Learner(source, f"sha1:{digest}", emails=(digest,), first_name=first, last_name=last)


def decided(learner: Learner, person_id: str, *, refused: tuple[str, ...] = ()) -> Link:
    who = pseudonymous_learner(learner, SEAL).learner
    return Link(learner.source, who, person_id, refused, "x", "HR", date(2026, 11, 2), "asked")


def match(*learners: Learner, links: tuple[Link, ...] = (), people: tuple[Person, ...] = (ADA, BEN)) -> list[Match]:
    keyed = [pseudonymous_learner(learner, SEAL) for learner in learners]
    found = match_all(keyed, directory(people, SEAL, decided=PeopleDecisions(links=links)))
    return [found[learner.source, learner.learner] for learner in keyed]


def people_of(matches: list[Match]) -> list[str]:
    return [found.person_id for found in matches]


def test_a_hash_of_the_address_as_the_lms_spells_it_counts_for_whom_the_address_counts() -> None:
    """The roster has it in lower case, so that only the LRS itself tells how the hash was made."""
    assert people_of(match(hashed("Ada@Example.ORG"))) == [""]
    assert people_of(match(named("Ada@Example.ORG"), hashed("Ada@Example.ORG"))) == ["E1", "E1"]


def test_another_source_or_another_address_proves_nothing() -> None:
    others = named("Ada@Example.ORG", source="vector"), named("ADA@Example.org"), named("eve@example.org")
    assert match(*others, hashed("Ada@Example.ORG"))[-1] == Match()


@pytest.mark.parametrize("which", [0, 1])
def test_what_a_person_decided_about_either_counts_for_both(which: int) -> None:
    both = named("Private@example.com", "Ada"), hashed("Private@example.com")
    assert people_of(match(*both, links=(decided(both[which], "E1"),))) == ["E1", "E1"]
    denied = match(named("ada@example.org"), hashed("ada@example.org"), links=(decided(both[which], "E2"),))
    assert people_of(denied) == ["E1", "E1"], "a link of other learners"


@pytest.mark.parametrize("which", [0, 1])
def test_who_is_not_this_person_is_not_under_the_other_name_either(which: int) -> None:
    both = named("ada@example.org"), hashed("ada@example.org")
    assert people_of(match(*both)) == ["E1", "E1"]
    assert match(*both, links=(decided(both[which], "", refused=("E1",)),)) == [Match(), Match()]


def test_other_ids_of_the_roster_count_for_both() -> None:
    linked = replace(ADA, other_ids=(("lrs", "private@example.com"),))
    both = named("Private@example.com"), hashed("Private@example.com")
    assert people_of(match(*both, people=(linked, BEN))) == ["E1", "E1"]


def test_a_decision_about_itself_goes_before_one_about_the_other() -> None:
    both = named("private@example.com"), hashed("private@example.com")
    links = decided(both[0], "E1"), decided(both[1], "E2")
    assert people_of(match(*both, links=links)) == ["E1", "E2"]


def test_a_name_that_contradicts_is_a_conflict_under_the_hash_too() -> None:
    address, by_hash = match(named("Ada@Example.org", "Ada", "Lovelace"), hashed("Ada@Example.org", "Ben", "Okafor"))
    assert (address.person_id, by_hash.person_id) == ("E1", "")
    assert by_hash.conflict


def test_whoever_else_has_the_address_makes_both_a_conflict() -> None:
    other = Learner("lrs", "lms.example.org|ada", emails=("ada@example.org",))
    assert all(found.conflict for found in match(named("ada@example.org"), other, hashed("ada@example.org")))


def test_the_hash_may_be_ours_where_the_address_is() -> None:
    both = [pseudonymous_learner(who, SEAL) for who in (named("Ada@Example.org"), hashed("Ada@Example.org"))]
    assert who_may_be_ours(both, directory((ADA,), SEAL)) == {who.learner for who in both}


def test_a_stranger_of_the_night_before_counts_once_the_address_is_known() -> None:
    address = pseudonymous_learner(named("Ada@Example.org"), SEAL)
    by_hash = hidden(pseudonymous_learner(hashed("Ada@Example.org"), SEAL), SEAL)
    found = match_all([by_hash, address], directory((ADA,), SEAL))
    assert {match.person_id for match in found.values()} == {"E1"}


def test_an_address_that_is_spelt_otherwise_later_keeps_its_earlier_hash() -> None:
    """Somebody corrects the address in the LMS: what was told by the hash of the former one goes on counting."""
    before = pseudonymous_learner(named("Ada@Example.org"), SEAL)
    now = remembered(before, pseudonymous_learner(named("ada@example.org"), SEAL), SEAL)
    (same_night,) = pseudonymous_learners((named("Ada@Example.org"), named("ada@example.org")), SEAL)
    by_hash = pseudonymous_learner(hashed("Ada@Example.org"), SEAL)
    for address in (now, same_night, again(now)):
        found = match_all([address, by_hash], directory((ADA,), SEAL))
        assert found["lrs", by_hash.learner].person_id == "E1"


def again(known: PseudonymousLearner) -> PseudonymousLearner:
    """Return a learner after one more night with the new spelling; nothing about it has changed."""
    later = remembered(known, pseudonymous_learner(named("ada@example.org"), SEAL), SEAL)
    assert later == known
    return later
