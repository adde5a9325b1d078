"""How a night grows with its rows: the figures, and docs/pictures/growth.svg drawn of them.

python -m benchmarks.growth [--people 100 300 1000 3000] [--draw FILE]
"""

import argparse
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.made_up import ROWS_A_PERSON, Size
from benchmarks.nights import nights

WIDTH, HEIGHT, MARGIN = 640, 400, 60
COLOURS = ("#1b4f72", "#b9770e", "#7b241c", "#196f3d")
Points = Sequence[tuple[float, float]]
"""(rows, CPU seconds)."""


def figures(people: Sequence[int]) -> dict[str, list[tuple[float, float]]]:
    """Return what each kind of night takes, by its name, for workspaces of so many people."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in people:
        with tempfile.TemporaryDirectory() as scratch:
            for cost in nights(Path(scratch) / "workspace", Size(number)):
                found.setdefault(cost.what, []).append((number * ROWS_A_PERSON, cost.cpu))
    return found


def drawn(series: Mapping[str, Points]) -> str:
    """Return the figures as an SVG with logarithmic axes; a line as steep as the diagonal is in proportion."""
    every = [point for points in series.values() for point in points]
    low = [math.floor(math.log10(min(point[axis] for point in every))) for axis in (0, 1)]
    high = [max(math.ceil(math.log10(max(point[axis] for point in every))), low[axis] + 1) for axis in (0, 1)]

    def place(point: tuple[float, float]) -> tuple[float, float]:
        across, up = ((math.log10(point[a]) - low[a]) / (high[a] - low[a]) for a in (0, 1))
        return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        "<title>CPU seconds of a night by the rows of its export</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_grid(place, low, high),
    ]
    for number, (name, points) in enumerate(series.items()):
        colour, spots = COLOURS[number % len(COLOURS)], [place(point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        lines.append(f'<text x="{MARGIN + 8}" y="{MARGIN + 4 + 16 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _grid(
    place: Callable[[tuple[float, float]], tuple[float, float]], low: Sequence[int], high: Sequence[int]
) -> Iterator[str]:
    for power in range(low[0], high[0] + 1):
        x, y = place((10**power, 10 ** low[1]))
        yield f'<line x1="{x:.1f}" y1="{MARGIN}" x2="{x:.1f}" y2="{HEIGHT - MARGIN}" stroke="#ccc"/>'
        yield f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{10**power:,} rows</text>'
    for power in range(low[1], high[1] + 1):
        _, y = place((10 ** low[0], 10**power))
        yield f'<line x1="{MARGIN}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}" stroke="#ccc"/>'
        yield f'<text x="{MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} s</text>'


def main() -> None:
    """Print the figures, and draw them where that is asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, nargs="+", default=[100, 300, 1_000])
    options.add_argument("--draw", type=Path)
    chosen = options.parse_args()
    found = figures(chosen.people)
    rows = [number * ROWS_A_PERSON for number in chosen.people]
    print(f"| CPU seconds | {' | '.join(f'{number:,} rows' for number in rows)} |")
    print(f"|---|{'---:|' * len(rows)}")
    for name, points in found.items():
        print(f"| {name} | {' | '.join(f'{cpu:.2f}' for _, cpu in points)} |")
    if chosen.draw:
        chosen.draw.write_text(drawn(found), encoding="utf-8")


if __name__ == "__main__":
    main()
