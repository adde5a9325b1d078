"""How far a new workspace is: seven steps to the first released report, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.model.finding import Area
from lms_sync.reports.words import count
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_words
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.settings.config import FILE_NAME, Config
from lms_sync.workspace.start.shipped_values import shipped_values

MOST_FILES = 3
"""So many files of the inbox are named."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of setting a workspace up."""

    what: str
    found: str
    """How it stands, in a sentence; empty where there is nothing to say."""
    command: str = ""
    """What to type next, without `lms-sync`; empty where it is not a command that does it."""
    done: bool = False


def steps(config: Config, workspace: Workspace | None) -> tuple[Step, ...]:
    """Return all steps in their order; `workspace` is None while its database can't be opened."""
    return tuple(_steps(config, workspace))


def _steps(config: Config, workspace: Workspace | None) -> Iterator[Step]:
    settings = config.settings
    shipped = shipped_values(settings)
    own = f"{shipped[0].found}: write your own in {FILE_NAME}" if shipped else settings.district.name
    yield Step("say whose workspace it is", own, done=not shipped)
    yield _roster(config)
    names = ", ".join(source.name for source in settings.source)
    waiting = unclaimed(config)
    yield Step(
        "add a source", _sources(config, waiting, names), _add(config, waiting), done=bool(names) and not waiting
    )
    last = workspace.store.runs.last_finished("nightly") if workspace else None
    night = last is not None
    yield Step("check it all", "" if night else "it lists everything that is wrong", "check", done=night)
    what = "it reads, judges, and holds each report until you release it"
    yield Step("run the first night", "" if night else what, "nightly", done=night)
    yield _courses(workspace, night=night)
    yield _released(workspace)


def _roster(config: Config) -> Step:
    path = config.path(config.settings.roster.path)
    checked = check_roster(path, dates=config.settings.district.dates)
    if checked.roster is not None:
        return Step("fill in the roster", count(len(checked.roster.people), "person", "people"), done=True)
    blocking = sum(finding.blocks for finding in checked.findings)
    empty = any(finding.code == "roster-empty" for finding in checked.findings)
    nobody = f"nobody is in {path.name} yet: fill it in, as the rows with EXAMPLE show, and save it"
    found = nobody if empty else f"{count(blocking, 'thing', 'things')} in {path.name} must be corrected"
    return Step("fill in the roster", found, "" if empty else "check")


def _sources(config: Config, waiting: tuple[Path, ...], names: str) -> str:
    if not waiting:
        return names or "there is nothing in inbox/ yet: put a vendor's export there"
    listed = ", ".join(path.relative_to(config.folder).as_posix() for path in waiting[:MOST_FILES])
    more = f" and {len(waiting) - MOST_FILES} more" if len(waiting) > MOST_FILES else ""
    return f"you have put {listed}{more} there, which no source reads"


def _add(config: Config, waiting: tuple[Path, ...]) -> str:
    if not waiting:
        return ""
    return command_words("source add", waiting[0].relative_to(config.folder).as_posix())


def _courses(workspace: Workspace | None, *, night: bool) -> Step:
    unmapped = [f for f in workspace.store.findings.open() if f.finding.area is Area.COURSE] if workspace else []
    number = "1 completed course is" if len(unmapped) == 1 else f"{len(unmapped)} completed courses are"
    found = f"{number} not decided in mappings/courses.xlsx" if unmapped else ""
    return Step(
        "say what the courses teach", found, "mappings suggest" if unmapped else "", done=night and not unmapped
    )


def _released(workspace: Workspace | None) -> Step:
    what = "release the first report"
    if workspace is None:
        return Step(what, "")
    reports = [delivery for delivery in workspace.store.deliveries.listed() if delivery.kind is DeliveryKind.PARTNER]
    if sent := sum(delivery.state is DeliveryState.SENT for delivery in reports):
        return Step(what, f"{sent} sent", done=True)
    held = sum(delivery.state is DeliveryState.HELD for delivery in reports)
    if not held:
        return Step(what, "")
    found = "1 report waits" if held == 1 else f"{held} reports wait"
    return Step(
        what, f"{found} until somebody checks the addresses", 'outbox release --all --reason "addresses checked"'
    )


def unclaimed(config: Config) -> tuple[Path, ...]:
    """Return the files of the inbox that no source reads, by name; those of corrections are read without one."""
    inbox, corrections = config.folder / "inbox", config.path(config.settings.corrections.folder)
    files = [path for path in sorted(inbox.rglob("*")) if path.is_file() and not path.name.startswith((".", "~$"))]
    return tuple(path for path in files if not path.is_relative_to(corrections) and not taken_already(config, path))


def taken_already(config: Config, path: Path) -> str:
    """Return the name of the source that reads a file; an empty text for none."""
    for source in config.settings.source:
        for file in source.files if source.kind == "spreadsheet" else ():
            if "://" not in file.path and path in config.folder.glob(file.path):
                return source.name
    return ""
