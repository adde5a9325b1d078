"""The files of docs/web.md for nginx, Caddy and systemd, before the apps: what comes through, and what does not."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from flask import Flask

from lms_sync.operations.opening import now
from lms_sync.web.app import create_app
from lms_sync.web.guard import csrf_of
from lms_sync.web.looks import network
from lms_sync.web.opening import OpenDistrict, open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.web.roles import Role
from lms_sync.web.serve import server_options
from lms_sync.web.sessions import LASTS, SESSION
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import district
from tests.web.chromium import free_port, served
from tests.web.visitor import with_roles

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).parent.parent.parent / "docs" / "web.md").read_text(encoding="utf-8")
DESK, PARTNERS = "desk.example.org", "training.example.org"
HERE = "127.0.0.1"


def blocks(first: str) -> list[str]:
    """Return each block of code that begins so, to its closing brace."""
    return re.findall(rf"^    {re.escape(first)}\n.*?^    \}}\n", PAGE, re.M | re.S)


@dataclass(frozen=True)
class Front:
    """A proxy that runs before one of the apps."""

    name: str
    port: int
    authority: Path
    log: Path
    secret: str = ""

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text; by TLS, whose certificate is looked at."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        raw = socket.create_connection((HERE, self.port), timeout=20)
        connection = http.client.HTTPConnection(self.name, timeout=20)
        connection.sock = trusted.wrap_socket(raw, server_hostname=self.name)
        try:
            connection.request(method, path, body, {"Host": self.name, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text
        finally:
            connection.close()


def certificate(folder: Path, name: str) -> tuple[Path, Path, Path]:
    """Return an authority, a certificate and its key."""
    authority = trustme.CA()
    issued = authority.issue_cert(name)
    paths = folder / "authority.pem", folder / "name.pem", folder / "name.key"
    authority.cert_pem.write_to_path(str(paths[0]))
    issued.cert_chain_pems[0].write_to_path(str(paths[1]))
    issued.private_key_pem.write_to_path(str(paths[2]))
    return paths


def nginx(folder: Path, name: str, port: int, app: int) -> tuple[list[str], Path]:
    """Write what the page says for nginx with ports of this test; return how it is started, and its log."""
    _, chain, key = certificate(folder, name)
    text = next(found for found in blocks("server {") if "443 ssl" in found and name in found)
    text = re.sub(r"listen 443 ssl", f"listen {HERE}:{port} ssl", text)
    text = re.sub(r"(ssl_certificate) \S+;", rf"\1 {chain};", text)
    text = re.sub(r"(ssl_certificate_key) \S+;", rf"\1 {key};", text)
    text = re.sub(r"error_log \S+ ", f"error_log {folder}/error.log ", text)
    text = re.sub(r"http://127.0.0.1:\d+", f"http://{HERE}:{app}", text)
    log = folder / "access.log"
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log {log}; {places}\n{text} }}\n"
    )
    command = ["nginx", "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    return command, log


def caddy(folder: Path, name: str, port: int, app: int) -> tuple[list[str], Path]:
    """Write what the page says for Caddy, with ports and a certificate of this test."""
    _, chain, key = certificate(folder, name)
    (text,) = blocks(f"{name} {{")
    text = text.replace(f"{name} {{", f"https://{name}:{port} {{\n    tls {chain} {key}")
    text = re.sub(r"reverse_proxy 127.0.0.1:\d+", f"reverse_proxy {HERE}:{app}", text)
    log = folder / "output.log"
    options = "{\n admin off\n auto_https disable_redirects\n}\n"
    (folder / "Caddyfile").write_text(options + text)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    checked = subprocess.run(["caddy", "validate", *command[2:]], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    return command, log


PROXIES: dict[str, Callable[[Path, str, int, int], tuple[list[str], Path]]] = {"nginx": nginx, "caddy": caddy}


@contextmanager
def running(kind: str, folder: Path, name: str, app: int) -> Iterator[Front]:
    """Yield a proxy that runs; the test is left out where it is not installed."""
    if shutil.which(kind) is None:
        pytest.skip(f"{kind} is not installed")
    folder.mkdir()
    port = free_port()
    command, log = PROXIES[kind](folder, name, port, app)
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            env=os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )
    try:
        _wait_for(port, process)
        yield Front(name, port, folder / "authority.pem", log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while True:
        with socket.socket() as tried:
            if tried.connect_ex((HERE, port)) == 0:
                return
        assert process.poll() is None, "the proxy ended"
        assert time.monotonic() < until, "the proxy does not listen"


def behind(make: Callable[..., Flask], stack: ExitStack, opened: OpenDistrict, url: str) -> int:
    """Serve an app as `lms-sync web` does, and return its port."""
    proxies = opened.config.settings.web.proxies_before(url)
    options = server_options(proxies=proxies, largest=26_000_000)
    return stack.enter_context(served(make, opened, options=options))


@pytest.fixture(params=PROXIES)
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    monkeypatch.setenv("SECRET", "made up")
    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path / "ws", nights=1))
        with_roles(small.folder)
        opened = stack.enter_context(open_district(read_config(small.folder)))
        app = behind(create_app, stack, opened, f"https://{DESK}")
        front = stack.enter_context(running(request.param, tmp_path / "front", DESK, app))
        about = {"name": "HR", "email": f"{Role.HR.value}@pinehill.example.org", "groups": "[]"}
        token = opened.sign_ins.new(SESSION, about, at=now(), lasts=LASTS)
        yield Front(front.name, front.port, front.authority, front.log, token)


def test_the_desk_behind_a_proxy(desk: Front) -> None:
    status, headers, _ = desk.ask("GET", "/people")
    assert (status, headers["location"]) == (303, "/sign-in?next=/people")
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "waitress" not in headers.get("server", "").casefold()

    cookie = {"Cookie": f"__Host-lms_sync_session={desk.secret}"}
    status, _, text = desk.ask("GET", "/people", cookie)
    assert (status, "Brook, Ben" in text) == (200, True)
    form = {**cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = f"csrf={csrf_of(desk.secret)}&reason=x".encode()
    for origin, expected in ((f"https://{DESK}", 422), ("https://evil.example.org", 403), (f"http://{DESK}", 403)):
        assert desk.ask("POST", "/worklist", {**form, "Origin": origin}, body)[0] == expected, origin


def test_no_client_s_word_of_itself_comes_through(desk: Front) -> None:
    """Another host's name is refused, forged or asked for; nothing leads to it."""
    for headers in ({"X-Forwarded-Host": "evil.example.org"}, {"Forwarded": "host=evil.example.org;proto=http"}):
        status, answered, text = desk.ask("GET", "/people", headers)
        assert (status, "evil" in answered["location"] + text) == (303, False)
    cookie = {"Cookie": f"__Host-lms_sync_session={desk.secret}", "Host": "evil.example.org"}
    status, answered, text = desk.ask("GET", "/people", cookie)
    assert status != 303
    # Caddy answers 200 and nothing else for a name that it was not told of; nginx asks the app, which refuses.
    assert not {"Brook", "<html", "evil"} & {*re.findall(r"<html|\w+", text)}
    assert "location" not in answered


