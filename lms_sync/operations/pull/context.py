"""What a night's pulls are read against: the roster in force, and how everybody stands before each of them."""

from datetime import datetime
from functools import partial

from lms_sync.compliance.worsening import Worsening
from lms_sync.model.roster import Roster
from lms_sync.operations.book_in_force import BookInForce
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.corrections import NobodyStands, Standings
from lms_sync.store.known.snapshot import read_people_decisions, read_snapshot
from lms_sync.store.workspace import Workspace


def pull_context(workspace: Workspace, roster: Roster, book: BookInForce, *, now: datetime) -> PullContext:
    """Return the context of all pulls of one night."""
    decided = read_people_decisions(workspace.store, roster)
    standings = partial(_standings, workspace, now)
    return PullContext(workspace.pseudonyms, book.of(roster, decided), zone=workspace.zone, standings=standings)


def _standings(workspace: Workspace, now: datetime) -> Standings:
    """Return how everybody stands by what is stored now, what the night's earlier pulls changed included."""
    snapshot = read_snapshot(workspace.store, now)
    if snapshot is None:
        return NobodyStands()
    return Worsening(snapshot, workspace.pseudonyms, as_of=workspace.today())
