"""The roster in force, read one time by a night though several of its steps ask for it."""

from dataclasses import dataclass
from datetime import datetime

from lms_sync.model.roster import Roster
from lms_sync.model.stored.facts import AGREEMENT, ASSIGNMENT, PARTNER, PERSON
from lms_sync.store.facts import FactsWritten
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.store import Store

_KINDS = tuple(form.kind for form in (PARTNER, AGREEMENT, PERSON, ASSIGNMENT))


@dataclass(slots=True)
class RosterInForce:
    """The roster of a store: read when it is asked for first, and again once any of it was written since."""

    store: Store
    _read: tuple[FactsWritten, Roster] | None = None

    def at(self, known_at: datetime | None = None) -> Roster:
        """Return the roster in force at `known_at` (now for None), as `read_roster` does."""
        written = self.store.facts.written(_KINDS)
        if known_at is not None and not written.by(known_at):
            return read_roster(self.store, known_at)
        if self._read is None or self._read[0] != written:
            self._read = written, read_roster(self.store)
        return self._read[1]
