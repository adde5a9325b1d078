"""`lms-sync web` as a person starts it: on a new workspace, on this machine only, with a link that works once."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.cli.small_district import run
from tests.web.chromium import free_port

pytestmark = pytest.mark.slow
COMMAND = "import sys; from lms_sync.cli.main import main; sys.argv[0] = 'lms-sync'; main()"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the program, and what it has printed first."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert run("init", str(tmp_path / "ws")).exit_code == 0
    web = ("-w", str(tmp_path / "ws"), "web", "--port", str(free_port()))
    with subprocess.Popen([sys.executable, "-u", "-c", COMMAND, *web], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, process.stdout.readline()
        process.kill()


def test_the_link_that_is_printed_signs_in_once_and_the_program_ends_when_it_is_told_to(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, printed = served
    link = str(re.findall(r"http://127\.0\.0\.1:\d+/start/\S+", printed)[0])
    own = {"Sec-Fetch-Site": "same-origin"}

    with requests.Session() as browser, requests.Session() as scanner:
        for visitor in (scanner, browser):
            assert "Sign in" in visitor.get(link, timeout=60).text
        assert not scanner.cookies
        assert browser.post(link, timeout=60).status_code == 403
        signed_in = browser.post(link, headers=own, timeout=60)
        assert signed_in.status_code == 503
        assert "Nothing has been read yet" in signed_in.text
        assert "/start/" not in signed_in.url
        assert browser.get(signed_in.url + "roster", timeout=60).status_code == 200
        again = scanner.post(link, headers=own, timeout=60)
        assert (again.status_code, bool(scanner.cookies)) == (410, False)
        assert scanner.get(signed_in.url + "roster", timeout=60).url.endswith("/sign-in?next=/roster")

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) in (0, 143, -signal.SIGTERM)


def test_a_port_that_another_program_has_is_told_in_words(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    _, printed = served
    (port,) = re.findall(r":(\d+)/start/", printed)
    web = ("-w", str(tmp_path / "ws"), "web", "--port", port)
    second = subprocess.run(
        [sys.executable, "-c", COMMAND, *web], capture_output=True, text=True, timeout=60, check=False
    )
    assert (second.returncode, "Sign in" in second.stdout) == (2, False)
    assert f"port {port} of this machine can't be had" in second.stderr
