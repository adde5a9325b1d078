"""Completions that count for nothing because nobody has decided yet what their courses teach. Pure."""

from lms_sync.compliance.credits import Mapped, NotCounted, NotCountedReason, Unmapped
from lms_sync.model.evidence import Completion
from lms_sync.store.known.judged_people import UndecidedCompletion

_WAITING = (NotCountedReason.UNDECIDED, NotCountedReason.ALIKE)


def undecided_completion(completion: Completion, mapped: Mapped) -> UndecidedCompletion | None:
    """Return a completion that waits for the trainer; None for one that counts, or does not for another reason."""
    if not isinstance(mapped, Unmapped) and not (isinstance(mapped, NotCounted) and mapped.reason in _WAITING):
        return None
    alike = isinstance(mapped, NotCounted) and mapped.reason is NotCountedReason.ALIKE
    return UndecidedCompletion(
        completion.source,
        completion.record,
        completion.day,
        completion.course,
        completion.course_title,
        completion.unit,
        completion.unit_title,
        mapped.cell if alike and isinstance(mapped, NotCounted) else "",
    )
