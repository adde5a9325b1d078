"""Facts keep their history."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.store.facts import plan_facts
from tests.store.opened_store import T0, T1, T2, opened


def test_facts_keep_their_history(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.facts.record("person", {"E1": {"class": None}, "E2": {"class": "SRO"}}, now=T0)
        store.facts.record("person", {"E1": {"class": "SRO"}}, now=T1)
        assert store.facts.read("person", T0) == {"E1": {"class": None}, "E2": {"class": "SRO"}}
        assert store.facts.read("person", T1) == {"E1": {"class": "SRO"}}
        assert store.facts.read("person", T0 - timedelta(seconds=1)) == {}
        store.facts.put("agreement", "E2", {"class": "live"}, now=T1)
        store.facts.put("person", "E3", {}, now=T1)
        assert store.facts.gone("person") == {"E2": {"class": "SRO"}}
        assert [(v.key, v.text, v.recorded_at, v.ended_at) for v in store.facts.history_of("person", "class")] == [
            (v.key, v.payload.get("class"), v.recorded_at, v.ended_at) for v in store.facts.history("person")
        ]


def test_recording_the_same_facts_again_writes_nothing(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.facts.record("person", {"E1": {"a": 1}}, now=T0)
        changes = store.facts.record("person", {"E1": {"a": 1}}, now=T1)
        assert (changes.ended, dict(changes.added)) == ((), {})


payloads = st.dictionaries(st.sampled_from("abcd"), st.builds(lambda n: {"n": n}, st.integers(0, 2)))


@given(payloads, payloads)
def test_planned_facts_lead_from_the_stored_to_the_new(stored: dict[str, object], new: dict[str, object]) -> None:
    changes = plan_facts(stored, new)  # type: ignore[arg-type]
    result = {key: value for key, value in stored.items() if key not in changes.ended} | dict(changes.added)
    assert result == new
    assert not plan_facts(new, new).added  # type: ignore[arg-type]


def test_one_fact_is_put_and_ended_and_its_history_stays(url: str) -> None:
    with opened(url) as store, store.transaction():
        facts = store.facts
        facts.put("link", "a", {"to": 1}, now=T0)
        facts.put("link", "b", {"to": 2}, now=T0)
        facts.put("link", "a", {"to": 1}, now=T1)
        facts.put("link", "a", {"to": 3}, now=T1)
        facts.end("link", "b", now=T2)
        facts.end("link", "never there", now=T2)
        assert facts.read("link") == {"a": {"to": 3}}
        assert facts.read("link", T0) == {"a": {"to": 1}, "b": {"to": 2}}
        lived = [(one.key, one.payload["to"], one.recorded_at, one.ended_at) for one in facts.history("link")]
        assert lived == [("a", 1, T0, T1), ("b", 2, T0, T2), ("a", 3, T1, None)]
        assert facts.ever("link", T0) == [("a", {"to": 1}), ("b", {"to": 2})]
        assert facts.ever("link", T2) == [(key, {"to": to}) for key, to, *_ in lived]
