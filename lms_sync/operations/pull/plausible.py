"""The refusal of a pull that misses too much of what its source showed before. Pure."""

from collections.abc import Set

from lms_sync.errors import SafetyStop
from lms_sync.text import command_line


def most_missing(stored: int) -> int:
    """Return how many of so many live records may be missing."""
    return max(5, stored // 10)


def check_plausible(stored: Set[str], present: Set[str], *, source: str) -> frozenset[str]:
    """Return the stored live records that a cumulative source does not show as done tonight.

    Raises: SafetyStop when they are more than max(5, 10 %) of `stored`.
    """
    missing = frozenset(stored - present)
    allowed = most_missing(len(stored))
    if len(missing) > allowed:
        raise SafetyStop(
            f"source {source}: {len(missing)} of {len(stored)} completions are missing from tonight's data"
            f" (more than {allowed}), so nothing of it was stored",
            hint="An incomplete export looks like this. Get a complete one; if the records really are gone,"
            f" confirm it with `{command_line('pull', source, accept_drop=source)}`:"
            " what was stored before still counts.",
        )
    return missing
