"""Everybody's packed judgements, put aside in a file: of a large district not all have room."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

_IN_MEMORY = 16_000_000
"""So many bytes need no file: some 8,000 people."""


class PackedAside(Mapping[str, bytes]):
    """Person ID → packed judgement, each put aside once. The file has no name, and is gone with what it is for."""

    __slots__ = ("__weakref__", "_at_end", "_end", "_file", "_places")

    def __init__(self, folder: Path) -> None:
        """Take the folder for the file, on whose disk there is room for it."""
        self._file = SpooledTemporaryFile[bytes](_IN_MEMORY, dir=str(folder))
        finalize(self, self._file.close)
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0
        self._at_end = True

    def put(self, person_id: str, packed: bytes) -> None:
        """Put a judgement aside."""
        if not self._at_end:
            self._file.seek(self._end)
            self._at_end = True
        self._file.write(packed)
        self._places[person_id] = self._end, len(packed)
        self._end += len(packed)

    def __getitem__(self, person_id: str) -> bytes:
        """Return one person's judgement."""
        place, length = self._places[person_id]
        self._at_end = False
        self._file.seek(place)
        return self._file.read(length)

    def __iter__(self) -> Iterator[str]:
        """Yield the Person IDs."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._places)

    def __contains__(self, person_id: object) -> bool:
        """Tell whether a judgement of the person was put aside."""
        return person_id in self._places
