"""The tables in docs/security.md: each threat and promise has its test, and each test of this kind stands there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "security.md"
NAME = re.compile(r"\btest_(?:13_\d+|[5-8])_\w+")


def test_each_threat_has_its_test_and_each_test_its_threat() -> None:
    listed = NAME.findall(PAGE.read_text(encoding="utf-8"))
    found = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_(?:13_\d+|[5-8])_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == found
