"""Issue 13, line 4: a badge is called an Open Badge only if signature, issuer's key and status check out."""

import hashlib
import json
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from lms_sync.documents.about import NamedPerson
from lms_sync.documents.badge import awarded_to, names_an_address
from lms_sync.documents.badge_proof import ITS_OWN_KEY, UNVERIFIED, look_into_badge
from lms_sync.documents.file_kinds import MediaKind, kind_of
from lms_sync.documents.look import look_into
from lms_sync.documents.plan import recipient_remarks
from lms_sync.documents.vault import Vault
from lms_sync.errors import UsageError
from lms_sync.model.badge_issuer import BadgeIssuer
from tests.security.badges import (
    ADA,
    ESD,
    PICTURE,
    SVG,
    Wanted,
    document_3,
    esd,
    in_png,
    in_svg,
    key,
    revocable,
    revoked_2,
    revoked_list,
    token_2,
    token_3,
    with_head,
    with_payload,
)

OURS, CURVE, EVIL = key("esd"), key("esd", curve=True), key("evil")
IN_ORDER = {
    "a token": (token_3(OURS).encode(), esd(OURS), "names no list"),
    "a token of another kind of key": (token_3(CURVE).encode(), esd(CURVE), "names no list"),
    "JSON with its proof": (document_3(OURS).encode(), esd(OURS), "names no list"),
    "a picture": (in_png(token_3(OURS)), esd(OURS), "names no list"),
    "a drawing": (in_svg(token_3(OURS)), esd(OURS), "names no list"),
    "JSON in a drawing": (in_svg(document_3(OURS), document=True), esd(OURS), "names no list"),
    "not revoked": (
        token_3(OURS, Wanted(status=revocable())).encode(),
        esd(OURS, revoked_list(OURS, {8})),
        "2026-11-20",
    ),
    "not revoked, 2.0": (token_2(OURS).encode(), esd(OURS, revoked_2("urn:uuid:2")), "2026-11-20"),
    "2.0 in a picture": (in_png(token_2(OURS), keyword=b"openbadges"), esd(OURS, revoked_2()), "2026-11-20"),
    "its id is its key": (
        token_3(OURS, Wanted(issuer=OURS.did)).encode(),
        esd(OURS, issuer=OURS.did),
        "names no list",
    ),
}
EMBEDDED = json.dumps(
    {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://badges.esd.example.org/a/1",
        "verification": {"type": "hosted"},
    }
)
ZIPPED = b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"eyJ" + b"x" * 2_000_000)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def in_picture(*chunks: bytes) -> bytes:
    return PICTURE[:-12] + b"".join(chunks) + PICTURE[-12:]


