"""Whether the machine's clock stands before what the database was written at: then one of the two is wrong.

What was recorded at a time to come counts for nobody until then, and a report of a wrong day tells a partner who is
overdue on that day. So nothing is stored, decided or sent by such a clock; what only reads still works.
"""

from datetime import timedelta

from lms_sync.errors import SafetyStop
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, written_minute

BEHIND = timedelta(hours=1)
"""A clock that is set right may go back by as much: what was recorded just before counts again an hour later."""


def expect_later(workspace: Workspace) -> None:
    """Expect all runs to lie before now. Raises: SafetyStop that says both times, and what to do."""
    now, newest = workspace.clock(), workspace.store.runs.newest()
    if newest is None or newest <= now + BEHIND:
        return
    here, then = (written_minute(instant.astimezone(workspace.zone)) for instant in (now, newest))
    raise SafetyStop(
        f"this machine's clock says {here}, but the last run here was at {then}: one of the two is wrong;"
        " nothing was done",
        hint="If the clock is wrong, set it (NTP). If it was wrong then, what was recorded by it counts for nobody"
        f" before that day: the backup made before it has to be put back. {_put_back(workspace)}",
    )


def _put_back(workspace: Workspace) -> str:
    """Return how to get rid of what was recorded at a time to come.

    A night makes its backup before anything else: the first of those that lie ahead knows nothing of that time.
    """
    # Imported here: a command that finds the clock right needs no backups.
    from lms_sync.operations.backup.make import backup_folder
    from lms_sync.operations.backup.manifest import backups

    found, now = backups(backup_folder(workspace.config)), workspace.clock()
    ahead = [place for place, manifest in found if manifest.made_at > now]
    before = [place for place, manifest in found if manifest.made_at <= now]
    chosen = next(iter((*reversed(ahead), *before)), None)
    if chosen is None:
        return "lms-sync has made none in [backup] folder."
    return f"`{command_line('db restore', str(chosen), replace=True)}` does so."
