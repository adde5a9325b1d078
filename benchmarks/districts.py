"""A district of 150 people and 30 files, whole nights; and a night of 2,000 people beside one of 500.

python -m benchmarks.districts [--people 150] [--files 30]
"""

import argparse
import csv
import tempfile
from pathlib import Path

from benchmarks.made_up import HEADINGS, Size, build, export
from benchmarks.measure import NIGHT, Cost, machine, measured, print_table
from benchmarks.nights import nights

FEW, MANY = 500, 2_000


def district(folder: Path, size: Size, files: int) -> list[Cost]:
    """Return what a first night takes, and the same night again; the rows are dealt out to so many files."""
    build(folder, size)
    (folder / "inbox" / "class.csv").unlink()
    rows = list(export(size))
    for number in range(files):
        with (folder / "inbox" / f"class-{number:02}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(rows[number::files])
    night = (*NIGHT, str(folder), "nightly")
    return [measured(what, night) for what in ("first night", "the same night again")]


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=150)
    options.add_argument("--files", type=int, default=30)
    chosen = options.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        found = district(Path(scratch) / "one", Size(chosen.people, 6), chosen.files)
        what = f"{chosen.people:,} people, {chosen.files} files, 6 partners"
        print_table((what, "CPU s", "MB"), [(c.what, f"{c.cpu:.2f}", f"{c.peak:,.0f}") for c in found])
        print()
        few, many = (list(nights(Path(scratch) / str(people), Size(people))) for people in (FEW, MANY))
    rows = [(a.what, f"{a.cpu:.2f}", f"{b.cpu:.2f}", f"{b.cpu / a.cpu:.2f}") for a, b in zip(few, many, strict=True)]
    print_table(("CPU seconds", f"{FEW:,} people", f"{MANY:,} people", "×"), rows)


if __name__ == "__main__":
    main()
