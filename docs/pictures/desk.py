"""Pictures of six pages of the desk, made of the demo's people: `make pictures`."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from waitress.server import create_server

from lms_sync.operations.opening import now
from lms_sync.web.app import create_app
from lms_sync.web.opening import open_district
from lms_sync.web.sessions import LASTS, SESSION, about_local
from lms_sync.workspace.settings.config import read_config

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
PORT = 8097
MORNING = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
PAGES = {
    "desk-today": "/",
    "desk-worklist": "/worklist?area=claim",
    "desk-people": "/people",
    "desk-person": "/people/00104",
    "desk-agreement": "/agreements/NPS-2026",
    "desk-courses": "/courses",
}


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    """Serve the desk of a workspace as on the morning after its last night, and yield a session's secret."""
    with open_district(read_config(folder), clock=lambda: MORNING) as district:
        server = create_server(create_app(district, port=PORT), host="127.0.0.1", port=PORT, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield district.sign_ins.new(SESSION, about_local("A. Roe"), at=min(now(), MORNING), lasts=LASTS)
        finally:
            server.close()
            thread.join(timeout=5)


def take(session: str) -> None:
    """Take the pictures, as a person sees each page first."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(viewport={"width": 1100, "height": 760})
        url = f"http://127.0.0.1:{PORT}"
        context.add_cookies([{"name": f"lms_sync_session_{PORT}", "value": session, "url": url}])
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(url + path, wait_until="networkidle")
            page.screenshot(path=HERE / f"{name}.png", animations="disabled", caret="hide")
        browser.close()


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        workspace = Path(place, "demo")
        program = Path(sys.executable).parent / "lms-sync"
        subprocess.run([program, "demo", workspace], capture_output=True, check=True)
        with desk(workspace) as secret:
            take(secret)
