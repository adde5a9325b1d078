"""A web server on loopback that answers by a script: sign-in servers of mail providers, and Microsoft Graph."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer. A status of 0 cuts the connection, `DRIP` gives a header that never comes to its end."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


DRIP = -1
Script = Callable[[Asked], Reply]


@dataclass
class Web:
    """A running server, and what it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@contextmanager
def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Serve until the block ends; `script` is asked once a request."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            web.asked.append(asked)
            reply = script(asked)
            if reply.status in (0, DRIP):
                self.close_connection = True
                while reply.status == DRIP and not ended.wait(0.01):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: " if "drips" not in vars(self) else b"x")
                    vars(self)["drips"] = True
                return
            content = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = answer

        def log_message(self, *_: Any) -> None:
            pass

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web = Web(f"{'https' if tls else 'http'}://localhost:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
