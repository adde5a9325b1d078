"""Transactions keep all or nothing, and every instant has its zone."""

from datetime import datetime

import pytest

from lms_sync.errors import ConfigError
from lms_sync.store.store import Store
from tests.store.opened_store import T1, opened


def record_half_way(store: Store) -> None:
    store.facts.record("person", {"E1": {"a": 1}}, now=T1)
    raise ConfigError("half-way")


def test_a_transaction_that_fails_keeps_nothing(url: str) -> None:
    with opened(url) as store:
        with pytest.raises(ConfigError), store.transaction():
            record_half_way(store)
        assert store.facts.read("person") == {}


def test_a_rehearsal_leaves_nothing_behind(url: str) -> None:
    with opened(url, rehearsal=True) as store:
        with store.transaction():
            store.facts.record("person", {"E1": {"a": 1}}, now=T1)
        assert store.facts.read("person") == {"E1": {"a": 1}}
    with opened(url) as store:
        assert store.facts.read("person") == {}


def test_a_transaction_inside_another_is_a_bug(url: str) -> None:
    with opened(url) as store, store.transaction(), pytest.raises(RuntimeError), store.transaction():
        pass


def test_a_naive_instant_is_refused(url: str) -> None:
    with opened(url) as store, pytest.raises(Exception, match="time zone"), store.transaction():
        store.facts.record("person", {"E1": {}}, now=datetime(2026, 11, 1))
