"""A promise about names: a value is called what it is, not `one` of something or what was `said` of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_layers import ROOT, files

SAY_NOTHING = frozenset(("one", "told", "said", "mine", "shown", "made", "desk"))
WRITTEN_BY_OTHERS = {("model/links.py", "shown"), ("sources/spreadsheet/layout.py", "told")}
"""Fields whose name is a key: of links in the database, of layouts that districts wrote."""


def bound(node: ast.AST) -> Iterator[str]:
    """Yield what a node gives a name to: a value, a parameter, an attribute, a function, a class."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.MatchAs(name=str(name)) | ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
            yield name


@pytest.mark.parametrize(
    "words", ["one = 1", "def f(told): ...", "[x for mine in y]", "class Desk: ...", "x._shown = 1"]
)
def test_a_name_that_says_nothing_is_found(words: str) -> None:
    assert vague(ast.parse(words))


def vague(tree: ast.AST) -> set[str]:
    """Return the names of a module that say nothing, in small letters and without the leading underscore."""
    return {name.lower().strip("_") for node in ast.walk(tree) for name in bound(node)} & SAY_NOTHING


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_says_what_it_names(path: Path) -> None:
    inside = str(path.relative_to(ROOT))
    found = vague(ast.parse(path.read_text(encoding="utf-8")))
    assert {(inside, name) for name in found} <= WRITTEN_BY_OTHERS
