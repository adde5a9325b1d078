"""What corrected completions would turn from in time into late or open. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from lms_sync.compliance.judge import book_of
from lms_sync.compliance.judge_person import Judging
from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.people.match import match_all
from lms_sync.store.known.snapshot import Snapshot


class Worsening:
    """How everybody stands before a pull, and what its changes make of that, one after the other."""

    def __init__(self, snapshot: Snapshot, pseudonyms: Pseudonyms, *, as_of: date) -> None:
        book = book_of(snapshot, pseudonyms)
        self.matches = match_all(snapshot.learners, book)
        self.judging = Judging.of(snapshot, book.known, as_of=as_of)
        self.counted: dict[str, list[Completion]] = defaultdict(list)
        self.take((), snapshot.completions)

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        """Judge from now on as if `ended` did not count and `added` did."""
        for person_id in self._people(ended):
            self.counted[person_id] = [c for c in self.counted[person_id] if c not in ended]
        for completion in added:
            if person_id := self._whose(completion):
                self.counted[person_id].append(completion)

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        """Tell whether `added` in place of `ended` makes anything late or open that is met in time."""
        return any(self._worsened(person_id, ended, added) for person_id in self._people(ended))

    def _worsened(self, person_id: str, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        theirs = self.counted[person_id]
        after = [completion for completion in theirs if completion not in ended]
        after += [completion for completion in added if self._whose(completion) == person_id]
        return not self._in_time(person_id, theirs) <= self._in_time(person_id, after)

    def _in_time(self, person_id: str, completions: Iterable[Completion]) -> set[str]:
        """Return the requirements that the person has met in time."""
        standings = self.judging.judged(person_id, tuple(completions)).person.judgement.standings
        return {standing.requirement for standing in standings if not (standing.open or standing.late)}

    def _people(self, completions: Iterable[Completion]) -> set[str]:
        return set(map(self._whose, completions)) - {""}

    def _whose(self, completion: Completion) -> str:
        """Return whose it is, an empty string for nobody on the roster."""
        match = self.matches.get((completion.source, completion.learner.key))
        return match.person_id if match else ""
