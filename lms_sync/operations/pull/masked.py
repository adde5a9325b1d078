"""A pull from any source → the pull without social security numbers. Pure."""

from dataclasses import replace

from lms_sync.model.evidence import Completion, Item, Learner, NotDone, Reading, Refused
from lms_sync.sources.fit_items import texts_of
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.notices import values_dropped
from lms_sync.sources.spreadsheet.privacy import SSNS


def without_ssns(pull: Pull) -> Pull:
    """Return the pull without social security numbers, which each file counts.

    Sheets have lost theirs before they were read; this is for all other sources.
    """
    return replace(pull, files=tuple(_file(file, pull.source) for file in pull.files))


def _file(file: FileRead, source: str) -> FileRead:
    name, items = mask(file.name), tuple(map(_item, file.items))
    dropped = sum(new is not old for new, old in zip(items, file.items, strict=True))
    if not dropped and name == file.name:
        return file
    counted = (values_dropped(name, SSNS, dropped, source=source),) if dropped else ()
    return replace(file, name=name, items=items, findings=(*file.findings, *counted))


def _item(item: Item) -> Item:
    """Return the item; the very same where there is nothing to mask."""
    words = [text for _, text in item.text]
    whole = "\n".join([*words, item.origin.file, *texts_of(item.reading)])
    if mask(whole) == whole:
        return item  # with line breaks between the texts no number is lost; one too many is looked at below
    text = tuple((heading, mask(words)) for heading, words in item.text)
    reading = _reading(item.reading)
    file = mask(item.origin.file)
    if text == item.text and reading == item.reading and file == item.origin.file:
        return item
    return replace(item, text=text, reading=reading, origin=replace(item.origin, file=file))


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
