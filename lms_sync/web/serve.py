"""Serve an app: waitress, on this machine only; a proxy before it, where the settings say so, tells who asks."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress.server import create_server

from lms_sync.errors import ConfigError

HOST = "127.0.0.1"
THREADS = 8
TRUSTED_HEADERS = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


def server_options(*, proxies: int, largest: int) -> dict[str, Any]:
    """Return what waitress is told: a proxy's headers are believed, a client's are not; `largest` in bytes."""
    options: dict[str, Any] = {
        "threads": THREADS,
        "max_request_body_size": largest,
        "ident": None,
        "clear_untrusted_proxy_headers": True,
    }
    if proxies:
        options |= {
            "trusted_proxy": HOST,
            "trusted_proxy_count": proxies,
            "trusted_proxy_headers": TRUSTED_HEADERS,
        }
    return options


def serve(app: Flask, *, port: int, proxies: int, ready: Callable[[], None]) -> None:
    """Serve until the process is told to stop; `ready` is called as soon as somebody may come.

    Raises: ConfigError when another program has the port.
    """
    largest = int(app.config["MAX_CONTENT_LENGTH"]) + 1_000_000
    try:
        server = create_server(app, host=HOST, port=port, **server_options(proxies=proxies, largest=largest))
    except OSError as error:
        raise ConfigError(
            f"port {port} of this machine can't be had ({error.strerror})",
            hint="Perhaps the desk runs already; or name another: `lms-sync web --port 8090`.",
        ) from error
    try:
        ready()
        server.run()
    finally:
        server.close()
