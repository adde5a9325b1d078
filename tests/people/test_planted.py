"""Planted cases of a mixed-up id or e-mail: no automatic match to a stranger, and the right ones stay."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from lms_sync.model.evidence import Learner
from lms_sync.model.links import Link, PeopleDecisions
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms, merged, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.findings import matching_findings
from lms_sync.people.match import Match, directory, match_all

SEAL = Pseudonyms(b"made up for the tests")
FIRSTS = (
    *("Robert", "Margaret", "Elizabeth", "William", "Katherine", "Deborah"),
    *("Anthony", "Patricia", "Gregory", "Susan", "Ingrid", "Tobias"),
)
LASTS = (
    *("Quillfeather", "Rookhurst", "Marshbane", "Ottersley", "Vandermolen", "Castellanos"),
    *("Obuya", "Pfefferkorn", "Llewellyn", "Brandywine", "Szymanski", "Thistlewood"),
)
SHORT = {"Robert": "Bob", "Margaret": "Peggy", "Elizabeth": "Liz", "William": "Bill", "Katherine": "Kate"}
PARTNER = "Heronmere Guards LLC"
Names = tuple[str, str]


def roster() -> list[Person]:
    """Return people no two of whom share a word of their names."""
    pairs = zip(FIRSTS, LASTS, strict=True)
    return [
        Person(f"{n:05}", last, first, emails=(f"{first}.{last}@example.org".lower(),))
        for n, (first, last) in enumerate(pairs, start=417)
    ]


PEOPLE = roster()


def right_spellings(person: Person) -> Iterator[Names]:
    """Yield ways in which sheets write a person's own name."""
    first, last = person.first_name, person.last_name
    yield from ((first, last), (last, first), ("", f"{last}, {first} J."), (f"{first} {last}", ""))
    yield from ((first.upper(), last.upper()), (f"{first[0]}.", last), (SHORT.get(first, first), last))
    yield from ((first, f"{last}-Abernathy"), (first, last[:-2] + last[-1]), (f"{first[0]}.", f"{last[0]}."))
    yield from ((f"Sgt. {first}", f"{last} Jr."), ("Officer", last), (first, f"{last} ({PARTNER})"))
    yield from (("", ""), (PARTNER, ""), ("Анна", "Петрова"), (first, "Abernathy"))


def strange_spellings() -> Iterator[Names]:
    """Yield names of strangers, as sheets write them."""
    yield from (("John", "Nakamura"), ("Nakamura", "John"), ("", "Nakamura, John"), ("J.", "Nakamura"))
    yield from (("Officer", "Nakamura"), ("Sgt. John", "Nakamura Jr."), ("John", f"Nakamura {PARTNER}"))
    yield from (("Tomoko", "O'Brien-Nakamura"), ("Joao", "de la Nakamura"), ("NAKAMURA", ""))


def match(*learners: Learner) -> list[Match]:
    sealed = merged(pseudonymous_learner(learner, SEAL) for learner in learners)
    employers = {person.person_id: (PARTNER,) for person in PEOPLE}
    found = match_all(sealed, directory(PEOPLE, SEAL, employers=employers))
    return [found[learner.source, learner.learner] for learner in sealed]


def carried(person: Person) -> Iterator[dict[str, object]]:
    """Yield identifiers of a person, as they come under another's name: recycled or mistyped id, reused e-mail."""
    yield {"person_id": person.person_id}
    yield {"emails": person.emails}
    yield {"person_id": person.person_id, "emails": person.emails}


def learner(names: Names, **known: object) -> Learner:
    return replace(Learner("vector", "k", first_name=names[0], last_name=names[1]), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [*strange_spellings()], ids=str)
def test_no_stranger_is_credited_to_anybody(names: Names) -> None:
    found = [match(learner(names, **known))[0] for person in PEOPLE for known in carried(person)]
    assert [m.person_id for m in found if m.person_id] == []
    assert all(m.conflict and m.people for m in found), "the desk has each of them"


def test_another_person_s_record_is_credited_to_nobody() -> None:
    for person in PEOPLE:
        for other in PEOPLE:
            if other is not person:
                (found,) = match(learner((other.first_name, other.last_name), person_id=person.person_id))
                assert (found.person_id, found.people) == ("", (person.person_id,))


