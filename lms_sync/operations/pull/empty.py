"""A source of which nothing that was read so far speaks of anybody: that is not yet evidence of nothing. Pure."""

from collections.abc import Iterable

from lms_sync.model.finding import Area, Finding
from lms_sync.model.run import FileLedger
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.sources.pull import Pull
from lms_sync.text import command_line


def is_empty(pull: Pull, ledgers: Iterable[FileLedger]) -> bool:
    """Tell whether a source that tells all each time was read, and no row of it speaks of anybody."""
    spoken = (outcome for file in ledgers for outcome, count in file.outcomes.items() if count)
    return pull.export == "cumulative" and not pull.failed and set(spoken) <= {ItemOutcome.SKIPPED.value}


def empty_findings(pull: Pull) -> dict[str, tuple[Finding, ...]]:
    """Return what a person is told of it: a report over the wrong days looks like one of nobody."""
    names = ", ".join(file.name for file in pull.files)
    finding = Finding(
        Area.SOURCE,
        "source-empty",
        where=f"source {pull.source}",
        found=f"no row of it speaks of anybody ({names})",
        expected="a row for each completion",
        remedy="See how the export was made: its dates, its filter. Until a row comes, reports wait for it. If there"
        f" is none yet: `{command_line('outbox release', without=pull.source, reason=...)}`.",
        source=pull.source,
    )
    return {f"source {pull.source}": (finding,)}
