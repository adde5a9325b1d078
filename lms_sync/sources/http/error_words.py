"""Errors of the network and of servers in words that people can act on, without queries, ids and secrets."""

import re
import ssl
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.retry import failure_of

CERTIFICATES = {
    9: "it is not valid yet: this machine's clock may be slow",
    10: "it has expired",
    18: "it is signed by itself",
    19: "an authority that this machine does not know signed it",
    20: "it is signed by an authority that this machine does not know, or the server leaves out a link of the chain",
    21: "the server leaves out a link of the chain",
    23: "it has been revoked",
    62: "it is for another host name",
    64: "it is for another address",
}
"""OpenSSL's verify code → what it means. Source: X509_V_ERR_* in openssl/x509_vfy.h."""
NAMES_SOMEBODY = re.compile(r"[0-9@:%]")
"""A segment of a path that may hold an id."""

STATUS_HINTS = {
    Failure.CREDENTIALS: "Give lms-sync a token that is valid, and see that it is named in lms_sync.toml.",
    Failure.FORBIDDEN: "The token's user lacks a right for this; see the administrator's page in docs.",
    Failure.MISSING: "Check url, and the courses or reports that lms_sync.toml names.",
    Failure.THROTTLED: "The server asks for fewer requests; what was read before stays, the next night tries again.",
    Failure.BROKEN: "The server failed; what was read before stays, the next night tries again.",
    Failure.REJECTED: "The server does not accept the request; check its version against docs.",
}

LATER = "What was read before stays; the next night tries again."
REASONS: tuple[tuple[tuple[type[BaseException], ...], tuple[Failure, str, str]], ...] = (
    ((ssl.SSLError,), (Failure.UNREACHABLE, "no TLS could be agreed on", "Check that url's port speaks https.")),
    (
        (NameResolutionError,),
        (Failure.UNREACHABLE, "no such host name is known", "Check url, and this machine's DNS."),
    ),
    (
        (ConnectionRefusedError,),
        (Failure.UNREACHABLE, "the connection was refused", "Is the server up? Check url and its port."),
    ),
    ((DecodeError,), (Failure.UNREADABLE, "the compressed body is garbled", LATER)),
    ((ReadTimeoutError, requests.ReadTimeout), (Failure.TIMEOUT, "the answer came too slowly", LATER)),
    (
        (ConnectTimeoutError, NewConnectionError),
        (Failure.UNREACHABLE, "no connection could be made", "Check url, this machine's network and the firewall."),
    ),
)
"""Errors of the network → kind, what was found, what to do; the first that fits any error of the chain counts."""
BROKE = (Failure.UNREACHABLE, "the connection broke before the answer was complete", LATER)


def place_of(method: str, url: str) -> str:
    """Return a request fit for logs and errors: no query, and `…` for each part of the path that may be an id."""
    parts = urlsplit(url)
    # Version numbers are no ids.
    path = "/".join(
        "…" if NAMES_SOMEBODY.search(step) and not re.fullmatch(r"v\d", step) else step
        for step in parts.path.split("/")
    )
    host = parts.netloc.rpartition("@")[2]
    return f"{method} {parts.scheme}://{host}{path}"


def refusal(answer: WebAnswer, *, wait: float | None) -> HttpError:
    """Return the error of an answer whose status is no success."""
    kind = failure_of(answer)
    if kind is Failure.REDIRECT:
        return _redirect(answer)
    return HttpError(
        kind,
        f"source {answer.source}: {answer.place} answered {answer.status}",
        hint=STATUS_HINTS[kind],
        answer=answer,
        wait=wait,
    )


def _redirect(answer: WebAnswer) -> HttpError:
    try:
        parts = urlsplit(urljoin(answer.url, answer.headers.get("Location", "")))
        elsewhere = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    except ValueError:
        elsewhere = "an address that is none"
    return HttpError(
        Failure.REDIRECT,
        f"source {answer.source}: {answer.place} sends us on to {elsewhere} ({answer.status}); "
        "redirects are not followed, because the token would go along",
        hint=f"If that is the server's right address, state it as url of [[source]] {answer.source}.",
        answer=answer,
    )


def network_error(error: Exception, *, source: str, place: str) -> HttpError:
    """Return what a failure of the network means. Certificates do not pass by themselves; the rest may."""
    chain = list(_chain(error))
    certificate = next((cause for cause in chain if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        why = CERTIFICATES.get(certificate.verify_code, certificate.verify_message)
        return HttpError(
            Failure.CERTIFICATE,
            f"source {source}: {place}: the server's certificate cannot be trusted: {why}",
            hint="Ask whoever runs the server to fix it. For an authority of your own, name its PEM file as ca_file.",
        )
    kind, found, hint = next(
        (words for types, words in REASONS if any(isinstance(cause, types) for cause in chain)), BROKE
    )
    return HttpError(kind, f"source {source}: {place}: {found}", hint=hint, wait=0.0)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what lies beneath it; requests and urllib3 wrap one in another by several ways."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


NETWORK_ERRORS: tuple[type[Exception], ...] = (requests.RequestException, HTTPError, OSError)
"""What requests and urllib3 raise, in every version: those of requests are not those of urllib3."""
