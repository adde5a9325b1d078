"""What a course map that is not in force yet would change, judged by the night's own code with that map. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lms_sync.compliance.credits import Claimed, Credited, Mapped, NotCounted, TeachesNone, Unmapped
from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.compliance.judge_person import MappedCompletion
from lms_sync.law.standing import STATE_GROUPS, Standing, State
from lms_sync.model.course_map import CourseMap, requirement_words
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import written_day


@dataclass(frozen=True, slots=True)
class ImpactCause:
    """One completion that counts otherwise by the other map."""

    title: str
    day: date | None
    origin: str
    before: str
    """What the map in force says of it, with the cell."""
    after: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One requirement of one person that the other map changes."""

    requirement: str
    gained: bool
    """False: lost."""
    before: str
    """`met`, with since when it is in doubt; or how much of it there is: `1 of 2`."""
    after: str
    causes: tuple[ImpactCause, ...]


@dataclass(frozen=True, slots=True)
class PersonImpact:
    """One person whom the other map would make stand otherwise. Only people assigned on the day are judged."""

    person_id: str
    name: str
    partners: tuple[str, ...]
    """Partner IDs."""
    before: str
    """The state in words, with since when it is in doubt."""
    after: str
    shifts: tuple[Shift, ...]

    @property
    def turns_overdue(self) -> bool:
        """Tell whether the other map makes the person overdue."""
        return self.after == State.OVERDUE != self.before

    @property
    def becomes_complete(self) -> bool:
        """Tell whether the person has nothing open and nothing in doubt by the other map only."""
        return self.after in _FINISHED and self.before not in _FINISHED


