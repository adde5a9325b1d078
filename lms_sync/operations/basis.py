"""What a night's conclusions rest on, in short: while all of it is as it was, the last night's conclusions stand.

That is so for a second run on one day, after which nothing was changed by anybody: the files, the settings, the
program and its rules, and what the store holds are the same, and so is the day. What is remembered lies in a file
beside the database and holds hashes, numbers and ids of partners only; without it the next night concludes anew.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

from lms_sync.files import write_private
from lms_sync.operations.contents import below, contents_of
from lms_sync.operations.summary import NightStanding
from lms_sync.operations.upgrade import rule_versions, standings
from lms_sync.store.known.differences import differences_rest_on, rested_on, words_compared
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

REMEMBERED = "state/unchanged.json"
"""Where it lies, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What tonight's conclusions rest on besides the data in the store."""

    mark: str

    @classmethod
    def of(cls, workspace: Workspace, *, as_of: date) -> "Basis":
        """Return what the files that people edit or hand in, settings, program and day are now."""
        config = workspace.config
        folders = (config.path(config.settings.reports.folder), config.kept_files[0])
        parts = (*contents_of(config), *(part for folder in folders for part in below(folder)), as_of.isoformat())
        return cls(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())

    def standing(self, workspace: Workspace) -> NightStanding | None:
        """Return how everybody stood on the last night; None where anything is other than at its end."""
        try:
            kept = json.loads(_file(workspace).read_text())
            states = tuple((str(state), int(number)) for state, number in kept["states"])
            due = {str(partner_id): tuple(map(int, places)) for partner_id, places in kept["due"].items()}
            standing = NightStanding(states, int(kept["not_ours"]), due=due)
            basis, state = str(kept["basis"]), [str(part) for part in kept["state"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return None
        same = basis == self.mark and all(
            before == now for before, now in zip_longest(state, _state_now(workspace.store), fillvalue="")
        )
        return standing if same else None

    def remember(self, workspace: Workspace, standing: NightStanding) -> None:
        """Make this what the next night compares with; nothing in a dry run."""
        if not workspace.store.rehearsal:
            kept = {"states": standing.states, "not_ours": standing.not_ours, "due": standing.due}
            kept |= {"basis": self.mark, "state": [*_marks(workspace.store), rested_on(workspace.store)]}
            write_private(_file(workspace), json.dumps(kept).encode())


def _state_now(store: Store) -> Iterator[str]:
    """Yield the store's data in short, and what the log of decisions and the database tell of each other.

    What is remembered of the latter is that on which the night's conclusions rest: what somebody rewrites after it
    was read is another state for the next night.
    """
    yield from _marks(store)
    yield differences_rest_on(store, words_compared(store))


def _marks(store: Store) -> Iterator[str]:
    return store.state.marks(without=(rule_versions.KIND, standings.KIND))


def forget(workspace: Workspace) -> None:
    """Have the next night conclude anew; nothing in a dry run."""
    if not workspace.store.rehearsal:
        _file(workspace).unlink(missing_ok=True)


def _file(workspace: Workspace) -> Path:
    return workspace.config.folder / REMEMBERED
