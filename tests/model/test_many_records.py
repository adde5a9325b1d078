"""Many records as they are kept: what is asked of them is what sets would say."""

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.many_records import RecordsOfFile, RecordsOfRows

NAMES = st.lists(st.text("01", min_size=1, max_size=4), unique=True, max_size=8)


@given(NAMES, NAMES, NAMES, NAMES)
def test_what_is_not_among_others_is_what_sets_say(
    begin: list[str], former: list[str], newer: list[str], end: list[str]
) -> None:
    before, now = (RecordsOfFile.of(dict.fromkeys([*begin, *between, *end])) for between in (former, newer))
    assert before.without(now) == before.each - now.each
    assert now.without(before) == now.each - before.each
    assert (before == now) == (before.each == now.each)


def record(number: int) -> str:
    return blake2b(str(number).encode(), digest_size=16).hexdigest()


def test_the_places_of_some_records_are_found_also_where_only_a_first_half_is_the_same() -> None:
    of_rows = [record(number) for number in range(40)]
    rows = RecordsOfRows(bytes.fromhex("".join(of_rows)))
    half = of_rows[3][:16] + record(99)[16:]

    assert [*rows] == of_rows == [rows[place] for place in range(len(rows))] == rows.text.split()
    assert rows.places({of_rows[5], of_rows[31], record(50)}) == [5, 31]
    assert rows.places({half}) == rows.places({record(50)}) == rows.places(frozenset()) == []
    many = [record(number) for number in range(100, 200)]
    assert rows.places([*many, of_rows[31], half, of_rows[5], of_rows[31]]) == [5, 31]
    assert rows.places([*many, half]) == []
    assert [*RecordsOfRows()] == RecordsOfRows().places({record(1)}) == []
