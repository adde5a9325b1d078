"""Documents that count for nobody, because their Person ID is another person's now, and what to do. Pure."""

from collections.abc import Mapping, Sequence

from lms_sync.documents.on_file import DocumentsOnFile
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Person
from lms_sync.store.known.documented import PersonDocument
from lms_sync.store.known.snapshot import Snapshot


def changed_findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Return a finding for each person on the roster whose Person ID has documents of somebody of another name.

    A document of which another one on file says the same for the person needs nobody's look any more.
    """
    onfile = DocumentsOnFile.of(snapshot)
    open_ones: dict[str, dict[str, PersonDocument]] = {}
    for key, some in onfile.changed.items():
        for document in some:
            if not onfile.has(key, document.document):
                open_ones.setdefault(document.person_id, {})[document.document.document_id] = document
    people = snapshot.roster.people
    return tuple(_finding(people[person_id], list(open_ones[person_id].values())) for person_id in sorted(open_ones))


def _finding(person: Person, some: Sequence[PersonDocument]) -> Finding:
    by_then: Mapping[str, str] = {document.name: document.filed_under for document in some}
    then = " and ".join(f"{under} was {name}" for name, under in by_then.items())
    more = f" and {len(some) - 5} more" if len(some) > 5 else ""
    ids = ", ".join(document.document.document_id for document in some[:5]) + more
    return Finding(
        Area.PERSON,
        "document-person-changed",
        where=f"roster, person {person.person_id}",
        found=f"{person.name}; but {ids} on file {'was' if len(some) == 1 else 'were'} filed when {then}, "
        f"and {'does' if len(some) == 1 else 'do'} not count for {person.person_id}",
        expected="one Person ID a person, for good",
        remedy="If they are one person, file it again as it was, with --reason (a row of a list: withdraw it first). "
        "If they are two, give the new person another Person ID in the roster, or withdraw the document.",
        people=(person.person_id,),
    )
