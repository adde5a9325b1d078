"""Whom a source talks to, with which credentials, how patiently; data only."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from lms_sync.errors import ConfigError
from lms_sync.sources.http.answer import WebAnswer

LEAK = 10.0
"""Units of a Canvas bucket that flow out in a second. Source: Canvas's REST documentation, "Throttling"."""
LOW_WATER = 150.0
"""Units of `X-Rate-Limit-Remaining` below which requests are spaced out, before the server has to say no."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, so that tests need none of it."""

    monotonic: Callable[[], float] = field(default=lambda: time.monotonic())
    """Seconds that only ever go forward."""
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = field(default=lambda seconds: time.sleep(seconds))


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; times in seconds."""

    connect: float = 10.0
    read: float = 60.0
    """Silence of the server within an answer."""
    exchange: float = 300.0
    """One request and its whole answer, however steadily it drips."""
    call: float = 900.0
    """One request with its retries and the waits between them."""
    session: float = 4 * 3600.0
    """Everything that is asked in one session."""
    tries: int = 6
    """Of one request, the first included."""
    body: int = 64 * 1024 * 1024
    """Bytes of one answer, decompressed."""
    pages: int = 10_000
    """Of one listing."""


def no_headers() -> Mapping[str, str]:
    """Return no headers: for a server that asks for none, or takes its token in the form."""
    return {}


def bearer(token: Callable[[], str]) -> Callable[[], Mapping[str, str]]:
    """Return headers that carry a token, read when it is needed so that it stands in no field."""
    return lambda: {"Authorization": f"Bearer {token()}"}


def no_pace(answer: WebAnswer) -> float:
    """Return 0: the next request may follow at once."""
    return 0.0


def by_remaining(answer: WebAnswer) -> float:
    """Return the seconds to wait before the next request, by `X-Rate-Limit-Remaining`; 0 where it is not sent.

    Below `LOW_WATER` the wait is what the bucket needs to have that much room again.
    """
    try:
        remaining = float(answer.headers.get("X-Rate-Limit-Remaining", ""))
    except ValueError:
        return 0.0
    return max(0.0, LOW_WATER - max(0.0, remaining)) / LEAK


def never_again(answer: WebAnswer) -> str:
    """Return an empty string: no successful answer asks for another try."""
    return ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server as a source sees it. Its headers go to this origin only.

    Raises: ConfigError when `url` is no https:// address (http:// is for this machine), or holds a user or query.
    """

    source: str
    """The source's name, for errors."""
    url: str
    """The server's address, with a path where the API lies below one."""
    headers: Callable[[], Mapping[str, str]] = field(default=no_headers, repr=False)
    """Gives the headers of every request, a secret among them."""
    pace: Callable[[WebAnswer], float] = field(default=no_pace, repr=False)
    """Answer → seconds to wait before the next request, so that the server need not throttle us."""
    again: Callable[[WebAnswer], str] = field(default=never_again, repr=False)
    """Successful answer → why it is a passing trouble and should be asked for again; empty when it is an answer."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates; empty for none."""
    limits: Limits = Limits()
    clock: Clock = field(default=Clock(), repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that would send the token in the clear, or that hides something in itself."""
        parts = self._split()
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise self._wrong("it is not https://", "http:// is for a server on this machine only.")
        if parts.username is not None or parts.query or parts.fragment:
            raise self._wrong("it holds more than host and path", "Leave out user, ? and #; tokens are named apart.")

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as `origin_of` writes them."""
        return origin_of(self.url)

    def _split(self) -> SplitResult:
        try:
            origin_of(self.url)
        except ValueError:
            raise self._wrong("it is no address", "Write it like https://lms.example.org.") from None
        return urlsplit(self.url)

    def _wrong(self, found: str, hint: str) -> ConfigError:
        return ConfigError(f"lms_sync.toml, [[source]] {self.source}, url: {found}", hint=hint)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def origin_of(url: str) -> str:
    """Return scheme, host and port (told even where it is the usual one) in lower case.

    Raises: ValueError for what is no http(s) address.
    """
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if not parts.hostname or usual is None:
        raise ValueError("no http(s) address")
    return f"{parts.scheme}://{parts.hostname.lower()}:{parts.port or usual}"


def is_of_origin(url: str, origin: str) -> bool:
    """Tell whether a URL is an http(s) address of an origin as `origin_of` writes it."""
    try:
        return origin_of(url) == origin
    except ValueError:
        return False
