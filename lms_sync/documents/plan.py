"""What filing a file would come to: the documents, what is on file already, what speaks against it. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.documents.about import UNREAD, NamedPerson, about, named_people
from lms_sync.documents.badge import Badge, awarded_to, names_an_address
from lms_sync.documents.look import UNSEEN
from lms_sync.documents.on_file import DocumentsOnFile
from lms_sync.documents.statement import (
    ALL,
    DocumentStatement,
    asked_of,
    by_components,
    esd_doubt,
    expect_sound,
    old_day,
    printable,
)
from lms_sync.documents.vault import IncomingFile
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.course_map import requirement_words
from lms_sync.model.roster import Person
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import written_day


@dataclass(frozen=True, slots=True)
class Planned:
    """What filing one file comes to."""

    new: tuple[FiledDocument, ...]
    same: tuple[FiledDocument, ...] = ()
    """On file already, word for word."""
    doubts: tuple[str, ...] = ()
    """What speaks against it, in sentences; a reviewer's reason outweighs them."""
    remarks: tuple[str, ...] = ()
    """What a reviewer should know, in sentences; nothing speaks against it."""


def plan(document_statement: DocumentStatement, handed: IncomingFile, *, snapshot: Snapshot, today: date) -> Planned:
    """Return what filing one document comes to; who files it, and why, is not said in it yet.

    Raises: UsageError for somebody who is not on the roster, `all` for a person without a class, a day in the future.
    """
    expect_sound(document_statement, snapshot, today=today)
    parts = by_components(document_statement, snapshot, today=today)
    people, filed, onfile = snapshot.roster.people, snapshot.filed, DocumentsOnFile.of(snapshot)
    documents = [with_own_id(document_of(part, handed.file, people=people, today=today), filed) for part in parts]
    changed = {other.document.document_id for document in documents for other in onfile.of_somebody_else(document)}
    new = tuple(
        document for document in documents if document.document_id not in filed or document.document_id in changed
    )
    same = tuple(filed[document.document_id] for document in documents if document not in new)
    if not new:
        return Planned((), same)
    against, remarks = _what_it_says(document_statement, handed, snapshot)
    doubts = [*against, *(doubt for document in new for doubt in _filed_before(document, onfile))]
    others = old_day(document_statement.day), esd_doubt(document_statement.esd, snapshot)
    doubts += [other.found for other in others if other]
    remarks += _not_asked(document_statement, snapshot, today=today)
    return Planned(new, same, tuple(dict.fromkeys(doubts)), tuple(remarks))


def document_of(
    document_statement: DocumentStatement,
    file: KeptFile,
    *,
    people: Mapping[str, Person],
    today: date,
    origin: str = "",
) -> FiledDocument:
    """Return the fact that stands for a document, with its id in the shortest form; `all` is spelt out by then.

    `people` are those on the roster: the fact keeps the names of those of whom the document speaks. Who files it is
    blank: the act of filing fills that in.
    """
    document = FiledDocument(
        document_id="",
        people=document_statement.people,
        components=document_statement.components,
        kind=document_statement.kind,
        esd=printable(document_statement.esd),
        day=document_statement.day,
        number=printable(document_statement.number),
        file=file,
        filed_by="",
        filed_on=today,
        origin=origin,
        names=tuple(people[person].name for person in document_statement.people),
    )
    return replace(document, document_id=f"D{_digest(document)[:8]}")


def with_own_id(document: FiledDocument, taken: Mapping[str, FiledDocument]) -> FiledDocument:
    """Return the document with a longer id where another one has the short one."""
    digest = _digest(document)
    for digits in (8, 12, 16, 64):
        document_id = f"D{digest[:digits]}"
        if document_id not in taken or _digest(taken[document_id]) == digest:
            break
    return replace(document, document_id=document_id)