UNPROVEN = {
    "nobody knows its issuer": (token_3(OURS).encode(), (), "its key is at badges.esd.example.org"),
    "did:web": (
        token_3(OURS, Wanted(issuer="did:web:esd.example.org")).encode(),
        (),
        "not checked: its key is at esd.example.org",
    ),
    "a key that it brings itself": (token_3(OURS, Wanted(issuer=OURS.did)).encode(), (), ITS_OWN_KEY),
    "a proof by a key that it brings itself": (document_3(OURS, Wanted(issuer=OURS.did)).encode(), (), ITS_OWN_KEY),
    "a key that it brings itself, changed": (
        with_payload(token_3(OURS, Wanted(issuer=OURS.did)), b"Safety series", b"Another one!!").encode(),
        (),
        "Invalid signature",
    ),
    "another's key, our issuer's name": (token_3(EVIL).encode(), esd(OURS), "Invalid signature"),
    "another's proof, our issuer's name": (document_3(EVIL).encode(), esd(OURS), "check of its signature"),
    "changed after it was signed": (
        with_payload(token_3(OURS), b"Safety series", b"Another one!!").encode(),
        esd(OURS),
        "Invalid signature",
    ),
    "JSON changed after it was signed": (
        document_3(OURS).replace("Safety series", "Another one!!").encode(),
        esd(OURS),
        "check of its signature",
    ),
    "alg none": (with_head(token_3(OURS), {"alg": "none"}).encode(), esd(OURS), "not allowed"),
    "alg none, without a signature": (
        with_head(token_3(OURS), {"alg": "none"}).rpartition(".")[0].encode() + b".",
        esd(OURS),
        "not allowed",
    ),
    "an HMAC under the public key": (
        with_head(token_3(CURVE), {"alg": "HS256"}, secret=CURVE.public.encode()).encode(),
        esd(CURVE),
        "not allowed",
    ),
    "2.0, an HMAC under the public key": (
        with_head(token_2(CURVE), {"alg": "HS256"}, secret=CURVE.public.encode()).encode(),
        esd(CURVE, revoked_2()),
        "check of its signature",
    ),
    "2.0, alg none": (with_head(token_2(OURS), {"alg": "none"}).encode(), esd(OURS, revoked_2()), "check of"),
    "a key in its head": (
        with_head(token_3(EVIL), {"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}).encode(),
        esd(OURS),
        "Invalid signature",
    ),
    "expired": (token_3(OURS, Wanted(expires=timedelta(days=-1))).encode(), esd(OURS), "expired"),
    "not valid yet": (token_3(OURS, Wanted(issued=timedelta(days=9))).encode(), esd(OURS), "check of"),
    "revoked": (
        token_3(OURS, Wanted(status=revocable())).encode(),
        esd(OURS, revoked_list(OURS, {7})),
        "'revocation' is set",
    ),
    "a list that another signed": (
        token_3(OURS, Wanted(status=revocable())).encode(),
        esd(OURS, revoked_list(EVIL, set())),
        "check of",
    ),
    "nobody looked up whether it was revoked": (
        token_3(OURS, Wanted(status=revocable())).encode(),
        esd(OURS),
        "not looked up: its list is at badges.esd.example.org",
    ),
    "its list is elsewhere": (
        token_3(OURS, Wanted(status=revocable(where="https://evil.example/list"))).encode(),
        esd(OURS, revoked_list(OURS, set())),
        "its list is at evil.example",
    ),
    "2.0, revoked": (token_2(OURS).encode(), esd(OURS, revoked_2("urn:uuid:1")), "has revoked it"),
    "2.0, nobody looked it up": (token_2(OURS).encode(), esd(OURS), "not looked up"),
    "2.0, another's key": (token_2(EVIL).encode(), esd(OURS, revoked_2()), "check of its signature"),
    "2.0, a longer name of the issuer": (
        token_2(EVIL, creator=f"{ESD}-of-mine/keys/1").encode(),
        esd(EVIL, revoked_2()),
        "its key is at badges.esd.example.org",
    ),
    "2.0, hosted": (EMBEDDED.encode(), esd(OURS), "nothing in it is signed"),
    "3.0, nothing signed": (
        json.dumps(json.loads(document_3(OURS)) | {"proof": []}).encode(),
        esd(OURS),
        "nothing in it is signed",
    ),
    "two badges in a picture": (
        in_png(token_2(EVIL), keyword=b"openbadges", picture=in_png(token_3(OURS))),
        esd(OURS, revoked_2()),
        "two badges",
    ),
    "a piece of a picture that grows": (in_picture(chunk(b"iTXt", ZIPPED)), esd(OURS), "cannot be read"),
    "a piece that says it is huge": (
        in_picture(struct.pack(">I", 2**31 - 1) + b"iTXt" + b"openbadgecredential\0\0\0\0\0eyJ"),
        esd(OURS),
        "cannot be read",
    ),
    "a piece in a form that nobody reads": (
        in_picture(chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(token_3(OURS).encode()))),
        esd(OURS),
        "no badge is in the picture",
    ),
    "a picture that is cut off": (in_png(token_3(OURS))[:300], esd(OURS), "cannot be read"),
    "a drawing with entities": (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + in_svg("&b;"),
        esd(OURS),
        "cannot be read",
    ),
    "nested brackets": (
        b'{"@context": "https://purl.imsglobal.org/spec/ob/v3p0", "x": ' + b"[" * 9000 + b"]" * 9000 + b"}",
        esd(OURS),
        "no badge",
    ),
    "something else that is signed": (
        with_payload(token_3(OURS), b"purl.imsglobal.org/spec/ob", b"purl.imsglobal.org/spec/xx").encode(),
        esd(OURS),
        "no badge",
    ),
}


@pytest.mark.parametrize("case", IN_ORDER)
def test_13_4_a_badge_that_checks_out_is_called_an_open_badge(case: str) -> None:
    content, issuer, status = IN_ORDER[case]
    look = look_into_badge(content, (issuer,))
    assert look.note.startswith("It is an Open Badge (")
    assert "signed with the key of ESD 113" in look.note
    assert status in look.note
    assert look.badge is not None
    assert names_an_address(look.badge)
    assert awarded_to(look.badge, [ADA, "eve@evil.example"]) == {ADA}


@pytest.mark.parametrize("case", UNPROVEN)
def test_13_4_any_other_badge_is_a_file_that_nobody_has_verified_and_says_why(case: str) -> None:
    content, issuer, reason = UNPROVEN[case]
    note = look_into_badge(content, issuer if isinstance(issuer, tuple) else (issuer,)).note
    assert note.startswith(UNVERIFIED)
    assert reason in note
    assert note.isprintable()


def test_13_4_a_badge_is_looked_into_behind_the_guard(tmp_path: Path) -> None:
    (tmp_path / "esd.pem").write_text(OURS.public, encoding="utf-8")
    (tmp_path / "revoked.jwt").write_text(revoked_list(OURS, {8}).text, encoding="utf-8")
    issuer = BadgeIssuer("ESD 113", ESD, tmp_path / "esd.pem", (tmp_path / "revoked.jwt",))
    content = in_png(token_3(OURS, Wanted(status=revocable())))
    handed = Vault(tmp_path / "documents", 1_000_000, (issuer,)).handed("badge.png", content)
    assert handed.file.notes[0].startswith("It is an Open Badge (3.0)")
    assert handed.looked.badge is not None
    (tmp_path / "esd.pem").unlink()
    (note,) = look_into(content, MediaKind.PNG, issuers=(issuer,)).notes
    assert "the key of ESD 113 that lms_sync.toml names cannot be read" in note


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (token_3(EVIL).encode(), MediaKind.BADGE_TOKEN),
        (token_2(EVIL).encode(), MediaKind.BADGE_TOKEN),
        (in_svg(token_3(EVIL)), MediaKind.BADGE_PICTURE),
        (b'<?xml version="1.0"?>\n' + in_svg(token_3(EVIL)), MediaKind.BADGE_PICTURE),
        (document_3(EVIL).encode(), MediaKind.BADGE),
        (in_png(token_3(EVIL)), MediaKind.PNG),
    ],
)
def test_13_4_what_has_the_form_of_a_badge_is_kept_whatever_it_is_worth(content: bytes, kind: MediaKind) -> None:
    assert kind_of(content, name="x").media_type is kind


