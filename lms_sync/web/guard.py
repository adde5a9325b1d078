"""What stands before every page: hosts, forms that came from our own pages; and the headers behind each."""

import hashlib
import hmac

from flask import Flask, Request, request
from werkzeug.wrappers import Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer that does not state its own."""
OUTER = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
HSTS = "max-age=31536000"
HOSTS = ("127.0.0.1", "localhost")
READS = ("GET", "HEAD", "OPTIONS")


def csrf_of(session: str) -> str:
    """Return what the forms of a session carry; nobody can make it without the session's own secret."""
    return hmac.new(session.encode(), b"forms", hashlib.sha256).hexdigest()


def from_our_pages(asked: Request, origins: tuple[str, ...]) -> bool:
    """Tell whether a browser says that a page of ours sent this; one that says nothing of it is refused."""
    site = asked.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else asked.headers.get("Origin", "") in origins


def carries(token: str) -> bool:
    """Tell whether the form that was sent holds the session's token."""
    sent = request.form.get("csrf", "") or request.headers.get("X-CSRF", "")
    return hmac.compare_digest(sent.encode(), token.encode())


def origins(url: str, port: int) -> tuple[str, ...]:
    """Return how browsers name our pages."""
    return (url,) if url else tuple(f"http://{host}:{port}" for host in HOSTS)


def cookie_name(what: str, port: int, *, secure: bool) -> str:
    """Return a cookie's name; on this machine with the port, since cookies of all its ports lie together."""
    return f"__Host-lms_sync_{what}" if secure else f"lms_sync_{what}_{port}"


def add_headers(app: Flask, *, secure: bool, outer: bool = False) -> None:
    """Let every answer of the app carry the headers; those of the outer app tell no other site its links."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in (HEADERS | OUTER if outer else HEADERS).items():
            if name not in response.headers:
                response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response
