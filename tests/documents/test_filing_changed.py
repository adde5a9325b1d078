"""For whom a document counts when a Person ID is merged, given to somebody else, or its bearer marries."""

from collections.abc import Sequence
from datetime import date

import pytest

from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.links import Merge, PeopleDecisions
from lms_sync.model.roster import Person
from lms_sync.store.known.documented import documentation_of, person_documents

FILE = KeptFile("0" * 64, "letter.pdf", "application/pdf", 9)
NILS = Person("2", "Newby", "Nils")
DOVID = Person("9", "Lindqvist", "Dovid")
BEFORE, MERGED, AFTER = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)
MERGE = Merge("2", "9", (), (("Dovid", "Lindqvist"),), (), "Kim", MERGED, "renumbered")


def document(*people: str, names: Sequence[str] = (), on: date = BEFORE) -> FiledDocument:
    told = ("verified", "ESD 113", BEFORE, "88", FILE, "Kim", on)
    return FiledDocument("D1", people, ("classroom",), *told, names=tuple(names))


def counting(one: FiledDocument, *people: Person, merges: Sequence[Merge] = ()) -> dict[str, int]:
    """Return Person ID → the number of components that the document says something of."""
    decided = PeopleDecisions(merges=tuple(merges))
    found = documentation_of(person_documents([one], {person.person_id: person for person in people}, decided))
    return {person_id: len(said) for person_id, said in found.items()}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Newby, Nils", NILS),
        ("Newby, Ada", NILS),
        ("Rosen, Nils", NILS),
        ("NEWBY, NÍLS", NILS),
        ("Nils, Newby", NILS),
        ("García-Márquez, Zoë", Person("2", "Marquez", "Z.")),
        ("Okafor, Benjamin (Ben)", Person("2", "Reed", "Ben")),
        ("Okafor, Ben", Person("2", "Reed", "Benjamin", preferred_name="Ben")),
        ("", NILS),
        ("J.", NILS),
        ("李, 伟", Person("2", "李", "娜")),
    ],
)
def test_a_document_counts_while_first_or_last_name_is_the_same(then: str, now: Person) -> None:
    assert counting(document("2", names=(then,)), now) == {"2": 1}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Lindqvist, Dovid", NILS),
        ("de la Cruz, Maria", Person("2", "de la Rosa", "Ana")),
        ("Smith Jr, Paul J.", Person("2", "Jones Jr", "Mark J.")),
        ("李, 伟", Person("2", "王", "芳")),
    ],
)
def test_a_document_does_not_count_for_somebody_else_under_the_same_id(then: str, now: Person) -> None:
    assert counting(document("2", names=(then,)), now) == {}


def test_of_a_document_for_two_people_only_the_one_who_changed_is_left_out() -> None:
    one = document("9", "2", names=("Lindqvist, Dovid", "Reed, Ben"))

    assert counting(one, NILS, DOVID) == {"9": 1}


def test_a_document_without_names_counts_as_ever() -> None:
    assert counting(document("2", "9"), NILS, DOVID) == {"2": 1, "9": 1}


def test_a_document_of_somebody_who_left_the_roster_stays_the_one_s_who_left() -> None:
    assert counting(document("2", names=("Newby, Nils",)), DOVID) == {"2": 1}


def test_a_document_of_a_former_id_is_its_successor_s_under_the_name_of_then_or_now() -> None:
    married = Person("9", "Rosen", "David")
    one = document("2", "9", names=("Lindqvist, Dovid", "Rosen, David"))

    assert counting(one, married, merges=(MERGE,)) == {"9": 1}


@pytest.mark.parametrize("names", [(), ("Lindqvist, Dovid",)])
def test_what_was_filed_before_a_merge_stays_its_bearer_s_when_the_id_is_given_away(names: Sequence[str]) -> None:
    assert counting(document("2", names=names), NILS, DOVID, merges=(MERGE,)) == {"9": 1}


@pytest.mark.parametrize("names", [(), ("Newby, Nils",)])
def test_what_is_filed_after_the_id_was_given_away_is_the_new_bearer_s(names: Sequence[str]) -> None:
    assert counting(document("2", names=names, on=AFTER), NILS, DOVID, merges=(MERGE,)) == {"2": 1}


@pytest.mark.parametrize(("name", "whose"), [("Newby, Nils", "2"), ("Lindqvist, Dovid", "9")])
def test_on_the_day_of_the_merge_the_name_tells_whose_a_document_is(name: str, whose: str) -> None:
    assert counting(document("2", names=(name,), on=MERGED), NILS, DOVID, merges=(MERGE,)) == {whose: 1}
