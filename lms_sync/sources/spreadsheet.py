"""A source whose records come in spreadsheets: files by pattern, each with its layout and zone."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms_sync.config import SourceSettings
from lms_sync.errors import ConfigError, SourceError
from lms_sync.model import Area, Finding, Item, Origin
from lms_sync.sources.days import Zones
from lms_sync.sources.header import Table, find_tables, unread_tables
from lms_sync.sources.items import course_columns, finding_of, read_items, reader_of
from lms_sync.sources.layout import Layout
from lms_sync.sources.misread import Misread, ZoneMissing
from lms_sync.sources.privacy import Forbidden, without_forbidden
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull, fingerprint
from lms_sync.sources.records import form_of
from lms_sync.tables.cells import column_letters
from lms_sync.tables.fields import did_you_mean
from lms_sync.tables.read import Unreadable, sheets_of


@dataclass(frozen=True, slots=True)
class FilePattern:
    """Files of one kind."""

    path: str
    """Relative to the workspace, with `*`, `?` and `**`."""
    layout: Layout
    zone: str = ""
    """The zone of the files' times of day; empty when nobody has stated it."""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """One logical source, fed by the files that its patterns find."""

    name: str
    export: Export
    patterns: tuple[FilePattern, ...]
    folder: Path
    """The workspace."""
    district_zone: str

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return every file that the patterns find: read, or skipped when its fingerprint is in `seen`.

        A file that cannot be read is one finding and stops no other.

        Raises: SourceError when nothing is found or a file vanishes: a missing snapshot is never an empty one.
        """
        read: list[FileRead] = []
        skipped: list[FileSkipped] = []
        for path, name, patterns in self._files():
            data = _bytes(path, self.name)
            file = Origin(file=name, sha256=hashlib.sha256(data).hexdigest())
            if len(patterns) > 1:
                read.append(self._overlap(file, patterns))
                continue
            pattern = patterns[0]
            mark = fingerprint(file.sha256, pattern.layout.hash, zone=pattern.zone, district_zone=self.district_zone)
            if mark in seen:
                skipped.append(FileSkipped(name, file.sha256, mark))
            else:
                read.append(self._read(data, file, pattern, mark))
        return Pull(self.name, self.export, (*read, *self._missing()), tuple(skipped))

    def _files(self) -> list[tuple[Path, str, list[FilePattern]]]:
        """Return (path, name, patterns that find it) for every file, by name."""
        found: dict[Path, list[FilePattern]] = {}
        for pattern in self.patterns:
            for path in self._found_by(pattern):
                found.setdefault(path, []).append(pattern)
        if not found:
            raise SourceError(
                f"source {self.name}: no file fits {' or '.join(pattern.path for pattern in self.patterns)}",
                hint=f"Put the export there, or correct `path` of [[source]] {self.name} in lms_sync.toml.",
            )
        names = Counter(path.name for path in found)
        named = [
            (path, path.name if names[path.name] == 1 else _relative(path, self.folder), patterns)
            for path, patterns in found.items()
        ]
        return sorted(named, key=lambda one: (one[1], one[0]))

    def _found_by(self, pattern: FilePattern) -> list[Path]:
        return [path for path in _glob(self.folder, pattern.path) if _is_sheet(path)]

    def _missing(self) -> list[FileRead]:
        """Return a failed file for each pattern that finds nothing while others do: it is missing, not empty."""
        return [
            self._failed(Origin(file=pattern.path), "", self._no_file(pattern))
            for pattern in self.patterns
            if not self._found_by(pattern)
        ]

    def _no_file(self, pattern: FilePattern) -> Finding:
        return Finding(
            Area.FILE,
            "file-missing",
            f"lms_sync.toml, [[source]] {self.name}",
            f"no file fits {pattern.path}",
            "at least one file for every path",
            "Put the export there, or take the path out; what was read before stays evidence.",
            source=self.name,
        )

    def _read(self, data: bytes, file: Origin, pattern: FilePattern, mark: str) -> FileRead:
        try:
            return self._read_tables(data, file, pattern, mark)
        except Unreadable as error:
            problem = Misread("file-unreadable", error.found, expected=error.expected, remedy=error.remedy)
        except ZoneMissing as error:
            problem = _zone_missing(str(error), pattern)
        except Misread as misread:
            problem = misread
        return self._failed(file, mark, finding_of(problem, file.file, source=self.name, area=Area.FILE))

    def _failed(self, file: Origin, mark: str, finding: Finding) -> FileRead:
        return FileRead(file.file, file.sha256, mark, items=(), findings=(finding,), failed=True)

    def _read_tables(self, data: bytes, file: Origin, pattern: FilePattern, mark: str) -> FileRead:
        layout = pattern.layout
        if layout.dates.needs_zone and not pattern.zone:
            raise ZoneMissing(f"the layout {layout.name} tells times of day")
        sheets = sheets_of(data, encoding=layout.sheet.encoding, separator=layout.sheet.separator)
        tables = find_tables(sheets, layout)
        findings = [self._unread(file, name, layout) for name in unread_tables(sheets, layout, tables)]
        form = form_of(self.name, layout, Zones(pattern.zone, self.district_zone))
        items: list[Item] = []
        dropped: list[str] = []
        for table in tables:
            clean, forbidden = without_forbidden(table, frozenset(course_columns(table, layout)))
            items.extend(read_items(reader_of(clean, form, file)))
            findings.extend(self._dropped(file, table, one) for one in forbidden)
            dropped.extend(one.heading for one in forbidden)
        return FileRead(file.file, file.sha256, mark, tuple(items), tuple(findings), tuple(dropped))

    def _overlap(self, file: Origin, patterns: list[FilePattern]) -> FileRead:
        paths = " and ".join(pattern.path for pattern in patterns)
        finding = Finding(
            Area.CONFIG,
            "overlapping-patterns",
            f"lms_sync.toml, [[source]] {self.name}",
            f"{paths} both find {file.file}",
            "each file found by one path",
            "Make the paths tell the files apart, e.g. by folders; the file was not read.",
            source=self.name,
        )
        return self._failed(file, "", finding)

    def _dropped(self, file: Origin, table: Table, forbidden: Forbidden) -> Finding:
        return Finding(
            Area.FILE,
            "column-dropped",
            str(Origin(file=file.file, sheet=table.sheet, cell=column_letters(forbidden.column))),
            f'the column "{forbidden.heading}" holds what looks like {forbidden.looks_like}',
            "an export without it",
            "It was dropped before anything was kept; ask the sender to leave it out.",
            source=self.name,
        )

    def _unread(self, file: Origin, name: str, layout: Layout) -> Finding:
        return Finding(
            Area.FILE,
            "sheet-not-read",
            str(Origin(file=file.file, sheet=name)),
            "a further sheet with the header of the one that was read",
            "one such sheet",
            f"If it counts too, state `sheet.pattern` in the layout {layout.name}; otherwise hide or delete it.",
            source=self.name,
        )


def from_settings(
    settings: SourceSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str
) -> Spreadsheet:
    """Return the source that a [[source]] section describes; `layouts` by name, `folder` the workspace.

    Raises: ConfigError when it names a layout that is not there.
    """
    for file in settings.files:
        if file.layout not in layouts:
            raise ConfigError(
                f'lms_sync.toml, [[source]] {settings.name}: there is no layout "{file.layout}"',
                hint=f"{did_you_mean(file.layout, layouts)}Layouts at hand: {', '.join(sorted(layouts)) or 'none'}.",
            )
    patterns = tuple(FilePattern(file.path, layouts[file.layout], file.zone or "") for file in settings.files)
    return Spreadsheet(settings.name, settings.export, patterns, folder, district_zone)


def _glob(folder: Path, pattern: str) -> Iterable[Path]:
    path = Path(pattern).expanduser()
    if path.is_absolute():
        return Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return folder.glob(pattern)


def _is_sheet(path: Path) -> bool:
    """Tell whether a path is a file that somebody put there; lock and hidden files of office programs are none."""
    return path.is_file() and not path.name.startswith((".", "~$"))


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def _bytes(path: Path, source: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"source {source}: {path.name} cannot be opened ({error.strerror})",
            hint="Check who may read it, and that nothing was moving it when the night ran.",
        ) from error


def _zone_missing(found: str, pattern: FilePattern) -> Misread:
    return Misread(
        "zone-missing",
        f"{found}, and nobody has stated the zone",
        expected=f'`zone = "America/Los_Angeles"` (or UTC, …) beside path = "{pattern.path}"',
        remedy="State in lms_sync.toml the zone of the user who downloads it; nothing of the file was read.",
    )
