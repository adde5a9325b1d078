"""Who is signed in: a random secret in the browser, its hash and what is known of the person here."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import request
from werkzeug.wrappers import Response

from lms_sync.files import new_private_folder, write_private
from lms_sync.store.sign_ins import SignIns
from lms_sync.web.guard import cookie_name, csrf_of
from lms_sync.web.roles import Role, SignedIn
from lms_sync.workspace.settings.web import WebSettings

SESSION = "session"
START = "start"
LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
A_MINUTE = timedelta(minutes=1)
START_LASTS = timedelta(minutes=30)
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one app."""

    sign_ins: SignIns
    settings: WebSettings
    port: int

    @property
    def cookie(self) -> str:
        """Return the name of the session's cookie."""
        return cookie_name("session", self.port, secure=self.settings.secure)

    def user(self, at: datetime) -> SignedIn | None:
        """Return who is signed in, with the roles that the settings give now; None for nobody."""
        token = request.cookies.get(self.cookie, "")
        kept = self.sign_ins.find(SESSION, token, at=at) if token else None
        if kept is None or at - kept.seen > IDLE:
            return None
        if at - kept.seen > A_MINUTE:
            self.sign_ins.touch(SESSION, token, at=at)
        about = kept.about
        return SignedIn(about["name"], about["email"], _roles(self.settings, about), csrf_of(token))

    def begin(self, response: Response, about: dict[str, str], *, at: datetime) -> None:
        """Let the answer carry a new session; what the browser held before is worth nothing any more."""
        self.end(response)
        token = self.sign_ins.new(SESSION, about, at=at, lasts=LASTS)
        response.set_cookie(
            self.cookie, token, max_age=LASTS, path="/", secure=self.settings.secure, httponly=True, samesite="Lax"
        )

    def end(self, response: Response) -> None:
        """Forget the browser's session."""
        if token := request.cookies.get(self.cookie, ""):
            self.sign_ins.forget(SESSION, token)
        response.delete_cookie(self.cookie, path="/", secure=self.settings.secure, httponly=True, samesite="Lax")


def _roles(settings: WebSettings, about: dict[str, str]) -> frozenset[Role]:
    """Return the roles of today: all for the account of this machine, as long as nothing else signs people in."""
    if about.get(LOCAL):
        return frozenset() if settings.url else frozenset(Role)
    return frozenset(Role(name) for name in settings.roles.of(about["email"], tuple(json.loads(about["groups"]))))


def start_link(sign_ins: SignIns, name: str, *, port: int, at: datetime) -> str:
    """Return a link that signs the account of this machine in, once."""
    return f"http://127.0.0.1:{port}/start/{sign_ins.new(START, {'name': name}, at=at, lasts=START_LASTS)}"


def about_local(name: str) -> dict[str, str]:
    """Return what a session of this machine's account knows."""
    return {"name": name, "email": "", "groups": "[]", LOCAL: "yes"}


def app_key(state: Path, name: str) -> bytes:
    """Return the key that signs an app's short messages to itself; made on first use, its owner's only."""
    path = state / name
    if not path.exists():
        new_private_folder(state)
        write_private(path, secrets.token_bytes(32))
    return path.read_bytes()
