"""New rules make other keys of the same rows: evidence is known again, and every decision about it stays in force."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Row as StoredRow
from sqlalchemy import Table, select

from lms_sync.errors import SafetyStop
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, FormerKey, Item, NotDone, claim_id
from lms_sync.model.finding import Area, ClaimDecision, Finding, Origin
from lms_sync.model.links import Link
from lms_sync.model.pseudonyms import Pseudonyms, learner_hash, record_hash
from lms_sync.model.roster import Person
from lms_sync.operations.pull import know_again
from lms_sync.operations.pull.apply import PullContext, PullResult, apply_pull
from lms_sync.operations.pull.rekey import SeenKey, renamed
from lms_sync.operations.retention.record import Purge, record_purge
from lms_sync.operations.upgrade.reread import read_otherwise
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.items import read_items, reader_of
from lms_sync.sources.spreadsheet.record_form import form_of
from lms_sync.store.known.readers import learner_key, read_readers
from lms_sync.store.known.registers import DOUBTS, RULE_CHANGES, joined
from lms_sync.store.known.who_is_who import read_links, record_link
from lms_sync.store.purge import Purging
from lms_sync.store.schema import completion, item, learner
from lms_sync.store.store import Opening, Store, open_store
from lms_sync.tables.cells import Rewritten, Row, Sheet, Value, text_cell
from tests.sources.plain_files import layout
from tests.sources.sample_files import PACIFIC

SEAL = Pseudonyms(b"a key that the tests made up, 32")
T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)
T1 = T0 + timedelta(days=1)
HEADINGS = ("ID", "Course", "Done on", "Status")
ADA = Person("00001", "Moss", "Ada")

SPELLINGS: dict[str, Callable[[str], Value]] = {
    "as it is": text_cell,
    "with a character that nobody sees": lambda words: text_cell(f"{words[:2]}\u200b{words[2:]}"),
    "as a formula": lambda words: text_cell(f'="{words}"'),
    "behind an apostrophe": lambda words: text_cell(f"'{words}"),
    "a number in the format 00000": lambda words: Rewritten(words, int(words)),
}
"""How an id may stand in a file: all of them read the same today, and no two of them did before."""


def read(rows: Sequence[tuple[Value, ...]]) -> tuple[Item, ...]:
    """Return the items of a sheet, as these rules read them."""
    form = form_of("acme", layout(), Zones("", PACIFIC))
    sheet = Sheet("", hidden=False, rows=tuple(Row(n, row) for n, row in enumerate((HEADINGS, *rows), start=1)))
    (table,) = find_tables((sheet,), form.layout)
    return tuple(read_items(reader_of(table, form, Origin(file="a.csv", sha256="ab"))))


def row(number: int, spelling: str, course: str = "Calm", status: str = "Completed") -> tuple[Value, ...]:
    return (SPELLINGS[spelling](f"{number:05}"), course, "09/03/2025" if status == "Completed" else "", status)


def as_before(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items as the rules before read them: under their former keys."""
    return tuple(_under(item, item.former[0]) if item.former else item for item in items)


def _under(item: Item, key: FormerKey) -> Item:
    assert isinstance(item.reading, Completion | NotDone)
    learner = replace(item.reading.learner, key=key.learner)
    return replace(item, reading=replace(item.reading, record=key.record, learner=learner), former=())


def pulled(store: Store, items: Sequence[Item], *, now: datetime, sha256: str = "ab", rules: str = "") -> PullResult:
    """Apply a pull of one file with these items; `rules` are those by which a file like it was read."""
    there = tuple(replace(item, origin=replace(item.origin, sha256=sha256)) for item in items)
    file = FileRead("a.csv", sha256, f"{sha256} {rules}", there, ())
    context = PullContext(SEAL, directory((ADA,), SEAL))
    return apply_pull(store, Pull("acme", "cumulative", (file,)), context=context, now=now)


@contextmanager
def opened() -> Iterator[Store]:
    with open_store("sqlite://", Opening("pinehill", SEAL.check, T0)) as store, store.transaction():
        yield store


