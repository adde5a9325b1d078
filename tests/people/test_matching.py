"""Who matches whom: identifiers decide, names never do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import Learner
from lms_sync.model.links import Link, Merge, PeopleDecisions
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, merged, name_words, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Match, directory, match_all, names_somebody, who_may_be_ours

SEAL = Pseudonyms(b"a key for tests")
ADA = Person("E1", "Lovelace", "Ada", emails=("ada@example.org",))
BEN = Person("E2", "Okafor", "Ben", preferred_name="Benji", emails=("ben@example.org",))
ZOE = Person("00417", "García-Márquez", "Zoë", emails=("zoe@example.org",))
PEOPLE = (ADA, BEN, ZOE)


def match(*learners: Learner, people: tuple[Person, ...] = PEOPLE) -> list[Match]:
    sealed = [pseudonymous_learner(one, SEAL) for one in learners]
    found = match_all(sealed, directory(people, SEAL))
    return [found[one.source, one.learner] for one in sealed]


def learner(key: str = "x", **known: Any) -> Learner:
    return replace(Learner("moodle", key), **known)


def test_a_person_id_matches_despite_case_and_stray_blanks() -> None:
    assert match(learner(person_id=" e1 "))[0].person_id == "E1"


def test_an_email_matches_whatever_its_case() -> None:
    assert match(learner(emails=("ADA@Example.org",)))[0].person_id == "E1"


def test_an_identifier_that_the_roster_does_not_know_does_not_stand_in_the_way() -> None:
    assert match(learner(person_id="E1", emails=("private@example.com",)))[0].person_id == "E1"


def test_identifiers_of_two_people_are_a_conflict_and_credit_nobody() -> None:
    (found,) = match(learner(person_id="E1", emails=("ben@example.org",)))
    assert found.person_id == ""
    assert found.conflict
    assert found.people == ("E1", "E2")


@pytest.mark.parametrize("shared", [{"person_id": "E1"}, {"emails": ("ada@example.org",)}])
def test_one_identifier_held_by_two_learners_is_a_conflict_for_both(shared: dict[str, Any]) -> None:
    first, second = match(learner("a", **shared), learner("b", **shared))
    assert first.conflict
    assert second.conflict
    assert (first.person_id, second.person_id) == ("", "")


def test_the_same_identifier_in_two_sources_is_no_conflict() -> None:
    first, second = match(learner("a", person_id="E1"), Learner("vector", "a", person_id="E1"))
    assert (first.person_id, second.person_id) == ("E1", "E1")


def test_a_confirmed_link_decides_over_everything_else() -> None:
    linked = replace(BEN, other_ids=(("moodle", "A"),))
    first, second = match(learner("a", person_id="E1"), learner("b", person_id="E1"), people=(ADA, linked, ZOE))
    assert first.person_id == "E2"
    assert second.conflict, "the other holder of the id is still not settled"


def test_a_link_that_two_people_claim_is_a_conflict() -> None:
    both = tuple(replace(person, other_ids=(("moodle", "a"),)) for person in (ADA, BEN))
    assert match(learner("a"), people=both)[0].conflict


@pytest.mark.parametrize(
    "names",
    [
        {"first_name": "Ada", "last_name": "Lovelace"},
        {"first_name": "Lovelace", "last_name": "Ada"},
        {"first_name": "Adá", "last_name": "LOVELACE"},
        {"first_name": "Ada", "last_name": "Lovelase"},
    ],
)
def test_names_alone_are_candidates_never_matches(names: dict[str, Any]) -> None:
    (found,) = match(learner(**names))
    assert found.person_id == ""
    assert found.candidates == ("E1",)


def test_a_preferred_name_is_a_candidate_too() -> None:
    assert match(learner(first_name="Benji", last_name="Okafor"))[0].candidates == ("E2",)


def test_an_id_that_lost_its_leading_zeros_is_a_candidate() -> None:
    (found,) = match(learner("417", person_id="417"))
    assert (found.person_id, found.candidates) == ("", ("00417",))


def test_a_learner_of_another_district_is_not_ours() -> None:
    (found,) = match(learner("z", emails=("someone@elsewhere.example",), first_name="Kim", last_name="Oyelaran"))
    assert not found.ours


def test_one_learner_with_two_person_ids_in_its_rows_is_a_conflict() -> None:
    rows = [pseudonymous_learner(learner("a", person_id=person_id), SEAL) for person_id in ("E1", "E2")]
    (one,) = merged(rows)
    assert match_all([one], directory(PEOPLE, SEAL))[one.source, one.learner].conflict


def test_a_hidden_learner_matches_on_the_day_on_which_the_person_joins() -> None:
    hidden = replace(pseudonymous_learner(learner("a", person_id="E1", first_name="Ada"), SEAL), in_clear=None)
    assert match_all([hidden], directory([BEN], SEAL))[hidden.source, hidden.learner] == Match()
    assert match_all([hidden], directory(PEOPLE, SEAL))[hidden.source, hidden.learner].person_id == "E1"


@pytest.mark.parametrize(
    ("first", "last", "matches"),
    [
        ("", "Lovelase", True),  # a near spelling
        ("", "Lovelacee", True),
        ("Benjamin", "Okafor", False),  # another person's name
        ("Zed", "Quill", False),
        ("A.", "", True),  # an initial says nothing
        ("Z.", "Q.", True),
    ],
)
def test_the_rule_about_names_holds_for_hidden_learners_too(first: str, last: str, *, matches: bool) -> None:
    told = learner("a", person_id="E1", first_name=first, last_name=last)
    hidden = replace(pseudonymous_learner(told, SEAL), in_clear=None)
    found = match_all([hidden], directory(PEOPLE, SEAL))[hidden.source, hidden.learner]
    assert (found.person_id == "E1", bool(found.conflict)) == (matches, not matches)


def test_a_hidden_learner_tells_nothing_in_the_clear() -> None:
    hidden = replace(
        pseudonymous_learner(learner("emp7", person_id="E7", emails=("x@example.org",)), SEAL), in_clear=None
    )
    assert not any(text in repr(hidden) for text in ("emp7", "E7", "x@example.org"))


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["E1"], True),
        (["", "BEN@example.org"], True),
        (["García-Márquez, Zoë"], True),
        (["Lovelace", "x", "Ada"], True),
        (["Lovelace", "Ben"], False),
        (["someone@elsewhere.example", "Kim Oyelaran"], False),
        ([], False),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_in_the_clear_only_for_people_on_the_roster(
    texts: list[str], *, found: bool
) -> None:
    assert names_somebody(texts, directory(PEOPLE, SEAL), SEAL) is found


def test_the_key_never_shows() -> None:
    assert "a key" not in repr(SEAL)


def test_findings_say_how_to_confirm() -> None:
    sealed = [pseudonymous_learner(learner("emp9", first_name="Ada", last_name="Lovelace"), SEAL)]
    (finding,) = matching_findings(sealed, match_all(sealed, directory(PEOPLE, SEAL)))
    assert finding.code == "unconfirmed-person"
    assert f"people link 'moodle:#{sealed[0].learner[:16]}' PERSON" in finding.remedy
    assert finding.people == ("E1",)


names = st.text(st.characters(categories=("L", "Zs"), include_characters="-'."), max_size=20)


@given(names, names)
def test_the_words_of_a_name_do_not_depend_on_order_or_case(first: str, last: str) -> None:
    assert name_words(first, last) == name_words(last, first)


people = st.sampled_from(PEOPLE)
ids = st.sampled_from(["", "E1", "E2", "00417", "417", "E9"])
mails = st.sampled_from([(), ("ada@example.org",), ("ben@example.org",), ("nobody@example.org",)])
learners = st.builds(
    lambda key, person_id, emails: pseudonymous_learner(Learner("moodle", key, person_id, emails), SEAL),
    st.sampled_from("abcd"),
    ids,
    mails,
)


@given(st.lists(learners, max_size=5), st.randoms(use_true_random=False))
def test_no_match_depends_on_order_and_none_is_doubtful(found: list[PseudonymousLearner], random: object) -> None:
    once = merged(found)
    matches = match_all(once, directory(PEOPLE, SEAL))
    for one in once:
        match = matches[one.source, one.learner]
        known = {p.person_id for p in PEOPLE if SEAL.of("person", p.person_id.casefold()) in one.person_ids}
        known |= {p.person_id for p in PEOPLE if SEAL.of("email", p.emails[0]) in one.emails}
        assert not match.person_id or known == {match.person_id}
    shuffled = list(once)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert match_all(shuffled, directory(PEOPLE, SEAL)) == matches


named = st.builds(
    lambda one, name: pseudonymous_learner(replace(one.in_clear, first_name=name[0], last_name=name[1]), SEAL),
    learners,
    st.sampled_from((("Ada", "Lovelace"), ("Ada", "Smith"), ("Xaver", "Quill"), ("", ""), ("Benji", "Okafor"))),
)
kept = named.flatmap(
    lambda one: st.sampled_from((one, replace(one, in_clear=None), replace(one, in_clear=None, names=None)))
)
links = st.builds(
    lambda key, person_id, refused: Link(
        "moodle", SEAL.of("learner of moodle", key), person_id, refused, key, "Kim", date(2026, 10, 1), "asked"
    ),
    st.sampled_from("abcd"),
    st.sampled_from(("", "E1", "E9")),
    st.sampled_from(((), ("E1",), ("E1", "E2"))),
)
disputed = st.frozensets(st.sampled_from("abcd").map(lambda key: ("moodle", SEAL.of("learner of moodle", key))))


@given(st.lists(kept, max_size=5).map(merged), st.lists(links, max_size=2), disputed)
def test_who_may_be_ours_is_who_is_so_when_all_names_are_compared(
    found: tuple[PseudonymousLearner, ...], decided: list[Link], differing: frozenset[tuple[str, str]]
) -> None:
    book = directory(PEOPLE, SEAL, decided=PeopleDecisions(links=tuple(decided), disputed=differing))

    assert who_may_be_ours(found, book) == {key for (_, key), match in match_all(found, book).items() if match.ours}


@pytest.mark.parametrize(("on", "whose"), [(date(2026, 10, 1), "E9"), (date(2026, 10, 3), "E1")])
def test_a_link_is_to_whoever_had_the_person_id_on_the_day_of_the_link(on: date, whose: str) -> None:
    """E1 was merged into E9 on 2 October, and E1 is somebody else's since."""
    merge = Merge("E1", "E9", (), (("Dovid", "Lindqvist"),), (), "Kim", date(2026, 10, 2), "renumbered")
    one = pseudonymous_learner(learner(), SEAL)
    link = Link(one.source, one.learner, "E1", (), "x", "Kim", on, "asked him")
    people = (*PEOPLE, Person("E9", "Lindqvist", "Dovid"))
    book = directory(people, SEAL, decided=PeopleDecisions(links=(link,), merges=(merge,)))

    assert match_all([one], book)[one.source, one.learner].person_id == whose


def test_a_record_with_a_person_id_that_was_given_away_is_credited_to_nobody() -> None:
    merge = Merge("E1", "E9", (), (), (), "Kim", date(2026, 10, 2), "renumbered")
    one = pseudonymous_learner(learner(person_id="E1"), SEAL)
    book = directory((*PEOPLE, Person("E9", "Lindqvist", "Dovid")), SEAL, decided=PeopleDecisions(merges=(merge,)))
    found = match_all([one], book)[one.source, one.learner]

    assert (found.person_id, bool(found.conflict), found.people) == ("", True, ("E1", "E9"))
