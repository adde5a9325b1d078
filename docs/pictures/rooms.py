"""Draw docs/pictures/rooms.svg: the rooms of lms_sync in their order, and who imports whom.

Run `python -m docs.pictures.rooms` from the top of the tree; tests/docs holds the picture against the layer test.
"""

from pathlib import Path

from tests.test_layers import GROUND, IMPORTS, ROOMS

PICTURE = Path(__file__).with_name("rooms.svg")
LEFT, TOP, WIDTH, HEIGHT, STEP = 20, 40, 150, 24, 34


def ties() -> set[tuple[str, str]]:
    """Return (importing room, imported room) of every pair that an import ties, the ground modules apart."""
    pairs = {(found.names[0], found.target[0]) for found in IMPORTS if found.target}
    return {pair for pair in pairs if pair[0] != pair[1] and {*pair} <= set(ROOMS)}


def drawn() -> str:
    """Return the picture as SVG: an arc from each room to every room above it that it imports."""
    height = TOP + STEP * len(ROOMS) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}" font-family="sans-serif" role="img">',
        "<title>The rooms of lms_sync, in their order, with an arc for each pair that an import ties</title>",
        f'<rect width="560" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="13" fill="#444444">for all: {", ".join(GROUND)}</text>',
    ]
    lines += [_arc(ROOMS.index(room), ROOMS.index(other)) for room, other in sorted(ties())]
    for place, room in enumerate(ROOMS):
        y = TOP + place * STEP
        lines.append(
            f'<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="#e8eef5" stroke="#4a6b8a"/>'
        )
        lines.append(f'<text x="{LEFT + 10}" y="{y + 17}" font-size="14" fill="#16283a">{room}</text>')
    return "\n".join((*lines, "</svg>\n"))


def _arc(start: int, end: int) -> str:
    x = LEFT + WIDTH
    y1, y2 = (TOP + place * STEP + HEIGHT / 2 for place in (start, end))
    reach = x + 26 * abs(start - end)
    path = f"M{x} {y1:.0f} C{reach} {y1:.0f} {reach} {y2:.0f} {x} {y2:.0f}"
    return f'<path d="{path}" fill="none" stroke="#4a6b8a" stroke-opacity="0.5" stroke-width="1.4"/>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
