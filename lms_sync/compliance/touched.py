"""Of whom anything changed since a night judged them: who is judged anew, and whose stored judgement stands. Pure.

A judgement is stored with a fingerprint of all that it rests on. Who is whom is worked out anew every night, so that
links, merges, names and other people's identifiers come in by what became of each learner.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lms_sync.compliance.judge import Matches
from lms_sync.compliance.judge_person import Judging
from lms_sync.compliance.map_index import IN_FILE_NAME, MapIndex
from lms_sync.model.doubt import Doubt, Verdict
from lms_sync.model.evidence import NOWHERE, Completion, Learner
from lms_sync.store.judgements import LearnerEvidence, StoredJudgement
from lms_sync.store.known.judged_people import JUDGED_PERSON, CourseNames, JudgedPerson

Evidence = Mapping[tuple[str, str], LearnerEvidence]
"""(source, pseudonymous learner id) → the learner's completions in short."""
Seal = Callable[[str, str], str]
"""A keyed hash of a text of one kind (`Pseudonyms.of`)."""


@dataclass(frozen=True, slots=True)
class JudgedFrom:
    """All that tonight's judgements rest on, without the completions themselves."""

    program: str
    """The program, its rules and the law, in short."""
    judging: Judging
    learners: Mapping[str, tuple[str, ...]]
    """Person ID → the person's learners, each with the state of its completions."""
    doubts: Mapping[str, tuple[Doubt, ...]]
    """Person ID → what HR was asked about completions of the person, decided or not."""
    seal: Seal
    _rows: dict[CourseNames, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        judging: Judging,
        matches: Matches,
        evidence: Evidence,
        *,
        learners_of: Mapping[tuple[str, str], Iterable[str]],
        program: str,
        seal: Seal,
    ) -> "JudgedFrom":
        """Return what tonight's judgements rest on; `learners_of` are those of each record that is in doubt."""
        learners: dict[str, list[str]] = defaultdict(list)
        for key, state in sorted(evidence.items()):
            if key in matches and (person_id := matches[key].person_id):
                learners[person_id].append("\x1f".join((*key, state.mark)))
        doubts: dict[str, list[Doubt]] = defaultdict(list)
        for doubt in judging.snapshot.doubts:
            theirs = {doubt.learner, *learners_of.get((doubt.source, doubt.record), ())}
            people = {match.person_id for who in theirs if (match := matches.get((doubt.source, who)))} - {""}
            for person_id in people:
                doubts[person_id].append(doubt)
        by_person = {i: tuple(sorted(several, key=lambda doubt: doubt.key)) for i, several in doubts.items()}
        return cls(program, judging, {i: tuple(several) for i, several in learners.items()}, by_person, seal)

    def stored(self, person_id: str, person: JudgedPerson) -> StoredJudgement:
        """Return tonight's judgement of one person as the store keeps it."""
        as_of, packed = self.judging.as_of, JUDGED_PERSON.packed(person)
        return StoredJudgement(as_of, self._fingerprint(person_id, person, as_of, packed), packed)

    def standing(self, stored: Mapping[str, StoredJudgement]) -> dict[str, JudgedPerson]:
        """Return Person ID → the stored judgement, of everybody on the roster whose it still is.

        Nobody's is of whom HR is asked anything that the day changes, or of whom an acceptance no longer counts.
        """
        people = self.judging.snapshot.roster.people
        return {
            person_id: person
            for person_id in people
            if person_id in stored and (person := self._standing(person_id, stored[person_id]))
        }

    def _standing(self, person_id: str, stored: StoredJudgement) -> JudgedPerson | None:
        as_of = self.judging.as_of
        if stored.as_of > as_of or any(doubt.verdict is Verdict.OPEN for doubt in self.doubts.get(person_id, ())):
            return None
        try:
            person = JUDGED_PERSON.unpacked(stored.packed)
        except ValueError:
            return None
        if person.changes_on is not None and person.changes_on <= as_of:
            return None
        if any(self._is_outdated(person_id, claim) for claim in person.decidable):
            return None
        same = stored.fingerprint == self._fingerprint(person_id, person, stored.as_of, stored.packed)
        return person if same else None

    def _is_outdated(self, person_id: str, claim: str) -> bool:
        decision = self.judging.snapshot.decisions.get(claim)
        if decision is None or not decision.accepted:
            return False
        return self.judging.outdated_decision(person_id, decision) is not None

    def _fingerprint(self, person_id: str, person: JudgedPerson, as_of: date, packed: bytes) -> str:
        parts = (person_id, as_of.isoformat(), hashlib.sha256(packed).hexdigest(), *self._parts(person_id, person))
        return self.seal("judgement", "\x1e".join(parts))

    def _parts(self, person_id: str, person: JudgedPerson) -> Iterator[str]:
        """Yield all that a person's judgement rests on, each as text that nothing else has."""
        snapshot = self.judging.snapshot
        yield self.program
        yield repr(snapshot.roster.people[person_id])
        yield "\x1d".join(self.learners.get(person_id, ()))
        yield repr(snapshot.documents.get(person_id, ()))
        yield repr(self.doubts.get(person_id, ()))
        yield "\x1d".join(repr(snapshot.decisions.get(claim)) for claim in person.decidable)
        yield "\x1d".join(map(self._rows_of, person.courses))

    def _rows_of(self, names: CourseNames) -> str:
        """Return the rows of the map for a course, wherever in the workbook they stand."""
        if names not in self._rows:
            self._rows[names] = _rows(names, self.judging.index)
        return self._rows[names]


def _rows(names: CourseNames, index: MapIndex) -> str:
    source, course, course_title, unit, unit_title, in_file_name = names
    attributes = ((IN_FILE_NAME, "yes"),) if in_file_name else ()
    completion = Completion(
        source,
        record="",
        learner=Learner(source, ""),
        course=course,
        course_title=course_title,
        day=None,
        origin=NOWHERE,
        unit=unit,
        unit_title=unit_title,
        attributes=attributes,
    )
    rows = index.match(completion)
    alike = () if rows else tuple(row for key in index.alike(completion) for row in index.rows[key])
    return hashlib.sha256(repr(([replace(row, cell="") for row in rows], alike)).encode()).hexdigest()[:32]