def earlier(store: Store, items: Sequence[Item], **how: str) -> None:
    """Let an earlier version have read the items, which recorded no rules."""
    pulled(store, as_before(items), now=T0, **how)
    store.facts.end(know_again.KIND, "acme", now=T0 + timedelta(seconds=1))


def record_of(item: Item) -> str:
    return record_hash("acme", getattr(item.reading, "record", ""), SEAL)


def learner_of(item: Item) -> str:
    assert isinstance(item.reading, Completion | NotDone)
    return learner_hash("acme", item.reading.learner.key, SEAL)


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if name != "as it is"])
def test_a_row_tells_the_key_that_it_had(spelling: str) -> None:
    (item,) = read([row(417, spelling)])
    assert isinstance(item.reading, Completion)
    assert item.reading.record == "00417\x1fcalm"
    (former,) = item.former
    assert former.record != item.reading.record
    assert read([row(417, "as it is")])[0].former == ()


@given(
    people=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(sorted(SPELLINGS)), st.sampled_from(("Calm", "Minds"))),
        min_size=1,
        max_size=12,
        unique_by=lambda one: (one[0], one[2]),
    ),
    content=st.sampled_from(("ab", "cd")),
)
def test_the_same_items_before_and_after_are_no_drop_and_no_add(
    people: list[tuple[int, str, str]], content: str
) -> None:
    """By the key that the row had in another file; by its cell in one of the same content."""
    items = read([row(*one) for one in people])
    if content == "ab":
        items = tuple(replace(item, former=()) for item in items)
    with opened() as store:
        earlier(store, read([row(*one) for one in people]))
        before = store.evidence.completions()
        result = pulled(store, items, now=T1, sha256=content, rules="new")
        after = store.evidence.completions()
        assert {one.record for one in after} == {record_of(item) for item in items}
        assert {one.learner.key for one in after} == {learner_of(item) for item in items}
        assert {learner.learner for learner in store.evidence.learners()} == {learner_of(item) for item in items}
        assert {outcome for file in result.files for outcome in file.outcomes} <= {"unchanged", "corrected"}
        assert len(after) == len(before) == len(people)
        assert store.evidence.completions(known_at=T0) == before, "what was known then is told as it was"
        assert read_otherwise(before, after, known_files={"ab"}) == ()
        assert RULE_CHANGES.read(store) == {}
        again = pulled(store, items, now=T1 + timedelta(days=1), sha256="ef")
        assert {outcome for file in again.files for outcome in file.outcomes} == {"unchanged"}


def test_what_people_decided_stays_in_force() -> None:
    waived = row(1, "as a formula", "Minds", "Waived")
    items = read([row(1, "as a formula"), waived, row(2, "behind an apostrophe"), row(3, "as it is")])
    done, _, other, _ = as_before(items)
    with opened() as store:
        earlier(store, items)
        for sealed in store.evidence.completions():
            if sealed.claim:
                accepted = ClaimDecision(claim_id(sealed)[:8], True, "letter 88", "A. Roe", T0.date())  # noqa: FBT003
                waiting = Finding(Area.CLAIM, "claim", "a", "b", "", "", handle=claim_id(sealed))
        store.findings.decide(accepted, now=T0)
        store.findings.see({"judging": [waiting]}, now=T0)
        no = Link("acme", learner_of(done), "", ("00009",), "Ada", "A. Roe", T0.date(), "another person")
        record_link(store, no, now=T0)
        doubt = Doubt(
            *("acme", record_of(done), date(2025, 9, 3), DoubtCause.NOT_DONE, learner_of(done), "Calm", "Calm"),
            *(date(2026, 11, 1), T0),
            finding_id="5b7e90aa",
            verdict=Verdict.END,
        )
        DOUBTS.put(store, joined(*doubt.key), doubt, now=T0)
        store.evidence.accept_absences("acme", [record_of(other)], by="A. Roe", now=T0)

        pulled(store, [item for item in items if item is not items[2]], now=T1, sha256="cd")

        decided = store.findings.decisions()
        (live,) = [one for one in store.evidence.completions() if one.claim]
        assert (decided[claim_id(live)].reason, decided[claim_id(live)].decided_by) == ("letter 88", "A. Roe")
        assert [one.finding.id for one in store.findings.open()] == [claim_id(live)]
        (link,) = read_links(store)
        assert (link.learner, link.refused, link.by) == (learner_of(items[0]), ("00009",), "A. Roe")
        (kept,) = DOUBTS.read(store).values()
        assert (kept.record, kept.learner, kept.verdict) == (record_of(items[0]), learner_of(items[0]), Verdict.END)
        assert store.evidence.accepted_absences("acme") == {record_of(other)}, "it is still missing"
        kinds = [entry.kind for entry in store.audit.entries()]
        assert sorted(kinds) == ["claim", "link", "link"], "the log has what the state has"
        pulled(store, items, now=T1 + timedelta(days=1), sha256="ef")
        assert store.evidence.accepted_absences("acme") == frozenset()
        assert len(store.evidence.completions()) == len(items)


