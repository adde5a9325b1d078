"""How long the desk's pages take: half of the answers, and 95 of 100, within so many milliseconds.

In one process, on one core, without a proxy or a network. A page that renders a PDF or a workbook is measured apart,
and so are Today and the matrix right after somebody has decided something, when everybody has to be judged anew.
Run: python -m benchmarks.pages [--people 150 10000]
"""

import argparse
import csv
import io
import re
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient

from lms_sync.files import shipped
from lms_sync.law.series import load
from lms_sync.model.author import Author
from lms_sync.operations.night import run_night
from lms_sync.operations.opening import now, opened
from lms_sync.tables.write import write_workbook
from lms_sync.web.app import PREPARED, create_app
from lms_sync.web.opening import LONGEST_WAIT, OpenDistrict, open_district
from lms_sync.web.routes import ROUTES
from lms_sync.web.sessions import LASTS, SESSION, about_local
from lms_sync.workspace.roster.forms import AGREEMENTS, ASSIGNMENTS, PARTNERS, PEOPLE
from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.workbooks import Line, mapping_workbook, sheet_of

PORT, ROUNDS, CLIENTS = 8080, 40, 50
MOST_MS, MOST_HEAVY_MS, MOST_LARGE_MS = 150, 2_000, 1_000
LARGE = 1_000
"""People from which on a district is a large one: of it only Today and the matrix are held to a limit, a second."""
HEAVY = (
    "people_workbook",
    "person_pdf",
    "partner",
    "partner_email",
    "partner_text",
    "draft",
    "checklist",
    "year",
    "calendar_file",
)
"""Pages that render a PDF, a workbook or a calendar, or replay a year."""
NEEDS_A_FILE = (
    *("document", "attachment", "request_file", "message"),
    *("partner_file", "reported_file", "issued_pdf", "duty_file"),
)
SETTINGS = """
[district]
id = "bench"
name = "Bench School District"
zone = "America/Los_Angeles"
hr = ["hr@bench.example.org"]
contact = "HR, hr@bench.example.org"
[[source]]
name = "vendor"
kind = "spreadsheet"
export = "cumulative"
files = [{ path = "inbox/*.csv", layout = "vector-completions" }]
[mail]
sender = "hr@bench.example.org"
"""


def main(people: int) -> int:
    """Measure, print, and return 1 where a page takes longer than it may."""
    print(f"{people} people")
    with TemporaryDirectory() as place:
        folder = Path(place)
        write_workspace(folder, people)
        config = read_config(folder)
        with opened(config, lock_for="benchmark") as workspace:
            run_night(workspace, accept_drop={})
        with open_district(config) as district:
            started = time.perf_counter()
            with district.reading() as workspace:
                district.judgement(workspace)
            print(f"everybody judged, once after the start: {time.perf_counter() - started:.1f} s")
            district.longest_wait, district.prepare = LONGEST_WAIT, PREPARED
            app = create_app(district, port=PORT)
            client = signed_in(app, district)
            late = [name for name, too_late in measured(client, people) if too_late]
            late += [path for path in ("/", "/people") if after_a_decision(client, district, path) > MOST_LARGE_MS]
            print(f"{CLIENTS} people at once: {at_once(app, district):.0f} ms for the slowest of 200 pages")
    return 1 if late else 0


def measured(client: FlaskClient, people: int) -> Iterator[tuple[str, bool]]:
    """Measure each page, print what it takes, and yield whether that is too long."""
    for route in ROUTES:
        if route.method != "GET" or route.name in NEEDS_A_FILE:
            continue
        path = re.sub(r"<(\w+)>", lambda part: PARTS[part[1]], route.rule)
        heavy = route.name in HEAVY
        first = answered(client, path)
        times = sorted(answered(client, path) for _ in range(5 if heavy else ROUNDS))
        worst = times[int(len(times) * 0.95) - 1]
        most = MOST_HEAVY_MS if heavy else MOST_MS
        if people >= LARGE:
            most = MOST_LARGE_MS if route.name in ("today", "people") else 1_000_000
        late = worst > most or (heavy and first > most)
        print(
            f"{'TOO SLOW' if late else '':9}{times[len(times) // 2]:7.0f} {worst:7.0f} ms, first {first:7.0f}  {path}"
        )
        yield route.name, late


def answered(client: FlaskClient, path: str) -> float:
    """Return how long one answer takes, in milliseconds."""
    started = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return (time.perf_counter() - started) * 1000


def after_a_decision(client: FlaskClient, district: OpenDistrict, path: str) -> float:
    """Return how long a page takes that is opened right after somebody has written, in milliseconds."""
    with district.writing("benchmark") as workspace, workspace.store.transaction():
        author = Author("A. Roe", "benchmark", workspace.clock())
        workspace.store.deliveries.release("P1", [f"{author.at.timestamp()}@p1.example.org"], author=author)
    took = answered(client, path)
    print(f"{'TOO SLOW' if took > MOST_LARGE_MS else '':9}{took:7.0f} ms right after a decision  {path}")
    return took


