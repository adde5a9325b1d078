"""docs/operators.md, *Move to another machine* and *After an upgrade*: each command as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import time_machine
from click.testing import Result

from tests.cli.small_district import District, district, run
from tests.operations.earlier_workspace import earlier_town

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


def commands(heading: str) -> list[str]:
    """Return what a section has one type, in its order."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [" ".join(found.split()) for found in re.findall(r"`lms-sync ([^`]*)`", section)]


def typed(line: str, folder: Path, **places: str) -> Result:
    for name, place in places.items():
        line = line.replace(name.replace("_", "/"), place)
    words = shlex.split(line)
    return run(*words) if words[0] == "-w" else run("-w", str(folder), *words)


def test_a_workspace_moves_to_another_machine(tmp_path: Path) -> None:
    old, new, stick = tmp_path / "old", tmp_path / "new", tmp_path / "stick"
    backup, *lines = commands("Move to another machine")
    look, restore = lines[:2]
    with district(old, nights=1) as pinehill:
        held = pinehill.run("outbox", "list").stdout
        made = typed(backup, old, _mnt_stick=str(stick))
        (place,) = stick.iterdir()
        assert f"the file {old / 'state' / 'identity.key'}" in made.stdout
        places = {"_mnt_stick_2026-11-26T021503": str(place), "_srv_lms-sync": str(new)}
        assert "nothing was changed" in typed(look, new, **places).stdout
        without = typed(restore, new, **places)
        assert (without.exit_code, "key_file" in without.stderr) == (2, True)
        assert not (new / "state" / "lms_sync.db").exists()
        (new / "state").mkdir(exist_ok=True)
        shutil.copy(old / "state" / "identity.key", new / "state" / "identity.key")
        assert typed(restore, new, **places).exit_code == 0
        shutil.copytree(old / "inbox", new / "inbox")
        shutil.rmtree(old)
        for line in lines[2:]:
            done = typed(line, new, **places)
            assert done.exit_code in (0, 1), f"{line}\n{done.output}"
        assert District(new).run("outbox", "list").stdout == held
        assert District(new).run("nightly").exit_code in (0, 1)
    assert len(lines) == 7


def test_an_earlier_workspace_is_upgraded(tmp_path: Path) -> None:
    town = earlier_town(tmp_path / "town")
    lines = commands("After an upgrade")
    assert [line for line in lines if line.startswith("db upgrade")][:2] == ["db upgrade -n", "db upgrade"]
    with time_machine.travel(town.now):
        for line in lines:
            if "ID" in line.split():
                found = re.findall(
                    r"^([0-9a-f]{8}) .*rules", run("-w", str(town.folder), "worklist").stdout, re.MULTILINE
                )
                for finding_id in found:
                    assert typed(line.replace(" ID ", f" {finding_id} "), town.folder).exit_code == 0
                continue
            done = typed(line, town.folder)
            assert done.exit_code in (0, 1), f"{line}\n{done.output}"
        (before,) = (town.folder / "state").glob("*-before-*.db")
        assert before.stat().st_size
        assert run("-w", str(town.folder), "nightly").exit_code in (0, 1)
        assert run("-w", str(town.folder), "db", "check").exit_code == 0
