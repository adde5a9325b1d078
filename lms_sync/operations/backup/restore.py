"""Put a backup back, into an empty place or in place of a database that is kept aside; settle what it can't know."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lms_sync.errors import ConfigError, UsageError
from lms_sync.files import copy_private, new_private_folder, private_folder, shared_folder, write_private, write_whole
from lms_sync.mail.posting import held_anew
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.model.log import DecisionKind
from lms_sync.operations.backup.make import backup_folder, problems
from lms_sync.operations.backup.manifest import (
    DATABASE,
    DOCUMENTS,
    EDITED,
    UNSETTLED,
    Manifest,
    place_of,
    read_manifest,
)
from lms_sync.operations.retention.decide import planned_purge, purge
from lms_sync.operations.retention.record import PURGE, Purge, purges
from lms_sync.store.engine import sqlite_file
from lms_sync.store.store import Store
from lms_sync.store.upkeep import DUMPED, expect_empty, fill_database
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import FILE_NAME, Config

PURGES = "purges.json"
"""Beside the backups: which purges were done."""


@dataclass(frozen=True, slots=True)
class Newer:
    """What the database that is replaced knew, and the backup does not."""

    log_entries: int = 0
    """Human decisions."""
    nights: int = 0
    sent: tuple[str, ...] = ()
    """Ids of deliveries that were sent since."""
    purges: tuple[Purge, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.log_entries or self.nights or self.sent or self.purges)


def read_backup(place: Path) -> Manifest:
    """Return a backup's manifest, its files held against it. Raises: UsageError where it is not whole."""
    manifest = read_manifest(place)
    if found := problems(place, manifest):
        raise UsageError(f"{place} is not complete: {'; '.join(found[:5])}", hint="Take another backup.")
    return manifest


def put_edited(place: Path, manifest: Manifest, folder: Path) -> tuple[str, ...]:
    """Write what people edit into an empty workspace, and return the names; nothing where there are settings already.

    A file that is there stays as it is. The settings come last: where they are, all is.
    """
    if (folder / FILE_NAME).exists():
        return ()
    written = []
    edited = (file for file in manifest.files if file.part == EDITED)
    for file in sorted(edited, key=lambda file: file.name == FILE_NAME):
        target = folder / file.name
        if not target.exists():
            shared_folder(target.parent)
            write_whole(target, place_of(place, file).read_bytes())
            written.append(file.name)
    return tuple(written)


def newer_than(store: Store, manifest: Manifest) -> Newer:
    """Return what a database knows that the backup does not."""
    since = manifest.made_at
    sent = [d.delivery_id for d in store.deliveries.listed(DeliveryState.SENT) if d.changed_at > since]
    nights = store.runs.since("nightly", since)
    entries = store.audit.head()[0] - manifest.log_entries
    return Newer(max(0, entries), len(nights), tuple(sent), purges_since(store, since.date()))


def purges_since(store: Store, day: date) -> tuple[Purge, ...]:
    """Return the purges that were done on `day` or later."""
    return tuple(purge for purge in purges(store) if purge.on >= day)


def put_back(config: Config, place: Path, manifest: Manifest, *, replace: bool, now: datetime) -> Path | None:
    """Copy a backup's database and documents to where the settings want them; return where the old one went.

    On a server the database must be empty, and the old one stays under its own name. Until `settled` nothing that
    writes runs.
    Raises: ConfigError, UsageError for another district's backup, a database that is there and is not to be
    replaced, or another engine; then nothing was changed.
    """
    target = sqlite_file(config.store_url())
    (database,) = (file for file in manifest.files if file.part == DATABASE)
    if manifest.district != config.settings.district.id:
        raise UsageError(
            f"{place} is district {manifest.district}'s, and this workspace is {config.settings.district.id}'s",
            hint="Restore it into a workspace of its own.",
        )
    if (target is None) != (database.name == DUMPED):
        raise UsageError(
            f"{place} is of {'SQLite' if target is None else 'PostgreSQL'}, and [store] url is another engine",
            hint="Name an address of the same engine in lms_sync.toml; nothing copies one into the other.",
        )
    if target is not None and target.exists() and not replace:
        raise UsageError(
            f"{target} is there already", hint="Look with -n what it knows that the backup does not; then --replace."
        )
    if target is None:
        expect_empty(config.store_url(), config.store_password())
    try:
        _copy_documents(config, place, manifest)
        private_folder((config.folder / UNSETTLED).parent)
        write_private(config.folder / UNSETTLED, f"{place}\n".encode())
        if target is not None:
            return _copied(place_of(place, database), target, now=now)
    except OSError as error:
        raise ConfigError(
            f"the backup cannot be put back ({error.strerror}: {error.filename})", hint="Is there room on the disk?"
        ) from error
    try:
        fill_database(config.store_url(), config.store_password(), place_of(place, database))
    except UsageError:
        settled(config)  # nothing was put back
        raise
    return None


