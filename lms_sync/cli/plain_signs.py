"""Signs that a terminal's encoding lacks are written as plain ones, instead of ending the command."""

import codecs
import io
import sys
import unicodedata

NAME = "lms_sync.plain"
_PLAIN = {"→": "->", "…": "...", "“": '"', "”": '"', "’": "'", "–": "-", "—": "-", "✓": "+", "✗": "x", "•": "*"}
_PLAIN |= {"·": "*", "≤": "<=", "≥": ">=", "×": "x", "«": '"', "»": '"', "━": "-", "─": "-", "│": "|", "█": "#"}


def write_what_the_terminal_can() -> None:
    """Have stdout and stderr write what their encoding lacks in plainer signs."""
    codecs.register_error(NAME, plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NAME)


def plainer(error: UnicodeError) -> tuple[str, int]:
    """Return plain signs for those that an encoding lacks, and where to go on; as `codecs.register_error` asks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = unicodedata.normalize("NFKD", error.object[error.start : error.end])
    kept = (sign for sign in signs if not unicodedata.combining(sign))
    return "".join(_PLAIN.get(sign, sign if sign.isascii() else "?") for sign in kept), error.end
