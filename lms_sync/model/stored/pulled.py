"""What the store keeps as JSON of pulls: ledgers, learners' identifiers, attributes of completions, findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from lms_sync.model.finding import Finding
from lms_sync.model.stored.stored_type import StoredType


def _whole(word: tuple[bool | str, ...]) -> tuple[bool | str, ...]:
    """Return a word that has all its parts. Raises: ValueError for one that no version has written."""
    if len(word) <= len(("last", "script")) or not isinstance(word[0], bool) or bool in map(type, word[1:]):
        raise ValueError("no word of a name")
    return word


StoredWord = Annotated[tuple[bool | str, ...], AfterValidator(_whole)]
"""One word of a name: whether it is of the last name, its script, and the hashes of what it agrees with."""


@dataclass(frozen=True, slots=True)
class LearnerHashes:
    """A learner's identifiers as keyed hashes."""

    person_ids: tuple[str, ...]
    emails: tuple[str, ...]
    name: str
    names: tuple[tuple[StoredWord, ...], ...] | None = None
    """Every name by its words; None where it is the one in the clear, or the first version kept a whole name only."""


@dataclass(frozen=True, slots=True)
class LearnerInClear:
    """A learner's identifiers in the clear: of somebody who has a candidate on the roster."""

    key: str
    person_id: str
    emails: tuple[str, ...]
    first_name: str
    last_name: str
    employer: str


FINDING: StoredType[Finding] = StoredType("finding", Finding)
PULL_LEDGER: StoredType[Mapping[str, Mapping[str, int]]] = StoredType(
    "pull's ledger", Mapping[str, Mapping[str, int]]
)
"""File → outcome → number of items."""
FILE_LEDGER: StoredType[Mapping[str, int]] = StoredType("file's ledger", Mapping[str, int])
"""Outcome → number of items."""
RECORDS: StoredType[frozenset[str]] = StoredType("file's records", frozenset[str])
HASHES: StoredType[LearnerHashes] = StoredType("learner", LearnerHashes)
IN_CLEAR: StoredType[LearnerInClear] = StoredType("learner", LearnerInClear)
ATTRIBUTES: StoredType[Mapping[str, str]] = StoredType("completion's attributes", Mapping[str, str])
