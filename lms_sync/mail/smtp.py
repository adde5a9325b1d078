"""The carrier that talks to a mail relay by SMTP: STARTTLS, implicit TLS, or plain on this machine only."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal

from lms_sync.errors import ConfigError, MailError
from lms_sync.mail.smtp_wire import Plain, Tls
from lms_sync.mail.smtp_words import explained, plain_line, sender_refused, words_of
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult

_START_OF_DATA = 354
_NO_ROOM = 552
"""What a server says of a message that is too large for it. Source: RFC 1870, 6.1."""


def _no_password() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class SmtpCarrier:
    """A mail relay. The server's certificate is always checked, against the system's authorities and `ca_file`.

    Raises: ConfigError for `plain` to a host that is not this machine.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "plain"] = "starttls"
    user: str = ""
    """Empty for a relay that asks for no sign-in."""
    password: Callable[[], str] = field(default=_no_password, repr=False)
    """Gives the password when it is needed, so that it stands in no field."""
    ca_file: str = ""
    """PEM file of a further authority; empty for none."""
    token: Callable[[], str] | None = field(default=None, repr=False)
    """Gives an access token for `user`, instead of a password (XOAUTH2)."""
    timeout: float = 60.0
    """Seconds that any one whole answer of the server may take."""
    taking: float = 600.0
    """Seconds that a server may take to say whether it took a message; to give up sooner makes doubles.
    Source: RFC 5321, 4.5.3.2.6."""
    client_name: str | None = None
    """What the program calls its machine when it says hello; None for the machine's full name."""

    def __post_init__(self) -> None:
        """Refuse to send without encryption to another machine."""
        if self.security == "plain" and not _is_loopback(self.host):
            raise ConfigError(
                f'lms_sync.toml, [mail.smtp] security: "plain" to {self.host} would send names unencrypted',
                hint='Use "starttls" or "tls"; "plain" is for a relay on this machine (localhost).',
            )

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        return "smtp"

    @contextmanager
    def session(self) -> Iterator["SmtpSession"]:
        """Return a session that connects when the first message comes, and says goodbye at the end."""
        session = SmtpSession(self)
        try:
            yield session
        finally:
            session.close()

    def reach(self) -> str:
        """Sign in, send nothing, and return where to, in words. Raises: as `connect`."""
        connection = self.connect()
        with suppress(OSError):
            connection.quit()
        connection.close()
        return f"{self.host}:{self.port} ({self.security}" + (f", signed in as {self.user})" if self.user else ")")

    def connect(self) -> smtplib.SMTP:
        """Return a connection that is encrypted as the settings ask, and signed in.

        Raises: MailError with the server's words; ConfigError for a missing password or `ca_file`.
        """
        context = self._context()
        password = (self.token or self.password)() if self.user else ""
        connection: smtplib.SMTP | None = None
        try:
            connection = self._open(context)
            self._sign_in(connection, password)
        except (OSError, UnicodeError) as error:
            if connection is not None:
                connection.close()
            # "from None": smtplib's errors may hold what was sent, and with it the password.
            raise self._no_session(error, password) from None
        return connection

    def _context(self) -> ssl.SSLContext:
        if self.security == "plain":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it trusts nobody, and loads no authorities to do so
        context = ssl.create_default_context()
        if self.ca_file:
            try:
                context.load_verify_locations(self.ca_file)
            except OSError as error:
                raise ConfigError(
                    f"lms_sync.toml, [mail.smtp] ca_file: {self.ca_file} can't be read ({error.strerror or error})",
                    hint="Name a PEM file with the authority's certificate.",
                ) from error
        return context

    def _open(self, context: ssl.SSLContext) -> smtplib.SMTP:
        where = (self.host, self.port, self.client_name)
        if self.security == "tls":
            return Tls(*where, timeout=self.timeout, context=context)
        connection = Plain(*where, timeout=self.timeout)
        if self.security == "starttls":
            try:
                connection.starttls(context=context)
            except BaseException:
                connection.close()
                raise
        return connection

    def _sign_in(self, connection: smtplib.SMTP, password: str) -> None:
        connection.ehlo_or_helo_if_needed()
        if self.user and self.token is not None:
            bearer = f"user={self.user}\x01auth=Bearer {password}\x01\x01"
            # A refusal comes as a challenge, which an empty line ends. Source: Google's and Microsoft's XOAUTH2.
            connection.auth("XOAUTH2", lambda challenge=None: bearer if challenge is None else "")
        elif self.user:
            connection.login(self.user, password)

    def _no_session(self, error: OSError | UnicodeError, password: str) -> MailError:
        what, hint = explained(error)
        # A server that repeats what it was told must not bring the password into a log.
        what = what.replace(password, "…") if password else what
        return MailError(f"mail server {self.host}:{self.port} {what}", hint=hint)


