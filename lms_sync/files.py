"""Files that are written whole or not at all, who may open them, safe names, and where the shipped files lie.

What the program keeps for itself (`state/`, keys, outbox, documents, logs) is its own account's alone: 0600 and 0700,
whatever the umask is and whoever made the folder. What people open or edit keeps mode and group of what it replaces;
what is new may be read by one group (0640). On systems without such modes nothing of this is done.
"""

import hashlib
import os
import re
import shutil
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path, PurePath
from urllib.parse import quote

from lms_sync.errors import ConfigError, UsageError

PROGRAM = "lms-sync"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SHARED_FILE, SHARED_FOLDER = 0o640, 0o750
LONGEST_ID = 120
"""Signs of an id in a file name: what stands before and behind it must fit into 255 bytes besides."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
"""Source: Microsoft, "Naming Files, Paths, and Namespaces"."""
OTHERS = 0o007
"""The rights of those who are neither the owner nor in the group."""
_GROUP: ContextVar[str] = ContextVar("group", default="")
"""The group that may read what is written for people."""


@contextmanager
def shared_with(group: str) -> Iterator[None]:
    """Let the files that are written meanwhile for people be read by a group; empty: by that of the account.

    Raises: ConfigError when there is no such group.
    """
    if group and os.name == "posix":
        try:
            _group_id(group)
        except KeyError:
            raise ConfigError(
                f"lms_sync.toml, [reports] group: there is no group {group}",
                hint="Name a group of this machine to which the account that runs lms-sync belongs, or none.",
            ) from None
    token = _GROUP.set(group)
    try:
        yield
    finally:
        _GROUP.reset(token)


def write_whole(path: Path, content: bytes, *, instead_of: Path | None = None) -> None:
    """Write a file for people so that a reader finds the old content or the new, never a part of it.

    It keeps mode and group of the one that it replaces (there, or `instead_of`); a new one is for its owner and the
    group of `shared_with`.
    """
    try:
        there = (instead_of or path).stat()
    except OSError:
        _write(path, content, SHARED_FILE, group=_GROUP.get())
    else:
        _write(path, content, stat.S_IMODE(there.st_mode), group=there.st_gid)


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole that nobody but the account of this program may read."""
    _write(path, content, PRIVATE_FILE)


def _write(path: Path, content: bytes, mode: int, *, group: str | int = "") -> None:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with open(part, "xb", opener=private_opener) as file:
            file.write(content)
            file.flush()
            _give(part, mode, group)
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def _give(path: Path, mode: int, group: str | int) -> None:
    """Set mode and group; where the account may not give it to the group, the group gets nothing."""
    if os.name != "posix":
        return
    if group != "" and group != path.stat().st_gid:
        try:
            os.chown(path, -1, _group_id(group) if isinstance(group, str) else group)
        except (PermissionError, LookupError):
            mode &= ~0o070
    os.chmod(path, mode)


def _group_id(name: str) -> int:
    import grp  # systems without modes have no such module

    return grp.getgrnam(name).gr_gid


def private_opener(name: str, flags: int) -> int:
    """Open a file, for `open(…, opener=…)`; a new one is the account's alone."""
    return os.open(name, flags | getattr(os, "O_BINARY", 0), PRIVATE_FILE)


def private_folder(path: Path) -> None:
    """Make a folder that is the account's alone, or take from one that is there what others may."""
    new_private_folder(path)
    narrow(path)


def new_private_folder(path: Path) -> None:
    """Make a folder that is the account's alone, and those above it that are missing; one that is there stays."""
    if path.is_dir():
        return
    if path.parent != path:
        new_private_folder(path.parent)
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def copy_private(source: Path, target: Path) -> None:
    """Copy a file's content; the copy is the account's alone from its first byte on."""
    target.unlink(missing_ok=True)
    with source.open("rb") as content, open(target, "xb", opener=private_opener) as copy:
        shutil.copyfileobj(content, copy)


def private_file(path: Path) -> None:
    """Make an empty file that is the account's alone, or take from one that is there what others may."""
    if not path.exists():
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    narrow(path)


