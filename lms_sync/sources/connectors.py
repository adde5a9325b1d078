"""Where completion records come from: one Protocol, one module a kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from lms_sync.errors import ConfigError
from lms_sync.model.finding import Area, Finding
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.pull import Export, Pull
from lms_sync.sources.spreadsheet.layout import Layout, read_layout
from lms_sync.sources.spreadsheet.source import Spreadsheet, from_settings
from lms_sync.text import without_place
from lms_sync.workspace.settings.sources import SourceSettings


class Source(Protocol):
    """Something that gives completion records; the object is its settings."""

    @property
    def name(self) -> str:
        """Return the logical source's name: with a record's key, its identity."""

    @property
    def export(self) -> Export:
        """Return whether each export holds everything so far, or only what is new."""

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return what the source holds; files whose fingerprint is in `seen` are skipped.

        `cursor` is what the last pull that was stored left behind, for sources that are asked only for what is new.

        Raises: SourceError when the source as a whole does not answer; what is wrong within it is a finding.
        """


class OpenSource(Protocol):
    """Makes a source from its section of lms_sync.toml."""

    def __call__(self, settings: Any, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str) -> Source:
        """Return the source; `settings` is a section of its own kind, `folder` the workspace. Raises: ConfigError."""


def _opener(kind: str) -> OpenSource:
    """Return what opens a source of a kind. A new kind is a module of its own and two lines here."""
    # Imported here: a district whose records all come in sheets loads nothing that speaks to a learning system.
    match kind:
        case "canvas":
            from lms_sync.sources.canvas import source as canvas

            return canvas.from_settings
        case "moodle":
            from lms_sync.sources.moodle import source as moodle

            return moodle.from_settings
        case "xapi":
            from lms_sync.sources.xapi import source as xapi

            return xapi.from_settings
        case _:
            return from_settings


def open_source(
    settings: SourceSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str
) -> Source:
    """Return the source that a [[source]] section describes.

    Raises: ConfigError when it names what is not there.
    """
    return _opener(settings.kind)(settings, folder=folder, layouts=layouts, district_zone=district_zone)


def remembering(source: Source, memory: Callable[[], RowMemory]) -> Source:
    """Return a source that passes over the rows which it has read before; other kinds than sheets as they are.

    `memory` gives the same each time that it is asked.
    """
    return replace(source, memory=memory) if isinstance(source, Spreadsheet) else source


def read_layouts(folder: Path) -> tuple[dict[str, Layout], tuple[Finding, ...]]:
    """Return the layouts of a folder by name, and a blocking finding for each that is wrong."""
    layouts: dict[str, Layout] = {}
    findings = []
    for path in sorted(folder.glob("*.toml")):
        try:
            layouts[path.stem] = read_layout(path)
        except ConfigError as error:
            findings.append(
                Finding(
                    Area.LAYOUT,
                    "layout-wrong",
                    path.name,
                    "; ".join(without_place(line, path.name) for line in str(error).splitlines()),
                    "a layout as the shipped ones show it",
                    error.hint,
                    blocks=True,
                )
            )
    return layouts, tuple(findings)
