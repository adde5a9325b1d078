"""What is right and wrong about the set-up of each source, asked of the servers themselves; nothing is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lms_sync.errors import UsageError
from lms_sync.operations.intake import make_sources
from lms_sync.sources.connectors import Source
from lms_sync.sources.diagnosis import Check, Diagnosable, good, guarded, wrong
from lms_sync.sources.spreadsheet.source import Spreadsheet
from lms_sync.text import without_place
from lms_sync.workspace.settings.config import Config


def examine(config: Config, names: Sequence[str] = ()) -> Iterator[tuple[str, Check]]:
    """Give (source, check) for the sources of these names, or for all; in the order of lms_sync.toml.

    Raises: UsageError for a name that no source has.
    """
    configured = [settings.name for settings in config.settings.source]
    if unknown := [name for name in names if name not in configured]:
        raise UsageError(
            f"there is no source called {', '.join(unknown)}",
            hint=f"lms_sync.toml has {', '.join(configured) or 'none'}.",
        )
    chosen = set(names or configured)
    sources, _, findings = make_sources(config)
    for finding in findings:
        if not finding.source or finding.source in chosen:
            yield finding.source or finding.where, wrong("settings", finding.found, finding.remedy)
    for source in sources:
        if source.name in chosen:
            yield from ((source.name, check) for check in checks_of(source))


def checks_of(source: Source) -> Iterator[Check]:
    """Give the checks of one source; one that can say nothing of itself has nothing to ask a server."""
    if isinstance(source, Diagnosable):
        place = f"source {source.name}"
        checks = guarded(source.diagnose, "set-up")
        yield from (replace(check, found=without_place(check.found, place)) for check in checks)
    elif isinstance(source, Spreadsheet) and (findings := tuple(source.wrong_addresses())):
        yield from (wrong("path", finding.found, finding.remedy) for finding in findings)
    else:
        yield good("set-up", "files only; `lms-sync check` and the next pull say what is wrong with them")