def shared_folder(path: Path, *, instead_of: Path | None = None) -> None:
    """Make a folder for what people open, unless it is there; with mode and group of the one that it replaces."""
    if path.is_dir():
        return
    if path.parent != path:
        shared_folder(path.parent)
    path.mkdir(mode=SHARED_FOLDER, exist_ok=True)
    if instead_of is not None and instead_of.is_dir():
        there = instead_of.stat()
        _give(path, stat.S_IMODE(there.st_mode), there.st_gid)
    else:
        _give(path, SHARED_FOLDER, _GROUP.get())


def wider(path: Path, allowed: int = PRIVATE_FOLDER) -> int:
    """Return what of a file's or folder's mode goes beyond what is `allowed`; 0 for links and what is not there."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return 0
    return 0 if os.name != "posix" or stat.S_ISLNK(mode) else stat.S_IMODE(mode) & 0o077 & ~allowed


def narrow(path: Path, allowed: int = PRIVATE_FOLDER) -> bool:
    """Take from a file or folder what goes beyond `allowed`; return False where the account may not."""
    if too_much := wider(path, allowed):
        try:
            os.chmod(path, stat.S_IMODE(path.stat().st_mode) & ~too_much)
        except PermissionError:
            return False
    return True


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole, where nothing else of its name would be lost.

    Raises: UsageError when a file of this name is there with another content.
    """
    if path.exists() and path.read_bytes() != content:
        raise UsageError(
            f"{path} is there already, with something else in it", hint="Name another file, or move that one away."
        )
    write_whole(path, content)


def user_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of this account's own settings for this program; it need not be there.

    `XDG_CONFIG_HOME` where it is set; else what the system has for that. A job without HOME gets the account's.
    """
    if chosen := environment.get("XDG_CONFIG_HOME"):
        return Path(chosen).expanduser() / PROGRAM
    if os.name == "nt" and (roaming := environment.get("APPDATA")):
        return Path(roaming) / PROGRAM
    return Path("~/Library/Application Support" if sys.platform == "darwin" else "~/.config").expanduser() / PROGRAM


def shipped(name: str) -> Path:
    """Return the folder `mappings` or `reports` that ships with the program, in a wheel or in a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name


def file_name(*parts: str, ending: str) -> str:
    """Return a file name that says what is in it: letters, digits and hyphens, at most 100 characters."""
    plain = "".join(c if c.isalnum() and c.isascii() else "-" for c in _ascii("-".join(parts)))
    words = [word for word in plain.split("-") if word]
    name = "-".join(words)[: 100 - len(ending)].rstrip("-")
    return f"{'file-' if _DEVICE.match(name) else ''}{name}{ending}"


def id_in_name(code: str) -> str:
    """Return an id as file names and headers carry it: no other id gives the same, and none leaves its folder.

    Letters, digits and `._-` stay; all else, a dot or dash at the beginning and a dot at the end too, is written as
    the bytes of UTF-8 (`%2F`); so is the first letter of what Windows takes for a device (`con`). Of a long one the
    beginning stays, with a hash of it all. Ids that differ by case only are told apart by `apart`.
    """
    kept = quote(code, safe="").replace("~", "%7E")
    if len(kept) > LONGEST_ID:
        kept = f"{kept[: LONGEST_ID - 20]}%%{hashlib.sha256(code.encode()).hexdigest()[:16]}"
    if kept[:1] in (".", "-") or _DEVICE.match(kept):
        kept = f"%{ord(kept[0]):02X}{kept[1:]}"
    return f"{kept[:-1]}%2E" if kept.endswith(".") else kept


def apart(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of one folder's files, numbered where one would be another's on a disk that folds case."""
    found: dict[str, str] = {}
    for name in names:
        path, number, given = PurePath(name), 2, name
        while unicodedata.normalize("NFC", given).casefold() in found:
            given, number = f"{path.stem}-{number}{path.suffix}", number + 1
        found[unicodedata.normalize("NFC", given).casefold()] = given
    return tuple(found.values())


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
