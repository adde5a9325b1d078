"""Which rows of a source's sheets need not be read again, and which are remembered after a pull.

A row that is known says what is stored. So no row of a record is offered of which something was stored, ended, asked
or booked since; and none of a stranger once the roster, or what was decided about people, is another.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from lms_sync.model.evidence import Completion
from lms_sync.model.known_rows import KnownRow, KnownRows, RowKind, Stated, different
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.row_memory import RowMemory, kept_mark
from lms_sync.model.stored import facts
from lms_sync.operations.pull.changes import ItemOutcome
from lms_sync.operations.pull.know_again import read_by
from lms_sync.operations.pull.readable import Ours
from lms_sync.operations.pull.readings import ItemRead
from lms_sync.operations.pull.refused import Assessed
from lms_sync.operations.pull.remember_lines import RowsBefore, kept_groups
from lms_sync.operations.pull.unread_files import unread
from lms_sync.sources.pull import READER_RULES, Pull
from lms_sync.store.known.registers import DOUBTS, SIGN_UPS
from lms_sync.store.known_rows import KnownColumns, PackedRows, RowsKept
from lms_sync.store.store import Store

_DECIDED = tuple(form.kind for form in (facts.LINK, facts.MERGE, facts.NAME_ANSWER, facts.VERSION))
"""Facts by which a stranger is told from somebody on the roster, besides the roster's own."""
_OF_ROSTER = tuple(form.kind for form in (facts.PERSON, facts.ASSIGNMENT, facts.PARTNER))
"""The roster's: many, and whether they say what the roster says every night looks at as it begins."""
AS_STORED = (ItemOutcome.ADDED, ItemOutcome.CORRECTED, ItemOutcome.UNCHANGED)
"""What became of a row that says what is stored now."""


def no_memory(_store: Store, source: str, pseudonyms: Pseudonyms) -> RowMemory:
    """Return no rows of a source: every one is read."""
    return RowMemory(source, pseudonyms)


def memory_of(store: Store, source: str, pseudonyms: Pseudonyms) -> RowMemory:
    """Return the rows of a source that need not be read again."""
    kept = store.known_rows.read(source, kept_mark(pseudonyms, source))
    if kept is None or read_by(store, source) != READER_RULES:
        return RowMemory(source, pseudonyms)
    spoken = {*store.of_source(source).changed_since(kept.recorded_at), *_asked(store, source)}
    in_clear = store.of_source(source).in_clear()
    people = people_mark(store)
    same_people = kept.people == people
    rows = kept.rows(in_clear, strangers=same_people, without=spoken)
    store.let_go()  # reading may take minutes
    if rows is None:
        return RowMemory(source, pseudonyms)
    current = {learner: who for learner, who in kept.current.items() if same_people or learner in in_clear}
    return RowMemory(source, pseudonyms, rows, current, kept.recorded_at, people, kept, in_clear)


def _asked(store: Store, source: str) -> Iterator[str]:
    """Yield the records about which HR was asked, or which somebody has signed up for."""
    yield from (doubt.record for doubt in DOUBTS.read(store).values() if doubt.source == source)
    yield from (known.record for known in SIGN_UPS.read(store).values() if known.source == source)


def people_mark(store: Store) -> str:
    """Return a hash of the roster and of all that was decided about people."""
    return store.state.of_facts(_DECIDED, in_short=_OF_ROSTER)


def needs_every_row(store: Store, assessed: Assessed) -> bool:
    """Tell whether a pull that passed over rows has to be read whole after all.

    So it is where so much was refused that every row is asked whom it may be about; and where a file has come back
    that says less than a newer one which was not read tonight.
    """
    pull = assessed.pull
    if assessed.refused:
        return any(file.known for file in pull.files)
    first_read = store.evidence.first_read(pull.source)
    again = [(first_read[file.sha256], file) for file in pull.files if file.known and file.sha256 in first_read]
    if not again:
        return False
    newer = unread(store.evidence.files(pull.source, gone=True), pull, among=pull.known_records)
    return any(first < newer.get(record, first) for first, file in again for record in file.known.records)


@dataclass(frozen=True, slots=True)
class ReadTonight:
    """What a pull came to, as far as rows are remembered of it."""

    pull: Pull
    memory: RowMemory
    readings: Sequence[ItemRead]
    outcomes: Sequence[ItemOutcome]
    stated: Sequence[Stated | None]
    """What each of the readings says of whom."""
    ours: Ours


def remember(store: Store, tonight: ReadTonight, *, now: datetime) -> None:
    """Keep which rows of tonight need not be read again; the caller holds the transaction, and has stored them."""
    pull, memory = tonight.pull, tonight.memory
    passed = [file.known for file in pull.files]
    before = _all_passed(store, tonight, sum(map(len, passed)))
    new = _without_stored(store, pull.source, [*_new(tonight)])
    known = [] if before else _still_known(tonight, without={row.record for row in new})
    plain = [file.plain for file in pull.files if file.plain]
    if not (before or new or plain or memory.rows.number_offered or memory.current):
        return
    tells: dict[str, bytes | None] = {}  # None where several things are told of a learner
    all_stated = (*[rows.stated for rows in passed], *[different(rows.stated) for rows in plain])
    for person in {*filter(None, tonight.stated)}.union(*all_stated):
        tells[person.learner] = person.who if tells.get(person.learner, person.who) == person.who else None
    current = {learner: who for learner, who in memory.current.items() if learner not in tells}
    current |= {learner: who for learner, who in tells.items() if who is not None}
    ours = tonight.ours.learners
    as_rows = [
        KnownColumns(
            *(of_file.marks, of_file.records, of_file.stated, [who.learner in ours for who in of_file.stated]),
            kinds=[RowKind(done) for done in of_file.done],
            several=[False] * len(of_file),
        )
        for of_file in plain
    ]
    people = memory.people or people_mark(store)
    rows = [KnownColumns.of_places(memory.rows, known), *as_rows, KnownColumns.of(new)]
    groups = kept_groups(pull, memory.rows, RowsBefore.of(before, known), new, whole=_is_whole(pull))
    kept = RowsKept(now, people, rows, current, before, groups)
    store.known_rows.write(pull.source, kept, kept_mark(memory.pseudonyms, pull.source))


