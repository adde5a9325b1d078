"""Each fault of others that we know of has its test here (faults.toml), by a name that says what we promise."""

import re
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FAULTS: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "faults.toml").read_text(encoding="utf-8"))
NAMES = {
    name for path in HERE.rglob("test_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
}


@pytest.mark.parametrize("fault", [fault for part in FAULTS.values() for fault in part])
def test_a_known_fault_is_tested_against(fault: str) -> None:
    (tests,) = [part[fault] for part in FAULTS.values() if fault in part]
    assert tests
    assert set(tests) <= NAMES
