"""Pull the sources of the settings, and what partners sent back, against the roster in force."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType

from lms_sync.errors import ConfigError
from lms_sync.model.run import Pulled
from lms_sync.model.stored.facts import PERSON
from lms_sync.operations.intake import Intake
from lms_sync.operations.pull.context import pull_context
from lms_sync.operations.pull.count_again import restore_undone
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.operations.pull.received import keep_received
from lms_sync.operations.pull.returned import returned_forms
from lms_sync.sources.pull import within_the_night
from lms_sync.store.workspace import Workspace

NOBODY: Mapping[str, str] = MappingProxyType({})


def pull_sources(
    workspace: Workspace,
    intake: Intake,
    *,
    accept_drop: Mapping[str, str],
    accept_days: Mapping[str, str] = NOBODY,
    only: Sequence[str] = (),
    anew: bool = False,
) -> tuple[Pulled, ...]:
    """Pull the sources (all, or `only` those named) against the roster in force; `anew` reads unchanged files too.

    `accept_drop` and `accept_days` are source → who insists on what a safety stop asks about.
    Raises: ConfigError when no roster has ever been in force.
    """
    if not workspace.store.facts.any(PERSON.kind):
        problems = "\n".join(str(finding) for finding in intake.findings.get("roster", ()))
        raise ConfigError(
            f"there is no roster to work by{': ' + problems if problems else ''}",
            hint=f"Fill in {workspace.config.settings.roster.path}; `lms-sync check` says what is wrong with it.",
        )
    now = workspace.clock()
    with workspace.store.transaction():
        restore_undone(workspace.store, zone=workspace.zone, now=now)
    context = cache(lambda: pull_context(workspace, intake.roster.at(), intake.book, now=now))
    sources = (*intake.sources, *returned_forms(workspace, intake.roster.at))
    chosen = [source for source in sources if not only or source.name in only]
    limits = workspace.config.settings.limits
    seconds = 60.0 * limits.source_minutes
    keep = partial(keep_received, workspace, now=now)
    zone, by = workspace.zone, (accept_drop, accept_days)
    pulling = Pulling(now, context, *by, zone, anew=anew, keep_received=keep, seconds=seconds)
    with within_the_night(limits.night_minutes):
        return pull_all(workspace.store, chosen, pulling)