def _copy_documents(config: Config, place: Path, manifest: Manifest) -> None:
    documents, *_ = config.kept_files
    for file in (file for file in manifest.files if file.part == DOCUMENTS):
        if not (documents / file.name).exists():
            new_private_folder(documents)
            part = documents / f".{file.name}.part"
            copy_private(place_of(place, file), part)
            part.replace(documents / file.name)


def _copied(copy: Path, target: Path, *, now: datetime) -> Path | None:
    """Put a copy in the place of a database; return where the old one went."""
    new_private_folder(target.parent)
    part = target.with_name(f".{target.name}.part")
    copy_private(copy, part)
    old = _aside(target, now)
    part.replace(target)
    return old


def _aside(target: Path, now: datetime) -> Path | None:
    """Rename a database that is there, with what SQLite keeps beside it."""
    if not target.exists():
        return None
    old = target.with_name(f"{target.stem}-replaced-{now:%Y%m%dT%H%M%S}{target.suffix}")
    for ending in ("", "-wal", "-shm", "-journal"):
        beside = target.with_name(target.name + ending)
        if beside.exists():
            beside.replace(old.with_name(old.name + ending))
    return old


def settled(config: Config) -> None:
    """Let commands write again: what was put back is settled."""
    (config.folder / UNSETTLED).unlink(missing_ok=True)


def settle_restored(
    workspace: Workspace, author: Author, *, manifest: Manifest, again: tuple[Purge, ...]
) -> tuple[Delivery, ...]:
    """Hold what was queued or being sent when the backup was made, and log that it was put back.

    A message that was on its way then may have gone since; a person looks before it goes (again). `again` are the
    purges that will be done again. Returns the deliveries that are held.
    Raises: UsageError where the database is not as the backup has it.
    """
    with workspace.store.transaction():
        store = workspace.store
        if store.audit.head() != (manifest.log_entries, manifest.log_head):
            raise UsageError(
                "the database is not the one of this backup: its log ends otherwise",
                hint="`lms-sync db restore BACKUP --replace` puts the backup's own in its place.",
            )
        waiting = store.deliveries.listed(DeliveryState.QUEUED, DeliveryState.SENDING)
        detail = "the database was restored from a backup; it may have been sent since"
        held = tuple(held_anew(store.deliveries, delivery, detail, at=author.at) for delivery in waiting)
        after = {"held": [delivery.delivery_id for delivery in held], "purges": [str(p.cutoff) for p in again]}
        store.audit.add(DecisionKind.RESTORE, "database", author, before=None, after=after)
    return held


def purge_again(workspace: Workspace, again: tuple[Purge, ...], *, author: Author) -> tuple[date, ...]:
    """Do purges again that the backup does not know of, and return the days before which was purged.

    Raises: what a purge raises; those before it are done.
    """
    done = []
    for earlier in again:
        plan = planned_purge(workspace, earlier.cutoff)
        if not plan.empty:
            purge(workspace, author, plan=plan)
            done.append(earlier.cutoff)
    return tuple(done)


def note_purge(folder: Path, purge: Purge) -> None:
    """Write beside the backups that a purge was done, which those made before it do not know of."""
    if folder.is_dir():
        noted = [*_noted(folder), PURGE.plain(purge)]
        write_whole(folder / PURGES, json.dumps(noted, indent=1, ensure_ascii=False).encode())


def purges_noted(folder: Path, since: datetime, *, known: tuple[Purge, ...] = ()) -> tuple[Purge, ...]:
    """Return the purges noted beside the backups that were done after `since` and are not `known` otherwise."""
    found = (PURGE.read(noted) for noted in _noted(folder))
    return tuple(purge for purge in found if purge.on >= since.date() and purge not in known)


def noted_since(config: Config, place: Path, manifest: Manifest, *, known: tuple[Purge, ...]) -> tuple[Purge, ...]:
    """Return the purges that a backup does not know of: those `known` otherwise, and those noted beside backups."""
    found = list(known)
    for folder in dict.fromkeys((place.resolve().parent, backup_folder(config).resolve())):
        found += purges_noted(folder, manifest.made_at, known=tuple(found))
    return tuple(found)


def _noted(folder: Path) -> list[Any]:
    try:
        found = json.loads((folder / PURGES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []
