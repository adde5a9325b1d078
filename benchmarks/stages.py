"""What the stages of a night cost, in CPU seconds: of one that takes in a roster, and of the first with an export.

    python -m benchmarks.stages [--people 10000] [--partners 2] [--roster-only]

Each night is a process of its own; a stage is what one function of a night takes with all that it calls.
"""

import argparse
import gc
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import Any

from benchmarks.made_up import Size, build, write_export
from benchmarks.measure import ENDED_WELL, machine, print_table

NIGHT, INTAKE = "lms_sync.operations.night", "lms_sync.operations.intake"
CHECK = "lms_sync.workspace.roster.check"
STAGES = {
    "take in roster, map, settings": ((NIGHT, "take_in"),),
    "… read and check the roster": ((CHECK, "check_roster"),),
    "… log and record it": ((INTAKE, "take_roster"),),
    "pull": ((NIGHT, "pull_sources"),),
    "judge everybody": ((NIGHT, "open_issuer"), (NIGHT, "judge_tonight")),
    "issue what is due": ((NIGHT, "issue_all"),),
    "look for what a person must see": ((NIGHT, "watch"),),
    "the district's page and workbook": (("lms_sync.operations.monitoring.night_report", "write_district"),),
}
"""Stage → where its function is used; the first that is there."""
DOCUMENTS = ("issue what is due", "the district's page and workbook")
"""The stages in which documents are made."""
WHOLE, PEAK = "the whole night, its start among it", "peak"


def one_night(folder: str, file: str) -> None:
    """Run a night in this process, and write what its stages took."""
    spent: dict[str, float] = {}
    gc.disable()  # as the command line does while it loads a command
    importlib.import_module("lms_sync.cli.night")
    gc.freeze()
    gc.enable()
    for stage, places in STAGES.items():
        for module, name in places:
            holder = importlib.import_module(module)
            if hasattr(holder, name):
                setattr(holder, name, timed(getattr(holder, name), stage, spent))
    main = importlib.import_module("lms_sync.cli.main").main
    sys.argv = ["lms-sync", "-w", folder, "nightly"]
    try:
        main()
    finally:
        spent[WHOLE] = process_time()
        spent[PEAK] = getrusage(RUSAGE_SELF).ru_maxrss / 1000
        Path(file).write_text(json.dumps(spent), encoding="utf-8")


def timed(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    """Return a function that adds what it takes to its stage."""

    def run(*values: Any, **named: Any) -> Any:
        begun = process_time()
        try:
            return function(*values, **named)
        finally:
            spent[stage] = spent.get(stage, 0.0) + process_time() - begun

    return run


def command(folder: Path, file: Path) -> tuple[str, ...]:
    """Return what runs a night in a process of its own, which writes into `file` what its stages took."""
    return (sys.executable, "-m", "benchmarks.stages", "--inside", str(folder), str(file))


def spent_in(file: Path) -> dict[str, float]:
    """Return stage → CPU seconds of the night that has written `file`, all stages among them; and PEAK in MB."""
    spent: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    return dict.fromkeys(STAGES, 0.0) | spent


def night(folder: Path) -> dict[str, float]:
    """Return what the stages of a night in a process of its own took. Raises: RuntimeError where it ends badly."""
    file = folder.parent / "stages.json"
    ended = subprocess.run(command(folder, file), capture_output=True, check=False)
    if ended.returncode not in ENDED_WELL:
        raise RuntimeError(ended.stderr.decode(errors="replace")[-2000:])
    return spent_in(file)


def main() -> None:
    """Print a table of stages."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--partners", type=int, default=2)
    options.add_argument("--roster-only", action="store_true", help="leave out the night with the export")
    options.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside:
        one_night(*chosen.inside)
        return
    size = Size(chosen.people, chosen.partners)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        build(folder, size)
        write_export(folder / "inbox" / "class.csv", replace(size, people=1))
        nights = {"its roster taken in": night(folder)}
        if not chosen.roster_only:
            write_export(folder / "inbox" / "class.csv", size)
            nights["first export"] = night(folder)
    print(machine())
    people = f"CPU seconds, {size.people:,} people, {size.partners:,} partners"
    rows = [[stage, *(f"{spent[stage]:.2f}" for spent in nights.values())] for stage in (*STAGES, WHOLE)]
    rows.append(["MB held at most", *(f"{spent[PEAK]:,.0f}" for spent in nights.values())])
    print_table((people, *nights), rows)


if __name__ == "__main__":
    main()
