"""What comes in place of a sheet: web pages, programs' answers, pictures, workbooks that are too old; each named."""

import json

from lms_sync.tables.cells import Unreadable

EXPECTED = "an xlsx, xls, xlsb or ods workbook, or a csv file"
BINARY_STARTS = {
    b"%PDF": "a PDF, which is no sheet",
    b"{\\rtf": "a text document (RTF), which is no sheet",
    b"SQLite format": "a database, which is no sheet",
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture, which is no sheet"),
    **dict.fromkeys((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"), "a compressed file"),
}
OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
"""The first record of a workbook of Excel 2, 3 and 4, and of 5 and 97 where it stands in no container.

Source: [MS-XLS] 2.4.21 (BOF), and its earlier forms.
"""
STYLED_XML = "urn:schemas-microsoft-com:office:spreadsheet"
MESSAGES = (
    "session", "sign in", "signed out", "log in", "login", "logged out", "password", "expired", "denied",
    "unauthorized", "unauthorised", "forbidden", "not found", "error", "not available",
    "unavailable", "try again", "timed out",
)  # fmt: skip
"""Words of a server's message that came in place of an export."""
NOTHING = b"\x00\t\r\n "
"""Bytes of which an empty file may consist."""
LOOKED_AT = 8_192
SHORT = 2_000
"""Bytes of a file that may be one message."""
SIGN_IN = (
    "If it was downloaded without signing in, sign in and download it again; otherwise open it in a spreadsheet "
    "program and save it as .xlsx."
)
EXPORT = "Export the report as a workbook or csv file."
SAVE_AGAIN = "Open it in Excel or LibreOffice, save it as .xlsx (Excel Workbook), and put that file in its place."


def check_text(data: bytes) -> None:
    """Raise Unreadable for an empty file and for what is neither a workbook nor text with separators."""
    if not (data[:LOOKED_AT].strip(NOTHING) or data.strip(NOTHING)):  # of the whole: that may copy it
        raise Unreadable(
            "the file is empty", EXPECTED, "Download or save it again, and put the new file in its place."
        )
    if binary := next((what for start, what in BINARY_STARTS.items() if data.startswith(start)), ""):
        remedy = "Unpack it, and put the sheet itself in its place." if "compressed" in binary else EXPORT
        raise Unreadable(f"the file is {binary}", EXPECTED, remedy)
    if data.startswith(OLD_EXCEL):
        found = "the file is an Excel workbook of a kind that is too old for this program"
        raise Unreadable(found, EXPECTED, SAVE_AGAIN)
    what, remedy = _told_by(_beginning(data), data)
    if what:
        raise Unreadable(f"the file is {what}, whatever its name says", EXPECTED, remedy)


def _told_by(start: str, data: bytes) -> tuple[str, str]:
    """Return what a text is that is no sheet, and what to do; empty strings for what may be one."""
    folded = start.casefold()
    if start.startswith("<") and (start[1:2].isalpha() or start[1:2] in ("!", "?", "/")):
        if STYLED_XML in folded:
            return "an XML spreadsheet of Excel 2003", SAVE_AGAIN
        is_page = "<html" in folded or not folded.startswith("<?xml")
        return ("a web page", SIGN_IN) if is_page else ("XML", SIGN_IN)
    if folded.startswith(("mime-version:", "from: <saved by")) or "content-type: multipart/related" in folded[:1000]:
        return "a web page saved as a web archive", SAVE_AGAIN
    if start.startswith(("{", "[")) and data.rstrip()[-1:] in (b"}", b"]") and _is_json(data):
        return "JSON, a program's answer", EXPORT
    if start.startswith("ID;P") and data.rstrip().endswith((b"\nE", b"\rE")):
        return "a SYLK file", SAVE_AGAIN
    if len(data) < SHORT and _is_message(folded):
        return f'a message ("{" ".join(start.split())[:80]}")', "Sign in, and download the report again."
    return "", ""


def _beginning(data: bytes) -> str:
    """Return how a file begins as text, blanks and byte order marks left out."""
    start = data[:LOOKED_AT]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace").lstrip()
    if start[1:2] == b"\0" or start[:1] == b"\0":
        return start.decode("utf-16-le" if start[1:2] == b"\0" else "utf-16-be", "replace").lstrip("\ufeff \t\r\n")
    return start.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


def _is_json(data: bytes) -> bool:
    """Tell whether data is one JSON value, or an object a line."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        lines = data.split(b"\n", 2)[:2]
        return len(lines) == 2 and data.startswith(b"{") and all(map(_is_object, lines))
    return True


def _is_object(line: bytes) -> bool:
    try:
        return not line.strip() or isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_message(folded: str) -> bool:
    """Tell whether a short text holds a word of such messages, and no line of it has separators as a table's has."""
    lines = [line for line in folded.splitlines() if line.strip()]
    sentence = all("," not in line or line.rstrip().endswith((".", "!", "?")) for line in lines)
    apart = any(sign in line for line in lines for sign in ("\t", ";", "|"))
    return len(lines) < 8 and sentence and not apart and any(word in folded for word in MESSAGES)
