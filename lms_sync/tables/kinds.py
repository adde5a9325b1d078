"""What kind of file a sheet came in, told by its first bytes and never by its name."""

import io
import zipfile
import zlib
from enum import Enum

from lms_sync.tables.cells import Unreadable

EXPECTED = "an xlsx, xls, xlsb or ods workbook, or a csv file"
ZIPS = (b"PK\3\4", b"PK\5\6")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTAINERS = (*ZIPS, OLD_OFFICE)
"""The beginnings of everything that a workbook can be."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
BOOK_STREAMS = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
PAGE_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<head", b"<body")
BINARY_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format")

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


def check_text(data: bytes) -> None:
    """Raise Unreadable for an empty file and for what is neither a workbook nor text with separators."""
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable(
            "the file is empty", EXPECTED, "Download or save it again, and put the new file in its place."
        )
    if data.startswith(BINARY_STARTS):
        raise Unreadable("the file is no sheet", EXPECTED, "Export the report as a workbook or csv file.")
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGE_STARTS):
        raise Unreadable(
            "the file is a web page or XML, whatever its name says",
            EXPECTED,
            "If it was downloaded without signing in, sign in and download it again; otherwise open it in a "
            "spreadsheet program and save it as .xlsx.",
        )


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = _start(archive, "mimetype") if "mimetype" in names else b""
    except BROKEN_ZIP as error:
        raise damaged(str(error)) from error
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    raise Unreadable(
        "the file is a zip file that holds no workbook",
        EXPECTED,
        "Unpack it, and put the workbook itself in its place.",
    )


def _start(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        return stream.read(80)


def _kind_of_old_office(data: bytes) -> Kind:
    if ENCRYPTED_STREAM in data:
        raise encrypted()
    if any(name in data for name in BOOK_STREAMS):
        return Kind.XLS
    raise Unreadable(
        "the file is an old Office file that holds no workbook, or was cut off",
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
