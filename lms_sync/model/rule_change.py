"""What new rules of the program changed by themselves, as it waits for HR."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Differences that one kind of rule made; until HR has accepted them the partners of these people are held."""

    finding_id: str
    rule: str
    """`reading`, `matching and judging` (those two are told apart by nobody when both changed), or the record keys of
    a source."""
    as_of: date
    """The day that was judged again by the new rules, with what was known then."""
    lines: tuple[str, ...]
    """One for each person or item: who, and what."""
    people: tuple[str, ...]
    """Person IDs that it concerns, sorted."""
    unrecorded: tuple[str, ...] = ()
    """Person IDs on the roster of whom nothing was recorded to compare with."""
