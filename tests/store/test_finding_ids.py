"""Ids of findings: of what a finding is about, never of its words or counts; what waits is known again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lms_sync.model.evidence import Item, Refused, claim_id
from lms_sync.model.finding import ID_DIGITS, Area, ClaimDecision, Finding, Origin, with_distinct_ids
from lms_sync.model.stored.pulled import FINDING
from lms_sync.operations.pull.refused import assess
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.people_decided import by_whole_id
from lms_sync.store.known.snapshot import read_snapshot
from lms_sync.store.schema import decision, finding
from lms_sync.store.store import Store
from lms_sync.tables.cells import Row, Sheet
from lms_sync.tables.fields import Column
from lms_sync.tables.form import Form, FormReader
from lms_sync.text import beginning_with, shortened
from lms_sync.workspace.roster.buildings import KnownBuildings
from lms_sync.workspace.roster.entries import Rows
from tests.store.earlier_databases import LATER, VERSIONS, WITH_DOCUMENTS, earlier
from tests.store.opened_store import DONE, opened

HIDDEN = Finding(Area.FILE, "rows-hidden", "a.xlsx, Sheet", "the sheet hides rows 5–7", "", "", source="vector")
FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def of_earlier_version(store: Store, found: Finding, finding_id: str, **changes: object) -> None:
    """Let a finding wait as an earlier version kept it."""
    payload = {name: value for name, value in FINDING.plain(found).items() if name != "subject"}
    store.findings.see({"here": [found]}, now=FIRST)
    mine = finding.c.finding_id == found.id
    store.connection.execute(update(finding).where(mine).values(finding_id=finding_id, payload=payload | changes))


def test_words_and_counts_are_no_part_of_an_id() -> None:
    assert replace(HIDDEN, found="the sheet hides row 9", remedy="Show it.", people=("1",)).id == HIDDEN.id
    assert len(HIDDEN.id) == ID_DIGITS
    others = {
        "area": Area.ROW,
        "code": "column-dropped",
        "where": "b.xlsx",
        "source": "moodle",
        "subject": "column E",
    }
    ids = {replace(HIDDEN, **{name: value}).id for name, value in others.items()}  # type: ignore[arg-type]
    assert len({*ids, HIDDEN.id}) == len(others) + 1


def test_a_count_that_changes_is_the_same_finding_in_new_words() -> None:
    with opened("sqlite://") as store, store.transaction():
        store.findings.see({"here": [HIDDEN]}, now=FIRST)
        more = replace(HIDDEN, found="the sheet hides rows 5–9")
        assert store.findings.see({"here": [more]}, now=FIRST + timedelta(days=1)) == ()
        (waiting,) = store.findings.open()
    assert (waiting.finding, waiting.first_seen) == (more, FIRST)


@given(
    st.lists(
        st.builds(
            Finding,
            area=st.just(Area.ROW),
            code=st.sampled_from(("no-key", "bad-score")),
            where=st.sampled_from(("a, B2", "a, B3", "a, B4")),
            found=st.sampled_from(("x", "y")),
            expected=st.just(""),
            remedy=st.just(""),
            subject=st.sampled_from(("", "record 1")),
        )
    )
)
def test_two_causes_never_share_an_id(found: list[Finding]) -> None:
    apart = with_distinct_ids(found)
    assert len({one.id for one in apart.values()}) == len(set(found))
    assert {replace(one, subject="") for one in apart.values()} == {replace(one, subject="") for one in found}


def test_the_first_of_several_keeps_its_id_whatever_comes_beside_it() -> None:
    second = replace(HIDDEN, found="another")
    assert with_distinct_ids([second, HIDDEN])[second].id == second.id
    assert with_distinct_ids([second, HIDDEN])[HIDDEN].id != HIDDEN.id


def test_what_two_scopes_find_is_one_finding_and_is_told_once() -> None:
    with opened("sqlite://") as store, store.transaction():
        assert store.findings.see({"here": [HIDDEN], "there": [HIDDEN]}, now=FIRST) == (HIDDEN,)
        assert store.findings.see({"there": [HIDDEN]}, now=FIRST) == ()
        assert store.findings.see({"here": []}, now=FIRST) == ()
        assert len(store.findings.open()) == 1


PEOPLE = Form("People", (Column("Person ID", "id"), Column("E-mails", "list")))


def people(*rows: tuple[str, str]) -> dict[str, str]:
    """Return (person and address) → id, of the findings of a sheet of people with addresses that are none."""
    sheet = Sheet("People", hidden=False, rows=(Row(1, ("Person ID", "E-mails")), *_rows(rows)))
    reader = FormReader("roster.xlsx", Area.ROSTER, (sheet,))
    read = Rows(reader, KnownBuildings())
    for entry in reader.read(PEOPLE).entries:
        read.addresses(entry, "E-mails")
    return {one.subject: one.id for one in read.findings}


def _rows(rows: tuple[tuple[str, str], ...]) -> list[Row]:
    return [Row(number, row) for number, row in enumerate(rows, start=2)]


def test_a_row_of_a_form_is_known_by_its_codes_when_another_is_put_above_it() -> None:
    before = people(("E1", "no; none"), ("E2", "no"))
    after = people(("E0", "no"), ("E1", "no; none"), ("E2", "no"))
    assert len(set(before.values())) == 3
    assert before.items() <= after.items()


def test_refused_rows_of_one_cause_are_one_finding_however_many_they_are() -> None:
    few, many = _refused(range(2, 9)), _refused(range(3, 40))
    assert few.found != many.found
    assert few.id == many.id


def _refused(rows: range) -> Finding:
    blank = Finding(Area.ROW, "nobody", "", "nothing says who it was", "a name", "", source="vector")
    items = tuple(
        Item(Origin(file="a.csv", cell=f"A{n}"), (), Refused(replace(blank, where=f"a.csv, A{n}"))) for n in rows
    )
    pull = Pull("vector", "cumulative", (FileRead("a.csv", "ab", "cd", items, ()),))
    return assess(pull, accepted=()).pull.files[0].findings[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_waits_since_an_earlier_version_is_not_told_as_new(version: str, tmp_path: Path) -> None:
    """The same things are found, some in other words, some by a subject that their place does not tell."""
    with earlier(version, tmp_path) as store:
        before = {waiting.finding.where: waiting for waiting in store.findings.open()}
        assert len(before) >= 3
        scopes: dict[str, list[Finding]] = {}
        for waiting in before.values():
            longer = waiting.finding.handle + "0" * 8 if waiting.finding.area in (Area.CLAIM, Area.COURSE) else ""
            found = replace(
                waiting.finding, found="in other words", subject=f"x {waiting.finding.where}", handle=longer
            )
            scopes.setdefault(waiting.scope, []).append(found)
        with store.transaction():
            assert store.findings.see(scopes, now=LATER) == ()
            assert store.findings.see(scopes, now=LATER) == ()
        after = {waiting.finding.where: waiting for waiting in store.findings.open()}
        assert {where: waiting.first_seen for where, waiting in after.items()} == {
            where: waiting.first_seen for where, waiting in before.items()
        }
        assert {len(waiting.finding.id) for waiting in after.values()} == {ID_DIGITS}
        assert not any(waiting.former for waiting in after.values())


def test_one_of_an_earlier_version_that_is_gone_is_cleared_and_one_not_looked_at_stays() -> None:
    with opened("sqlite://") as store, store.transaction():
        of_earlier_version(store, HIDDEN, "708dde56")
        assert [waiting.finding.id for waiting in store.findings.open()] == ["708dde56"]
        store.findings.see({"elsewhere": []}, now=FIRST)
        assert [waiting.finding.id for waiting in store.findings.open()] == ["708dde56"]
        store.findings.see({"here": []}, now=FIRST)
        assert store.findings.open() == ()


def test_of_two_in_one_place_each_is_known_by_its_words() -> None:
    other = replace(HIDDEN, found="another cause", subject="another")
    with opened("sqlite://") as store, store.transaction():
        of_earlier_version(store, other, "11111111")
        later = replace(HIDDEN, found="a third", subject="a third")
        assert store.findings.see({"here": [later, other]}, now=FIRST) == (later,)


def test_a_decision_of_an_earlier_version_holds_for_its_claim_and_ends_with_the_next() -> None:
    whole = claim_id(DONE)
    refused = ClaimDecision(whole[:8], accepted=False, reason="no", decided_by="A. Roe", decided_on=date(2026, 11, 1))
    assert by_whole_id({whole[:8]: refused}, [DONE]) == {whole: replace(refused, claim_id=whole)}
    assert by_whole_id({"00000000": refused}, [DONE]) == {"00000000": refused}
    with opened("sqlite://") as store, store.transaction():
        store.findings.decide(refused, now=FIRST)
        store.findings.decide(replace(refused, claim_id=whole, accepted=True), now=FIRST + timedelta(days=1))
        assert list(store.findings.decisions()) == [whole]
        assert list(store.findings.decisions(FIRST)) == [whole[:8]]


def test_decisions_of_an_earlier_version_count_under_whole_ids(tmp_path: Path) -> None:
    with earlier(WITH_DOCUMENTS, tmp_path) as store:
        claimed = next(one for one in store.evidence.completions() if one.claim)
        no = ClaimDecision(claim_id(claimed)[:8], accepted=False, reason="", decided_by="", decided_on=date.min)
        with store.transaction():
            store.connection.execute(delete(decision))
            store.findings.decide(no, now=LATER)
        snapshot = read_snapshot(store, LATER)
        assert snapshot is not None
        assert list(snapshot.decisions) == [claim_id(claimed)]
        assert store.connection.scalars(select(decision.c.claim_id)).all() == [no.claim_id]


def test_an_id_may_be_typed_by_a_beginning_that_no_other_has() -> None:
    ids = ["3fa94c1200000000", "3fa94c1300000000", "5b7e90aa00000000"]
    assert beginning_with("5b7e", ids) == (ids[2],)
    assert beginning_with("3fa9", ids) == (ids[0], ids[1])
    assert beginning_with("5b7", ids) == ()
    assert beginning_with("5b", ["5b"]) == ("5b",)
    assert list(shortened(ids).values()) == ["3fa94c12", "3fa94c13", "5b7e90aa"]
    assert shortened(["3fa94c1201", "3fa94c1299"]) == {"3fa94c1201": "3fa94c120", "3fa94c1299": "3fa94c129"}
