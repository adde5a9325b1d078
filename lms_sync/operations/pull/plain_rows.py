"""Which plain rows of a pull go to the store as rows: those of whose record nothing else speaks, tonight or before.

All others become items, and what they change is planned with care.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain

from lms_sync.model.evidence import Completion
from lms_sync.model.pseudonyms import pseudonymous_completion
from lms_sync.model.row_memory import RowMemory
from lms_sync.operations.pull.know_again import read_by
from lms_sync.operations.pull.readable import Ours
from lms_sync.operations.pull.refused import too_many
from lms_sync.sources.pull import READER_RULES, FileRead, Pull
from lms_sync.sources.spreadsheet.quick_row import QuickRow
from lms_sync.store.known.registers import DOUBTS, SIGN_UPS
from lms_sync.store.store import Store
from lms_sync.text import plain

_FEW = 10
"""One new record beside so many known ones is looked for by itself."""


@dataclass(frozen=True, slots=True)
class SourceBefore:
    """What is known of a source before a pull of it is applied."""

    records: AbstractSet[str]
    """Those of tonight's plain rows, or all, of which anything was ever stored, asked or booked."""
    contents: AbstractSet[str]
    """The sha256 of every file that was ever read."""
    same_rules: bool
    """Whether all that is stored was read by today's rules of reading."""


def source_before(store: Store, source: str, new: Collection[str], known: int) -> SourceBefore:
    """Return what is known of a source, and which of some `new` records among it; `known` is how many are known."""
    few = len(new) * _FEW < known
    recorded = store.of_source(source).recorded_of(new) if few else store.renaming(source).recorded()
    doubted = {doubt.record for doubt in DOUBTS.read(store).values() if doubt.source == source}
    booked = {known.record for known in SIGN_UPS.read(store).values() if known.source == source}
    same_rules = not recorded or read_by(store, source) == READER_RULES
    return SourceBefore(recorded | doubted | booked, store.evidence.first_read(source).keys(), same_rules)


def with_items(store: Store, pull: Pull, ours: Ours, memory: RowMemory, *, each: bool = False) -> Pull:
    """Return a pull as `divided` does; what is stored is looked at only where the pull has plain rows.

    `each` makes an item of every plain row.
    """
    if not any(file.plain for file in pull.files):
        return pull
    new = frozenset(chain.from_iterable([file.plain.records for file in pull.files]))
    before = source_before(store, pull.source, new, memory.rows.number_offered)
    return divided(pull, before, ours, memory, each=each)


def divided(pull: Pull, before: SourceBefore, ours: Ours, memory: RowMemory, *, each: bool = False) -> Pull:
    """Return the pull with an item for each plain row that is not surely new or names a stranger, or `each`. Pure."""
    times = Counter(chain.from_iterable([file.plain.records for file in pull.files]))
    spoken = {record for file in pull.files for item in file.items for record in memory.records(item)}
    spoken |= {record for record, number in times.items() if number > 1} | before.records

    def of_file(file: FileRead) -> FileRead:
        if not file.plain:
            return file
        careful = (
            each or not before.same_rules or file.sha256 in before.contents or too_many(pull.source, file) is not None
        )
        known = zip(file.plain.records, file.plain.stated, strict=True)
        items, rows = file.plain.divided(
            file.items,
            [
                careful or record in spoken or not (who.learner in ours.learners or _is_kept_whole(file.plain[n].row))
                for n, (record, who) in enumerate(known)
            ],
        )
        return replace(file, items=tuple(items), plain=rows)

    return replace(pull, files=tuple(map(of_file, pull.files)))


def _is_kept_whole(quick: QuickRow) -> bool:
    """Tell whether all that a stranger's row states is kept: not so where status or attributes may name somebody."""
    if quick.rest.says.attributes:
        return False
    readable, status = quick.by.readable, quick.about.says.status
    texts = [*quick.table.stated, *quick.whose.pairs, *quick.about.pairs, *quick.rest.pairs, *quick.on.pairs]
    texts += [pair for part in quick.beside for pair in part.pairs]
    return all(plain(words) != status for heading, words in texts if heading not in readable)


def completions_of(pull: Pull, ours: Ours, *, learners: AbstractSet[str] | None = None) -> Iterator[Completion]:
    """Yield the completions of the rows that go to the store as rows: pseudonymous, as they are stored.

    All, or those of some `learners`.
    """
    for file in pull.files:
        for row in file.plain.those(done=True):
            if learners is not None and row.stated.learner not in learners:
                continue
            reading = row.item().reading
            assert isinstance(reading, Completion)
            yield pseudonymous_completion(reading, ours.pseudonyms, ours.learner_by_hash(reading.learner))
