"""What the night tells of differences between the log of decisions and the database. Pure."""

from collections.abc import Iterable

from lms_sync.model.dispute import Difference
from lms_sync.model.finding import Area, Finding
from lms_sync.text import command_line


def difference_findings(found: Iterable[Difference]) -> tuple[Finding, ...]:
    """Return a finding for each difference, and for each thing that is wrong with the log itself."""
    return tuple(
        _of_the_log(difference) if difference.about_the_log else _differs(difference) for difference in found
    )


def _differs(difference: Difference) -> Finding:
    return Finding(
        Area.CONFIG,
        "log-differs",
        where="the log of decisions",
        found=str(difference),
        expected="a database that agrees with the log",
        remedy="Until you decide it counts for nobody, and the partners concerned wait. The database is right:"
        f" {command_line('worklist accept', difference.id, reason=...)}."
        " The log is right, and is to be put back: refuse.",
        handle=difference.id,
        weight=1,
    )


def _of_the_log(difference: Difference) -> Finding:
    return Finding(
        Area.CONFIG,
        "log-broken",
        where="the log of decisions",
        found=str(difference),
        expected="a log that nobody has changed",
        remedy="lms-sync log verify; compare with a backup of the database. Until you have looked at it every partner"
        f" waits. Then: {command_line('worklist accept', difference.id, reason=...)}.",
        handle=difference.id,
        weight=1,
    )
