"""What was tried against the desk: docs/web.md lists it."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lms_sync.store.sign_ins import open_sign_ins
from lms_sync.web.guard import CSP
from lms_sync.web.looks import network
from lms_sync.web.serve import server_options
from lms_sync.web.visit import own_path
from lms_sync.workspace.settings.web import RoleSettings, WebSettings
from tests.cli.small_district import DONE, GUARD, NOW, UNREADABLE, District, district
from tests.web.visitor import COOKIE, SAME_ORIGIN, Visitor, local, nobody, open_app, text

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CELL = ('9"><b>', "Brook", EVIL, "ben@heron.example.com", f"First {EVIL}", "02/30/2026", EVIL)


def planted(small: District) -> None:
    """Let a vendor's sheet carry scripts where names, courses and words stand."""
    course = (*GUARD, f"Course {EVIL}", "10/05/2026", "Completed")
    small.export(*DONE, course, CELL, UNREADABLE)
    assert small.run("nightly").exit_code in (0, 1)


def test_scripts_in_cells_are_shown_as_what_they_are(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=1, prepare=planted) as small, open_app(small.folder) as (app, opened):
        visitor = local(app, opened)
        pages = [visitor.page(path) for path in ("/", "/worklist", "/matches", "/courses", f"/people/{GUARD[0]}")]
        sheet = visitor.post(
            "/sheets", file=(io.BytesIO((small.folder / "inbox/export.csv").read_bytes()), f"{EVIL}.csv")
        )
    assert any("&lt;script&gt;alert(1)" in page for page in pages)
    for page in (*pages, sheet.text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("query", ["/people?q=", "/courses?q=", "/worklist?area=", "/log?about=", "/sign-in?next="])
def test_what_an_address_says_is_shown_as_what_it_is(shared: Visitor, query: str) -> None:
    assert EVIL not in shared.get(query + EVIL).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Origin": "http://127.0.0.1:8080"}, 422),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # another port of this machine
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://127.0.0.1:9090"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example.org"}, 403),
        ({}, 403),
    ],
)
def test_only_a_form_of_our_own_pages_decides(shared: Visitor, headers: dict[str, str], status: int) -> None:
    assert shared.post("/worklist", headers, reason="x").status_code == status


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_needs_the_token_of_its_session(shared: Visitor, token: str) -> None:
    assert shared.post("/worklist", csrf=token, reason="x").status_code == 403


def test_a_token_of_another_session_is_none(shared: Visitor) -> None:
    app = shared.client.application
    other = local(app, app.extensions["district"], "B. Roe")
    assert shared.post("/worklist", csrf=other.csrf, reason="x").status_code == 403


def test_another_host_s_name_that_leads_here_is_refused(shared: Visitor) -> None:
    """DNS rebinding: a foreign page whose name comes to mean this machine."""
    answer = shared.client.get("/", base_url="http://evil.example.org:8080")
    assert answer.status_code == 400
    assert "Brook" not in answer.text


def test_no_other_page_shows_ours_inside_it(shared: Visitor) -> None:
    answer = shared.get("/people")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Frame-Options"] == "DENY"
    # Only behind TLS: on this machine it would shut out every other program of its ports.
    assert "Strict-Transport-Security" not in answer.headers


def test_a_guessed_cookie_is_nobody(shared: Visitor) -> None:
    visitor = nobody(shared.client.application)
    for cookie in ("", "x", "x" * 43, "../../etc/passwd", "' OR 1=1 --"):
        visitor.client.set_cookie(COOKIE, cookie, domain="127.0.0.1")
        assert visitor.get("/people").status_code == 303


