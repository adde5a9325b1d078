"""A file is ours byte for byte, ours with a signature behind it, or not ours; nothing that was edited passes."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.agreements.clause_c.examine import examine
from lms_sync.agreements.clause_c.recognise import recognise
from lms_sync.agreements.clause_c.signed import UNREADABLE, Appended, Signature, look_behind
from tests.agreements.forging import (
    authored,
    described,
    overwritten,
    retitled,
    second_document,
    signed_into,
    with_entry,
    with_field,
)
from tests.agreements.signing import SIGNER, signed, some_pdf

ISSUED = some_pdf()
SIZE = len(ISSUED)


def known(*contents: bytes) -> dict[str, int]:
    return {hashlib.sha256(one).hexdigest(): len(one) for one in contents}


def test_the_issued_bytes_are_recognised() -> None:
    found = recognise(ISSUED, known(ISSUED, some_pdf("It is otherwise.")))

    assert (found.known, found.size, found.behind) == (True, SIZE, 0)


def test_issued_bytes_with_something_behind_them_are_told_apart() -> None:
    content = signed(ISSUED)
    found = recognise(content, known(ISSUED))

    assert found.size == SIZE
    assert found.behind == len(content) - SIZE > 0


@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_one_changed_byte_and_it_is_not_ours(place: int, change: int) -> None:
    """Attack: a confirmation that was edited in a hex editor."""
    edited = bytearray(ISSUED)
    edited[place] ^= change

    assert not recognise(bytes(edited), known(ISSUED)).known


@given(st.binary(max_size=40), st.lists(st.binary(max_size=40), max_size=5))
def test_the_longest_issued_beginning_counts(behind: bytes, issued: list[bytes]) -> None:
    content = b"".join(issued) + behind
    found = recognise(content, known(*issued))
    fitting = [one for one in issued if one and content.startswith(one)]

    assert found.size == max(map(len, fitting), default=0)
    assert found.behind == len(content) - found.size


def test_the_number_that_an_edited_file_claims_is_told() -> None:
    assert recognise(b"%PDF-1.7 Training confirmation TC-2026-0042 x", {}).claims == "TC-2026-0042"


@pytest.mark.parametrize("visible", [False, True], ids=["invisible", "visible"])
def test_a_signature_behind_the_issued_bytes_is_sound_and_named(visible: bool) -> None:  # noqa: FBT001
    look = examine if visible else look_behind  # which has a process of its own do the same
    behind = look(signed(ISSUED, visible=visible), SIZE)

    assert behind.sound
    assert behind.signatures == (Signature(SIGNER, intact=True),)


def test_two_signatures_are_sound() -> None:
    behind = examine(signed(signed(ISSUED, visible=False), "Signature2"), SIZE)

    assert behind.sound
    assert len(behind.signatures) == 2


def many_fields() -> bytes:
    content = ISSUED
    for number in range(8):
        content = signed(content, f"S{number}", box=(0, number * 98, 612, number * 98 + 97))
    return content


FORGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "overwritten": (lambda: overwritten(ISSUED), "no signature"),
    "overwritten, then signed": (lambda: signed(overwritten(ISSUED)), "more than signatures"),
    "signed, then overwritten": (lambda: overwritten(signed(ISSUED)), "more than signatures"),
    "junk": (lambda: ISSUED + b"junk", "not part of a PDF"),
    "an ending": (lambda: ISSUED + b"\n%%EOF\n", "can't be read"),
    "a second document": (lambda: second_document(ISSUED), "another document"),
    "a second document, signed": (lambda: signed(second_document(ISSUED), visible=False), "another document"),
    "a field over the page, then signed": (lambda: signed(with_field(ISSUED, "F"), visible=False), "not signed"),
    "signed, then a field over the page": (lambda: with_field(signed(ISSUED, visible=False), "F"), "not signed"),
    "a part of a field over the page": (
        lambda: signed(with_field(ISSUED, "F", kids=True), visible=False),
        "not signed",
    ),
    "signed over the page": (lambda: signed_into(with_field(ISSUED, "F"), "F"), "outside the space"),
    "signed over the page by a part": (
        lambda: signed_into(with_field(ISSUED, "F", kids=True), "F"),
        "outside the space",
    ),
    "signed over the names": (lambda: signed(ISSUED, box=(40, 740, 560, 820)), "outside the space"),
    "many signatures": (many_fields, "outside the space"),
    "a script on a field": (
        lambda: signed_into(with_field(ISSUED, "F", (10, 10, 90, 60), script=True), "F"),
        "does more than sign",
    ),
    "something behind the signature": (lambda: signed(ISSUED) + b"\n% hello", "follows the last signature"),
    "another title": (lambda: signed(retitled(ISSUED), visible=False), "Title"),
}
ADDED: dict[str, tuple[Callable[[], bytes], str]] = {
    "an author": (lambda: signed(authored(ISSUED), visible=False), "/Author"),
    "an author behind the signature": (lambda: authored(signed(ISSUED, visible=False)), "/Author"),
    "another description": (lambda: signed(described(ISSUED), visible=False), "XMP"),
    "evidence for later": (lambda: signed(with_entry(ISSUED, "DSS"), visible=False), "/DSS"),
    "evidence behind the signature": (lambda: with_entry(signed(ISSUED, visible=False), "DSS"), "/DSS"),
    "extensions": (lambda: signed(with_entry(ISSUED, "Extensions"), visible=False), "/Extensions"),
    "an action": (lambda: signed(with_entry(ISSUED, "OpenAction"), visible=False), "/OpenAction"),
}


@pytest.mark.parametrize("name", ADDED)
def test_13_3_what_was_added_besides_signatures_is_told(name: str) -> None:
    """Info, XMP and the catalog are as issued, or the file is not called nothing but signed."""
    forge, added = ADDED[name]
    behind = examine(forge(), SIZE)

    assert not behind.sound
    assert added in behind.changed


@pytest.mark.parametrize("name", FORGED)
def test_what_may_show_something_else_is_never_sound(name: str) -> None:
    """Attacks: an update that hides or replaces what was issued, with or without a signature."""
    forge, why = FORGED[name]
    behind = examine(forge(), SIZE)

    assert not behind.sound
    assert why in behind.changed


def test_a_document_without_a_place_for_signatures_takes_none_that_shows() -> None:
    """A workspace's own template may have none: then nobody can tell what a visible signature hides."""
    content = some_pdf("It is so.", "")
    assert examine(signed(content, visible=False), len(content)).sound
    assert "outside the space" in examine(signed(content, box=(60, 60, 200, 90)), len(content)).changed


def test_a_signature_over_changed_bytes_is_not_sound() -> None:
    content = bytearray(signed(ISSUED))
    place = content.rindex(b"/Sig") - 1
    content[place - 3 : place] = b"   "

    assert not examine(bytes(content), SIZE).sound


@given(st.binary(max_size=300))
def test_whatever_stands_behind_the_issued_bytes_breaks_nothing(behind: bytes) -> None:
    assert not examine(ISSUED + behind, SIZE).sound


def test_a_file_that_its_reader_does_not_survive_is_not_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_sync.agreements.clause_c.signed.ask_child", lambda program, content: None)

    assert look_behind(signed(ISSUED), SIZE) == Appended((), UNREADABLE)
