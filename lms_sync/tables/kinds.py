"""What kind of file a sheet came in, told by its first bytes and never by its name."""

import io
import zipfile
from enum import Enum

from lms_sync.tables.cells import Unreadable

EXPECTED = "an xlsx or ods workbook, or a csv file"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
PAGE_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"<head", b"<body")
BINARY_STARTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format")


class Kind(Enum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    ODS = "ods"
    TEXT = "text"


def kind_of(data: bytes) -> Kind:
    """Return what the file's bytes are.

    Raises: Unreadable for an empty file and for everything that is no readable sheet, with what to do about it.
    """
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable(
            "the file is empty", EXPECTED, "Download or save it again, and put the new file in its place."
        )
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(OLD_OFFICE):
        raise _old_office(data)
    if data.startswith(BINARY_STARTS):
        raise Unreadable("the file is no sheet", EXPECTED, "Export the report as a workbook or csv file.")
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGE_STARTS):
        raise Unreadable(
            "the file is a web page or XML, whatever its name says",
            EXPECTED,
            "If it was downloaded without signing in, sign in and download it again; otherwise open it in a "
            "spreadsheet program and save it as .xlsx.",
        )
    return Kind.TEXT


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise damaged(str(error)) from error
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    what = "an xlsb workbook" if "xl/workbook.bin" in names else "a zip file that holds no workbook"
    raise Unreadable(f"the file is {what}", EXPECTED, "Save the sheet as .xlsx, and put that file in its place.")


def _old_office(data: bytes) -> Unreadable:
    if ENCRYPTED_STREAM in data:
        return encrypted()
    return Unreadable(
        "the file is an old .xls workbook (or another old Office file)",
        EXPECTED,
        "Open it in a spreadsheet program, save it as .xlsx, and put that file in its place.",
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
