"""What HR must decide about a stored completion of which its source now says something else."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms_sync.model.evidence import Completion


class DoubtCause(StrEnum):
    """What the source says now."""

    NOT_DONE = "not done"
    """It no longer calls the record done."""
    DONE_AGAIN = "done again"
    """It tells a later day, which is stored beside the earlier one."""
    CORRECTION = "correction"
    """It tells something else instead, which waits: with it, what was in time would be late or open."""


class Verdict(StrEnum):
    """What HR decided."""

    OPEN = ""
    """Nothing yet."""
    KEEP = "keep"
    END = "end"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question about one stored completion; record and learner as keyed hashes."""

    source: str
    record: str
    day: date | None
    """Of the completion that it is about: a record may have been done on several days."""
    cause: DoubtCause
    learner: str
    course: str
    course_title: str
    since: date
    """The district's day on which the source first said so."""
    found_at: datetime
    """The pull that found it."""
    status: str = ""
    """The source's word."""
    finding_id: str = ""
    """What HR names on the worklist: the doubts of a reset course share one."""
    after_reset: bool = False
    """Of `done again`: a doubt came before it, so that the earlier day is not in question, only their number."""
    instead: Completion | None = None
    """Of `correction`: what the source says now; of `done again`: the later completion."""
    item_id: str = ""
    """Where `instead` was read."""
    verdict: Verdict = Verdict.OPEN

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what no other doubt that counts has."""
        return (self.source, self.record, str(self.day or ""), self.cause.value)

    @property
    def casts_doubt(self) -> bool:
        """Tell whether the completion counts as doubted until HR has decided."""
        if self.verdict is not Verdict.OPEN:
            return False
        return self.cause is DoubtCause.NOT_DONE or (self.cause is DoubtCause.DONE_AGAIN and not self.after_reset)

    def concerns(self, completion: Completion) -> bool:
        """Tell whether it is about that completion."""
        return (self.source, self.record, self.day) == (completion.source, completion.record, completion.day)

    def tells(self, completion: Completion) -> bool:
        """Tell whether the completion is what the source says instead."""
        return self.instead is not None and self.instead.content == completion.content