@pytest.mark.parametrize("content", [SVG, b"eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", b"eyJ.eyJ.eyJ", b"<svg>" + b"x" * 99])
def test_13_4_other_drawings_and_tokens_are_not_kept(content: bytes) -> None:
    with pytest.raises(UsageError):
        kind_of(content, name="x")


@pytest.mark.parametrize(
    ("recipient", "emails", "words"),
    [
        ({"type": "email", "identity": ADA}, {ADA}, ""),
        (
            {
                "type": "email",
                "identity": f"sha256${hashlib.sha256(f'{ADA}salt'.encode()).hexdigest()}",
                "salt": "salt",
            },
            {ADA},
            "",
        ),
        ({"type": "email", "identity": "eve@evil.example"}, {ADA}, "that the roster does not have for 100417"),
        ({"type": "email", "identity": f"sha256${'0' * 64}"}, {ADA}, "that the roster does not have for 100417"),
        ({"type": "telephone", "identity": ADA}, {ADA}, "was not compared"),
        ({"id": "did:key:z6Mk"}, {ADA}, "was not compared"),
        ({"id": f"mailto:{ADA}"}, {ADA}, ""),
        ({"type": "email", "identity": ADA}, set(), "the roster has no e-mail address of 100417"),
        (7, {ADA}, "was not compared"),
    ],
)
def test_13_4_to_whom_a_badge_was_awarded_is_compared_or_said_not_to_be(
    recipient: object, emails: set[str], words: str
) -> None:
    person = NamedPerson("100417", (("marsh",),), frozenset({"ada"}), frozenset(emails))
    remarks = list(recipient_remarks({"credentialSubject": recipient}, [person]))
    assert words in "".join(remarks)
    assert bool(remarks) is bool(words)
