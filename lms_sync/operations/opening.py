"""Open a workspace: lock, database, carrier, clock. Whoever holds the lock says who it is and since when."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lms_sync.errors import ConfigError
from lms_sync.files import shared_with, write_private
from lms_sync.mail.carriers import configured_carrier
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.carrier import Carrier
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.backup.manifest import UNSETTLED
from lms_sync.operations.clock_behind import expect_later
from lms_sync.store.engine import DamagedDatabase, NoneOfOurs, sqlite_file
from lms_sync.store.known.agreed import keep, recall
from lms_sync.store.known.differences import found_to_agree
from lms_sync.store.locks import FolderLock, ServerLock
from lms_sync.store.pool import StorePool, open_pool
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line
from lms_sync.workspace.settings.config import Config

STATE = "state"
LOCK = "lock"
WAS_HERE = "database_was_here"
"""In the folder of the state: that a database was there, so that one that vanished is not begun anew in silence."""
AGREED = "log-agreed.json"
"""In the folder of the state: that the log of decisions and the database agreed, word for word as they were."""


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def _restored_again(config: Config) -> str:
    """Return the command that does a broken-off restore once more; a server's database is never replaced."""
    if sqlite_file(config.store_url()) is None:
        return "`lms-sync db restore BACKUP`, with a new, empty database in [store] url"
    return "`lms-sync db restore BACKUP --replace`"


@contextmanager
def opened(
    config: Config, *, lock_for: str = "", rehearsal: bool = False, clock: Callable[[], datetime] = now
) -> Iterator[Workspace]:
    """Open the workspace; `lock_for` names who writes and so holds the lock, a rehearsal is undone at the end.

    Raises: ConfigError for wrong settings; for who writes, Locked when another run holds the lock and SafetyStop when
    the clock stands before the last run.
    """
    state = config.folder / STATE
    if lock_for and (config.folder / UNSETTLED).exists():
        raise ConfigError(
            "restoring a backup was interrupted: what was queued in it is not held yet, and must not be sent",
            hint=f"Run it again: {_restored_again(config)}. Commands that only read work meanwhile. "
            f"Where it is still the database of before, remove {config.folder / UNSETTLED}.",
        )
    with ExitStack() as stack:
        stack.enter_context(shared_with(config.settings.reports.group))
        if lock_for:
            stack.enter_context(FolderLock(state / LOCK, who=lock_for).held())
        pseudonyms = Pseudonyms(config.identity_key())
        opening = Opening(
            config.settings.district.id,
            pseudonyms.check,
            clock(),
            rehearsal,
            config.store_password(),
            alone=bool(lock_for),
            keyed_hash=pseudonyms.of,
        )
        store = stack.enter_context(_open(config, opening))
        recall(store, state / AGREED, today=opening.now.date())
        carrier: Carrier
        if rehearsal:
            carrier = FolderCarrier(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-sync-"))), clock)
        else:
            carrier = configured_carrier(config, clock=clock)
        workspace = Workspace(config, store, pseudonyms, carrier, clock, token)
        if lock_for:
            expect_later(workspace)
        yield workspace
        agreed = found_to_agree(store, today=opening.now.date())
        if agreed and lock_for and not rehearsal:
            keep(state / AGREED, agreed)


@contextmanager
def opened_pool(config: Config, *, clock: Callable[[], datetime] = now) -> Iterator[StorePool]:
    """Open the workspace's database for many readers at once. Raises: ConfigError when it cannot be."""
    with opened(config, clock=clock):
        pass  # the tables are brought up to date, as by any command
    pseudonyms = Pseudonyms(config.identity_key())
    whose, password = config.settings.district.id, config.store_password()
    opening = Opening(whose, pseudonyms.check, clock(), password=password, keyed_hash=pseudonyms.of)
    with open_pool(config.store_url(), opening) as pool:
        yield pool


@contextmanager
def _open(config: Config, opening: Opening) -> Iterator[Store]:
    """Open the database, unless one was there before and is gone. Raises: ConfigError that says what to put back."""
    here, url = config.folder / STATE / WAS_HERE, config.store_url()
    file = sqlite_file(url)
    if here.exists() and file is not None and not (file.is_file() and file.stat().st_size):
        raise _gone(config, opening.now, f"{file} is {'empty' if file.exists() else 'gone'}")
    try:
        with open_store(url, replace(opening, was_here=here.exists())) as store:
            if not here.exists() and not opening.rehearsal:
                with suppress(OSError):
                    write_private(here, f"{opening.district_id} {opening.now:%Y-%m-%d}\n".encode())
            yield store
    except DamagedDatabase as error:
        raise ConfigError(str(error), hint=_put_back(config, opening.now)) from error
    except NoneOfOurs as error:
        if here.exists():
            raise _gone(config, opening.now, str(error)) from error
        raise ConfigError(str(error), hint="Name at [store] url a database that is lms-sync's alone.") from error


def _gone(config: Config, at: datetime, what: str) -> ConfigError:
    here = config.folder / STATE / WAS_HERE
    return ConfigError(
        f"{what}, and there was a database since {_first_seen(here)}",
        hint=f"{_put_back(config, at)} To begin with an empty one, remove {here}.",
    )


def _first_seen(here: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return here.read_text(encoding="utf-8").split()[-1]
    return "an earlier run"


def _put_back(config: Config, at: datetime) -> str:
    """Return which backup to put back: the newest, but one dated by a clock that was ahead only for want of others.

    Of those that are dated ahead the first knows nothing of what was recorded at a time to come.
    """
    # Imported here: a command that finds its database needs no backups.
    from lms_sync.operations.backup.make import backup_folder
    from lms_sync.operations.backup.manifest import backups

    found = backups(backup_folder(config))
    if not found:
        return "Put a backup of it back; lms-sync has made none in [backup] folder."
    chosen = next((place for place, manifest in found if manifest.made_at <= at), found[-1][0])
    passed = [place.name for place, manifest in found if manifest.made_at > at and place != chosen]
    says = f"Put the newest backup back: `{command_line('db restore', str(chosen), replace=True)}`."
    if passed:
        says += f" Passed over, as dated ahead of this machine's clock: {', '.join(passed)}."
    return says


def workspace_on(store: Store, config: Config, *, clock: Callable[[], datetime] = now) -> Workspace:
    """Return the workspace on a store that is open."""
    carrier = configured_carrier(config, clock=clock)
    return Workspace(config, store, Pseudonyms(config.identity_key()), carrier, clock, token)


def token() -> str:
    """Return a new unique token for ids."""
    return secrets.token_hex(6)


def is_being_written(workspace: Workspace) -> bool:
    """Tell whether a run that writes works on the district now; on a server, from whatever machine."""
    engine = workspace.store.connection.engine
    if engine.dialect.name == "postgresql":
        return ServerLock(engine, workspace.store.district_id).is_held()
    return FolderLock(workspace.config.folder / STATE / LOCK).is_held()
