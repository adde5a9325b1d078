"""Rows as an earlier version stored them, and a pull by today's rules."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lms_sync.model.evidence import Completion, FormerKey, Item, NotDone
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms, record_hash
from lms_sync.model.roster import Person
from lms_sync.operations.pull import know_again
from lms_sync.operations.pull.apply import PullContext, PullResult, apply_pull
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.each_row import read_items
from lms_sync.sources.spreadsheet.header import find_tables
from lms_sync.sources.spreadsheet.items import reader_of
from lms_sync.sources.spreadsheet.record_form import form_of
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
