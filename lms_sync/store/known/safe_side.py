"""What counts while the log and the database differ: nothing of what they tell otherwise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from lms_sync.model.dispute import Difference
from lms_sync.model.doubt import Doubt, Verdict
from lms_sync.model.links import Link, Merge, PeopleDecisions
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.differences import disputed

Decided = TypeVar("Decided")


def believed(decisions: Mapping[str, Decided], kind: DecisionKind, found: Sequence[Difference]) -> dict[str, Decided]:
    """Return the decisions of one kind, by id, about which the log and the database agree."""
    doubtful = disputed(found, kind)
    return {key: decision for key, decision in decisions.items() if (key,) not in doubtful}


def believed_decisions(
    decided: tuple[Sequence[Link], Sequence[Merge]], found: Sequence[Difference]
) -> tuple[list[Link], list[Merge]]:
    """Return the links and merges about which the log and the database agree."""
    links, merges = disputed(found, DecisionKind.LINK), disputed(found, DecisionKind.MERGE)
    return (
        [link for link in decided[0] if (link.source, link.learner) not in links],
        [merge for merge in decided[1] if (merge.former,) not in merges],
    )


def without_disputed(decided: PeopleDecisions, found: Sequence[Difference]) -> PeopleDecisions:
    """Return what was decided about who is who, with the learners whom nobody can be told to be meanwhile."""
    answers = disputed(found, DecisionKind.NAME)
    return replace(
        decided,
        answers=tuple(a for a in decided.answers if (a.person_id, a.then, a.now) not in answers),
        disputed=frozenset((key[0], key[1]) for key in disputed(found, DecisionKind.LINK) if len(key) == 2),
    )


def believed_doubts(doubts: Iterable[Doubt], found: Sequence[Difference]) -> tuple[Doubt, ...]:
    """Return the doubts; one whose decision the log does not tell is open."""
    doubtful = {key[:2] for key in disputed(found, DecisionKind.DOUBT)}
    return tuple(
        replace(doubt, verdict=Verdict.OPEN) if (doubt.finding_id, doubt.record) in doubtful else doubt
        for doubt in doubts
    )
