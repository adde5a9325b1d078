"""Where the next pull from an LRS goes on, so that nothing is missed and little is asked twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from lms_sync.model.evidence import Completion, Item, Refused
from lms_sync.sources.diagnosis import CheckState
from lms_sync.sources.http.answer import HttpError
from lms_sync.sources.xapi.cursor import CONSISTENT_THROUGH, Cursor, moved, read_cursor, shown_through
from lms_sync.sources.xapi.readings import read_statements
from tests.sources.lrs_server import (
    COMPLETED,
    PASSED,
    PASSWORD,
    Lrs,
    Raw,
    answering,
    items,
    opened,
    readings,
    statement,
    statement_id,
    void,
)
from tests.sources.recorded import ADDRESS

NONE: frozenset[str] = frozenset()


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with answering(Lrs()) as server:
        yield server


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRS_PASSWORD", PASSWORD)


def test_the_next_pull_asks_for_what_is_new_with_an_overlap(lrs: Lrs) -> None:
    lrs.statements = [statement(1, stored="2025-09-01T00:00:00Z"), statement(2, stored="2025-09-20T00:00:00Z")]
    source = opened(lrs, overlap_days=3)
    pull = source.pull(NONE)
    assert pull.cursor.endswith(" 2025-09-20T00:00:00.000000Z")
    lrs.asked.clear()
    # It reached the LRS late, and after one that was read already.
    lrs.statements.append(statement(3, stored="2025-09-19T00:00:00Z", timestamp="2025-06-01T00:00:00Z"))
    pull = source.pull(NONE, pull.cursor)
    assert set(readings(pull)) == {statement_id(2), statement_id(3)}
    listings = [query.get("since") for query in lrs.asked if "until" not in query]
    assert listings == ["2025-09-17T00:00:00.000000Z"] * 3 + [None]


def test_nothing_new_leaves_the_cursor_where_it_is(lrs: Lrs) -> None:
    lrs.statements = [statement(1)]
    source = opened(lrs)
    cursor = source.pull(NONE).cursor
    lrs.statements = []
    pull = source.pull(NONE, cursor)
    assert (pull.cursor, items(pull), pull.files[0].findings) == (cursor, (), ())


def test_the_cursor_never_passes_what_the_lrs_is_sure_of(lrs: Lrs) -> None:
    lrs.headers = {CONSISTENT_THROUGH: "2025-09-10T00:00:00Z"}
    lrs.statements = [statement(1, stored="2025-09-01T00:00:00Z"), statement(2, stored="2025-09-20T00:00:00Z")]
    assert opened(lrs).pull(NONE).cursor.endswith(" 2025-09-10T00:00:00.000000Z")


def test_an_lrs_that_compares_when_it_happened_is_read_whole_each_time(lrs: Lrs) -> None:
    lrs.compares = "timestamp"
    lrs.statements = [statement(1, stored="2025-10-01T00:00:00Z")]
    source = opened(lrs)
    pull = source.pull(NONE)
    assert pull.cursor.endswith(" -")
    late = statement(2, stored="2026-03-01T00:00:00Z", timestamp="2025-01-01T00:00:00Z")
    lrs.statements.append(late)
    assert set(readings(source.pull(NONE, pull.cursor))) == {statement_id(1), statement_id(2)}


def test_an_lrs_that_seemed_to_know_what_is_new_is_found_out_later(lrs: Lrs) -> None:
    lrs.compares = "timestamp"
    # At once, so that nothing tells the two times apart.
    lrs.statements = [statement(1, timestamp="2025-10-01T00:00:00Z", stored="2025-10-01T00:00:00Z")]
    source = opened(lrs)
    cursor = source.pull(NONE).cursor
    assert cursor.endswith("Z")
    lrs.statements.append(statement(2, timestamp="2025-10-02T00:00:00Z", stored="2025-10-02T00:00:01Z"))
    lrs.statements.append(statement(3, timestamp="2025-01-01T00:00:00Z", stored="2025-10-03T00:00:00Z"))
    lrs.statements.pop(0)
    cursor = source.pull(NONE, cursor).cursor
    assert cursor.endswith(" -")
    assert statement_id(3) in readings(source.pull(NONE, cursor))


def test_a_void_that_is_found_by_the_verb_of_its_target_does_not_mislead(lrs: Lrs) -> None:
    early = void(2, statement_id(1), stored="2025-09-01T00:00:00Z")
    late = statement(3, stored="2025-09-20T00:00:00Z")
    lrs.canned[COMPLETED] = (200, json.dumps({"statements": [early, late]}).encode())
    lrs.canned[PASSED] = (200, json.dumps({"statements": [early]}).encode())
    lrs.canned[
        f"/xAPI/statements?verb={quote(COMPLETED, safe='')}&until=2025-09-19T23%3A59%3A59.999999Z&limit=500"
    ] = (
        200,
        json.dumps({"statements": [early]}).encode(),
    )
    assert opened(lrs).pull(NONE).cursor.endswith(" 2025-09-20T00:00:00.000000Z")


def test_a_statement_that_cannot_be_read_is_looked_at_until_it_is_voided(lrs: Lrs) -> None:
    wrong = statement(1, stored="2025-09-01T00:00:00Z", timestamp="2025-13-01")
    lrs.statements = [wrong, statement(2, stored="2026-09-01T00:00:00Z")]
    source = opened(lrs)
    pull = source.pull(NONE)
    for _ in range(2):
        pull = source.pull(NONE, pull.cursor)
        assert readings(pull)[statement_id(1)] is Refused
    lrs.statements.append(void(3, statement_id(1), stored="2026-09-02T00:00:00Z"))
    pull = source.pull(NONE, pull.cursor)
    assert Refused not in readings(pull).values()
    assert pull.cursor.endswith(" 2026-09-02T00:00:00.000000Z")


@pytest.mark.parametrize(
    "more", [{"activities": ["https://lms.example.org/"]}, {"verbs": [PASSED]}, {"zone": "UTC"}], ids=str
)
def test_other_settings_begin_anew(lrs: Lrs, more: Raw) -> None:
    lrs.statements = [statement(1), statement(2, PASSED)]
    cursor = opened(lrs).pull(NONE).cursor
    lrs.asked.clear()
    opened(lrs, **more).pull(NONE, cursor)
    assert all("since" not in query for query in lrs.asked)


def test_a_stored_that_lies_ahead_does_not_move_the_cursor_past_the_lrss_clock() -> None:
    shown = shown_through({"Date": "Wed, 03 Sep 2025 18:00:00 GMT"})
    (item,) = read([statement(1, stored="2099-01-01T00:00:00Z")])
    assert shown is not None
    cursor = moved(Cursor("m"), [item], through=[shown])
    assert cursor.through == datetime(2025, 9, 3, 18, tzinfo=UTC)
    assert cursor.since(timedelta(days=1)) == {"since": "2025-09-02T18:00:00.000000Z"}


NEVER = ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
"""What programs write for "not told"."""


@pytest.mark.parametrize("stored", NEVER)
def test_a_stored_that_is_no_time_says_nothing(lrs: Lrs, stored: str) -> None:
    told = statement(2, stored="2025-09-20T00:00:00Z")
    lrs.canned[COMPLETED] = (200, json.dumps({"statements": [statement(1, stored=stored), told]}).encode())
    pull = opened(lrs).pull(NONE)
    assert readings(pull) == {statement_id(1): Completion, statement_id(2): Completion}


@pytest.mark.parametrize("stored", [*NEVER, None])
def test_what_cannot_be_read_is_looked_at_also_where_nobody_knows_when_it_came(stored: str | None) -> None:
    wrong = statement(2, timestamp="2025-13-01") | {"stored": stored}
    found = read_statements([wrong, statement(3, stored="2025-09-20T00:00:00Z")], opened(Lrs(url=ADDRESS)).form)
    assert {type(item.reading) for item in found} == {Refused, Completion}
    before = Cursor("m", datetime(2025, 9, 1, tzinfo=UTC))
    assert moved(before, found, through=[]) == before


def test_a_stored_that_lies_ahead_is_bounded_by_our_clock_where_the_lrs_has_none(lrs: Lrs) -> None:
    lrs.statements = [statement(1, stored="2099-01-01T00:00:00Z")]
    assert opened(lrs).pull(NONE).cursor.endswith(" 2026-11-23T10:00:00.000000Z")


def read(raws: list[Raw]) -> tuple[Item, ...]:
    with answering(Lrs(raws)) as lrs:
        return items(opened(lrs).pull(NONE))


@pytest.mark.parametrize("words", ["", "m", "m soon", "other 2025-09-20T00:00:00Z", "\x00"])
def test_a_cursor_that_says_nothing_begins_anew(words: str) -> None:
    assert read_cursor(words, "m") == Cursor("m", None)


@pytest.mark.parametrize(
    "headers", [{}, {"Date": "x"}, {"Date": "Wed, 03 Sep 2025 18:00:00 -0000"}, {CONSISTENT_THROUGH: "2025-09-03"}]
)
def test_headers_that_say_nothing_bound_nothing(headers: dict[str, str]) -> None:
    assert shown_through(headers) is None


# --- a side question never stops a pull

ODD = "2025-09-12T16:30:00"
"""A time without a zone."""


@pytest.fixture
def odd(lrs: Lrs) -> Lrs:
    """Return an LRS that fails at `since` and `until` from its third statement on, as Ralph does."""
    lrs.breaks_at_zoneless = True
    lrs.statements = [statement(n, stored=f"2025-09-{n:02}T18:00:00Z") for n in (1, 2)]
    return lrs


def test_an_lrs_that_cannot_tell_what_is_new_is_read_whole(odd: Lrs) -> None:
    source = opened(odd, zone="America/Los_Angeles")
    cursor = source.pull(NONE).cursor
    assert cursor.endswith("Z")
    odd.statements.append(statement(3, stored="2025-09-20T00:00:00Z", timestamp=ODD))
    for _ in range(2):
        pull = source.pull(NONE, cursor)
        cursor = pull.cursor
        assert set(readings(pull)) == {statement_id(1), statement_id(2), statement_id(3)}
        assert cursor.endswith(" -")
        assert [finding.code for finding in pull.files[0].findings] == ["statements-without-zone"]


def test_the_statement_without_a_zone_is_the_one_finding_where_no_zone_is_stated(odd: Lrs) -> None:
    odd.statements.append(statement(3, timestamp=ODD))
    pull = opened(odd).pull(NONE)
    (refused,) = [item.reading for item in items(pull) if isinstance(item.reading, Refused)]
    assert refused.finding.code == "zone-missing"
    assert (pull.files[0].findings, len(items(pull))) == ((), 3)


def test_what_is_new_is_asked_for_again_once_the_lrs_can_tell_it(odd: Lrs) -> None:
    odd.statements.append(statement(3, timestamp=ODD))
    source = opened(odd)
    cursor = source.pull(NONE).cursor
    odd.breaks_at_zoneless = False
    odd.statements.pop()
    assert source.pull(NONE, cursor).cursor.endswith("Z")


def test_a_main_question_that_fails_stops_the_pull(odd: Lrs) -> None:
    cursor = opened(odd).pull(NONE).cursor
    odd.canned[PASSED] = (500, b"")
    with pytest.raises(HttpError, match="500"):
        opened(odd).pull(NONE, cursor)


def test_the_doctor_says_that_the_lrs_cannot_tell_what_is_new(odd: Lrs) -> None:
    odd.statements.append(statement(3, timestamp=ODD))
    (check,) = [one for one in opened(odd).diagnose() if one.what == "what is new"]
    assert (check.verdict, "every night" in check.remedy.casefold()) == (CheckState.NOTE, True)
