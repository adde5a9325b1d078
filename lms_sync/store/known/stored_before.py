"""The judgements that were stored before tonight: read again, all together, once one of them is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from lms_sync.store.judgements import JudgementStore
from lms_sync.store.known.packed_aside import PackedAside


class StoredBefore(Mapping[str, bytes]):
    """Person ID → packed judgement, of people whose judgement stands; on most nights nobody's is asked for.

    Of whoever was judged anew meanwhile the database has the new one.
    """

    def __init__(self, judgements: JudgementStore, people: Iterable[str], folder: Path) -> None:
        """Take whose judgements were stored, and the folder in which they are put aside."""
        self._judgements = judgements
        self._people = dict.fromkeys(people)
        self._folder = folder

    @cached_property
    def _aside(self) -> PackedAside:
        aside = PackedAside(self._folder)
        for person_id, judgement in self._judgements.each():
            aside.put(person_id, judgement.packed)
        return aside

    def __getitem__(self, person_id: str) -> bytes:
        """Return one person's judgement, while the store is open."""
        return self._aside[person_id]

    def __iter__(self) -> Iterator[str]:
        """Yield the Person IDs."""
        return iter(self._people)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._people)

    def __contains__(self, person_id: object) -> bool:
        """Tell whether a judgement of the person was stored."""
        return person_id in self._people
