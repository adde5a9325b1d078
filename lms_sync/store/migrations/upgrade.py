"""The database's history: one Alembic revision a change of `schema.py`, applied in the caller's transaction.

Alembic is imported only where something is to be changed: a database that is up to date is opened without it.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from lms_sync.errors import ConfigError

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the revisions of this program, oldest first: a revision's file begins with its number."""
    return tuple(sorted(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py")))


def newest() -> str:
    """Return the revision that this program's `schema.py` stands for."""
    return known_revisions()[-1]


def present_revision(connection: Connection) -> str | None:
    """Return the revision of the tables that are there; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(connection: Connection) -> None:
    """Bring the tables up to this program's revision, inside the transaction that `connection` is in.

    Raises: ConfigError when a newer program has already changed the database.
    """
    present = present_revision(connection)
    if present == newest():
        return
    if present is not None and present not in known_revisions():
        raise ConfigError(
            f"the database has revision {present}, which this version of lms-sync does not know",
            hint="A newer version has worked on it: install that version, or restore the backup made before.",
        )
    from alembic import command

    command.upgrade(alembic_settings(connection), "head")


def alembic_settings(connection: Connection) -> "Config":
    """Return what Alembic needs to run the revisions in the transaction that `connection` is in."""
    from alembic.config import Config

    settings = Config()
    # ConfigParser would take a % in the folder's name for the start of a variable.
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