def test_what_is_too_large_ends_at_the_proxy(desk: Front) -> None:
    form = {"Cookie": f"__Host-lms_sync_session={desk.secret}", "Origin": f"https://{DESK}"}
    form |= {"Content-Type": "multipart/form-data; boundary=x"}
    head = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf_of(desk.secret)}\r\n'
    head += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    sent = head.encode() + b"x" * 64_000_000 + b"\r\n--x--\r\n"
    try:
        status, _, text = desk.ask("POST", "/sheets", form, sent)
    except (ConnectionError, ssl.SSLError):
        return  # the proxy has hung up on whoever goes on sending
    assert (status, "Brook" in text) == (413, False)


@pytest.fixture(params=PROXIES)
def partners(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Front, Path]]:
    with ExitStack() as stack:
        small = stack.enter_context(district(tmp_path / "ws", nights=1))
        path = small.folder / "lms_sync.toml"
        path.write_text(path.read_text(encoding="utf-8") + f'\n[web.outer]\nurl = "https://{PARTNERS}"\n')
        opened = stack.enter_context(open_district(read_config(small.folder)))
        app = behind(create_outer_app, stack, opened, f"https://{PARTNERS}")
        yield stack.enter_context(running(request.param, tmp_path / "front", PARTNERS, app)), small.folder


def test_the_partner_s_app_behind_a_proxy(partners: tuple[Front, Path]) -> None:
    front, _ = partners
    assert front.ask("GET", "/verify")[0] == 200
    status, headers, _ = front.ask("GET", "/l/a-secret-that-nobody-has")
    assert (status, headers["referrer-policy"]) == (404, "no-referrer")
    assert headers["strict-transport-security"]
    for path in ("/people", "/sign-in", "/worklist", "/start/x", "/roster.xlsx"):
        assert front.ask("GET", path)[0] == 404, path
    logged = front.log.read_text(encoding="utf-8") if front.log.exists() else ""
    assert "a-secret-that-nobody-has" not in logged


def test_the_limit_of_tries_is_one_network_s_whatever_it_says_of_itself(partners: tuple[Front, Path]) -> None:
    front, _ = partners
    form = {"Origin": f"https://{PARTNERS}", "Content-Type": "application/x-www-form-urlencoded"}
    statuses = [
        front.ask("POST", "/verify", {**form, "X-Forwarded-For": f"10.{n}.0.1"}, b"number=TP-2026-0001&code=x")[0]
        for n in range(21)
    ]
    assert statuses == [200] * 20 + [429]
    assert network("10.1.0.1") != network("10.2.0.1")


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    (found,) = re.findall(
        r"^    \[Unit\]\n    Description=The desk.*?WantedBy=multi-user.target\n", PAGE, re.M | re.S
    )
    unit = re.sub(r"^    ", "", found, flags=re.M)
    secret = tmp_path / "oidc-secret"
    secret.write_text("made up")
    unit = unit.replace("/opt/lms-sync/bin/lms-sync", "/bin/true").replace("/etc/lms-sync/oidc-secret", str(secret))
    path = tmp_path / "lms-sync-web.service"
    path.write_text(unit.replace("User=lms-sync", "User=daemon"))
    checked = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    about = [line for line in checked.stderr.splitlines() if "lms-sync-web" in line]
    assert (checked.returncode, about) == (0, [])
