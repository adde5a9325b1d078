"""What is on file: documents by what they say, so that the same is recognised in whatever file it comes. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms_sync.knowledge import Knowledge
from lms_sync.matching import successors
from lms_sync.model import FiledDocument
from lms_sync.tables.fields import fold

Key = tuple[str, str, str, str]
"""ESD and its number, folded; component; Person ID as it is today."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """The documents in force, as a new one is compared with them."""

    by_id: Mapping[str, FiledDocument]
    by_key: Mapping[Key, Sequence[FiledDocument]]
    by_hash: Mapping[str, Sequence[FiledDocument]]
    """By the hash of the file's content."""
    now: Mapping[str, str]
    """Former Person ID → the one of today."""

    @classmethod
    def of(cls, knowledge: Knowledge) -> "OnFile":
        """Return the documents in force."""
        now = successors(knowledge.merges)
        by_key: dict[Key, list[FiledDocument]] = defaultdict(list)
        by_hash: dict[str, list[FiledDocument]] = defaultdict(list)
        for one in knowledge.filed.values():
            by_hash[one.file.sha256].append(one)
            for key in _keys(one, now):
                by_key[key].append(one)
        return cls(knowledge.filed, dict(by_key), dict(by_hash), now)

    def says_already(self, new: FiledDocument) -> str:
        """Return the id of a document that says the same of the same people; empty when none says all of it."""
        found = [self._alike(key, new) for key in _keys(new, self.now)]
        return found[0] if all(found) else ""

    def contradicting(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that say another kind or day."""
        return _once(
            one
            for key in _keys(new, self.now)
            for one in self.by_key.get(key, ())
            if (one.kind, one.day) != (new.kind, new.day)
        )

    def same_number(self, new: FiledDocument) -> tuple[FiledDocument, ...]:
        """Return documents of the same ESD, number, component and person that came in another file."""
        found = (one for key in _keys(new, self.now) for one in self.by_key.get(key, ()))
        return _once(one for one in found if one.file.sha256 != new.file.sha256)

    def same_file(self, new: FiledDocument) -> Sequence[FiledDocument]:
        """Return documents that stand in the same file."""
        return self.by_hash.get(new.file.sha256, ())

    def _alike(self, key: Key, new: FiledDocument) -> str:
        same = (one for one in self.by_key.get(key, ()) if (one.kind, one.day) == (new.kind, new.day))
        return next((one.document_id for one in same), "")


def keys_of(one: FiledDocument) -> tuple[Key, ...]:
    """Return a key for each person and component of a document whose people are those of today."""
    return _keys(one, {})


def _keys(one: FiledDocument, now: Mapping[str, str]) -> tuple[Key, ...]:
    esd, number = fold(one.esd), fold(one.number)
    return tuple((esd, number, part, now.get(person, person)) for person in one.people for part in one.components)


def _once(found: Iterable[FiledDocument]) -> tuple[FiledDocument, ...]:
    return tuple({one.document_id: one for one in found}.values())
