"""What a source says instead of what is stored of a record: what ends, what counts, what HR is asked. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion
from lms_sync.operations.pull.doubts import Question, is_further, is_reset


class Standings(Protocol):
    """How everybody stands while a pull is planned."""

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        """Judge from now on as if `ended` did not count and `added` did."""
        ...

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        """Tell whether `added` in place of `ended` makes anything late or open that is met in time."""
        ...


class NobodyStands:
    """The standings where nobody is known: no correction waits."""

    def take(self, ended: Sequence[Completion], added: Sequence[Completion]) -> None:
        """Do nothing."""

    def worsened_by(self, ended: Sequence[Completion], added: Sequence[Completion]) -> bool:
        """Return False."""
        return False


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement that differs from what is stored of its record, and is no further completion."""

    new: Completion
    item: int
    live: tuple[Completion, ...]
    """What is stored of the record and counts, oldest first."""
    doubts: tuple[Doubt, ...]
    """All about the record, decided ones too."""
    same_training: bool = False
    """Whether a person says that it is the day of the same training, however much later."""

    @property
    def ended(self) -> tuple[Completion, ...]:
        """Return what counts no longer: all of a later day, and what of the day told or before it is put right."""
        if self.new.day is None:
            return self.live[-1:]
        until = tuple(stored for stored in self.live if stored.day is not None and stored.day <= self.new.day)
        later = tuple(stored for stored in self.live if stored not in until)
        if not until or until[-1].content == self.new.content:
            return later
        if not self.same_training and is_further(until[-1], self.new, self.doubts):
            return later
        return (until[-1], *later)

    @property
    def added(self) -> tuple[Completion, ...]:
        """Return what counts instead; nothing where it is stored already."""
        return () if any(stored.content == self.new.content for stored in self.live) else (self.new,)

    def settled(self) -> tuple[Doubt, ...]:
        """Return the doubts that the statement answers: those about what it ends, and about what is told again."""
        return tuple(doubt for doubt in self.doubts if self._answers(doubt))

    def _answers(self, doubt: Doubt) -> bool:
        if any(doubt.concerns(ended) or doubt.tells(ended) for ended in self.ended):
            return True
        same_day = doubt.day == self.new.day and doubt.verdict is not Verdict.END
        return same_day and doubt.cause is not DoubtCause.DONE_AGAIN

    def questions(self) -> Iterator[Question]:
        """Yield what HR is asked: whether what follows another completion of the record is a day of its own."""
        again = [d for d in self.doubts if d.cause is DoubtCause.DONE_AGAIN and d not in self.settled()]
        asked = {(doubt.day, doubt.instead.day) for doubt in again if doubt.instead}
        reset = any(is_reset(doubt) or doubt.after_reset for doubt in self.doubts)
        kept = [completion for completion in self.live if completion not in self.ended]
        dated = [completion for completion in (*kept, *self.added) if completion.day is not None]
        for earlier, later in pairwise(dated):
            if (earlier.day, later.day) not in asked:
                yield Question(
                    earlier, DoubtCause.DONE_AGAIN, self.item, self.new.status, instead=later, after_reset=reset
                )
