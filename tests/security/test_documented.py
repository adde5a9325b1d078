"""The table in docs/security.md: each threat has its test, and each test of this kind stands there."""

import re
from pathlib import Path

from lms_sync.documents.file_kinds import MediaKind
from lms_sync.documents.look import look_into

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "security.md"
NAME = re.compile(r"\btest_13_\d+_\w+")


def test_each_threat_has_its_test_and_each_test_its_threat() -> None:
    listed = NAME.findall(PAGE.read_text(encoding="utf-8"))
    found = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_13_\d+_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == found


def test_13_4_a_badge_is_a_file_that_nobody_has_verified() -> None:
    badge = b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "verification": {"type": "hosted"}}'
    assert any("nobody has verified" in note for note in look_into(badge, MediaKind.BADGE).notes)
