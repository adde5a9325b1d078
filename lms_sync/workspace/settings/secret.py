"""One secret that the settings name and never hold: an environment variable or a file."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from lms_sync.errors import ConfigError

FILE_NAME = "lms_sync.toml"
NO_SECRET = "Put the secret there, readable by its owner."


def from_environment(name: str, environment: Mapping[str, str], key: str) -> str:
    """Return a variable's value. Raises: ConfigError, naming the settings' `key`, where it is not set."""
    value = environment.get(name, "")
    if not value:
        raise ConfigError(
            f"{FILE_NAME}, {key}: the environment variable {name} is not set",
            hint=f"Set {name} where the night runs (a systemd credential or the crontab's environment).",
        )
    return value


def secret(name_env: str, name_file: str, *, folder: Path, key: str, missing: str = NO_SECRET) -> Callable[[], str]:
    """Return a function that gives a secret when it is needed, so that no value can end up in a repr or a log.

    `name_env` names an environment variable, `name_file` a file (relative to `folder`, or to
    `$CREDENTIALS_DIRECTORY` of systemd); `key` names the settings' keys in errors, e.g. `[mail.smtp] password`.
    The function raises ConfigError when neither gives a value.
    """

    def read() -> str:
        if name_env:
            return from_environment(name_env, os.environ, f"{key}_env")
        if name_file:
            return _from_file(name_file, folder, f"{key}_file", missing=missing)
        raise ConfigError(
            f"{FILE_NAME}, {key}: no secret is named", hint=f"State {key}_env or {key}_file; never the secret itself."
        )

    return read


def secret_places(name: str, folder: Path) -> list[Path]:
    """Return where a secret's file may lie: from the workspace's `folder`, or in systemd's credentials by its name.

    A unit hands over as a credential what its account cannot read itself, such as a key in another one's home.
    """
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    try:
        place = folder / Path(name).expanduser()
    except RuntimeError:  # `~` of an account without a home
        place = folder / name
    return [place] + ([Path(credentials) / Path(name).name] if credentials else [])


def _from_file(name: str, folder: Path, key: str, *, missing: str) -> str:
    for place in reversed(secret_places(name, folder)):
        try:
            there = place.is_file()
        except PermissionError:
            there = True  # reading it says so
        if there:
            return _written(place, key)
    raise ConfigError(f"{FILE_NAME}, {key}: there is no file {name}", hint=missing)


def _written(place: Path, key: str) -> str:
    """Return the secret that a file holds. Raises: ConfigError when it can't be read or is blank."""
    try:
        value = place.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ConfigError(
            f"{FILE_NAME}, {key}: {place} cannot be read ({why})",
            hint="The account that runs lms-sync must be able to read it, and nobody else.",
        ) from error
    if not value:
        raise ConfigError(f"{FILE_NAME}, {key}: {place} is blank", hint="Put the secret there.")
    return value
