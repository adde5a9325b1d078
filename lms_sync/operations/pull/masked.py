"""A pull from any source → the pull without social security numbers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, Refused
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.notices import values_dropped
from lms_sync.sources.spreadsheet.privacy import SSNS

MOST_KEPT = 200_000
"""Texts that are remembered of one pull; a text that is not is looked at anew in each item."""


def without_ssns(pull: Pull) -> Pull:
    """Return the pull without social security numbers, which each file counts.

    Sheets have lost theirs before they were read; this is for all other sources.
    """
    looked = _Looked()
    return replace(pull, files=tuple(_file(file, pull.source, looked) for file in pull.files))


@dataclass(frozen=True, slots=True)
class _Looked:
    """Looks for social security numbers in texts, once in each: rows have most of theirs in common."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    """(heading, text) of items in which there is none."""
    texts: set[str] = field(default_factory=set)
    """Other texts in which there is none."""

    def has_none(self, item: Item) -> bool:
        """Tell whether no text of an item holds one."""
        pairs, texts = item.text, _texts_of(item)
        if not self.pairs.issuperset(pairs):
            unseen = [pair for pair in pairs if pair not in self.pairs]
            if any(mask(words) != words for _, words in unseen):
                return False
            if len(self.pairs) < MOST_KEPT:
                self.pairs.update(unseen)
        if not self.texts.issuperset(texts):
            new = [words for words in texts if words not in self.texts]
            if any(mask(words) != words for words in new):
                return False
            if len(self.texts) < MOST_KEPT:
                self.texts.update(new)
        return True


def _file(file: FileRead, source: str, looked: _Looked) -> FileRead:
    name, items = mask(file.name), tuple(_item(item, looked) for item in file.items)
    dropped = sum(new is not old for new, old in zip(items, file.items, strict=True))
    if not dropped and name == file.name:
        return file
    counted = (values_dropped(name, SSNS, dropped, source=source),) if dropped else ()
    return replace(file, name=name, items=items, findings=(*file.findings, *counted))


def _item(item: Item, looked: _Looked) -> Item:
    """Return the item; the very same where there is nothing to mask."""
    if looked.has_none(item):
        return item
    text = tuple((heading, mask(words)) for heading, words in item.text)
    origin = replace(item.origin, file=mask(item.origin.file))
    return replace(item, text=text, reading=_reading(item.reading), origin=origin)


def _texts_of(item: Item) -> Sequence[str]:
    """Return the texts that are masked besides those of the item's cells."""
    file = item.origin.file
    match item.reading:
        case Completion() as done:
            who = done.learner
            about = (done.course, done.course_title, done.unit, done.unit_title, done.status, done.origin.file, file)
            more = [words for _, words in done.attributes]
            return (*about, who.person_id, who.first_name, who.last_name, who.employer, *who.emails, *more)
        case NotDone(learner=who, status=status):
            return (status, file, who.person_id, who.first_name, who.last_name, who.employer, *who.emails)
        case Refused(finding):
            return (finding.where, finding.found, file)
        case _:
            return (file,)


def _reading(reading: Reading) -> Reading:
    match reading:
        case Completion():
            return replace(
                reading,
                learner=_learner(reading.learner),
                course=mask(reading.course),
                course_title=mask(reading.course_title),
                unit=mask(reading.unit),
                unit_title=mask(reading.unit_title),
                origin=replace(reading.origin, file=mask(reading.origin.file)),
                status=mask(reading.status),
                attributes=tuple((name, mask(words)) for name, words in reading.attributes),
            )
        case NotDone():
            return replace(reading, learner=_learner(reading.learner), status=mask(reading.status))
        case Refused(finding):
            return Refused(replace(finding, where=mask(finding.where), found=mask(finding.found)))
        case _:
            return reading


def _learner(learner: Learner) -> Learner:
    """Return a learner without identifiers that are such numbers: masked ones would make strangers alike."""
    return replace(
        learner,
        person_id=learner.person_id if mask(learner.person_id) == learner.person_id else "",
        emails=tuple(email for email in learner.emails if mask(email) == email),
        first_name=mask(learner.first_name),
        last_name=mask(learner.last_name),
        employer=mask(learner.employer),
    )
