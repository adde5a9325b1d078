"""A file is ours byte for byte, ours with a signature behind it, or not ours; nothing that was edited passes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing import SIGNER, overwritten, signed, some_pdf

from lms_sync.agreements.recognise import recognise
from lms_sync.agreements.signed import Signature, look_behind

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


@pytest.mark.parametrize("box", [None, (50, 50, 250, 100)], ids=["invisible", "visible"])
def test_a_signature_behind_the_issued_bytes_is_sound_and_named(box: tuple[int, int, int, int] | None) -> None:
    behind = look_behind(signed(ISSUED, box=box), SIZE)

    assert behind.sound
    assert behind.signatures == (Signature(SIGNER, intact=True),)


def test_two_signatures_are_sound() -> None:
    behind = look_behind(signed(signed(ISSUED), "Signature2"), SIZE)

    assert behind.sound
    assert len(behind.signatures) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (overwritten(ISSUED), "no signature"),
        (signed(overwritten(ISSUED)), "more than signatures"),
        (overwritten(signed(ISSUED)), "more than signatures"),
        (ISSUED + b"junk", "no part of a PDF"),
        (ISSUED + b"\n%%EOF\n", "can't be read"),
        (signed(ISSUED, box=(0, 0, 590, 780)), "so much of a page"),
    ],
    ids=["overwritten", "overwritten, then signed", "signed, then overwritten", "junk", "an ending", "a huge field"],
)
def test_what_may_show_something_else_is_never_sound(content: bytes, why: str) -> None:
    """Attack: an incremental update that hides or replaces what was issued, with or without a signature."""
    behind = look_behind(content, SIZE)

    assert not behind.sound
    assert why in behind.changed


def test_a_signature_over_changed_bytes_is_not_sound() -> None:
    content = bytearray(signed(ISSUED))
    place = content.rindex(b"/Sig") - 1
    content[place - 3 : place] = b"   "

    assert not look_behind(bytes(content), SIZE).sound


@given(st.binary(max_size=300))
def test_whatever_stands_behind_the_issued_bytes_breaks_nothing(behind: bytes) -> None:
    assert not look_behind(ISSUED + behind, SIZE).sound
