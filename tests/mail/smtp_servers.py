"""Real SMTP servers on loopback for the tests of mail, with certificates of an authority made for the run."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "outbox", "correct horse"


@dataclass
class Post:
    """A mail server's behaviour and memory. Scripts are used up one by one; when empty, everything is accepted."""

    boxes: dict[str, list[bytes]] = field(default_factory=dict)
    """Address → messages, as transmitted."""
    rcpt: dict[str, list[str]] = field(default_factory=dict)
    """Address → replies to RCPT to come."""
    data: list[str] = field(default_factory=list)
    """Replies after DATA to come; `drop` cuts the connection once the message was taken."""
    mail: list[str] = field(default_factory=list)
    """Replies to MAIL to come; `drop` cuts the connection."""
    sessions: int = 0
    options: list[list[str]] = field(default_factory=list)
    """The options of each MAIL command."""

    def clear(self) -> None:
        """Forget everything."""
        for memory in (self.boxes, self.rcpt, self.data, self.mail, self.options):
            memory.clear()
        self.sessions = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        session.host_name = hostname
        self.sessions += 1
        return [line for line in responses if "8BITMIME" not in line and "SMTPUTF8" not in line]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not session.authenticated:
            return "530 5.7.0 sign in first"
        reply = self.mail.pop(0) if self.mail else "250 OK"
        if reply == "drop":
            server.transport.abort()
        elif reply.startswith("250"):
            self.options.append(options)
            envelope.mail_from = address
        return reply

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        script = self.rcpt.get(address)
        reply = script.pop(0) if script else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        reply = self.data.pop(0) if self.data else "250 queued"
        if reply == "drop" or reply.startswith("250"):
            for address in envelope.rcpt_tos:
                self.boxes.setdefault(address, []).append(envelope.original_content)
        if reply == "drop":
            server.transport.abort()
        return reply


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    post: Post


def certificates(folder: Path, *, hosts: tuple[str, ...] = ("localhost", "127.0.0.1")) -> tuple[ssl.SSLContext, str]:
    """Return a server's TLS context and the path of the authority's certificate."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*hosts).configure_cert(context)
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return context, str(path)


@contextmanager
def serving(*, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server that asks for a sign-in, on a port of its own, until the block ends."""
    post = Post()

    def factory() -> Any:
        return SMTP(
            post,
            hostname="mail.example.org",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_authenticate,
            auth_require_tls=starttls is not None,
        )

    with _looping(factory, tls) as port:
        yield Server(port, post)


def _authenticate(server: Any, session: Any, envelope: Any, _mechanism: str, data: Any) -> Any:
    good = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@contextmanager
def _looping(factory: Callable[[], Any], tls: ssl.SSLContext | None) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(factory, "127.0.0.1", 0, ssl=tls)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
