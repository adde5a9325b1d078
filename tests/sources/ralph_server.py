"""Ralph, a real LRS, on its file-system backend: installed in an environment of its own and run on loopback."""

import base64
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.sources.lrs_server import PASSWORD, USER, Raw

PACKAGES = ("ralph-malph[lrs,cli]==5.1.0", "requests")
"""It imports requests without declaring it."""
LAUNCHER = """
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

# Out of the box the backend refuses a second write, and its filter on verbs never fits.
FSLRSBackend.default_operation_type = BaseOperationType.APPEND
fits = FSLRSBackend._add_filter_by_verb
FSLRSBackend._add_filter_by_verb = staticmethod(lambda filters, verb: fits(filters, verb and str(verb.root)))
uvicorn.run("ralph.api:app", host="127.0.0.1", port=0)
"""


def installed(cache: Path) -> Path:
    """Return the environment's programs; it is made when it is missing, which needs the package index."""
    programs, ready = cache / "ralph" / "bin", cache / "ralph" / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", cache / "ralph"], check=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        ready.touch()
    return programs


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[str]:
    """Run it with an empty folder and one user who may read and write; gives its endpoint."""
    environment = {
        **os.environ,
        "RALPH_APP_DIR": str(folder),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
    }
    _add_user(programs, environment)
    command = [str(programs / "python"), "-c", LAUNCHER]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield f"{_address(server)}/xAPI"
        finally:
            server.terminate()


def _add_user(programs: Path, environment: Mapping[str, str]) -> None:
    scopes = ("-s", "statements/read", "-s", "statements/write")
    who = ("-u", USER, "-p", PASSWORD, "-N", USER, "-M", "mailto:sync@example.org")
    command = [str(programs / "ralph"), "auth", *who, *scopes, "-w"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def _address(server: "subprocess.Popen[str]") -> str:
    """Return where the server listens, as it says once it does."""
    said = []
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
            return found[1]
        said.append(line)
    raise AssertionError("".join(said))


def post(url: str, statements: list[Raw]) -> None:
    """Send statements as an LMS does; `stored` is the LRS's to say."""
    sent = [{name: part for name, part in one.items() if name != "stored"} for one in statements]
    sign_in = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    headers = {
        "Authorization": f"Basic {sign_in}",
        "Content-Type": "application/json",
        "X-Experience-API-Version": "1.0.3",
    }
    request = urllib.request.Request(f"{url}/statements", json.dumps(sent).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status in (200, 204)