def _digest(document: FiledDocument) -> str:
    """Return 64 digits over the file and what it is said to say: the same thing has the same id whenever it comes."""
    facts = (
        *document.people,
        "",
        *document.components,
        "",
        document.kind,
        document.esd,
        document.day.isoformat(),
        document.number,
    )
    return hashlib.sha256("\x1f".join((document.file.sha256, *facts)).encode()).hexdigest()


def _filed_before(new: FiledDocument, onfile: DocumentsOnFile) -> Iterator[str]:
    for other in onfile.of_somebody_else(new):
        then = f"{other.document.document_id} on file was filed when {other.filed_under} was {other.name}"
        yield f"{then}: is it still the same person?"
    for document in onfile.same_file(new):
        yield f"the same file is on file already: {in_words(document)}"
    for document in onfile.same_number(new):
        number = f"no. {document.number}" if document.number else "without a number"
        yield f"another file of {document.esd}, {number}, is on file for the same: {in_words(document)}"


def in_words(document: FiledDocument) -> str:
    """Return a document in one line, its people by their ids: `D3f29c0d1, 100417 (classroom), verified by …`."""
    number = f", no. {document.number}" if document.number else ""
    people, parts = ", ".join(document.people), requirement_words(document.components)
    by = f"{document.kind} by {document.esd} on {written_day(document.day)}{number}"
    return f"{document.document_id}, {people} ({parts}), {by}"


def _what_it_says(
    document_statement: DocumentStatement, handed: IncomingFile, snapshot: Snapshot
) -> tuple[list[str], list[str]]:
    """Return (what the file's text has against the filing, what to look at)."""
    if UNSEEN in handed.looked.notes:
        return [
            "the file can't be looked into: it may be cut off or damaged. Open it, and see that it is complete"
        ], []
    if handed.looked.text is None:
        return [], [UNREAD]
    people = named_people(snapshot.roster.people, snapshot.merges)
    found = about(handed.looked.text, document_statement.people, people, badge=handed.looked.badge)
    unnamed = ", ".join(f"{snapshot.roster.people[person_id].name} ({person_id})" for person_id in found.unnamed)
    if found.speaks_against:
        others = ", ".join(f"{snapshot.roster.people[other].name} ({other})" for other in found.others[:5])
        return [f"the file does not name {unnamed}, and it names {others}: is it another person's?"], []
    remarks = [f"the file does not name {unnamed}: check that it is the right one."] if unnamed else []
    if handed.looked.badge is not None:
        remarks += recipient_remarks(handed.looked.badge, [people[person] for person in document_statement.people])
    return [], remarks


def recipient_remarks(badge: Badge, meant: list[NamedPerson]) -> Iterator[str]:
    """Yield what is to be said of the address to which a badge was awarded; nothing where it is of who is meant."""
    if not names_an_address(badge):
        yield "it names no e-mail address: the recipient of the badge was not compared."
        return
    unknown = ", ".join(person.person_id for person in meant if not person.emails)
    others = ", ".join(person.person_id for person in meant if person.emails and not awarded_to(badge, person.emails))
    if unknown:
        yield f"the recipient of the badge was not compared: the roster has no e-mail address of {unknown}."
    if others:
        yield f"the badge was awarded to an e-mail address that the roster does not have for {others}."


def _not_asked(document_statement: DocumentStatement, snapshot: Snapshot, *, today: date) -> list[str]:
    """Return a sentence for each person of whom a component is not asked: the class may change, so it is kept."""
    found = []
    for person_id in dict.fromkeys(document_statement.people):
        extra = [
            component
            for component in document_statement.components
            if component not in (ALL, *asked_of(person_id, snapshot, today=today))
        ]
        if extra and snapshot.roster.people[person_id].staff_class is not None:
            staff_class = snapshot.roster.people[person_id].staff_class
            found.append(
                f"{', '.join(extra)} is not asked of {person_id} (class {staff_class}); it is kept all the same."
            )
    return found
