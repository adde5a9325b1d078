"""What a night's conclusions rest on, in short: while all of it is as it was, the last night's conclusions stand.

That is so for a second run on one day, after which nothing was changed by anybody: the files, the settings, the
program and its rules, and what the store holds are the same, and so is the day. What is remembered lies in a file
beside the database and holds hashes and numbers only; without it the next night concludes anew.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms_sync.files import write_private
from lms_sync.operations.contents import below, contents_of
from lms_sync.operations.summary import NightStanding
from lms_sync.operations.upgrade import rule_versions, standings
from lms_sync.store.known.differences import differences_rest_on
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace

REMEMBERED = "state/unchanged.json"
"""Where it lies, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What tonight's conclusions rest on besides the data in the store."""

    mark: str
    head: tuple[int, str]
    """Number and hash of the log's newest entry when the night began."""
    words: str
    """Of the log at that time; one that somebody rewrites later is another basis for the next night."""

    @classmethod
    def of(cls, workspace: Workspace, *, as_of: date) -> "Basis":
        """Return what the files that people edit or hand in, settings, program, log and day are now."""
        config = workspace.config
        folders = (config.path(config.settings.reports.folder), config.kept_files[0])
        parts = (*contents_of(config), *(part for folder in folders for part in below(folder)), as_of.isoformat())
        audit, mark = workspace.store.audit, hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        return cls(mark, audit.head(), audit.words())

    def standing(self, workspace: Workspace) -> NightStanding | None:
        """Return how everybody stood on the last night; None where anything is other than at its end."""
        try:
            kept = json.loads(_file(workspace).read_text())
            states = tuple((str(state), int(number)) for state, number in kept["states"])
            standing = NightStanding(states, int(kept["not_ours"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        same = kept["basis"] == self.mark and kept["state"] == self._state(workspace.store)
        return standing if same else None

    def remember(self, workspace: Workspace, standing: NightStanding) -> None:
        """Make this what the next night compares with; nothing in a dry run."""
        if not workspace.store.rehearsal:
            kept = {"states": standing.states, "not_ours": standing.not_ours}
            kept |= {"basis": self.mark, "state": self._state(workspace.store)}
            write_private(_file(workspace), json.dumps(kept).encode())

    def _state(self, store: Store) -> str:
        """Return the store's data in short, and what the log of decisions and the database tell of each other."""
        words = self.words if store.audit.head() == self.head else store.audit.words()
        mark = store.state.mark(without=(rule_versions.KIND, standings.KIND))
        return hashlib.sha256(f"{mark} {words} {differences_rest_on(store, words)}".encode()).hexdigest()


def forget(workspace: Workspace) -> None:
    """Have the next night conclude anew; nothing in a dry run."""
    if not workspace.store.rehearsal:
        _file(workspace).unlink(missing_ok=True)


def _file(workspace: Workspace) -> Path:
    return workspace.config.folder / REMEMBERED
