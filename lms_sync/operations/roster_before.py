"""The roster of before, against which a new one is held: ids that lost their zeros, people who are gone."""

from contextlib import suppress
from dataclasses import dataclass

from lms_sync.errors import LmsSyncError
from lms_sync.model.roster import Roster
from lms_sync.operations.opening import STATE, WAS_HERE, opened
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Config


@dataclass(frozen=True, slots=True)
class RosterBefore:
    """What the database knows of rosters."""

    ids: frozenset[str]
    """Of partners, agreements and people that were ever on one."""
    roster: Roster
    """The one in force."""


def known_ids(store: Store) -> frozenset[str]:
    """Return the ids of partners, agreements and people that were ever on the roster."""
    return frozenset(key for kind in ("partner", "agreement", "person") for key in store.facts.keys_ever(kind))


def roster_before(config: Config) -> RosterBefore | None:
    """Return what is known of a workspace's rosters; None where there is no database yet, or none to be read now."""
    if (config.folder / STATE / WAS_HERE).exists():
        with suppress(LmsSyncError), opened(config) as workspace:
            return RosterBefore(known_ids(workspace.store), read_roster(workspace.store))
    return None
