"""What a person must look at before somebody else's records count, or do not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lms_sync.model.finding import Area, Finding
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.people.match import Match
from lms_sync.text import command_line


def matching_findings(
    learners: Sequence[PseudonymousLearner], matches: Mapping[tuple[str, str], Match]
) -> list[Finding]:
    """Return a finding for every conflict, every learner with candidates, and every match under another last name.

    In the learners' order. Learners whose link waits for an answer about a Person ID are told with that; those whose
    names an earlier version did not keep are one finding a source, at the end.
    """
    found = []
    unread: dict[str, list[Match]] = defaultdict(list)
    for learner in learners:
        match = matches[learner.source, learner.learner]
        if match.unread_name:
            unread[learner.source].append(match)
        elif match.conflict and not match.outdated:
            found.append(_finding(learner, match, code="identity-conflict", why=match.conflict))
        elif match.another_last_name:
            found.append(_another_last_name(learner, match.person_id))
        elif match.candidates:
            found.append(
                _finding(learner, match, code="unconfirmed-person", why="no id or e-mail of it is on the roster")
            )
    return [*found, *(_unread(source, waiting) for source, waiting in unread.items())]


def _name(learner: PseudonymousLearner) -> str:
    in_clear = learner.in_clear
    return f"{in_clear.first_name} {in_clear.last_name}".strip() if in_clear else ""


def _key(learner: PseudonymousLearner) -> str:
    return learner.in_clear.key if learner.in_clear else f"#{learner.learner[:8]}"


def _subject(learner: PseudonymousLearner) -> str:
    """Return the learner by what stays when it becomes known, or is hidden again."""
    return f"learner {learner.learner}"


def short_id(learner: PseudonymousLearner) -> str:
    """Return our own id of a learner, which holds nothing that a source wrote; commands take it as its key."""
    return f"{learner.source}:#{learner.learner[:16]}"


def _another_last_name(learner: PseudonymousLearner, person_id: str) -> Finding:
    handle = short_id(learner)
    return Finding(
        Area.PERSON,
        "another-last-name",
        where=f"source {learner.source}, learner {_key(learner)}",
        found=f"{_name(learner) or 'a learner'} is credited to {person_id} by one id or e-mail,"
        " but only the first name agrees",
        expected="one person, whose last name may have changed",
        remedy=f"If it is this person: {command_line('people link', handle, person_id, reason=...)}. If not:"
        f" {command_line('people unlink', handle, not_=person_id, reason=...)}.",
        people=(person_id,),
        source=learner.source,
        subject=_subject(learner),
    )


def _unread(source: str, waiting: Iterable[Match]) -> Finding:
    people = sorted({person_id for match in waiting for person_id in match.people})
    return Finding(
        Area.PERSON,
        "name-not-kept",
        where=f"source {source}",
        found=f"records under an id or e-mail of {len(people)} people on the roster, stored by an earlier version"
        " without the name they were read with",
        expected="a name that can be compared with the roster's",
        remedy=f"{command_line('pull', source, anew=True)} reads the names; or lms-sync people match. Until then"
        " these records count for nobody.",
        people=tuple(people),
        source=source,
    )


def _finding(learner: PseudonymousLearner, match: Match, *, code: str, why: str) -> Finding:
    handle = short_id(learner)
    return Finding(
        Area.PERSON,
        code,
        where=f"source {learner.source}, learner {_key(learner)}",
        found=f"{_name(learner) or 'a learner'}: {why}; may be {' or '.join(match.people)}",
        expected="one person on the roster",
        remedy="lms-sync people match shows what speaks for whom; or"
        f" {command_line('people link', handle, 'PERSON', reason=...)},"
        f" or {command_line('people unlink', handle, not_='PERSON', reason=...)}."
        " Until then this learner's records count for nobody.",
        people=match.people,
        source=learner.source,
        subject=_subject(learner),
    )
