"""The contents of the files that people edit, in short: what is taken in again only where it is other than before.

What is remembered lies in a file beside the database and holds a hash only; without it everything is taken in.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_sync import __version__
from lms_sync.files import write_private
from lms_sync.model.stored import facts
from lms_sync.operations.cleaning.once import RULES as RULES_OF_KEEPING
from lms_sync.operations.upgrade import rule_versions
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import Config

REMEMBERED = "state/taken-in"
"""Where the mark of what was taken in last lies, from the workspace's folder."""
_TAKEN_ANEW = "with what was found, days in the future, what is crossed out, and after one that was broken"
"""Changes when all must be taken in once more: a `pull`, and a night that was killed, once kept no finding of it;
nothing was asked about days in the future, nor said of what is crossed out; and what was wrong with a file waited on
where that of before was put back."""
_TAKEN_IN = (
    *(form.kind for form in (facts.PARTNER, facts.AGREEMENT, facts.PERSON, facts.ASSIGNMENT, facts.COURSE)),
    *(form.kind for form in (facts.OFFERING, facts.MAP_VERSION, facts.LAW, facts.VERSION)),
    "settings",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """The files that people edit, the settings, the program and the sources ever pulled, as they are now."""

    mark: str

    @classmethod
    def of(cls, workspace: Workspace) -> "Contents":
        """Return the contents as they are now."""
        # Those that are set up as well: that one of them was pulled for the first time changes nothing.
        sources = {source.name for source in workspace.config.settings.source} | workspace.store.runs.pulls().keys()
        parts = (*contents_of(workspace.config), *sorted(sources))
        return cls(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())

    def are_taken_in(self, workspace: Workspace) -> bool:
        """Tell whether these were taken in last without anything broken, and what came of it still counts."""
        try:
            return _file(workspace).read_text() == self._with_facts(workspace)
        except (OSError, ValueError):
            return False

    def remember(self, workspace: Workspace) -> None:
        """Make these what was taken in last; nothing in a dry run."""
        if not workspace.store.rehearsal:
            write_private(_file(workspace), self._with_facts(workspace).encode())

    @staticmethod
    def forget(workspace: Workspace) -> None:
        """Let nothing be what was taken in last: what is found of other files now would be taken for its findings."""
        if not workspace.store.rehearsal:
            _file(workspace).unlink(missing_ok=True)

    def _with_facts(self, workspace: Workspace) -> str:
        return f"{self.mark} {workspace.store.state.of_facts(_TAKEN_IN)}\n"


def _file(workspace: Workspace) -> Path:
    return workspace.config.folder / REMEMBERED


def contents_of(config: Config) -> Iterator[str]:
    """Yield what tells the contents of the files that people edit, the settings and the program from any others."""
    settings = config.settings
    courses = config.path(settings.mappings.courses)
    yield from (__version__, *(f"{name}={version}" for name, version in rule_versions.present().items()))
    yield f"keeping={RULES_OF_KEEPING}"
    yield _TAKEN_ANEW
    yield settings.model_dump_json()
    for path in (config.path(settings.roster.path), courses, courses.with_name("phrases.toml")):
        yield _content(path)
    yield from below(config.path(settings.mappings.layouts))


def below(folder: Path) -> Iterator[str]:
    """Yield the path and a hash of the content of each file below a folder, by path."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{path.relative_to(folder)}={_content(path)}"


def _content(path: Path) -> str:
    """Return a hash of a file's content; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
