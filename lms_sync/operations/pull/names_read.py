"""A pull → under which names (of files, sheets, courses) whose items were read. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from lms_sync.model.evidence import Completion, Item, Refused
from lms_sync.model.known_rows import Stated, different
from lms_sync.model.row_memory import RowMemory, identity_of
from lms_sync.sources.fit_items import name_kept
from lms_sync.sources.plain_rows import RowsOfFile
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.quick_row import QuickColumns, QuickRow
from lms_sync.store.known.readers import NOBODY_KNOWN, Name, learner_key

Stood = tuple[str, str, str, str, str, str, tuple[tuple[str, str], ...]]
"""File, sheet, course and its title, unit and its title, attributes: what the rows of a class have in common."""


def names_read(pull: Pull, stated: Sequence[Stated | None], memory: RowMemory) -> dict[Name, list[AbstractSet[str]]]:
    """Return each name with sets of the learners whose items stood under it; `stated` is what each item says of whom.

    An item that tells no learner of its own (refused, passed over, revoked) is of the learner whose readable items
    in the same file hold the same identifying texts. A file that could not be read speaks of somebody unknown.
    """
    found = _Found(pull.source, memory)
    begin = 0
    for file in pull.files:
        end = begin + len(file.items)
        found.take(file, stated[begin:end])
        begin = end
    return found.all()


@dataclass(frozen=True, slots=True)
class _Found:
    """Gathers the learners of names, file by file."""

    source: str
    memory: RowMemory
    names: dict[Name, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[Stood, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The learners of the completions that stood in one place and are of one course."""
    keys: dict[str, str] = field(default_factory=dict)
    """Learner → `learner_key`."""

    def take(self, file: FileRead, stated: Sequence[Stated | None]) -> None:
        """Take in the items of a file."""
        if file.failed:
            self.names["file", file.name].add(NOBODY_KNOWN)
        known = file.known.stated
        if known:  # all else was recorded when its rows were read
            self.names["file", name_kept(file.name)].update(map(self._key, [person.learner for person in known]))
        for place, learners in _places_of(file.plain.those(done=True)).items():
            self.places[place].update(map(self._key, learners))
        self._not_done(file.plain.those(done=False))
        plain = different(file.plain.stated)
        each = [*zip(file.items, stated, strict=True)]
        unclear = {
            n: self.memory.identity(item) for n, (item, person) in enumerate(each) if _is_unclear(item, person)
        }
        whose = self._whose(known.union(filter(None, stated), plain), {*unclear.values()}) if unclear else {}
        for n, (item, person) in enumerate(each):
            if person is not None:
                self._add(item, file, self._key(person.learner))
            elif n in unclear:
                self._add(item, file, whose.get(unclear[n], NOBODY_KNOWN))
            # All else (a row of totals) is of nobody.

    def _not_done(self, rows: RowsOfFile) -> None:
        """Take in plain rows of what is not done: of them only file and sheet are names."""
        for n, who in enumerate(rows.stated):
            reader = rows.columns.by[n].table.reader
            self.names["file", reader.origin.file].add(self._key(who.learner))
            self.names["sheet", reader.table.sheet].add(self._key(who.learner))

    def all(self) -> dict[Name, list[AbstractSet[str]]]:
        """Return what was gathered: a place's learners once for all its names, since they are many."""
        found: dict[Name, list[AbstractSet[str]]] = {name: [learners] for name, learners in self.names.items()}
        for stood, learners in self.places.items():
            for name in _names(stood):
                found.setdefault(name, []).append(learners)
        return found

    def _key(self, learner: str) -> str:
        key = self.keys.get(learner)
        if key is None:
            key = self.keys[learner] = learner_key(self.source, learner)
        return key

    def _whose(self, stated: AbstractSet[Stated], asked: AbstractSet[bytes]) -> dict[bytes, str]:
        """Return keyed hash of identifying texts, of those `asked` for → the learner; `NOBODY_KNOWN` for several."""
        whose: dict[bytes, str] = {}
        for person in [person for person in stated if person.identity in asked]:
            key = self._key(person.learner)
            whose[person.identity] = key if whose.get(person.identity, key) == key else NOBODY_KNOWN
        return whose

    def _add(self, item: Item, file: FileRead, learner: str) -> None:
        reading, place = item.reading, item.origin
        if isinstance(reading, Completion):
            course = (reading.course, reading.course_title, reading.unit, reading.unit_title, reading.attributes)
            self.places[place.file or file.name, place.sheet, *course].add(learner)
            return
        self.names["file", place.file or file.name].add(learner)
        self.names["sheet", place.sheet].add(learner)
        if isinstance(reading, Refused):  # which of its cells names the course cannot be told
            for heading, text in item.text:
                if heading not in item.identifying:
                    self.names["course", text].add(learner)


def _is_unclear(item: Item, person: Stated | None) -> bool:
    """Tell whether an item is of somebody whom it does not state itself."""
    return person is None and (isinstance(item.reading, Refused) or bool(identity_of(item)))


def _places_of(rows: RowsOfFile) -> dict[Stood, set[str]]:
    """Return where plain rows stand and of what course they are, each with the learners of its rows."""
    found: dict[tuple[int, int, int], tuple[QuickRow, set[str]]] = {}
    columns: QuickColumns = rows.columns if rows else QuickColumns.empty()
    several = zip(columns.by, columns.about, columns.rest, rows.stated, strict=True)
    for n, (by, about, rest, who) in enumerate(several):
        parts = id(by.table), id(about), id(rest)
        if parts not in found:
            found[parts] = columns.row(n), set()
        found[parts][1].add(who.learner)
    places: dict[Stood, set[str]] = defaultdict(set)
    for row, learners in found.values():
        places[_stood(row)] |= learners
    return places


def _stood(row: QuickRow) -> Stood:
    """Return where a row stands, and of what course it is."""
    reader, subject = row.table.reader, row.about.says
    course = (subject.course, subject.course_title, subject.unit, subject.unit_title)
    return (reader.origin.file, reader.table.sheet, *course, row.rest.says.attributes)


def _names(stood: Stood) -> Iterator[Name]:
    file, sheet, *names, attributes = stood
    yield "file", file
    yield "sheet", sheet
    people = (words for name, words in attributes if name in ("instructor", "place"))
    for name in {*names, *people}:
        yield "course", name
