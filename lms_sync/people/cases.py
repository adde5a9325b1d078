"""The people desk: learners that only a person can tell, and what speaks for and against each candidate. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lms_sync.model.address import named_by
from lms_sync.model.names import name_of
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.people.candidates import Candidate
from lms_sync.people.match import Directory, Match
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import fold

_CLEAR = 0.03
"""The best candidate is named as such only when its score is this much above the next."""


@dataclass(frozen=True, slots=True)
class Case:
    """A learner that a person must look at."""

    learner: PseudonymousLearner
    handle: str
    """`source:key`, as `people link` takes it; the key is a keyed hash where the learner is not shown."""
    name: str
    emails: tuple[str, ...]
    employer: str
    completions: int
    """How many completions wait for the decision."""
    why: str
    """Why nobody but a person can tell."""
    candidates: tuple[Candidate, ...]
    """Best first."""

    @property
    def best(self) -> str:
        """Return the Person ID that clearly leads, empty when two are about as good, or when it is a conflict."""
        first, second = (*self.candidates, None, None)[:2]
        if first is None or self.why != UNKNOWN:
            return ""
        return first.person_id if second is None or first.score - second.score > _CLEAR else ""


UNKNOWN = "no id or e-mail of it is on the roster"
ANOTHER_LAST_NAME = "it counts for this person by one id or e-mail, but only the first name agrees"


Matches = Mapping[tuple[str, str], Match]
"""(source, pseudonym of the learner) → what became of the learner."""


def cases(snapshot: Snapshot, matches: Matches, book: Directory, pseudonyms: Pseudonyms) -> tuple[Case, ...]:
    """Return every open case: conflicts and learners with candidates, those with most completions first."""
    waiting = snapshot.counts
    holders = _holders(matches)
    found = []
    for learner in snapshot.learners:
        match = matches[learner.source, learner.learner]
        if not (match.conflict or match.candidates or match.another_last_name):
            continue
        in_clear = learner.in_clear
        found.append(
            Case(
                learner=learner,
                handle=f"{learner.source}:{in_clear.key if in_clear else '#' + learner.learner[:8]}",
                name=f"{in_clear.first_name} {in_clear.last_name}".strip() if in_clear else "",
                emails=in_clear.addresses if in_clear else (),
                employer=in_clear.employer if in_clear else "",
                completions=waiting.get((learner.source, learner.learner), 0),
                why=match.conflict or (ANOTHER_LAST_NAME if match.another_last_name else UNKNOWN),
                candidates=tuple(_candidates(learner, match, book, pseudonyms, holders)),
            )
        )
    return tuple(sorted(found, key=lambda case: (-case.completions, case.handle)))


def _holders(matches: Mapping[tuple[str, str], Match]) -> dict[tuple[str, str], int]:
    """Return (source, Person ID) → how many learners of the source are credited to the person."""
    return Counter((source, match.person_id) for (source, _), match in matches.items() if match.person_id)


def _candidates(
    learner: PseudonymousLearner,
    match: Match,
    book: Directory,
    pseudonyms: Pseudonyms,
    holders: Mapping[tuple[str, str], int],
) -> Iterator[Candidate]:
    ranked: dict[str, Candidate] = {}
    if learner.in_clear is not None:
        ranked = {c.person_id: c for c in book.candidates.of(learner.in_clear)}
    for person_id in match.people:
        if person_id not in ranked:
            ranked[person_id] = _compared(learner, person_id, book)
    own = Counter({(learner.source, match.person_id): 1})
    others = Counter(holders) - own
    chosen = [_with_identifiers(ranked[p], learner, book, pseudonyms, others) for p in match.people]
    yield from sorted(chosen, key=lambda c: (-c.score, c.person_id))


def _compared(learner: PseudonymousLearner, person_id: str, book: Directory) -> Candidate:
    known = book.candidates.people.get(person_id)
    if known is None or learner.in_clear is None:
        return Candidate(person_id, 0.0, ("the same name",) if learner.in_clear is None else (), ())
    in_clear = learner.in_clear
    return book.candidates.compared(in_clear, name_of(in_clear.first_name, in_clear.last_name), known)


def _with_identifiers(
    candidate: Candidate,
    learner: PseudonymousLearner,
    book: Directory,
    pseudonyms: Pseudonyms,
    holders: Mapping[tuple[str, str], int],
) -> Candidate:
    """Return the candidate with what the identifiers say, in words; the score stays that of the names."""
    person_id = candidate.person_id
    pro = list(candidate.speaks_for)
    contra = list(candidate.speaks_against)
    if pseudonyms.of("person", fold(person_id)) in learner.person_ids:
        pro.append("the id is this person's")
    known = book.candidates.people.get(person_id)
    for email in sorted(known.emails) if known else ():
        if any(pseudonyms.of("email", named) in learner.emails for named in named_by(email)):
            pro.append(f"the e-mail {email} is this person's")
    others = holders.get((learner.source, person_id), 0)
    if others:
        number = "1 other learner" if others == 1 else f"{others} other learners"
        already = "already counts" if others == 1 else "already count"
        contra.append(f"{number} of {learner.source} {already} for this person")
    return replace(candidate, speaks_for=tuple(pro), speaks_against=tuple(contra))
