"""A look into a workbook before it is read: what the reader would hide, and what would kill it.

The reader (calamine) turns error cells into blank ones, and lays a sheet out as a full rectangle in memory: one stray
cell in a far corner makes it abort the whole process, which no `except` can catch. So the file is scanned first.
"""

from typing import assert_never

from lms_sync.tables.archive import open_archive
from lms_sync.tables.kinds import Kind
from lms_sync.tables.prescan_ods import scan_ods
from lms_sync.tables.prescan_xls import scan_xls
from lms_sync.tables.prescan_xlsb import scan_xlsb
from lms_sync.tables.prescan_xlsx import scan_xlsx
from lms_sync.tables.signs import Scan


def prescan(data: bytes, kind: Kind) -> Scan:
    """Return what the reader will hide of the workbook.

    Raises: Unreadable when the workbook is damaged, encrypted, or too large to be read safely.
    """
    if kind is Kind.TEXT:
        return Scan()
    if kind is Kind.XLS:
        return scan_xls(data)
    with open_archive(data) as archive:
        match kind:
            case Kind.XLSX:
                return scan_xlsx(archive)
            case Kind.XLSB:
                return scan_xlsb(archive)
            case Kind.ODS:
                return scan_ods(archive)
            case _:
                assert_never(kind)
