"""Where files lie: in folders of this machine, or at a URL that fsspec opens (sftp, s3, smb, https).

fsspec, and what it needs for each kind of URL, come with the extra `lms-sync[remote]`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from lms_sync.errors import LmsSyncError
from lms_sync.sources.spreadsheet.misread import Misread
from lms_sync.tables.cells import Unreadable
from lms_sync.tables.read import FILE_LIMIT, bytes_of
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.sources import FilePattern

WEB = ("http", "https")
"""Servers that list no folders, so that a path names one file; there `?` begins a query."""
T = TypeVar("T")

Options = Callable[[], Mapping[str, str | int]]
"""Gives what a server must be told (user, password, …) when it is needed, so that no secret stands in a field."""


@dataclass(frozen=True, slots=True)
class Place:
    """One file; two are the same when they lie in the same place."""

    where: str
    """Its path from the workspace, or its URL without user and query."""
    read: Callable[[], bytes] = field(repr=False, compare=False)
    """Gives the content. Raises: Unreadable when it is too large; OSError or Misread when it can't be had."""

    @property
    def name(self) -> str:
        """Return the file's name without its folder."""
        return PurePosixPath(self.where).name

    @property
    def is_hidden(self) -> bool:
        """Tell whether programs put it there: lock and hidden files of office programs."""
        return self.name.startswith((".", "~$"))


def no_options() -> Mapping[str, str | int]:
    """Return nothing: for files of this machine, and servers that ask for nothing."""
    return {}


def options_of(file: FilePattern, *, source: str, folder: Path) -> Options:
    """Return what the settings tell a server; secrets are read from the environment or files of `folder` when needed.

    The function raises ConfigError for a secret that is not there.
    """

    def options() -> Mapping[str, str | int]:
        given: dict[str, str | int] = dict(file.options)
        for option, variable in file.options_env.items():
            given[option] = secret(variable, "", folder=folder, key=f"[[source]] {source}, {option} of options")()
        for option, name in file.options_file.items():
            given[option] = secret("", name, folder=folder, key=f"[[source]] {source}, {option} of options")()
        return given

    return options


def is_remote(path: str) -> bool:
    """Tell whether a path of the settings is a URL."""
    return "://" in path


def quotable(path: str) -> str:
    """Return a path as findings may quote it: a URL without user and query, which may hold secrets."""
    if not is_remote(path):
        return path
    parts = urlsplit(path)
    # Only a web server's `?` begins a query; elsewhere it stands for one letter.
    rest = "" if parts.scheme in WEB or not parts.query else f"?{parts.query}"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{rest}"


def places_of(path: str, *, folder: Path, options: Options) -> list[Place]:
    """Return the files that a path of the settings finds, hidden ones left out; a path here counts from `folder`.

    Raises: Misread when a server can't be reached or refuses, or the extra is missing; ConfigError for a missing
    secret.
    """
    found = _remote(path, options()) if is_remote(path) else _local(path, folder)
    return [place for place in found if not place.is_hidden]


def _local(pattern: str, folder: Path) -> Iterable[Place]:
    return (Place(_where(path, folder), partial(bytes_of, path)) for path in _glob(folder, pattern) if path.is_file())


def _glob(folder: Path, pattern: str) -> Iterable[Path]:
    path = Path(pattern).expanduser()
    if path.is_absolute():
        return Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return folder.glob(pattern)


def _where(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def _remote(url: str, options: Mapping[str, str | int]) -> Iterable[Place]:
    system, path = _asked(url, lambda: _system(url, options))
    found = _asked(url, lambda: _listed(system, path, url))
    return [Place(_remote_where(name, url), partial(_content, system, name, url)) for name in found]


def _system(url: str, options: Mapping[str, str | int]) -> tuple[Any, str]:
    """Return fsspec's file system for a URL, and the path there."""
    try:
        from fsspec.core import url_to_fs

        # A new one each time: what the last one listed may be old.
        system, path = url_to_fs(url, skip_instance_cache=True, **nested(options))
    except ImportError as error:
        raise Misread(
            "extra-missing",
            f"{quotable(url)} cannot be opened ({error})",
            expected="the extra for files from elsewhere",
            remedy="Install it where the night runs: pip install 'lms-sync[remote]'.",
        ) from error
    return system, str(path)


def nested(options: Mapping[str, str | int]) -> dict[str, Any]:
    """Return options with those whose name holds dots inside one another: `client_kwargs.verify` → two levels."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        *outer, last = name.split(".")
        inner = found
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return found


def _listed(system: Any, path: str, url: str) -> list[str]:
    """Return the paths of the files that fit, none where there is nothing."""
    try:
        if urlsplit(url).scheme in WEB:
            system.info(path)
            return [path]
        # A search passes over folders that can't be listed; this one must be.
        system.ls(_folder_of(path), detail=False)
        return [name for name, about in sorted(system.glob(path, detail=True).items()) if about["type"] == "file"]
    except FileNotFoundError as error:
        # fsspec says so, too, of a web server that can't be reached or refuses; the cause tells.
        cause = error.__cause__
        if cause is None or isinstance(cause, FileNotFoundError) or getattr(cause, "status", 0) == 404:
            return []
        raise cause from None


def _folder_of(pattern: str) -> str:
    """Return the innermost folder of a pattern that is named without `*`, `?` and `[`."""
    parts = pattern.split("/")[:-1]
    wild = next((number for number, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    return "/".join(parts[:wild]) or ("/" if pattern.startswith("/") else "")


def _content(system: Any, path: str, url: str) -> bytes:
    def read() -> bytes:
        with system.open(path, "rb") as file:
            data: bytes = file.read(FILE_LIMIT + 1)
        if len(data) > FILE_LIMIT:
            limit = f"at most {FILE_LIMIT:,} bytes"
            raise Unreadable("the file is larger", limit, "Export fewer columns, or split the export by year.")
        return data

    return _asked(url, read)


def _remote_where(path: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme in WEB:
        return quotable(path)
    host = parts.netloc.rpartition("@")[2]
    bare = path.lstrip("/")
    # Where the host is a bucket, fsspec's paths begin with it.
    return f"{parts.scheme}://{bare if bare.startswith(f'{host}/') and host else f'{host}/{bare}'}"


def _asked(url: str, ask: Callable[[], T]) -> T:
    """Return what a server answers. Raises: Misread for every error of its library."""
    try:
        return ask()
    except LmsSyncError:
        raise
    # Each kind of server has its own family of errors, and their words may quote a secret.
    except Exception as error:
        why = isinstance(error, OSError) and error.errno and error.strerror
        status = getattr(error, "status", "")
        raise Misread(
            "place-unreachable",
            f"{quotable(url)} cannot be read ({why or f'{type(error).__name__} {status}'.strip()})",
            expected="a server that shows its files to this program's user",
            remedy="Check the address, the user and the secret; what was read before stays evidence.",
        ) from None
