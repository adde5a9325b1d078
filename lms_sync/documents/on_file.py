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
        for one in person_documents(snapshot.filed.values(), snapshot.roster.people, snapshot.merges):
            for key in _keys(one.document, one.person_id):
                if one.counts:
                    by_key[key].append(one.document)
                else:
                    changed[key].append(one)
        return cls(snapshot.filed, dict(by_key), dict(by_hash), dict(changed))

    def says_already(self, new: FiledDocument) -> str:
        """Return the id of a document that says the same of the same people; empty when none says all of it."""
        found = [self.has(key, new) for key in keys_of(new)]
        return found[0] if all(found) else ""

    def contradicting(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that say another kind or day."""
        return _once(one for key in keys_of(new) for one in self.by_key.get(key, ()) if _says(one) != _says(new))

    def same_number(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that came in another file."""
        found = (one for key in keys_of(new) for one in self.by_key.get(key, ()))
        return _once(one for one in found if one.file.sha256 != new.file.sha256)

    def of_somebody_else(self, new: FiledDocument) -> tuple[PersonDocument, ...]:
        """Return documents that say the same, or stand in the same file, and were filed when the id was another's."""
        found = (one for key in keys_of(new) for one in self.changed.get(key, ()))
        alike = (
            one for one in found if _says(one.document) == _says(new) or one.document.file.sha256 == new.file.sha256
        )
        return tuple({(one.document.document_id, one.person_id): one for one in alike}.values())

    def same_file(self, new: FiledDocument) -> Sequence[FiledDocument]:
        """Return documents that stand in the same file."""
        return [one for one in self.by_hash.get(new.file.sha256, ()) if one.document_id != new.document_id]

    def has(self, key: Key, new: FiledDocument) -> str:
        """Return the id of a document that counts and says the same under a key; empty when none does."""
        same = (one for one in self.by_key.get(key, ()) if _says(one) == _says(new))
        return next((one.document_id for one in same), "")


def keys_of(one: FiledDocument) -> tuple[Key, ...]:
    """Return a key for each person and component of a document whose people are those of today."""
    return tuple(key for person_id in one.people for key in _keys(one, person_id))


def _keys(one: FiledDocument, person_id: str) -> tuple[Key, ...]:
    esd, number = fold(one.esd), fold(one.number)
    return tuple((esd, number, part, person_id) for part in one.components)


def _says(one: FiledDocument) -> tuple[str, date]:
    return one.kind, one.day


def _once(found: Iterable[FiledDocument]) -> tuple[FiledDocument, ...]:
    return tuple({one.document_id: one for one in found}.values())
