"""What is remembered of a comparison of log and database: no changed word goes unseen by it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.known import agreed, differences
from lms_sync.store.known.agreed import Agreed, keep, recall
from lms_sync.store.known.differences import (
    compare_anew,
    differences_rest_on,
    found_to_agree,
    read_differences,
    read_differences_again,
    rested_on,
)
from lms_sync.store.known.in_force import decisions_in_force
from lms_sync.store.store import Store
from tests.security.test_log_and_state import ATTACKS, DAY, SEAL, after_decisions, attacked

FOLDED = (  # the last two entries made one, which holds every word of both in their order
    "UPDATE audit SET mac = mac || (SELECT district_id || char(31) || number || char(31) || at || char(31) || kind"
    " || char(31) || payload || char(31) || payload_hash || char(31) || previous || char(31) || hash || char(31)"
    " || mac FROM audit WHERE number = (SELECT max(number) FROM audit))"
    " WHERE number = (SELECT max(number) - 1 FROM audit)",
    "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)",
)


def remembered(store: Store, file: Path) -> None:
    """Compare all, keep that it agreed, and begin as another run would."""
    assert read_differences(store) == ()
    found = found_to_agree(store, today=DAY)
    assert found is not None
    keep(file, found)
    compare_anew(store)
    recall(store, file, today=DAY)


def compared(store: Store) -> int:
    """Return how often all was compared to answer twice."""
    with patch.object(differences, "differences", wraps=differences.differences) as whole:
        assert read_differences(store) == read_differences(store)
    return whole.call_count


def test_what_agreed_is_not_compared_again(tmp_path: Path) -> None:
    with after_decisions() as store:
        remembered(store, tmp_path / "agreed")
        assert compared(store) == 0
        assert read_differences(store) == ()
        assert found_to_agree(store, today=DAY) is None  # what is remembered keeps its day


@pytest.mark.parametrize(
    "attack", [*ATTACKS["attack"], {"name": "folded", "sql": FOLDED}], ids=lambda attack: attack["name"]
)
def test_13_2_a_change_is_found_by_the_next_run_although_all_agreed_before(
    attack: dict[str, Any], tmp_path: Path
) -> None:
    with after_decisions() as store:
        remembered(store, tmp_path / "agreed")
        attacked(store, list(attack["sql"]))
        assert read_differences(store) != ()
        assert found_to_agree(store, today=DAY) is None


@pytest.mark.parametrize("attack", ATTACKS["attack"], ids=lambda attack: attack["name"])
def test_13_2_what_is_changed_after_it_was_compared_is_another_state_for_the_next_run(attack: dict[str, Any]) -> None:
    with after_decisions() as store:
        assert read_differences(store) == ()
        compared_last, head = rested_on(store), store.audit.head()
        assert compared_last == differences_rest_on(store, store.audit.words())
        attacked(store, list(attack["sql"]))
        assert compared_last != differences_rest_on(store, store.audit.words())
        if store.audit.head() == head:
            assert rested_on(store) == compared_last


@pytest.mark.parametrize("attack", ATTACKS["attack"], ids=lambda attack: attack["name"])
def test_13_2_a_night_that_has_compared_finds_what_counts_otherwise_and_the_next_one_the_rest(
    attack: dict[str, Any],
) -> None:
    with after_decisions() as store:
        assert read_differences(store) == ()
        before = decisions_in_force(store), store.audit.head()
        attacked(store, list(attack["sql"]))
        counts_as_before = before == (decisions_in_force(store), store.audit.head())
        assert (read_differences_again(store) == ()) is counts_as_before
        assert read_differences(store) != ()


@pytest.mark.parametrize(
    ("days", "times"), [(0, 0), (6, 0), (7, 1), (-1, 1)], ids=["same day", "six days", "a week", "of tomorrow"]
)
def test_13_2_all_is_compared_at_least_once_a_week(days: int, times: int, tmp_path: Path) -> None:
    with after_decisions() as store:
        remembered(store, tmp_path / "agreed")
        compare_anew(store)
        recall(store, tmp_path / "agreed", today=DAY + timedelta(days=days))
        assert compared(store) == times


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"on": 1, "mark": "x"}',
        b'{"on": "2026-11-01", "mark": 5}',
        b'{"on": "2026-11-01", "mark": "0"}',
    ],
)
def test_a_file_that_says_anything_else_counts_for_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "agreed").write_bytes(content)
    with after_decisions() as store:
        recall(store, tmp_path / "agreed", today=DAY)
        assert compared(store) == 1


def test_13_2_what_was_compared_under_another_key_day_or_version_is_compared_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Agreed.of(DAY, "words", SEAL.of)
    assert found.covers("words", SEAL.of)
    assert not found.covers("other words", SEAL.of)
    assert not found.covers("words", Pseudonyms(b"another key").of)
    assert not Agreed(DAY + timedelta(days=1), found.mark).covers("words", SEAL.of)
    monkeypatch.setattr(agreed, "__version__", "another")
    assert not found.covers("words", SEAL.of)
