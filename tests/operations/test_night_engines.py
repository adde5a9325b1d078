"""The whole job on both engines: pull, judge, release, send, confirm, withdraw, purge, replay; the same on each."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lms_sync.model.delivery import DeliveryState
from tests.operations.certified_town import confirm, file, mail, withdraw
from tests.operations.night_files import SETTINGS
from tests.operations.night_town import Town, found_town
from tests.operations.old_town import STEPS, purged, reports
from tests.postgresql import Server


def on(server: Server | None, folder: Path) -> Town:
    town = found_town(folder)
    if server is not None:
        town.write("lms_sync.toml", SETTINGS + f'\n[store]\nurl = "{server.empty()}"\n')
    return town


def live(town: Town) -> dict[str, Any]:
    """Take a town through two years; return what people and programs would read of it."""
    first = town.night()
    town.release(hours=6)
    quiet = town.night(hours=18)
    rehearsed = town.night(rehearsal=True, hours=1)
    file(town, "D1")
    issued = confirm(town)
    mailed = mail(town, issued)
    withdraw(town, issued)
    for step in ("one leaves", "a corrected day"):
        STEPS[step](town)
        town.night(days=400)
    known = town.clock()
    town.later(days=2000)
    with town.workspace() as workspace:
        before = reports(workspace, known)
        plan = purged(workspace, known.date())
        assert reports(workspace, known) == before
        assert workspace.store.deliveries.listed(DeliveryState.FAILED) == ()
    assert mailed.state is DeliveryState.SENT
    return {
        "exits": [int(night.exit_code) for night in (first, quiet, rehearsed)],
        "purged": ({table: len(rows) for table, rows in plan.removed.items()}, plan.people),
        "judged": len(before),
        "rows": {name: sorted(map(_row, rows)) for name, rows in town.rows().items()},
    }


def _row(row: Any) -> str:
    """Return a row with what is drawn by lot or read from the clock made equal."""
    return re.sub(r"[0-9a-f]{12,64}|\d{8}-\w+|datetime\.(datetime|date)\([^)]*\)", "*", repr(_plain(tuple(row))))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, bytes | datetime.datetime | datetime.date):
        return "*"
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


@pytest.mark.slow
def test_two_years_on_postgresql_leave_what_they_leave_on_sqlite(postgresql: Server, tmp_path: Path) -> None:
    here, there = live(on(None, tmp_path / "sqlite")), live(on(postgresql, tmp_path / "postgresql"))
    assert here["purged"][0]["completion"] >= 1
    assert {key: there[key] for key in ("exits", "purged", "judged")} == {
        key: here[key] for key in ("exits", "purged", "judged")
    }
    for name, rows in here["rows"].items():
        assert there["rows"][name] == rows, name
