"""docs/settings.md, made of the settings' own types: `python -m docs.settings` writes it, a test compares it."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lms_sync.workspace.settings.config import Settings

PAGE = Path(__file__).parent / "settings.md"
BEGINNING = """# Every setting

`lms_sync.toml` in the workspace holds them; `lms-sync init` writes it, `lms-sync source add` adds to it, and
`lms-sync check` names every key that is wrong. This page is made of the program's own types
(`python -m docs.settings`).
"""


def page() -> str:
    """Return the page: a table for each section, in the order of the types."""
    return "\n".join(
        (BEGINNING, *(line for title, section in _sections(Settings, "") for line in _table(title, section)))
    )


def _sections(whole: type[BaseModel], before: str) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in whole.model_fields.items():
        many = get_origin(field.annotation) is tuple
        for section in _models(field.annotation):
            kind = get_args(section.model_fields["kind"].annotation)[0] if "kind" in section.model_fields else ""
            title = f"[[{before}{name}]]" if many else f"[{before}{name}]"
            yield f"`{title}`" + (f', `kind = "{kind}"`' if kind else ""), section
            yield from _sections(section, f"{before}{name}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _table(title: str, section: type[BaseModel]) -> Iterator[str]:
    keys = [(name, field) for name, field in section.model_fields.items() if not list(_models(field.annotation))]
    if not keys:
        return
    words = described(section)
    yield f"## {title}"
    yield f"{inspect.getdoc(section)}\n"
    yield "| Key | What it takes | Default | What it is |"
    yield "|---|---|---|---|"
    for name, field in keys:
        yield f"| `{name}` | {_takes(field.annotation)} | {_default(field)} | {words.get(name, '')} |"
    yield ""


def described(section: type[BaseModel]) -> dict[str, str]:
    """Return key → the sentence that stands under it in the source, of the class and those that it is made of."""
    found: dict[str, str] = {}
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(section))).body
    assert isinstance(node, ast.ClassDef)
    for statement, after in zip(node.body, node.body[1:], strict=False):
        match statement, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split()).replace("|", "\\|")
    return found


def _takes(annotation: Any) -> str:
    """Return what a key takes, in words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _takes(annotation.__origin__)
    if origin is Literal:
        return ", ".join(f'`"{word}"`' for word in parts)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_takes(part) for part in parts if part is not NoneType))
    if origin in (tuple, frozenset):
        return "a list"
    if origin is dict:
        return "a section"
    return {str: "text", int: "a whole number", bool: "`true` or `false`", float: "a number"}.get(annotation, "text")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be stated"
    value = field.get_default(call_default_factory=True)
    match value:
        case None | "" | () | {}:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f'`"{value}"`'
        case tuple():
            return ", ".join(f'`"{word}"`' for word in value)
    return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
