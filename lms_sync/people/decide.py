"""Decide who is who: links, refusals, merges, and their end, each a decision of a person with who, when and why.

Each act opens its own transaction, and keeps and logs all of it or nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lms_sync.errors import UsageError, WrongCells
from lms_sync.model.author import Author
from lms_sync.model.known import known_person
from lms_sync.model.links import Link, Merge
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.stored.facts import LINK, MERGE
from lms_sync.people.cases import Case
from lms_sync.people.filled_workbook import LearnerDecision, read_decisions
from lms_sync.store.known.snapshot import former_people as read_former
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.known.who_is_who import (
    end_link,
    end_merge,
    read_links,
    read_merges,
    record_link,
    record_merge,
)
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, did_you_mean_id, fold


def pseudonym_of(handle: str, pseudonyms: Pseudonyms) -> tuple[str, str]:
    """Return (source, pseudonymous learner id) of `source:key`. Raises: UsageError for anything else."""
    source, colon, key = handle.partition(":")
    if not (source.strip() and colon and key.strip()):
        raise UsageError(
            f"{handle}: not a learner", hint="Write source:key as the worklist shows it, in quotes if it has blanks."
        )
    return source.strip(), pseudonyms.of(f"learner of {source.strip()}", fold(key))


def known_learner(store: Store, handle: str, pseudonyms: Pseudonyms) -> tuple[str, str]:
    """Return the same as `pseudonym_of` for a learner that a source has shown; `#…` stands for one that is not shown.

    Raises: UsageError when no source has shown it.
    """
    source, learner = pseudonym_of(handle, pseudonyms)
    hidden = handle.partition(":")[2].strip().removeprefix("#").lower()
    learners = [learner for learner in store.evidence.learners() if learner.source == source]
    for seen in learners:
        if seen.learner == learner or ("#" in handle and len(hidden) >= 8 and seen.learner.startswith(hidden)):
            return source, seen.learner
    keys = [learner.in_clear.key for learner in learners if learner.in_clear]
    hint = (
        did_you_mean_id(handle.partition(":")[2], keys) if learners else "No source of that name has shown anybody. "
    )
    raise UsageError(f"{handle}: no source has shown this learner", hint=f"{hint}`lms-sync people match` lists them.")


def seen_of(link: Link | None) -> str:
    """Return a short text for what is recorded of a learner; another one as soon as anybody has decided otherwise."""
    return hashlib.sha256(repr(link).encode()).hexdigest()[:16] if link else ""


def link(workspace: Workspace, author: Author, *, handle: str, person_id: str, seen: str | None = None) -> Link:
    """Record that a learner is a person on the roster, for all its completions, until the link is ended.

    `seen` is `seen_of` what was recorded when the person was asked; None where nobody was shown it.
    Raises: UsageError for an unknown learner or person, and when somebody else has decided meanwhile.
    """
    with workspace.store.transaction():
        _expect_as_seen(workspace, handle, seen, by=author.by)
        return _link(workspace, author, handle, person_id)


def refuse(
    workspace: Workspace, author: Author, *, handle: str, people: Iterable[str], seen: str | None = None
) -> Link:
    """Record that a learner is none of these people; a new candidate brings it back to the worklist.

    `seen` as for `link`. Raises: UsageError for an unknown learner, and when somebody else has decided meanwhile.
    """
    with workspace.store.transaction():
        _expect_as_seen(workspace, handle, seen, by=author.by)
        return _refuse(workspace, author, handle, people)


def deny(workspace: Workspace, author: Author, *, handle: str, person_id: str) -> Link:
    """Record that a learner is not a person, also where its id or e-mail says so; `unlink` takes that back.

    What a person decided before about the same learner and another person stays. Raises: UsageError for an unknown
    learner or person.
    """
    store = workspace.store
    with store.transaction():
        known_person(read_roster(store), person_id)
        before = _current(store, *known_learner(store, handle, workspace.pseudonyms))
        if before is not None and before.person_id not in ("", person_id):
            raise UsageError(
                f"{handle} is linked to {before.person_id}, so it is not {person_id} already",
                hint=f"To take that link back: {command_line('people unlink', handle, reason=...)}.",
            )
        return _refuse(workspace, author, handle, (person_id,))


def unlink(workspace: Workspace, author: Author, *, handle: str) -> Link:
    """End what a person decided about a learner; the ordinary rules count again. Raises: UsageError for none."""
    store = workspace.store
    with store.transaction():
        source, learner = pseudonym_of(handle, workspace.pseudonyms)
        before = _current(store, source, learner) or _hidden(store, handle)
        if before is None:
            raise UsageError(
                f"{handle}: nobody has linked this learner",
                hint="`lms-sync people links` lists the links. A match made by id or e-mail is taken back with"
                f" {command_line('people unlink', handle, not_='PERSON', reason=...)}.",
            )
        end_link(store, before.source, before.learner, now=author.at)
        store.audit.add(DecisionKind.LINK, handle, author, before=LINK.plain(before), after=None)
    return before


def decide_all(workspace: Workspace, author: Author, *, waiting: Sequence[Case], path: Path) -> tuple[int, int]:
    """Record every decision of a workbook that was filled in, or none when anything in it is wrong.

    `waiting` are the learners that are open. Each decision has its own reason, written beside it. Returns how many
    learners were decided, and how many were decided so before. Raises: WrongCells.
    """
    decisions = read_decisions(path, waiting)
    open_now = {case.handle for case in waiting}
    fresh = [decision for decision in decisions if decision.handle in open_now]
    with workspace.store.transaction():
        settled = [decision for decision in decisions if decision.handle not in open_now]
        if otherwise := [words for decision in settled if (words := _decided_otherwise(workspace, decision))]:
            hint = "Correct these cells, then read it again."
            raise WrongCells(f"{path.name} was not taken in", hint=hint, cells=otherwise)
        for decision in fresh:
            _decide(workspace, Author(author.by, decision.reason, author.at), decision)
    return len(fresh), len(decisions) - len(fresh)


def merge(workspace: Workspace, author: Author, *, former: str, person_id: str) -> Merge:
    """Record that a former Person ID is the person who has `person_id` on the roster: nothing it had is lost.

    Raises: UsageError when the former id is still on the roster, was never on it, or the new one is not on it.
    """
    store = workspace.store
    with store.transaction():
        before, person = _mergeable(store, former, person_id)
        new = _merge_of(before, person, author, workspace)
        if any(merge.former == person_id for merge in read_merges(store)):
            _unmerge(store, person_id, author)  # that id is back on the roster, and stands for itself again
        record_merge(store, new, now=author.at)
        after = MERGE.plain(new)
        store.audit.add(DecisionKind.MERGE, former, author, before=None, after=after)
    return new


def unmerge(workspace: Workspace, author: Author, *, former: str) -> Merge:
    """End a merge: the former id counts for nobody again. Raises: UsageError when it was not merged."""
    with workspace.store.transaction():
        return _unmerge(workspace.store, former, author)


def _decided_otherwise(workspace: Workspace, decision: LearnerDecision) -> str:
    """Return what is wrong with a decision about a learner that waits no longer; empty where it was made before."""
    try:
        before = _current(workspace.store, *known_learner(workspace.store, decision.handle, workspace.pseudonyms))
    except UsageError as error:
        return f"{decision.where}: {error}. Expected: a learner that waits. {error.hint}"
    if before is None:
        found = f"{decision.handle} waits for nobody's word, and nobody has linked it"
        return f"{decision.where}: {found}. Expected: a learner that waits. Clear the row."
    if before.person_id == decision.person_id and set(decision.refused) <= {*before.refused}:
        return ""
    return (
        f"{decision.where}: {decision.handle} was decided otherwise: {_whom(before)}, by {before.by} on {before.on}."
        " Expected: the same answer. To change it, take that back first:"
        f" {command_line('people unlink', decision.handle, reason=...)}."
    )


def _expect_as_seen(workspace: Workspace, handle: str, seen: str | None, *, by: str) -> None:
    if seen is None:
        return
    now = _current(workspace.store, *known_learner(workspace.store, handle, workspace.pseudonyms))
    if seen != seen_of(now) and not (now and now.by == by):
        what = f"{now.by}: {_whom(now)}, “{now.reason}”" if now else "it was taken back"
        raise UsageError(
            f"{handle} was decided since this page was opened: {what}",
            hint="Load the page again. What was decided stands at its end, and can be taken back there.",
        )


def _whom(link: Link) -> str:
    return link.person_id or f"not {' or '.join(link.refused)}"


def _decide(workspace: Workspace, author: Author, decision: LearnerDecision) -> None:
    if decision.person_id:
        _link(workspace, author, decision.handle, decision.person_id)
    else:
        _refuse(workspace, author, decision.handle, decision.refused)


def _link(workspace: Workspace, author: Author, handle: str, person_id: str) -> Link:
    person = known_person(read_roster(workspace.store), person_id)
    return _record(workspace, author, handle, person=person, refused=())


def _refuse(workspace: Workspace, author: Author, handle: str, people: Iterable[str]) -> Link:
    before = _current(workspace.store, *known_learner(workspace.store, handle, workspace.pseudonyms))
    refused = tuple(sorted({*people, *(before.refused if before else ())}))
    return _record(workspace, author, handle, person=None, refused=refused)


def _record(
    workspace: Workspace, author: Author, handle: str, *, person: Person | None, refused: tuple[str, ...]
) -> Link:
    store = workspace.store
    source, learner = known_learner(store, handle, workspace.pseudonyms)
    before = _current(store, source, learner)
    in_clear = next(
        (o.in_clear for o in store.evidence.learners() if (o.source, o.learner) == (source, learner)), None
    )
    label = f"{in_clear.key}, {in_clear.first_name} {in_clear.last_name}" if in_clear else f"#{learner[:8]}"
    person_id, person_name = (person.person_id, person.name) if person else ("", "")
    on = workspace.day(author.at)
    new = Link(source, learner, person_id, refused, label, author.by, on, author.reason, person_name)
    record_link(store, new, now=author.at)
    was = LINK.plain(before) if before else None
    store.audit.add(DecisionKind.LINK, handle, author, before=was, after=LINK.plain(new))
    return new


def _hidden(store: Store, handle: str) -> Link | None:
    source, _, key = handle.partition(":")
    hidden = key.strip().removeprefix("#").lower()
    found = [
        link
        for link in read_links(store)
        if link.source == source and (link.learner.startswith(hidden) or link.shown.startswith(key.strip()))
    ]
    return found[0] if len(found) == 1 and key.strip().startswith("#") and len(hidden) >= 8 else None


def _current(store: Store, source: str, learner: str) -> Link | None:
    return next((link for link in read_links(store) if (link.source, link.learner) == (source, learner)), None)


def _mergeable(store: Store, former: str, person_id: str) -> tuple[Person, Person]:
    """Return who had the former id, and whose it is to be. Raises: UsageError when the two can't be merged."""
    roster = read_roster(store)
    left = read_former(store)
    person = known_person(roster, person_id)
    if former in roster.people:
        raise UsageError(
            f"{former} is still on the roster",
            hint="Take that row out of the sheet People (and its assignments), let a night run, then merge.",
        )
    if former not in left:
        raise UsageError(
            f"{former} was never on the roster",
            hint=f"{did_you_mean_id(former, left)}Look at the id again, leading zeros included.",
        )
    return left[former], person


def _merge_of(former: Person, person: Person, author: Author, workspace: Workspace) -> Merge:
    firsts = [name for name in (former.first_name, former.preferred_name) if name]
    names = tuple((first, former.last_name) for first in firsts)
    who = (former.person_id, person.person_id, former.emails, names, former.other_ids)
    return Merge(*who, author.by, workspace.day(author.at), author.reason, person.name)


def _unmerge(store: Store, former: str, author: Author) -> Merge:
    before: Mapping[str, Merge] = {merge.former: merge for merge in read_merges(store)}
    if former not in before:
        raise UsageError(
            f"{former} was not merged",
            hint=f"{did_you_mean_id(former, before)}`lms-sync people links` lists the merges.",
        )
    end_merge(store, former, now=author.at)
    was = MERGE.plain(before[former])
    store.audit.add(DecisionKind.MERGE, former, author, before=was, after=None)
    return before[former]
