"""A source whose records come in spreadsheets: files by pattern, each with its layout and zone."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms_sync.errors import ConfigError, SourceError
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.known_rows import RowMemory
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull, fingerprint
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.header import Table, course_columns, find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.known import FileParts, read_table, settled
from lms_sync.sources.spreadsheet.layout import Layout, counting_from_1904
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing, finding_of
from lms_sync.sources.spreadsheet.notices import Notices
from lms_sync.sources.spreadsheet.places import FilePlace, Server, places_of, quotable, server_of
from lms_sync.sources.spreadsheet.privacy import Clean, cleaning_of
from lms_sync.sources.spreadsheet.record_form import RecordForm, form_of
from lms_sync.tables.cells import Unreadable
from lms_sync.tables.guard import read_guarded
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
            mark = fingerprint(file.sha256, pattern.layout.hash, zone=pattern.zone, district_zone=self.district_zone)
            if mark in seen:
                skipped.append(FileSkipped(name, file.sha256, mark))
            else:
                content = [data]
                del data
                read.append(self._read(content, file, pattern, mark, self._memory()))
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
                (read,) = settled([self._read([data], file, patterns[0], "", None)], None)
                yield name, data, patterns[0].layout, read

    def _memory(self) -> RowMemory | None:
        return self.memory() if self.memory else None

    def _listed(self, pattern: OpenedPattern) -> Sequence[FilePlace] | Finding:
        try:
            places = places_of(pattern.path, folder=self.folder, server=pattern.server)
        except Misread as misread:
            where = f"lms_sync.toml, [[source]] {self.name}"
            finding = finding_of(misread, where, source=self.name, area=Area.FILE)
            return replace(finding, subject=f"path {quotable(pattern.path)}")
        return places or self._no_file(pattern)

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
            self._failed(Origin(file=quotable(pattern.path)), "", found)
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
        return self._failed(Origin(file=name), "", finding)

    def _read(
        self, content: list[bytes], file: Origin, pattern: OpenedPattern, mark: str, memory: RowMemory | None
    ) -> tuple[FileRead, FileParts]:
        """Return a file without its items, and what stands in it.

        Its bytes are taken out of `content`, so that they are let go before its rows are read.
        """
        try:
            return self._read_tables(content, file, pattern, mark, memory)
        except Unreadable as error:
            problem = Misread("file-unreadable", error.found, expected=error.expected, remedy=error.remedy)
        except ZoneMissing as error:
            problem = _zone_missing(str(error), pattern)
        except Misread as misread:
            problem = misread
        return self._failed(file, mark, finding_of(problem, file.file, source=self.name, area=Area.FILE)), FileParts()

    def _failed(self, file: Origin, mark: str, finding: Finding) -> FileRead:
        return FileRead(file.file, file.sha256, mark, items=(), findings=(finding,), failed=True)

    def _read_tables(
        self, content: list[bytes], file: Origin, pattern: OpenedPattern, mark: str, memory: RowMemory | None
    ) -> tuple[FileRead, FileParts]:
        layout = pattern.layout
        if layout.dates.needs_zone and not pattern.zone:
            raise ZoneMissing(f"the layout {layout.name} gives times of day")
        book = read_guarded(content.pop(), encoding=layout.sheet.encoding, separator=layout.sheet.separator)
        book = replace(book, sheets=tuple(replace(sheet, name=mask(sheet.name)) for sheet in book.sheets))
        tables = deque(find_tables(book.sheets, layout))
        notices = Notices(self.name, file.file)
        findings = list(notices.about_book(book, tables, layout))
        parts = FileParts()
        dropped: list[str] = []
        del book  # nothing but `rows` is to hold a table's rows while they are read, and let go
        while tables:
            table = tables.popleft()
            cleaning = cleaning_of(table, layout, frozenset(course_columns(table, layout)))
            reader, rows = reader_of(cleaning.headed, self._form(table, pattern), file), deque(table.rows)
            del table
            clean = read_table(reader, cleaning, rows, memory, parts)
            findings.extend(notices.about_dropped(clean))
            dropped += _dropped(clean, layout)
        return FileRead(file.file, file.sha256, mark, (), tuple(findings), tuple(dropped)), parts

    def _form(self, table: Table, pattern: OpenedPattern) -> RecordForm:
        form = form_of(self.name, pattern.layout, Zones(pattern.zone, self.district_zone))
        return replace(form, layout=counting_from_1904(form.layout)) if table.from_1904 else form

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
        return self._failed(Origin(file=name), "", finding)


def _dropped(clean: Clean, layout: Layout) -> tuple[str, ...]:
    """Return the headings of the columns of which nothing is kept: forbidden ones, and those that nobody named."""
    in_words = layout.matrix is not None and layout.matrix.cells == "words"
    beside = [column + 1 for column in course_columns(clean.table, layout)] if in_words else []
    unnamed = [column for column in clean.unnamed if column not in beside]
    return (*(column.heading for column in clean.columns), *clean.headings(unnamed))


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


def _zone_missing(found: str, pattern: OpenedPattern) -> Misread:
    return Misread(
        "zone-missing",
        f"{found}, and nobody has stated the zone",
        expected=f'`zone = "America/Los_Angeles"` (or UTC, …) beside path = "{quotable(pattern.path)}"',
        remedy="State in lms_sync.toml the zone of the user who downloads it; nothing of the file was read.",
    )
