"""The workspace that version 7f9f7b0 left (tests/operations/earlier_town)."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from tests.operations.night_town import Town

FOLDER = Path(__file__).parent / "earlier_town"
ENDED = datetime(2026, 11, 24, 16, 10, tzinfo=UTC)
"""The instant of the last night of the earlier version."""
PLACES = {
    "lms_sync.toml": "lms_sync.toml",
    "roster.xlsx": "roster.xlsx",
    "courses.xlsx": "mappings/courses.xlsx",
    "class.csv": "inbox/class/class.csv",
    "log.csv": "inbox/log/log.csv",
}


def earlier_town(folder: Path) -> Town:
    """Write the workspace into a folder, and return it as it was after the last night of that version."""
    town = Town(folder, ENDED)
    for name, place in PLACES.items():
        town.write(place, (FOLDER / name).read_bytes())
    for name in ("log", "vector-completions"):
        town.write(f"mappings/layouts/{name}.toml", (FOLDER / "vendor.toml").read_bytes())
    town.write("state/identity.key", "made up for the tests\n")
    written = sqlite3.connect(town.folder / "state/lms_sync.db")
    written.executescript((FOLDER / "7f9f7b0.sql").read_text(encoding="utf-8"))
    written.close()
    return town
