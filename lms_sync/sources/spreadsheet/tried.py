"""What becomes of a row or cell that can't be read: a refusal that says where and why."""

import logging
from collections.abc import Callable
from dataclasses import replace
from traceback import format_tb

from lms_sync.errors import LmsSyncError
from lms_sync.model.evidence import Reading, Refused
from lms_sync.model.finding import Area, Origin
from lms_sync.sources.spreadsheet.misread import Misread, finding_of
from lms_sync.tables.cells import Row, address

log = logging.getLogger(__name__)


def tried(read: Callable[[], Reading], place: Origin, *, source: str, row: Row | None = None) -> Reading:
    """Return the reading, or the refusal with the place that is to blame; `row` is the one of a table."""
    try:
        return read()
    except Misread as error:
        misread = error.with_traceback(None)  # its frames would hold every row until the next collection
        if misread.column is not None and row is not None:
            place = replace(place, cell=address(row.number, misread.column))
    except LmsSyncError:
        raise
    except Exception as error:  # one row that nobody foresaw must not cost the others
        # The trace without its last line, which may quote what stands in the row.
        # Nor does the log tell a file's name, which may be somebody's.
        file = replace(place, file=f"file {place.sha256[:8]}…") if place.file else place
        log.error("%s in %s\n%s", type(error).__name__, file, "".join(format_tb(error.__traceback__)))
        misread = Misread(
            "row-unreadable",
            f"something that the program cannot deal with ({type(error).__name__})",
            expected="a row like the others",
            remedy="Look for what is odd in it and correct that; please report it, with the log of that night.",
        )
    return Refused(finding_of(misread, str(place), source=source, area=Area.ROW))
