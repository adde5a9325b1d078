"""What was tried against the outer app besides: many tries at once, what its errors tell, how much may be sent."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from lms_sync.errors import ConfigError, MailError
from lms_sync.store.locks import FolderLock
from lms_sync.web.app import MOST_PARTS
from lms_sync.web.opening import open_district
from lms_sync.web.outer import entry
from lms_sync.web.outer.app import SENT_AN_HOUR, create_outer_app
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, NOW, district
from tests.web.outer_visitor import FORM, PDF, PORT, Partner, Town, released
from tests.web.visitor import local, open_app, text

pytestmark = pytest.mark.slow
INSIDE = ("/", "ws", "lms_sync.toml", "process", "A. Roe", "state", "smtp", "relay.example.org")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with (
        district(tmp_path / "ws", nights=1, prepare=released) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        opened.patience = 0.0
        yield Town(small, create_outer_app(opened, port=PORT), opened)


def test_many_codes_at_once_are_as_many_tries(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits until all have read how many tries there were: then none of them must count as the first."""
    partner = town.partner()
    code = partner.code()
    together, looked = threading.Barrier(8), []
    find = town.opened.sign_ins.find

    def slow(self: object, kind: str, token: str, *, at: object) -> object:
        kept = find(kind, token, at=at)  # type: ignore[arg-type]
        if kind == entry.ASKING:
            together.wait(20)
        return kept

    sealed = entry.Door._sealed

    def counted(self: entry.Door, asking: str, word: str) -> str:
        looked.append(word)
        return sealed(self, asking, word)

    monkeypatch.setattr(type(town.opened.sign_ins), "find", slow)
    monkeypatch.setattr(entry.Door, "_sealed", counted)
    cookie = partner.client.get_cookie("__Host-lms_sync_outer_asking", domain="training.example.org")
    assert cookie

    def guess(number: int) -> None:
        browser = Partner(town.app, town.small.folder)
        browser.client.set_cookie(cookie.key, cookie.value, domain="training.example.org", secure=True)
        browser.client.post(
            "/code",
            base_url="https://training.example.org",
            data={"code": f"{(int(code) + 1 + number) % 1_000_000:06}"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == entry.TRIES


@contextmanager
def trouble(town: Town, what: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let something be wrong inside."""

    def fails(*_: object, **__: object) -> None:
        match what:
            case "mail":
                raise MailError("relay.example.org: 550 A. Roe has no mailbox", hint="See /srv/ws/lms_sync.toml.")
            case "settings":
                raise ConfigError("/srv/ws/state/lms_sync.db is gone", hint="See lms_sync.toml.")
        raise RuntimeError("A. Roe in /srv/ws")

    if what == "busy":
        with FolderLock(town.small.folder / "state" / "lock", who="A. Roe, on a page").held():
            yield
        return
    patch.setattr(entry, "_mail_code", fails)
    patch.setattr("lms_sync.web.outer.partner.report_training", fails)
    yield


@pytest.mark.parametrize(("what", "status"), [("busy", 409), ("mail", 503), ("settings", 503), ("a fault", 500)])
def test_no_error_tells_anybody_outside_of_folders_servers_and_people(
    town: Town, what: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = town.partner().enter()
    other = town.partner()
    with trouble(town, what, monkeypatch):
        answers = [partner.post("/report", **FORM)]
        answers += [] if what == "busy" else [other.post(other.link)]
    for answer in answers:
        assert answer.status_code == status
        words = text(answer).partition("Not done")[2].partition("Use your browser")[0]
        assert words
        assert not [word for word in INSIDE if word in words], words


def test_settings_that_are_broken_meanwhile_are_nobody_s_business(town: Town) -> None:
    partner = town.partner().enter()
    town.small.settings('id = "pinehill"', "id = [")
    answer = partner.get("/")
    assert answer.status_code == 503
    assert "toml" not in answer.text
    assert "Pinehill School District" in answer.text


def test_what_is_too_large_or_too_often_is_told_in_a_partner_s_words(town: Town) -> None:
    partner = town.partner().enter()
    ticked = [str(number) for number in range(MOST_PARTS + 1)]
    for form in ({"person": ticked}, {"file": (io.BytesIO(b"x" * 26_000_000), "scan.pdf")}):
        answer = partner.post("/report", **{**FORM, **form})
        assert answer.status_code == 413
        assert "25 MB" in text(answer)
        assert "report them in several parts" in text(answer)
        assert "largest_mb" not in text(answer)
    town.partner().code()
    town.partner().code()
    answer = town.partner().post(town.partner().link)
    assert (answer.status_code, "Wait an hour" in text(answer)) == (429, True)


def test_a_partner_sends_no_more_than_so_many_forms_an_hour(town: Town) -> None:
    partner = town.partner().enter()
    csrf = partner.csrf()
    tried = [
        partner.post("/report", csrf=csrf, **{**FORM, "provider": ""}).status_code for _ in range(SENT_AN_HOUR + 1)
    ]
    assert tried == [422] * SENT_AN_HOUR + [429]


def test_a_file_that_is_refused_is_called_by_its_name_only(town: Town) -> None:
    partner = town.partner().enter()
    for content in (b"", b"MZ\x90\x00", b"PK\x03\x04"):
        answer = partner.post("/report", **FORM, file=(io.BytesIO(content), "x.pdf"))
        assert (answer.status_code, "lms-sync-" in answer.text, "`" in answer.text) == (422, False, False)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_scripts_in_what_a_partner_reports_are_shown_as_what_they_are(town: Town) -> None:
    partner = town.partner().enter()
    scan = (io.BytesIO(PDF), f"{EVIL}.eml")
    answer = partner.post("/report", **{**FORM, "provider": EVIL}, instructor=EVIL, number=EVIL, file=scan)
    assert answer.status_code == 303, text(answer)
    with time_machine.travel(NOW + timedelta(days=1)):
        assert town.small.run("nightly").exit_code in (0, 1)
        with open_app(town.small.folder) as (app, opened):
            desk = local(app, opened)
            pages = [desk.page(path) for path in ("/", "/worklist", "/partners/HERON", "/log", f"/people/{GUARD[0]}")]
        pages.append(partner.get("/").text)
    assert any("&lt;script&gt;alert(1)" in page for page in pages)
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
