"""db: bring the database up to this program, back it up, look it over, put a backup back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.opening import open_workspace, who
from lms_sync.cli.options import NamedPath, by_option, dry_run, pass_folder
from lms_sync.cli.show import print_table
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, ConfigError
from lms_sync.files import private_folder, shared_folder
from lms_sync.model.author import Author
from lms_sync.operations.backup.look_over import look_over
from lms_sync.operations.backup.make import backup_folder, make_backup
from lms_sync.operations.backup.manifest import Manifest, broken_off
from lms_sync.operations.backup.manifest import backups as listed
from lms_sync.operations.backup.restore import (
    Newer,
    newer_than,
    noted_since,
    purge_again,
    put_back,
    put_edited,
    read_backup,
    settle_restored,
    settled,
)
from lms_sync.operations.cleaning.once import clean_once
from lms_sync.operations.opening import STATE, now, opened
from lms_sync.operations.upgrade.during_night import keep_judged_anew, rules_of_reading_changed
from lms_sync.operations.upgrade.status import findings
from lms_sync.store.engine import sqlite_file
from lms_sync.store.locks import FolderLock
from lms_sync.text import written_day, written_minute
from lms_sync.workspace.settings.config import FILE_NAME, read_config


@click.command(
    epilog="""\b
Examples:
  lms-sync db upgrade -n        what the new rules change; nothing is stored
  lms-sync db upgrade
"""
)
@dry_run
@pass_folder
def upgrade(folder: str, *, dry_run: bool) -> int:
    """Update the tables, and list whose standing changes because the program has new rules.

    Mail to these people's partners is held until HR accepts the finding (`worklist accept`). A night does the same.
    """
    with open_workspace(folder, rehearsal=dry_run) as workspace:
        change = keep_judged_anew(workspace, now=workspace.clock())
        read_anew = rules_of_reading_changed(workspace.store)
        cleaned = clean_once(workspace, now=workspace.clock())
    if dry_run:
        click.echo("Dry run: nothing was stored.")
    if read_anew:
        click.echo("The next night reads the files by new rules; lms-sync nightly -n shows what they change.")
    if cleaned and cleaned.changes:
        rows = ", ".join(f"{number} of {table}" for table, number in cleaned.counts.items())
        click.echo(f"Rows that hold what this version does not keep, cleaned: {rows}.")
    if cleaned and cleaned.kept:
        click.echo(f"Rows that stay as they are, because a hold covers them or may: {cleaned.kept}.")
    if change is None:
        click.echo("The tables are up to date, and the rules change nobody's standing.")
        return EXIT_DONE
    for finding in findings([change]):
        click.echo(f"{finding.where}: {len(change.lines)} people are judged otherwise by the same facts.")
    for line in change.lines:
        click.echo(f"  {line}")
    if change.unrecorded:
        click.echo(f"Nothing was recorded of: {', '.join(change.unrecorded)}")
    return EXIT_FINDINGS


@click.command(
    epilog="""\b
Examples:
  lms-sync db backup
  lms-sync db backup -o /mnt/backups/lms-sync
"""
)
@click.option("-o", "--output", type=NamedPath(file_okay=False), help="Into this folder. [default: [backup] folder]")
@pass_folder
def backup(folder: str, *, output: str | None) -> None:
    """Copy the database, the filed documents and what people edit, and check the copy. Others may go on working."""
    with open_workspace(folder, writes=False) as workspace:
        place, manifest = make_backup(workspace, Path(output) if output else None)
    click.echo(f"{place}: {len(manifest.files)} files, {manifest.size / 1_000_000:,.1f} MB, read back and complete.")
    click.echo(f"The identity key is not in it: it is {manifest.key_at}. Keep a copy of it in another place.")


@click.command(
    epilog="""\b
Examples:
  lms-sync db backups
"""
)
@pass_folder
def backups(folder: str) -> None:
    """List the backups, the newest first."""
    config = read_config(Path(folder))
    found = listed(backup_folder(config))
    zone = ZoneInfo(config.settings.district.zone)
    rows = [
        [
            str(place),
            written_minute(m.made_at.astimezone(zone)),
            f"{m.size / 1_000_000:,.1f} MB",
            f"{m.log_entries}:{m.log_head[:16]}",
        ]
        for place, m in found
    ]
    half = broken_off(backup_folder(config), now().astimezone(zone))
    if half:
        names = ", ".join(place.name for place in half)
        click.echo(f"Incomplete (being made, or interrupted): {names}. The next backup removes what was broken off.")
    if rows:
        print_table(["Folder", "Made", "Size", "Head of the log"], rows)
    else:
        click.echo(f"There is none in {backup_folder(config)}. `lms-sync db backup` makes one.")


@click.command(
    epilog="""\b
