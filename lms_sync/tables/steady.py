"""A workbook's bytes that depend on nothing but its sheets: the same sheets give the same file."""

import zipfile
from io import BytesIO

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

_FIXED_ENTRY = (1980, 1, 1, 0, 0, 0)


def steady_bytes(book: Workbook) -> bytes:
    """Save the workbook with fixed times: openpyxl and the zip would otherwise write the current one."""
    raw, steady = BytesIO(), BytesIO()
    book.save(raw)
    book.properties.modified = book.properties.created
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = tostring(book.properties.to_tree())
            entry = zipfile.ZipInfo(name, _FIXED_ENTRY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(entry, content)
    return steady.getvalue()
