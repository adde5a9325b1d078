"""Where the next pull goes on: how far what an LRS stored has been read for sure, and by which rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lms_sync.model.evidence import Item, Refused
from lms_sync.sources.xapi.readings import stored_at
from lms_sync.sources.xapi.xapi_statement import instant

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
"""Header: everything that was stored before this time is shown. Source: xAPI 1.0.3, part 3, section 2.1.3."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything stored up to `through` has been read by the rules that `mark` stands for."""

    mark: str
    through: datetime | None = None
    """UTC, inclusive; None: nothing for sure, so the next pull asks for everything."""

    def __str__(self) -> str:
        """Return the cursor as it is kept; never empty, which would leave an older one in place."""
        return f"{self.mark} {timestamp(self.through) if self.through else '-'}"

    def since(self, overlap: timedelta) -> dict[str, str]:
        """Return the parameter that asks for what is new, once more from `overlap` before; none for everything."""
        return {"since": timestamp(self.through - overlap)} if self.through else {}


def read_cursor(words: str, mark: str) -> Cursor:
    """Return the cursor that an earlier pull left; one of other rules (or none) begins anew."""
    before, _, through = words.partition(" ")
    return Cursor(mark, instant(through) if before == mark else None)


def timestamp(at: datetime) -> str:
    """Return an aware time as LRSs take it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def shown_through(headers: Mapping[str, str]) -> datetime | None:
    """Return until when an answer shows all that was stored: the LRS's word, else its clock; None for neither.

    The clock keeps a `stored` that lies ahead from moving the cursor past all that is still to come.
    """
    through = instant(headers.get(CONSISTENT_THROUGH, ""))
    if through is not None and through.tzinfo is not None:
        return through.astimezone(UTC)
    try:
        clock = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return clock if clock.tzinfo else None


def moved(cursor: Cursor, items: Iterable[Item], *, through: Iterable[datetime]) -> Cursor:
    """Return the cursor after a whole pull; `through` tells of every answer until when it shows all.

    It stands at the newest `stored` that was read, never after what an answer showed for sure, and never after a
    statement that could not be read: that one is looked at again until it is voided, so that its finding stays. One
    that does not tell when it was stored may have come at any time since.
    """
    items = tuple(items)
    if any(isinstance(item.reading, Refused) and stored_at(item) is None for item in items):
        return cursor
    read = [at for item in items if (at := stored_at(item))]
    newest = max(filter(None, (*read, cursor.through)), default=None)
    if newest is None:
        return cursor
    refused = [at for item in items if isinstance(item.reading, Refused) and (at := stored_at(item))]
    return Cursor(cursor.mark, min((newest, *through, *refused)))
