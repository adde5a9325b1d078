"""What a corrected completion would turn from in time into late or open. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms_sync.compliance.judge import Judged, MappedCompletion, evidence_of, judged_person, mapped_by
from lms_sync.law.standing import Judgement
from lms_sync.model.evidence import Completion
from lms_sync.store.known.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Worsening:
    """How everybody stands before a pull."""

    snapshot: Snapshot
    judged: Judged

    def by(self, old: Completion, new: Completion) -> bool:
        """Tell whether `new` in place of `old` makes anything late or open that is met in time."""
        match = self.judged.matches.get((old.source, old.learner.key))
        if match is None or not match.person_id:
            return False
        before = self.judged.people[match.person_id]
        outcomes = [o for o in self.judged.outcomes if o.person_id == match.person_id and o.completion != old]
        if len(outcomes) == sum(o.person_id == match.person_id for o in self.judged.outcomes):
            return False  # it was not yet stored when everybody was judged
        mapped = mapped_by(self.snapshot)
        after = self._judged([*outcomes, MappedCompletion(match.person_id, new, mapped(new))], match.person_id)
        in_time = {standing.requirement for standing in after.standings if not (standing.open or standing.late)}
        return any(not (s.open or s.late) and s.requirement not in in_time for s in before.standings)

    def _judged(self, outcomes: Sequence[MappedCompletion], person_id: str) -> Judgement:
        evidence = evidence_of(self.snapshot, outcomes)[person_id]
        return judged_person(self.snapshot, person_id, evidence, as_of=self.judged.as_of)
