"""Make a backup while others work, read it back, and let the oldest go."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from lms_sync.errors import ConfigError, LmsSyncError, UsageError
from lms_sync.files import PRIVATE_FOLDER, copy_private, new_private_folder, private_folder, write_private
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.backup.manifest import (
    DATABASE,
    DOCUMENTS,
    EDITED,
    NAMED,
    BackedUp,
    Manifest,
    backups,
    broken_off,
    described,
    hash_of,
    place_of,
    write_manifest,
)
from lms_sync.store.upkeep import COPIED, copy_database, problems_of_file, revision_of
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day
from lms_sync.workspace.settings.config import FILE_NAME, IDENTITY_KEY, Config

log = logging.getLogger(__name__)
FAILED = "backup-failed"
MADE_IN = "state/backups_are_in"
"""In the workspace: where its backups were made, so that they do not go beside a disk that is not mounted."""
AT_WORK = timedelta(hours=12)
"""A backup that was begun longer ago than this, and is not whole, was broken off."""


def make_backup(workspace: Workspace, into: Path | None = None) -> tuple[Path, Manifest]:
    """Copy the database, the filed documents and what people edit into a new folder; return it and what it holds.

    The identity key is not copied. Each file is read back. What killed backups have left half made goes.
    Raises: ConfigError, UsageError where that can't be done; what was begun is removed.
    """
    config, now = workspace.config, workspace.clock()
    folder = into or backup_folder(config)
    here = now.astimezone(workspace.zone)
    place = folder / here.strftime(NAMED)
    _expect_mounted(config, folder)
    for half in broken_off(folder, here - AT_WORK):
        log.info("%s is removed: the backup was broken off", half)
        shutil.rmtree(half, ignore_errors=True)
    try:
        if not folder.is_dir():  # one that is there may be others' too: a disk, a share
            private_folder(folder)
        place.mkdir(mode=PRIVATE_FOLDER)
    except FileExistsError as error:
        raise UsageError(f"{place} is there already", hint="Wait a second, or name another folder.") from error
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written ({error.strerror})", hint="See [backup] folder.") from error
    try:
        manifest = _filled(workspace, place, now=now)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise ConfigError(f"{place} cannot be written ({error.strerror})", hint="Is the disk full?") from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    if into is None:
        with suppress(OSError):  # a workspace that can only be read
            write_private(config.folder / MADE_IN, str(folder).encode())
    return place, manifest


def _expect_mounted(config: Config, folder: Path) -> None:
    """Refuse a folder that is gone though backups were made in it. Raises: ConfigError."""
    try:
        made_in = (config.folder / MADE_IN).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    if made_in == str(folder) and not folder.is_dir():
        raise ConfigError(
            f"{folder} is gone, and backups were made in it",
            hint="Is its disk mounted? Otherwise make the folder again.",
        )


def backup_folder(config: Config) -> Path:
    """Return where the settings put backups."""
    return config.path(config.settings.backup.folder)


def _filled(workspace: Workspace, place: Path, *, now: datetime) -> Manifest:
    config, store = workspace.config, workspace.store
    number, head = store.audit.head()
    revision = revision_of(store)
    store.let_go()
    new_private_folder(place / DATABASE)
    copy = copy_database(config.store_url(), config.store_password(), place / DATABASE)
    files = [described(DATABASE, copy.name, copy)]
    # After the database: a document that is filed meanwhile is then here and in no row, which harms nobody.
    files += _documents(config, place / DOCUMENTS)
    files += _edited(config, place / EDITED)
    manifest = Manifest(
        district=config.settings.district.id,
        made_at=now,
        program=version("lms-sync"),
        revision=revision,
        log_entries=number,
        log_head=head,
        key_at=_key_at(config),
        files=tuple(files),
    )
    if found := problems(place, manifest):
        raise ConfigError(
            f"the backup does not read back: {found[0]}", hint="Check the disk; see `lms-sync db check`."
        )
    write_manifest(place, manifest)
    return manifest


def _documents(config: Config, into: Path) -> Iterator[BackedUp]:
    folder, *_ = config.kept_files
    for source in sorted(folder.iterdir()) if folder.is_dir() else ():
        # What the vault is still writing begins with a dot.
        if source.is_file() and not source.name.startswith("."):
            new_private_folder(into)
            yield _taken(source, into, DOCUMENTS, source.name)


def _edited(config: Config, into: Path) -> Iterator[BackedUp]:
    settings = config.settings
    named = [FILE_NAME, settings.roster.path, settings.mappings.courses]
    folders = [settings.mappings.layouts, settings.reports.folder]
    for name in named:
        if not Path(name).is_absolute() and (config.folder / name).is_file():
            yield _taken(config.folder / name, into, EDITED, Path(name).as_posix())
    for name in folders:
        base = config.folder / name
        for source in sorted(base.rglob("*")) if base.is_dir() and not Path(name).is_absolute() else ():
            if source.is_file() and not source.is_symlink():
                yield _taken(source, into, EDITED, source.relative_to(config.folder).as_posix())


def _taken(source: Path, into: Path, part: str, name: str) -> BackedUp:
    place = into / name
    new_private_folder(place.parent)
    copy_private(source, place)
    return described(part, name, place)


def _key_at(config: Config) -> str:
    if os.environ.get(IDENTITY_KEY):
        return f"the environment variable {IDENTITY_KEY}"
    return f"the file {config.path(config.settings.store.key_file)}"


def problems(place: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return what is wrong with a backup's files; empty for a whole one."""
    found = []
    for file in manifest.files:
        at = place_of(place, file)
        if not at.is_file():
            found.append(f"{file.part}/{file.name} is missing")
        elif hash_of(at) != file.sha256:
            found.append(f"{file.part}/{file.name} was changed")
        elif file.part == DATABASE and file.name == COPIED:
            found += [f"the database: {problem}" for problem in problems_of_file(at, thorough=False)]
    return tuple(found)


def rotate(folder: Path, keep: int, *, now: datetime) -> tuple[Path, ...]:
    """Remove the oldest backups beyond `keep`, and return which went.

    Those that a clock which was ahead has dated go before all others.
    """
    ordered = sorted(backups(folder), key=lambda backup: backup[1].made_at > now)
    gone = tuple(place for place, _ in ordered[keep:])
    for place in gone:
        shutil.rmtree(place)
    return gone


def nightly_backup(workspace: Workspace) -> tuple[Finding, ...]:
    """Make tonight's backup where one is due and let the oldest go; return what hindered it, as a finding for HR."""
    settings = workspace.config.settings.backup
    folder = backup_folder(workspace.config)
    now = workspace.clock()
    last = next((manifest.made_at for _, manifest in backups(folder) if manifest.made_at <= now), None)
    # An hour short of the days, so that a night that begins a little earlier makes one too.
    wait = timedelta(days=settings.every_days) - timedelta(hours=1)
    if workspace.store.rehearsal or not settings.every_days or (last is not None and now - last < wait):
        return ()
    try:
        make_backup(workspace)
        rotate(folder, settings.keep, now=workspace.clock())
    except (LmsSyncError, OSError) as error:
        return (_not_made(error, last),)
    return ()


def _not_made(error: LmsSyncError | OSError, last: datetime | None) -> Finding:
    when = f"the last one is of {written_day(last.date())}" if last else "there is none yet"
    return Finding(
        Area.CONFIG,
        FAILED,
        "backup",
        f"{error}; {when}",
        expected="a backup that reads back",
        remedy="Make room, or correct [backup] folder in lms_sync.toml; then `lms-sync db backup`.",
    )
