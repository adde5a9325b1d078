"""Chromium beside a served app: windows of who is signed in, what axe-core says of a page, its width, its focus."""

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from waitress.server import create_server

from lms_sync.operations.opening import now
from lms_sync.web.app import create_app
from lms_sync.web.opening import OpenDistrict
from lms_sync.web.sessions import LASTS, SESSION, about_local
from tests.cli.small_district import District
from tests.reports.browser import AXE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 740}
"""As narrow as a screen of 1280 is at 400 %, which WCAG 2.1 asks for (1.4.10)."""
TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
"""What a reader does who enlarges the text only."""


@dataclass
class Desk:
    """The desk in a browser, and the district behind it."""

    browser: Browser
    small: District
    opened: OpenDistrict
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, **options: Any) -> BrowserContext:
        """Return a browser window of somebody who is signed in with every role."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        token = self.opened.sign_ins.new(SESSION, about_local("A. Roe"), at=now(), lasts=LASTS)
        context.add_cookies([{"name": f"lms_sync_session_{self.port}", "value": token, "url": self.url}])
        return context


def serve(stack: ExitStack, browser: Browser, small: District, opened: OpenDistrict, *, port: int = 0) -> Desk:
    """Serve the desk of a district."""
    return Desk(browser, small, opened, stack.enter_context(served(create_app, opened, port=port)))


@contextmanager
def served(
    make: Callable[..., Flask], opened: OpenDistrict, *, port: int = 0, options: dict[str, Any] | None = None
) -> Iterator[int]:
    """Serve an app from a thread, and yield its port, which the app must know: forms and cookies go by it."""
    port = port or free_port()
    server = create_server(make(opened, port=port), host="127.0.0.1", port=port, **(options or {"threads": 4}))
    thread = threading.Thread(target=_run_until_closed, args=(server,), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.close()
        thread.join(timeout=5)


def _run_until_closed(server: Any) -> None:
    """Serve; a server that is closed while it waits for a request finds its socket gone, and that is the end."""
    try:
        server.run()
    except OSError as error:
        if error.errno != errno.EBADF:
            raise


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def quiet(page: Page) -> Iterator[None]:
    """Expect that the browser complains of nothing: neither of the policy nor of a missing file."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", hear)
    yield
    assert complaints == []


def judged(page: Page) -> list[str]:
    """Return what axe-core finds wrong, as sentences."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(document, options)", RULES)
    return [
        f"{violation['id']}: {node['html'][:120]}" for violation in found["violations"] for node in violation["nodes"]
    ]


def too_wide(page: Page) -> bool:
    """Tell whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def keyboard_stops(page: Page) -> list[str]:
    """Return each element that Tab comes to, to the page's end; one without a visible focus begins with NOT SEEN."""
    where = """() => { const e = document.activeElement, s = getComputedStyle(e);
      if (e === document.body) return 'end';
      const seen = e.tagName === 'IFRAME' || s.outlineStyle !== 'none' || s.boxShadow !== 'none';
      return (seen ? '' : 'NOT SEEN: ') + e.tagName + ' ' + (e.innerText || e.name || e.id).slice(0, 60) }"""
    stops: list[str] = []
    for _ in range(500):
        page.keyboard.press("Tab")
        stops.append(str(page.evaluate(where)))
        if stops[-1] == "end":
            return stops[:-1]
    raise AssertionError(f"Tab never comes to the end of the page: {stops[-3:]}")
