"""Issue 13, line 12: files from elsewhere, and links out of the workspace (attacks/redirects.toml)."""

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lms_sync.errors import SourceError, UsageError
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Roster
from lms_sync.reports.templates import template_environment
from lms_sync.sources.corrections.claims import FormContext
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.sources.corrections.source import Corrections
from lms_sync.sources.spreadsheet.redirects import is_allowed
from lms_sync.workspace.settings.limits import LimitSettings
from tests.sources.test_places import NONE, SHEET, source

CASES = tomllib.loads((Path(__file__).parent / "attacks" / "redirects.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["after"])
def test_13_12_no_redirect_to_another_host_or_scheme_is_followed(case: dict[str, Any]) -> None:
    assert is_allowed(case["before"], case["after"], tuple(case.get("hosts", ()))) is case["allowed"]


class Answers(BaseHTTPRequestHandler):
    """Answers with the sheet, or sends on to wherever `target` says."""

    target: ClassVar[str] = ""
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        content = SHEET.read_bytes()
        self.send_response(302 if self.path.startswith("/on") else 200)
        self.send_header("Location", self.target)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_13_12_a_redirect_elsewhere_fails_that_file_alone_and_one_at_home_is_followed(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(SHEET.read_bytes())
    with serving() as home, serving() as elsewhere:
        Answers.target, Answers.asked[:] = f"{elsewhere}/secret.csv", []
        pull = source(tmp_path, "log.csv", f"{home}/on.csv").pull(NONE)
        assert [file.failed for file in pull.files] == [False, True]
        (finding,) = pull.files[1].findings
        assert (finding.code, "/secret.csv" in Answers.asked) == ("place-refused", False)
        Answers.target = f"{home}/there.csv"
        (file,) = source(tmp_path, f"{home}/on.csv").pull(NONE).files
        assert (file.failed, bool(file.items)) == (False, True)


def test_13_12_a_secret_query_is_sent_and_never_told(tmp_path: Path) -> None:
    (tmp_path / "query").write_text("token=s3cret\n", encoding="utf-8")
    with serving() as home:
        Answers.asked[:] = []
        (file,) = source(tmp_path, f"{home}/log.csv", query_file="query").pull(NONE).files
    assert not file.failed
    assert "/log.csv?token=s3cret" in Answers.asked
    assert "s3cret" not in repr(file)


@pytest.mark.parametrize("path", ["simplecache::http://127.0.0.1:9/a.csv", "zip://*.csv::file:///a.zip"])
def test_13_12_nested_schemes_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(SourceError, match="behind another scheme"):
        source(tmp_path, path).pull(NONE)
    assert [finding.code for finding in source(tmp_path, "log.csv", path).wrong_addresses()] == ["place-refused"]


def test_13_12_links_in_inbox_and_reports_are_not_followed_out_of_the_workspace(tmp_path: Path) -> None:
    workspace, outside = tmp_path / "ws", tmp_path / "outside.csv"
    outside.write_bytes(SHEET.read_bytes())
    for folder in ("inbox", "reports", "corrections"):
        (workspace / folder).mkdir(parents=True)
        (workspace / folder / "log.csv").symlink_to(outside)
    (workspace / "inbox" / "own.csv").write_bytes(SHEET.read_bytes() + b"\r\n")
    linked, own = source(workspace, "inbox/*.csv").pull(NONE).files
    assert ([finding.code for finding in linked.findings], own.failed) == (["place-refused"], False)
    with pytest.raises(UsageError, match="link"):
        template_environment(workspace / "reports").get_template("log.csv")
    counter = FormContext(Pseudonyms(b"k"), Roster({}, {}, {}, ()), today=date(2026, 11, 1))
    corrections = Corrections(workspace / "corrections", None, TrustedServer(), counter, LimitSettings())
    (read,) = corrections.pull(frozenset()).files
    assert "not followed" in repr(read)
