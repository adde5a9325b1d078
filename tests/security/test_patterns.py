"""Issue 13, line 9: no text from outside makes a pattern search for ever."""

import importlib
import pkgutil
import re
import time

import pytest

import lms_sync

pytestmark = pytest.mark.slow

BITS = (
    "a",
    "1",
    " ",
    "<",
    "@",
    "-",
    "a@",
    "1-",
    "(",
    '"',
    ".",
    "a.",
    "1.",
    "1/",
    "\t",
    "\n",
    "a ",
    "%",
    "a1",
    "[",
    "é",
    "_",
    ",",
    "T",
    "0:",
)
LENGTH = 3_000
MOST_SECONDS = 0.3
"""The square of this length takes a tenth of it here; anything steeper would not end at all."""


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Return all patterns of the program's modules, but for the one that only Alembic can load."""
    names = [module.name for module in pkgutil.walk_packages(lms_sync.__path__, "lms_sync.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith(("__main__", "migrations.env"))]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


def test_13_9_no_pattern_is_held_by_a_text() -> None:
    found = patterns()
    assert len(found) > 50
    for name, pattern in found.items():
        began = time.process_time()
        for bit in BITS:
            text = bit * (LENGTH // len(bit)) + "!"
            for search in (pattern.search, pattern.fullmatch):
                search(text.encode() if isinstance(pattern.pattern, bytes) else text)  # type: ignore[arg-type]
        assert time.process_time() - began < MOST_SECONDS * len(BITS), name