Examples:
  lms-sync db check
"""
)
@pass_folder
def check(folder: str) -> int:
    """Check the whole database: its pages and indexes, its tables, the log, the filed documents."""
    with open_workspace(folder, writes=False) as workspace:
        found = look_over(workspace)
    for problem in found:
        click.echo(f"✗ {problem}")
    if found:
        click.echo("See docs/operators.md, Backup: `lms-sync db restore` puts a backup back.")
        return EXIT_FINDINGS
    click.echo("Sound: pages, indexes, tables, the log, every filed document.")
    return EXIT_DONE


@click.command(
    epilog="""\b
Examples:
  lms-sync -w new-place db restore /mnt/backups/lms-sync/2026-11-26T021503
  lms-sync db restore backups/2026-11-26T021503 -n
  lms-sync db restore backups/2026-11-26T021503 --replace --reason "the disk broke on Friday"
"""
)
@click.argument("backup_dir", metavar="BACKUP", type=click.Path(file_okay=False))
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would happen, and what the backup lacks.")
@click.option(
    "--replace", is_flag=True, help="Where there is a database: keep it under another name, and replace it."
)
@click.option("--reason", default="restored from a backup", show_default=True, help="Why; kept in the log.")
@by_option
@pass_folder
def restore(folder: str, *, backup_dir: str, dry_run: bool, replace: bool, reason: str, by: str) -> None:
    """Restore a backup: into an empty folder, or in place of a database, which is kept under another name.

    Messages that were waiting when it was made are held. Purges done since then are done again.
    """
    place, workspace_folder = Path(backup_dir), Path(folder)
    manifest = read_backup(place)
    click.echo(f"{place}: made {written_minute(manifest.made_at)} UTC, {len(manifest.files)} files, complete.")
    if not (workspace_folder / FILE_NAME).exists() and not dry_run:
        shared_folder(workspace_folder)
        for name in put_edited(place, manifest, workspace_folder):
            click.echo(f"  {name} put back")
    newer = _newer(folder, manifest)
    _say_newer(newer)
    if dry_run:
        click.echo("Dry run: nothing was changed.")
        return
    config, author = read_config(workspace_folder), Author(who(by), reason, now())
    click.echo(f"The identity key is in no backup: it was {manifest.key_at}, and must be here too.")
    config.identity_key()  # first: without it nothing that was put back could be opened
    again = noted_since(config, place, manifest, known=newer.purges)
    # One lock over all of it: no night may send what is queued in a backup before it is held.
    with _locked(workspace_folder):
        old = put_back(config, place, manifest, replace=replace, now=now())
        click.echo(f"The database that was there is now {old}." if old else "The database is in its place.")
        with opened(config) as workspace:
            for delivery in settle_restored(workspace, author, manifest=manifest, again=again):
                click.echo(f"{delivery.delivery_id} {delivery.state.value}: {delivery.detail}")
            for cutoff in purge_again(workspace, again, author=author):
                click.echo(f"Purged again: everything from before {written_day(cutoff)}.")
        settled(config)
    click.echo("Look at `lms-sync status`, `lms-sync outbox list` and `lms-sync db check` before the next night.")


def _newer(folder: str, manifest: Manifest) -> Newer:
    """Return what the database that is there knows beyond a backup; nothing where there is none that opens."""
    target = sqlite_file(read_config(Path(folder)).store_url()) if (Path(folder) / FILE_NAME).exists() else None
    if target is None or not target.exists():
        return Newer()
    try:
        with open_workspace(folder, writes=False) as workspace:
            return newer_than(workspace.store, manifest)
    except ConfigError as error:
        click.echo(f"What the present database holds cannot be read: {error}")
        return Newer()


def _say_newer(newer: Newer) -> None:
    if not newer:
        return
    click.echo("The backup does not know what has happened since:")
    click.echo(f"  nights: {newer.nights}; decisions of people: {newer.log_entries} (`lms-sync log show` lists them)")
    for delivery_id in newer.sent:
        click.echo(f"  {delivery_id} was sent")
    for purge in newer.purges:
        click.echo(
            f"  purged on {written_day(purge.on)} from before {written_day(purge.cutoff)}: {purge.reason};"
            " it is done again"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    private_folder(folder / STATE)
    with FolderLock(folder / STATE / "lock").held():
        yield
