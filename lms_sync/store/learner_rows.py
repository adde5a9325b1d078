"""Learners as rows of the store, and back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.stored.pulled import HASHES, IN_CLEAR, LearnerHashes, LearnerInClear, StoredWord

_FIELDS = tuple(LearnerInClear.__dataclass_fields__)


def learner_row(seen: PseudonymousLearner, now: datetime) -> dict[str, Any]:
    """Return the row that tells of a learner from `now` on."""
    names = None if seen.names is None else tuple(tuple(map(_plain_word, name)) for name in seen.names)
    hashes = HASHES.plain(LearnerHashes(seen.person_ids, seen.emails, seen.name, names))
    if names is None:
        del hashes["names"]
    in_clear = seen.in_clear and IN_CLEAR.plain(
        LearnerInClear(**{name: getattr(seen.in_clear, name) for name in _FIELDS})
    )
    return {"source": seen.source, "learner": seen.learner, "recorded_at": now, "hashes": hashes, "shown": in_clear}


def learner_of(row: Row[Any]) -> PseudonymousLearner:
    """Return the learner that a row tells of."""
    hashes = HASHES.read(row.hashes)
    in_clear = row.shown and IN_CLEAR.read(row.shown)
    learner = Learner(row.source, **{name: getattr(in_clear, name) for name in _FIELDS}) if in_clear else None
    names = None if hashes.names is None else tuple(tuple(map(_word, name)) for name in hashes.names)
    identifiers = hashes.person_ids, hashes.emails, hashes.name
    return PseudonymousLearner(row.source, row.learner, *identifiers, learner, names)


def _plain_word(word: NameWord) -> StoredWord:
    return (word.last, word.script, *word.marks)


def _word(stored: StoredWord) -> NameWord:
    last, script, *marks = stored
    return NameWord(tuple(map(str, marks)), str(script), bool(last))
