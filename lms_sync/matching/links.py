"""What persons decided about who is who: confirmed links, refused candidates, merged Person IDs."""

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
    names: tuple[str, ...]
    """`First Last` under the former id."""
    by: str
    on: date
    reason: str
