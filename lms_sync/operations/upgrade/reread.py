"""Items of files that did not change and that new rules of reading read otherwise. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from lms_sync.model.evidence import Completion


def read_otherwise(
    before: Iterable[Completion], after: Iterable[Completion], *, known_files: AbstractSet[str]
) -> tuple[Completion, ...]:
    """Return the completions that came, went or changed though their file was read before with the same content.

    `known_files` are the sha256 of files that an earlier night has read; a completion that went is as it was. One
    that says the same under another key in the same place has not changed.
    """
    old = {(completion.source, completion.record): completion for completion in before}
    new = {(completion.source, completion.record): completion for completion in after}
    changed = [key for key in old.keys() | new.keys() if _content(old.get(key)) != _content(new.get(key))]
    went = {_statement(old[key]) for key in changed if key not in new}
    came = {_statement(new[key]) for key in changed if key not in old}
    found = [new.get(key) or old[key] for key in sorted(changed)]
    return tuple(
        completion
        for completion in found
        if completion.origin.sha256 in known_files and _statement(completion) not in went & came
    )


def read_under_another_key(
    before: Iterable[Completion], after: Iterable[Completion]
) -> tuple[tuple[Completion, Completion], ...]:
    """Return (as it was, as it is) of what says the same in the same place, of learners that have other keys now.

    With them goes everything else of the sources in which that happened: two learners may have become one.
    """
    old = {_statement(completion): completion for completion in before}
    pairs = [(old[_statement(new)], new) for new in after if _statement(new) in old]
    sources = {new.source for was, new in pairs if was.learner.key != new.learner.key}
    return tuple((was, new) for was, new in pairs if new.source in sources)


def _statement(completion: Completion) -> tuple[object, ...]:
    """Return what was said and where, by whatever key."""
    return (completion.source, completion.origin, completion.content)


def _content(completion: Completion | None) -> tuple[object, ...] | None:
    return completion.content if completion else None