PARTS = {"person_id": "00001", "partner_id": "P1", "agreement_id": "P1-26", "kind": "plan", "handle": "row-0"}


def at_once(app: Flask, district: OpenDistrict) -> float:
    """Return the slowest of 200 pages that fifty people open at once, in milliseconds."""
    times: list[float] = []

    def visit() -> None:
        client = signed_in(app, district)
        for path in ("/", "/people", "/people/00001", "/worklist"):
            started = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=visit) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 4 * CLIENTS
    return max(times)


def signed_in(app: Flask, district: OpenDistrict) -> FlaskClient:
    """Return somebody with every role."""
    client = app.test_client()
    token = district.sign_ins.new(SESSION, about_local("A. Roe"), at=now(), lasts=LASTS)
    client.set_cookie(f"lms_sync_session_{PORT}", token, domain="localhost")
    return client


def write_workspace(folder: Path, people: int) -> None:
    """Write a district of ten partners whose people have most of their training."""
    (folder / "mappings").mkdir()
    (folder / "inbox").mkdir()
    (folder / "lms_sync.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "state").mkdir()
    (folder / "state" / "identity.key").write_bytes(b"a key for the benchmark\n")
    layouts = folder / "mappings" / "layouts"
    layouts.mkdir()
    name = "vector-completions.toml"
    (layouts / name).write_bytes((shipped("mappings") / "layouts" / name).read_bytes())
    (folder / "mappings" / "courses.xlsx").write_bytes(course_book())
    (folder / "roster.xlsx").write_bytes(roster_book(people))
    (folder / "inbox" / "export.csv").write_text(export(people), encoding="utf-8")


def course_book() -> bytes:
    """Return courses.xlsx: a course for each topic."""
    decided: Line = {"Source": "*", "Decided by": "A trainer", "Decided on": date(2026, 1, 1)}
    lines: list[Line] = [{**decided, "Course": f"Course {n}", str(n): "x"} for n in range(1, 14)]
    lines += [{**decided, "Course": "On-the-job day", "On-the-job days": 1}]
    lines += [{**decided, "Course": "Check-in", "Check-ins": 1}]
    return mapping_workbook(lines, [], topics={topic.number: topic.name for topic in load().topics})


def roster_book(people: int) -> bytes:
    """Return roster.xlsx: so many people of ten agencies."""
    partners: list[Line] = [
        {
            "Partner ID": f"P{n}",
            "Name": f"Agency {n}",
            "Kind": "law enforcement",
            "Report to": f"chief@p{n}.example.org",
            "Cadence": "weekly",
        }
        for n in range(10)
    ]
    agreements: list[Line] = [
        {
            "Agreement ID": f"P{n}-26",
            "Partner ID": f"P{n}",
            "School year": "2026-27",
            "Starts": date(2026, 9, 1),
            "Ends": date(2030, 8, 31),
        }
        for n in range(10)
    ]
    staff: list[Line] = [
        {
            "Person ID": f"{n:05}",
            "Last name": f"Lastname{n}",
            "First name": f"Firstname{n % 40}",
            "E-mails": f"p{n}@p{n % 10}.example.org",
            "Class": "SRO" if n % 2 else "other",
            "Class decided by": "A. Roe",
            "Class decided on": date(2026, 8, 20),
            "First day with students": date(2026, 9, 2),
        }
        for n in range(1, people + 1)
    ]
    assignments: list[Line] = [
        {
            "Person ID": f"{n:05}",
            "Agreement ID": f"P{n % 10}-26",
            "Starts": date(2026, 9, 1),
            "Buildings": f"School {n % 20}: 5",
            "Series": "required",
            "Decided by": "A. Roe",
            "Decided on": date(2026, 8, 20),
        }
        for n in range(1, people + 1)
    ]
    forms = ((PARTNERS, partners), (AGREEMENTS, agreements), (PEOPLE, staff), (ASSIGNMENTS, assignments))
    return write_workbook(None, tuple(sheet_of(form, lines) for form, lines in forms), title="Roster")


def export(people: int) -> str:
    """Return the vendor's file: nine to thirteen courses of each person."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("Employee ID", "Last Name", "First Name", "Email", "Course", "Completed Date", "Status"))
    for n in range(1, people + 1):
        for course in range(1, 14 - n % 5):
            who = (f"{n:05}", f"Lastname{n}", f"Firstname{n % 40}", f"p{n}@p{n % 10}.example.org")
            rows.writerow((*who, f"Course {course}", f"10/{1 + course:02}/2026", "Completed"))
    return out.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, nargs="+", default=[150])
    sys.exit(max(main(people) for people in parser.parse_args().people))