@pytest.mark.parametrize("number", range(17))
def test_the_right_ones_stay(number: int) -> None:
    for person in PEOPLE:
        names = list(right_spellings(person))[number]
        for known in carried(person):
            assert match(learner(names, **known))[0].person_id == person.person_id, names


def test_a_married_name_is_asked_about_once_where_one_identifier_speaks() -> None:
    person = PEOPLE[0]
    by_id, by_mail, by_both = (match(learner(("Robert", "Abernathy"), **known))[0] for known in carried(person))
    assert [m.another_last_name for m in (by_id, by_mail, by_both)] == [True, True, False]


def test_the_finding_about_another_last_name_says_how_to_say_no_and_no_holds() -> None:
    sealed = [pseudonymous_learner(learner(("Robert", "Abernathy"), person_id="00417"), SEAL)]
    (finding,) = matching_findings(sealed, match_all(sealed, directory(PEOPLE, SEAL)))
    assert finding.code == "another-last-name"
    assert f"people unlink 'vector:#{sealed[0].learner[:16]}' --not 00417" in finding.remedy

    no = Link("vector", sealed[0].learner, "", ("00417",), "k", "Kim", date(2026, 11, 2), "his cousin")
    book = directory(PEOPLE, SEAL, decided=PeopleDecisions(links=(no,)))
    assert match_all(sealed, book)["vector", sealed[0].learner] == Match()


def test_a_login_under_which_two_names_were_read_is_a_conflict() -> None:
    """A reused e-mail: the former holder's rows are the same learner's."""
    mail = PEOPLE[0].emails
    (found,) = match(learner(("Robert", "Quillfeather"), emails=mail), learner(("John", "Nakamura"), emails=mail))
    assert (found.person_id, bool(found.conflict)) == ("", True)


def hidden(names: Names) -> PseudonymousLearner:
    return replace(pseudonymous_learner(learner(names, person_id="00417"), SEAL), in_clear=None)


@pytest.mark.parametrize("names", [*right_spellings(PEOPLE[0])], ids=str)
def test_the_rule_holds_for_somebody_of_whom_only_hashes_are_kept(names: Names) -> None:
    one = hidden(names)
    employers = {"00417": (PARTNER,)}
    assert match_all([one], directory(PEOPLE, SEAL, employers=employers))["vector", one.learner].person_id == "00417"


@pytest.mark.parametrize("names", [*strange_spellings()], ids=str)
def test_and_for_a_stranger_of_whom_only_hashes_are_kept(names: Names) -> None:
    one = hidden(names)
    employers = {"00417": (PARTNER,)}
    found = match_all([one], directory(PEOPLE, SEAL, employers=employers))["vector", one.learner]
    assert (found.person_id, found.people) == ("", ("00417",))


def test_those_whom_an_earlier_version_stored_without_names_wait_and_are_one_finding_a_source() -> None:
    stored = [
        replace(hidden(("Robert", f"Q{n}")), learner=f"{n}", person_ids=(SEAL.of("person", f"{n:05}"),), names=None)
        for n in range(417, 421)
    ]
    matches = match_all(stored, directory(PEOPLE, SEAL))
    assert not any(m.person_id for m in matches.values())
    (finding,) = matching_findings(stored, matches)
    assert (finding.code, len(finding.people)) == ("name-not-kept", 4)
    assert "pull vector --anew" in finding.remedy


def test_one_stored_before_with_the_very_name_or_none_does_not_wait() -> None:
    for names in (("Robert", "Quillfeather"), ("", "")):
        one = replace(hidden(names), names=None)
        assert match_all([one], directory(PEOPLE, SEAL))["vector", one.learner].person_id == "00417"


def test_planted_at_random_none_is_wrong_and_recall_stays() -> None:
    """A class in which every third identifier is somebody else's."""
    dice, figures = random.Random(7), Counter[str]()
    for _ in range(40):
        person, owner = dice.sample(PEOPLE, 2)
        names = dice.choice(list(right_spellings(person))[:8])
        mixed_up = dice.randrange(3) == 0
        known = dice.choice(list(carried(owner if mixed_up else person)))
        (found,) = match(learner(names, **known))
        figures["wrong" if found.person_id and mixed_up else "right" if found.person_id else "left"] += 1
        figures["own"] += not mixed_up
    assert figures["wrong"] == 0
    assert figures["right"] == figures["own"]
