"""Everybody's packed judgements, put aside in a file: of a large district not all have room."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

_IN_MEMORY = 16_000_000
"""So many bytes need no file: some 8,000 people."""
_AT_ONCE = 1_000_000
"""So many bytes are written together."""


class PackedAside(Mapping[str, bytes]):
    """Person ID → packed judgement, each put aside once. The file has no name, and is gone with what it is for."""

    __slots__ = ("__weakref__", "_at_end", "_end", "_file", "_places", "_waiting", "_written")

    def __init__(self, folder: Path) -> None:
        """Take the folder for the file, on whose disk there is room for it."""
        self._file = SpooledTemporaryFile[bytes](_IN_MEMORY, dir=str(folder))
        finalize(self, self._file.close)
        self._places: dict[str, tuple[int, int]] = {}
        self._waiting: list[bytes] = []
        """What is not in the file yet: many are written together."""
        self._written = 0
        self._end = 0
        """Where the next one will begin."""
        self._at_end = True

    def put(self, person_id: str, packed: bytes) -> None:
        """Put a judgement aside."""
        self._waiting.append(packed)
        self._places[person_id] = self._end, len(packed)
        self._end += len(packed)
        if self._end - self._written > _AT_ONCE:
            self._write()

    def _write(self) -> None:
        if not self._at_end:
            self._file.seek(self._written)
            self._at_end = True
        self._file.write(b"".join(self._waiting))
        self._waiting.clear()
        self._written = self._end

    def __getitem__(self, person_id: str) -> bytes:
        """Return one person's judgement."""
        place, length = self._places[person_id]
        if self._waiting:
            self._write()
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
