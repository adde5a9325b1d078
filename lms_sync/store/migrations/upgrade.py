"""The database's history: one Alembic revision a change of `schema.py`, applied in the caller's transaction."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lms_sync.errors import ConfigError


def _settings(connection: Connection | None) -> Config:
    settings = Config()
    # ConfigParser would take a % in the folder's name for the start of a variable.
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


@cache
def newest() -> str:
    """Return the revision that this program's `schema.py` stands for."""
    return ScriptDirectory.from_config(_settings(None)).get_current_head() or ""


def upgrade(connection: Connection) -> None:
    """Bring the tables up to this program's revision, inside the transaction that `connection` is in.

    Raises: ConfigError when a newer program has already changed the database.
    """
    now = MigrationContext.configure(connection).get_current_revision()
    if now == newest():
        return
    known = {script.revision for script in ScriptDirectory.from_config(_settings(None)).walk_revisions()}
    if now is not None and now not in known:
        raise ConfigError(
            f"the database has revision {now}, which this version of lms-sync does not know",
            hint="A newer version has worked on it: install that version, or restore the backup made before.",
        )
    command.upgrade(_settings(connection), "head")
