"""Do a record's name and a person's agree: one rule, the same on text and on keyed hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.name_agreement import KnownName, NameAgreement, name_words
from lms_sync.model.pseudonyms import Pseudonyms

AGREES, SILENT, CONTRADICTS = NameAgreement.AGREES, NameAgreement.SILENT, NameAgreement.CONTRADICTS
LAST, FIRST = NameAgreement.ANOTHER_LAST, NameAgreement.ANOTHER_FIRST
SEAL = Pseudonyms(b"made up for the tests")
Told = tuple[str, str]


@pytest.mark.parametrize(
    ("record", "person", "expected"),
    [
        (("Ana", "Lee"), ("Ana", "Lee"), AGREES),
        (("John", "Smith"), ("Ana", "Lee"), CONTRADICTS),
        # columns swapped, one column, commas, case and accents
        (("Lee", "Ana"), ("Ana", "Lee"), AGREES),
        (("", "LEE, ANA M."), ("Ana", "Lee"), AGREES),
        (("Ana Lee", ""), ("Ana", "Lee"), AGREES),
        (("JOSE", "NUNEZ"), ("José", "Núñez"), AGREES),
        (("Soren", "Moller"), ("Søren", "Møller"), AGREES),
        # nicknames and near spellings
        (("Bob", "Smyth"), ("Robert", "Smith"), AGREES),
        (("Peggy", "Stone"), ("Margaret", "Lovelace"), LAST),
        (("A.", "Lovelase"), ("Ada", "Lovelace"), AGREES),
        (("Mario", "Diaz"), ("Maria", "Cruz"), CONTRADICTS),
        (("Jason", "Hill"), ("Mason", "Byrd"), CONTRADICTS),
        # married names, double names, hyphens, names in one word
        (("Ana", "Whitfield"), ("Ana", "Lee"), LAST),
        (("Ana", "Lee-Park"), ("Ana", "Lee"), AGREES),
        (("Ana", "LeePark"), ("A.", "Lee-Park"), AGREES),
        (("Rosa", "Delacruz"), ("Rosa Ines", "de la Cruz"), AGREES),
        (("Ian", "Mc Allister"), ("I.", "McAllister"), AGREES),
        (("Luis", "Gomez"), ("Ana", "Gomez"), FIRST),
        # initials say nothing, and do not outweigh a name
        (("J.", "S."), ("Ana", "Lee"), SILENT),
        (("A.", "L."), ("Ana", "Lee"), SILENT),
        (("A.", "Smith"), ("Ana", "Lee"), CONTRADICTS),
        (("", ""), ("Ana", "Lee"), SILENT),
        # another script cannot contradict; the same one can
        (("Анна", "Ли"), ("Ana", "Lee"), SILENT),
        (("娜", "李"), ("Ana", "Lee"), SILENT),
        (("Анна", "Ли"), ("Иван", "Петров"), CONTRADICTS),
        # titles, ranks, suffixes, particles
        (("Officer", "Smith"), ("Officer", "Lee"), CONTRADICTS),
        (("Sgt. John", "Smith Jr."), ("Sgt. Ana", "Lee Jr."), CONTRADICTS),
        (("Sgt.", "Lee"), ("Ana", "Lee"), AGREES),
        (("Rosa", "de la Cruz"), ("Ana", "de la Vega"), CONTRADICTS),
        (("Binh", "Le"), ("Anh", "Le"), FIRST),
        (("Al", "Sayed"), ("Albert", "Haddad"), LAST),
        (("Omar", "al Sayed"), ("Yusuf", "al Masri"), CONTRADICTS),
        (("Officer", ""), ("Ana", "Lee"), SILENT),
    ],
)
def test_these_names(record: Told, person: Told, expected: NameAgreement) -> None:
    words, known = name_words(*record), KnownName.of(name_words(*person))
    assert known.compared(words) is expected
    assert SEAL.of_person(known).compared(SEAL.of_name(words)) is expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (("Heronmere", "Guards"), SILENT),
        (("John", "Smith Heronmere"), CONTRADICTS),
        (("Ana", "Heronmere Guards"), AGREES),
    ],
)
def test_the_partner_s_own_words_say_nothing(record: Told, expected: NameAgreement) -> None:
    known = KnownName.of(name_words("Ana", "Lee"), without=("heronmere", "guards"))
    assert known.compared(name_words(*record)) is expected
    assert SEAL.of_person(known).compared(SEAL.of_name(name_words(*record))) is expected


def test_a_person_who_is_called_like_the_partner_keeps_the_name() -> None:
    known = KnownName.of(name_words("", "Heronmere"), without=("heronmere",))
    assert known.compared(name_words("Lu", "Heronmere")) is AGREES
    assert known.compared(name_words("John", "Smith")) is CONTRADICTS


def test_any_name_that_a_person_went_by_will_do() -> None:
    known = KnownName.of(name_words("Ana", "Lee"), name_words("Ana", "Whitfield"))
    assert known.compared(name_words("", "Whitfield")) is AGREES


NAMES = st.text(st.characters(categories=("L", "Zs"), include_characters="-'."), max_size=12)


@given(NAMES, NAMES, NAMES, NAMES)
def test_hashes_tell_what_the_text_tells(first: str, last: str, other_first: str, other_last: str) -> None:
    words, known = name_words(first, last), KnownName.of(name_words(other_first, other_last))
    assert SEAL.of_person(known).compared(SEAL.of_name(words)) is known.compared(words)
    assert KnownName.of(words).compared(words) in (AGREES, SILENT)


def test_nothing_of_a_name_shows_in_its_hashes() -> None:
    shown = repr(SEAL.of_name(name_words("Cleodora", "Marshbane"))).casefold()
    assert not any(part in shown for part in ("cleodora", "marsh", "latin"))
