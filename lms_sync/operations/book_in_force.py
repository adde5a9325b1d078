"""The roster's people as learners are matched with them, made one time by a night though several steps ask for it."""

from dataclasses import dataclass

from lms_sync.model.links import PeopleDecisions
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Roster
from lms_sync.people.match import Directory, directory


@dataclass(slots=True)
class BookInForce:
    """The directory of the roster in force, made anew once the roster or what was decided about people is another."""

    pseudonyms: Pseudonyms
    _last: tuple[Roster, PeopleDecisions, Directory] | None = None

    def of(self, roster: Roster, decided: PeopleDecisions) -> Directory:
        """Return the people of a roster, with links and merged Person IDs, as `directory` does."""
        if self._last is None or self._last[0] is not roster or self._last[1] != decided:
            book = directory(roster.people.values(), self.pseudonyms, decided=decided, employers=roster.employers())
            self._last = roster, decided, book
        return self._last[2]
