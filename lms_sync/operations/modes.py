"""Who may look: files and folders that others may open though they should not, and the key beside its database."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from lms_sync.files import OTHERS, file_name, narrow, user_folder, wider
from lms_sync.sources.diagnosis import Check, good, note
from lms_sync.store.engine import SQLITE
from lms_sync.text import in_shell
from lms_sync.workspace.settings.config import FILE_NAME, IDENTITY_KEY, Config, secret_places
from lms_sync.workspace.settings.secrets import secret_files

MOST_NAMED = 5
SHARED = 0o777 & ~OTHERS
"""What owner and group may do with files that people keep."""
EDITED = 0o775
"""What stands in no file about people may be read by others, and changed by none of them."""


def modes(config: Config, *, fix: bool) -> Iterator[Check]:
    """Give whether others may open what they should not, which `fix` ends, and whether the key lies apart."""
    wide = {path: allowed for path, allowed in _places(config) if wider(path, allowed)}
    narrowed = [path for path, allowed in wide.items() if fix and narrow(path, allowed)]
    left = [path for path in wide if path not in narrowed]
    if narrowed:
        yield good("rights", f"narrowed: {_named(narrowed)}")
    if left:
        yield note(
            "rights",
            f"others may open {_named(left)}",
            "`lms-sync doctor --fix` takes those rights away; what another account owns, that one must narrow.",
        )
    elif not wide:
        yield good("rights", "database, keys, outbox, documents and logs are this account's alone")
    yield from _key(config)


def _places(config: Config) -> Iterator[tuple[Path, int]]:
    """Give (path, the rights that owner and group may have) of what is kept, and of what people keep."""
    settings = config.settings
    named = (settings.mail.folder, settings.documents.folder, settings.backup.folder)
    kept = [config.folder / "state", *map(config.path, named)]
    for folder in kept:
        yield from ((path, 0o700) for path in (folder, *_inside(folder)))
    if settings.store.url.startswith(SQLITE):
        database = config.path(settings.store.url.removeprefix(SQLITE))
        yield from ((database.with_name(database.name + end), 0o700) for end in ("", "-wal", "-shm", "-journal"))
    for name in (settings.store.key_file, *secret_files(config)):
        yield from ((place, 0o700) for place in secret_places(name, config.folder)[:1])
    out = config.folder / "out"
    yield from (
        (path, SHARED) for path in (config.path(settings.roster.path), config.path("inbox"), out, *_inside(out))
    )
    for name in (FILE_NAME, settings.mappings.courses, settings.mappings.layouts, settings.reports.folder):
        edited = config.path(name)
        yield from ((path, EDITED) for path in (edited, edited.parent, *_inside(edited)))


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place) / name for name in (*folders, *files))


def _named(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return ", ".join(map(str, paths[:MOST_NAMED])) + more


def _key(config: Config) -> Iterator[Check]:
    place = secret_places(config.settings.store.key_file, config.folder)[0]
    if os.environ.get(IDENTITY_KEY) or not place.is_file():
        return
    if not place.resolve().is_relative_to(config.folder):
        yield good("key", f"{place} is kept apart from the database")
        return
    target = user_folder() / file_name(config.settings.district.id, config.folder.name, ending=".key")
    folder, old, new = (in_shell(str(path)) for path in (target.parent, place, target))
    yield note(
        "key",
        f"{place} is inside the workspace: anybody with a backup of that folder can undo the hashes of learners",
        f"As the account that runs the night: mkdir -p -m 700 {folder} && mv -n {old} {new}"
        f' ; then write key_file = "{target.as_posix()}" under [store] in {FILE_NAME}. Old backups still hold both.',
    )
