"""The wire: pooled connections of requests and urllib3 whose every read obeys one deadline.

The time-outs of requests bound the silence between two packets, so a server that sends a byte a minute holds a night
for ever. Here the socket's time-out shrinks with what is left of the exchange, in headers, chunks and body alike.
"""

import io
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from socket import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from lms_sync import __version__
from lms_sync.errors import ConfigError
from lms_sync.sources.http.endpoint import Endpoint

USER_AGENT = f"lms-sync/{__version__}"

# Its warnings quote whole URLs.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an exchange must be over, and how long its server may be silent."""

    at: float
    """By `monotonic`."""
    silence: float
    monotonic: Callable[[], float]

    @property
    def left(self) -> float:
        """Return the seconds left, not above `silence`; zero or less when it is over."""
        return min(self.silence, self.at - self.monotonic())


_deadline: ContextVar[Deadline] = ContextVar("_deadline")


@contextmanager
def until(deadline: Deadline) -> Iterator[None]:
    """Make every read within obey the deadline. Reads past it raise TimeoutError."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


class _TimedReader(io.RawIOBase):
    """A socket's reader that sets the socket's time-out before each read."""

    def __init__(self, sock: socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _deadline.get().left
        if left <= 0:
            raise TimeoutError("the exchange's time is over")
        self._sock.settimeout(left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach()))


class _PlainConnection(HTTPConnection):
    response_class = _TimedResponse


class _TlsConnection(HTTPSConnection):
    response_class = _TimedResponse


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class _TlsAdapter(_Adapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)


def connect_to(endpoint: Endpoint) -> requests.Session:
    """Return a session of requests for the endpoint's scheme only, which nothing in its surroundings changes.

    It reads no proxies, no `.netrc` and no other environment, and keeps no cookies.

    Raises: ConfigError for a `ca_file` that cannot be read.
    """
    wire = requests.Session()
    wire.trust_env = False
    wire.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    wire.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"})
    wire.adapters.clear()
    if endpoint.url.startswith("https"):
        wire.mount("https://", _TlsAdapter(_context(endpoint)))
    else:
        wire.mount("http://", _Adapter(max_retries=0))
    return wire


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    """Return how TLS is spoken: certificates are always checked, against the system's authorities and `ca_file`."""
    context = ssl.create_default_context()
    if not endpoint.ca_file:
        return context
    try:
        context.load_verify_locations(endpoint.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"lms_sync.toml, [[source]] {endpoint.source}, ca_file: it cannot be read as certificates",
            hint="Name a PEM file of the authority that signed the server's certificate.",
        ) from error
    return context
