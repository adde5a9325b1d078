"""Items of files that did not change and that new rules of reading read otherwise. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from lms_sync.model.evidence import Completion


def read_otherwise(
    before: Iterable[Completion], after: Iterable[Completion], *, known_files: AbstractSet[str]
) -> tuple[Completion, ...]:
    """Return the completions that came, went or changed though their file was read before with the same content.

    `known_files` are the sha256 of files that an earlier night has read; a completion that went is as it was.
    """
    old = {(completion.source, completion.record): completion for completion in before}
    new = {(completion.source, completion.record): completion for completion in after}
    changed = [key for key in old.keys() | new.keys() if _content(old.get(key)) != _content(new.get(key))]
    found = [new.get(key) or old[key] for key in sorted(changed)]
    return tuple(completion for completion in found if completion.origin.sha256 in known_files)


def _content(completion: Completion | None) -> tuple[object, ...] | None:
    return completion.content if completion else None
