"""Files that are written whole or not at all, names that are safe on any system, and where the shipped files lie."""

import os
import unicodedata
from pathlib import Path

from lms_sync.errors import UsageError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old content or the new, never a part of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole, where nothing else of its name would be lost.

    Raises: UsageError when a file of this name is there with another content.
    """
    if path.exists() and path.read_bytes() != content:
        raise UsageError(
            f"{path} is there already, with something else in it", hint="Name another file, or move that one away."
        )
    write_whole(path, content)


def shipped(name: str) -> Path:
    """Return the folder `mappings` or `reports` that ships with the program, in a wheel or in a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name


def file_name(*parts: str, ending: str) -> str:
    """Return a file name that says what is in it: letters, digits and hyphens, at most 100 characters."""
    plain = "".join(c if c.isalnum() and c.isascii() else "-" for c in _ascii("-".join(parts)))
    words = [word for word in plain.split("-") if word]
    return "-".join(words)[: 100 - len(ending)].rstrip("-") + ending


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
