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
from lms_sync.sources.spreadsheet.redirects import client_maker
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
class FilePlace:
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


def no_query() -> str:
    """Return nothing: for addresses that need no secret query."""
    return ""


@dataclass(frozen=True, slots=True)
class Server:
    """What the settings say of the server of a URL."""

    options: Options = field(default=no_options, repr=False)
    """What it must be told, secrets among it."""
    query: Callable[[], str] = field(default=no_query, repr=False)
    """Gives the query of a web address, which is a secret."""
    redirects_to: tuple[str, ...] = ()
    """Hosts that a web server may send us on to."""


def server_of(file: FilePattern, *, source: str, folder: Path) -> Server:
    """Return what the settings tell of a file pattern's server; secrets are read when they are needed."""
    key = f"[[source]] {source}, query"
    query = secret(file.query_env, file.query_file, folder=folder, key=key) if file.has_query else no_query
    return Server(options_of(file, source=source, folder=folder), query, file.redirects_to)


def places_of(path: str, *, folder: Path, server: Server) -> list[FilePlace]:
    """Return the files that a path of the settings finds, hidden ones left out; a path here counts from `folder`.

    Raises: Misread when a server can't be reached or refuses, or the extra is missing; ConfigError for a missing
    secret.
    """
    found = _remote(path, server) if is_remote(path) else _local(path, folder)
    return [place for place in found if not place.is_hidden]


def _local(pattern: str, folder: Path) -> Iterable[FilePlace]:
    inside = None if Path(pattern).expanduser().is_absolute() else folder.resolve()
    return (
        FilePlace(_where(path, folder), partial(_bytes_inside, path, inside))
        for path in _glob(folder, pattern)
        if path.is_file()
    )


def _bytes_inside(path: Path, inside: Path | None) -> bytes:
    """Return a file's content. Raises: Misread for a link that leads out of the workspace; as `bytes_of`."""
    if inside is not None and not path.resolve().is_relative_to(inside):
        raise Misread(
            "place-refused",
            "a link that leads out of the workspace, and was not followed",
            expected="the file itself",
            remedy="Put the file there, or state where it is as an absolute `path` in lms_sync.toml.",
        )
    return bytes_of(path)


def _glob(folder: Path, pattern: str) -> Iterable[Path]:
    path = Path(pattern).expanduser()
    if path.is_absolute():
        return Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return folder.glob(pattern)


def _where(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def check_address(path: str) -> None:
    """Look at a URL as it is written, and at what opens it; no server is asked.

    Raises: Misread for one that can't be opened from here, whatever its server says.
    """
    if "::" in path:
        raise Misread(
            "place-refused",
            f"{quotable(path.rpartition('::')[2])} behind another scheme",
            expected="one scheme, such as https://files.example.org/export.csv",
            remedy="Take away everything up to `::` in `path`; what is in front of it is not used.",
        )
    scheme = path.partition("://")[0]
    if not _asked(path, lambda: _is_known(scheme)):
        raise Misread(
            "place-refused",
            f'"{scheme}", which is no way to open a file',
            expected="sftp, s3, smb or https",
            remedy="Correct what stands before `://` in `path`.",
        )


def _is_known(scheme: str) -> bool:
    """Tell whether fsspec knows a scheme. Raises: ImportError where what it needs for it is missing."""
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except ValueError:
        return False
    return True


def _remote(named: str, server: Server) -> Iterable[FilePlace]:
    check_address(named)
    options: Mapping[str, Any] = server.options()
    query = server.query().removeprefix("?")
    url = f"{named}{'&' if '?' in named else '?'}{query}" if query else named
    if urlsplit(url).scheme in WEB and "get_client" not in options:
        options = {**options, "get_client": _asked(url, lambda: client_maker(server.redirects_to))}
    system, path = _asked(url, lambda: _system(url, options))
    found = _asked(url, lambda: _listed(system, path, url))
    return [FilePlace(_remote_where(name, url), partial(_content, system, name, url)) for name in found]


def _system(url: str, options: Mapping[str, Any]) -> tuple[Any, str]:
    """Return fsspec's file system for a URL, and the path there."""
    from fsspec.core import url_to_fs

    # A new one each time: what the last one listed may be old.
    system, path = url_to_fs(url, skip_instance_cache=True, **nested(options))
    return system, str(path)


def nested(options: Mapping[str, Any]) -> dict[str, Any]:
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
        while cause is not None and cause.__cause__ is not None and not isinstance(cause, LmsSyncError):
            cause = cause.__cause__
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
    except ImportError as error:
        raise Misread(
            "extra-missing",
            f"{quotable(url)} cannot be opened ({error})",
            expected="the extra for files from elsewhere",
            remedy="Install it where the night runs: pip install 'lms-sync[remote]'.",
        ) from error
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
