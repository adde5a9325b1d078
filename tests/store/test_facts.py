"""Facts are compared by their texts where these tell enough: what is written is the same as by their payloads."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from lms_sync.store import facts
from lms_sync.store.facts import Payloads, plan_facts
from lms_sync.store.store import Opening, Store, open_store

START = datetime(2026, 11, 1, tzinfo=UTC)
PAYLOADS = st.sampled_from(({"a": 1}, {"a": 1.0}, {"a": "é", "b": []}, {"b": [], "a": "é"}, {"a": None}, {}))
FACTS = st.dictionaries(st.sampled_from("xyz"), PAYLOADS)


@given(st.lists(FACTS, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_what_is_recorded_is_what_a_comparison_of_payloads_plans(nights: list[dict[str, dict[str, Any]]]) -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store:
        for day, new in enumerate(nights):
            _night(store, new, now=START + timedelta(days=day), known=day % 5)


def _night(store: Store, new: dict[str, dict[str, Any]], *, now: datetime, known: int) -> None:
    expected = plan_facts(store.facts.read("kind"), new)
    with store.transaction(), patch.multiple(facts, _TEXTS_KNOWN=known, _FEW=1 + known // 2 % 2):
        stored = store.facts.texts("kind") if known % 2 else None
        changes = store.facts.record("kind", Payloads(new, deepcopy) if known else new, now=now, stored=stored)
    assert (set(changes.ended), changes.added) == (set(expected.ended), expected.added)
    assert store.facts.read("kind") == new


def test_a_text_that_is_only_written_otherwise_is_no_change() -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store:
        with store.transaction():
            store.facts.record("kind", {"x": {"a": 1, "b": "é"}}, now=START)
            otherwise = '{"b" : "é" , "a" : 1}'
            store.connection.execute(text("UPDATE fact SET payload = :otherwise"), {"otherwise": otherwise})
            changes = store.facts.record("kind", {"x": {"a": 1, "b": "é"}}, now=START + timedelta(days=1))
        assert (changes.ended, changes.added) == ((), {})


@pytest.mark.parametrize("number", [1, 3, 150])
def test_facts_of_few_keys_and_of_many_are_put_beside_those_that_count(number: int) -> None:
    later = START + timedelta(days=1)
    with open_store("sqlite://", Opening("d", "check", START)) as store, store.transaction():
        there = {f"{key:03}": {"a": key % 2} for key in range(0, 160, 2)}
        store.facts.record("kind", there, now=START)
        store.facts.record("other", {"001": {"a": 7}}, now=START)
        new = {f"{key:03}": {"a": key % 4} for key in range(number)}
        store.facts.put_all("kind", new, now=later)
        assert store.facts.read("kind") == dict(sorted({**there, **new}.items()))
        begun = {v.key for v in store.facts.history("kind") if v.recorded_at == later}
        assert begun == {key for key in new if there.get(key) != new[key]}


def test_fields_of_facts_are_those_of_their_payloads() -> None:
    with open_store("sqlite://", Opening("d", "check", START)) as store, store.transaction():
        store.facts.record("kind", {"x": {"a": "é", "b": "1"}, "y": {"b": "2"}, "z": {"a": ""}}, now=START)
        store.facts.end("kind", "z", now=START + timedelta(days=1))
        later = START + timedelta(days=2)
        store.facts.record("kind", {"y": {"a": "3", "b": "2"}}, now=later)
        assert ("é", "1") in store.facts.pairs_ever("kind", ("a", "b"), later)
        assert ("3", "2") in store.facts.pairs_ever("kind", ("a", "b"), later)
        assert ("3", "2") not in store.facts.pairs_ever("kind", ("a", "b"), START)
