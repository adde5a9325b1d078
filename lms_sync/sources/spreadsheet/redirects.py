"""Where a web server may send us: to no other host or scheme, unless the settings name it. The home of aiohttp."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from lms_sync.sources.spreadsheet.misread import Misread

ClientMaker = Callable[..., Awaitable[Any]]
"""Makes a client for fsspec's web servers (`get_client`)."""


def is_allowed(before: str, after: str, hosts: tuple[str, ...]) -> bool:
    """Tell whether a redirect may be followed: within one host, or to one of `hosts`; never to another scheme."""
    here, there = urlsplit(before), urlsplit(after)
    if here.scheme.lower() != there.scheme.lower() or there.username or there.password:
        return False
    same = (here.hostname, here.port) == (there.hostname, there.port)
    return same or (there.hostname or "").casefold() in {host.casefold() for host in hosts}


def client_maker(hosts: tuple[str, ...]) -> ClientMaker:
    """Return what makes a client that follows no other redirects. Raises: ImportError where the extra is missing."""
    import aiohttp

    async def check(_session: object, _context: object, params: aiohttp.TraceRequestRedirectParams) -> None:
        headers = params.response.headers
        target = urljoin(str(params.url), headers.get("Location", headers.get("URI", "")))
        if not is_allowed(str(params.url), target, hosts):
            raise redirected(target)

    async def make(**settings: Any) -> aiohttp.ClientSession:
        trace = aiohttp.TraceConfig()
        trace.on_request_redirect.append(check)
        return aiohttp.ClientSession(trace_configs=[trace], **settings)

    return make


def redirected(target: str) -> Misread:
    """Return the refusal of a redirect; only its host is told."""
    parts = urlsplit(target)
    return Misread(
        "place-refused",
        f"the server sends us on to {parts.scheme}://{parts.hostname or ''}, and nothing was read there",
        expected="a file where `path` says that it is",
        remedy="Write the address that it leads to into `path`; or, if that changes, its host into `redirects_to`.",
    )
