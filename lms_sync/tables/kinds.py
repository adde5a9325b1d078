"""What kind of file a sheet came in, told by what is in it and never by its name."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Collection
from enum import Enum

from lms_sync.tables.cells import Unreadable
from lms_sync.tables.not_sheets import EXPECTED, check_text

ZIPS = (b"PK\3\4", b"PK\5\6")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTAINERS = (*ZIPS, OLD_OFFICE)
"""The beginnings of everything that a workbook can be."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
BOOK_STREAMS = ("workbook\0".encode("utf-16-le"), "book\0".encode("utf-16-le"))
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
OTHER_STREAMS = {
    "WordDocument": "a Word document",
    "PowerPoint Document": "a PowerPoint file",
    "__properties_version1.0": "a mail of Outlook",
}
PAGE_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<head", b"<body")
MOST_RELATIONS = 100_000
"""Bytes of a package's list of relations that are looked at to tell its kind."""
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)
"""What a broken zip makes its reader raise."""


class Kind(Enum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


def kind_of(data: bytes) -> Kind:
    """Return what the file's bytes are.

    Raises: Unreadable for an empty file and for everything that is no readable sheet, with what to do about it.
    """
    if data.startswith(ZIPS):
        return _kind_of_zip(data)
    if data.startswith(OLD_OFFICE):
        return _kind_of_old_office(data)
    check_text(data)
    return Kind.TEXT


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {_plain(name): name for name in archive.namelist()}
            mimetype = _start(archive, names["mimetype"]) if "mimetype" in names else b""
            content = _start(archive, names["content.xml"]) if "content.xml" in names else b""
            root = archive.read(names["_rels/.rels"])[:MOST_RELATIONS] if "_rels/.rels" in names else b""
    except BROKEN_ZIP as error:
        raise damaged(str(error)) from error
    is_ods = b"opendocument" in content.replace(b"\0", b"") if not mimetype.strip() else ODS_TYPE.encode() in mimetype
    if is_ods:
        return Kind.ODS
    plain_root = root.replace(b"\0", b"")
    if "xl/workbook.bin" in names or b"workbook.bin" in plain_root:
        return Kind.XLSB
    if "xl/workbook.xml" in names or (b"/officeDocument" in plain_root and not _office_document(names)):
        return Kind.XLSX
    raise Unreadable(
        f"the file is {_office_document(names) or 'a zip file that holds no workbook'}",
        EXPECTED,
        "Unpack it, and put the workbook itself in its place."
        if not _office_document(names)
        else "Save or export the table from it as .xlsx or csv.",
    )


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


def _office_document(names: Collection[str]) -> str:
    """Return what a zip file is that is another program's document, an empty string when it is none."""
    documents = {
        "word/": "a Word document",
        "ppt/": "a PowerPoint file",
        "index/": "a document of Apple's Numbers or Pages",
    }
    return next((what for folder, what in documents.items() if any(name.startswith(folder) for name in names)), "")


def _start(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        return stream.read(2000)


def _kind_of_old_office(data: bytes) -> Kind:
    if ENCRYPTED_STREAM in data:
        raise encrypted()
    folded = data.lower()  # letters of UTF-16 names are folded too
    if any(name in folded for name in BOOK_STREAMS):
        return Kind.XLS
    other = next((what for name, what in OTHER_STREAMS.items() if name.encode("utf-16-le") in data), "")
    raise Unreadable(
        f"the file is {other or 'an old Office file that holds no workbook, or was cut off'}",
        EXPECTED,
        "Download or copy it again in full, or save the sheet as .xlsx.",
    )


def encrypted() -> Unreadable:
    """Return the refusal of a workbook that asks for a password."""
    return Unreadable(
        "the workbook is protected by a password",
        EXPECTED,
        "Save it without a password to open, or ask its sender to.",
    )


def damaged(detail: str) -> Unreadable:
    """Return the refusal of a workbook that is cut off or otherwise broken; `detail` is what the reader said."""
    return Unreadable(
        f"the workbook is damaged or was cut off ({detail})", EXPECTED, "Download, copy or save it again in full."
    )


def beyond_us(detail: str) -> Unreadable:
    """Return the refusal of a workbook that is whole as far as can be told, and that this program can't read."""
    return Unreadable(
        f"this program cannot read the workbook, though other programs may ({detail})",
        EXPECTED,
        "Open it in Excel or LibreOffice, save it as .xlsx (Excel Workbook), and put that file in its place.",
    )
