"""People who were trained in each topic once at most, and of whom nothing else is to say: most of a district. Pure.

`Judging.judged` is the way of everybody. Whoever is judged here stands as somebody before whose clock began alike and
who was trained in the same topics, each in time or late: only days and places are the person's own. So the credits
and standings are not made of which a night keeps nothing but their text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from operator import attrgetter

from lms_sync.compliance.counted_alike import Alike
from lms_sync.compliance.credits import Credited, Mapped
from lms_sync.compliance.doubted import DoubtedCompletion
from lms_sync.compliance.judge_person import Judging, NewJudgement
from lms_sync.compliance.undecided import undecided_completion
from lms_sync.law.standing import StaffClock, State
from lms_sync.model.completion_rows import CompletionRow, LearnersCompletions, completion_of
from lms_sync.model.evidence import Completion, Credit, Learner, claim_id
from lms_sync.model.links import OutdatedDecision
from lms_sync.model.roster import ClockDecision, Person, StaffClass
from lms_sync.store.known.judged_people import JudgedInShort, RequirementsAlike, UndecidedCompletion
from lms_sync.store.known.packed_evidence import trainings_row
from lms_sync.store.known.packed_judgement import course_lines, in_lines, line_of, packed_with
from lms_sync.workspace.settings.corrections import CORRECTIONS

_COURSES_KNOWN = 10_000
"""So many people's courses are kept at hand as lines: most have taken the same ones."""
_in_order = attrgetter("source", "record")


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """One person judged anew, as a night keeps it."""

    short: JudgedInShort
    packed: bytes
    doubted: tuple[DoubtedCompletion, ...] = ()
    """What HR is asked about."""
    outdated: tuple[OutdatedDecision, ...] = ()
    """Accepted claims that count for nobody."""

    @classmethod
    def of(cls, new: NewJudgement) -> "JudgedAnew":
        """Return a judgement as a night keeps it."""
        short = new.person.in_short
        return cls(short, packed_with(short, new.person), new.doubted, new.outdated)


@dataclass(frozen=True, slots=True)
class _StandAlike:
    """How people stand who were trained in the same topics, each in time or late."""

    state: State
    reasons: tuple[str, ...]
    standings: tuple[RequirementsAlike, ...]
    line: bytes
    """The same packed."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """People of one class whose clocks began alike."""

    asked: int
    """How many requirements there are."""
    topics: Mapping[str, tuple[int, date | None]]
    """Requirement that one training meets → its place in the law's order, and its last lawful day."""
    others: frozenset[str]
    """The other requirements."""
    changes_on: date | None
    """The first later day on which the law may judge any of them otherwise, whatever they have done."""
    standing: dict[tuple[bool | None, ...], _StandAlike] = field(default_factory=dict)
    """By what was done toward each requirement: nothing, training in time, late training."""


@dataclass(slots=True)
class _Done:
    """What somebody has done."""

    trainings: list[tuple[Credit, CompletionRow] | None]
    """Of each requirement a completion, and the credit of another one that is like it."""
    on: list[date | None]
    late: list[bool | None]
    undecided: list[UndecidedCompletion] = field(default_factory=list)
    alike: set[Alike] = field(default_factory=set)
    """All completions, by those that are like them."""
    newest: dict[str, date] = field(default_factory=dict)
    """Source → the newest day of its completions."""


@dataclass(slots=True)
class _Known:
    """What is known of completions of which many have all in common but record, learner, day and cell."""

    like: Completion
    """One of them; with it, so that no other comes to have its id."""
    alike: Alike
    plain: bool
    """No claims, and not reported by a partner."""
    mapped: Mapped | None = None
    """What one of them counts for, where the day makes no difference; None where it does, or none was looked at."""


