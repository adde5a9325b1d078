"""The store's promises: history, transactions, migrations, keys that start with the district."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, select, update

from lms_sync.errors import ConfigError
from lms_sync.model.evidence import ClaimReason, Completion, Learner, StoredCompletion, StoredItem
from lms_sync.model.finding import FORMER_CODES, Area, ClaimDecision, Finding, Origin
from lms_sync.store import live_completions
from lms_sync.store.evidence_rows import completion_of
from lms_sync.store.facts import plan_facts
from lms_sync.store.judgements import LearnerEvidence
from lms_sync.store.migrations import versions
from lms_sync.store.migrations.upgrade import newest
from lms_sync.store.schema import completion, finding, item, metadata
from lms_sync.store.store import Opening, Store, open_store

T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)
T1 = T0 + timedelta(days=1)
T2 = T0 + timedelta(days=2)
DONE = Completion(
    "moodle",
    "r1",
    Learner("moodle", "l1"),
    "SSS-10",
    "De-escalation",
    date(2026, 3, 5),
    Origin("a.csv", "ab", "", "A2"),
)
ITEM = StoredItem("i1", DONE.origin, "r1", "added", (("Name", "x"),), "0" * 32)


@contextmanager
def opened(url: str, **changes: object) -> Iterator[Store]:
    with open_store(url, replace(Opening("tps", "key", T0), **changes)) as store:  # type: ignore[arg-type]
        yield store


def test_every_key_starts_with_the_district() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key)).name == "district_id", table.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "district_id", key.name


def test_the_migrations_make_the_schema_of_the_program(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with opened(url):
        pass
    plain = create_engine("sqlite://")
    metadata.create_all(plain)
    made, meant = inspect(create_engine(url)), inspect(plain)
    assert set(made.get_table_names()) - {"alembic_version"} == set(meant.get_table_names())
    for table in meant.get_table_names():
        columns = [{k: str(v) for k, v in c.items()} for c in made.get_columns(table)]
        assert columns == [{k: str(v) for k, v in c.items()} for c in meant.get_columns(table)], table
        assert (
            made.get_pk_constraint(table)["constrained_columns"]
            == meant.get_pk_constraint(table)["constrained_columns"]
        )


def test_no_migration_imports_from_the_program() -> None:
    folder = Path(versions.__path__[0])
    revisions = sorted(folder.glob("[0-9]*.py"))
    assert len(revisions) >= 3
    for path in revisions:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert {name.split(".")[0] for name in names} <= {"sqlalchemy", "alembic"}, path.name


def test_a_database_of_a_newer_program_is_left_alone(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="9999"), opened(url):
        pass
    assert newest() != "9999"


def test_another_identity_key_is_refused(url: str) -> None:
    with opened(url):
        pass
    with pytest.raises(ConfigError, match="identity key"), opened(url, key_check="other"):
        pass


def test_a_database_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(ConfigError) as error, opened(f"sqlite:///{tmp_path}/folder.db"):
        pass
    assert "[store] url" in error.value.hint


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


def test_completions_keep_their_history_and_their_origin(url: str) -> None:
    moved = replace(DONE, day=date(2026, 3, 6))
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1")], now=T0)
        store.evidence.end("moodle", ["r1"], reason="corrected", now=T1)
        store.evidence.add([StoredCompletion(moved, "i1")], now=T1)
        store.evidence.end("moodle", ["r1"], reason="withdrawn", now=T2)
        assert store.evidence.completions(known_at=T0) == (DONE,)
        assert store.evidence.completions(known_at=T1) == (moved,)
        assert store.evidence.completions() == ()
        assert [list(store.evidence.of_each_learner(then)) for then in (T0, T1, T2)] == [[[DONE]], [[moved]], []]
        others = [replace(ITEM, item_id=f"i{n}") for n in range(2, 9)]
        store.evidence.add_items("moodle", others, now=T2)  # of few of the items is there a completion
        assert [list(store.evidence.of_each_learner(then)) for then in (T0, T1, T2)] == [[[DONE]], [[moved]], []]


def test_completions_read_by_the_thousand_are_those_read_one_by_one(url: str) -> None:
    """Every kind of cell, more rows than are fetched at once, and rows that share some of their cells only."""
    claims, scores = (None, *ClaimReason), (None, Decimal("87.50"), Decimal(0))
    attributes = ((), (("host_school", "North “High”"), ("hours", "2")), (("hours", "2"),))
    origins = [Origin("a.csv", "ab", "", f"A{n}") for n in range(5)] + [
        Origin(url="https://lms.example.org/1", item="7")
    ]
    numbers = range(live_completions.ROWS_AT_ONCE + 30)
    stored = [
        Completion(
            source := ("moodle", "canvas")[n % 2],
            f"r{n:05}",
            Learner(source, f"l{n % 7}"),
            f"C{n % 3}",
            ("", "Course ü")[n % 5 == 0],
            None if n % 4 == 0 else date(2026, 3, 1) + timedelta(days=n % 9),
            origins[n % 6],
            *(("", "unit")[n % 2], ("", "Unit")[n % 2], T0 if n % 3 else None, "UTC", "Yes"),
            *(claims[n % len(claims)], scores[n % 3], attributes[n % 5 % 3]),
        )
        for n in numbers
    ]
    with opened(url) as store, store.transaction():
        for source in ("canvas", "moodle"):
            items = [StoredItem(f"i{n}", origin, "r", "added", (), "h") for n, origin in enumerate(origins)]
            store.evidence.add_items(source, items, now=T0)
        store.evidence.add([StoredCompletion(c, f"i{n % 6}") for n, c in enumerate(stored)], now=T0)
        read = store.evidence.completions()
        rows = store.connection.execute(
            select(completion, item)
            .join(item, completion.c.item_id == item.c.item_id)
            .where(completion.c.source == item.c.source)
        ).mappings()
        assert {c.record: c for c in read} == {row["record"]: completion_of(row) for row in rows}
        assert read == tuple(sorted(stored, key=lambda c: (c.source, c.record)))
        learners = list(store.evidence.of_each_learner(T0))
        assert len(learners) == len({theirs[0].learner for theirs in learners})
        assert all(len({completion.learner for completion in theirs}) == 1 for theirs in learners)
        judged = sorted((c for theirs in learners for c in theirs), key=lambda c: (c.source, c.record))
        assert judged == [replace(c, instant=None) for c in read]


def test_a_naive_instant_is_refused(url: str) -> None:
    with opened(url) as store, pytest.raises(Exception, match="time zone"), store.transaction():
        store.facts.record("person", {"E1": {}}, now=datetime(2026, 11, 1))


FINDING = Finding(Area.ROW, "bad-date", "a.csv!B7", "31/02/2024", "a day", "mend it")


def test_a_finding_is_new_once_and_cleared_when_it_is_looked_for_and_gone(url: str) -> None:
    with opened(url) as store, store.transaction():
        assert store.findings.see({"file a": [FINDING]}, now=T0) == (FINDING,)
        assert store.findings.see({"file a": [FINDING]}, now=T1) == ()
        assert store.findings.see({"file b": []}, now=T1) == (), "another scope says nothing about this one"
        (waiting,) = store.findings.open()
        assert (waiting.finding, waiting.first_seen) == (FINDING, T0)
        store.findings.see({"file a": []}, now=T2)
        assert store.findings.open() == ()
        assert store.findings.see({"file a": [FINDING]}, now=T2) == (FINDING,), "it came back, so it is news"


def test_a_second_decision_ends_the_first_and_both_can_be_replayed(url: str) -> None:
    yes = ClaimDecision("c1", accepted=True, reason="letter", decided_by="kim", decided_on=date(2026, 11, 1))
    no = replace(yes, accepted=False, reason="letter was for someone else")
    with opened(url) as store, store.transaction():
        store.findings.decide(yes, now=T0)
        store.findings.decide(no, now=T1)
        assert store.findings.decisions(T0) == {"c1": yes}
        assert store.findings.decisions() == {"c1": no}


def test_districts_do_not_see_each_other(url: str) -> None:
    with opened(url) as store, store.transaction():
        store.facts.record("person", {"E1": {"a": 1}}, now=T0)
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1")], now=T0)
        store.findings.see({"x": [FINDING]}, now=T0)
    with opened(url, district_id="other", beside_others=True) as store:
        assert store.facts.read("person") == {}
        assert store.evidence.completions() == ()
        assert list(store.evidence.of_each_learner(T0)) == []
        assert store.findings.open() == ()


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


@pytest.mark.parametrize(("now", "before"), FORMER_CODES.items())
def test_what_waits_under_a_former_code_is_not_reported_as_new(url: str, now: str, before: str) -> None:
    renamed = Finding(Area.ROSTER, now, "roster.xlsx, People!F2", "the cell is blank", "SRO or other", "Decide.")
    first = datetime(2026, 11, 1, tzinfo=UTC)
    with opened(url) as store, store.transaction():
        store.findings.see({"roster": [renamed]}, now=first)
        row = store.connection.execute(select(finding)).one()
        as_stored = {name: value for name, value in row.payload.items() if name != "subject"}
        former = {"finding_id": "708dde56", "payload": {**as_stored, "code": before}}
        store.connection.execute(update(finding).values(**former))

        assert store.findings.see({"roster": [renamed]}, now=first + timedelta(days=1)) == ()

        (waiting,) = store.findings.open()
        assert (waiting.finding.code, waiting.first_seen) == (now, first)


def test_the_completions_of_each_learner_are_told_in_short_as_of_every_time(url: str) -> None:
    other = replace(DONE, record="r2", day=date(2026, 4, 1))
    another = replace(DONE, record="r3", learner=Learner("moodle", "l2"))
    with opened(url) as store, store.transaction():
        store.evidence.add_items("moodle", [ITEM], now=T0)
        store.evidence.add([StoredCompletion(DONE, "i1"), StoredCompletion(another, "i1")], now=T0)
        store.evidence.add([StoredCompletion(other, "i1")], now=T1)
        store.evidence.end_all([DONE], reason="corrected", now=T2)
        l1, l2 = ("moodle", "l1"), ("moodle", "l2")
        unchanged = LearnerEvidence(1, f"1 1 {T0} None")
        assert store.judgements.evidence(T0) == {l1: unchanged, l2: unchanged}
        assert store.judgements.evidence(T1) == {l1: LearnerEvidence(2, f"2 2 {T1} None"), l2: unchanged}
        assert store.judgements.evidence(T2) == {l1: LearnerEvidence(1, f"2 1 {T1} {T2}"), l2: unchanged}
        assert store.judgements.evidence(T0 - timedelta(days=1)) == {}


def test_what_waits_is_told_by_scope_and_by_code_alone(url: str) -> None:
    first, second = (Finding(Area.SOURCE, code, "a.csv", "x", "y", "z") for code in ("no-day", "no-course"))
    with opened(url) as store, store.transaction():
        store.findings.see({"file b": [first], "file a": [second], "file c": []}, now=T0)
        assert store.findings.open_scopes() == ("file a", "file b")
        assert store.findings.open_of("no-day") == (first.id,)
        store.findings.see({"file b": []}, now=T1)
        assert store.findings.open_scopes() == ("file a",)
        assert store.findings.open_of("no-day") == ()
