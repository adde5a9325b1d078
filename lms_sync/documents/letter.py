"""Gap report and plan → what a partner's letter says, in its order. Pure; the templates only lay it out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Literal

from lms_sync.documents import words
from lms_sync.documents.planned import PlanLine, closes_words, plan_lines, sign_up
from lms_sync.gaps import GapReport, PersonGaps
from lms_sync.law.standing import Standing, State
from lms_sync.plan import PersonPlan, TrainingPlan

Urgency = Literal["overdue", "soon", "later"]

PEOPLE_IN_FULL = 50
"""More people with gaps than this are in the workbook only: a longer mail is cut off by some mail programs."""
NAMED_TOPICS = 6
"""More topics than this in one place are told by their numbers only; the workbook names each."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What one person lacks of one component by one day."""

    what: str
    """`3 classroom topics (4 Mental health, 7 Disparities, 10 De-escalation)`."""
    when: str
    """The due date in words; says so when the last lawful day is another one, and how long it is past."""
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line in the tables of what is overdue or due soon."""

    name: str
    missing: Missing
    next_step: str
    """The plan's first date for it; says so when nothing is planned."""


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences about one person."""

    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One person with something missing."""

    name: str
    state: str
    about: str
    """Class, position and first day, in one line."""
    missing: tuple[Missing, ...]
    plan: tuple[PlanLine, ...]
    unclosed: str
    """What no offering closes; empty when the plan closes everything."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that both parts of the e-mail say about people, most urgent first."""

    subject: str
    headline: tuple[str, ...]
    overdue: tuple[Row, ...]
    soon: tuple[Row, ...]
    decisions: tuple[Told, ...]
    changes: tuple[Told, ...]
    gone: tuple[str, ...]
    sections: tuple[Section, ...]
    left_out: int
    """People with gaps that only the workbook shows."""
    unclosed: tuple[tuple[str, str], ...]
    """(requirement, names) that no offering closes."""
    complete: tuple[str, ...]
    documented: tuple[str, ...]


def letter(report: GapReport, plan: TrainingPlan, names: Mapping[str, str]) -> Letter:
    """Return what the partner's e-mail says; `names` gives each requirement's short name."""
    plans = {person.person_id: person for person in plan.people}
    shown = _shown(report)
    return Letter(
        subject=_subject(report),
        headline=_headline(report),
        overdue=_rows(report, plans, names, "overdue"),
        soon=_rows(report, plans, names, "soon"),
        decisions=_told((person, person.reasons + person.decisions) for person in report.people),
        changes=_told((person, person.changes) for person in report.people),
        gone=tuple(words.clean(name) for name in report.gone),
        sections=tuple(_section(person, plans.get(person.person_id), report, names) for person in shown),
        left_out=sum(1 for person in report.people if person.open) - len(shown),
        unclosed=_unclosed(report, plans, names),
        complete=_in_state(report, State.COMPLETE),
        documented=_in_state(report, State.DOCUMENTED),
    )


def urgency(standing: Standing, report: GapReport) -> Urgency:
    """Return how pressing an open requirement is on the report's day; `soon` includes the last day of the span."""
    if standing.late:
        return "overdue"
    limit = report.as_of + timedelta(days=report.due_soon_days)
    return "soon" if standing.due and standing.due <= limit else "later"


def due_words(standing: Standing, report: GapReport) -> str:
    """Return the due date in words, the last lawful day where it differs, and how long that day is past."""
    if standing.due is None or standing.last_lawful_day is None:
        return "not known yet"
    lawful = standing.last_lawful_day
    moved = f" (last lawful day {words.written(lawful)})" if lawful != standing.due else ""
    if not standing.late:
        return words.written(standing.due) + moved
    days = words.count((report.as_of - lawful).days, "day", "days")
    return f"{words.written(standing.due)}{moved}, overdue for {days}"


def missing_words(standings: Iterable[Standing], names: Mapping[str, str]) -> str:
    """Return what open standings of one component lack: a count, and the topics by number and name."""
    open_ones = tuple(standings)
    one, several = words.COMPONENT_WORDS[open_ones[0].component]
    if open_ones[0].component != "classroom":
        need, have = open_ones[0].need, open_ones[0].have
        return f"{need - have} of {words.count(need, one, several)}"
    if len(open_ones) == 13:
        return "all 13 classroom topics"
    listed = requirement_words(tuple(standing.requirement for standing in open_ones), names)
    return f"{words.count(len(open_ones), one, several)}: {listed.removeprefix('topics ')}"


