"""That the log of decisions and the database agreed, remembered from one run to the next.

To compare them takes every entry's hashes; whether anything is other than when they were compared, one hash of all
words. What is remembered is a keyed hash of every word of the log and of all that is in force: whoever changes, adds
or removes one word of either has them compared anew by the next run, and without the identity key nobody can make
one for other words. It holds for a week and for one version of the program: at least so often all is compared.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lms_sync import __version__
from lms_sync.files import write_private
from lms_sync.store.audit import KeyedHash
from lms_sync.store.store import Store

_REMEMBERED = "agreed"
"""Where a connection keeps what is remembered."""
_HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Agreed:
    """That all was compared on a day, and nothing differed."""

    on: date
    mark: str
    """Of the day and of all that was compared."""

    @classmethod
    def of(cls, on: date, words: str, keyed_hash: KeyedHash) -> "Agreed":
        """Return it for what was compared; `words` is a hash of every word of it."""
        return cls(on, keyed_hash("log and state agree", f"{__version__} {on.isoformat()} {words}"))

    def covers(self, words: str, keyed_hash: KeyedHash) -> bool:
        """Tell whether this is what was compared."""
        return self == self.of(self.on, words, keyed_hash)


def agreed_before(store: Store) -> Agreed | None:
    """Return what an earlier run found to agree, as `recall` has it; None where all is to be compared."""
    remembered: Agreed | None = store.connection.info.get(_REMEMBERED)
    return remembered


def recall(store: Store, file: Path, *, today: date) -> None:
    """Let what is remembered in a file count for this connection, where it is of the last seven days."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        kept = json.loads(file.read_text())
        remembered = Agreed(date.fromisoformat(kept["on"]), str(kept["mark"]))
        if timedelta(0) <= today - remembered.on < _HOLDS:
            store.connection.info[_REMEMBERED] = remembered


def forget(store: Store) -> None:
    """Have all compared when this connection asks the next time."""
    store.connection.info.pop(_REMEMBERED, None)


def keep(file: Path, agreed: Agreed) -> None:
    """Remember it for later runs; it holds a day and a hash only."""
    with suppress(OSError):  # then the next run compares everything
        write_private(file, json.dumps({"on": agreed.on.isoformat(), "mark": agreed.mark}).encode())
