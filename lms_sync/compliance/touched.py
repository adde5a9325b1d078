"""Of whom anything changed since a night judged them: who is judged anew, and whose stored judgement stands. Pure.

A judgement is stored with a fingerprint of all that it rests on. Who is whom is worked out anew every night, so that
links, merges, names and other people's identifiers come in by what became of each learner.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from lms_sync.compliance.judge import Matches
from lms_sync.compliance.judge_person import Judging
from lms_sync.compliance.map_index import IN_FILE_NAME, MapIndex
from lms_sync.model.doubt import Doubt, Verdict
from lms_sync.model.evidence import NOWHERE, Completion, Learner
from lms_sync.store.judgements import LearnerEvidence, StoredJudgement
from lms_sync.store.known.judged_people import CourseNames, JudgedInShort
from lms_sync.store.known.packed_judgement import courses_in, courses_of, short_and_courses

Evidence = Mapping[tuple[str, str], LearnerEvidence]
"""(source, pseudonymous learner id) → the learner's completions in short."""
_COURSES_KNOWN = 10_000
"""So many people's courses are kept at hand with what the map says of them: most have taken the same ones."""
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
    changed: Set[str]
    """People whose completions changed since the last night ended: whatever is stored of them stands no more."""
    doubts: Mapping[str, tuple[Doubt, ...]]
    """Person ID → what HR was asked about completions of the person, decided or not."""
    seal: Seal
    _rows: dict[bytes, str] = field(default_factory=dict, repr=False, compare=False)
    """Lines of somebody's courses → their rows of the map, in short."""
    _of_one: dict[CourseNames, str] = field(default_factory=dict, repr=False, compare=False)
    """Course → its rows of the map, in short."""

    @classmethod
    def of(
        cls,
        judging: Judging,
        matches: Matches,
        evidence: Evidence,
        *,
        since: datetime | None,
        learners_of: Mapping[tuple[str, str], Iterable[str]],
        program: str,
        seal: Seal,
    ) -> "JudgedFrom":
        """Return what tonight's judgements rest on.

        The last night ended at `since`; `learners_of` are those of each record that is in doubt.
        """
        learners: dict[str, list[str]] = defaultdict(list)
        changed: set[str] = set()
        for key, state in evidence.items():
            match = matches.get(key)
            if match is not None and match.person_id:
                learners[match.person_id].append("\x1f".join((*key, state.mark)))
                if since is not None and state.changed > since:
                    changed.add(match.person_id)
        doubts: dict[str, list[Doubt]] = defaultdict(list)
        for doubt in judging.snapshot.doubts:
            theirs = {doubt.learner, *learners_of.get((doubt.source, doubt.record), ())}
            people = {match.person_id for who in theirs if (match := matches.get((doubt.source, who)))} - {""}
            for person_id in people:
                doubts[person_id].append(doubt)
        by_person = {i: tuple(sorted(several, key=lambda doubt: doubt.key)) for i, several in doubts.items()}
        in_order = {i: tuple(sorted(several)) for i, several in learners.items()}
        return cls(program, judging, in_order, changed, by_person, seal)

    def stored(self, person_id: str, packed: bytes, *, decidable: Iterable[str]) -> StoredJudgement:
        """Return tonight's judgement of one person as the store keeps it."""
        as_of = self.judging.as_of
        fingerprint = self._fingerprint(
            person_id, packed, as_of=as_of, courses=courses_of(packed), decidable=decidable
        )
        return StoredJudgement(as_of, fingerprint, packed)

    def standing(self, person_id: str, stored: StoredJudgement) -> JudgedInShort | None:
        """Return a person's stored judgement in short; None for one that stands no more, or of nobody on the roster.

        Nobody's stands of whom HR is asked anything that the day changes, or of whom an acceptance no longer counts.
        """
        as_of = self.judging.as_of
        if person_id not in self.judging.snapshot.roster.people or person_id in self.changed or stored.as_of > as_of:
            return None
        doubts = self.doubts.get(person_id)
        if doubts and any(doubt.verdict is Verdict.OPEN for doubt in doubts):
            return None
        try:
            short, courses = short_and_courses(stored.packed)
            fingerprint = self._fingerprint(
                person_id, stored.packed, as_of=stored.as_of, courses=courses, decidable=short.decidable
            )
        except ValueError:
            return None
        if fingerprint != stored.fingerprint or (short.changes_on is not None and short.changes_on <= as_of):
            return None
        decidable = short.decidable  # of most people nothing is
        return None if decidable and any(self._is_outdated(person_id, claim) for claim in decidable) else short

    def _is_outdated(self, person_id: str, claim: str) -> bool:
        decision = self.judging.snapshot.decisions.get(claim)
        if decision is None or not decision.accepted:
            return False
        return self.judging.outdated_decision(person_id, decision) is not None

    def _fingerprint(
        self, person_id: str, packed: bytes, *, as_of: date, courses: bytes, decidable: Iterable[str]
    ) -> str:
        """Return what seals a judgement: itself, and all that it rests on, each as text that nothing else has.

        Of a judgement that is packed otherwise it raises ValueError.
        """
        snapshot = self.judging.snapshot
        decisions = [repr((snapshot.decisions.get(c), self._is_outdated(person_id, c))) for c in decidable]
        parts = (
            person_id,
            as_of.isoformat(),
            hashlib.sha256(packed).hexdigest(),
            self.program,
            repr(snapshot.roster.people[person_id]),
            "\x1d".join(self.learners.get(person_id, ())),
            repr(snapshot.documents.get(person_id, ())),
            repr(self.doubts.get(person_id, ())),
            "\x1d".join(decisions),
            self._rows.get(courses) or self._rows_of(courses),
        )
        return self.seal("judgement", "\x1e".join(parts))

    def _rows_of(self, courses: bytes) -> str:
        """Return the rows of the map for some courses in short, wherever in the workbook they stand."""
        if len(self._rows) >= _COURSES_KNOWN:
            self._rows.clear()
        rows = "\x1d".join([self._rows_of_one(names) for names in courses_in(courses)])
        self._rows[courses] = in_short = hashlib.sha256(rows.encode()).hexdigest()
        return in_short

    def _rows_of_one(self, course: CourseNames) -> str:
        if course not in self._of_one:
            self._of_one[course] = _rows(course, self.judging.index)
        return self._of_one[course]


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
