"""What a file is, by its content: what is kept, what is refused, and with which words."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.documents.badge import awarded_to, parsed_badge
from lms_sync.documents.file_kinds import MediaKind, kind_of, list_kind
from lms_sync.errors import UsageError
from tests.documents.filing_files import PNG, badge_2, badge_3, mail, pdf

DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(1000)
)
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "__properties_version1.0".encode("utf-16-le")


def test_an_e_mail_of_a_thousand_nested_parts_is_told_by_its_head() -> None:
    content = b"From: esd@example.org\r\nDate: Mon, 02 Nov 2026 09:00:00 -0800\r\n" + DEEP

    assert (kind_of(content, name="a.eml").media_type, list_kind(content)) == (MediaKind.MAIL, None)


def test_a_badge_of_more_than_two_megabytes_is_refused_before_it_is_read() -> None:
    content = badge_2("ada@quarry.example.org", name="x" * 2_000_000)

    with pytest.raises(UsageError, match=r"badge\.json: 2\.0 MB of JSON, and a badge has 2 MB at most"):
        kind_of(content, name="badge.json")
    assert parsed_badge(content) is None
    assert kind_of(badge_2("ada@quarry.example.org", name="x" * 1_900_000), name="b").media_type is MediaKind.BADGE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf("Ada Marsh"), MediaKind.PDF),
        (PNG, MediaKind.PNG),
        (b"\xff\xd8\xff\xe0rest", MediaKind.JPEG),
        (b"II*\x00rest", MediaKind.TIFF),
        (b"MM\x00*rest", MediaKind.TIFF),
        (b"\0\0\0\x18ftypheic\0\0\0\0", MediaKind.HEIC),
        (b"RIFF\0\0\0\0WEBPVP8 ", MediaKind.WEBP),
        (badge_2("ada@quarry.example.org"), MediaKind.BADGE),
        (badge_3("ada@quarry.example.org"), MediaKind.BADGE),
        (mail("Dear HR"), MediaKind.MAIL),
        (OUTLOOK, MediaKind.OUTLOOK),
    ],
)
def test_the_content_tells_the_kind_whatever_the_name_says(content: bytes, kind: MediaKind) -> None:
    assert kind_of(content, name="letter.exe").media_type is kind
    assert list_kind(content) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"MZ\x90\x00\x03" + b"\0" * 60 + b"%PDF-1.7", "a program"),
        (b"\x7fELF\x02", "a program"),
        (b"#!/bin/sh\nFrom: a\nDate: b\n", "a program"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"<?xml version='1.0'?><svg onload='x()'/>", "a web page"),
        (b"PK\3\4" + b"\0" * 60, "a zip file or an Office document"),
        (b"junk before %PDF-1.7", "this kind of file cannot be filed"),
        (b'{"a": 1}', "this kind of file cannot be filed"),
        (b'{"@context": "https://schema.org", "type": "Person"}', "this kind of file cannot be filed"),
        (b"[" * 100_000, "this kind of file cannot be filed"),
        (b'{"a":' * 100_000, "this kind of file cannot be filed"),
        (b"Dear HR,\nall is well.\n", "this kind of file cannot be filed"),
    ],
)
def test_what_is_not_kept_is_refused_by_name_and_with_a_remedy(content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        kind_of(content, name="letter.pdf")

    assert str(refused.value).startswith("letter.pdf: ")
    assert "Print others to PDF" in refused.value.hint


def test_a_badge_that_nobody_was_awarded_is_refused() -> None:
    described = json.dumps({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "name": "x"}).encode()

    with pytest.raises(UsageError, match="says of nobody that it was awarded"):
        kind_of(described, name="badge.json")


def test_a_badge_with_script_text_is_text_and_nothing_else() -> None:
    content = badge_2("ada@quarry.example.org", name="<script>alert(1)</script>")

    assert kind_of(content, name="badge.json").media_type is MediaKind.BADGE


@pytest.mark.parametrize("hashed", [False, True])
def test_a_badge_tells_its_address_plainly_or_as_a_hash(*, hashed: bool) -> None:
    said = parsed_badge(badge_2("ada@quarry.example.org", hashed=hashed))
    assert said is not None

    assert awarded_to(said, ["ada@quarry.example.org", "ben@heron.example.com"]) == {"ada@quarry.example.org"}


def test_a_badge_of_3_0_tells_its_address_too() -> None:
    said = parsed_badge(badge_3("ben@heron.example.com"))
    assert said is not None

    assert awarded_to(said, ["ada@quarry.example.org", "ben@heron.example.com"]) == {"ben@heron.example.com"}


@given(st.binary(max_size=300))
def test_any_bytes_are_told_or_refused_and_never_a_fault(content: bytes) -> None:
    told = None
    with contextlib.suppress(UsageError):
        told = kind_of(content, name="x")

    assert told is None or told.media_type.ending.startswith(".")


@given(
    st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one))
)
def test_any_json_is_told_or_refused(said: object) -> None:
    wrapped = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "recipient": said}

    assert kind_of(json.dumps(wrapped).encode(), name="x").media_type is MediaKind.BADGE
    assert awarded_to(wrapped, ["ada@quarry.example.org"]) == frozenset()
