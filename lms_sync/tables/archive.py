"""The zip around a workbook, inflated in pieces and never beyond a limit."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lms_sync.tables.cells import Unreadable, address
from lms_sync.tables.kinds import damaged, encrypted

INFLATED_LIMIT = 2**30
"""Bytes that a workbook's parts may hold together once inflated."""
DENSE_LIMIT = 20_000_000
"""Cells in the rectangle around everything that a sheet holds."""
PIECE = 2**20

Errors = dict[str, dict[tuple[int, int], str]]
"""Sheet name → (1-based row, 0-based column) → the error as the sheet shows it."""


@contextmanager
def open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Give the workbook's zip; whatever is wrong with it becomes Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, OSError) as error:
        raise damaged(str(error)) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted()
    total = sum(part.file_size for part in parts)
    if total > INFLATED_LIMIT:
        raise Unreadable(
            f"the workbook unpacks to {total:,} bytes",
            f"at most {INFLATED_LIMIT:,} bytes",
            "Split it, or export the report as csv.",
        )


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give one part in pieces; a part that does not hold what the zip declares ends in Unreadable."""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            yield piece


def check_all(archive: zipfile.ZipFile) -> None:
    """Inflate every XML part once, so that a false size or a cut-off part is found here and not in the reader."""
    for part in archive.namelist():
        if part.endswith((".xml", ".rels")):
            for _ in pieces(archive, part):
                pass


@dataclass(slots=True)
class Rectangle:
    """What the cells of one sheet span; rows 1-based, columns 0-based, both ends included."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def add(self, rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Widen the rectangle by a block of cells, given as (first, last) both ways.

        Raises: Unreadable when it has grown beyond what can be held in memory.
        """
        fresh = not self.bottom
        self.top = rows[0] if fresh else min(self.top, rows[0])
        self.left = columns[0] if fresh else min(self.left, columns[0])
        self.bottom, self.right = max(self.bottom, rows[1]), max(self.right, columns[1])
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > DENSE_LIMIT:
            raise Unreadable(
                f"a sheet reaches from {address(self.top, self.left)} to {address(self.bottom, self.right)}",
                f"at most {DENSE_LIMIT:,} cells from corner to corner",
                "Delete what stands far away from the table (often one stray cell), and save the workbook again.",
            )
