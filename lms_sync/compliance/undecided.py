"""Completions that count for nothing because nobody has decided yet what their courses teach. Pure."""

from collections import Counter
from collections.abc import Iterable

from lms_sync.compliance.credits import Mapped, NotCounted, NotCountedReason, Unmapped
from lms_sync.compliance.judge import MappedCompletion


def undecided_completions(outcomes: Iterable[MappedCompletion]) -> Counter[str]:
    """Return Person ID → how many of the person's completions wait for the trainer."""
    return Counter(outcome.person_id for outcome in outcomes if _waits(outcome.mapped))


def _waits(mapped: Mapped) -> bool:
    if isinstance(mapped, NotCounted):
        return mapped.reason in (NotCountedReason.UNDECIDED, NotCountedReason.ALIKE)
    return isinstance(mapped, Unmapped)
