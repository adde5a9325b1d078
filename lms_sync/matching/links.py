"""What persons decided about who is who: confirmed links, refused candidates, merged Person IDs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Link:
    """A person's word that a learner of a source is someone on the roster, or none of the candidates."""

    source: str
    learner: str
    """Keyed hash of the source's learner id, as `SealedLearner.learner`."""
    person_id: str
    """Empty: none of those in `refused`."""
    refused: tuple[str, ...]
    """Person IDs that the learner is not."""
    shown: str
    """The learner's name and id as they stood before the person who decided."""
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """A person's word that a former Person ID and the one on the roster are one person."""

    former: str
    person_id: str
    emails: tuple[str, ...]
    """Those that the roster had under the former id, so that records that carry them still match."""
    names: tuple[tuple[str, str], ...]
    """(first name, last name) under the former id."""
    other_ids: tuple[tuple[str, str], ...]
    """(source, learner id) under the former id: links that were confirmed in the roster."""
    by: str
    on: date
    reason: str


def successors(merges: Iterable[Merge]) -> dict[str, str]:
    """Return former Person ID → the one that stands for it today, chains followed to their end.

    Raises: ValueError for merges that lead back to where they began.
    """
    step = {merge.former: merge.person_id for merge in merges}
    found = {}
    for former in step:
        seen, now = {former}, step[former]
        while now in step:
            if now in seen:
                raise ValueError("merged Person IDs lead round in a circle")
            seen.add(now)
            now = step[now]
        found[former] = now
    return found
