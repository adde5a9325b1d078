"""A pull → under which names (of files, sheets, courses) whose items were read. Pure."""

from collections.abc import Iterator

from lms_sync.model.evidence import Completion, Item, NotDone, Refused
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.readers import NOBODY_KNOWN, NameRead, learner_key
from lms_sync.text import fold

_Identity = tuple[tuple[str, str], ...]


def names_read(pull: Pull, pseudonyms: Pseudonyms) -> tuple[NameRead, ...]:
    """Return each name once for each learner whose item stood under it.

    An item that tells no learner of its own (refused, passed over, revoked) is of the learner whose readable items
    in the same file hold the same identifying texts. A file that could not be read speaks of somebody unknown.
    """
    return tuple(dict.fromkeys(name for file in pull.files for name in _of_file(pull.source, file, pseudonyms)))


def _of_file(source: str, file: FileRead, pseudonyms: Pseudonyms) -> Iterator[NameRead]:
    if file.failed:
        yield NameRead("file", file.name, NOBODY_KNOWN)
    learners: dict[str, str] = {}
    whose: dict[_Identity, str] = {}
    for item in file.items:
        reading = item.reading
        if isinstance(reading, Completion | NotDone):
            key = reading.learner.key
            if key not in learners:
                learners[key] = learner_key(source, pseudonyms.of(f"learner of {source}", fold(key)))
            learner = learners[key]
            whose[_identity(item)] = learner if whose.get(_identity(item), learner) == learner else NOBODY_KNOWN
    for item in file.items:
        reading = item.reading
        own = learners[reading.learner.key] if isinstance(reading, Completion | NotDone) else ""
        if own or _identity(item) or isinstance(reading, Refused):
            yield from _of_item(item, file, own or whose.get(_identity(item), NOBODY_KNOWN))
        # All else (a row of totals) is of nobody.


def _identity(item: Item) -> _Identity:
    return tuple((heading, fold(text)) for heading, text in item.text if text and heading in item.identifying)


def _of_item(item: Item, file: FileRead, learner: str) -> Iterator[NameRead]:
    reading = item.reading
    yield NameRead("file", item.origin.file or file.name, learner)
    yield NameRead("sheet", item.origin.sheet, learner)
    match reading:
        case Completion():
            for name in (reading.course, reading.course_title, reading.unit, reading.unit_title):
                yield NameRead("course", name, learner)
            attributes = dict(reading.attributes)
            for name in filter(None, (attributes.get("instructor"), attributes.get("place"))):
                yield NameRead("course", name, learner)
        case Refused():  # which of its cells names the course cannot be attributes
            for heading, text in item.text:
                if heading not in item.identifying:
                    yield NameRead("course", text, learner)
        case _:
            pass
