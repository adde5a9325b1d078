"""Typst templates → PDF/UA-1 files; the one home of typst."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import typst

from lms_sync.errors import UsageError
from lms_sync.reports.templates import Templates, expect_inside, template_folders

_PARTS = frozenset({".typ", ".png", ".jpg", ".jpeg", ".svg"})
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Pdf:
    """A tagged PDF file."""

    content: bytes
    trouble: str
    """Why the file does not claim PDF/UA-1, in a sentence that names nobody; empty when it does."""


def typeset(templates: Templates, stem: str, data: Mapping[str, object], *, day: date) -> Pdf:
    """Return what `stem`.typ makes of `data`, dated `day`; the same input gives the same bytes.

    The template reads the data as JSON from `sys.inputs.data`: what a person wrote is never read as markup. Days are
    ISO 8601 text there, and dataclasses are objects. Where PDF/UA-1 can't be claimed (a character that no font has),
    the file is tagged all the same and `trouble` says why. Raises: UsageError when the template can't be read or
    filled.
    """
    return _set(template_folders(templates), stem, json.dumps(data, default=_as_json), day)


def _set(folders: tuple[Path, ...], stem: str, data: str, day: date) -> Pdf:
    """Return what `stem`.typ in the first of the folders that has it makes of `data`, which is JSON."""
    with TemporaryDirectory() as place:
        _lay_out(folders, Path(place))
        compiler = typst.Compiler(
            Path(place, f"{stem}.typ"),
            root=Path(place),
            font_paths=_fonts(tuple(str(folder / "fonts") for folder in folders if (folder / "fonts").is_dir())),
            ignore_system_fonts=True,
            sys_inputs={"data": data},
        )
        try:
            return Pdf(_compiled(compiler, day, claim=True), "")
        except typst.TypstError as refusal:
            return Pdf(_without_claim(compiler, day, stem), _reason(refusal))


def _as_json(value: object) -> object:
    """Return what stands for a day or a dataclass; `asdict` would copy all that is in one. Raises: TypeError."""
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(cast(Any, type(value)))}


@cache
def _names(form: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(form))


def _compiled(compiler: typst.Compiler, day: date, *, claim: bool) -> bytes:
    stamp = datetime.combine(day, time(), UTC)
    content = compiler.compile(format="pdf", pdf_standards=["ua-1"] if claim else [], timestamp=stamp)
    if not isinstance(content, bytes):
        raise TypeError("typst gave no file")
    return content


def _without_claim(compiler: typst.Compiler, day: date, stem: str) -> bytes:
    try:
        return _compiled(compiler, day, claim=False)
    except typst.TypstError as error:
        raise UsageError(
            f"reports/{stem}.typ: {error.diagnostic.strip() or error.message}",
            hint="Compare it with the shipped template of that name, or remove it from the workspace to use that.",
        ) from error


def _reason(refusal: typst.TypstError) -> str:
    """Return why PDF/UA-1 was refused; a character that could not be set is told by its code point."""
    return _BEYOND_ASCII.sub(lambda found: f"U+{ord(found[0]):04X}", refusal.message)


def _lay_out(folders: tuple[Path, ...], place: Path) -> None:
    """Copy templates and pictures into one folder, a workspace's file in place of the shipped one of its name."""
    for folder in reversed(folders):
        for path in folder.iterdir():
            if path.suffix.lower() in _PARTS:
                expect_inside(path, folders)
                shutil.copyfile(path, place / path.name)


@lru_cache(maxsize=4)
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """Return the fonts of these folders only: a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
