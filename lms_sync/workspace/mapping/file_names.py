"""A course's short name as Moodle writes it in the name of a download. Pure."""

import re
import unicodedata

BARE_AND = re.compile(r"&(?![a-zA-Z0-9#]{1,8};)")
TAG = re.compile(r"<[^>]*>")
OTHER = re.compile(rb"[^a-z0-9-]")


def in_file_name(course: str) -> str:
    """Return the form in a file's name: `SSS-01 SH & Co` → `sss-01_sh__amp__co`.

    Lower case, `&` written as in HTML, and each byte but letters of a to z, digits and hyphens an underscore; several
    courses may share a form. Source: report/completion/index.php and report/progress/index.php of Moodle.
    """
    clean = TAG.sub("", BARE_AND.sub("&amp;", unicodedata.normalize("NFC", course).strip()))
    return OTHER.sub(b"_", clean.lower().encode()).decode()
