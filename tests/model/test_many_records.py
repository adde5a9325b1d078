"""Many records as they are kept: what is asked of them is what sets would say."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model import many_records
from lms_sync.model.many_records import RecordsOfFile, RecordsOfRows

NAMES = st.lists(st.text("ab", min_size=1, max_size=3), unique=True, max_size=8)


@pytest.mark.parametrize("at_once", [1, 2, 5, 1_000])
def test_what_is_not_among_others_is_what_sets_say(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_records, "_AT_ONCE", at_once)

    @given(NAMES, NAMES, NAMES)
    def look(alike: list[str], former: list[str], newer: list[str]) -> None:
        before, now = (RecordsOfFile.of(dict.fromkeys([*alike, *more])) for more in (former, newer))
        assert before.without(now) == before.each - now.each
        assert now.without(before) == now.each - before.each
        assert (before == now) == (before.each == now.each)

    look()


def record(number: int) -> str:
    return blake2b(str(number).encode(), digest_size=16).hexdigest()


def test_the_places_of_some_records_are_found_also_where_only_a_first_half_is_the_same() -> None:
    of_rows = [record(number) for number in range(40)]
    rows = RecordsOfRows(bytes.fromhex("".join(of_rows)))
    half = of_rows[3][:16] + record(99)[16:]

    assert [*rows] == of_rows == [rows[place] for place in range(len(rows))] == rows.text.split()
    assert rows.places({of_rows[5], of_rows[31], record(50)}) == [5, 31]
    assert rows.places({half}) == rows.places({record(50)}) == rows.places(frozenset()) == []
    assert [*RecordsOfRows()] == RecordsOfRows().places({record(1)}) == []
