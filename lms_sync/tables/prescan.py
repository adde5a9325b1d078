"""A look into a workbook's zip before it is read: what the reader would hide, and what would kill it.

The reader (calamine) turns error cells into blank ones, and lays a sheet out as a full rectangle in memory: one stray
cell in a far corner makes it abort the whole process, which no `except` can catch. So the XML is scanned first.
"""

from typing import assert_never

from lms_sync.tables.archive import Errors, check_all, open_archive
from lms_sync.tables.kinds import Kind
from lms_sync.tables.prescan_ods import scan_ods
from lms_sync.tables.prescan_xlsx import scan_xlsx


def prescan(data: bytes, kind: Kind) -> Errors:
    """Return the workbook's error cells by sheet.

    Raises: Unreadable when the workbook is damaged, encrypted, or too large to be read safely.
    """
    with open_archive(data) as archive:
        match kind:
            case Kind.XLSX:
                check_all(archive)
                return scan_xlsx(archive)
            case Kind.ODS:
                return scan_ods(archive)
            case Kind.TEXT:
                return {}
            case _:
                assert_never(kind)
