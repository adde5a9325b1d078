"""Decisions of the people desk: links, refusals, merges, and their end, each recorded with who, when and why.

The caller holds the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.known import known_person
from lms_sync.model.links import Link, Merge
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.store.known.snapshot import (
    end_link,
    end_merge,
    read_links,
    read_merges,
    read_roster,
    record_link,
    record_merge,
)
from lms_sync.store.known.snapshot import former_people as read_former
from lms_sync.store.store import Store
from lms_sync.text import did_you_mean_id, fold

_LINK = TypeAdapter(Link)
_MERGE = TypeAdapter(Merge)


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """Where a decision is recorded, and by whose word."""

    store: Store
    pseudonyms: Pseudonyms
    author: Author
    today: date


def pseudonym_of(handle: str, pseudonyms: Pseudonyms) -> tuple[str, str]:
    """Return (source, sealed learner id) of `source:key`. Raises: UsageError for anything else."""
    source, colon, key = handle.partition(":")
    if not (source.strip() and colon and key.strip()):
        raise UsageError(
            f"{handle}: not a learner", hint="Write source:key as the worklist shows it, in quotes if it has blanks."
        )
    return source.strip(), pseudonyms.of(f"learner of {source.strip()}", fold(key))


def known_learner(store: Store, handle: str, pseudonyms: Pseudonyms) -> tuple[str, str]:
    """Return the same as `sealed` for a learner that a source has shown; `#…` stands for one that is not shown.

    Raises: UsageError when no source has shown it.
    """
    source, learner = pseudonym_of(handle, pseudonyms)
    hidden = handle.partition(":")[2].strip().removeprefix("#").lower()
    learners = [learner for learner in store.evidence.learners() if learner.source == source]
    for one in learners:
        if one.learner == learner or ("#" in handle and len(hidden) >= 8 and one.learner.startswith(hidden)):
            return source, one.learner
    keys = [learner.shown.key for learner in learners if learner.shown]
    hint = (
        did_you_mean_id(handle.partition(":")[2], keys) if learners else "No source of that name has shown anybody. "
    )
    raise UsageError(f"{handle}: no source has shown this learner", hint=f"{hint}`lms-sync people match` lists them.")


def link(desk: DecisionContext, handle: str, person_id: str) -> Link:
    """Record that a learner is a person on the roster, for all its completions, until the link is ended.

    Raises: UsageError for an unknown learner or person.
    """
    person = known_person(read_roster(desk.store), person_id)
    return _record(desk, handle, person_id, (), person_name=person.name)


def refuse(desk: DecisionContext, handle: str, people: tuple[str, ...]) -> Link:
    """Record that a learner is none of these people; a new candidate brings it back to the desk."""
    before = _current(desk.store, *known_learner(desk.store, handle, desk.pseudonyms))
    return _record(desk, handle, "", tuple(sorted({*people, *(before.refused if before else ())})))


def deny(desk: DecisionContext, handle: str, person_id: str) -> Link:
    """Record that a learner is not a person, also where its id or e-mail says so; `unlink` takes that back.

    What a person decided before about the same learner and another person stays. Raises: UsageError for an unknown
    learner or person.
    """
    known_person(read_roster(desk.store), person_id)
    before = _current(desk.store, *known_learner(desk.store, handle, desk.pseudonyms))
    if before is None or before.person_id in ("", person_id):
        return refuse(desk, handle, (person_id,))
    raise UsageError(
        f"{handle} is linked to {before.person_id}, so it is not {person_id} already",
        hint=f'To take that link back: lms-sync people unlink "{handle}" --reason "…".',
    )


def unlink(desk: DecisionContext, handle: str) -> Link:
    """End what a person decided about a learner; the ordinary rules count again. Raises: UsageError for none."""
    source, learner = pseudonym_of(handle, desk.pseudonyms)
    before = _current(desk.store, source, learner) or _hidden(desk.store, handle)
    if before is None:
        raise UsageError(
            f"{handle}: nobody has linked this learner",
            hint="`lms-sync people links` lists the links. A match that was made by id or e-mail is taken back with"
            f' lms-sync people unlink "{handle}" --not PERSON --reason "…".',
        )
    end_link(desk.store, before.source, before.learner, now=desk.author.at)
    desk.store.audit.add(
        DecisionKind.LINK, handle, desk.author, before=_LINK.dump_python(before, mode="json"), after=None
    )
    return before


def _hidden(store: Store, handle: str) -> Link | None:
    source, _, key = handle.partition(":")
    found = [link for link in read_links(store) if link.source == source and link.shown.startswith(key.strip())]
    return found[0] if len(found) == 1 and key.strip().startswith("#") else None


def _record(
    desk: DecisionContext, handle: str, person_id: str, refused: tuple[str, ...], *, person_name: str = ""
) -> Link:
    source, learner = known_learner(desk.store, handle, desk.pseudonyms)
    before = _current(desk.store, source, learner)
    shown = next(
        (o.shown for o in desk.store.evidence.learners() if (o.source, o.learner) == (source, learner)), None
    )
    label = f"{shown.key}, {shown.first_name} {shown.last_name}" if shown else f"#{learner[:8]}"
    author = desk.author
    made = Link(source, learner, person_id, refused, label, author.by, desk.today, author.reason, person_name)
    record_link(desk.store, made, now=desk.author.at)
    was = _LINK.dump_python(before, mode="json") if before else None
    desk.store.audit.add(
        DecisionKind.LINK, handle, desk.author, before=was, after=_LINK.dump_python(made, mode="json")
    )
    return made


def _current(store: Store, source: str, learner: str) -> Link | None:
    return next(
        (link for link in read_links(store) if (link.source, link.learner) == (source, learner)),
        None,
    )


def merge(desk: DecisionContext, former: str, person_id: str) -> Merge:
    """Record that a former Person ID is the person who has `person_id` on the roster: nothing it had is lost.

    Raises: UsageError when the former id is still on the roster, was never on it, or the new one is not on it.
    """
    roster = read_roster(desk.store)
    before = read_former(desk.store)
    person = known_person(roster, person_id)
    if former in roster.people:
        raise UsageError(
            f"{former} is still on the roster",
            hint="Take that row out of the sheet People (and its assignments), let a night run, then merge.",
        )
    if former not in before:
        raise UsageError(f"{former} was never on the roster", hint=did_you_mean_id(former, before))
    made = _merge_of(before[former], person, desk)
    if any(merge.former == person_id for merge in read_merges(desk.store)):
        unmerge(desk, person_id)  # that id is back on the roster, and stands for itself again
    record_merge(desk.store, made, now=desk.author.at)
    desk.store.audit.add(
        DecisionKind.MERGE, former, desk.author, before=None, after=_MERGE.dump_python(made, mode="json")
    )
    return made


def _merge_of(former: Person, person: Person, desk: DecisionContext) -> Merge:
    firsts = [one for one in (former.first_name, former.preferred_name) if one]
    names = tuple((first, former.last_name) for first in firsts)
    ids, by, reason = (former.person_id, person.person_id), desk.author.by, desk.author.reason
    return Merge(*ids, former.emails, names, former.other_ids, by, desk.today, reason, person.name)


def unmerge(desk: DecisionContext, former: str) -> Merge:
    """End a merge: the former id stands for nobody again. Raises: UsageError when it was not merged."""
    before: Mapping[str, Merge] = {merge.former: merge for merge in read_merges(desk.store)}
    if former not in before:
        raise UsageError(f"{former} was not merged", hint=did_you_mean_id(former, before))
    end_merge(desk.store, former, now=desk.author.at)
    was = _MERGE.dump_python(before[former], mode="json")
    desk.store.audit.add(DecisionKind.MERGE, former, desk.author, before=was, after=None)
    return before[former]
