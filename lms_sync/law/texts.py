"""The law's TOML texts → tables and entries, strictly: an unknown key, a missing one or a doubled id is an error."""

import tomllib
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

Entry = TypeVar("Entry")


def entries_of(text: str, key: str, file: str) -> list[dict[str, Any]]:
    """Return the tables `[[key]]`, of which a file holds nothing else. Raises: ValueError that names the file."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file}: {error}") from error
    entries = content.get(key)
    if set(content) != {key} or not isinstance(entries, list):
        raise ValueError(f"{file}: found {sorted(content)}, expected nothing but [[{key}]]")
    return entries


def entry_of(kind: type[Entry], entry: dict[str, Any], where: str) -> Entry:
    """Return a table as the dataclass `kind`. Raises: ValueError that says where, for an unknown or missing key."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every kind here is a dataclass
    place = f"{where} {entry.get('id', '')}".rstrip()
    if unknown := entry.keys() - known:
        raise ValueError(f"{place}: unknown {sorted(unknown)}; expected keys: {sorted(known)}")
    try:
        return kind(**entry)
    except TypeError as error:
        raise ValueError(f"{place}: {error}") from error


def expect_unique(ids: Iterable[str], what: str) -> None:
    """Raise ValueError for an id that stands there twice."""
    seen: set[str] = set()
    for entry_id in ids:
        if entry_id in seen:
            raise ValueError(f"{what} {entry_id} is there twice, expected once")
        seen.add(entry_id)
