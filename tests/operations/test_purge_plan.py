"""What may go and what stays, of rows made by hand: the planner, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.errors import UsageError
from lms_sync.model.agreement import Hold
from lms_sync.model.stored_row import StoredRow, words_in
from lms_sync.operations.retention.cutoff import LEAST_YEARS, beginning, cutoff_of
from lms_sync.operations.retention.holdings import Holdings, KeptSpan
from lms_sync.operations.retention.plan import PurgePlan, plan_purge
from lms_sync.store.purge import LOOKED_AT

CUTOFF = date(2030, 1, 1)
AT = datetime(2030, 1, 1, tzinfo=UTC)
OLD, OLDER = AT - timedelta(days=10), AT - timedelta(days=900)
NEW = AT + timedelta(days=10)
TODAY = date(2036, 2, 29)


def row(table: str, *key: Any, began: datetime = OLDER, ended: datetime | None = None, **said: Any) -> StoredRow:
    return StoredRow(table, key, began, ended, said)


WHOLE: dict[str, dict[str, Any]] = {
    "person": {"last_name": "Roe", "first_name": "Jo"},
    "partner": {"partner_id": "Q", "kind": "security company", "report_to": [], "copy_to": [], "cadence": "none"},
    "agreement": {"agreement_id": "A", "partner_id": "Q", "school_year": "2020-21", "starts": "2020-09-01"},
    "assignment": {"starts": "2020-09-01", "ends": None},
}
"""Kind of fact → what the plan does not look at."""


def fact(kind: str, key: str, *, began: datetime = OLDER, ended: datetime | None = None, **payload: Any) -> StoredRow:
    return row("fact", kind, key, began, began=began, ended=ended, payload={**WHOLE.get(kind, {}), **payload})


def held(subject: str) -> dict[str, Hold]:
    return {subject: Hold(subject, "why", "Kim", CUTOFF)}


def plan(*rows: StoredRow, holds: dict[str, Hold] | None = None, files: tuple[str, ...] = ()) -> PurgePlan:
    """Return the plan for these rows, in which learner `l-X` is or may be person X."""
    tables = {name: tuple(one for one in rows if one.table == name) for name in LOOKED_AT}
    people = {one.key[1] for one in rows if one.table == "fact" and one.key[0] == "person"}
    owners = {("s", f"l-{one}"): frozenset({one}) for one in people}
    holdings = Holdings(tables, owners, owners, holds or {}, frozenset(files))
    return plan_purge(holdings, cutoff=CUTOFF, cutoff_at=AT)


def gone(made: PurgePlan) -> set[tuple[str, Any]]:
    return {(name, one.key[0]) for name, rows in made.removed.items() for one in rows}


def completion(record: str, person: str, item: str = "i", **more: Any) -> StoredRow:
    return row("completion", "s", record, OLDER, learner=f"l-{person}", item_id=item, claim_id="", **more)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7y", date(2029, 2, 28)),
        (" 12 years ", date(2024, 2, 29)),
        ("5Y", date(2031, 2, 28)),
        ("2031-02-28", date(2031, 2, 28)),
        ("1999-01-01", date(1999, 1, 1)),
    ],
)
def test_an_age_is_years_before_today_or_a_day(text: str, day: date) -> None:
    assert cutoff_of(text, TODAY) == day


@pytest.mark.parametrize("text", ["4y", "0y", "2031-03-01", "2036-02-29", "2050-01-01"])
def test_nothing_younger_than_five_years_is_ever_purged(text: str) -> None:
    with pytest.raises(UsageError, match=f"less than {LEAST_YEARS} years ago"):
        cutoff_of(text, TODAY)


@pytest.mark.parametrize("text", ["", "y", "-7y", "7", "7 months", "2031-02-30", "99999y"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="neither years nor a day"):
        cutoff_of(text, TODAY)


def test_a_day_begins_at_midnight_where_the_district_is() -> None:
    assert beginning(CUTOFF, ZoneInfo("America/Los_Angeles")) == datetime(2030, 1, 1, 8, tzinfo=UTC)


@given(began=st.integers(-50, 50), lasts=st.integers(0, 50) | st.none(), at=st.integers(-50, 50))
def test_a_row_that_goes_by_age_was_seen_by_no_instant_from_the_cutoff_on(
    began: int, lasts: int | None, at: int
) -> None:
    first = AT + timedelta(days=began)
    ended = None if lasts is None else first + timedelta(days=lasts)
    made = plan(fact("course", "c", began=first, ended=ended))
    known_at = AT + timedelta(days=at)
    seen = first <= known_at and (ended is None or known_at < ended)
    if not made.empty:
        assert not (seen and known_at >= AT)
    assert made.empty is (ended is None or ended >= AT)


def test_evidence_of_who_is_on_the_roster_stays_however_old_it_is() -> None:
    made = plan(fact("person", "P", person_id="P"), completion("r", "P"), row("item", "s", "i"))
    assert made.empty


def test_who_left_before_the_cutoff_goes_with_everything_and_who_left_after_it_stays() -> None:
    rows = (completion("r", "P"), row("learner", "s", "l-P", OLDER), row("item", "s", "i", began=NEW))
    before = plan(fact("person", "P", person_id="P", ended=OLD), *rows)
    after = plan(fact("person", "P", person_id="P", ended=AT), *rows)

    assert (before.people, sorted(before.removed)) == (("P",), ["completion", "fact", "item", "learner"])
    assert (after.people, after.empty) == ((), True)


@pytest.mark.parametrize(
    ("owners", "tied", "goes", "learner_goes"),
    [
        ({"P"}, {"P"}, True, True),
        ({"P", "Q"}, set(), True, False),
        ({"P", "Q"}, {"P"}, False, False),
        ({"P", "Q"}, {"P", "Q"}, False, False),
        (set(), set(), True, False),
    ],
)
def test_a_learner_who_may_be_somebody_s_who_is_here_stays_and_with_it_only_a_namesake(
    owners: set[str], tied: set[str], *, goes: bool, learner_goes: bool
) -> None:
    facts = (fact("person", "P", person_id="P", ended=OLD), fact("person", "Q", person_id="Q"))
    tables = dict.fromkeys(LOOKED_AT, ()) | {"fact": facts, "learner": (row("learner", "s", "l", OLDER),)}
    owned, sure = ({("s", "l"): frozenset(some)} if some else {} for some in (owners, tied))
    made = plan_purge(Holdings(tables, owned, sure, {}, frozenset()), cutoff=CUTOFF, cutoff_at=AT)
    assert ("P" in made.people, "learner" in made.removed) == (goes, learner_goes)


def test_a_leaver_stays_while_somebody_decides_about_them() -> None:
    decided = row("audit", 7, began=NEW, kind="document", purged=False, words=frozenset({"P"}))
    about_the_hold = row("audit", 7, began=NEW, kind="hold", purged=False, words=frozenset({"P"}))
    person = fact("person", "P", person_id="P", ended=OLD)

    assert plan(person, completion("r", "P"), decided).people == ()
    assert plan(person, completion("r", "P"), about_the_hold).people == ("P",)


def test_an_item_goes_only_when_it_is_old_and_no_completion_that_stays_refers_to_it() -> None:
    rows = (
        *(fact("person", "P", person_id="P"), completion("r", "P", item="used")),
        *(row("item", "s", "used"), row("item", "s", "old"), row("item", "s", "new", began=NEW)),
    )
    assert [one.key for one in plan(*rows).removed["item"]] == [("s", "old")]
    assert plan(*rows, holds=held("P")).empty, "nobody can tell whose such an item is"


def test_the_last_pulls_and_runs_before_the_cutoff_stay() -> None:
    def pull(days: int, outcome: str, cursor: str = "") -> StoredRow:
        began = AT - timedelta(days=days)
        return row("pull", "s", began, began=began, outcome=outcome, cursor=cursor)

    def run(number: int, finished: datetime | None) -> StoredRow:
        return row("run", number, began=OLDER + timedelta(days=number), command="nightly", finished_at=finished)

    made = plan(
        *(pull(9, "stored", "c1"), pull(8, "stored"), pull(7, "stored"), pull(6, "failed"), pull(5, "failed")),
        *(run(1, OLD), run(2, OLD), run(3, None)),
    )
    assert [(AT - one.began).days for one in made.removed["pull"]] == [8, 6]
    assert [one.key for one in made.removed["run"]] == [(1,)]


def delivery(
    number: str, report: str | None, state: str = "sent", began: datetime = OLD, about: str = ""
) -> StoredRow:
    return row("delivery", number, began=began, report_id=report, state=state, about=about, size=9)


def report(number: str, days: int, *people: str) -> StoredRow:
    return row("report", number, began=AT - timedelta(days=days), partner_id="Q", people=frozenset(people))


def test_the_report_that_later_ones_are_compared_with_stays_without_its_message() -> None:
    rows = (report("R1", 30, "P"), report("R2", 20, "P"), delivery("D1", "R1"), delivery("D2", "R2"))
    made = plan(fact("partner", "Q", name="Quarry"), *rows)
    assert gone(made) == {("report", "R1"), ("delivery", "D1")}
    assert [one.key for one in made.bodies] == [("D2",)]

    left = plan(fact("partner", "Q", name="Quarry", ended=OLD), *rows)
    assert {("report", "R1"), ("report", "R2")} <= gone(left)


def test_of_a_report_that_never_arrived_the_last_that_did_stays_too() -> None:
    rows = (report("R1", 30), report("R2", 20), delivery("D1", "R1"), delivery("D2", "R2", "failed"))
    assert not plan(fact("partner", "Q", name="Quarry"), *rows).removed


def test_a_message_that_still_waits_stays_with_its_report() -> None:
    assert plan(report("R1", 30), delivery("D1", "R1", "held"), delivery("D2", None, "queued")).empty


def issued(number: str, agreement: str) -> StoredRow:
    words = frozenset({"P", agreement})
    said: dict[str, Any] = {"agreement_id": agreement, "known_at": OLDER, "purged": False, "words": words}
    return row("issued", number, began=OLDER, **said)


@pytest.mark.parametrize(
    ("ends", "ended", "goes"),
    [
        ("2029-12-31", None, True),
        ("2030-01-01", None, False),
        (None, None, False),
        ("2031-08-31", OLD, True),
        ("2031-08-31", AT, False),
    ],
)
def test_an_issued_document_is_emptied_once_its_agreement_ended(
    ends: str | None, ended: datetime | None, *, goes: bool
) -> None:
    agreed = fact("agreement", "A", ends=ends, ended=ended)
    about = (delivery("D1", None, about="C-1"), delivery("D2", None, about="C-1 withdrawn"))
    person = fact("person", "P", person_id="P", ended=OLD)
    made = plan(agreed, issued("C-1", "A"), *about, person, completion("r", "P"))

    assert [one.key for one in made.emptied] == ([("C-1",)] if goes else [])
    assert (("delivery", "D1") in gone(made), ("delivery", "D2") in gone(made)) == (goes, goes)
    assert made.people == (("P",) if goes else ())


def test_history_that_a_document_which_stays_was_made_from_stays() -> None:
    agreed = fact("agreement", "A", ends=None)
    then = fact("law", "series", text="as it was", began=OLDER, ended=OLD)
    before = fact("law", "topics", text="older", began=OLDER - timedelta(days=9), ended=OLDER)
    made = plan(agreed, issued("C-1", "A"), then, before)
    assert [one.key[1] for one in made.removed["fact"]] == ["topics"]
    assert made.kept["history: an issued document that is kept rests on it"] == 1


def test_a_kept_file_goes_only_when_no_fact_of_any_time_refers_to_it_and_others_are_let_alone() -> None:
    used, unused = "a" * 64, "b" * 64
    files = (f"{used}.pdf", f"{unused}.pdf", "README.txt", f".{unused}.pdf.part")
    live = fact("adoption", "A", file={"sha256": used})
    assert plan(live, files=files).files == (f"{unused}.pdf",)
    ended = fact("adoption", "A", file={"sha256": used}, ended=OLD)
    assert plan(ended, files=files).files == (f"{used}.pdf", f"{unused}.pdf")


def test_texts_of_the_log_go_by_age_but_for_those_that_a_hold_is_about() -> None:
    def entry(number: int, began: datetime, *words: str, purged: bool = False) -> StoredRow:
        return row("audit", number, began=began, kind="class", purged=purged, words=frozenset(words))

    log = (entry(1, OLD, "P"), entry(2, OLD, "Q"), entry(3, NEW, "P"), entry(4, OLD, purged=True))
    assert [one.key[0] for one in plan(*log).tombstones] == [1, 2]
    assert [one.key[0] for one in plan(*log, holds=held("P")).tombstones] == [2]


def test_every_text_of_a_value_is_found_and_no_name_of_a_field() -> None:
    assert words_in({"a": ["b", {"c": "d"}, 1, None], "e": ("f",)}) == {"b", "d", "f"}


@given(began=st.integers(-50, 50), ended=st.integers(-50, 50) | st.none(), cutoff=st.integers(-50, 50))
def test_what_lasts_is_what_the_times_that_are_replayed_can_see(began: int, ended: int | None, cutoff: int) -> None:
    def at(days: int) -> datetime:
        return AT + timedelta(days=days)

    one = fact("x", "y", began=at(began), ended=None if ended is None else at(ended))
    span = KeptSpan(at(cutoff), frozenset({at(0)}))
    assert span.lasts(one) is (span.since(one) or (began <= 0 and (ended is None or ended > 0)))