def _all_passed(store: Store, tonight: ReadTonight, passed: int) -> PackedRows | None:
    """Return the rows as they are kept where each of them was passed over tonight, so that all of them stay."""
    memory, source = tonight.memory, tonight.pull.source
    kept = memory.kept if passed and store.known_rows.kept_at(source) == memory.kept_at else None
    return kept if isinstance(kept, PackedRows) and kept.number == passed else None


def _is_whole(pull: Pull) -> bool:
    """Tell whether all that a source holds was read tonight."""
    return pull.export == "cumulative" and not pull.skipped and not pull.failed


def _spoken(tonight: ReadTonight) -> frozenset[str]:
    """Return the records of which rows that were read tonight speak."""
    plain = [file.plain.records for file in tonight.pull.files]
    return frozenset().union([getattr(read.reading, "record", "") for read in tonight.readings], *plain)


def _still_known(tonight: ReadTonight, *, without: AbstractSet[str]) -> list[int]:
    """Return the places of the rows that were known and still are, but for those `without` whose records were read.

    Nor are those that are not done, or one of several of a record, where rows that were read tonight speak of it: it
    may be stored otherwise now. In their order. All where not every file was read, else those of tonight.
    """
    pull, rows = tonight.pull, tonight.memory.rows
    passed = [file.known for file in pull.files] if _is_whole(pull) else [rows.all()]
    places = sorted(place for several in passed for place in several.places)
    if RowKind.NOT_DONE in rows.kinds or rows.together:
        spoken, kinds, several = _spoken(tonight), rows.kinds, rows.several
        sure = [kind == RowKind.DONE and not more for kind, more in zip(kinds, several, strict=True)]
        places = [place for place in places if sure[place] or rows.records[place] not in spoken]
    places = [place for place in places if rows.records[place] not in without] if without else places
    apart = _apart(rows, places)
    return [place for place in places if place not in apart] if apart else places


def _apart(rows: KnownRows, places: Sequence[int]) -> frozenset[int]:
    """Return the rows of records of which not all rows are left at some places."""
    left = frozenset(places) if rows.together else frozenset()
    return frozenset().union(*(several for several in rows.together if not several <= left))


def _new(tonight: ReadTonight) -> Iterator[KnownRow]:
    """Yield the rows that were read and planned tonight and need not be the next time: of a record all or none."""
    of_record: dict[str, list[tuple[ItemRead, KnownRow | None]]] = defaultdict(list)
    for read, outcome, person in zip(tonight.readings, tonight.outcomes, tonight.stated, strict=True):
        if record := getattr(read.reading, "record", ""):
            of_record[record].append((read, _known_row(read, record, outcome, person, tonight.ours)))
    for each in of_record.values():
        rows = [row for _, row in each if row]
        if len(rows) == len(each) and _are_told_alike([read for read, _ in each], rows):
            yield from rows if len(rows) == 1 else [replace(row, several=True) for row in rows]


def _known_row(
    read: ItemRead, record: str, outcome: ItemOutcome, person: Stated | None, ours: Ours
) -> KnownRow | None:
    """Return a row that says what is stored, or that something is not done; None for all others."""
    if not (read.item.row and person):
        return None
    if isinstance(read.reading, Completion):
        kind = RowKind.DONE if outcome in AS_STORED else RowKind.AGAIN if outcome is ItemOutcome.SUPERSEDED else None
    else:
        kind = RowKind.NOT_DONE if outcome is ItemOutcome.NOT_A_COMPLETION else None
    return None if kind is None else KnownRow(read.item.row, record, person, person.learner in ours.learners, kind)


def _are_told_alike(reads: Sequence[ItemRead], rows: Sequence[KnownRow]) -> bool:
    """Tell whether rows of one record stand in one file, and one of them says what is stored or none is done."""
    kinds = [row.kind for row in rows]
    one_speaks = kinds.count(RowKind.DONE) == 1 or {*kinds} == {RowKind.NOT_DONE}
    return one_speaks and all(read.file is reads[0].file for read in reads)


def _without_stored(store: Store, source: str, rows: Sequence[KnownRow]) -> list[KnownRow]:
    """Return the rows without what is not done and was: against what is stored of a record it speaks each night.

    Not so beside a row that is done.
    """
    not_done = {row.record for row in rows if row.kind is RowKind.NOT_DONE}
    not_done -= {row.record for row in rows if row.kind is RowKind.DONE}
    stored = store.of_source(source).recorded_of(not_done) if not_done else frozenset()
    return [row for row in rows if row.record not in stored]
