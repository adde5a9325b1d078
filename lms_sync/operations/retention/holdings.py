"""All that a district holds, as a purge looks at it: the stored rows, whose the learners are, the files kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms_sync.model.agreement import Hold
from lms_sync.model.stored_row import StoredRow

LearnerKey = tuple[str, str]
"""(source, pseudonymous learner id)."""
Owners = Mapping[LearnerKey, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is when a purge is planned."""

    rows: Mapping[str, tuple[StoredRow, ...]]
    """Table → its rows; all of `store.purge.LOOKED_AT`."""
    owners: Owners
    """Learner → every Person ID, on the roster or once on it, whose it is; where no identifier and no link tells, all
    whose it may be by likeness. Strangers are not in it."""
    tied: Owners
    """The same without those who are only alike and have not the very same name."""
    holds: Mapping[str, Hold]
    files: frozenset[str]
    """Names of the files in the folder of what people handed in."""

    def facts(self, kind: str) -> tuple[StoredRow, ...]:
        """Return the facts of one kind, of any time, the oldest first."""
        return tuple(row for row in self.rows["fact"] if row.key[0] == kind)


@dataclass(frozen=True, slots=True)
class KeptSpan:
    """Which times must be replayed after the purge as before it."""

    cutoff: datetime
    """This instant and all later ones."""
    instants: frozenset[datetime] = frozenset()
    """Earlier ones, by what was known at which documents that stay were made."""

    def since(self, row: StoredRow) -> bool:
        """Tell whether a row counted at the cutoff or later."""
        return row.ended is None or row.ended >= self.cutoff

    def needs(self, row: StoredRow) -> bool:
        """Tell whether a row counted at one of the instants."""
        return any(row.counted_at(at) for at in self.instants)

    def lasts(self, row: StoredRow) -> bool:
        """Tell whether a row counts in any of the times."""
        return self.since(row) or self.needs(row)
