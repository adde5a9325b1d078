"""What whole nights cost in CPU seconds and peak memory, beside named peers that read the same files in the same run.

    python -m benchmarks.nights --people 10000 [--ending csv] [--not-done 0.5] [--peers PYTHON]

Ten rows a person, as `made_up.py` writes them. It prints a table; it asserts no times. Every figure is of a process
of its own with all that it started. `--peers` names a Python that has frictionless, where this one has not.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.made_up import FORMAT, HEADINGS, ROWS_A_PERSON, Size, build, write_export
from benchmarks.measure import Cost, machine, measured
from benchmarks.stages import DOCUMENTS, command, spent_in

ROSTER = "taking in the roster (ten rows of one person)"
FIRST = "first night with the whole export"
AGAIN = "the same night again"
MORE = "an export with 1 % new rows"
CALAMINE = """
import sys
from python_calamine import CalamineWorkbook
for row in CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows():
    pass
"""
CSV = """
import csv, sys
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8")):
    pass
"""
PARSED = f"""
import csv, sys
from datetime import datetime
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8")):
    cells = [cell.strip() for cell in row]
    try:
        datetime.strptime(cells[9], "{FORMAT}")
    except ValueError:
        pass
"""
FRICTIONLESS = """
import sys
from frictionless import Resource, validate
from frictionless.system import system
with system.use_context(trusted=True):
    report = validate(Resource(path=sys.argv[1]))
sys.exit(not report.valid)
"""
DECLARED = f"""
import sys
from frictionless import Resource, Schema, validate
from frictionless.system import system
filled = dict(type="string", constraints=dict(required=True))
formats = {{"Email address": dict(format="email")}}
fields = [dict(name=name, **filled, **formats.get(name, {{}})) for name in {list(HEADINGS[:-1])!r}]
fields.append(dict(name={HEADINGS[-1]!r}, type="datetime", format="{FORMAT}"))
with system.use_context(trusted=True):
    resource = Resource(path=sys.argv[1], schema=Schema.from_descriptor(dict(fields=fields)))
    report = validate(resource, limit_errors=10**9)
sys.exit(not report.valid)
"""


def apart(function: Callable[..., None], *values: Any, **named: Any) -> None:
    """Call a function in a process of its own: what this one ever held counts as held by all that it starts."""
    process = get_context("spawn").Process(target=function, args=values, kwargs=named)
    process.start()
    process.join()


def nights(folder: Path, size: Size) -> Iterator[Cost]:
    """Yield what each of a workspace's nights takes, one after the other."""
    export = folder / "inbox" / f"class.{size.ending}"
    apart(build, folder, size)
    apart(write_export, export, replace(size, people=1))
    yield _night(ROSTER, folder)
    apart(write_export, export, size)
    yield _night(FIRST, folder)
    yield _night(AGAIN, folder)
    apart(write_export, export, size, more=size.people * ROWS_A_PERSON // 100)
    yield _night(MORE, folder)


def _night(what: str, folder: Path) -> Cost:
    """Return what a night takes, and what of that the documents take."""
    file = folder.parent / "stages.json"
    cost = measured(what, command(folder, file))
    return replace(cost, documents=sum(spent_in(file)[stage] for stage in DOCUMENTS))


def peers(export: Path, python: str) -> Iterator[Cost]:
    """Yield what the peers take to read one export."""
    if export.suffix == ".xlsx":
        yield measured("python-calamine, iterating the sheet", (sys.executable, "-c", CALAMINE, str(export)))
        return
    yield measured("csv module, iterating the rows", (sys.executable, "-c", CSV, str(export)))
    yield measured("csv module, and a day parsed in each", (sys.executable, "-c", PARSED, str(export)))
    has_frictionless = subprocess.run((python, "-c", "import frictionless"), capture_output=True, check=False)
    if has_frictionless.returncode == 0:
        what = "frictionless validate, told what each column holds"
        yield measured(what, (python, "-c", DECLARED, str(export)))
        yield measured("frictionless validate", (python, "-c", FRICTIONLESS, str(export)))


def table(size: Size, python: str) -> Iterator[str]:
    """Yield the lines of a table: each night, and how many times the last peer it takes."""
    with tempfile.TemporaryDirectory() as scratch:
        export = Path(scratch) / f"export.{size.ending}"
        apart(write_export, export, size)
        beside = list(peers(export, python))
        peer = beside[-1]
        what = f"{size.people * ROWS_A_PERSON:,} rows {size.ending}, {size.people:,} people"
        what += f", {size.not_done:.0%} not done" if size.not_done else ""
        yield f"| {what} | CPU s | of it documents | MB | × {peer.what}, documents apart |"
        yield "|---|---:|---:|---:|---:|"
        for cost in (*beside, *nights(Path(scratch) / "workspace", size)):
            cells = f"{cost.cpu:.2f} | {cost.documents:.2f} | {cost.peak:,.0f}"
            yield f"| {cost.what} | {cells} | {(cost.cpu - cost.documents) / peer.cpu:.2f} |"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--ending", choices=("csv", "xlsx"), action="append")
    options.add_argument("--not-done", type=float, default=0.0, help="share of rows that say so")
    options.add_argument("--peers", default=sys.executable)
    chosen = options.parse_args()
    print(machine())
    for ending in chosen.ending or ("csv", "xlsx"):
        print()
        for line in table(Size(chosen.people, ending=ending, not_done=chosen.not_done), chosen.peers):
            print(line, flush=True)


if __name__ == "__main__":
    main()
