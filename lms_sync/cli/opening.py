"""Open a workspace for a command: settings, lock, database, carrier, clock."""

import getpass
import os
import secrets
import shlex
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.cli.edge import log_to_file
from lms_sync.errors import ConfigError, UsageError
from lms_sync.files import shared_with, write_private
from lms_sync.mail.carriers import configured_carrier
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.engine import DamagedDatabase, sqlite_file
from lms_sync.store.locks import FolderLock
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.store.workspace import Workspace
from lms_sync.text import did_you_mean
from lms_sync.workspace.settings.config import Config, read_config

STATE = "state"
WAS_HERE = "database_was_here"
"""In the folder of the state: that a database was there, so that one that vanished is not begun anew in silence."""


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@contextmanager
def open_workspace(
    folder: str, *, writes: bool = True, rehearsal: bool = False, clock: Callable[[], datetime] = now
) -> Iterator[Workspace]:
    """Open the workspace; a command that writes holds the lock, a rehearsal is undone at the end.

    Raises: ConfigError for wrong settings; Locked when another run holds the lock.
    """
    config = read_config(Path(folder))
    state = config.folder / STATE
    log_to_file(state)
    with ExitStack() as stack:
        stack.enter_context(shared_with(config.settings.reports.group))
        if writes:
            stack.enter_context(FolderLock(state / "lock").held())
        pseudonyms = Pseudonyms(config.identity_key())
        opening = Opening(
            config.settings.district.id,
            pseudonyms.check,
            clock(),
            rehearsal,
            config.store_password(),
            alone=writes,
            sealed=pseudonyms.of,
        )
        store = stack.enter_context(_opened(config, opening))
        if rehearsal:
            carrier = FolderCarrier(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-sync-"))), clock)
            yield Workspace(config, store, pseudonyms, carrier, clock, _token)
        else:
            yield Workspace(config, store, pseudonyms, configured_carrier(config, clock=clock), clock, _token)


@contextmanager
def _opened(config: Config, opening: Opening) -> Iterator[Store]:
    """Open the database, unless one was there before and is gone. Raises: ConfigError that says what to put back."""
    here, url = config.folder / STATE / WAS_HERE, config.store_url()
    file = sqlite_file(url)
    if here.exists() and file is not None and not (file.is_file() and file.stat().st_size):
        raise ConfigError(
            f"{file} is {'empty' if file.exists() else 'gone'}, and there was a database since {_first_seen(here)}",
            hint=f"{_put_back(config)} To begin with an empty one, remove {here}.",
        )
    try:
        with open_store(url, opening) as store:
            if not here.exists() and not opening.rehearsal:
                with suppress(OSError):
                    write_private(here, f"{opening.district_id} {opening.now:%Y-%m-%d}\n".encode())
            yield store
    except DamagedDatabase as error:
        raise ConfigError(str(error), hint=_put_back(config)) from error


def _first_seen(here: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return here.read_text(encoding="utf-8").split()[-1]
    return "an earlier run"


def _put_back(config: Config) -> str:
    # Imported here: a command that finds its database needs no backups.
    from lms_sync.operations.backup.make import backup_folder
    from lms_sync.operations.backup.manifest import backups

    found = backups(backup_folder(config))
    if not found:
        return "Put a backup of it back; lms-sync has made none in [backup] folder."
    return f"Put the newest backup back: `lms-sync db restore {shlex.quote(str(found[0][0]))} --replace`."


def _token() -> str:
    return secrets.token_hex(6)


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
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a day", hint="Write it like 2026-11-23.") from error


def instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return an instant written as 2026-11-23T06:00, in the district's zone unless it names its own.

    Raises: UsageError for anything else.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--known-at {text}: not an instant", hint="Write it like 2026-11-23T06:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
