"""Doubts → which credits are in doubt, which repeat an earlier one, and what HR must decide. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lms_sync.law.standing import Standing
from lms_sync.model.doubt import Doubt, DoubtCause, Verdict
from lms_sync.model.evidence import Completion, Credit
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Person
from lms_sync.text import command_line, written_day

LEADS_AFTER = timedelta(days=14)
"""Undecided for so long, a doubt goes before everything else on HR's list."""
_Record = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DoubtIndex:
    """The doubts by record, and the first day of each record that was done more than once."""

    doubts: Mapping[_Record, tuple[Doubt, ...]]
    first_days: Mapping[_Record, date]

    @classmethod
    def of(cls, doubts: Iterable[Doubt], completions: Iterable[Completion]) -> "DoubtIndex":
        """Return the index of what was known at one time."""
        by_record: dict[_Record, tuple[Doubt, ...]] = {}
        for doubt in doubts:
            key = doubt.source, doubt.record
            by_record[key] = (*by_record.get(key, ()), doubt)
        first: dict[_Record, date] = {}
        for completion in completions:
            key = completion.source, completion.record
            if completion.day:
                first[key] = min(completion.day, first.get(key, completion.day))
        return cls(by_record, first)

    def about(self, completion: Completion) -> tuple[Doubt, ...]:
        """Return the doubts about one completion, decided ones too."""
        doubts = self.doubts.get((completion.source, completion.record), ())
        return tuple(doubt for doubt in doubts if doubt.concerns(completion))

    def done_again(self, taken_back: Doubt, completions: Iterable[Completion]) -> date | None:
        """Return the last day of `completions` on which a record that its source took back was done again.

        None for another doubt, and where the source has taken that back as well.
        """
        if taken_back.cause is not DoubtCause.NOT_DONE or taken_back.day is None:
            return None
        record = taken_back.source, taken_back.record
        same = [c for c in completions if (c.source, c.record) == record and not any(map(_is_open, self.about(c)))]
        return max((c.day for c in same if c.day and c.day > taken_back.day), default=None)

    def marked(self, credits: Sequence[Credit], completion: Completion) -> tuple[Credit, ...]:
        """Return a completion's credits with since when they are in doubt, and whether they repeat earlier ones."""
        record = completion.source, completion.record
        doubts = self.doubts.get(record, ())
        since = min((d.since for d in doubts if d.casts_doubt and d.concerns(completion)), default=None)
        first = self.first_days.get(record)
        later = first is not None and (completion.day is None or completion.day > first)
        if since is None and not later:
            return tuple(credits)
        another = any(_is_another_day(doubt, completion) for doubt in doubts)
        return tuple(
            replace(credit, doubted=since, again=later and (_is_topic(credit) or not another)) for credit in credits
        )


def _is_open(doubt: Doubt) -> bool:
    """Tell whether nobody has decided yet whether a completion took place."""
    return doubt.cause is DoubtCause.NOT_DONE and doubt.verdict is Verdict.OPEN


def _is_another_day(doubt: Doubt, completion: Completion) -> bool:
    """Tell whether HR has said that a further completion is a day of its own."""
    kept = doubt.cause is DoubtCause.DONE_AGAIN and doubt.verdict is Verdict.KEEP
    return kept and doubt.instead is not None and doubt.instead.day == completion.day


def _is_topic(credit: Credit) -> bool:
    return credit.requirement.startswith("topic-")


@dataclass(frozen=True, slots=True)
class DoubtedCompletion:
    """A doubt that HR has not decided, about a completion that counts for somebody on the roster."""

    doubt: Doubt
    person: Person
    credits: tuple[Credit, ...]
    done_again: date | None = None
    """The last day on which its record was done since, where that is in no doubt."""


def doubt_findings(
    doubted: Iterable[DoubtedCompletion], standings: Mapping[str, Sequence[Standing]], *, as_of: date
) -> tuple[Finding, ...]:
    """Return what HR must decide; doubts that share an id are one. `standings` is by Person ID."""
    groups: dict[str, list[DoubtedCompletion]] = defaultdict(list)
    for completion in doubted:
        if _asks(completion, standings[completion.person.person_id]):
            groups[completion.doubt.finding_id].append(completion)
    return tuple(_finding(group, as_of) for group in groups.values())