@pytest.mark.parametrize(
    "wanted", ["//evil.example.org", "/\\evil", "https://evil", "\\/evil", "/a\nb", "javascript:a()"]
)
def test_no_address_of_a_form_leads_to_another_site(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_a_file_that_is_too_large_is_not_read(shared: Visitor) -> None:
    most = shared.client.application.config["MAX_CONTENT_LENGTH"]
    answer = shared.client.post(
        "/sheets",
        base_url=shared.base,
        headers=SAME_ORIGIN,
        data={"csrf": shared.csrf, "file": (io.BytesIO(b"x"), "large.csv")},
        environ_overrides={"CONTENT_LENGTH": str(most + 1)},
    )

    assert answer.status_code == 413
    assert "too large" in text(answer)


def bomb() -> bytes:
    """Return a workbook of a few kilobytes whose sheet unpacks to four hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(40):
                sheet.write(b"<c/>" * 2_000_000)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/sheets", "/roster/upload", "/courses/upload"])
def test_a_workbook_that_unpacks_to_a_hundred_times_its_size_is_refused(shared: Visitor, path: str) -> None:
    answer = shared.post(path, file=(io.BytesIO(bomb()), "bomb.xlsx"))

    assert answer.status_code == 422
    assert "What to do" in text(answer)


NAMES: dict[str, Any] = {
    "a path": "../../../etc/cron.d/x.csv",
    "a path of Windows": "..\\..\\x.csv",
    "a zero byte": "x\x00.csv",
    "a long name": "x" * 4000 + ".csv",
    "a line break": "x\r\nSet-Cookie: a=b.csv",
    "nothing but dots": "...",
}


@pytest.mark.parametrize("what", NAMES)
def test_a_file_s_name_is_no_path(shared: Visitor, what: str) -> None:
    folder = shared.client.application.extensions["district"].folder
    before = sorted(path for path in folder.rglob("*") if "state" not in path.parts)
    answer = shared.post("/sheets", file=(io.BytesIO(b"a,b\n1,2\n"), NAMES[what]))

    assert answer.status_code in (200, 422)
    assert sorted(path for path in folder.rglob("*") if "state" not in path.parts) == before


def test_personal_data_stay_in_no_cache(shared: Visitor) -> None:
    for path in ("/", "/people", f"/people/{GUARD[0]}", "/people.xlsx", "/partners/HERON/e-mail.html", "/log"):
        assert shared.get(path).headers["Cache-Control"] == "private, no-store"


def test_what_a_client_says_of_itself_is_believed_of_a_proxy_only() -> None:
    alone, behind = server_options(proxies=0, largest=1), server_options(proxies=1, largest=1)

    assert "trusted_proxy" not in alone
    assert alone["clear_untrusted_proxy_headers"]
    assert (behind["trusted_proxy"], behind["trusted_proxy_count"]) == ("127.0.0.1", 1)
    assert "x-forwarded-for" in behind["trusted_proxy_headers"]


@pytest.mark.parametrize(
    ("url", "stated", "proxies"),
    [
        ("https://desk.example.org", None, 1),
        ("https://desk.example.org", 2, 2),
        ("https://desk.example.org", 0, 0),
        ("http://127.0.0.1:8080", None, 0),
        ("", None, 0),
    ],
)
def test_one_proxy_is_believed_before_an_address_with_tls(url: str, stated: int | None, proxies: int) -> None:
    """Or all visitors would be the proxy, and share the limits of tries."""
    assert WebSettings(proxies=stated).proxies_before(url) == proxies


def test_a_fault_of_the_program_tells_nothing_of_itself(shared: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("secret words of Brook")

    app = shared.client.application
    monkeypatch.setitem(app.view_functions, "log", broken)
    answer = shared.get("/log")

    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert "a fault of the program" in answer.text


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8::77", "2001:db8::/64"),
        ("2001:db8:0:0:9:9:9:9", "2001:db8::/64"),
        ("2001:0db8:0000:0000:ffff::1", "2001:db8::/64"),
        ("[2001:db8:1:2::77]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113", ""),
    ],
)
def test_a_network_is_one_however_its_addresses_are_written(address: str, where: str) -> None:
    """Or one network would have as many tries as it has ways to write its address."""
    assert network(address) == where


@pytest.mark.parametrize(
    ("listed", "email", "has"),
    [
        ("hr@pinehill.example.org", "HR@Pinehill.example.org", True),
        ("hr@pinehill.example.org", "hr@p\u0131nehill.example.org", False),
        ("kim@pinehill.example.org", "\u212aim@pinehill.example.org", False),  # the Kelvin sign
        ("sam@pinehill.example.org", "\u017fam@pinehill.example.org", False),  # the long s
        ("jos\u00e9@pinehill.example.org", "jos\u00e9@pinehill.example.org", True),
    ],
)
def test_no_other_letters_make_somebody_s_address(listed: str, email: str, has: bool) -> None:  # noqa: FBT001
    assert RoleSettings(emails=(listed,)).includes(email, ()) is has


def test_settings_that_are_broken_meanwhile_are_told_in_words(own: tuple[Visitor, District]) -> None:
    visitor, small = own
    small.settings('id = "pinehill"', "id = [")
    answer = visitor.get("/people")
    assert (answer.status_code, "lms_sync.toml" in text(answer), "Pinehill" in text(answer)) == (503, True, True)


@pytest.mark.slow
def test_no_page_tells_in_which_folder_a_file_is_read(shared: Visitor) -> None:
    answers = [
        shared.post(path, file=(io.BytesIO(content), "x.csv"), **FILING)
        for path in ("/sheets", "/roster/upload", "/courses/upload", f"/people/{GUARD[0]}/documents", "/verify")
        for content in (b"", b"\x00\x01", b"PK\x03\x04")
    ]
    for answer in answers:
        assert not {"/tmp", "lms-sync-"} & {part for part in ("/tmp", "lms-sync-") if part in answer.text}


FILING = {"component": "classroom", "kind": "verified", "esd": "ESD 900", "day": "2026-11-02"}


@pytest.mark.slow
def test_before_the_first_night_the_pages_say_what_is_still_to_be_set_up(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as small, open_app(small.folder) as (app, opened):
        visitor = local(app, opened)
        for path in ("/", "/people", "/worklist"):
            answer = visitor.get(path)
            assert (answer.status_code, "Nothing has been read yet" in answer.text) == (503, True)
            assert "lms-sync nightly" in text(answer)
        assert visitor.get("/roster").status_code == visitor.get("/sheets").status_code == 200


def test_no_hour_has_more_tries_than_are_allowed_in_one(tmp_path: Path) -> None:
    """A count that began anew each hour allowed five within thirteen minutes."""
    with open_sign_ins(tmp_path / "web.db") as sign_ins:

        def code_after(minutes: int) -> bool:
            at = NOW + timedelta(minutes=minutes)
            return sign_ins.allowed("code", at=at, most=3, per=timedelta(hours=1))

        assert [code_after(minutes) for minutes in (0, 50, 55, 59, 61, 62, 109, 111)] == [
            *(True, True, True, False, True, False),
            *(False, True),
        ]


def test_counts_of_tries_that_are_over_are_not_kept(tmp_path: Path) -> None:
    with open_sign_ins(tmp_path / "web.db") as sign_ins:
        for number in range(50):
            assert sign_ins.allowed(f"link 203.0.{number}.0/24", at=NOW, most=1, per=timedelta(hours=1))
        assert not sign_ins.allowed("link 203.0.1.0/24", at=NOW, most=1, per=timedelta(hours=1))
        later = NOW + timedelta(days=1, minutes=1)
        assert sign_ins.allowed("link 203.0.1.0/24", at=later, most=1, per=timedelta(hours=1))
        with sign_ins.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM bucket").scalar() == 1
