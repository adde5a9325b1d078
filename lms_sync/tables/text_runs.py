"""The texts that the sheets of a binary workbook share: which of them have words in them that are crossed out.

Source: [MS-XLS] SST, Continue, XLUnicodeRichExtendedString, FormatRun; [MS-XLSB] BrtSSTItem, RichStr, StrRun.
"""

import struct
from collections.abc import Iterator, Sequence

RICH_XLS, EXTENDED_XLS, RICH_XLSB = 0x08, 0x04, 0x01
WIDE = 0x01
"""Of the signs before letters: each takes two bytes."""
Runs = Sequence[tuple[int, int]]
"""(first letter, number of its font) of each run of letters that looks otherwise than the cell."""


def is_struck(length: int, runs: Runs, fonts: Sequence[bool]) -> bool:
    """Tell whether any of a text's letters is crossed out; `fonts` tells of each font whether it crosses out."""
    ends = [*(start for start, _ in runs[1:]), length]
    return any(
        start < min(end, length) and font < len(fonts) and fonts[font]
        for (start, font), end in zip(runs, ends, strict=False)
    )


def runs_of_xlsb(body: bytes) -> tuple[int, Runs]:
    """Return how long a shared text of an xlsb workbook is, and its runs, by its record."""
    (length,) = struct.unpack_from("<I", body, 1)
    if not body[0] & RICH_XLSB:
        return length, ()
    at = 5 + 2 * length
    (count,) = struct.unpack_from("<I", body, at)
    return length, list(struct.iter_unpack("<HH", body[at + 4 : at + 4 + 4 * count]))


def runs_of_xls(parts: Sequence[bytes]) -> Iterator[tuple[int, Runs]]:
    """Yield the same of each text of an xls workbook, by the record of all of them and those that continue it."""
    texts = _Parts(parts)
    _, count = struct.unpack("<II", texts.take(8))
    for _ in range(count):
        length, signs = struct.unpack("<HB", texts.take(3))
        number = struct.unpack("<H", texts.take(2))[0] if signs & RICH_XLS else 0
        more = struct.unpack("<I", texts.take(4))[0] if signs & EXTENDED_XLS else 0
        texts.pass_letters(length, wide=signs & WIDE)
        runs = list(struct.iter_unpack("<HH", texts.take(4 * number)))
        texts.take(more)
        yield length, runs


class _Parts:
    """Bytes that go on from one record to the next; letters that do so have their signs before them once more."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._part = 0
        self._at = 0

    def take(self, number: int) -> bytes:
        """Return so many bytes. Raises: IndexError where they are not all there."""
        taken = b""
        while number > len(taken):
            found = self._parts[self._part][self._at : self._at + number - len(taken)]
            taken += found
            self._at += len(found)
            if number > len(taken):
                self._part, self._at = self._part + 1, 0
        return taken

    def pass_letters(self, number: int, *, wide: int) -> None:
        """Pass so many letters over. Raises: as `take`."""
        while number:
            size = 2 if wide else 1
            here = min(number, (len(self._parts[self._part]) - self._at) // size)
            number, self._at = number - here, self._at + here * size
            if number:
                self._part += 1
                wide, self._at = self._parts[self._part][0] & WIDE, 1