def _asks(completion: DoubtedCompletion, standings: Sequence[Standing]) -> bool:
    """Tell whether HR is asked: of a record that was done again only where its days make a difference."""
    cause = completion.doubt.cause
    if cause is DoubtCause.CORRECTION or (cause is DoubtCause.NOT_DONE and completion.done_again is None):
        return True
    if not all(map(_is_topic, completion.credits)):
        return True
    toward = {credit.requirement for credit in completion.credits}
    matters = any(standing.doubted for standing in standings if standing.requirement in toward)
    return matters and not completion.doubt.after_reset


def _finding(group: Sequence[DoubtedCompletion], as_of: date) -> Finding:
    doubt = group[0].doubt
    people = {completion.person.person_id: completion.person for completion in group}
    again = {completion.person.person_id for completion in group if completion.done_again}
    code, expected, remedy = _ASKED[doubt.cause]
    found = (
        _together(doubt, len(people) - len(again), again=len(again))
        if len({completion.doubt.record for completion in group}) > 1
        else _alone(group)
    )
    since = min(completion.doubt.since for completion in group)
    return Finding(
        Area.DOUBT,
        code,
        where=f"source {doubt.source}, “{doubt.course_title}”",
        found=f"{found} (in doubt since {written_day(since)})",
        expected=expected,
        remedy=remedy.format(
            keep=command_line("worklist keep", doubt.finding_id, reason=...),
            end=command_line("worklist end", doubt.finding_id, reason=...),
        ),
        people=tuple(sorted(people)),
        source=doubt.source,
        handle=doubt.finding_id,
        weight=len(people),
        leads=as_of - since >= LEADS_AFTER,
    )


_ASKED = {
    DoubtCause.NOT_DONE: (
        "completion-doubted",
        "a completion to stay completed",
        "It goes on counting. If the training took place: {keep}. If it did not: {end}, and it no longer counts.",
    ),
    DoubtCause.DONE_AGAIN: (
        "done-again-or-corrected",
        "a person's word whether both trainings took place",
        "If it was done again, on another day: {keep}. If only the day was put right: {end}.",
    ),
    DoubtCause.CORRECTION: (
        "correction-waits",
        "a person's word which is right, because what was in time would be late or open",
        "What is stored stays until then. If it is right: {keep}. If what the source says now is: {end}.",
    ),
}


def _alone(group: Sequence[DoubtedCompletion]) -> str:
    """Return what was found of one record; it may have been done on several days."""
    person, doubt = group[-1].person, group[-1].doubt
    dated = sorted({completion.doubt.day for completion in group if completion.doubt.day})
    when = f"completed on {' and '.join(map(written_day, dated))}," if dated else "accepted without a day,"
    done = f"{person.name} ({person.person_id}): “{doubt.course_title}”, {when}"
    if doubt.instead is None:
        says = f"{done} now says {f'“{doubt.status}”' if doubt.status else 'that it is not done'}"
        since = group[-1].done_again
        return f"{done} was taken back, and done again on {written_day(since)}, {_MATTERS}" if since else says
    later = _day(doubt.instead.day)
    if doubt.cause is DoubtCause.DONE_AGAIN:
        return f"{done} is now completed on {later}: done again, or the day corrected?"
    return f"{done} now says {later}{'' if doubt.instead.day != doubt.day else _details(doubt.instead)}"


def _details(instead: Completion) -> str:
    """Return what else the source says now of a completion whose day is the same."""
    status = f"status “{instead.status}”" if instead.status else ""
    score = f"score {instead.score:f}" if instead.score is not None else ""
    says = ", ".join(filter(None, (status, score)))
    return f", with other details ({says})" if says else ", with other details"


def _day(day: date | None) -> str:
    return "no day" if day is None else written_day(day)


_MATTERS = "where the first day may make a difference"


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"


def _together(doubt: Doubt, number: int, *, again: int) -> str:
    """Return what was found of several records; `again` people have done theirs again since."""
    people = _people(number)
    match doubt.cause:
        case DoubtCause.NOT_DONE:
            parts = [f"{people} who had completed it no longer have"] if number else []
            parts += [f"{_people(again)} did it again since, {_MATTERS}"] if again else []
            return f"{doubt.course_title} looks reset: {'; '.join(parts)}"
        case DoubtCause.DONE_AGAIN:
            return f"{doubt.course_title}: {people} have a later day now: done again, or the days corrected?"
        case DoubtCause.CORRECTION:
            return f"{doubt.course_title}: {people} would be late or open by what the source says now"
