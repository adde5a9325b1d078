"""Open a workspace for a command: settings, lock, database, carrier, clock."""

import errno
import getpass
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.edge import log_to_file
from lms_sync.errors import ConfigError, UsageError
from lms_sync.operations.opening import STATE, now, opened
from lms_sync.store.workspace import Workspace
from lms_sync.text import YEARS, did_you_mean, typed_day
from lms_sync.workspace.settings.config import read_config


@contextmanager
def open_workspace(
    folder: str, *, writes: bool = True, rehearsal: bool = False, clock: Callable[[], datetime] = now
) -> Iterator[Workspace]:
    """Open the workspace; a command that writes holds the lock, a rehearsal is undone at the end.

    Raises: ConfigError for wrong settings; Locked when another run holds the lock.
    """
    config = read_config(Path(folder))
    _log(config.folder / STATE, writes=writes)
    with opened(config, lock_for=_running() if writes else "", rehearsal=rehearsal, clock=clock) as workspace:
        yield workspace


def _running() -> str:
    """Return the command that runs, for those who wait for it."""
    context = click.get_current_context(silent=True)
    return context.command_path if context else "lms-sync"


def _log(state: Path, *, writes: bool) -> None:
    """Log to the workspace's file; a command that only reads does without where nothing may be written."""
    try:
        log_to_file(state)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        if writes:
            raise ConfigError(
                f"the workspace can only be read, and this command writes ({state}: {error.strerror})",
                hint="Whose is the folder, is its disk mounted for reading only? Commands that read still work.",
            ) from error


def who(given: str) -> str:
    """Return who decides: as given, else LMS_SYNC_USER, else the account's name.

    Raises: UsageError when the account has no name either, as in some containers.
    """
    named = given.strip() or os.environ.get("LMS_SYNC_USER", "").strip()
    try:
        return named or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError(
            "nobody knows who decides: this account has no name",
            hint='Add --by "your name", or set LMS_SYNC_USER.',
        ) from error


def expect_file(path: Path) -> None:
    """Refuse a file that a person named and that is not there."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file", hint="Check the name and the folder.")


def expect_known(names: Iterable[str], known: Collection[str], *, what: str, where: str) -> None:
    """Refuse names that are not `known`; `what` says what they ought to name, `where` that is listed.

    Raises: UsageError with the closest name, and all there are.
    """
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise UsageError(
                f"{name}: there is no such {what}", hint=f"{did_you_mean(name, known)}{where}: {listed}."
            )


def day(text: str | None, *, option: str) -> date | None:
    """Return a day written as YYYY-MM-DD; None for none. Raises: UsageError for anything else."""
    if text is None:
        return None
    try:
        return typed_day(text)
    except ValueError as error:
        if "no year of" in str(error):
            years = f"Name a day from {YEARS[0]} to {YEARS[-1]}."
            raise UsageError(f"{option} {text}: too far away", hint=years) from error
        raise UsageError(f"{option} {text}: not a day", hint="Write it like 2026-11-23.") from error


def instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return an instant written as 2026-11-23T06:00, in the district's zone unless it names its own.

    Raises: UsageError for anything else.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        typed_day(found.date().isoformat())
    except ValueError as error:
        raise UsageError(f"--known-at {text}: not an instant", hint="Write it like 2026-11-23T06:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
