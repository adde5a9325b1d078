"""What persons decided about who is who: confirmed links, refused candidates, merged Person IDs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Link:
    """A person's word that a learner of a source is someone on the roster, or none of the candidates."""

    source: str
    learner: str
    """Keyed hash of the source's learner id, as `PseudonymousLearner.learner`."""
    person_id: str
    """Empty: none of those in `refused`."""
    refused: tuple[str, ...]
    """Person IDs that the learner is not."""
    shown: str
    """The learner's name and id as they stood before the person who decided."""
    by: str
    on: date
    reason: str
    person_name: str = ""
    """The name that the roster had for `person_id` when it was decided; empty where nobody recorded one."""


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
    person_name: str = ""
    """The name that the roster had for `person_id` when it was decided; empty where nobody recorded one."""


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """A person's answer to *new name or new person?*, where a Person ID has another name than when it was decided."""

    person_id: str
    then: str
    """The name for which something was decided; empty: whatever it was, since nobody recorded it."""
    now: str
    """The name that the roster had when it was answered."""
    same: bool
    """True: one person, who has a new name. False: another person, to whom the Person ID was given."""
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class OutdatedDecision:
    """Something that was decided for a Person ID when the roster had another name for it, or nobody knows which."""

    person_id: str
    """As it is on the roster."""
    then: str
    """The name it was decided for; empty where nobody recorded it."""
    subject: str
    """What was decided, in words for a person: `the link of moodle:e7`."""
    answered: bool = False
    """True when a person has said that it is another person now: it counts for nobody, and nobody is asked again."""
    learner: tuple[str, str] = ("", "")
    """(source, keyed hash of the learner id) of a link; for `Other IDs` (source, the id as it is written)."""
    in_other_ids: bool = False
    claim: str = ""
    """The id of an accepted claim."""


@dataclass(frozen=True, slots=True)
class PeopleDecisions:
    """What persons decided about who is who, as it stands by the names on the roster."""

    links: tuple[Link, ...] = ()
    """All of them; those in `outdated` count for nobody."""
    merges: tuple[Merge, ...] = ()
    """Those that count."""
    answers: tuple[NameAnswer, ...] = ()
    outdated: tuple[OutdatedDecision, ...] = ()
    disputed: frozenset[tuple[str, str]] = frozenset()
    """(source, keyed hash of the learner id) of learners about whom the log and the database differ: nobody's yet."""


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
