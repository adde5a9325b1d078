"""What is on file: documents by what they say, so that the same is recognised in whatever file it comes. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.model.agreement import FiledDocument
from lms_sync.store.known.documented import PersonDocument, person_documents
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import fold

Key = tuple[str, str, str, str]
"""ESD and its number, folded; component; Person ID as it is today."""


@dataclass(frozen=True, slots=True)
class DocumentsOnFile:
    """The documents in force, as a new one is compared with them."""

    by_id: Mapping[str, FiledDocument]
    by_key: Mapping[Key, Sequence[FiledDocument]]
    by_hash: Mapping[str, Sequence[FiledDocument]]
    """By the hash of the file's content."""
    changed: Mapping[Key, Sequence[PersonDocument]]
    """Those that do not count, because the Person ID is another person's now; such ones are not in `by_key`."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "DocumentsOnFile":
        """Return the documents in force."""
        by_key: dict[Key, list[FiledDocument]] = defaultdict(list)
        changed: dict[Key, list[PersonDocument]] = defaultdict(list)
        by_hash: dict[str, list[FiledDocument]] = defaultdict(list)
        for document in snapshot.filed.values():
            by_hash[document.file.sha256].append(document)
        for person_document in person_documents(snapshot.filed.values(), snapshot.roster.people, snapshot.decided):
            for key in _keys(person_document.document, person_document.person_id):
                if person_document.counts:
                    by_key[key].append(person_document.document)
                else:
                    changed[key].append(person_document)
        return cls(snapshot.filed, dict(by_key), dict(by_hash), dict(changed))

    def says_already(self, new: FiledDocument) -> str:
        """Return the id of a document that says the same of the same people; empty when none says all of it."""
        found = [self.has(key, new) for key in keys_of(new)]
        return found[0] if all(found) else ""

    def contradicting(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that say another kind or day."""
        return _once(
            document for key in keys_of(new) for document in self.by_key.get(key, ()) if _says(document) != _says(new)
        )

    def same_number(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that came in another file."""
        found = (document for key in keys_of(new) for document in self.by_key.get(key, ()))
        return _once(document for document in found if document.file.sha256 != new.file.sha256)

    def of_somebody_else(self, new: FiledDocument) -> tuple[PersonDocument, ...]:
        """Return documents that say the same, or stand in the same file, and were filed when the id was another's."""
        found = (document for key in keys_of(new) for document in self.changed.get(key, ()))
        alike = (
            document
            for document in found
            if _says(document.document) == _says(new) or document.document.file.sha256 == new.file.sha256
        )
        return tuple({(document.document.document_id, document.person_id): document for document in alike}.values())

    def same_file(self, new: FiledDocument) -> Sequence[FiledDocument]:
        """Return documents that stand in the same file."""
        return [
            document for document in self.by_hash.get(new.file.sha256, ()) if document.document_id != new.document_id
        ]

    def has(self, key: Key, new: FiledDocument) -> str:
        """Return the id of a document that counts and says the same under a key; empty when none does."""
        same = (document for document in self.by_key.get(key, ()) if _says(document) == _says(new))
        return next((document.document_id for document in same), "")


def keys_of(document: FiledDocument) -> tuple[Key, ...]:
    """Return a key for each person and component of a document whose people are those of today."""
    return tuple(key for person_id in document.people for key in _keys(document, person_id))


def _keys(document: FiledDocument, person_id: str) -> tuple[Key, ...]:
    esd, number = fold(document.esd), fold(document.number)
    return tuple((esd, number, part, person_id) for part in document.components)


def _says(document: FiledDocument) -> tuple[str, date]:
    return document.kind, document.day


def _once(found: Iterable[FiledDocument]) -> tuple[FiledDocument, ...]:
    return tuple({document.document_id: document for document in found}.values())
