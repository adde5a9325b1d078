"""A source whose records come in spreadsheets: files by pattern, each with its layout and zone."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms_sync.errors import ConfigError, SourceError
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.row_memory import RowMemory
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull, fingerprint
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.file_parts import FileParts
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.misread import Misread, finding_of
from lms_sync.sources.spreadsheet.places import (
    FilePlace,
    Server,
    check_address,
    is_remote,
    places_of,
    quotable,
    server_of,
)
from lms_sync.sources.spreadsheet.read_file import FileReader, failed
from lms_sync.sources.spreadsheet.settled import settled
from lms_sync.tables.cells import Unreadable
from lms_sync.text import did_you_mean, escaped_name
from lms_sync.workspace.settings.sources import SpreadsheetSettings


@dataclass(frozen=True, slots=True)
class OpenedPattern:
    """Files of one kind."""

    path: str
    """Relative to the workspace, or a URL; with `*`, `?` and `**`."""
    layout: Layout
    zone: str = ""
    """The zone of the files' times of day; empty when nobody has stated it."""
    server: Server = field(default_factory=Server)
    """Of a URL."""


Listing = tuple[OpenedPattern, Sequence[FilePlace] | Finding]
"""A pattern with the files that it finds, or why there are none."""


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """One logical source, fed by the files that its patterns find."""

    name: str
    export: Export
    patterns: tuple[OpenedPattern, ...]
    folder: Path
    """The workspace."""
    district_zone: str
    memory: Callable[[], RowMemory] | None = field(default=None, compare=False)
    """Gives the rows that were read before, asked only where there is a file to read; None to read every row."""

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return every file that the patterns find: read, or skipped when its fingerprint is in `seen`.

        A file that cannot be opened or read is one finding and stops no other.

        Raises: SourceError when nothing is found: a missing snapshot is never an empty one.
        """
        read: list[tuple[FileRead, FileParts]] = []
        skipped: list[FileSkipped] = []
        listings = [(pattern, self._listed(pattern)) for pattern in self.patterns]
        for place, name, patterns in self._files(listings):
            if len(patterns) > 1:
                read.append((self._overlap(name, patterns), FileParts()))
                continue
            data = self._bytes(place, name)
            if isinstance(data, FileRead):
                read.append((data, FileParts()))
                continue
            file = Origin(file=name, sha256=hashlib.sha256(data).hexdigest())
            pattern = patterns[0]
            mark = fingerprint(file.sha256, pattern.layout.rules, zone=pattern.zone, district_zone=self.district_zone)
            if mark in seen:
                skipped.append(FileSkipped(name, file.sha256, mark))
            else:
                content = [data]
                del data
                read.append(self._reader(file, pattern, mark, self._memory()).read(content))
        memory = self._memory() if read else None
        files = settled(read, memory)
        if memory:
            memory.let_go()
        return Pull(self.name, self.export, (*files, *self._missing(listings)), tuple(skipped))

    def readings(self) -> Iterator[tuple[str, bytes, Layout, FileRead]]:
        """Give (name, content, layout, what is read) of each file that can be opened, whatever was read before."""
        listings = [(pattern, self._listed(pattern)) for pattern in self.patterns]
        for place, name, patterns in self._files(listings):
            data = self._bytes(place, name)
            if isinstance(data, bytes) and len(patterns) == 1:
                file = Origin(file=name, sha256=hashlib.sha256(data).hexdigest())
                (read,) = settled([self._reader(file, patterns[0], "", None).read([data])], None)
                yield name, data, patterns[0].layout, read

    def _memory(self) -> RowMemory | None:
        return self.memory() if self.memory else None

    def _reader(self, file: Origin, pattern: OpenedPattern, mark: str, memory: RowMemory | None) -> FileReader:
        zones, asked = Zones(pattern.zone, self.district_zone), f'path = "{quotable(pattern.path)}"'
        return FileReader(self.name, file, mark, pattern.layout, zones, asked, memory)

    def _listed(self, pattern: OpenedPattern) -> Sequence[FilePlace] | Finding:
        try:
            places = places_of(pattern.path, folder=self.folder, server=pattern.server)
        except Misread as misread:
            return self._about(pattern, misread)
        return places or self._no_file(pattern)

    def _about(self, pattern: OpenedPattern, misread: Misread) -> Finding:
        where = f"lms_sync.toml, [[source]] {self.name}"
        finding = finding_of(misread, where, source=self.name, area=Area.FILE)
        return replace(finding, subject=f"path {quotable(pattern.path)}")

    def wrong_addresses(self) -> Iterator[Finding]:
        """Give what every pull would find of paths as they are written; no server is asked."""
        for pattern in filter(lambda pattern: is_remote(pattern.path), self.patterns):
            try:
                check_address(pattern.path)
            except Misread as misread:
                yield self._about(pattern, misread)

    def _files(self, listings: Sequence[Listing]) -> list[tuple[FilePlace, str, list[OpenedPattern]]]:
        """Return (place, name, patterns that find it) for every file, by name."""
        found: dict[FilePlace, list[OpenedPattern]] = {}
        for pattern, places in listings:
            for place in () if isinstance(places, Finding) else places:
                found.setdefault(place, []).append(pattern)
        if not found:
            raise self._nothing(listings)
        names = Counter(place.name for place in found)
        named = [
            (place, mask(escaped_name(place.name if names[place.name] == 1 else place.where)), patterns)
            for place, patterns in found.items()
        ]
        return sorted(named, key=lambda pair: (pair[1], pair[0].where))

    def _nothing(self, listings: Sequence[Listing]) -> SourceError:
        why = [found for _, found in listings if isinstance(found, Finding)]
        return SourceError(
            f"source {self.name}: {'; '.join(found.found for found in why)}",
            hint=" ".join(dict.fromkeys(found.remedy for found in why)),
        )

    def _missing(self, listings: Sequence[Listing]) -> list[FileRead]:
        """Return a failed file for each pattern that finds nothing while others do: it is missing, not empty."""
        return [
            failed(Origin(file=quotable(pattern.path)), "", found)
            for pattern, found in listings
            if isinstance(found, Finding)
        ]

    def _no_file(self, pattern: OpenedPattern) -> Finding:
        return Finding(
            Area.FILE,
            "file-missing",
            f"lms_sync.toml, [[source]] {self.name}",
            f"no file fits {quotable(pattern.path)}",
            "at least one file for every path",
            "Put the export there, or take the path out; what was read before stays evidence.",
            source=self.name,
            subject=f"path {quotable(pattern.path)}",
        )

    def _bytes(self, place: FilePlace, name: str) -> bytes | FileRead:
        """Return the file's content, or why there is none."""
        try:
            return place.read()
        except Unreadable as error:
            problem = Misread("file-unreadable", error.found, expected=error.expected, remedy=error.remedy)
        except OSError as error:
            problem = _cannot_open(error)
        except Misread as misread:
            problem = misread
        finding = finding_of(problem, name, source=self.name, area=Area.FILE)
        return failed(Origin(file=name), "", finding)

    def _overlap(self, name: str, patterns: list[OpenedPattern]) -> FileRead:
        paths = " and ".join(quotable(pattern.path) for pattern in patterns)
        finding = Finding(
            Area.CONFIG,
            "overlapping-patterns",
            f"lms_sync.toml, [[source]] {self.name}",
            f"{paths} both find {name}",
            "each file found by one path",
            "Give the files different paths, e.g. by folders; the file was not read.",
            source=self.name,
            subject=f"file {name}",
        )
        return failed(Origin(file=name), "", finding)


def from_settings(
    settings: SpreadsheetSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str
) -> Spreadsheet:
    """Return the source that a [[source]] section describes; `layouts` by name, `folder` the workspace.

    Raises: ConfigError when it names a layout that is not there.
    """
    for file in settings.files:
        if file.layout not in layouts:
            raise ConfigError(
                f'lms_sync.toml, [[source]] {settings.name}: there is no layout "{file.layout}"',
                hint=f"{did_you_mean(file.layout, layouts)}Layouts: {', '.join(sorted(layouts)) or 'none'}.",
            )
    patterns = tuple(
        OpenedPattern(
            file.path, layouts[file.layout], file.zone or "", server_of(file, source=settings.name, folder=folder)
        )
        for file in settings.files
    )
    return Spreadsheet(settings.name, settings.export, patterns, folder, district_zone)


def _cannot_open(error: OSError) -> Misread:
    return Misread(
        "file-unreadable",
        f"the file cannot be opened ({error.strerror})",
        expected="a file that this program's user may read",
        remedy="Check who may read it, and that nothing had it open or was moving it when the night ran.",
    )
