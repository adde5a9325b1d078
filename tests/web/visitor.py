"""Somebody in a browser, without the browser: requests as a browser would send them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms_sync.operations.opening import now
from lms_sync.web.app import create_app
from lms_sync.web.guard import csrf_of
from lms_sync.web.opening import OpenDistrict, open_district
from lms_sync.web.roles import Role
from lms_sync.web.sessions import LASTS, SESSION, about_local
from lms_sync.workspace.settings.config import read_config

PORT = 8080
COOKIE = f"lms_sync_session_{PORT}"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ROLES = """
[web]
url = "https://desk.example.org"
[web.oidc]
issuer = "https://login.example.org"
client_id = "desk"
client_secret_env = "SECRET"
[web.roles]
"""
HOST = "https://desk.example.org"


@dataclass
class Visitor:
    """Somebody who is signed in, or nobody."""

    client: FlaskClient
    base: str = f"http://127.0.0.1:{PORT}"
    csrf: str = ""
    """What the forms of the session carry."""

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=self.base, headers=headers)

    def post(self, path: str, headers: Any = SAME_ORIGIN, **form: Any) -> TestResponse:
        """Send a form as the page would, with the session's own token."""
        data = {"csrf": self.csrf, **form}
        return self.client.post(
            path, base_url=self.base, data=data, headers=dict(headers), content_type="multipart/form-data"
        )

    def page(self, path: str) -> str:
        """Return a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.text

    def does(self, path: str, **form: Any) -> str:
        """Send a form that is accepted, and return the page that says so."""
        answer = self.post(path, **form)
        assert answer.status_code == 303, (path, answer.status_code, text(answer))
        return text(self.get(answer.headers["Location"]))


def text(answer: TestResponse) -> str:
    """Return what an answer says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("&#39;", "'").replace("&#34;", '"').split())


@contextmanager
def open_app(folder: Path) -> Iterator[tuple[Flask, OpenDistrict]]:
    """Yield the desk on a workspace."""
    with open_district(read_config(folder)) as district:
        district.patience = 0.0
        yield create_app(district, port=PORT), district


def local(app: Flask, district: OpenDistrict, name: str = "A. Roe") -> Visitor:
    """Return the account of this machine, signed in: it has every role."""
    client = app.test_client()
    token = district.sign_ins.new(SESSION, about_local(name), at=now(), lasts=LASTS)
    client.set_cookie(COOKIE, token, domain="127.0.0.1")
    return Visitor(client, csrf=csrf_of(token))


def nobody(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def with_roles(folder: Path) -> None:
    """Give each role one person in the workspace's settings."""
    path = folder / "lms_sync.toml"
    roles = "".join(f'{role.value} = {{ emails = ["{role.value}@pinehill.example.org"] }}\n' for role in Role)
    path.write_text(path.read_text(encoding="utf-8") + ROLES + roles, encoding="utf-8")


def somebody(app: Flask, district: OpenDistrict, role: Role) -> Visitor:
    """Return the person of one role, signed in."""
    about = {"name": f"The {role.value}", "email": f"{role.value}@pinehill.example.org", "groups": "[]"}
    client = app.test_client()
    token = district.sign_ins.new(SESSION, about, at=now(), lasts=LASTS)
    client.set_cookie("__Host-lms_sync_session", token, domain="desk.example.org", secure=True)
    return Visitor(client, HOST, csrf_of(token))
