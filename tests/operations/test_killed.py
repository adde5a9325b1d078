"""`kill -9` at any instant: nothing is lost, nothing is sent twice, the log is whole, no orphan stays in the vault.

The instants are drawn by seed: one of a night with mail in `make test`; 20 in `make test-slow` and 200 in
`make proof` of confirming and sending, filing, purging, and of a migration too. That a migration that stops before
its end changes nothing is for tests/store/test_earlier_versions.py.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.kill_scenarios import SCENARIOS
from tests.operations.night_town import Town

EACH = len(SCENARIOS)
A_NIGHT = list(SCENARIOS).index("a night")


def killed(town: Town, folder: Path, *seeds: int) -> str:
    """Return what the program says of these seeds: each trouble, and `done`."""
    program = [sys.executable, "-m", "tests.operations.killing", str(town.folder), str(folder), town.now.isoformat()]
    root = Path(__file__).parent.parent.parent
    return subprocess.run([*program, *map(str, seeds)], cwd=root, capture_output=True, text=True, check=True).stdout


def test_what_is_killed_loses_nothing_and_repeats_nothing(settled: Town, tmp_path: Path) -> None:
    assert killed(settled, tmp_path, A_NIGHT) == "done\n"


@pytest.mark.slow
@pytest.mark.parametrize("number", range(EACH))
def test_twenty_kills(settled: Town, tmp_path: Path, number: int) -> None:
    assert killed(settled, tmp_path, *range(20 + number, 40, EACH)) == "done\n"


@pytest.mark.proof
@pytest.mark.parametrize("part", range(2 * EACH))
def test_two_hundred_kills(settled: Town, tmp_path: Path, part: int) -> None:
    assert killed(settled, tmp_path, *range(1000 + part, 1200, 2 * EACH)) == "done\n"
