"""CPU of a listing of 200 pages from a Canvas on this machine, beside a bare loop of requests and beside canvasapi.

    python -m benchmarks.canvas_pull [--rows 10]

`make bench` installs canvasapi. It prints; it asserts no times. The server runs in a process of its own,
so its work is not counted. The peers take turns, so that what else the machine does troubles all of them alike.
"""

import argparse
import json
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from time import process_time
from urllib.parse import parse_qs, urlsplit

import canvasapi  # type: ignore[import-untyped]
import requests

from lms_sync.demo.canvas_class import ServedCourse
from lms_sync.demo.canvas_server import Reply, ServedCanvas, serving
from lms_sync.sources.canvas.requests import Questions
from lms_sync.sources.canvas.source import endpoint_of
from lms_sync.sources.http.session import open_session

PAGES = 200
ROWS = 10
"""Rows of one page: what Canvas gives unasked, where the requests weigh most; 100 is the most that it gives."""
RUNS = 5
TOKEN = "7~made-up-for-benchmarks"
COURSE = 4711
PATH = f"/api/v1/courses/{COURSE}/enrollments"
QUERY = {"type[]": "StudentEnrollment", "per_page": "100"}
Pull = Callable[[str], int]
"""Address of the server → how many rows were read."""


def enrolment(number: int) -> dict[str, object]:
    """Return a made-up enrolment with the fields of Canvas's documentation (Enrollments API)."""
    login = f"person{number}@staff.example.org"
    user = {
        "id": number,
        "name": f"Person {number}",
        "created_at": "2026-08-17T16:20:00Z",
        "sortable_name": f"{number}, Person",
        "short_name": f"Person {number}",
        "sis_user_id": f"E{number:06}",
        "login_id": login,
        "email": login,
    }
    return {
        "id": 1_000_000 + number,
        "user_id": number,
        "course_id": COURSE,
        "type": "StudentEnrollment",
        "created_at": "2026-08-31T17:04:11Z",
        "updated_at": "2026-11-02T08:00:53Z",
        "associated_user_id": None,
        "start_at": None,
        "end_at": None,
        "course_section_id": 1 + number % 7,
        "root_account_id": 1,
        "limit_privileges_to_course_section": False,
        "enrollment_state": "active",
        "role": "StudentEnrollment",
        "role_id": 3,
        "last_activity_at": "2026-11-20T22:41:09Z",
        "last_attended_at": None,
        "total_activity_time": 4180,
        "sis_account_id": "ESD",
        "sis_course_id": "HB1214-2026",
        "course_integration_id": None,
        "sis_section_id": None,
        "section_integration_id": None,
        "sis_user_id": f"E{number:06}",
        "html_url": f"https://canvas.example.org/courses/{COURSE}/users/{number}",
        "user": user,
    }


def prepared(url: str, rows: int) -> Callable[[str], Reply | None]:
    """Return what answers for the listing, its pages written beforehand; every other path is left to the server."""
    pages = []
    for number in range(1, PAGES + 1):
        body = json.dumps([enrolment(rows * number + place) for place in range(rows)]).encode()
        link = f'<{url}{PATH}?page={{}}&per_page=100>; rel="{{}}"'
        links = [link.format(number, "current"), link.format(1, "first")]
        links += [link.format(number + 1, "next")] if number < PAGES else []
        pages.append(Reply(body, headers={"Link": ",".join(links)}))

    def instead(path: str) -> Reply | None:
        parts = urlsplit(path)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        return pages[number - 1] if parts.path == PATH else None

    return instead


def serve(pipe: Connection, rows: int) -> None:
    """Serve, tell the address, and stop when told so."""
    canvas = ServedCanvas(TOKEN, [ServedCourse(COURSE, "HB 1214", "HB1214-2026", [], [])])
    with serving(canvas) as url:
        canvas.instead = prepared(url, rows)
        pipe.send(url)
        pipe.recv()


@contextmanager
def serving_apart(rows: int) -> Iterator[str]:
    """Give the address of a server in a process of its own whose pages have so many rows."""
    start_anew = get_context("spawn")
    ours, theirs = start_anew.Pipe()
    server = start_anew.Process(target=serve, args=(theirs, rows))
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        server.join()


def bare_loop(url: str) -> int:
    """Read the listing as the shortest program would: no time-out, no retry, no guard."""
    rows = 0
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        page = session.get(url + PATH, params=QUERY)
        rows += len(page.json())
        while "next" in page.links:
            page = session.get(page.links["next"]["url"])
            rows += len(page.json())
    return rows


def our_edge(url: str) -> int:
    """Read the listing by `lms_sync.http`, with its time-outs, retries, pace and guards."""
    with open_session(endpoint_of("esd", url, lambda: TOKEN)) as session:
        pages = session.pages(PATH, QUERY, next_url=lambda page: page.link("next"))
        return sum(len(page.json()) for page in pages)


def our_source(url: str) -> int:
    """Read the listing as the Canvas source does: by `lms_sync.http`, and every row checked for its shape."""
    with open_session(endpoint_of("esd", url, lambda: TOKEN)) as session:
        return len(Questions(session, "esd").enrolments(str(COURSE)))


def by_canvasapi(url: str) -> int:
    """Read the listing by canvasapi, which tries to read every value of every row as a date."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Canvas may respond unexpectedly when making requests to HTTP")
        canvas = canvasapi.Canvas(url, TOKEN)
    listing = canvas.get_course(COURSE).get_enrollments(**QUERY)
    return sum(1 for _ in listing)


PULLS: dict[str, tuple[Pull, int]] = {
    "bare requests loop": (bare_loop, RUNS),
    "lms_sync.http": (our_edge, RUNS),
    "Canvas source": (our_source, RUNS),
    "canvasapi": (by_canvasapi, 1),
}
"""How each peer pulls, and how often; canvasapi takes more than a minute with 100 rows a page, so once is enough."""


def cpu_seconds(pull: Pull, url: str, expected: int) -> float:
    """Return the CPU time of this process for one pull. Raises: ValueError unless it reads the expected rows."""
    start = process_time()
    read = pull(url)
    spent = process_time() - start
    if read != expected:
        raise ValueError(f"{pull.__name__} read {read:,} rows where {expected:,} were expected")
    return spent


def measured(rows: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each peer's runs, for pages of so many rows."""
    spent: dict[str, list[float]] = {name: [] for name in PULLS}
    with serving_apart(rows) as url:
        our_source(url)  # The server's first answers count for nobody.
        for run in range(RUNS):
            for name, (pull, runs) in PULLS.items():
                if run < runs:
                    spent[name].append(cpu_seconds(pull, url, PAGES * rows))
    return spent


def main() -> None:
    """Print the CPU of each peer and its ratio to the bare loop."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=ROWS, help="rows of one page")
    rows = options.parse_args().rows
    print(f"requests {requests.__version__}, canvasapi {version('canvasapi')}; {os.cpu_count()} cores")
    print(f"{PAGES} pages of {rows} rows, median of {RUNS} runs (canvasapi: 1 run)")
    spent = measured(rows)
    base = median(spent["bare requests loop"])
    for name, times in spent.items():
        print(f"  {name:20} {median(times):8.3f} s CPU = × {median(times) / base:.2f}")


if __name__ == "__main__":
    main()
