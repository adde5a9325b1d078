"""What persons decided about who is who: confirmed links, refused candidates, merged Person IDs."""

from collections.abc import Collection, Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class IdHolders:
    """Whose a Person ID is that was written down on some day.

    An id may be given to somebody else after it was merged. Then what was written down under it until the day of the
    merge is its former bearer's, and what came later is the one's who bears it now.
    """

    merged: Mapping[str, tuple[str, date]]
    """Former Person ID → the one of today, and the day of the merge."""
    present: Collection[str]
    """The Person IDs on the roster."""

    @classmethod
    def of(cls, merges: Iterable[Merge], present: Collection[str]) -> "IdHolders":
        """Return whose ids are, with the Person IDs that are on the roster."""
        merges = tuple(merges)
        now = successors(merges)
        return cls({merge.former: (now[merge.former], merge.on) for merge in merges}, present)

    def now(self, person_id: str, on: date) -> str:
        """Return the Person ID of today of whoever was meant by `person_id` on a day."""
        successor, merged_on = self.merged.get(person_id, (person_id, on))
        return person_id if person_id in self.present and on > merged_on else successor


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
