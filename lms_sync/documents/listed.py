"""Rows of an ESD's list → documents to file, and a finding for every row that cannot be filed. Pure."""

from collections import ChainMap, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.documents.about import called_so, contradicts
from lms_sync.documents.on_file import DocumentsOnFile, Key, keys_of
from lms_sync.documents.plan import document_of, with_own_id
from lms_sync.documents.statement import (
    ALL,
    DocumentStatement,
    by_components,
    class_problem,
    day_problem,
    esd_doubt,
    esd_problem,
    old_day,
    person_problem,
    printable,
)
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.finding import Area, Finding
from lms_sync.model.name_agreement import bare_words
from lms_sync.model.person_names import PersonNames
from lms_sync.store.known.documented import PersonDocument
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry
from lms_sync.text import command_line, written_day

_OPTIONS = {"Component": "--component", "Kind": "--kind", "ESD": "--esd", "Date": "--day"}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the command line says for cells that a list leaves blank; empty for nothing."""

    components: tuple[str, ...] = ()
    kind: str = ""
    esd: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ListResult:
    """What a list comes to."""

    new: tuple[FiledDocument, ...]
    same: int
    """Rows that are on file already, or stand in the list twice."""
    findings: tuple[Finding, ...]
    """One at least for each row that is not filed."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A sound row."""

    entry: Entry
    document: FiledDocument


@dataclass(frozen=True, slots=True)
class ListContext:
    """What rows are looked through with."""

    file: KeptFile
    defaults: Defaults
    snapshot: Snapshot
    today: date
    names: PersonNames
    exactly: Mapping[frozenset[str], frozenset[str]]
    """The words of a whole name → the Person IDs of those who are called just so."""

    @classmethod
    def of(cls, file: KeptFile, defaults: Defaults, *, snapshot: Snapshot, today: date) -> "ListContext":
        """Return what the rows of one list are looked through with."""
        decided = snapshot.decided
        names = PersonNames.of(snapshot.roster.people, merges=decided.merges, answers=decided.answers)
        return cls(file, defaults, snapshot, today, names, called_so(names.written))


def plan_list(entries: Sequence[Entry], by: ListContext) -> ListResult:
    """Return the documents that a list files, one a row, and what is wrong with the other rows.

    Rows that contradict each other, or what is on file, are not filed: a person decides.
    """
    findings: list[Finding] = []
    rows: list[_Row] = []
    for entry in entries:
        planned = _row(entry, by)
        if isinstance(planned, _Row):
            rows.append(planned)
        else:
            findings += planned
    onfile = DocumentsOnFile.of(by.snapshot)
    rivals = _rivals(rows)
    new: dict[str, FiledDocument] = {}
    taken = ChainMap(new, dict(by.snapshot.filed))
    same = 0
    for row in rows:
        document = with_own_id(row.document, taken)
        wrong = _against(row, rivals, onfile)
        if wrong is not None:
            findings.append(_finding("document-contradicted", row.entry, "Person ID", wrong))
        elif document.document_id in new or onfile.says_already(document):
            same += 1
        else:
            new[document.document_id] = document
    return ListResult(tuple(new.values()), same, tuple(findings))


def _row(entry: Entry, by: ListContext) -> _Row | list[Finding]:
    """Return a row's document, or what is wrong with it; cells that could not be read have their finding already."""
    person_id = entry.text("Person ID")
    found = [*_of_the_person(entry, by)] if person_id else []
    found += _of_the_document(entry, by)
    document_statement = _statement(entry, by.defaults)
    if found or entry.wrong or document_statement is None:
        return found
    (spelt,) = by_components(document_statement, by.snapshot, today=by.today)
    people, origin = by.snapshot.roster.people, entry.cell("Person ID")
    return _Row(entry, document_of(spelt, by.file, people=people, today=by.today, origin=origin))


def _statement(entry: Entry, defaults: Defaults) -> DocumentStatement | None:
    """Return what a row says, blanks filled; None while something is missing."""
    component, day = entry.text("Component"), entry.day("Date") or defaults.day
    components = (component,) if component else defaults.components
    kind, esd = entry.text("Kind") or defaults.kind, printable(entry.text("ESD") or defaults.esd)
    person_id = entry.text("Person ID")
    if not (person_id and components and kind and esd and day):
        return None
    return DocumentStatement((person_id,), components, kind, esd, day, entry.text("Number"))


