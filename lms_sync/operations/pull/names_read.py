"""A pull → under which names (of files, sheets, courses) whose items were read. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lms_sync.model.evidence import Completion, Item, Refused
from lms_sync.model.known_rows import RowMemory, identity_of
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.sources.fit_items import name_kept
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.readers import NOBODY_KNOWN, NameRead, learner_key


def names_read(pull: Pull, pseudonyms: Pseudonyms) -> tuple[NameRead, ...]:
    """Return each name once for each learner whose item stood under it.

    An item that tells no learner of its own (refused, passed over, revoked) is of the learner whose readable items
    in the same file hold the same identifying texts. A file that could not be read speaks of somebody unknown.
    """
    return tuple(dict.fromkeys(name for file in pull.files for name in _of_file(pull.source, file, pseudonyms)))


def _of_file(source: str, file: FileRead, pseudonyms: Pseudonyms) -> Iterator[NameRead]:
    if file.failed:
        yield NameRead("file", file.name, NOBODY_KNOWN)
    whose = _Whose(RowMemory(source, pseudonyms))
    for row in file.known:
        whose.add(row.stated.identity, learner_key(source, row.stated.learner))
    for learner in {row.stated.learner for row in file.known}:  # all else was recorded when its rows were read
        yield NameRead("file", name_kept(file.name), learner_key(source, learner))
    strangers = [item for item in file.items if not whose.own(item)]
    for item in file.items if strangers else ():
        if own := whose.own(item):
            whose.add(whose.memory.identity(item), own)
    for item in file.items:
        if own := whose.own(item):
            yield from _of_item(item, file, own)
        elif identity_of(item) or isinstance(item.reading, Refused):
            yield from _of_item(item, file, whose.learners.get(whose.memory.identity(item), NOBODY_KNOWN))
        # All else (a row of totals) is of nobody.


@dataclass(frozen=True, slots=True)
class _Whose:
    """Tells of which learner of a file the rows are in which the same texts identify somebody."""

    memory: RowMemory
    learners: dict[bytes, str] = field(default_factory=dict)
    """Keyed hash of the identifying texts → the learner; `NOBODY_KNOWN` where there are several."""

    def add(self, identity: bytes, learner: str) -> None:
        """Take in that a row with these texts is of a learner."""
        same = self.learners.get(identity, learner) == learner
        self.learners[identity] = learner if same else NOBODY_KNOWN

    def own(self, item: Item) -> str:
        """Return the learner of an item that tells one; empty for another."""
        learner = self.memory.learner(item)
        return learner_key(self.memory.source, learner) if learner else ""


def _of_item(item: Item, file: FileRead, learner: str) -> Iterator[NameRead]:
    reading = item.reading
    yield NameRead("file", item.origin.file or file.name, learner)
    if item.origin.sheet:
        yield NameRead("sheet", item.origin.sheet, learner)
    match reading:
        case Completion():
            names = (reading.course, reading.course_title, reading.unit, reading.unit_title)
            people = (words for name, words in reading.attributes if name in ("instructor", "place"))
            for name in {*names, *people} - {""}:
                yield NameRead("course", name, learner)
        case Refused():  # which of its cells names the course cannot be attributes
            for heading, text in item.text:
                if heading not in item.identifying:
                    yield NameRead("course", text, learner)
        case _:
            pass
