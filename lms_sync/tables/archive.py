"""The zip around a workbook, inflated in pieces and never beyond a limit."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lms_sync.tables.cells import Unreadable
from lms_sync.tables.kinds import damaged, encrypted

INFLATED_LIMIT = 2**30
"""Bytes that a workbook's parts may hold together once inflated."""
PIECE = 2**20


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


def check_all(archive: zipfile.ZipFile, *, read: frozenset[str]) -> None:
    """Inflate every part that the reader may open, but for those that are `read` anyway.

    A false size or a cut-off part is found here.
    """
    for part in archive.namelist():
        if part not in read and part.casefold().endswith((".xml", ".rels", ".bin")):
            for _ in pieces(archive, part):
                pass
