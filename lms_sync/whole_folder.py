"""A folder of files that is written whole or not at all, and that only replaces one of its own kind.

`SHA256SUMS.txt` in it lists every file with its hash, so that a folder of ours is told from another, and one that
somebody has worked in since is never replaced.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath

from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, write_whole

SUMS = "SHA256SUMS.txt"


def write_folder(folder: Path, files: Mapping[str, bytes], *, mark: str) -> None:
    """Write the files (path with `/` → content) and their hashes as `folder`; an earlier one of ours is replaced.

    What is written lies beside it under another name until it is whole. `README.txt` must be among the files and
    begin with the line `mark`: by it an earlier folder is recognised. No path leaves the folder.
    Raises: UsageError when there is something that this did not write, or that was changed since; OSError.
    """
    if wrong := [name for name in files if {"..", ""} & set(name.split("/")) or PurePath(name).is_absolute()]:
        raise ValueError(f"{wrong[0]!r} is no path in a folder")
    expect_ours(folder, mark=mark)
    folder = folder.absolute()
    part, old = (folder.with_name(f".{folder.name}.{what}") for what in ("part", "old"))
    for stale in (part, old):
        shutil.rmtree(stale, ignore_errors=True)
    try:
        for name, content in {**files, SUMS: _sums(files)}.items():
            path = part.joinpath(*PurePosixPath(name).parts)
            shared_folder(part, instead_of=folder)
            shared_folder(path.parent, instead_of=(folder / name).parent)
            write_whole(path, content, instead_of=folder / name)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def expect_ours(folder: Path, *, mark: str) -> None:
    """Check that a folder may be written. Raises: UsageError unless it is missing, empty, or as this wrote it."""
    if Path.cwd().is_relative_to(folder.resolve()):
        raise UsageError(f"{folder}: you are in it", hint="Name a folder that is to be made here.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder}: not a folder", hint="Name a new folder.")
    there = sorted(path for path in folder.rglob("*") if not path.is_dir()) if folder.exists() else []
    listed = _listed(folder, mark)
    for path in there:
        name = path.relative_to(folder).as_posix()
        if name == SUMS and listed:
            continue
        if name not in listed:
            raise UsageError(
                f"{folder} holds {name}, which this did not write", hint="Name a new or an empty folder."
            )
        if path.is_symlink() or hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]:
            raise UsageError(
                f"{folder}: {name} was changed since it was written", hint="Keep that folder, and name a new one."
            )


def _listed(folder: Path, mark: str) -> dict[str, str]:
    """Return name → hash as the folder's list has them; empty for no list of ours."""
    sums, readme = folder / SUMS, folder / "README.txt"
    if not (sums.is_file() and readme.is_file()) or sums.is_symlink():
        return {}
    if not readme.read_text(encoding="utf-8", errors="replace").startswith(f"{mark}\n"):
        return {}
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """Return the list in the form that `sha256sum -c` reads."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()).encode()