_FINISHED = (State.COMPLETE, State.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class PartnerImpact:
    """How many of a partner's people are in which state: (state, before, after), without states that stay equal.

    Who is complete and in doubt is counted apart.
    """

    partner_id: str
    name: str
    states: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A training confirmation that was issued: these people were documented on that day."""

    number: str
    agreement_id: str
    as_of: date
    people: tuple[str, ...]
    """Person IDs."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What the other map would change on `as_of`; all empty for nothing."""

    as_of: date
    before: str
    """Version of the map in force."""
    after: str
    people: tuple[PersonImpact, ...]
    """By name."""
    partners: tuple[PartnerImpact, ...]
    broken: tuple[tuple[Confirmed, tuple[str, ...]], ...]
    """Confirmations that would no longer hold, with the Person IDs that would not be documented."""

    @property
    def turn_overdue(self) -> tuple[PersonImpact, ...]:
        """Return those whom the other map makes overdue, by name."""
        return tuple(person for person in self.people if person.turns_overdue)

    @property
    def become_complete(self) -> tuple[PersonImpact, ...]:
        """Return those who are complete by the other map only, by name."""
        return tuple(person for person in self.people if person.becomes_complete)

    @property
    def others(self) -> tuple[PersonImpact, ...]:
        """Return everybody else whom the other map makes stand otherwise, by name."""
        return tuple(p for p in self.people if not (p.turns_overdue or p.becomes_complete))

    @property
    def loses(self) -> bool:
        """Tell whether anybody would lose anything, or any confirmation would no longer hold."""
        return bool(self.broken) or any(not s.gained for person in self.people for s in person.shifts)


def impact(
    snapshot: Snapshot, other: CourseMap, pseudonyms: Pseudonyms, *, as_of: date, confirmed: Iterable[Confirmed] = ()
) -> Impact:
    """Return what `other` would change of the judgement on `as_of` by what is in `snapshot`."""
    changed = replace(snapshot, course_map=other)
    before, after = judge_roster(snapshot, pseudonyms, as_of=as_of), judge_roster(changed, pseudonyms, as_of=as_of)
    on_duty = snapshot.roster.people_on(as_of)
    posts = {person_id: {a.partner_id for a in assignments} for person_id, assignments in on_duty.items()}
    people = [_person(snapshot, person_id, posts[person_id], before=before, after=after) for person_id in posts]
    return Impact(
        as_of=as_of,
        before=snapshot.course_map.version,
        after=other.version,
        people=tuple(sorted((p for p in people if p), key=lambda p: (p.name.casefold(), p.person_id))),
        partners=tuple(_partners(snapshot, posts, before=before, after=after)),
        broken=tuple(_broken(snapshot, changed, pseudonyms, confirmed)),
    )


def _person(
    snapshot: Snapshot, person_id: str, partners: Iterable[str], *, before: Judged, after: Judged
) -> PersonImpact | None:
    was, now = before.people[person_id], after.people[person_id]
    pairs = zip(was.standings, now.standings, strict=True)
    causes = _causes(person_id, before.outcomes, after.outcomes)
    shifts = tuple(shift for old, new in pairs if (shift := _shift(old, new, causes)))
    if not shifts and was.words == now.words:
        return None
    name = snapshot.roster.people[person_id].name
    return PersonImpact(person_id, name, tuple(sorted(partners)), was.words, now.words, shifts)


def _shift(old: Standing, new: Standing, causes: Mapping[str, tuple[ImpactCause, ...]]) -> Shift | None:
    """Return what happens to a requirement; None when it is met, in doubt, or missing, as much as before."""
    was, will = _worth(old), _worth(new)
    if was == will:
        return None
    return Shift(old.requirement, will > was, _amount(old), _amount(new), causes.get(old.requirement, ()))


def _worth(standing: Standing) -> tuple[bool, int, bool]:
    """Return what is the greater, the nearer a requirement is to being met without doubt."""
    # What is met is met, by however many credits: an ESD's document may meet it with none.
    have = min(standing.have, standing.need) if standing.open else standing.need
    return not standing.open, have, standing.doubted is None


def _amount(standing: Standing) -> str:
    if standing.open:
        return f"{standing.have} of {standing.need}"
    return f"met, in doubt since {written_day(standing.doubted)}" if standing.doubted else "met"


def _causes(
    person_id: str, before: Sequence[MappedCompletion], after: Sequence[MappedCompletion]
) -> dict[str, tuple[ImpactCause, ...]]:
    """Return requirement → the person's completions that count otherwise toward it by the other map."""
    found: dict[str, list[ImpactCause]] = {}
    for old, new in zip(before, after, strict=True):
        if old.person_id != person_id:
            continue
        was, will = _counts(old.mapped), _counts(new.mapped)
        done = old.completion
        title = done.unit_title or done.course_title or done.course
        cause = ImpactCause(title, done.day, str(done.origin), mapped_words(old.mapped), mapped_words(new.mapped))
        for requirement in was.keys() | will.keys():
            if was.get(requirement) != will.get(requirement):
                found.setdefault(requirement, []).append(cause)
    return {requirement: tuple(causes) for requirement, causes in found.items()}


def _counts(mapped: Mapped) -> dict[str, int]:
    return {c.requirement: c.amount for c in mapped.credits} if isinstance(mapped, Credited) else {}


def mapped_words(mapped: Mapped) -> str:
    """Return what a map says of a completion, with the row that says so."""
    match mapped:
        case Credited():
            counted = requirement_words(credit.requirement for credit in mapped.credits)
            return f"{mapped.cell} counts it toward {counted}"
        case Claimed(claims):
            return f"a claim toward {requirement_words(claim.requirement for claim in claims)}: {claims[0].reason}"
        case TeachesNone(cell):
            return f"{cell} says that it teaches nothing of the series"
        case NotCounted(reason, cell):
            return f"{cell}: {reason}"
        case Unmapped():
            return "no row has the course"
        case _:
            assert_never(mapped)


def _partners(
    snapshot: Snapshot, posts: Mapping[str, set[str]], *, before: Judged, after: Judged
) -> Iterable[PartnerImpact]:
    for partner in snapshot.roster.partners.values():
        staff = [person_id for person_id, partners in posts.items() if partner.partner_id in partners]
        was = Counter(before.people[person_id].group for person_id in staff)
        will = Counter(after.people[person_id].group for person_id in staff)
        states = tuple((group, was[group], will[group]) for group in STATE_GROUPS if was[group] != will[group])
        if states:
            yield PartnerImpact(partner.partner_id, partner.name, states)


def _broken(
    snapshot: Snapshot, changed: Snapshot, pseudonyms: Pseudonyms, confirmed: Iterable[Confirmed]
) -> Iterable[tuple[Confirmed, tuple[str, ...]]]:
    """Yield the confirmations that hold by the map in force and not by the other, judged on their own day."""
    by_day: dict[date, tuple[Judged, Judged]] = {}
    for confirmation in confirmed:
        if confirmation.as_of not in by_day:
            judged = (
                judge_roster(snapshot, pseudonyms, as_of=confirmation.as_of),
                judge_roster(changed, pseudonyms, as_of=confirmation.as_of),
            )
            by_day[confirmation.as_of] = judged
        before, after = by_day[confirmation.as_of]
        lost = tuple(
            person
            for person in confirmation.people
            if person in before.people
            and before.people[person].state is State.DOCUMENTED
            and after.people[person].state is not State.DOCUMENTED
        )
        if lost:
            yield confirmation, lost
