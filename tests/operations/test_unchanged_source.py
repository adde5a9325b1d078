"""A source with nothing new is recorded without a look at what is stored, unless that look is owed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from lms_sync.model.author import Author
from lms_sync.model.evidence import FileThere
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.pull.readable import hidden_name
from lms_sync.operations.pull.unchanged import is_unchanged, record_unchanged
from lms_sync.sources.pull import FileSkipped, Pull
from lms_sync.store.store import Opening, Store, open_store

SEAL = Pseudonyms(b"k" * 32)
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
KIM = Author("Kim", "so decided", AT)
THERE = (
    FileThere("f1", "class.csv", "a" * 64, {"added": 2}),
    FileThere("f2", hidden_name("Wren, Ada.csv", SEAL), "b" * 64, {"skipped": 1}),
)
PULL = Pull(
    "class",
    "cumulative",
    (),
    (FileSkipped("class.csv", "a" * 64, "f1"), FileSkipped("Wren, Ada.csv", "b" * 64, "f2")),
)


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("sqlite://", Opening("d", SEAL.check, AT, keyed_hash=SEAL.of)) as opened:
        yield opened


def test_files_are_known_by_what_is_in_them_and_called_as_they_are_kept(store: Store) -> None:
    assert is_unchanged(store, PULL, THERE)
    with store.transaction():
        pulled = record_unchanged(store, PULL, THERE, now=AT)
    assert [(file.name, file.outcomes, file.unchanged) for file in pulled.files] == [
        ("class.csv", {"added": 2}, True),
        ("a file of nobody on the roster (sha256 bbbbbbbb…)", {"skipped": 1}, True),
    ]


@pytest.mark.parametrize("logged", [True, False])
def test_a_missing_record_that_the_log_does_not_tell_of_is_looked_at(store: Store, *, logged: bool) -> None:
    told = {"records": ["r1"]} if logged else {"records": ["r2"]}
    with store.transaction():
        store.evidence.accept_absences("class", ["r1"], by="Kim", now=AT)
        store.audit.add(DecisionKind.DROP, "class", KIM, before=None, after=told)
    assert is_unchanged(store, PULL, THERE) is logged