@dataclass(frozen=True, slots=True)
class PeopleAlike:
    """Judges people of whom most stand like others; it lives as long as everybody is judged."""

    judging: Judging
    _clocks: dict[tuple[StaffClass | None, date | None, ClockDecision | None], _Begun] = field(
        default_factory=dict, repr=False, compare=False
    )
    _lines: dict[frozenset[Alike], bytes] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[int, _Known] = field(default_factory=dict, repr=False, compare=False)
    """By the id of a completion that all of them are like."""

    def judged(self, person_id: str, theirs: Sequence[LearnersCompletions]) -> JudgedAnew:
        """Return one person on the roster, judged by all completions of the person's learners, in whatever order."""
        person = self.judging.snapshot.roster.people[person_id]
        begun = self._begun(person)
        done = self._done(theirs, begun) if self._are_plain(person, theirs) else None
        alike = begun.standing.get(tuple(done.late)) if done else None
        if done and alike:
            return self._like(alike, done, begun=begun)
        new = JudgedAnew.of(self.judging.judged(person_id, chain.from_iterable(theirs)))
        if done:
            short = new.short
            standing = _StandAlike(short.state, short.reasons, short.standings, line_of(short.standings))
            begun.standing[tuple(done.late)] = standing
        return new

    def _begun(self, person: Person) -> _Begun:
        key = person.staff_class, person.first_day, person.clock
        return self._clocks.get(key) or self._clocks.setdefault(key, self._new(StaffClock(*key)))

    def _new(self, clock: StaffClock) -> _Begun:
        rules = self.judging.rules.asked(clock.staff_class, self.judging.rules.running(clock))
        asked = [(requirement, rule) for rule in rules for requirement in rule.open]
        days = {clock.first_day, clock.decision.starts if clock.decision else None, *self.judging.of_the_law}
        days.update(*((rule.due, rule.last_lawful_day) for rule in rules))
        return _Begun(
            len(asked),
            {name: (place, rule.last_lawful_day) for place, (name, rule) in enumerate(asked) if rule.once},
            frozenset(name for name, rule in asked if not rule.once),
            self.judging.first_to_come(days),
        )

    def _are_plain(self, person: Person, theirs: Sequence[LearnersCompletions]) -> bool:
        """Tell whether nothing but completions of a person counts, each of a record that was done once."""
        snapshot = self.judging.snapshot
        if person.staff_class is None or person.person_id in snapshot.documents:
            return False
        records = [row[1] for their in theirs for row in their.rows]
        if len(set(records)) < len(records) or not self.judging.doubtful.isdisjoint(records):
            return False
        ids = map(claim_id, chain.from_iterable(theirs)) if snapshot.decisions else ()
        return snapshot.decisions.keys().isdisjoint(ids)

    def _done(self, theirs: Iterable[LearnersCompletions], begun: _Begun) -> _Done | None:
        """Return what dated completions come to; None where a topic was trained twice, or more than topics counts."""
        done, as_of = _Done([None] * begun.asked, [None] * begun.asked, [None] * begun.asked), self.judging.as_of
        newest = done.newest
        for their in theirs:
            for row in their.rows:
                like, day = row[0], row[2]
                known = self._known.get(id(like)) or self._new_known(like)
                if day is None or day > as_of or not known.plain:
                    return None
                if like.source not in newest or newest[like.source] < day:
                    newest[like.source] = day
                done.alike.add(known.alike)
                mapped = known.mapped or self._mapped(row, known, their.learner)
                if isinstance(mapped, Credited):
                    for credit in mapped.credits:
                        if not _is_added(credit, row, day=day, done=done, begun=begun):
                            return None
                elif mapped is None:
                    return None
                elif undecided := undecided_completion(completion_of(row, their.learner), mapped):
                    done.undecided.append(undecided)
        done.undecided.sort(key=_in_order)
        return done

    def _new_known(self, like: Completion) -> _Known:
        plain = not like.claim and like.source != CORRECTIONS
        return self._known.setdefault(id(like), _Known(like, self.judging.alike.like(like), plain))

    def _mapped(self, row: CompletionRow, known: _Known, learner: Learner) -> Mapped | None:
        mapped = self.judging.alike.of_another(completion_of(row, learner), known.alike)
        if not known.alike.dated:
            known.mapped = mapped
        return mapped

    def _like(self, alike: _StandAlike, done: _Done, *, begun: _Begun) -> JudgedAnew:
        """Return somebody who stands like others."""
        changes_on = begun.changes_on
        if self.judging.as_of in done.newest.values():
            changes_on = self.judging.first_to_come((changes_on, self.judging.as_of))
        short = JudgedInShort(
            alike.state,
            alike.reasons,
            alike.standings,
            tuple(done.on),
            changes_on,
            tuple(sorted(done.newest.items())),
            (),
            tuple(done.undecided),
            (),
            (),
            (),
        )
        lines = self._lines_of(frozenset(done.alike))
        return JudgedAnew(short, in_lines(short, alike.line, lines, trainings_row(done.trainings)))

    def _lines_of(self, alike: frozenset[Alike]) -> bytes:
        """Return the courses of completions as lines, by those that are like them."""
        lines = self._lines.get(alike)
        if lines is None:
            if len(self._lines) >= _COURSES_KNOWN:
                self._lines.clear()
            lines = self._lines[alike] = course_lines({like.names for like in alike})
        return lines


def _is_added(credit: Credit, row: CompletionRow, *, day: date, done: _Done, begun: _Begun) -> bool:
    """Add a training to what was done; tell whether it is all that counts toward the topic, and simply counts."""
    topic = begun.topics.get(credit.requirement)
    if topic is None:
        return credit.requirement not in begun.others
    place, last = topic
    if done.on[place] or credit.amount < 1 or credit.waived:
        return False
    done.trainings[place] = credit, row
    done.on[place] = day
    done.late[place] = last is not None and day > last
    return True
