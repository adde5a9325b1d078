"""Whether an Open Badge checks out: signature, issuer's key, expiry and status. Nothing is fetched.

It reads what anybody may have made: it runs in a process of its own (`child`), and is asked through `look`.

Source: Open Badges 2.0, "Verification"; 3.0, section 8; Bitstring Status List 1.0.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, extract_png, extract_svg
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob2 import OB2Verifier
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier

from lms_sync.documents.badge import Badge, badge_in_token, badge_text, is_of_2, parsed_badge, problem_of_badge
from lms_sync.text import escaped, plain

UNVERIFIED = "It has the form of an Open Badge, and is a file that nobody has verified: "
ITS_OWN_KEY = "it is signed by the key inside it, whose holder nobody has verified"
_PNG = b"\x89PNG"


@dataclass(frozen=True, slots=True)
class RevokedList:
    """An issuer's list of revoked badges."""

    text: str
    """JSON, or a signed token."""
    day: str
    """The day on which it was fetched, as the file's date tells."""


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer that the settings name."""

    name: str
    id: str
    key: str
    """PEM; empty where the id holds the key, or it could not be read."""
    lists: tuple[RevokedList, ...] = ()


@dataclass(frozen=True, slots=True)
class BadgeLook:
    """What was found in a badge."""

    badge: Badge | None
    text: str
    note: str
    """One sentence: that it checks out, or what does not."""


class _UncheckedError(Exception):
    """A badge does not check out, and why, as the end of a sentence."""


def look_into_badge(content: bytes, issuers: Sequence[TrustedIssuer]) -> BadgeLook:
    """Return what a file carries that has the form of a badge, and whether it checks out."""
    badge = None
    try:
        token = _carried(content)
        badge = parsed_badge(token.encode()) or badge_in_token(token.encode())
        if badge is None or problem_of_badge(badge):
            raise _UncheckedError("what it carries is no badge that somebody was awarded")
        note = _checked(token, badge, issuers)
    except _UncheckedError as error:
        note = f"{UNVERIFIED}{error}. Ask the issuer."
    return BadgeLook(badge, badge_text(badge or {}), note)


def _carried(content: bytes) -> str:
    """Return the credential in a file: its text, or what is baked into the picture. Raises: _UncheckedError."""
    try:
        if content.startswith(_PNG):
            found = [extract_png(content), extract_png(content, keyword=ITXT_KEYWORD_OB3)]
        elif content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            found = [extract_svg(content), extract_svg(content, element=SVG_ELEMENT_OB3, text_fallback=True)]
        else:
            found = [content.decode("utf-8-sig").strip()]
    except Exception as error:  # whatever its readers raise: it is the file that is broken
        raise _UncheckedError("what is in the file cannot be read") from error
    carried = [token.strip() for token in found if token]
    if len(carried) != 1:
        raise _UncheckedError("the picture carries two badges" if carried else "no badge is in the picture")
    return carried[0]


def _checked(token: str, badge: Badge, issuers: Sequence[TrustedIssuer]) -> str:
    """Return the sentence for a badge that checks out. Raises: _UncheckedError for every other."""
    try:
        issuer, status = (_checked_2 if is_of_2(badge) else _checked_3)(token, badge, issuers)
    except LibOpenBadgesException as error:
        raise _UncheckedError(_words(error)) from error
    version = "2.0" if is_of_2(badge) else "3.0"
    return f"It is an Open Badge ({version}): signed with the key of {issuer} that lms_sync.toml names; {status}."


def _checked_2(token: str, badge: Badge, issuers: Sequence[TrustedIssuer]) -> tuple[str, str]:
    if token.startswith("{"):
        page = _host(badge.get("id"))
        raise _UncheckedError(f"nothing in it is signed; only its issuer can say whether it is so, at {page}")
    verification = badge.get("verification")
    creator = verification.get("creator") if isinstance(verification, dict) else None
    if not isinstance(creator, str) or not creator:
        raise _UncheckedError("it does not say whose key it is signed with")
    issuer = next((each for each in issuers if _is_of(creator, each.id)), None)
    if issuer is None:
        brings_key = "publicKeyPem" in token or _holds_key(badge)
        raise _UncheckedError(
            ITS_OWN_KEY if brings_key else f"its signature is not checked: its key is at {_host(creator)}"
        )
    OB2Verifier(pubkey_pem=_key(issuer), download=_nothing).verify(token)
    return issuer.name, _status_2(badge, issuer)


def _status_2(badge: Badge, issuer: TrustedIssuer) -> str:
    """Return the words for a badge that the newest list does not revoke. Raises: _UncheckedError."""
    lists = [(each, parsed_badge(each.text.encode())) for each in issuer.lists]
    found = [
        (each, read) for each, read in lists if read is not None and isinstance(read.get("revokedAssertions"), list)
    ]
    if not found:
        raise _UncheckedError(
            f"whether it was revoked was not looked up: lms_sync.toml names no list of {issuer.name}"
        )
    for _, read in found:
        entries = [each.get("id") if isinstance(each, dict) else each for each in read["revokedAssertions"]]
        if badge.get("id") in entries:
            raise _UncheckedError(f"{issuer.name} has revoked it")
    return f"not on its list of revoked badges of {min(each.day for each, _ in found)}"


def _checked_3(token: str, badge: Badge, issuers: Sequence[TrustedIssuer]) -> tuple[str, str]:
    stated = badge.get("issuer")
    issuer_id = stated.get("id") if isinstance(stated, dict) else stated
    if not isinstance(issuer_id, str):
        raise _UncheckedError("it does not say who issued it")
    issuer = next((each for each in issuers if each.id == issuer_id), None)
    kind = OB3LdpVerifier if token.startswith("{") else OB3Verifier
    if token.startswith("{") and not badge.get("proof"):
        raise _UncheckedError("nothing in it is signed")
    if issuer is None:
        if issuer_id.startswith("did:key:"):
            kind.for_issuer_did(issuer_id, download=_nothing).verify(token, download=_nothing)
            raise _UncheckedError(ITS_OWN_KEY)
        raise _UncheckedError(f"its signature is not checked: its key is at {_host(issuer_id)}")
    own = issuer_id.startswith("did:key:") and not issuer.key
    verifier: Any = kind.for_issuer_did(issuer_id, download=_nothing) if own else kind(pubkey_pem=_key(issuer))
    credential = verifier.verify(token, download=_nothing)
    return issuer.name, _status_3(verifier, token, credential.credential_status, issuer)


def _status_3(verifier: Any, token: str, entries: Iterable[Any], issuer: TrustedIssuer) -> str:
    """Return the words for a badge that its lists do not revoke. Raises: _UncheckedError, LibOpenBadgesException."""
    wanted = [str(entry.get("statusListCredential")) if isinstance(entry, dict) else "" for entry in entries]
    if not wanted:
        return "it names no list of revoked badges"
    known = {each_id: each for each in issuer.lists for each_id in _ids_of(each)}
    for address in wanted:
        if address not in known:
            raise _UncheckedError(f"whether it was revoked was not looked up: its list is at {_host(address)}")

    def fetched(address: str) -> bytes:
        return known[address].text.strip().encode()

    verifier.verify(token, check_status=True, download=fetched)
    return f"not on its list of revoked badges of {min(known[address].day for address in wanted)}"


def _ids_of(revoked: RevokedList) -> Iterator[str]:
    """Yield the address under which a list is known, as it says itself."""
    read = parsed_badge(revoked.text.encode()) or badge_in_token(revoked.text.strip().encode())
    if read is not None and isinstance(read.get("id"), str):
        yield read["id"]


def _key(issuer: TrustedIssuer) -> str:
    if not issuer.key:
        raise _UncheckedError(f"the key of {issuer.name} that lms_sync.toml names cannot be read")
    return issuer.key


def _is_of(creator: str, issuer_id: str) -> bool:
    """Tell whether a key's address is that of an issuer: the same, or below it; never a longer word of it."""
    return creator == issuer_id or creator.startswith((f"{issuer_id.rstrip('/')}/", f"{issuer_id}#"))


def _holds_key(badge: Badge) -> bool:
    profile = badge.get("badge")
    issuer = profile.get("issuer") if isinstance(profile, dict) else None
    return isinstance(issuer, dict) and "publicKey" in issuer


def _nothing(address: str) -> bytes:
    raise LookupError("nothing is fetched")


def _host(address: object) -> str:
    """Return where something lies on the net, in words that are fit to print."""
    if not isinstance(address, str):
        return "a place that it does not name"
    try:
        host = unquote(address.split(":")[2]) if address.startswith("did:web:") else urlsplit(address).hostname
    except (ValueError, IndexError):
        host = None
    return escaped(plain(host or address))[:80]


def _words(error: Exception) -> str:
    """Return what its check says, short and fit to print, as the end of a sentence."""
    words = escaped(plain(str(error)))[:160].rstrip(".")
    return f"the check of its signature and dates says: {words}"
