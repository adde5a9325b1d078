"""What a night's pulls are read against: the roster in force, and how everybody stands before them."""

from datetime import datetime

from lms_sync.compliance.judge import judge_roster
from lms_sync.compliance.worsening import Worsening
from lms_sync.model.evidence import Completion
from lms_sync.model.roster import Roster
from lms_sync.operations.pull.apply import PullContext
from lms_sync.people.match import directory
from lms_sync.store.known.snapshot import read_people_decisions, read_snapshot
from lms_sync.store.workspace import Workspace


def pull_context(workspace: Workspace, roster: Roster, *, now: datetime, anew: bool) -> PullContext:
    """Return the context of all pulls of one night; `anew` reads unchanged files too."""
    decided, employers = read_people_decisions(workspace.store, roster), roster.employers()
    book = directory(roster.people.values(), workspace.pseudonyms, decided=decided, employers=employers)
    waits = _Waits(workspace, now)
    return PullContext(workspace.pseudonyms, book, anew=anew, zone=workspace.zone, waits=waits)


class _Waits:
    """Tells whether a correction waits for HR; everybody is judged once, when the first correction comes."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self.workspace = workspace
        self.now = now
        self.worsening: Worsening | None = None

    def __call__(self, old: Completion, new: Completion) -> bool:
        if self.worsening is None:
            snapshot = read_snapshot(self.workspace.store, self.now)
            if snapshot is None:
                return False
            judged = judge_roster(snapshot, self.workspace.pseudonyms, as_of=self.workspace.today())
            self.worsening = Worsening(snapshot, judged)
        return self.worsening.by(old, new)
