"""A new workspace: settings, roster, course map, layouts and inbox. Nothing that exists is touched."""

import json
import os
import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lms_sync.errors import UsageError
from lms_sync.files import (
    file_name,
    private_folder,
    shared_folder,
    shipped,
    user_folder,
    write_private,
    write_whole,
)
from lms_sync.workspace.settings.config import FILE_NAME, StoreSettings, secret_places
from lms_sync.workspace.settings.edit import expect_sound
from lms_sync.workspace.start.first_settings import Answers, with_answers
from lms_sync.workspace.start.workbooks import roster_workbook

FOLDERS = ("inbox", "mappings/layouts")
STATE = "state"
KEY_LINE = 'key_file = "state/identity.key"'
"""In the settings that are shipped."""
DATABASE = "state/lms_sync.db"
KEY_BYTES = 32
NOTHING_SAID = Answers()


@dataclass(frozen=True, slots=True)
class Created:
    """What `create` did; paths in the order in which it went through them."""

    created: tuple[Path, ...]
    """Folders and files that were not there before."""
    kept: tuple[Path, ...]
    """Files that were there and stay as they are."""


def create(folder: Path, keys: Path | None = None, *, answers: Answers = NOTHING_SAID) -> Created:
    """Write what a workspace needs and does not have yet; a new identity key lies in `keys`, outside of it.

    `keys` is the account's own folder of settings where nothing else is named. A workspace whose settings are there
    already gets its key where these say. New settings say what was answered.

    Raises: UsageError when something of another kind is in the way, or the folder can't be written to.
    """
    created, kept = [], []
    try:
        for path in (folder, *(folder / name for name in FOLDERS)):
            if not path.is_dir():
                shared_folder(path)
                created.append(path)
        if not (folder / STATE).is_dir():
            created.append(folder / STATE)
        private_folder(folder / STATE)
        key = _key_of(folder) or _new_key(folder, keys or user_folder())
        for name, content in _contents(key, answers):
            path = folder / name
            if os.path.lexists(path):
                kept.append(path)
            else:
                write_whole(path, content)
                created.append(path)
        # A new key beside an old database would unmatch every learner in it: the old key must be found again.
        if os.path.lexists(key):
            kept.append(key)
        elif not (folder / DATABASE).exists():
            if not key.parent.is_dir():
                private_folder(key.parent)
            write_private(key, secrets.token_hex(KEY_BYTES).encode())
            created.append(key)
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder}: {error.strerror}",
            hint="Is the disk full, or something in the way? Make room, or name a folder that you may write to.",
        ) from error
    return Created(tuple(created), tuple(kept))


def _key_of(folder: Path) -> Path | None:
    """Return where the settings that are there say that the key lies; None where there are none."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        named = tomllib.loads(path.read_text(encoding="utf-8")).get("store", {}).get("key_file")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError):
        named = None
    return secret_places(named if isinstance(named, str) else StoreSettings().key_file, folder)[0]


def _new_key(folder: Path, keys: Path) -> Path:
    """Return where a new workspace's key is to lie; its name tells whose it is, and is like no other."""
    named = file_name(folder.resolve().name or "workspace", secrets.token_hex(4), ending=".key")
    return keys.absolute() / named


def _contents(key: Path, answers: Answers) -> Iterator[tuple[str, bytes]]:
    """Yield (path in the workspace, content) of each file."""
    settings = (files("lms_sync.workspace.start") / FILE_NAME).read_text(encoding="utf-8")
    stated = with_answers(settings, answers)
    expect_sound(stated)
    yield FILE_NAME, stated.replace(KEY_LINE, f"key_file = {json.dumps(key.as_posix())}").encode()
    yield "roster.xlsx", roster_workbook()
    mappings = shipped("mappings")
    for name in ("courses.xlsx", "phrases.toml", "README.md"):
        yield f"mappings/{name}", (mappings / name).read_bytes()
    for layout in sorted((mappings / "layouts").glob("*.toml")):
        yield f"mappings/layouts/{layout.name}", layout.read_bytes()


__all__ = ["Created", "create"]