def test_an_accepted_drop_holds_for_the_key_that_the_record_has_now() -> None:
    items = read([row(1, "as a formula"), row(2, "as it is")])
    with opened() as store:
        earlier(store, items)
        store.evidence.accept_absences("acme", [record_of(as_before(items)[0])], by="A. Roe", now=T0)
        moved = renamed(store.evidence.completions(), [_seen(item) for item in items], by_place=False)
        store.renaming("acme").absences(moved.records, now=T1)
        assert store.evidence.accepted_absences("acme") == {record_of(items[0])}


def _seen(item: Item) -> SeenKey:
    former = (
        FormerKey(record_hash("acme", k.record, SEAL), learner_hash("acme", k.learner, SEAL)) for k in item.former
    )
    return SeenKey(record_of(item), learner_of(item), tuple(former), item.origin)


def test_what_was_read_under_a_name_is_read_of_the_same_learner() -> None:
    items = read([row(1, "as a formula")])
    with opened() as store:
        earlier(store, items)
        pulled(store, items, now=T1, sha256="cd")
        learners = frozenset().union(*read_readers(store).values())
    assert learners == {learner_key("acme", learner_of(items[0]))}


def test_what_may_be_two_records_is_not_known_again_and_waits_for_hr() -> None:
    """Two learners, 417 and 00417: an old key that today's data show under itself is never given away."""
    number, words = read([row(417, "a number in the format 00000"), ("417", "Calm", "09/03/2025", "Completed")])
    with opened() as store:
        earlier(store, [words])
        pulled(store, [number, words], now=T1, sha256="cd")
        assert {one.record for one in store.evidence.completions()} == {record_of(number), record_of(words)}
        assert RULE_CHANGES.read(store) == {}


def test_what_neither_way_proves_waits_for_hr_and_stays_evidence() -> None:
    items = read([row(n, "as a formula") for n in (1, 2)])
    unlike = tuple(replace(item, former=()) for item in items)
    with opened() as store:
        earlier(store, items)
        pulled(store, unlike, now=T1, sha256="cd")
        (change,) = RULE_CHANGES.read(store).values()
        assert len(store.evidence.completions()) == 4
        assert change.lines == ("a.csv, A2: “Calm”", "a.csv, A3: “Calm”")
        assert len(change.finding_id) == 16
        RULE_CHANGES.end(store, change.finding_id, now=T1)
        pulled(store, unlike, now=T1 + timedelta(days=1), sha256="ef")
        assert RULE_CHANGES.read(store) == {}, "asked once"


def test_what_was_missing_before_the_upgrade_is_not_asked_about() -> None:
    items = read([row(n, "as it is") for n in (1, 2, 3)])
    with opened() as store:
        pulled(store, items, now=T0)
        pulled(store, items[:2], now=T0 + timedelta(hours=1), sha256="cd")
        store.facts.end(know_again.KIND, "acme", now=T0 + timedelta(hours=2))
        pulled(store, items[:2], now=T1, sha256="ef")
        assert RULE_CHANGES.read(store) == {}


