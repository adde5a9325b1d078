"""How whole sources have been read: which are set up, what was refused in a file, what people decided about it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source as lms_sync.toml sets it up, as far as a report depends on it."""

    name: str
    partners: tuple[str, ...] = ()
    """The partners whose people it tells of (`partners`); empty: all."""


@dataclass(frozen=True, slots=True)
class ReadingAccepted:
    """A person's word that reports may go out though a source was not read, or not every row of a file."""

    source: str
    by: str
    on: date
    reason: str
    file: str = ""
    """Of refused rows: the file's name; empty for a source that was never read whole."""
    sha256: str = ""
    """Of refused rows: the content that was accepted; another content needs another word."""


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """A file of which so much was refused that the partners concerned wait."""

    source: str
    file: str
    sha256: str
    refused: int
    counted: int
    """All its items that speak of completions, the refused ones among them."""
    causes: tuple[str, ...]
    """In sentences, the most frequent first: `267 rows: Username is blank`. They name nobody."""
    people: tuple[str, ...]
    """Person IDs of those whom its rows, or earlier readings of it, name."""
    everybody: bool
    """True when a refused row names nobody: then it may be anybody's."""
