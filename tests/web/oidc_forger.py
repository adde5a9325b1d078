"""A provider of OpenID Connect that forges what it says, and a desk whose people sign in there."""

import json
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.cli.small_district import district
from tests.web.visitor import Visitor, nobody, open_app

ISSUER = "https://login.example.org"
DESK = "https://desk.example.org"
HR = "hr@pinehill.example.org"


@cache
def key_of(name: str) -> RSAKey:
    """Return the key of a provider; the same one for the same name."""
    return RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})


def settings(issuer: str) -> str:
    return f"""
[web]
url = "{DESK}"
[web.oidc]
issuer = "{issuer}"
client_id = "desk"
client_secret_env = "SECRET"
groups_claim = "groups"
[web.roles]
hr = {{ emails = ["{HR}"] }}
reader = {{ groups = ["school-boards"] }}
"""


@contextmanager
def desk_for(folder: Path, issuer: str) -> Iterator[Visitor]:
    """Yield somebody who is not signed in, at a desk whose people sign in at `issuer`."""
    with district(folder, nights=1) as small:
        path = small.folder / "lms_sync.toml"
        path.write_text(path.read_text(encoding="utf-8") + settings(issuer), encoding="utf-8")
        with open_app(small.folder) as (app, _):
            yield Visitor(nobody(app).client, DESK)


@dataclass
class Forger:
    """A provider that says what a test wants it to say."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of the true ones; None leaves a claim out."""
    key: RSAKey = field(default_factory=lambda: key_of("ours"))
    algorithm: str = "RS256"
    id_token: bool = True
    nonce: str = ""

    def token(self, request: Any) -> tuple[int, dict[str, str], str]:
        now = int(time.time())
        true = {"iss": ISSUER, "aud": "desk", "sub": "1", "exp": now + 300, "iat": now, "nonce": self.nonce}
        true |= {"email": HR, "email_verified": True, "name": "H. Roe", **self.claims}
        claims = {name: value for name, value in true.items() if value is not None}
        answer = {"access_token": "x", "token_type": "Bearer", "expires_in": 300}
        if self.id_token:
            header = {"alg": self.algorithm, "kid": "one"}
            answer["id_token"] = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return 200, {}, json.dumps(answer)


def sign_in(visitor: Visitor, forger: Forger, *, wanted: str = "/", **changed: str) -> Any:
    """Go to the provider and come back; `changed` are parts of the way back that somebody tampered with."""
    away = visitor.get(f"/sign-in/oidc?next={urllib.parse.quote(wanted)}")
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(away.headers["Location"]).query))
    assert asked["redirect_uri"] == f"{DESK}/sign-in/back"
    assert asked["code_challenge_method"] == "S256"
    forger.nonce = asked["nonce"]
    return visitor.get("/sign-in/back?" + urllib.parse.urlencode({"code": "c", "state": asked["state"], **changed}))


def another_browser(visitor: Visitor) -> Visitor:
    return Visitor(nobody(visitor.client.application).client, DESK)
