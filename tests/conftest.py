"""How the tests are collected and run; what seals them is loaded where they run."""

import gc
from pathlib import Path

import pytest

# Thousands of short tests make much garbage that the count of references clears; looking for cycles less often takes
# a tenth off the suite's time (1 min 52 s for 2 min 5 s on two cores, 25 November 2026).
gc.set_threshold(100_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """Load the seals, and with them the program, but not into the process that only deals the tests out."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        config.pluginmanager.import_plugin("tests.sealing")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules that are slow as a whole where no slow test is asked for: each process would load them."""
    if "not slow" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    slow = "\npytestmark = pytest.mark.slow\n" in collection_path.read_text(encoding="utf-8")
    return True if slow else None