def test_a_cut_export_on_the_night_of_an_upgrade_still_stops() -> None:
    items = read([row(n, "as a formula") for n in range(1, 31)])
    with opened() as store:
        earlier(store, items)
        with pytest.raises(SafetyStop):
            pulled(store, items[:3], now=T1, sha256="cd")


def test_records_of_one_learner_that_would_go_to_two_are_not_known_again() -> None:
    old = Completion(
        "acme",
        "r1",
        learner=replace(_completion().learner, key="l"),
        course="",
        course_title="",
        day=None,
        origin=Origin(sha256="ab", cell="A2"),
    )
    two = [replace(old, record="r2", origin=Origin(sha256="ab", cell="A3")), old]
    seen = [
        SeenKey("n1", "ada", (), Origin(sha256="ab", cell="A2")),
        SeenKey("n2", "bea", (), Origin(sha256="ab", cell="A3")),
    ]
    assert renamed(two, seen, by_place=True).records == {}
    assert renamed([old], seen, by_place=True).records == {"r1": "n1"}
    assert renamed([old], seen, by_place=False).records == {}
    assert renamed([old], [replace(seen[0], origin=Origin(sha256="cd", cell="A2"))], by_place=True).records == {}


def _completion() -> Completion:
    (item,) = read([row(1, "as it is")])
    assert isinstance(item.reading, Completion)
    return item.reading


def test_a_re_reading_takes_in_nothing_that_a_purge_removed() -> None:
    """The rules are others, the file is the same: what is gone from the tables is not read out of it again."""
    items = read([row(1, "as it is"), row(2, "as it is"), row(3, "as it is", status="Open")])
    with opened() as store:
        earlier(store, items)
        begun = len(store.evidence.learners())
        purged_of(store, record_of(items[1]))
        result = pulled(store, items, now=T1, rules="new")
        assert [dict(file.outcomes) for file in result.files] == [
            {"unchanged": 1, "skipped: purged": 1, "not a completion": 1}
        ]
        assert [one.record for one in store.evidence.completions()] == [record_of(items[0])]
        assert len(store.evidence.learners()) == begun - 1
        assert record_of(items[1]) not in {record for file in store.evidence.files("acme") for record in file.spoken}
        assert len(store.of_source("acme").places()) == 2
        newer = pulled(store, items, now=T1 + timedelta(days=1), sha256="cd")
        assert newer.files[0].outcomes["added"] == 1, "another export speaks for itself"


def test_without_a_purge_a_row_that_is_read_for_the_first_time_is_taken_in() -> None:
    items = read([row(1, "as it is"), row(2, "as it is")])
    with opened() as store:
        earlier(store, items[:1])
        assert pulled(store, items, now=T1, rules="new").files[0].outcomes["added"] == 1


def purged_of(store: Store, record: str) -> None:
    """Remove what is stored of a record, as a purge does, and record one."""
    (gone,) = [one for one in store.evidence.completions() if one.record == record]
    purging = Purging(store.connection, store.district_id)
    (key,) = [(i.source, i.record, i.recorded_at) for i in _rows(store, completion) if i.record == record]
    purging.remove("completion", [key])
    purging.remove("item", [(i.source, i.item_id) for i in _rows(store, item) if i.record == record])
    (who,) = [(i.source, i.learner, i.recorded_at) for i in _rows(store, learner) if i.learner == gone.learner.key]
    purging.remove("learner", [who])
    purge = Purge(date(2026, 10, 1), T0, T0.date(), "A. Roe", "schedule", {})
    record_purge(store, purge, now=T0 + timedelta(hours=1))


def _rows(store: Store, table: Table) -> Sequence[StoredRow[Any]]:
    return store.connection.execute(select(table)).all()
