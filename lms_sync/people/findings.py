"""What a person must look at before somebody else's records count, or do not."""

from collections.abc import Mapping, Sequence

from lms_sync.model.finding import Area, Finding
from lms_sync.model.pseudonyms import PseudonymousLearner, name_words
from lms_sync.people.match import Directory, Match


def matching_findings(
    learners: Sequence[PseudonymousLearner], matches: Mapping[tuple[str, str], Match], book: Directory
) -> list[Finding]:
    """Return a finding for every conflict, every learner with candidates, and every match in another name.

    In the learners' order. A match stands whatever the names say; but an id that a company gave out itself may be
    somebody else's on the roster, and then the names have no word in common.
    """
    found = []
    for learner in learners:
        match = matches[learner.source, learner.learner]
        if match.conflict:
            found.append(_finding(learner, match, code="identity-conflict", why=match.conflict))
        elif match.person_id and _another_name(learner, book.spoken.get(match.person_id, frozenset())):
            found.append(_another_named(learner, match.person_id))
        elif match.candidates:
            found.append(
                _finding(learner, match, code="unconfirmed-person", why="no id or e-mail of it is on the roster")
            )
    return found


def _another_name(learner: PseudonymousLearner, spoken: frozenset[str]) -> bool:
    shown = learner.shown
    words = set(name_words(shown.first_name, shown.last_name).split()) if shown else set()
    return bool(words and spoken) and not words & spoken


def _another_named(learner: PseudonymousLearner, person_id: str) -> Finding:
    shown = learner.shown
    name = f"{shown.first_name} {shown.last_name}".strip() if shown else ""
    return Finding(
        Area.PERSON,
        "another-name",
        where=f"source {learner.source}, learner {shown.key if shown else learner.learner[:8]}",
        found=f"{name} is credited to {person_id} by id or e-mail, but no word of the names agrees",
        expected="one person",
        remedy="If it is somebody else, have the id mended in the source, or take it out of the layout's person_id.",
        people=(person_id,),
        source=learner.source,
    )


def _finding(learner: PseudonymousLearner, match: Match, *, code: str, why: str) -> Finding:
    shown = learner.shown
    label = f"{shown.first_name} {shown.last_name}".strip() if shown else ""
    key = shown.key if shown else f"#{learner.learner[:8]}"
    return Finding(
        Area.PERSON,
        code,
        where=f"source {learner.source}, learner {key}",
        found=f"{label or 'a learner'}: {why}; may be {' or '.join(match.people)}",
        expected="one person on the roster",
        remedy="lms-sync people match shows what speaks for whom; or"
        f' lms-sync people link "{learner.source}:{key}" PERSON --reason "…".'
        " Until then nothing of this learner is credited to anybody.",
        people=match.people,
        source=learner.source,
    )
