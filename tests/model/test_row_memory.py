"""What a row says of who it was is said anew with every other word of it; some rows are never taken for all."""

from dataclasses import replace
from datetime import date

from lms_sync.model.evidence import Completion, FormerKey, Item, Learner, NotDone, Refused, Skipped
from lms_sync.model.finding import Area, Finding, Origin
from lms_sync.model.known_rows import KnownRows, RowsPassed, Stated
from lms_sync.model.many_records import RecordsOfRows
from lms_sync.model.pseudonyms import Pseudonyms, learner_hash, record_hash
from lms_sync.model.row_memory import RowMemory

SEAL = Pseudonyms(b"a key for tests")
ADA = Learner("class", "ada", person_id="E1", first_name="Ada", last_name="Lovelace")
CELLS = (("Name", "Lovelace, Ada"), ("Id", "E1"), ("Course", "Rights"))
DONE = Completion("class", "r1", ADA, "Rights", "", date(2026, 10, 5), Origin())
ITEM = Item(Origin(), CELLS, DONE, frozenset({"Name", "Id"}))


def memory(**more: object) -> RowMemory:
    return RowMemory("class", SEAL, **more)  # type: ignore[arg-type]


def alone(item: Item) -> Stated | None:
    """Return what an item says, read by itself."""
    return memory().stated(item)


def test_each_row_of_a_learner_says_what_it_says_read_by_itself_whatever_was_read_before() -> None:
    married = replace(ADA, last_name="Byron")
    others = [
        ITEM,
        replace(ITEM, reading=replace(DONE, learner=married)),
        replace(ITEM, text=(("Name", "Byron, Ada"), *CELLS[1:])),
        replace(ITEM, reading=replace(DONE, learner=replace(ADA, key="bo"))),
        replace(ITEM, reading=NotDone("class", "r2", ADA, "Registered")),
    ]
    read = memory()
    for item in (*others, *reversed(others)):
        assert read.stated(item) == alone(item)
    assert len({alone(item) for item in others}) == 4, "what is not done says the same of who it was"
    read.let_go()
    assert [read.stated(item) for item in others] == [alone(item) for item in others]


def test_only_cells_that_identify_somebody_and_are_not_blank_are_who_it_was() -> None:
    elsewhere = replace(ITEM, text=(*CELLS[:2], ("Course", "Bias"), ("Note", "x")))
    blank = replace(ITEM, text=(*CELLS, ("E-mail", "")), identifying=frozenset({"Name", "Id", "E-mail"}))
    folded = replace(ITEM, text=(("Name", " LOVELACE,  Ada"), *CELLS[1:]))
    other = replace(ITEM, text=(CELLS[0], ("Id", "E2"), CELLS[2]))
    assert alone(elsewhere) == alone(blank) == alone(folded) == alone(ITEM) != alone(other)
    assert memory().identity(blank) == memory().identity(ITEM) != memory().identity(other)


def test_what_has_no_learner_says_nothing_of_anybody() -> None:
    refused = Refused(Finding(Area.ROW, "blank", "a", "b", "c", "d"))
    assert [alone(replace(ITEM, reading=reading)) for reading in (refused, Skipped("totals"))] == [None, None]


def test_a_learner_is_unchanged_where_all_that_is_read_is_what_is_stored() -> None:
    bo = Learner("class", "bo", first_name="Bo")
    ada_hash, bo_hash = (learner_hash("class", who.key, SEAL) for who in (ADA, bo))
    stored = {who: memory().stated_of(one, ()).who for who, one in ((ada_hash, ADA), (bo_hash, bo))}
    known, married = memory(current=stored), replace(ADA, last_name="Byron")
    both, nobody = frozenset({ada_hash, bo_hash}), frozenset[str]()
    assert known.unchanged([ADA, bo, ADA], without=nobody) == both
    assert known.unchanged([ADA, bo], without={bo_hash}) == {ada_hash}
    assert known.unchanged([ADA, bo], without=both) == nobody
    assert known.unchanged([married, bo], without=nobody) == {bo_hash}
    assert known.unchanged([ADA, married, bo], without=nobody) == {bo_hash}
    assert known.unchanged([replace(ADA, key="cy")], without=nobody) == nobody


def test_an_item_may_speak_of_its_record_and_of_what_earlier_versions_called_it() -> None:
    former = replace(ITEM, former=(FormerKey("r0", "ada"), FormerKey("old", "ada")))
    assert list(memory().records(former)) == [record_hash("class", key, SEAL) for key in ("r1", "r0", "old")]
    assert list(memory().records(replace(former, reading=Skipped("totals")))) == []


ROWS = KnownRows(
    b"".join(bytes([number]) * 16 for number in range(4)),
    RecordsOfRows(b"".join(bytes([number]) * 16 for number in range(4))),
    [Stated("a", b"", b""), Stated("b", b"", b"")],
    [0, 1, 0, 0],
    bytes([1, 0, 0, 1]),
    bytes([1, 0, 1, 1]),
    bytes(4),
    bytes([1, 1, 0, 1]),
)


def test_a_row_that_may_not_be_known_tonight_has_no_place() -> None:
    marks = [bytes([number]) * 16 for number in range(4)]
    assert ROWS.places == {marks[0]: 0, marks[1]: 1, marks[3]: 3}
    assert ROWS.places_without([3, 2]) == {marks[0]: 0, marks[1]: 1}
    assert (ROWS.number_offered, ROWS.all_offered, ROWS.learners_in_clear) == (3, False, frozenset({"a"}))
    assert list(ROWS.all().places) == [0, 1, 3]


def test_some_rows_say_what_they_say_and_no_more_in_the_order_of_all() -> None:
    records = [f"{bytes([number]).hex() * 16}" for number in range(4)]
    some = RowsPassed(ROWS, [3, 1])
    assert some.records == [records[1], records[3]]
    assert RowsPassed(ROWS, [3, 2, 1, 0]).records == records
    assert [stated.learner for stated in RowsPassed(ROWS, [2, 3]).stated] == ["a"]
    assert {stated.learner for stated in some.stated} == {"a", "b"}
    assert (list(some.done.places), list(some.not_done.places)) == ([3], [1])
    every = replace(ROWS, kinds=bytes([1, 1, 1, 1]))
    assert (list(RowsPassed(every, [2]).done.places), list(RowsPassed(every, [2]).not_done.places)) == ([2], [])
