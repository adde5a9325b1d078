"""Certificates: trusted ones work, and each other kind is explained."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from lms_sync.errors import ConfigError
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Endpoint
from lms_sync.sources.http.session import open_session
from tests.sources.fault_server import FakeTime, Reply, serving


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Quiet(HTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def tls(certificate: trustme.LeafCert) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server = _Quiet(("127.0.0.1", 0), _Hello)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def refused(certificate: trustme.LeafCert, ca_file: str = "") -> HttpError:
    time = FakeTime()
    with (
        tls(certificate) as url,
        pytest.raises(HttpError) as caught,
        open_session(Endpoint("esd", url, ca_file=ca_file, clock=time.clock)) as session,
    ):
        session.get("/")
    assert time.slept == []
    assert caught.value.kind is Failure.CERTIFICATE
    return caught.value


def test_an_authority_of_ones_own_is_trusted(authority: trustme.CA, ca_file: str) -> None:
    with (
        tls(authority.issue_cert("localhost")) as url,
        open_session(Endpoint("esd", url, ca_file=ca_file)) as session,
    ):
        assert session.get("/").json() == []


def test_an_unknown_authority_is_explained(authority: trustme.CA) -> None:
    assert "ca_file" in refused(authority.issue_cert("localhost")).hint


def test_another_host_name_is_explained(authority: trustme.CA, ca_file: str) -> None:
    assert "another host name" in str(refused(authority.issue_cert("other.example.org"), ca_file))


def test_an_expired_certificate_is_explained(authority: trustme.CA, ca_file: str) -> None:
    old = authority.issue_cert(
        "localhost", not_before=datetime(2001, 1, 1, tzinfo=UTC), not_after=datetime(2002, 1, 1, tzinfo=UTC)
    )
    assert "it has expired" in str(refused(old, ca_file))


def test_a_port_that_speaks_no_tls_is_explained() -> None:
    with (
        serving(lambda ask: Reply()) as site,
        pytest.raises(HttpError, match="no TLS could be agreed on"),
        open_session(Endpoint("esd", site.url.replace("http:", "https:"), clock=FakeTime().clock)) as session,
    ):
        session.get("/")


def test_a_file_of_authorities_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "missing.pem"):
        one = Endpoint("esd", "https://lms.example.org", ca_file=str(tmp_path / name))
        with pytest.raises(ConfigError, match="ca_file"), open_session(one):
            pass
