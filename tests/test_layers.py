"""Promises about the tree: who may import whom, and one home for each outside library."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "lms_sync"

# A part may import only from rows above its own (DESIGN: layout).
ROWS: tuple[tuple[str, ...], ...] = (
    ("errors", "model"),
    ("config", "law", "tables", "http"),
    ("mapping", "roster", "matching"),
    ("sources", "store"),
    ("knowledge",),
    ("intake", "sync", "gaps", "deskwork", "corrections", "filing"),
    ("plan",),
    ("agreements",),
    ("duties",),
    ("ospi",),
    ("documents", "mail"),
    ("issuing", "retention", "reviewing"),
    ("asking", "certifying", "heads_up", "stopping", "summing_up"),
    ("watching",),
    ("nightly", "workspace", "checkup", "doctor"),
    ("demo",),
    ("cli",),
)
ROW_OF = {part: number for number, row in enumerate(ROWS) for part in row}

HOMES = {
    "alembic": {"store"},
    "click": {"cli"},
    "css_inline": {"documents"},
    "email_validator": {"roster"},
    "filelock": {"cli"},
    "fsspec": {"sources"},
    "holidays": {"law"},
    "icalendar": {"documents"},
    "imap_tools": {"corrections"},
    "jinja2": {"documents"},
    "markupsafe": {"documents"},
    "openpyxl": {"tables"},
    # Strict parsing of files, and the facts' way into the store and back.
    "pydantic": {"config", "sources", "store", "knowledge", "deskwork"},
    "pyhanko": {"agreements"},
    "pypdf": {"filing"},
    "python_calamine": {"tables"},
    "rapidfuzz": {"matching", "mapping"},
    "rich": {"cli"},
    "requests": {"http"},
    "sqlalchemy": {"store", "cli"},
    "tenacity": {"http"},
    "urllib3": {"http"},
    "typst": {"documents"},
}


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports() -> list[tuple[str, str, Path]]:
    """Return (part, imported module, file) for every import, those inside functions too."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(part_of(path), alias.name, path) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"lms_sync.{a.name}" for a in node.names] if node.module == "lms_sync" else [node.module]
                found += [(part_of(path), name, path) for name in names]
    return found


def test_a_part_imports_only_from_rows_above_its_own() -> None:
    wrong = []
    for part, module, path in imports():
        other = module.removeprefix("lms_sync.").split(".")[0] if module.startswith("lms_sync.") else part
        if part in ROW_OF and other in ROW_OF and other != part and ROW_OF[other] >= ROW_OF[part]:
            wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert wrong == []


def test_every_part_has_its_row() -> None:
    parts = {part_of(path) for path in ROOT.rglob("*.py")} - {"__init__", "shipped"}
    assert parts == set(ROW_OF)


def test_every_outside_library_has_one_home() -> None:
    found: dict[str, set[str]] = {}
    for part, module, _ in imports():
        top = module.split(".")[0]
        if top not in sys.stdlib_module_names and top != "lms_sync":
            found.setdefault(top, set()).add(part)
    assert {
        name: parts - HOMES.get(name, set()) for name, parts in found.items() if parts - HOMES.get(name, set())
    } == {}


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_stays_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, "split it: a file has one reason to change"