class SmtpSession:
    """One connection for a batch; when the server ends it, the next message opens another."""

    def __init__(self, carrier: SmtpCarrier) -> None:
        self._carrier = carrier
        self._connection: smtplib.SMTP | None = None

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Send one message. Raises: SenderRefused, and as `SmtpCarrier.connect`; then nothing was transmitted."""
        connection = self._ready()
        try:
            return _converse(connection, envelope, message, taking=self._carrier.taking)
        except OSError as error:
            connection.close()
            detail = f"the connection was lost before the message was sent ({plain_line(str(error))})"
            return tuple(RecipientResult(a, RecipientOutcome.DEFERRED, detail) for a in envelope.recipients)

    def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _ready(self) -> smtplib.SMTP:
        """Return a connection that the server still holds, with nothing left over from the message before."""
        if self._connection is not None:
            with suppress(OSError):
                if _outcome(self._connection.rset()[0]) is RecipientOutcome.ACCEPTED:
                    return self._connection
            self._connection.close()
            self._connection = None
        self._connection = self._carrier.connect()
        return self._connection


_ONLY_FAILURES = ("NOTIFY=FAILURE",)


def _converse(
    connection: smtplib.SMTP, envelope: Envelope, message: bytes, *, taking: float
) -> tuple[RecipientResult, ...]:
    """Hold the conversation for one message.

    Raises: OSError only before the message itself is on its way; SenderRefused.
    """
    if too_large := _too_large(connection, message):
        return tuple(RecipientResult(a, RecipientOutcome.REFUSED, too_large) for a in envelope.recipients)
    reports = connection.has_extn("dsn")  # Source: RFC 3461: what comes back names the delivery, and is short
    options = [f"size={len(message)}"] if connection.has_extn("size") else []
    options += ["RET=HDRS", f"ENVID={envelope.delivery_id}"] if reports else []
    code, reply = connection.mail(envelope.sender_address, options)
    if _outcome(code) is RecipientOutcome.REFUSED and code != _NO_ROOM:
        raise sender_refused(envelope.sender_address, words_of(code, reply))
    if _outcome(code) is not RecipientOutcome.ACCEPTED:
        return tuple(_result(address, code, reply) for address in envelope.recipients)
    notify = _ONLY_FAILURES if reports else ()
    results = {a: _result(a, *connection.rcpt(a, notify)) for a in envelope.recipients}
    if any(result.outcome is RecipientOutcome.ACCEPTED for result in results.values()):
        outcome, words = _data(connection, message, taking=taking)
        for address, result in results.items():
            if result.outcome is RecipientOutcome.ACCEPTED:
                results[address] = RecipientResult(address, outcome, words)
    return tuple(results.values())


def _too_large(connection: smtplib.SMTP, message: bytes) -> str:
    """Return why a server will not take a message of this size; empty where it may. Source: RFC 1870."""
    limit = connection.esmtp_features.get("size", "").split()
    # None told, or 0: there is no limit.
    most = int(limit[0]) if limit and limit[0].isdecimal() else 0
    if not 0 < most < len(message):
        return ""
    return f"the message has {len(message):,} bytes, and the server takes no more than {most:,}"


def _data(connection: smtplib.SMTP, message: bytes, *, taking: float) -> tuple[RecipientOutcome, str]:
    """Transmit the message. Raises: OSError only while the server cannot have taken it."""
    code, reply = connection.docmd("DATA")
    if code != _START_OF_DATA:
        return _outcome(code if code >= 400 else 451), words_of(code, reply)
    # The dot that ends a message goes alone: whatever breaks before it, the server has nothing that is whole, and
    # must drop it (RFC 5321, 4.1.1.10).
    connection.send(_for_the_wire(message))
    quick, connection.timeout = connection.timeout, taking
    try:
        connection.send(b".\r\n")
        code, reply = connection.getreply()
    except OSError as error:
        connection.close()
        return (
            RecipientOutcome.UNKNOWN,
            f"the connection was lost after the message was sent ({plain_line(str(error))})",
        )
    finally:
        connection.timeout = quick
    known = 200 <= code < 300 or 400 <= code < 600
    return _outcome(code) if known else RecipientOutcome.UNKNOWN, words_of(code, reply)


def _for_the_wire(message: bytes) -> bytes:
    """Return a message of whole lines, each first dot doubled; the dot that ends it is not part of it.

    Source: RFC 5321, 4.5.2.
    """
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    # Most messages have no such line, and to look for one so takes a hundredth of the time.
    return re.sub(rb"(?m)^\.", b"..", whole) if whole.startswith(b".") or b"\n." in whole else whole


def _result(address: str, code: int, reply: bytes) -> RecipientResult:
    return RecipientResult(address, _outcome(code), words_of(code, reply))


def _outcome(code: int) -> RecipientOutcome:
    """Return what a reply code means; one that means nothing is as good as "not now"."""
    if 200 <= code < 300:
        return RecipientOutcome.ACCEPTED
    return RecipientOutcome.REFUSED if 500 <= code < 600 else RecipientOutcome.DEFERRED


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
