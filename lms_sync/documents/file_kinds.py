"""What a file that somebody hands in is, told by its content. It is looked at as bytes: nothing in it is ever run.

The list of what is kept is short on purpose; a signature that stands anywhere but at the beginning tells nothing.
"""

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from enum import StrEnum

from lms_sync.documents.badge import LARGEST, NO_BADGE, badge_in_token, is_object, parsed_badge, problem_of_badge
from lms_sync.errors import UsageError
from lms_sync.tables.cells import Unreadable
from lms_sync.tables.kinds import CONTAINERS, OLD_OFFICE, PAGE_STARTS, Kind
from lms_sync.tables.kinds import kind_of as sheet_kind


class MediaKind(StrEnum):
    """The kinds of file that are kept."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    HEIC = "image/heic"
    """What many phones make of a photograph."""
    WEBP = "image/webp"
    BADGE = "application/json"
    """What has the form of an Open Badge; so do the next two."""
    BADGE_TOKEN = "application/jwt"
    BADGE_PICTURE = "image/svg+xml"
    MAIL = "message/rfc822"
    OUTLOOK = "application/vnd.ms-outlook"
    """An e-mail as Outlook saves it (.msg)."""
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    """This and those below are kept only as lists of an ESD, which are read row by row."""
    XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
    XLS = "application/vnd.ms-excel"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    CSV = "text/csv"

    @property
    def ending(self) -> str:
        """Return what a file of this kind is called behind its name, so that a person's programs open it."""
        return _ENDINGS[self]


_ENDINGS = {
    MediaKind.PDF: ".pdf",
    MediaKind.PNG: ".png",
    MediaKind.JPEG: ".jpg",
    MediaKind.TIFF: ".tif",
    MediaKind.HEIC: ".heic",
    MediaKind.WEBP: ".webp",
    MediaKind.BADGE: ".json",
    MediaKind.BADGE_TOKEN: ".jwt",
    MediaKind.BADGE_PICTURE: ".svg",
    MediaKind.MAIL: ".eml",
    MediaKind.OUTLOOK: ".msg",
    MediaKind.XLSX: ".xlsx",
    MediaKind.XLSB: ".xlsb",
    MediaKind.XLS: ".xls",
    MediaKind.ODS: ".ods",
    MediaKind.CSV: ".csv",
}
DRAWING = "It is a drawing (SVG), and may hold a script: open it in a picture program, not in a browser."
_STARTS = (
    (b"%PDF-", MediaKind.PDF),
    (b"\x89PNG\r\n\x1a\n", MediaKind.PNG),
    (b"\xff\xd8\xff", MediaKind.JPEG),
    (b"II*\x00", MediaKind.TIFF),
    (b"MM\x00*", MediaKind.TIFF),
)
_PHONES = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_OUTLOOK_STREAM = "__properties_version1.0".encode("utf-16-le")
_SHEETS = {
    Kind.XLSX: MediaKind.XLSX,
    Kind.XLSB: MediaKind.XLSB,
    Kind.XLS: MediaKind.XLS,
    Kind.ODS: MediaKind.ODS,
    Kind.TEXT: MediaKind.CSV,
}
KEPT = (
    "What can be filed: PDF, images (PNG, JPEG, TIFF, HEIC, WebP), Open Badges (JSON, JWT, PNG, SVG) and e-mails"
    " (.eml, .msg). Print others to PDF. (A list of documents is for `documents add` only, and needs a column Person"
    " ID.)"
)


@dataclass(frozen=True, slots=True)
class FileDescription:
    """What a file is."""

    media_type: MediaKind
    notes: tuple[str, ...] = ()
    """What a person should know before opening it, in sentences."""


def kind_of(content: bytes, *, name: str) -> FileDescription:
    """Return what a file is. Raises: UsageError for an empty file and for a kind that is not kept."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return FileDescription(kind)
    if content[4:8] == b"ftyp" and content[8:12] in _PHONES:
        return FileDescription(MediaKind.HEIC)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileDescription(MediaKind.WEBP)
    if content.startswith(OLD_OFFICE) and _OUTLOOK_STREAM in content:
        return FileDescription(MediaKind.OUTLOOK)
    return _kind_of_text(content, name=name)


def list_kind(content: bytes) -> MediaKind | None:
    """Return what kind of list a file is (a workbook, or text with separators); None for a document of its own.

    Text counts only when it is no badge and no e-mail; whether it holds the columns, its reader says.
    Raises: Unreadable for a workbook that is damaged or asks for a password.
    """
    if content.startswith(CONTAINERS):
        if content.startswith(OLD_OFFICE) and _OUTLOOK_STREAM in content:
            return None
        try:
            return _SHEETS[sheet_kind(content)]
        except Unreadable as error:
            if "no workbook" in error.found:
                return None
            raise
    return MediaKind.CSV if _is_plain_text(content) else None


def _is_plain_text(content: bytes) -> bool:
    if not content.strip() or content[:4096].startswith((*(start for start, _ in _STARTS), *_PROGRAMS)):
        return False
    if _is_page(content) or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")) or _is_mail(content):
        return False
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return utf_16 or b"\x00" not in content[:65536]


def _kind_of_text(content: bytes, *, name: str) -> FileDescription:
    if _is_badge_picture(content):
        return FileDescription(MediaKind.BADGE_PICTURE, (DRAWING,))
    badge, token = parsed_badge(content), badge_in_token(content)
    badge = badge or token
    if badge is not None and (problem := problem_of_badge(badge)) != NO_BADGE:
        if problem:
            raise UsageError(f"{name}: {problem}", hint="Ask for the badge as it was awarded to the person.")
        return FileDescription(MediaKind.BADGE_TOKEN if token else MediaKind.BADGE)
    if _is_mail(content):
        return FileDescription(MediaKind.MAIL)
    raise UsageError(f"{name}: {_what_else(content)}", hint=KEPT)


def _what_else(content: bytes) -> str:
    """Return what a file that is not kept looks like, as the end of a sentence."""
    if not content.strip(b"\x00\t\r\n "):
        return "the file is empty"
    if content.startswith(_PROGRAMS):
        return "it is a program, whatever its name says"
    if _is_page(content):
        return "it is a web page, whatever its name says"
    if is_object(content) and len(content) > LARGEST:
        return f"{len(content) / 1_000_000:,.1f} MB of JSON, and a badge has {LARGEST // 1_000_000} MB at most"
    if content.startswith(CONTAINERS):
        return "it is a zip file or an Office document, whatever its name says"
    return "this kind of file cannot be filed"


def _is_badge_picture(content: bytes) -> bool:
    """Tell whether a file is a drawing (SVG) into which a badge is baked; other drawings are not kept."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return len(content) <= LARGEST and start.startswith(b"<") and b"<svg" in start and b"openbadges:" in content


def _is_page(content: bytes) -> bool:
    return content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGE_STARTS)


def _is_mail(content: bytes) -> bool:
    head = content[:65536]
    if b"\x00" in head or content.startswith(_PROGRAMS):
        return False
    # It takes a header as it stands, and never fails on one; the parts behind it may nest as deep as they like.
    message = BytesHeaderParser(policy=compat32).parsebytes(head)
    return bool(message["From"] and message["Date"])
