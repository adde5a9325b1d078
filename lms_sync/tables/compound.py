"""The container of old Office files (a compound file): its streams, found without trusting what it declares.

Source: [MS-CFB] Compound File Binary File Format.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lms_sync.tables.kinds import damaged

HEADER_SIZE = 512
ENTRY_SIZE = 128
LAST_REGULAR = 0xFFFFFFFA
"""Sector numbers above this one end a chain or mark a sector's use."""
HEADER_TABLES = 109
"""Places of the sector table that the header itself lists."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One stream or folder of a compound file."""

    name: str
    start: int
    """Number of its first sector."""
    size: int
    """In bytes."""


class Compound:
    """A compound file; every chain of sectors is followed at most once through each sector."""

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER_SIZE:
            raise damaged("the header is cut off")
        self._data = data
        sector, mini = struct.unpack_from("<HH", data, 30)
        if sector not in (9, 12) or mini != 6:
            raise damaged("the header is not of a known kind")
        self._size, self._mini_size = 1 << sector, 1 << mini
        self._cutoff, mini_start = struct.unpack_from("<II", data, 56)
        directory = struct.unpack_from("<I", data, 48)[0]
        self._table = _numbers(b"".join(map(self._sector, self._table_places())))
        self._mini_table = _numbers(self._chain(mini_start))
        self.entries = tuple(_entries(self._chain(directory)))
        self._mini_stream = self._chain(self.entries[0].start) if self.entries else b""

    def stream(self, entry: DirectoryEntry) -> bytes:
        """Return a stream's bytes. Raises: Unreadable when its sectors are not all there."""
        if entry.size >= self._cutoff:
            found = self._chain(entry.start)
        else:
            found = b"".join(
                self._mini_stream[number * self._mini_size : (number + 1) * self._mini_size]
                for number in _follow(self._mini_table, entry.start)
            )
        if len(found) < entry.size:
            raise damaged(f"{entry.name} is cut off")
        return found[: entry.size]

    def changed(self, entry: DirectoryEntry, place: int, content: bytes) -> bytes:
        """Return the whole file with other bytes at one place of a stream."""
        data = bytearray(self._data)
        for number, byte in enumerate(content):
            data[self._offset(entry, place + number)] = byte
        return bytes(data)

    def _offset(self, entry: DirectoryEntry, place: int) -> int:
        """Return where in the file a byte of a stream stands."""
        start = entry.start
        if entry.size < self._cutoff:
            number, rest = divmod(place, self._mini_size)
            place = list(_follow(self._mini_table, entry.start))[number] * self._mini_size + rest
            start = self.entries[0].start
        sector, rest = divmod(place, self._size)
        offset: int = (list(_follow(self._table, start))[sector] + 1) * self._size + rest
        return offset

    def _table_places(self) -> Iterator[int]:
        places: tuple[int, ...] = struct.unpack_from(f"<{HEADER_TABLES}I", self._data, 76)
        more = struct.unpack_from("<I", self._data, 68)[0]
        seen = set()
        while True:
            yield from (place for place in places if place <= LAST_REGULAR)
            if more > LAST_REGULAR or more in seen:
                return
            seen.add(more)
            *listed, more = _numbers(self._sector(more))
            places = tuple(listed)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise damaged("a sector is beyond the end of the file")
        return sector.ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _follow(self._table, start)))


def _follow(table: tuple[int, ...], start: int) -> Iterator[int]:
    seen = set()
    while start <= LAST_REGULAR:
        if start >= len(table) or start in seen:
            raise damaged("a chain of sectors is broken")
        seen.add(start)
        yield start
        start = table[start]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _entries(directory: bytes) -> Iterator[DirectoryEntry]:
    for at in range(0, len(directory), ENTRY_SIZE):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        start, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if directory[at + 66]:
            yield DirectoryEntry(name, start, size)
