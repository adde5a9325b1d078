"""Options by which a person insists on what a safety stop asks about."""

from collections.abc import Callable
from typing import Any, TypedDict

import click

from lms_sync.cli.opening import expect_known, who
from lms_sync.operations.plausible_roster import ROSTER
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.corrections import CORRECTIONS


class Insisting(TypedDict):
    """Source → who insists, on what."""

    accept_drop: dict[str, str]
    accept_days: dict[str, str]


_accept_drop = click.option(
    "--accept-drop",
    "drops",
    multiple=True,
    metavar="SOURCE",
    help="Confirm that records missing from SOURCE are really gone; they stay evidence. `roster`: that it is right.",
)
_accept_days = click.option(
    "--accept-days",
    "days",
    multiple=True,
    metavar="SOURCE",
    help="Confirm that days of SOURCE, which came with day and month exchanged, are right; the former ones end.",
)


def insist_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--accept-drop` and `--accept-days`, as `drops` and `days`."""
    return _accept_drop(_accept_days(command))


def insist(workspace: Workspace, *, drops: tuple[str, ...], days: tuple[str, ...], by: str) -> Insisting:
    """Return who insists on what, of the roster too. Raises: UsageError for a source that there is not."""
    expect_sources(workspace, (*(name for name in drops if name != ROSTER), *days))
    return {"accept_drop": {name: who(by) for name in drops}, "accept_days": {name: who(by) for name in days}}


def expect_sources(workspace: Workspace, names: tuple[str, ...]) -> None:
    """Expect that there are sources of these names. Raises: UsageError with the closest one."""
    known = [source.name for source in workspace.config.settings.source]
    expect_known([name for name in names if name != CORRECTIONS], known, what="source", where="In lms_sync.toml")
