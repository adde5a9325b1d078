"""A new workspace: settings, roster, course map, layouts and inbox. Nothing that exists is touched."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lms_sync.errors import UsageError
from lms_sync.files import shipped
from lms_sync.tables.typed_days import DateOrder
from lms_sync.workspace.settings.config import FILE_NAME
from lms_sync.workspace.start.workbooks import roster_workbook

FOLDERS = ("inbox", "mappings/layouts", "state")
KEY_FILE = "state/identity.key"
DATABASE = "state/lms_sync.db"
KEY_BYTES = 32
NO_DATES = '# dates = "month-first"'
"""The setting as it is shipped: nobody has said yet."""


@dataclass(frozen=True, slots=True)
class Created:
    """What `create` did; paths in the order in which it went through them."""

    created: tuple[Path, ...]
    """Folders and files that were not there before."""
    kept: tuple[Path, ...]
    """Files that were there and stay as they are."""


def create(folder: Path, *, dates: DateOrder = "") -> Created:
    """Write what a workspace needs and does not have yet; `dates` is stated in new settings.

    Raises: UsageError when something of another kind is in the way, or the folder can't be written to.
    """
    created, kept = [], []
    try:
        for path in (folder, *(folder / name for name in FOLDERS)):
            if not path.is_dir():
                path.mkdir(parents=True)
                created.append(path)
        contents = dict(_contents(dates))
        # A new key beside an old database would unmatch every learner in it: the old key must be found again.
        if not (folder / DATABASE).exists():
            contents[KEY_FILE] = secrets.token_hex(KEY_BYTES).encode()
        for name, content in contents.items():
            path = folder / name
            if os.path.lexists(path):
                kept.append(path)
            else:
                _write_new(path, content, mode=0o600 if name == KEY_FILE else 0o666)
                created.append(path)
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder}: {error.strerror}",
            hint="Is the disk full, or something in the way? Make room, or name a folder that you may write to.",
        ) from error
    return Created(tuple(created), tuple(kept))


def _contents(dates: DateOrder) -> Iterator[tuple[str, bytes]]:
    """Yield (path in the workspace, content) of each file."""
    settings = (files("lms_sync.workspace.start") / FILE_NAME).read_text(encoding="utf-8")
    stated = settings.replace(NO_DATES, f'dates = "{dates}"'.ljust(len(NO_DATES))) if dates else settings
    yield FILE_NAME, stated.encode()
    yield "roster.xlsx", roster_workbook()
    mappings = shipped("mappings")
    for name in ("courses.xlsx", "phrases.toml", "README.md"):
        yield f"mappings/{name}", (mappings / name).read_bytes()
    for layout in sorted((mappings / "layouts").glob("*.toml")):
        yield f"mappings/layouts/{layout.name}", layout.read_bytes()


def _write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file that must not be there yet; nothing half-written stays when the disk is full."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink()
            raise


__all__ = ["Created", "create"]
