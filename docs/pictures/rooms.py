"""Draw docs/pictures/rooms.svg: the rooms of lms_sync in their order, and who imports whom.

Run `python -m docs.pictures.rooms` from the top of the tree; tests/docs holds the picture against the layer test.
"""

from pathlib import Path

from tests.test_layers import GROUND, ROOMS, imports

PICTURE = Path(__file__).with_name("rooms.svg")
LEFT, TOP, WIDTH, STEP = 20, 105, 130, 28


def ties() -> set[tuple[str, str]]:
    """Return (importing room, imported room) of every pair that an import ties, the ground modules apart."""
    pairs = {(found.names[0], found.target[0]) for found in imports() if found.target}
    return {pair for pair in pairs if pair[0] != pair[1] and {*pair} <= set(ROOMS)}


def drawn() -> str:
    """Return the picture as SVG: a row for each room, with a dot under every room above it that it imports."""
    width, height = LEFT + WIDTH + STEP * len(ROOMS) + 20, TOP + STEP * len(ROOMS) + 50
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
        "<title>The rooms of lms_sync in their order; a dot for each room above it that a room imports</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="{height - 18}" font-size="12" fill="#444444">for all: {", ".join(GROUND)}</text>',
    ]
    for place, room in enumerate(ROOMS):
        lines += _lines_of(place, room)
    lines += [_dot(ROOMS.index(room), ROOMS.index(other)) for room, other in sorted(ties())]
    return "\n".join((*lines, "</svg>\n"))


def _lines_of(place: int, room: str) -> tuple[str, str, str]:
    """Return a room's name beside its row and over its column, and the line under its row as far as it may import."""
    x, y = LEFT + WIDTH + place * STEP, TOP + place * STEP
    over = f'transform="rotate(-50 {x + 16} {TOP - 8})" font-size="13" fill="#16283a"'
    return (
        f'<text x="{LEFT}" y="{y + 19}" font-size="14" fill="#16283a">{room}</text>',
        f'<text x="{x + 16}" y="{TOP - 8}" {over}>{room}</text>',
        f'<path d="M{LEFT} {y + STEP} H{x + STEP}" stroke="#c9d4df"/>',
    )


def _dot(row: int, column: int) -> str:
    x, y = LEFT + WIDTH + column * STEP + STEP // 2, TOP + row * STEP + STEP // 2
    return f'<circle cx="{x}" cy="{y}" r="6" fill="#2f5f8a"/>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