def requirement_words(requirements: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Return requirements by number and name; by number alone where the names would fill a phone's screen."""
    if len(requirements) > NAMED_TOPICS:
        return closes_words(requirements)
    return ", ".join(topic_words(requirement, names) for requirement in requirements)


def topic_words(requirement: str, names: Mapping[str, str]) -> str:
    """Return a topic with its number, `10 De-escalation`, and any other requirement by its name."""
    number = requirement.removeprefix("topic-")
    name = names.get(requirement) or words.COMPONENT_WORDS.get(requirement, ("", requirement))[1]
    return f"{int(number)} {name}" if number.isdigit() else name


def _missing(person: PersonGaps, report: GapReport, names: Mapping[str, str]) -> tuple[Missing, ...]:
    groups = groupby(person.open, key=lambda standing: (standing.component, standing.due, standing.late))
    grouped = [tuple(group) for _, group in groups]
    return tuple(
        Missing(missing_words(group, names), due_words(group[0], report), urgency(group[0], report))
        for group in grouped
    )


def _rows(
    report: GapReport, plans: Mapping[str, PersonPlan], names: Mapping[str, str], wanted: Urgency
) -> tuple[Row, ...]:
    rows = []
    for person in report.people:
        pressing = [standing for standing in person.open if urgency(standing, report) == wanted]
        for (_, _), group in groupby(pressing, key=lambda standing: (standing.component, standing.due)):
            standings = tuple(group)
            step = sign_up(plans.get(person.person_id), frozenset(standing.requirement for standing in standings))
            missing = Missing(missing_words(standings, names), due_words(standings[0], report), wanted)
            rows.append((standings[0].due, Row(words.clean(person.name), missing, step)))
    return tuple(row for _, row in sorted(rows, key=lambda dated: (dated[0] is None, dated[0])))


def _people(report: GapReport, wanted: Urgency) -> int:
    """Return how many people have something open that is as pressing as `wanted`."""
    return sum(any(urgency(standing, report) == wanted for standing in person.open) for person in report.people)


def _subject(report: GapReport) -> str:
    late, near = _people(report, "overdue"), _people(report, "soon")
    parts = [
        f"{late} overdue" if late else "nothing overdue",
        f"{near or 'nothing'} due within {report.due_soon_days} days",
    ]
    return f"School safety training: {', '.join(parts)} – as of {words.written_in_full(report.as_of)}"


def _headline(report: GapReport) -> tuple[str, ...]:
    def people(number: int, verb_one: str, verb_several: str) -> str:
        return f"{words.count(number, 'person', 'people')} {verb_one if number == 1 else verb_several}"

    counts = {state: sum(person.state is state for person in report.people) for state in State}
    late, near = _people(report, "overdue"), _people(report, "soon")
    total = words.count(len(report.people), "person", "people")
    lines = [f"Of {total}, {late or 'nobody'} {'are' if late > 1 else 'is'} overdue."]
    if near:
        lines.append(f"{people(near, 'has', 'have')} training due within {report.due_soon_days} days.")
    if number := counts[State.UNDETERMINED]:
        lines.append(f"{people(number, 'is', 'are')} undetermined: the district must record a fact first.")
    if number := counts[State.COMPLETE]:
        lines.append(f"{people(number, 'is', 'are')} complete: ask the ESD for the document.")
    if number := counts[State.DOCUMENTED]:
        lines.append(f"{people(number, 'is', 'are')} documented.")
    return tuple(lines)


def _told(told: Iterable[tuple[PersonGaps, tuple[str, ...]]]) -> tuple[Told, ...]:
    return tuple(
        Told(words.clean(person.name), tuple(words.clean(sentence) for sentence in sentences))
        for person, sentences in told
        if sentences
    )


def _shown(report: GapReport) -> tuple[PersonGaps, ...]:
    ranks = {"overdue": 0, "soon": 1, "later": 2}
    with_gaps = [person for person in report.people if person.open]
    urgent = sorted(with_gaps, key=lambda person: min(ranks[urgency(standing, report)] for standing in person.open))
    chosen = {person.person_id for person in urgent[:PEOPLE_IN_FULL]}
    return tuple(person for person in with_gaps if person.person_id in chosen)


def _section(person: PersonGaps, plan: PersonPlan | None, report: GapReport, names: Mapping[str, str]) -> Section:
    first_day = f"first day with students {words.written(person.first_day)}" if person.first_day else ""
    about = (words.CLASS_WORDS[person.staff_class], words.clean(person.position), first_day)
    notes = plan.notes if plan else ("Nothing is planned yet.",)
    return Section(
        name=words.clean(person.name),
        state=words.STATE_WORDS[person.state],
        about=" · ".join(part for part in about if part),
        missing=_missing(person, report, names),
        plan=plan_lines(plan) if plan else (),
        unclosed=requirement_words(plan.unclosed, names) if plan else "",
        notes=tuple(words.clean(note) for note in notes),
    )


def _unclosed(
    report: GapReport, plans: Mapping[str, PersonPlan], names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    people: dict[str, list[str]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for requirement in plan.unclosed if plan else ():
            people.setdefault(requirement, []).append(words.clean(person.name))
    return tuple((topic_words(requirement, names), "; ".join(people[requirement])) for requirement in sorted(people))


def _in_state(report: GapReport, state: State) -> tuple[str, ...]:
    return tuple(words.clean(person.name) for person in report.people if person.state is state)
