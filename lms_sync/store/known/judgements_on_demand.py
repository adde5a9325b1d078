"""Everybody's judgements, each made when it is asked for: of a large district not all have room at once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from lms_sync.law.standing import Judgement

Form = TypeVar("Form")
_AT_HAND = 200
"""So many people's judgements are kept at hand, since most are asked for several times in a row."""


class JudgementsOnDemand(Mapping[str, Judgement], Generic[Form]):
    """Person ID → judgement."""

    __slots__ = ("_at_hand", "_forms", "_judgement_of")

    def __init__(self, forms: Mapping[str, Form], judgement_of: Callable[[Form], Judgement]) -> None:
        """Take Person ID → what a judgement is made of, and what makes it."""
        self._forms = forms
        self._judgement_of = judgement_of
        self._at_hand: dict[str, Judgement] = {}

    def __getitem__(self, person_id: str) -> Judgement:
        """Return one person's judgement."""
        if person_id not in self._at_hand:
            judgement = self._judgement_of(self._forms[person_id])
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            self._at_hand[person_id] = judgement
        return self._at_hand[person_id]

    def __iter__(self) -> Iterator[str]:
        """Yield the Person IDs."""
        return iter(self._forms)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._forms)

    def __contains__(self, person_id: object) -> bool:
        """Tell whether the person was judged."""
        return person_id in self._forms
