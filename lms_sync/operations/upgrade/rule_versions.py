"""The versions of the rules of reading, matching and judging: what a night compares with the last one's.

Whoever changes a rule so that the same facts may give another standing raises its number here, in the same commit.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from lms_sync.law.series import load
from lms_sync.model.finding import short_hash
from lms_sync.sources.pull import READER_RULES
from lms_sync.store.store import Store

KIND = "rules"
"""Of the facts in the store: rule → its version."""
MATCHING, JUDGING = "3", "6"
"""1: before these were recorded. 2: names that contradict keep a match from being made; doubts.

3: an address and the hash that an LRS makes of it are one agent (matching); a course that only a file's name tells is
not taken for one that is written like its form where another has it (judging).
4: more words than before name neither a host school nor an experienced officer.
5: an on-the-job day of 0 hours is a claim.
6: so is an on-the-job day or a check-in under the own name as the experienced officer, whatever the course's name."""


def present() -> dict[str, str]:
    """Return rule → its version in this program; that of the law is its text."""
    return {"reading": READER_RULES, "matching": MATCHING, "judging": JUDGING, "law": _law()}


@cache
def _law() -> str:
    return short_hash(*load().texts.values())


def recorded(store: Store) -> dict[str, str]:
    """Return rule → the version of the last night; empty where none was recorded (an earlier program)."""
    return {name: payload["version"] for name, payload in store.facts.read(KIND).items()}


def record(store: Store, *, now: datetime) -> None:
    """Make this program's rules those that the next night compares with."""
    store.facts.record(KIND, {name: {"version": version} for name, version in present().items()}, now=now)


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return which rules differ, in the order in which a night applies them. Rules that nobody recorded differ."""
    return tuple(name for name, version in now.items() if before.get(name) != version)
