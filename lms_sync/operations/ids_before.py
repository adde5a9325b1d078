"""Which ids the roster had before: those stay, and one that lost its leading zeros is told from a new one."""

from contextlib import suppress

from lms_sync.errors import LmsSyncError
from lms_sync.operations.opening import STATE, WAS_HERE, opened
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Config


def known_ids(store: Store) -> frozenset[str]:
    """Return the ids of partners, agreements and people that were ever on the roster."""
    return frozenset(key for kind in ("partner", "agreement", "person") for key in store.facts.keys_ever(kind))


def ids_before(config: Config) -> frozenset[str] | None:
    """Return the same for a workspace; None where there is no database yet, or none that can be read now."""
    if (config.folder / STATE / WAS_HERE).exists():
        with suppress(LmsSyncError), opened(config) as workspace:
            return known_ids(workspace.store)
    return None
