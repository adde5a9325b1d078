"""A small IMAP server on a real socket with TLS: as much of RFC 3501 as a reader of one folder asks for."""

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD, TOKEN = "training@district.example.org", "made-up-password", "made-up-token"


@dataclass
class Folder:
    """What the server holds, and what it was asked."""

    messages: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    asked: list[str] = field(default_factory=list)
    port: int = 0
    silent: bool = False
    """Break the connection off after the sign-in."""


class _Talk(socketserver.StreamRequestHandler):
    folder: Folder

    def handle(self) -> None:
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            command = rest.upper()
            if "LOGIN" not in command and "XOAUTH2" not in command:
                self.folder.asked.append(rest)
            if command.startswith("LOGIN"):
                self._done(tag, good=f'"{PASSWORD}"' in rest or rest.endswith(PASSWORD))
                if self.folder.silent:
                    return
            elif command.startswith("AUTHENTICATE XOAUTH2"):
                self._say(b"+ ")
                sent = base64.b64decode(self.rfile.readline().strip() or b"")
                self._done(tag, good=f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01".encode() == sent)
            elif command.startswith("LOGOUT"):
                self._say(b"* BYE")
                self._done(tag)
                return
            else:
                self._answer(rest)
                self._done(tag)

    def _answer(self, rest: str) -> None:
        command = rest.upper()
        messages = self.folder.messages
        if command.startswith("CAPABILITY"):
            self._say(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
        elif command.startswith(("SELECT", "EXAMINE")):
            self._say(f"* {len(messages)} EXISTS".encode())
        elif command.startswith("STATUS"):
            self._say(f'* STATUS "INBOX" (UIDVALIDITY {self.folder.validity})'.encode())
        elif found := re.match(r"UID SEARCH.*?UID (\d+):\*", command):
            first = min(int(found[1]), max(messages, default=1))
            self._say(f"* SEARCH {' '.join(str(uid) for uid in messages if uid >= first)}".rstrip().encode())
        elif found := re.match(r"UID FETCH (\d+) \(RFC822\.SIZE\)", command):
            self._say(f"* 1 FETCH (UID {found[1]} RFC822.SIZE {len(messages[int(found[1])])})".encode())
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK", command):
            raw = messages[int(found[1])]
            self._say(f"* 1 FETCH (UID {found[1]} BODY[] {{{len(raw)}}}".encode(), raw + b")")

    def _done(self, tag: str, *, good: bool = True) -> None:
        self._say(f"{tag} {'OK' if good else 'NO [AUTHENTICATIONFAILED]'} done".encode())

    def _say(self, *lines: bytes) -> None:
        self.wfile.write(b"\r\n".join(lines) + b"\r\n")


@contextmanager
def serving(folder: Folder, tls: ssl.SSLContext) -> Iterator[Folder]:
    """Serve a folder on a port of its own."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> tuple[ssl.SSLSocket, object]:
            connection, address = super().get_request()
            try:
                return tls.wrap_socket(connection, server_side=True), address
            except OSError:
                connection.close()
                raise

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: clients break off on purpose."""

    with Server(("127.0.0.1", 0), type("Talk", (_Talk,), {"folder": folder})) as server:
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
