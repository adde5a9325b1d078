"""How many requests the pull of a Moodle report takes: one for each 500 rows, and four besides.

Run `python benchmarks/moodle_requests.py`. It prints; it asserts no times. A small server on this machine answers
with made-up rows in the shape of a recorded report. Asking function by function takes a request for each pair of
person and course instead, and some more.
"""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter
from urllib.parse import parse_qsl

from lms_sync.files import shipped
from lms_sync.sources.moodle.pages import RETRIEVE
from lms_sync.sources.moodle.report import LIST, RESET
from lms_sync.sources.moodle.source import from_settings
from lms_sync.sources.spreadsheet.layout import read_layout
from lms_sync.workspace.settings.sources import MoodleSettings

SIZES = (31, 500, 501, 1_495, 20_000)
"""Rows of the report."""
COURSES = 13
REPORT = "LMS sync"
HEADINGS = (
    *("Course ID number", "Course short name", "Course full name with link", "Full name with link", "ID number"),
    *("Username", "Email address", "Suspended", "Agency", "Name", "Status", "Completed"),
    *("Time enrolled", "Time started", "Time completed"),
)
FUNCTIONS = (LIST, RESET, RETRIEVE)
SITE = {"username": "svc", "siteurl": "https://lms.example.org", "functions": [{"name": name} for name in FUNCTIONS]}


def row(number: int, hour: str) -> dict[str, list[str]]:
    """Return a made-up row: a person's completion of a course."""
    person, course = divmod(number, COURSES)
    told = f"Monday, {3 + course} November 2025, {hour}"
    unit, login = f"SSS-{course + 1:02}", f"emp{person:05}"
    return {
        "columns": [
            *(unit, unit, f'<a href="https://lms.example.org/course/view.php?id={course}">Unit {course + 1}</a>'),
            *(f"Person {person}", f"E{person:06}", login, f"{login}@staff.example.org", "No", "District"),
            *("Manual enrolments", "Active", "Yes", told, told, told),
        ]
    }


class _Site(ThreadingHTTPServer):
    daemon_threads = True
    rows: int = 0
    asked: int = 0
    """Requests so far."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # One packet an answer; two would wait for each other.
    server: _Site

    def do_POST(self) -> None:
        self.server.asked += 1
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        body = json.dumps(answer(form, self.server.rows)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def answer(form: dict[str, str], rows: int) -> object:
    """Return what Moodle says to a call, its report having so many rows."""
    match form["wsfunction"]:
        case "core_reportbuilder_list_reports":
            return {"reports": [{"id": 2, "name": REPORT}]}
        case "core_reportbuilder_filters_reset":
            return True
        case "core_reportbuilder_retrieve_report":
            size = int(form["perpage"])
            start = int(form["page"]) * size
            hour = "9:05 AM" if form["moodlewssettingtimezone"] == "UTC" else "6:05 PM"
            told = [row(number, hour) for number in range(start, min(start + size, rows))]
            data = {"headers": HEADINGS, "rows": told, "totalrowcount": rows}
            return {"details": {"id": 2, "name": REPORT}, "data": data}
    return SITE


@contextmanager
def serving(rows: int) -> Iterator[_Site]:
    """Serve a report of so many rows on a free port of this machine."""
    server = _Site(("127.0.0.1", 0), _Handler)
    server.rows = rows
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pulled(rows: int) -> tuple[int, int]:
    """Return how many requests the pull of a report took, and how many records it gave."""
    layout = read_layout(shipped("mappings") / "layouts" / "moodle-custom-report.toml")
    with serving(rows) as site:
        settings = MoodleSettings(
            name="esd",
            kind="moodle",
            url=f"http://127.0.0.1:{site.server_port}",
            token_env="LMS_SYNC_TOKEN",
            report=REPORT,
        )
        source = from_settings(settings, folder=Path(), layouts={layout.name: layout}, district_zone="UTC")
        (file,) = replace(source, token=lambda: "made-up").pull(frozenset()).files
        return site.asked, len(file.items)


def main() -> None:
    """Print a line per size of report."""
    print(f"{'rows':>8}{'requests':>12}{'⌈rows/500⌉ + 4':>18}{'seconds':>10}")
    for rows in SIZES:
        start = perf_counter()
        requests, items = pulled(rows)
        seconds = perf_counter() - start
        if items != rows:
            raise ValueError(f"the pull gave {items:,} items where {rows:,} were expected")
        print(f"{rows:>8,}{requests:>12}{math.ceil(rows / 500) + 4:>18}{seconds:>10.2f}")


if __name__ == "__main__":
    main()
