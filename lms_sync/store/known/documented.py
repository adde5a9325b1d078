"""For whom documents of an ESD count: those under whom they were filed, while these are the same people. Pure.

A Person ID may be given to somebody else, and a filed document must not make a stranger documented.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms_sync.model.agreement import FiledDocument
from lms_sync.model.evidence import Documentation
from lms_sync.model.links import IdHolders, PeopleDecisions
from lms_sync.model.person_names import PersonNames
from lms_sync.model.roster import Person


@dataclass(frozen=True, slots=True)
class PersonDocument:
    """A document and one of the people under whom it was filed."""

    document: FiledDocument
    filed_under: str
    """The Person ID as it was filed."""
    name: str
    """The person's name at filing; empty where nobody recorded it."""
    person_id: str
    """The Person ID as it is today."""
    counts: bool
    """False when the roster knows somebody by this id now whose names have no word in common with the name then."""


def person_documents(
    filed: Iterable[FiledDocument], people: Mapping[str, Person], decided: PeopleDecisions
) -> tuple[PersonDocument, ...]:
    """Return each document with each of its people; `people` are those on the roster, by Person ID."""
    bearers = IdHolders.of(decided.merges, people)
    names = PersonNames.of(people, merges=decided.merges, answers=decided.answers)
    return tuple(
        _spoken(document, filed_under, name=name, bearers=bearers, names=names)
        for document in filed
        for filed_under, name in _named(document)
    )


def documentation_of(spoken: Iterable[PersonDocument]) -> dict[str, tuple[Documentation, ...]]:
    """Return Person ID → what the documents say that count for the person, each document once."""
    found: dict[str, dict[str, FiledDocument]] = {}
    for entry in spoken:
        if entry.counts:
            found.setdefault(entry.person_id, {})[entry.document.document_id] = entry.document
    return {
        person_id: tuple(documentation for document in filed.values() for documentation in document.documentation())
        for person_id, filed in found.items()
    }


def _named(document: FiledDocument) -> tuple[tuple[str, str], ...]:
    """Return (Person ID, name at filing) of each of a document's people."""
    names = document.names or ("",) * len(document.people)
    return tuple(zip(document.people, names, strict=True))


def _spoken(
    document: FiledDocument, filed_under: str, *, name: str, bearers: IdHolders, names: PersonNames
) -> PersonDocument:
    """Return whom a document speaks of under a Person ID.

    Where the id was merged and given away on one day, the names tell whose document it is.
    """
    bearer = bearers.now(filed_under, document.filed_on)
    if names.may_be(bearer, name):
        return PersonDocument(document, filed_under, name, bearer, counts=True)
    if filed_under in names.written and names.may_be(filed_under, name):
        return PersonDocument(document, filed_under, name, filed_under, counts=True)
    return PersonDocument(document, filed_under, name, bearer, counts=False)
