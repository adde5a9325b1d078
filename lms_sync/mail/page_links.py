"""The link in a report's mail that leads to the partner's page: made with the message, ended by a person's word.

A message may go to several addresses, and each gets a link of its own, bound to it. What is kept in the outbox
holds a seed in the link's place, which opens nothing; as the message leaves, each address's own secret replaces it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes

from lms_sync.errors import UsageError
from lms_sync.model.address import fold_address
from lms_sync.model.author import Author
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery
from lms_sync.model.log import DecisionKind
from lms_sync.model.partner_page import PartnerLink
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import PARTNER_LINKS
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

PATH = "/l/"
"""What stands between the outer app's address and the secret."""
BYTES = 32
SEED = "to-"
"""What a seed begins with, in place of as many letters of its secret: so no other link is taken for one."""
_SEED_IN_TEXT = re.compile(rf"{PATH}({SEED}[A-Za-z0-9_-]{{40}})(?![A-Za-z0-9_-])")

_MIXED = re.compile(rb'^Content-Type: multipart/mixed;\s+boundary="([^"]+)"', re.MULTILINE)


def new_seed(issuer: Issuer) -> str:
    """Return what the links of one message are made of; empty where no address of the outer app is set."""
    return SEED + secrets.token_urlsafe(BYTES)[len(SEED) :] if issuer.config.settings.web.outer.url else ""


def link_of(issuer: Issuer, seed: str) -> str:
    """Return the link of a message as it is kept; empty for no seed."""
    return f"{issuer.config.settings.web.outer.url}{PATH}{seed}" if seed else ""


def keep_links(store: Store, issuer: Issuer, partner_id: str, envelope: Envelope, *, seed: str) -> None:
    """Keep the hash of each address's own link in one message; the caller holds the transaction."""
    last = issuer.today + timedelta(days=issuer.config.settings.web.outer.link_days)
    for address in envelope.recipients if seed else ():
        link = PartnerLink(partner_id, (address,), envelope.delivery_id, issuer.today, last)
        PARTNER_LINKS.put(store, hash_of(secret_of(seed, address)), link, now=issuer.now)


def secret_of(seed: str, address: str) -> str:
    """Return an address's own secret, as long as the seed: nobody can make it, or another's, without the seed."""
    digest = hmac.new(seed.encode(), fold_address(address).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def without_secret(text: str) -> str:
    """Return a message's text as it may be shown: its link leads nowhere."""
    return _SEED_IN_TEXT.sub(f"{PATH}…", text)


def leaving(delivery: Delivery, addresses: tuple[str, ...], message: bytes) -> Iterator[tuple[Envelope, bytes]]:
    """Yield what is to be handed over: one message for all, or, where it carries a link, one for each address."""
    seed = _seed_in(message[: _end_of_texts(message)])
    if not seed:
        yield Envelope(delivery.delivery_id, delivery.sender, to=addresses), message
        return
    places = [recipient.address for recipient in delivery.recipients]
    for address in addresses:
        name = f"{delivery.delivery_id}-{places.index(address) + 1}"
        yield Envelope(name, delivery.sender, to=(address,)), with_secret(message, seed, address)


def _seed_in(texts: bytes) -> str:
    """Return the seed in a message's plain text; empty for none. Most have none, and need not be read for it."""
    # Plain and quoted-printable text show the letters, with soft line breaks between them; base64 hides them.
    if b"base64" not in texts and f"{PATH}{SEED}".encode() not in texts.replace(b"=\r\n", b""):
        return ""
    found = _SEED_IN_TEXT.search(_plain_text(texts))
    return found[1] if found else ""


def _plain_text(texts: bytes) -> str:
    for part in message_from_bytes(texts).walk():
        if part.get_content_type() == "text/plain":
            return bytes(part.get_payload(decode=True)).decode("utf-8", "replace")
    return ""


def _end_of_texts(message: bytes) -> int:
    """Return where what follows the texts begins: what a message carries besides is many times as long, and no text.

    The texts are the first of a message's mixed parts. Its boundary can stand in no part's content (`build_message`).
    """
    mixed = _MIXED.search(message, 0, max(0, message.find(b"\r\n\r\n")))
    if mixed is None:
        return len(message)
    opening = b"\r\n--" + mixed[1] + b"\r\n"
    first = message.find(opening)
    second = message.find(opening, first + 1) if first >= 0 else -1
    return second if second >= 0 else len(message)


def with_secret(message: bytes, seed: str, address: str) -> bytes:
    """Return a message whose link is the address's own; nothing else of its bytes is changed."""
    new, done, rest = secret_of(seed, address), b"", message
    for part in message_from_bytes(message[: _end_of_texts(message)]).walk():
        if part.get_content_maintype() == "text" and seed.encode() in bytes(part.get_payload(decode=True)):
            written = str(part.get_payload()).encode("ascii", "surrogateescape")
            # One part's text may stand in the next one too: what is behind is never looked at again.
            before, written, rest = rest.partition(written)
            is_base64 = str(part.get("Content-Transfer-Encoding", "")).casefold() == "base64"
            done += before + (_in_base64(written, seed, new) if is_base64 else _in_lines(written, seed, new))
    return done + rest


def _in_lines(written: bytes, seed: str, new: str) -> bytes:
    """Replace the seed in plain or quoted-printable text, in which a soft line break may stand anywhere in it."""
    anywhere = re.compile(b"(=\r?\n)?".join(re.escape(sign.encode()) for sign in seed))

    def own(match: re.Match[bytes]) -> bytes:
        breaks = [*match.groups(), None]
        return b"".join(sign.encode() + (soft or b"") for sign, soft in zip(new, breaks, strict=True))

    return anywhere.sub(own, written)


def _in_base64(written: bytes, seed: str, new: str) -> bytes:
    """Replace the seed in base64, and break its lines where they were broken: the length stays."""
    encoded = base64.b64encode(base64.b64decode(written).replace(seed.encode(), new.encode()))
    signs = iter(encoded)
    return bytes(sign if chr(sign).isspace() else next(signs) for sign in written)


def hash_of(secret: str) -> str:
    """Return the key under which a link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def end_links(workspace: Workspace, author: Author, *, partner_id: str) -> int:
    """Let no link of a partner work any longer, and return how many did.

    Raises: UsageError when none does.
    """
    store, today = workspace.store, workspace.day(author.at)
    with store.transaction():
        links = PARTNER_LINKS.read(store)
        working = {key: link for key, link in links.items() if link.partner_id == partner_id and link.works(today)}
        if not working:
            raise UsageError(
                f"{partner_id}: no link of this partner works", hint="The next report's mail carries a new one."
            )
        for key, link in working.items():
            ended = PartnerLink(
                link.partner_id, link.addresses, link.delivery_id, link.issued_on, link.expires_on, author.by, today
            )
            PARTNER_LINKS.put(store, key, ended, now=author.at)
        after = {"ended": sorted(link.delivery_id for link in working.values())}
        store.audit.add(DecisionKind.LINK_ENDED, partner_id, author, before=None, after=after)
    return len(working)
