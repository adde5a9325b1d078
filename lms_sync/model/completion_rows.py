"""The completions of one learner as rows: what many have in common is kept once.

Each completion is made when it is asked for, and of a million few are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import overload

from lms_sync.model.evidence import Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.quickly_made import maker

CompletionRow = tuple[Completion, str, date | None, str, str]
"""A completion that differs in nothing else, even in no instant; the record, the day, the origin's cell and item."""
_new_completion, _new_origin = maker(Completion), maker(Origin)
_IN_COMMON = attrgetter(
    *("source", "course", "course_title", "unit", "unit_title", "zone", "status", "claim", "score", "attributes"),
    *("origin.file", "origin.sha256", "origin.sheet", "origin.url"),
)


@dataclass(frozen=True, slots=True)
class LearnersCompletions(Sequence[Completion]):
    """What there is of one learner."""

    learner: Learner
    rows: Sequence[CompletionRow]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Completion]:
        """Yield each."""
        return (completion_of(row, self.learner) for row in self.rows)

    @overload
    def __getitem__(self, place: int) -> Completion: ...

    @overload
    def __getitem__(self, place: slice) -> list[Completion]: ...

    def __getitem__(self, place: int | slice) -> Completion | list[Completion]:
        """Return one, or some of them."""
        return [*self][place] if isinstance(place, slice) else completion_of(self.rows[place], self.learner)


def completion_of(row: CompletionRow, learner: Learner) -> Completion:
    """Return the completion that a row stands for."""
    like, record, day, cell, item = row
    place = like.origin
    return _new_completion(
        like.source,
        record,
        learner,
        like.course,
        like.course_title,
        day,
        _new_origin(place.file, place.sha256, place.sheet, cell, place.url, item),
        like.unit,
        like.unit_title,
        None,
        like.zone,
        like.status,
        like.claim,
        like.score,
        like.attributes,
    )


def by_learner(completions: Iterable[Completion]) -> list[LearnersCompletions]:
    """Return the completions of each learner, without their instants."""
    likes: dict[object, Completion] = {}
    found: dict[Learner, list[CompletionRow]] = defaultdict(list)
    for completion in completions:
        key = _IN_COMMON(completion)
        like = likes.get(key) or likes.setdefault(key, replace(completion, instant=None))
        place = completion.origin
        found[completion.learner].append((like, completion.record, completion.day, place.cell, place.item))
    return [LearnersCompletions(learner, rows) for learner, rows in found.items()]
