"""A workbook of which each part goes into its file as it is made.

XlsxWriter makes all parts of a file first, each as text and then as bytes: of a sheet with a hundred thousand rows
some three hundred megabytes. This rests on names that it does not promise to keep; tests/tables/test_quick_cells.py
holds that both ways give one file.
"""

from io import BytesIO, StringIO
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager

_AT_ONCE = 65_536
"""So many signs go into the file together."""
_WRITTEN_ON = (1980, 1, 1, 0, 0, 0)
"""What each part's date is, as XlsxWriter has it: the same content is the same file."""


class QuickWorkbook(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook of which each part goes into the file as it is made."""

    def __init__(self, content: IO[bytes]) -> None:
        """Take the file to write into when the workbook is closed."""
        super().__init__(BytesIO(), {"in_memory": True})  # the file that XlsxWriter itself writes stays empty
        self._content = content

    def _get_packager(self) -> Packager:
        return _QuickPackager(self._content)


class _QuickPackager(Packager):  # type: ignore[misc]  # XlsxWriter has no types
    """Puts the parts of a workbook into its file, one after the other."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self._file = ZipFile(content, "w", ZIP_DEFLATED, allowZip64=False)
        self._part: _Part | None = None

    def _create_package(self) -> list[Any]:
        """Write all parts, and return that nothing is left to do."""
        with self._file:
            super()._create_package()
            self._end_part()
        return []

    def _filename(self, xml_filename: str) -> StringIO:
        """Return what takes the text of the next part."""
        self._end_part()
        about = ZipInfo(xml_filename, _WRITTEN_ON)
        about.compress_type = ZIP_DEFLATED
        self._part = _Part(self._file.open(about, "w"))
        return self._part

    def _end_part(self) -> None:
        if self._part is not None:
            self._part.end()


class _Part(StringIO):
    """Takes the text of one part of a workbook, and hands it on whenever there is some."""

    def __init__(self, into: IO[bytes]) -> None:
        super().__init__()
        self._into = into

    def write(self, text: str) -> int:
        """Take some text."""
        number = super().write(text)
        if self.tell() > _AT_ONCE:
            self._hand_on()
        return number

    def end(self) -> None:
        """Hand on the last of it; no more comes."""
        self._hand_on()
        self._into.close()

    def _hand_on(self) -> None:
        self._into.write(self.getvalue().encode())
        self.seek(0)
        self.truncate()
