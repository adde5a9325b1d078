"""What the program changed by itself in anybody's judgement, as it waits for HR."""

from dataclasses import dataclass
from datetime import date

STORED_JUDGEMENTS = "stored judgements"
"""No rule changed: a judgement that was stored is another one than the same facts give when judged anew."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Differences that one kind of rule made; until HR has accepted them the partners of these people are held."""

    finding_id: str
    rule: str
    """`reading`, `matching and judging` (those two are told apart by nobody when both changed), the record keys of
    a source, or `STORED_JUDGEMENTS`."""
    as_of: date
    """The day that was judged again by the new rules, with what was known then."""
    lines: tuple[str, ...]
    """One for each person or item: who, and what."""
    people: tuple[str, ...]
    """Person IDs that it concerns, sorted."""
    unrecorded: tuple[str, ...] = ()
    """Person IDs on the roster of whom nothing was recorded to compare with."""
