"""docs/findings.md names every code that the program gives a finding, once, and no other."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import lms_sync
from lms_sync.model.finding import FORMER_CODES
from lms_sync.tables.fields import Kind

PACKAGE = Path(lms_sync.__file__).parent
PAGE, _, SPLIT = (
    (PACKAGE.parent / "docs" / "findings.md").read_text(encoding="utf-8").partition("## Codes that were split")
)
LISTED = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")
LIKE_A_CODE = re.compile(rf"[\"']{KEBAB.pattern}[\"']")
SINGLE_WORDS = frozenset({"claim", "undetermined", "unusable"})
NO_CODES = frozenset(
    {
        *(
            "auto-generated",
            "auto-replied",
            "canvas-string-ids",
            "check-in",
            "check-ins",
            "day-first",
            "district-log",
            "e-mail",
        ),
        *("en-us", "first-day", "from-the-esd", "impossible-date", "last-modified", "lms-sync", "month-first"),
        *(
            "made-up-token-of-the-demo",
            "moodle-custom-report",
            "on-the-job",
            "set-up",
            "time-out",
            "to-hand-back",
            "to-the-esd",
        ),
        *("sign-up", "sub-total", "us-ascii", "x-wr-calname"),
        *(
            "by-page",
            "no-referrer",
            "octet-stream",
            "same-origin",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
        ),
    }
)
"""Words with a hyphen that stand alone in the source and are no finding's code."""


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstring, if any of its texts is like a code."""
    source = path.read_text(encoding="utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(source)) if LIKE_A_CODE.search(source) else ():
        if isinstance(node, ast.Expr):
            docstrings.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def codes() -> set[str]:
    """Return the codes of the source; those of earlier versions stand where ids are made, and are passed over."""
    paths = {path for path in PACKAGE.rglob("*.py") if "shipped" not in path.parts} - {PACKAGE / "model/finding.py"}
    found = {text for path in paths for text in texts(path) if KEBAB.fullmatch(text)} - NO_CODES
    return found | {f"{kind}-unreadable" for kind in get_args(Kind)} | SINGLE_WORDS


def test_the_page_lists_the_codes_of_the_program() -> None:
    assert {*LISTED} == codes()


def test_the_page_lists_each_code_once() -> None:
    assert [code for code, times in Counter(LISTED).items() if times > 1] == []


def test_the_page_says_what_became_of_a_code_that_was_split() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| `([a-z-]+)` \|$", SPLIT, re.MULTILINE)

    assert {new: old for old, new in rows} == FORMER_CODES
