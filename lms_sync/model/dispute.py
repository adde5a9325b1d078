"""What the log of decisions and the database say otherwise, until a person has decided which of them is right."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms_sync.model.log import DecisionKind

Key = tuple[str, ...]
"""What a decision is about, of its kind: a claim's id; a source and a learner; a partner and an address …"""
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One decision of which the log and the database say otherwise; or something wrong with the log itself."""

    kind: DecisionKind
    mark: str
    """What log and database name it by: its key, or a keyed hash of that; of the log itself the whole sentence."""
    key: Key = ()
    """Empty where a purge has left only the hash, and for the log itself."""
    logged: Payload | None = None
    """What the log says counts; None for nothing, and where only a hash of it is left."""
    stored: Payload | None = None
    """What the database says counts; None for nothing."""
    logged_digest: str = ""
    stored_digest: str = ""
    number: int = 0
    """Of the newest entry that speaks of it; 0 for none."""

    @property
    def about_the_log(self) -> bool:
        """Tell whether it is the log itself that is not as it was written."""
        return self.kind is DecisionKind.DIFFERENCE

    @property
    def id(self) -> str:
        """Return what a person names it by; the same every night, until either side changes."""
        text = "\x1f".join((self.kind, self.mark, self.logged_digest, self.stored_digest))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        """Return what differs, in a sentence's half."""
        if self.about_the_log:
            return self.mark
        name = f"the {_WORDS[self.kind]} {_readable(self.kind, self.key)}".rstrip()
        if not self.stored_digest:
            return f"{name}: entry {self.number} of the log says that it counts, and the database has none"
        if not self.logged_digest:
            taken = f"entry {self.number} of the log takes it back" if self.number else "the log has no entry for it"
            return f"{name}: it is in the database, and {taken}"
        return f"{name}: the database has it otherwise than entry {self.number} of the log"


_WORDS = {
    DecisionKind.LINK: "link or no of the learner",
    DecisionKind.MERGE: "merge of",
    DecisionKind.NAME: "answer about the names of",
    DecisionKind.CLAIM: "decision about claim",
    DecisionKind.DOUBT: "decision about what is in doubt,",
    DecisionKind.HOLD: "hold on",
    DecisionKind.DOCUMENT: "filed document",
    DecisionKind.RELEASE: "release of",
    DecisionKind.DROP: "accepted drop of",
}


def _readable(kind: DecisionKind, key: Key) -> str:
    """Return a key as a person may read it; hashes short."""
    match kind:
        case DecisionKind.LINK if len(key) == 2:
            return f"{key[0]}:#{key[1][:8]}"
        case DecisionKind.RELEASE if len(key) == 2:
            return f"{key[1]} for {key[0]}"
        case DecisionKind.DROP if len(key) == 2:
            return f"a record of {key[0]} (#{key[1][:8]})"
        case DecisionKind.MERGE | DecisionKind.NAME | DecisionKind.HOLD if not key:
            return "somebody whom only a purge's entry names, by a hash"
        case _:
            return key[0] if key else ""
