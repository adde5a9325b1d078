"""Learners as rows of the store, and back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lms_sync.model.evidence import Learner
from lms_sync.model.name_agreement import NameWord
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.stored.pulled import HASHES, SHOWN, LearnerHashes, LearnerShown, StoredWord

_SHOWN = tuple(LearnerShown.__dataclass_fields__)


def learner_row(one: PseudonymousLearner, now: datetime) -> dict[str, Any]:
    """Return the row that tells of a learner from `now` on."""
    names = None if one.names is None else tuple(tuple(map(_plain_word, name)) for name in one.names)
    hashes = HASHES.plain(LearnerHashes(one.person_ids, one.emails, one.name, names))
    if names is None:
        del hashes["names"]
    shown = one.shown and SHOWN.plain(LearnerShown(**{name: getattr(one.shown, name) for name in _SHOWN}))
    return {"source": one.source, "learner": one.learner, "recorded_at": now, "hashes": hashes, "shown": shown}


def learner_of(row: Row[Any]) -> PseudonymousLearner:
    """Return the learner that a row tells of."""
    hashes = HASHES.read(row.hashes)
    shown = row.shown and SHOWN.read(row.shown)
    learner = Learner(row.source, **{name: getattr(shown, name) for name in _SHOWN}) if shown else None
    names = None if hashes.names is None else tuple(tuple(map(_word, name)) for name in hashes.names)
    identifiers = hashes.person_ids, hashes.emails, hashes.name
    return PseudonymousLearner(row.source, row.learner, *identifiers, learner, names)


def _plain_word(word: NameWord) -> StoredWord:
    return (word.last, word.script, *word.marks)


def _word(stored: StoredWord) -> NameWord:
    last, script, *marks = stored
    return NameWord(tuple(map(str, marks)), str(script), bool(last))
