"""Somebody of a partner at the outer app, and a town with that app."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from lms_sync.web.opening import OpenDistrict
from tests.cli.small_district import GUARD, District
from tests.web.visitor import SAME_ORIGIN, text

URL = "https://training.example.org"
PORT = 8081
LINK = re.compile(rf"{URL}(/l/\S+)")
BY = ("--by", "A. Roe, HR")
PDF = b"From: boss@heron.example.com\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nA certificate."
FORM = {"requirement": "topic-02", "day": "2026-11-02", "provider": "Canyon ESD", "person": GUARD[0]}


def released(small: District) -> None:
    """Name the outer app's address, and let the first reports go."""
    path = small.folder / "lms_sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\n[web.outer]\nurl = "{URL}"\n', encoding="utf-8")
    assert small.run("nightly").exit_code in (0, 1)
    assert small.run("outbox", "release", "--all", "--reason", "checked", *BY).exit_code == 0


def mails(folder: Path, to: str) -> list[str]:
    """Return the texts of the messages to an address, the oldest first."""
    found = []
    for path in sorted((folder / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        if to in str(message["To"]) and body is not None:
            found.append(str(body.get_content()))
    return found


@dataclass
class Partner:
    """Somebody of a partner, in a browser of their own."""

    app: Flask
    folder: Path
    contact: str = "boss@heron.example.com"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def link(self) -> str:
        """Return the path of the link in the last report."""
        links = [re.search(rf"{URL}(/l/\S+)", mail) for mail in mails(self.folder, self.contact)]
        return [found[1] for found in links if found][-1]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=URL)

    def post(self, path: str, headers: Any = SAME_ORIGIN, **form: Any) -> TestResponse:
        data = {"csrf": self.csrf(), **form}
        return self.client.post(
            path, base_url=URL, data=data, headers=dict(headers), content_type="multipart/form-data"
        )

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/").text)
        return found[1] if found else ""

    def code(self) -> str:
        """Have a code sent, and return it from the mail."""
        answer = self.post(self.link)
        assert answer.status_code == 303, text(answer)
        return str(re.findall(r"\b(\d{6})\b", mails(self.folder, self.contact)[-1])[0])

    def enter(self) -> "Partner":
        assert self.post("/code", code=self.code()).headers["Location"] == "/"
        return self


@dataclass
class Town:
    """The district's command line, the outer app, and the desk's."""

    small: District
    app: Flask
    opened: OpenDistrict

    def partner(self, contact: str = "boss@heron.example.com") -> Partner:
        return Partner(self.app, self.small.folder, contact)
