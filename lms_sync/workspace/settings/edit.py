"""Change lms_sync.toml for a person, who need not know TOML: comments stay, and nothing wrong is written."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from lms_sync.errors import ConfigError, UsageError
from lms_sync.files import write_whole
from lms_sync.workspace.settings.config import FILE_NAME, Settings
from lms_sync.workspace.settings.problems import problems

Values = Mapping[str, Any]


def changed(text: str, values: Mapping[tuple[str, ...], Any]) -> str:
    """Return settings with other values; `values` by section and key, such as `("district", "name")`.

    A section or key that is not there yet is added. Raises: ConfigError for what is no TOML.
    """
    try:
        document = tomlkit.parse(text)
        for (*sections, key), value in values.items():
            table: Any = document
            for section in sections:
                table = table.setdefault(section, tomlkit.table())
            table[key] = value
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise ConfigError(f"{FILE_NAME}: {error}", hint="Correct the file at that place first.") from error


def with_section(text: str, name: str, section: Values) -> str:
    """Return settings with one more `[[name]]` at their end; the rest stays as it is, to the letter."""
    newline = "\r\n" if "\r\n" in text else "\n"
    written = tomlkit.dumps({name: [_plain(section)]}).strip()
    return f"{text.rstrip()}{newline}{newline}{written.replace(chr(10), newline)}{newline}"


def _plain(section: Values) -> dict[str, Any]:
    """Return what TOML has a sign for: files of a source as one line each."""
    written: dict[str, Any] = dict(section)
    if "files" in written:
        tables = tomlkit.array()
        for file in written["files"]:
            line = tomlkit.inline_table()
            line.update(file)
            tables.append(line)
        written["files"] = tables
    return written


def expect_sound(text: str) -> Settings:
    """Return the settings as they would be read. Raises: UsageError with every wrong key, in words."""
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{FILE_NAME} would not be readable: {error}", hint="Nothing was written.") from error
    except ValidationError as error:
        raise UsageError(
            "\n".join(problems(error, Settings, file=FILE_NAME)), hint="Nothing was written; give another value."
        ) from error


def add_section(folder: Path, name: str, section: Values) -> Settings:
    """Write one more `[[name]]` into a workspace's settings, and return them. Raises: UsageError when unsound."""
    path = folder / FILE_NAME
    text = with_section(path.read_bytes().decode(), name, section)
    settings = expect_sound(text)
    write_whole(path, text.encode())
    return settings


__all__ = ["add_section", "changed", "expect_sound", "with_section"]
