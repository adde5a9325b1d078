"""Open Badges made on the spot, with keys made on the spot: in order, and as somebody who cheats would make them."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib.baking import bake_png, bake_svg
from openbadgeslib.ob2 import Assertion, OB2Signer
from openbadgeslib.ob2.models import IdentityObject, Verification
from openbadgeslib.ob3 import Achievement, Issuer, OB3LdpSigner, OB3Signer, OpenBadgeCredential
from openbadgeslib.ob3.did import did_key_from_pem
from openbadgeslib.ob3.status_list import build_status_list_credential, sign_status_list_credential, status_entry

from lms_sync.documents.badge_proof import RevokedList, TrustedIssuer

ESD = "https://badges.esd.example.org/issuer"
LIST = "https://badges.esd.example.org/revoked"
ADA = "ada@quarry.example.org"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


@dataclass(frozen=True, slots=True)
class Key:
    """A pair of keys."""

    private: bytes
    public: str
    did: str
    algorithm: str


@cache
def key(name: str, *, curve: bool = False) -> Key:
    """Return the key of somebody, PEM; the same one for the same name."""
    private: Any = ec.generate_private_key(ec.SECP256R1()) if curve else ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Key(pem, public.decode(), did_key_from_pem(public), "ES256" if curve else "EdDSA")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a badge is to say."""

    issuer: str = ESD
    expires: timedelta = timedelta(days=400)
    issued: timedelta = timedelta(days=-5)
    status: list[dict[str, Any]] = field(default_factory=list)
    title: str = "Safety series"


def token_3(signer: Key, wanted: Wanted = Wanted()) -> str:
    """Return a badge of 3.0 as a signed token."""
    return OB3Signer(privkey_pem=signer.private, algorithm=signer.algorithm).sign(_credential(wanted))


def document_3(signer: Key, wanted: Wanted = Wanted()) -> str:
    """Return a badge of 3.0 as JSON with a proof in it."""
    return OB3LdpSigner(privkey_pem=signer.private).sign_to_json(_credential(wanted))


def _credential(wanted: Wanted) -> OpenBadgeCredential:
    now = datetime.now().astimezone()
    achievement = Achievement("https://badges.esd.example.org/series", wanted.title, "Thirteen topics", "Attend")
    return OpenBadgeCredential(
        Issuer(wanted.issuer, "ESD 113"),
        f"mailto:{ADA}",
        achievement,
        issuance_date=now + wanted.issued,
        expiration_date=now + wanted.expires,
        credential_status=wanted.status,
    )


def token_2(signer: Key, *, badge_id: str = "urn:uuid:1", creator: str = f"{ESD}/keys/1") -> str:
    """Return a signed badge of 2.0."""
    assertion = Assertion(
        IdentityObject.create(ADA, "salt"),
        "https://badges.esd.example.org/series",
        Verification("SignedBadge", creator),
        id=badge_id,
    )
    return OB2Signer(privkey_pem=signer.private, algorithm=signer.algorithm).sign(assertion)


def revocable(index: int = 7, *, where: str = LIST) -> list[dict[str, Any]]:
    """Return what a badge says whose issuer can revoke it."""
    return [status_entry(where, "revocation", index)]


def revoked_list(signer: Key, revoked: set[int], *, issuer: str = ESD) -> RevokedList:
    """Return an issuer's signed list of revoked badges."""
    listed = build_status_list_credential(issuer, LIST, "revocation", revoked)
    return RevokedList(sign_status_list_credential(listed, signer.private, signer.algorithm), "2026-11-20")


def revoked_2(*ids: str) -> RevokedList:
    """Return an issuer's list of revoked badges of 2.0."""
    return RevokedList(
        json.dumps({"type": "RevocationList", "revokedAssertions": [{"id": i} for i in ids]}), "2026-11-20"
    )


def esd(signer: Key, *lists: RevokedList, issuer: str = ESD) -> TrustedIssuer:
    """Return the issuer that the settings name."""
    return TrustedIssuer("ESD 113", issuer, signer.public, lists)


def in_png(token: str, *, keyword: bytes = b"openbadgecredential", picture: bytes = b"") -> bytes:
    """Return a picture into which a badge is baked."""
    return bake_png(picture or PICTURE, token, keyword=keyword)


def in_svg(token: str, *, document: bool = False) -> bytes:
    """Return a drawing into which a badge is baked."""
    space = "https://purl.imsglobal.org/ob/v3p0"
    return bake_svg(SVG, token, element="openbadges:credential", namespace=space, as_text=document)


def with_head(token: str, head: dict[str, Any], *, secret: bytes | None = None) -> str:
    """Return a token with another head, and signed anew (an HMAC) where a secret that everybody has is given."""
    first = _encoded(json.dumps(head).encode())
    _, payload, signature = token.split(".")
    if secret is not None:
        signature = _encoded(hmac.digest(secret, f"{first}.{payload}".encode(), hashlib.sha256))
    return f"{first}.{payload}.{signature}"


def with_payload(token: str, old: bytes, new: bytes) -> str:
    """Return a token whose words were changed after it was signed."""
    head, payload, signature = token.split(".")
    words = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    assert old in words
    return f"{head}.{_encoded(words.replace(old, new))}.{signature}"


def _encoded(words: bytes) -> str:
    return base64.urlsafe_b64encode(words).decode().rstrip("=")


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
