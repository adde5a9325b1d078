"""Names as they are: what is worth a person's look, and in which order; a name alone never matches anybody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import Learner
from lms_sync.model.names import name_of
from lms_sync.model.pseudonyms import Pseudonyms, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.candidates import SIMILAR, candidates_among
from lms_sync.people.likeness import likeness
from lms_sync.people.match import Directory, directory, match_all

SEAL = Pseudonyms(b"made up for the tests")
Told = tuple[str, str]
LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)


def score(one: Told, other: Told) -> float:
    return likeness(name_of(*one), name_of(*other)).score


@pytest.mark.parametrize(
    ("told", "roster"),
    [
        (("Bob", "Smith"), ("Robert", "Smith")),
        (("Robert", "Smith Jr."), ("Robert", "Smith")),
        (("R.", "Smith"), ("Robert", "Smith")),
        (("Robert J.", "Smith"), ("Robert", "Smith")),
        (("Ana", "Lee-Park"), ("Ana", "Lee Park")),
        (("Ana", "Lee"), ("Ana", "Lee-Park")),
        (("José", "Nuñez"), ("Jose", "Nunez")),
        (("José", "de la Cruz"), ("Jose", "Cruz")),
        (("", "Smith, Robert J."), ("Robert", "Smith")),
        (("", "Robert Smith"), ("Robert", "Smith")),
        (("Smith", "Robert"), ("Robert", "Smith")),
        (("Smith", "Bob"), ("Robert", "Smith")),
        (("Patrick", "O’Neil"), ("Pat", "O'Neil")),
        (("Jon", "Smyth"), ("John", "Smith")),
        (("Maria del Carmen", "Lopez"), ("Carmen", "Lopez")),
        (("DAVID", "mcallister"), ("Dave", "McAllister")),
    ],
)
def test_these_are_worth_a_look(told: Told, roster: Told) -> None:
    assert score(told, roster) >= SIMILAR
    assert score(roster, told) >= SIMILAR


@pytest.mark.parametrize(
    ("told", "roster"),
    [
        (("Ana", "Gomez"), ("Luis", "Gomez")),
        (("Ana", "Gomez"), ("Ana", "Whitfield")),
        (("Robert", "Smith Jr."), ("Robert", "Smith Sr.")),
        (("", ""), ("Robert", "Smith")),
        (("Maria", "Lopez"), ("Marco", "Lopez")),
    ],
)
def test_these_are_not(told: Told, roster: Told) -> None:
    assert score(told, roster) < SIMILAR


@given(first=LETTERS, last=LETTERS)
def test_a_name_is_like_itself_however_it_is_written(first: str, last: str) -> None:
    for form in ("NFC", "NFD"):
        other = (unicodedata.normalize(form, first.upper()), unicodedata.normalize(form, last))
        folded = (
            unicodedata.normalize("NFKD", first.casefold()),
            unicodedata.normalize("NFKD", first.upper().casefold()),
        )
        if folded[0] == folded[1]:
            assert score((first, last), other) == pytest.approx(1.0)


@given(LETTERS, LETTERS, LETTERS, LETTERS)
def test_a_likeness_lies_between_nothing_and_one(a: str, b: str, c: str, d: str) -> None:
    assert 0 <= score((a, b), (c, d)) <= 1


def people(*names: tuple[str, str, str]) -> list[Person]:
    return [
        Person(person_id, last, first, emails=(f"{person_id}@staff.example.org",)) for person_id, first, last in names
    ]


def book(*names: tuple[str, str, str]) -> Directory:
    return directory(people(*names), SEAL)


def test_the_same_name_twice_in_one_partner_gives_both_and_neither_leads() -> None:
    among = candidates_among(people(("1", "Ann", "Lee"), ("2", "Ann", "Lee")), {"1": ["Heron"], "2": ["Heron"]})
    found = among.of(Learner("m", "x", first_name="Ann", last_name="Lee", employer="Heron Guards"))
    assert [one.person_id for one in found] == ["1", "2"]
    assert found[0].score == found[1].score


def test_what_else_agrees_or_does_not_is_said_and_ranks() -> None:
    among = candidates_among(
        [
            Person("00417", "Lee", "Ann", emails=("ann.lee@quarry.example.org",)),
            Person("9", "Lee", "Ann", emails=("lee@heron.example.com",)),
        ],
        {"00417": ["Quarry Police Department"], "9": ["Heron Guards"]},
    )
    learner = Learner("m", "417", "417", ("ann.lee@quarry.example.org",), "Annie", "Lee", "Quarry Police")
    best, other = among.of(learner)
    assert (best.person_id, other.person_id) == ("00417", "9")
    assert "id 417 differs from 00417 by leading zeros only" in best.speaks_for
    assert "same e-mail domain quarry.example.org" in best.speaks_for
    assert other.speaks_against == ("another e-mail domain", "employer “Quarry Police”, not Heron Guards")


@given(
    st.lists(st.sampled_from(["Ann Lee", "Anne Lee", "Bob Roe", "Robert Roe", "Li Wei", "Wei Li"]), max_size=6),
    st.lists(st.sampled_from(["Ann Lee", "Bob Roe", "Wei Li", "R. Roe"]), max_size=6),
)
def test_names_alone_never_match_anybody(roster: list[str], told: list[str]) -> None:
    one = book(*((str(i), name.split()[0], name.split()[1]) for i, name in enumerate(roster)))
    learners = [
        pseudonymous_learner(Learner("m", f"k{i}", first_name=n.split()[0], last_name=n.split()[1]), SEAL)
        for i, n in enumerate(told)
    ]
    assert all(not match.person_id for match in match_all(learners, one).values())


@given(st.data())
def test_automatic_matches_are_right_whatever_conflicts_are_planted(data: st.DataObject) -> None:
    roster = people(*((f"E{n}", f"First{n}", f"Last{n}") for n in range(6)))
    learners, truth = [], {}
    for number, person in enumerate(roster):
        plant = data.draw(st.sampled_from(["", "shared mailbox", "reused address", "shared id"]))
        other = roster[data.draw(st.integers(0, 5))]
        emails = {"shared mailbox": ("office@x.example.org",), "reused address": other.emails}.get(
            plant, person.emails
        )
        learners.append(pseudonymous_learner(Learner("m", f"k{number}", person.person_id, emails), SEAL))
        truth[learners[-1].learner] = person.person_id
        if plant == "shared id":
            learners.append(pseudonymous_learner(Learner("m", f"twin{number}", person.person_id), SEAL))
    matches = match_all(learners, directory(roster, SEAL))
    for (_, learner), match in matches.items():
        assert match.person_id in ("", truth.get(learner, "nobody"))
