"""First and unchanged nights on PostgreSQL beside SQLite, and the server's own CPU seconds.

    python -m benchmarks.engines [--people 2000]

The server is the tests' own (`tests/postgresql.py`), with fsync off as there; SQLite syncs as always.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.made_up import SETTINGS, Size, build
from benchmarks.measure import NIGHT, Cost, machine, measured, print_table
from tests.postgresql import running


def nights(folder: Path, size: Size, url: str = "") -> Iterator[Cost]:
    """Yield what a first night and an unchanged one take."""
    build(folder, size)
    if url:
        settings = SETTINGS.format(ending=size.ending) + f'\n[store]\nurl = "{url}"\n'
        (folder / "lms_sync.toml").write_text(settings, encoding="utf-8")
    for what in ("first night with the whole export", "the same night again"):
        yield measured(what, (*NIGHT, str(folder), "nightly"))


def server_cpu() -> float:
    """Return the CPU seconds that all processes of PostgreSQL servers on this machine have taken until now."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(") ")
        except OSError:  # it has ended meanwhile
            continue
        if name.endswith("(postgres"):
            ticks += sum(map(int, rest.split()[11:15]))
    return ticks / 100


def main() -> None:
    """Print a table: each engine's nights, and the server's work for them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=2_000)
    size = Size(options.parse_args().people)
    print(machine())
    with tempfile.TemporaryDirectory() as scratch, running() as server:
        sqlite = list(nights(Path(scratch) / "sqlite", size))
        postgresql, working = [], [server_cpu()]
        for cost in nights(Path(scratch) / "postgresql", size, server.empty()):
            postgresql.append(cost)
            working.append(server_cpu())
    rows = []
    for n, (lite, ours) in enumerate(zip(sqlite, postgresql, strict=True)):
        theirs = working[n + 1] - working[n]
        cells = (lite.cpu, ours.cpu, theirs, (ours.cpu + theirs) / lite.cpu)
        rows.append((lite.what, *(f"{cell:.2f}" for cell in cells)))
    headings = (
        f"CPU seconds, {size.people * 10:,} rows",
        "SQLite",
        "PostgreSQL",
        "its server",
        "× SQLite, with server",
    )
    print_table(headings, rows)


if __name__ == "__main__":
    main()
