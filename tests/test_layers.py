"""Promises about the tree: which room may import which, what a room's folder may, one home for each outside library.

And names say what they name.

`ROOMS` is the only list of rooms: CONTRIBUTING.md and the picture in it are held against it (tests/docs and here).
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.security.by_hand import ELSEWHERE, MODES, composed_by_hand, unencoded

PACKAGE = "lms_sync"
ROOT = Path(__file__).parent.parent / PACKAGE

GROUND = ("errors", "text", "files", "whole_folder", "time_limit")
"""Modules that every room may import."""
ROOMS = (
    *("model", "law", "tables", "workspace", "sources", "store", "people", "compliance", "reports", "mail"),
    *("documents", "agreements", "demo", "operations", "cli", "web"),
)
"""A room imports only from rooms before it."""
EDGES = ("cli", "web")
"""Two ways to the same acts, side by side: neither imports the other, but for the command that starts the other."""
STARTS = ("cli", "serve")
"""The module of the command line that serves the pages."""
INSIDE: Mapping[str, tuple[str, ...]] = {
    "agreements": ("clause_c", "review", "year"),
    "sources": (
        *("fit_items", "plain_rows", "pull", "http", "diagnosis", "spreadsheet", "propose"),
        *("canvas", "moodle", "xapi", "corrections", "connectors", "trial"),
    ),
    "workspace": ("settings", "roster", "mapping", "start"),
}
"""Folders and modules of a room, each of which imports only from those before it."""
MOST_PAIRS = 75
"""Of rooms that are tied by an import, those of the second edge (`web`) left out: it is tied to what it calls."""

HOMES = {
    "aiohttp": {"sources"},
    "alembic": {"store"},
    "authlib": {"web"},
    "authres": {"sources"},
    "click": {"cli"},
    "css_inline": {"reports"},
    "email_validator": {"workspace"},
    "filelock": {"store"},
    "flask": {"web"},
    "fsspec": {"sources"},
    "google": {"workspace"},
    "holidays": {"law"},
    "icalendar": {"agreements", "reports"},
    "imap_tools": {"sources"},
    "jinja2": {"reports", "web"},
    "joserfc": {"web"},
    "markupsafe": {"reports", "web"},
    "msal": {"workspace"},
    "openbadgeslib": {"documents"},
    "openpyxl": {"tables"},
    "xlsxwriter": {"tables"},
    # Strict parsing of files and of what sources answer; the way of facts into the store and back (model/stored).
    "pydantic": {"workspace", "sources", "model"},
    "pydantic_core": {"model"},
    "pyhanko": {"agreements"},
    "pypdf": {"documents"},
    "python_calamine": {"tables"},
    "rapidfuzz": {"people", "workspace"},
    # The edge of sources (sources/http); mail by Microsoft Graph, which is another conversation; what MSAL and
    # google-auth speak through.
    "requests": {"sources", "mail", "workspace"},
    "rich": {"cli"},
    "sqlalchemy": {"store", "cli"},
    "tenacity": {"sources"},
    "tomlkit": {"workspace"},
    "typst": {"reports"},
    "urllib3": {"sources"},
    "waitress": {"web"},
    "werkzeug": {"web"},
}


@dataclass(frozen=True)
class Import:
    """One import of one file."""

    path: Path
    module: str
    """Dotted, from the top; of `from x import y` where y is a module: `x.y`."""

    @property
    def names(self) -> tuple[str, ...]:
        """The importing module's address inside the package."""
        return self.path.relative_to(ROOT).with_suffix("").parts

    @property
    def target(self) -> tuple[str, ...]:
        """The imported module's address inside the package; empty for what is not ours."""
        package, *names = self.module.split(".")
        return tuple(names) if package == PACKAGE else ()


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if "shipped" not in path.parts)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return everything that a file says, from its imports to the last name inside a function."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of every file, those inside functions too."""
    modules = {".".join((PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)) for path in files()}
    found = []
    for path, node in ((file, node) for file in files() for node in nodes(file)):
        if isinstance(node, ast.Import):
            found += [Import(path, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = ((f"{node.module}.{alias.name}", node.module) for alias in node.names)
            found += [Import(path, name if name in modules else module) for name, module in names]
    return tuple(found)


def test_a_room_imports_only_from_rooms_before_it() -> None:
    place = {room: number for number, room in enumerate((*GROUND, *ROOMS))}
    wrong = [
        f"{one.path.relative_to(ROOT)} imports {one.module}"
        for one in imports()
        if one.target
        and one.target[0] != one.names[0]
        and (place[one.target[0]] > place[one.names[0]] or one.names[0] in GROUND[:2])
        and one.names != STARTS
    ]
    assert wrong == []


def test_the_edges_stand_side_by_side() -> None:
    between = [
        f"{one.path.relative_to(ROOT)} imports {one.module}"
        for one in imports()
        if {*one.names[:1], *one.target[:1]} == {*EDGES} and one.names != STARTS
    ]
    assert between == []


def test_a_folder_of_a_room_imports_only_from_those_before_it() -> None:
    wrong = []
    for one in imports():
        room = one.names[0]
        if room in INSIDE and one.target[:1] == (room,) and len(one.target) > 1:
            here, there = (INSIDE[room].index(names[1]) for names in (one.names, one.target))
            if there > here:
                wrong.append(f"{one.path.relative_to(ROOT)} imports {one.module}")
    assert wrong == []


def test_every_module_stands_in_a_room() -> None:
    assert {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in files()} - {"__init__"} == {
        *GROUND,
        *ROOMS,
    }
    for room, inside in INSIDE.items():
        there = {
            path.stem for path in (ROOT / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        assert there - {"__init__"} == set(inside)


def test_rooms_are_tied_by_few_imports() -> None:
    tied = ((one.names[0], one.target[0]) for one in imports() if one.target)
    pairs = {pair for pair in tied if pair[0] != pair[1]}
    assert len({pair for pair in pairs if not {*pair} & {*GROUND, "__init__", "web"}}) <= MOST_PAIRS


def test_no_import_is_relative() -> None:
    statements = ((path, node) for path in files() for node in nodes(path) if isinstance(node, ast.ImportFrom))
    assert [str(path.relative_to(ROOT)) for path, node in statements if node.level] == []


def test_a_folder_says_what_it_is_and_exports_nothing() -> None:
    for path in ROOT.rglob("__init__.py"):
        if path.parent == ROOT or "shipped" in path.parts:
            continue
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, f"{path.relative_to(ROOT)}: a name has one address"
        assert ast.get_docstring(ast.Module(body, [])), path


def test_every_outside_library_has_one_home() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for one in imports():
        top = one.module.split(".")[0]
        if top not in sys.stdlib_module_names and top != PACKAGE:
            found[top].add(one.names[0])
    assert {
        name: rooms - HOMES.get(name, set()) for name, rooms in found.items() if rooms - HOMES.get(name, set())
    } == {}


def test_each_file_stays_readable() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert {name: n for name, n in lines.items() if n > 300} == {}, "split it: a file has one reason to change"


def test_the_picture_of_the_rooms_shows_the_tree_as_it_is() -> None:
    picture = import_module("docs.pictures.rooms")  # which imports this module
    assert picture.PICTURE.read_text(encoding="utf-8") == picture.drawn(), "run python -m docs.pictures.rooms"


SAY_NOTHING = frozenset(("one", "told", "said", "mine", "shown", "made", "desk"))
WRITTEN_BY_OTHERS = {("model/links.py", "shown"), ("sources/spreadsheet/layout.py", "told")}
"""Fields whose name is a key: of links in the database, of layouts that districts wrote."""


def named(node: ast.AST) -> str:
    """Return the name that a node gives to a value, an attribute, a function or a class; else nothing."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(asname=str(name)):
            return name
        case ast.MatchAs(name=str(name)) | ast.ExceptHandler(name=str(name)):
            return name
    return ""


def vague(found: Iterable[ast.AST]) -> set[str]:
    """Return the names that say nothing, in small letters and without the leading underscore."""
    return {named(node).lower().strip("_") for node in found} & SAY_NOTHING


@pytest.mark.parametrize(
    "words",
    ["one = 1", "def f(told): ...", "[1 for mine in y]", "class Desk: ...", "x._shown = 1", "import x as one"],
)
def test_a_name_that_says_nothing_is_found(words: str) -> None:
    assert vague(ast.walk(ast.parse(words)))


def test_every_name_says_what_it_names() -> None:
    found = {(str(path.relative_to(ROOT)), name) for path in files() for name in vague(nodes(path))}
    assert found <= WRITTEN_BY_OTHERS


def test_a_class_has_a_name_of_its_own() -> None:
    names = Counter(node.name for path in files() for node in nodes(path) if isinstance(node, ast.ClassDef))
    assert {name for name, number in names.items() if number > 1 and not name.startswith("_")} == set()


def test_13_11_no_command_is_composed_by_hand() -> None:
    found = {(str(path.relative_to(ROOT)), place) for path in files() for place in composed_by_hand(nodes(path))}
    assert found == set()


def test_13_13_no_file_name_is_made_of_an_id_as_it_is() -> None:
    assert {(str(path.relative_to(ROOT)), value) for path in files() for value in unencoded(nodes(path))} == set()


def test_8_folders_and_files_are_made_by_functions_that_set_their_modes() -> None:
    lines = {
        (str(path.relative_to(ROOT)), line.strip())
        for path in files()
        if path != ROOT / "files.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if MODES.search(line)
    }
    assert lines == set(ELSEWHERE.items())
