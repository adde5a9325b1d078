"""Files that a browser sends: kept in a folder of their own while they are read, under a name that is no path."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import request

from lms_sync.documents.vault import plain_name
from lms_sync.errors import UsageError
from lms_sync.files import new_private_folder, private_folder, write_private
from lms_sync.operations.opening import STATE
from lms_sync.web.opening import OpenDistrict

KEPT_FOR = timedelta(days=1)
FOLDER = "uploads"


@contextmanager
def uploaded(field: str, *, optional: bool = False) -> Iterator[Path | None]:
    """Yield the file of a form's field, as long as the block lasts; None where none was sent and it is `optional`.

    Raises: UsageError when none was sent and one is needed.
    """
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        if optional:
            yield None
            return
        raise UsageError("no file was chosen", hint="Choose a file, or drop it on the page.")
    with tempfile.TemporaryDirectory(prefix="lms-sync-") as folder:
        path = Path(folder) / plain_name(sent.filename)
        sent.save(path)
        with _without(folder):
            yield path


@contextmanager
def needed(field: str) -> Iterator[Path]:
    """Yield the file of a form's field, as long as the block lasts. Raises: UsageError when none was sent."""
    with uploaded(field) as path:
        assert path is not None  # `uploaded` raises
        yield path


@contextmanager
def all_uploaded(field: str) -> Iterator[tuple[Path, ...]]:
    """Yield the files of a form's field, as long as the block lasts; none where none was sent."""
    with tempfile.TemporaryDirectory(prefix="lms-sync-") as folder:
        paths = []
        for number, sent in enumerate(request.files.getlist(field)):
            if sent.filename:
                own = Path(folder) / str(number)
                new_private_folder(own)
                paths.append(own / plain_name(sent.filename))
                sent.save(paths[-1])
        with _without(folder):
            yield tuple(paths)


@contextmanager
def _without(folder: str) -> Iterator[None]:
    """Let no error say in which folder of this machine a file lies while it is read."""
    try:
        yield
    except UsageError as error:
        error.args = (str(error).replace(f"{folder}/", ""),)
        raise


def put_aside(district: OpenDistrict, content: bytes, ending: str) -> str:
    """Keep what was sent until it is confirmed or a day is over, and return the name by which it is found again."""
    folder = district.folder / STATE / FOLDER
    private_folder(folder)
    now = district.clock().timestamp()
    for old in folder.iterdir():
        if now - old.stat().st_mtime > KEPT_FOR.total_seconds():
            old.unlink(missing_ok=True)
    name = f"{hashlib.sha256(content).hexdigest()}{ending}"
    write_private(folder / name, content)
    return name


def put_aside_before(district: OpenDistrict, name: str) -> Path:
    """Return the file that was put aside under a name.

    Raises: UsageError when there is none, or the name is no name of ours.
    """
    known = {path.name: path for path in (district.folder / STATE / FOLDER).glob("*")}
    if name not in known:
        raise UsageError("what you sent is no longer here", hint="Send the file again.")
    return known[name]