def _of_the_person(entry: Entry, by: ListContext) -> Iterator[Finding]:
    person_id = entry.text("Person ID")
    wrong = person_problem(person_id, by.snapshot)
    if wrong is not None:
        yield _finding("person-unknown", entry, "Person ID", wrong)
        return
    last, first = entry.text("Last name"), entry.text("First name")
    namesakes = by.exactly.get(frozenset(bare_words(first, last)), frozenset())
    another = sorted(namesakes) if person_id not in namesakes else []
    if another or contradicts(last, first, by.names.known(person_id)):
        person = by.snapshot.roster.people[person_id]
        name = ", ".join(word for word in (last, first) if word)
        whose = f", which is the name of {' and '.join(another)}" if another else ""
        wrong = Wrong(
            f'"{name}" under {person_id}{whose}',
            f"{person.name}, who has this Person ID on the roster",
            "Find out whose document it is; correct the Person ID or the name.",
        )
        yield _finding("name-contradicts", entry, "Last name" if last else "First name", wrong)
    components = (entry.text("Component"),) if entry.text("Component") else by.defaults.components
    wrong = class_problem(person_id, by.snapshot) if ALL in components else None
    if wrong is not None:
        yield _finding("document-class-missing", entry, "Component", wrong)


def _of_the_document(entry: Entry, by: ListContext) -> Iterator[Finding]:
    defaults = by.defaults
    filled = {
        "Component": bool(defaults.components),
        "Kind": bool(defaults.kind),
        "ESD": bool(printable(entry.text("ESD") or defaults.esd)),
        "Date": defaults.day is not None,
    }
    for heading, by_default in filled.items():
        if not by_default and heading not in entry.answers and heading not in entry.wrong:
            option = _OPTIONS[heading]
            wrong = Wrong(
                f"no {heading}", f"a value for {heading}", f"Fill it in, or say {option} for all blank cells."
            )
            yield _finding("cell-missing", entry, heading, wrong)
    esd, day = printable(entry.text("ESD") or defaults.esd), entry.day("Date") or defaults.day
    wrong_esd = (esd_problem(esd, by.snapshot) or esd_doubt(esd, by.snapshot)) if esd else None
    if wrong_esd is not None:
        yield _finding("no-esd", entry, "ESD", wrong_esd)
    if day is not None:
        wrong_day = day_problem(day, today=by.today) or old_day(day)
        if wrong_day is not None:
            yield _finding("day-implausible", entry, "Date", wrong_day)


def _rivals(rows: Sequence[_Row]) -> dict[Key, set[tuple[str, date]]]:
    """Return key → the kinds and days that the list has for it; more than one contradict each other."""
    found: dict[Key, set[tuple[str, date]]] = defaultdict(set)
    for row in rows:
        for key in keys_of(row.document):
            found[key].add((row.document.kind, row.document.day))
    return found


def _against(row: _Row, rivals: Mapping[Key, set[tuple[str, date]]], onfile: DocumentsOnFile) -> Wrong | None:
    row_words = f"{row.document.kind} on {written_day(row.document.day)}"
    if any(len(rivals[key]) > 1 for key in keys_of(row.document)):
        return Wrong(
            f"{row_words}, and another row of the list says otherwise of the same component and number",
            "one kind and one day",
            "Ask the ESD which is right, and delete the other row. None of them is filed.",
        )
    changed = onfile.of_somebody_else(row.document)
    if changed and not onfile.says_already(row.document):
        return _of_somebody_else(changed[0])
    other = onfile.contradicting(row.document)
    if not other:
        return None
    first = other[0]
    return Wrong(
        f"{row_words}, and {first.document_id} on file says {first.kind} on {written_day(first.day)}",
        "the same as what is on file, or a document of its own number",
        f"Correct the row; or {command_line('documents withdraw', first.document_id, reason=...)},"
        " then read the list again.",
    )


def _of_somebody_else(document: PersonDocument) -> Wrong:
    document_id = document.document.document_id
    return Wrong(
        f"{document_id} on file says the same, and was filed when {document.filed_under} was {document.name}",
        "the person of then, or a document of the one who has this Person ID now",
        f"If it is right for the one of now: {command_line('documents withdraw', document_id, reason=...)},"
        " then read the list again.",
    )


def _finding(code: str, entry: Entry, heading: str, wrong: Wrong) -> Finding:
    where, person_id = entry.where(heading), entry.text("Person ID")
    people = (person_id,) if person_id else ()
    return Finding(Area.ROW, code, where, wrong.found, wrong.expected, wrong.remedy, people=people)
