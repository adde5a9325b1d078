"""Open Badges: whether JSON is one that somebody was awarded, and to which e-mail address.

Source: Open Badges 2.0 (w3id.org/openbadges/v2) and 3.0 (purl.imsglobal.org/spec/ob/v3p0).
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from lms_sync.model.address import fold_address, mailbox_of

NO_BADGE = "no badge"
LARGEST = 2_000_000
"""Bytes of a badge: JSON takes thirty times its size while it is read. One with its picture inside has less."""
_CONTEXTS = ("w3id.org/openbadges/v2", "openbadgespec.org/v2", "purl.imsglobal.org/spec/ob/v3p0")
_OF_2 = _CONTEXTS[:2]
_TOKEN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.")
_AWARDED = {"Assertion", "OpenBadgeCredential", "AchievementCredential"}
_NOT_AWARDED = {"BadgeClass", "Issuer", "Profile", "Achievement"}

Badge = dict[str, Any]


def parsed_badge(content: bytes) -> Badge | None:
    """Return what JSON says when it is an object of a badge's size; None for everything else."""
    if len(content) > LARGEST or not is_object(content):
        return None
    try:
        badge = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return badge if isinstance(badge, dict) else None


def badge_in_token(content: bytes) -> Badge | None:
    """Return what a signed token (JWS in its compact form) says, believed or not; None for everything else."""
    token = content.strip()
    if len(token) > LARGEST or token.count(b".") != 2 or not token.startswith(b"eyJ") or not set(token) <= _TOKEN:
        return None
    payload = token.split(b".")[1]
    try:
        badge = parsed_badge(base64.urlsafe_b64decode(payload.rstrip(b"=") + b"=" * (-len(payload.rstrip(b"=")) % 4)))
    except ValueError:
        return None
    within = (badge or {}).get("vc")
    return within if isinstance(within, dict) else badge


def is_of_2(badge: Badge) -> bool:
    """Tell whether a badge is one of Open Badges 2.0."""
    return any(known in context for context in _words(badge.get("@context")) for known in _OF_2)


def is_object(content: bytes) -> bool:
    """Tell whether content begins as a JSON object does."""
    return content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def problem_of_badge(badge: Badge) -> str:
    """Return why a badge is not one that somebody was awarded; empty when it is, NO_BADGE for other JSON."""
    if not any(known in context for context in _words(badge.get("@context")) for known in _CONTEXTS):
        return NO_BADGE
    types = set(_words(badge.get("type")))
    if types & _AWARDED:
        return ""
    if types & _NOT_AWARDED:
        return "this describes a badge or its issuer, and says of nobody that it was awarded"
    return NO_BADGE


def badge_text(badge: Badge) -> str:
    """Return all texts of a badge, one a line; keys are left out."""
    return "\n".join(_texts(badge))


def awarded_to(badge: Badge, emails: Iterable[str]) -> frozenset[str]:
    """Return those of the addresses that a badge says it was awarded to, plainly or as a salted hash."""
    return frozenset(email for email in emails if any(_is(recipient, email) for recipient in _recipients(badge)))


def names_an_address(badge: Badge) -> bool:
    """Tell whether a badge says, plainly or as a hash, to which e-mail address it was awarded."""
    return any(
        "@" in stated or _is_hash(stated) for recipient in _recipients(badge) if (stated := _stated(recipient))
    )


def _recipients(badge: Badge) -> Iterator[Badge]:
    """Yield each identity as 2.0's `recipient` or 3.0's `credentialSubject.identifier` has it."""
    subjects = [badge.get("recipient"), *_listed(badge.get("credentialSubject"))]
    for subject in subjects:
        if isinstance(subject, dict):
            yield subject
            if isinstance(subject.get("id"), str) and subject["id"].casefold().startswith("mailto:"):
                yield {"identity": subject["id"]}
            yield from (identity for identity in _listed(subject.get("identifier")) if isinstance(identity, dict))


def _stated(recipient: Badge) -> str:
    """Return the address or hash of a recipient; empty for one known by something else (a telephone)."""
    kind = recipient.get("type", recipient.get("identityType", "email"))
    stated = recipient.get("identity") or recipient.get("identityHash")
    by_address = any(word in {"email", "emailAddress", "IdentityObject"} for word in _words(kind))
    return stated if by_address and isinstance(stated, str) else ""


def _is_hash(stated: str) -> bool:
    return stated.partition("$")[0] in {"sha256", "md5"}


def _is(recipient: Badge, email: str) -> bool:
    stated = _stated(recipient)
    if not stated:
        return False
    salt = recipient.get("salt")
    salted = f"{email}{salt if isinstance(salt, str) else ''}".encode()
    method, _, digest = stated.partition("$")
    if digest and _is_hash(stated):
        return hashlib.new(method, salted, usedforsecurity=False).hexdigest() == digest.lower()
    return fold_address(mailbox_of(stated)) == fold_address(email)


def _words(value: object) -> list[str]:
    return [word for word in _listed(value) if isinstance(word, str)]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> Iterator[str]:
    """Yield texts without recursion: what nests deeply is a badge's own business, not ours."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += reversed(found.values())
        elif isinstance(found, list):
            waiting += reversed(found)
