"""Completions, items, files and learners as rows of the store, and back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, Text, cast

from lms_sync.model.evidence import Completion, Learner, StoredCompletion, StoredFile, StoredItem
from lms_sync.model.finding import Origin
from lms_sync.model.item_text import text_json
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.stored.pulled import (
    ATTRIBUTES,
    FILE_LEDGER,
    HASHES,
    IN_CLEAR,
    RECORDS,
    LearnerHashes,
    LearnerInClear,
    StoredWord,
)
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import learner

COMPLETION_COLUMNS = (
    *("record", "source", "learner", "course", "course_title", "unit", "unit_title", "day", "instant", "zone"),
    *("status", "claim", "score", "attributes", "item_id"),
)
"""Of `completion_values`; the attributes are JSON as text."""
ITEM_COLUMNS = (
    *("item_id", "record", "outcome", "text", "text_hash"),
    *("file", "sha256", "sheet", "cell", "url", "item"),
)
"""Of `item_values`; the text is JSON as text."""
LEARNER_COLUMNS = ("source", "learner", "hashes", "shown")
"""Of `learner_values`."""


def completion_values(version: StoredCompletion) -> tuple[Any, ...]:
    """Return what is stored of a completion and of the item it was read from, by `COMPLETION_COLUMNS`."""
    completion = version.completion
    return (
        completion.record,
        completion.source,
        completion.learner.key,
        completion.course,
        completion.course_title,
        completion.unit,
        completion.unit_title,
        completion.day,
        completion.instant,
        completion.zone,
        completion.status,
        completion.claim and completion.claim.value,
        None if completion.score is None else str(completion.score),
        _json(completion.attributes),
        version.item_id,
    )


@lru_cache(maxsize=4_096)
def _json(attributes: tuple[tuple[str, str], ...]) -> str:
    """Return attributes as they are stored: those of a class's rows are the same, and most rows have none."""
    return json.dumps(dict(attributes))


def completion_of(row: RowMapping) -> Completion:
    """Return the completion that a row tells of, with the place of its item where the row has that too."""
    cells = dict(row)
    attributes = cells["attributes"]
    return value_of(
        Completion,
        cells,
        learner=Learner(cells["source"], cells["learner"]),
        origin=value_of(Origin, cells),
        attributes=tuple(sorted(ATTRIBUTES.read(attributes).items())) if attributes else (),
    )


def last_ended(rows: Iterable[RowMapping]) -> dict[tuple[str, str, date | None], RowMapping]:
    """Return (source, record, day) → the row that ended last, of rows by when they ended.

    Without what came before its record was withdrawn.
    """
    last: dict[tuple[str, str, date | None], RowMapping] = {}
    for row in rows:
        record = row["source"], row["record"]
        if row["end_reason"] == "withdrawn":
            last = {key: ended for key, ended in last.items() if key[:2] != record}
        last[*record, row["day"]] = row
    return last


def item_values(item: StoredItem) -> tuple[Any, ...]:
    """Return what is stored of an item as read, by `ITEM_COLUMNS`."""
    origin = item.origin
    place = (origin.file, origin.sha256, origin.sheet, origin.cell, origin.url, origin.item)
    return (item.item_id, item.record, item.outcome, text_json(item.text), item.text_hash, *place)


def item_of(row: RowMapping) -> tuple[Origin, tuple[tuple[str, str], ...]]:
    """Return where an item was read, and (heading, text) as it stood there."""
    return value_of(Origin, row), tuple((str(heading), str(text)) for heading, text in row["text"])


def file_row(file: StoredFile) -> dict[str, Any]:
    """Return the row that tells of a file as it was read."""
    return row_of(file, without=("there",), ledger=dict(file.ledger), **spoken_row(file))


def spoken_row(file: StoredFile) -> dict[str, Any]:
    """Return the part of a file's row that tells the records of which it speaks."""
    records = sorted(file.records)
    return {"records": records, "spoken": records if file.spoken == file.records else sorted(file.spoken)}


def file_of(row: RowMapping) -> StoredFile:
    """Return the file that a row tells of."""
    records, spoken = RECORDS.read(row["records"]), RECORDS.read(row["spoken"])
    return value_of(
        StoredFile,
        row,
        ledger=FILE_LEDGER.read(row["ledger"]),
        records=records,
        spoken=spoken,
        there=row["gone_at"] is None,
    )


def learner_values(seen: PseudonymousLearner) -> tuple[Any, ...]:
    """Return what is stored of a learner, by `LEARNER_COLUMNS`."""
    names = None if seen.names is None else tuple(tuple(map(_plain_word, name)) for name in seen.names)
    hashes = HASHES.plain(LearnerHashes(seen.person_ids, seen.emails, seen.name, names))
    if names is None:
        del hashes["names"]
    return (seen.source, seen.learner, hashes, seen.in_clear and IN_CLEAR.plain(_identifiers(seen.in_clear)))


def _identifiers(who: Learner) -> LearnerInClear:
    return LearnerInClear(who.key, who.person_id, who.emails, who.first_name, who.last_name, who.employer)


LEARNER_READ = (
    *(learner.c.source, learner.c.learner),
    *(cast(learner.c.hashes, Text), cast(learner.c.shown, Text)),
)
"""The columns that `learners_of` takes, those of JSON as text."""


def learners_of(rows: Iterable[Sequence[Any]]) -> Iterator[PseudonymousLearner]:
    """Yield the learners that rows tell of; marks that many names have are one text."""
    marks: dict[str, str] = {}
    for source, key, hashes_text, clear_text in rows:
        hashes = HASHES.read_text(hashes_text)
        in_clear = None if clear_text in (None, "null") else _in_the_clear(source, IN_CLEAR.read_text(clear_text))
        names = None if hashes.names is None else tuple(_words(name, marks) for name in hashes.names)
        identifiers = hashes.person_ids, hashes.emails, hashes.name
        yield PseudonymousLearner(source, key, *identifiers, in_clear, names)


def _in_the_clear(source: str, kept: LearnerInClear) -> Learner:
    names = kept.first_name, kept.last_name
    return Learner(source, kept.key, kept.person_id, kept.emails, *names, kept.employer)


def _plain_word(word: NameWord) -> StoredWord:
    return (word.last, word.script, *word.marks)


def _words(name: Iterable[StoredWord], marks: dict[str, str]) -> tuple[NameWord, ...]:
    return tuple(
        NameWord(
            tuple([marks.setdefault(mark, mark) for mark in map(str, hashed)]),
            marks.setdefault(str(script), str(script)),
            bool(last),
        )
        for last, script, *hashed in name
    )
