"""Who may open a partner's page: whoever has the link, and the code that is sent to the address of the link."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from lms_sync.mail.message import MessageParts, build_message, message_id
from lms_sync.mail.page_links import hash_of
from lms_sync.model.address import fold_address
from lms_sync.model.carrier import Envelope
from lms_sync.model.partner_page import PartnerLink
from lms_sync.model.roster import Partner, Roster
from lms_sync.operations.opening import token
from lms_sync.store.known.registers import PARTNER_LINKS
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.sign_ins import SignIns
from lms_sync.store.workspace import Workspace
from lms_sync.web.guard import cookie_name, csrf_of
from lms_sync.workspace.settings.web import OuterSettings

ASKING, DEVICE = "asking", "device"
CODE_LASTS = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 3
OPENED_AN_HOUR = 60
"""Links that one network may try in an hour."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that works, and the partner that it is for."""

    key: str
    """The hash of its secret."""
    link: PartnerLink
    partner: Partner
    address: str
    """The link's own, a contact of the partner today; a code is sent there and nowhere else."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that has shown the code."""

    link: OpenLink
    address: str
    csrf: str


def open_link(workspace: Workspace, secret: str) -> OpenLink | None:
    """Return a link that works today; None for an unknown, expired or ended one, all the same."""
    return _usable(workspace, hash_of(secret))


def _usable(workspace: Workspace, key: str) -> OpenLink | None:
    link = PARTNER_LINKS.read(workspace.store).get(key)
    roster: Roster = read_roster(workspace.store)
    partner = roster.partners.get(link.partner_id) if link else None
    if link is None or partner is None or not link.works(workspace.today()):
        return None
    contacts = {fold_address(address) for address in (*partner.report_to, *partner.copy_to)}
    (address,) = link.addresses
    return OpenLink(key, link, partner, address) if fold_address(address) in contacts else None


def masked(address: str) -> str:
    """Return an address of which only its owner knows the rest: `j…@example.org`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"


@dataclass(frozen=True, slots=True)
class Door:
    """The way from a link to a page: codes by mail, devices that have shown one."""

    sign_ins: SignIns
    settings: OuterSettings
    port: int
    key: bytes
    """Of the codes; outside the database, or six digits would be guessed from their hash at once."""

    @property
    def secure(self) -> bool:
        """Tell whether browsers reach the page by TLS."""
        return self.settings.url.startswith("https://")

    def cookie(self, what: str) -> str:
        """Return a cookie's name."""
        return cookie_name(f"outer_{what}", self.port, secure=self.secure)

    def send_code(self, workspace: Workspace, opened: OpenLink, response: Response) -> bool:
        """Send a new code to the link's address, for this browser; False where three were sent within the hour.

        Raises: MailError when there is no way out.
        """
        at, address = workspace.clock(), opened.address
        if not self.sign_ins.allowed(f"code {opened.key} {address}", at=at, most=CODES_AN_HOUR, per=HOUR):
            return False
        code, asking = f"{secrets.randbelow(1_000_000):06}", secrets.token_urlsafe(32)
        about = {"link": opened.key, "address": address, "code": self._sealed(asking, code)}
        self._forget_earlier(opened.key, address, asking, at)
        self.sign_ins.keep(ASKING, asking, about, at=at, lasts=CODE_LASTS)
        _mail_code(workspace, address, code)
        self._set(response, ASKING, asking, CODE_LASTS)
        return True

    def _forget_earlier(self, key: str, address: str, asking: str, at: datetime) -> None:
        """Let only the newest code of a link and address work."""
        name = f"newest {key} {address}"
        earlier = self.sign_ins.find("newest", name, at=at)
        if earlier is not None:
            self.sign_ins.forget_hash(ASKING, earlier.about["hash"])
        about = {"hash": hash_of(asking)}
        self.sign_ins.keep("newest", name, about, at=at, lasts=CODE_LASTS)

    def enter(self, workspace: Workspace, code: str, response: Response) -> bool:
        """Let the browser that asked in, where the code is right; after five wrong ones another must be asked for."""
        at, asking = workspace.clock(), request.cookies.get(self.cookie(ASKING), "")
        kept = self.sign_ins.find(ASKING, asking, at=at) if asking else None
        # Each try is counted before it is looked at: many at once are as many tries.
        if kept is None or not self.sign_ins.allowed(f"tries {asking}", at=at, most=TRIES, per=CODE_LASTS):
            return False
        if not hmac.compare_digest(kept.about["code"], self._sealed(asking, "".join(code.split()))):
            return False
        if self.sign_ins.use_up(ASKING, asking, at=at) is None:
            return False
        opened = _usable(workspace, kept.about["link"])
        if opened is None:
            return False
        lasts = timedelta(days=max(1, (opened.link.expires_on - workspace.today()).days + 1))
        about = {"link": opened.key, "address": opened.address}
        self._set(response, DEVICE, self.sign_ins.new(DEVICE, about, at=at, lasts=lasts), lasts)
        self._drop(response, ASKING)
        return True

    def device(self, workspace: Workspace) -> Device | None:
        """Return the browser that shows its cookie, as long as its link works; None for any other."""
        secret = request.cookies.get(self.cookie(DEVICE), "")
        kept = self.sign_ins.find(DEVICE, secret, at=workspace.clock()) if secret else None
        opened = _usable(workspace, kept.about["link"]) if kept else None
        if kept is None or opened is None or kept.about["address"] != opened.address:
            return None
        return Device(opened, opened.address, csrf_of(secret))

    def leave(self, response: Response) -> None:
        """Forget the browser."""
        if secret := request.cookies.get(self.cookie(DEVICE), ""):
            self.sign_ins.forget(DEVICE, secret)
        self._drop(response, DEVICE)

    def _sealed(self, asking: str, code: str) -> str:
        return hmac.new(self.key, f"{asking}\x1f{code}".encode(), hashlib.sha256).hexdigest()

    def _set(self, response: Response, what: str, secret: str, lasts: timedelta) -> None:
        response.set_cookie(
            self.cookie(what), secret, max_age=lasts, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def _drop(self, response: Response, what: str) -> None:
        response.delete_cookie(self.cookie(what), path="/", secure=self.secure, httponly=True, samesite="Lax")


def _mail_code(workspace: Workspace, address: str, code: str) -> None:
    """Mail a code; it is kept nowhere, and is not tried again. Raises: MailError when there is no way out."""
    settings = workspace.config.settings
    envelope = Envelope(f"code-{token()}", settings.mail.sender, to=(address,))
    text = (
        f"The code for your page at {settings.district.name}: {code}\n\n"
        "It works for ten minutes, in the browser in which you asked for it.\n"
        f"You did not ask for it? Then somebody else has your link: please tell {settings.district.contact}\n"
    )
    html = "".join(f"<p>{line}</p>" for line in text.replace("&", "&amp;").replace("<", "&lt;").splitlines() if line)
    parts = MessageParts("Your code", f"<!doctype html><html lang=en><body>{html}</body></html>", text)
    minted = message_id(token(), sender=envelope.sender)
    body = build_message(parts, envelope=envelope, message_id=minted, date=workspace.clock())
    with workspace.carrier.session() as session:
        session.send(envelope, body)
