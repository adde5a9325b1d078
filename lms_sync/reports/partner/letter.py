"""Gap report and plan → what a partner's letter says, in its order. Pure; the templates only lay it out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lms_sync.compliance.gap_report import GapReport, PersonGaps
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.compliance.plan.training_plan import PersonPlan, TrainingPlan
from lms_sync.law.standing import State
from lms_sync.reports import words
from lms_sync.reports.agenda import Appointment, agenda
from lms_sync.reports.figures import Grid, grid
from lms_sync.reports.missing import (
    Missing,
    Urgency,
    missing_of,
    requirement_words,
    settling_words,
    urgency,
)
from lms_sync.reports.partner.brief import brief
from lms_sync.reports.partner.gap_groups import GapGroup, gap_groups
from lms_sync.reports.partner.planned import PlanLine, plan_lines, planned_state
from lms_sync.reports.partner.pressing import PressingRow, pressing_rows
from lms_sync.reports.partner.sittings import SittingLine, sitting_lines
from lms_sync.reports.partner.to_arrange import days_words, whom_to_ask

PEOPLE_IN_FULL = 8
"""More people with gaps than this are in the workbook and the plan only: a chief reads the mail on a phone."""

NO_PLAN = program("Nothing is planned yet.")


@dataclass(frozen=True, slots=True)
class PersonSentences:
    """Sentences about one person."""

    name: PartnerText
    sentences: tuple[PartnerText, ...]


@dataclass(frozen=True, slots=True)
class LetterSection:
    """One person with something missing."""

    name: PartnerText
    state: PartnerText
    about: PartnerText
    """Class, position and first day, in one line."""
    missing: tuple[Missing, ...]
    plan: tuple[PlanLine, ...]
    unclosed: PartnerText
    """What no class covers; empty when the plan closes everything."""
    notes: tuple[PartnerText, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that both parts of the e-mail say about people, most urgent first."""

    subject: PartnerText
    headline: tuple[PartnerText, ...]
    overdue: tuple[PressingRow, ...]
    soon: tuple[PressingRow, ...]
    agenda: tuple[Appointment, ...]
    """What is planned within the days that count as soon."""
    decisions: tuple[PersonSentences, ...]
    changes: tuple[PersonSentences, ...]
    gone: tuple[PartnerText, ...]
    sections: tuple[LetterSection, ...]
    left_out: int
    """People with gaps that only the workbook shows."""
    unclosed: tuple[tuple[PartnerText, PartnerText], ...]
    """(requirements, names): what no class covers, that of the same people together."""
    whom_to_ask: PartnerText
    """What to do about what no class covers: the district's own sentence, or whom to ask."""
    brief: tuple[PartnerText, ...]
    """At most five lines: who is late for what, whom to call, what to book, what is due soon, what waits."""
    grid: Grid
    """Of the people with something missing who are told in full."""
    groups: tuple[GapGroup, ...]
    also_late: tuple[PartnerText, ...]
    """Who is past a last lawful day too, beyond those who are told in full."""
    sittings: tuple[SittingLine, ...]
    """Every sitting of the plan, by date, with everybody who goes."""
    arrange: PartnerText
    """Who needs on-the-job days and check-ins, of which the dates are proposals; empty for nobody."""
    undecided: tuple[tuple[PartnerText, PartnerText], ...]
    """(name, how many completions wait for the trainer), most first."""
    in_full: int
    """More entries of a list than this are in the workbook only."""
    complete: tuple[PartnerText, ...]
    documented: tuple[PartnerText, ...]


def letter(
    report: GapReport, plan: TrainingPlan, names: Mapping[str, str], *, in_full: int = PEOPLE_IN_FULL
) -> Letter:
    """Return what the partner's e-mail says; `names` gives each requirement's short name.

    At most `in_full` people have a section of their own, the most urgent ones.
    """
    plans = {person.person_id: person for person in plan.people}
    persons = _listed(report, in_full)
    listed = {person.person_id for person in persons}
    sittings = sitting_lines(report, plans)
    return Letter(
        subject=_subject(report),
        headline=_headline(report),
        overdue=pressing_rows(report, plans, names, wanted="overdue"),
        soon=pressing_rows(report, plans, names, wanted="soon"),
        agenda=agenda(report, plans),
        decisions=_sentences((person, person.reasons + person.decisions) for person in report.people),
        changes=_sentences((person, person.changes) for person in report.people),
        gone=tuple(words.clean(name) for name in report.gone),
        sections=tuple(_section(person, plans.get(person.person_id), report, names) for person in persons),
        left_out=sum(1 for person in report.people if person.open) - len(persons),
        unclosed=_unclosed(report, plans, names),
        whom_to_ask=whom_to_ask(report),
        brief=brief(report, names, sittings=sittings, plans=plans),
        grid=grid(report, people=persons),
        groups=gap_groups(report, plans, names, in_full=listed),
        also_late=_also_late(report, listed),
        sittings=sittings,
        arrange=days_words(report, most=in_full),
        undecided=_undecided(report),
        in_full=in_full,
        complete=_in_state(report, State.COMPLETE),
        documented=_in_state(report, State.DOCUMENTED),
    )


def _people(report: GapReport, wanted: Urgency) -> int:
    """Return how many people have something open that is as pressing as `wanted`."""
    return sum(any(urgency(standing, report) == wanted for standing in person.open) for person in report.people)


def _subject(report: GapReport) -> PartnerText:
    late, near = _people(report, "overdue"), _people(report, "soon")
    return fill(
        "{}: school safety training, {}, {} due within {} days – as of {}",
        words.clean(report.district),
        fill("{} overdue", late) if late else program("nothing overdue"),
        near or program("nothing"),
        report.due_soon_days,
        words.written_in_full(report.as_of),
    )


_PERSON, _PEOPLE = program("person"), program("people")
_IS, _ARE, _HAS, _HAVE = program("is"), program("are"), program("has"), program("have")


def _headline(report: GapReport) -> tuple[PartnerText, ...]:
    def people(number: int, verb_one: PartnerText, verb_several: PartnerText) -> PartnerText:
        verb = verb_one if number == 1 else verb_several
        return fill("{} {}", words.count(number, _PERSON, _PEOPLE), verb)

    counts = {state: sum(person.state is state for person in report.people) for state in State}
    late, near = _people(report, "overdue"), _people(report, "soon")
    total = words.count(len(report.people), _PERSON, _PEOPLE)
    lines = [fill("Of {}, {} {} overdue.", total, late or program("nobody"), _ARE if late > 1 else _IS)]
    if near:
        lines.append(fill("{} training due within {} days.", people(near, _HAS, _HAVE), report.due_soon_days))
    if number := counts[State.UNDETERMINED]:
        lines.append(fill("{} undetermined: the district must record a fact first.", people(number, _IS, _ARE)))
    doubted = sum(person.state is State.COMPLETE and person.doubted is not None for person in report.people)
    if doubted:
        lines.append(fill("{} complete, in doubt: the district decides what counts.", people(doubted, _IS, _ARE)))
    if number := counts[State.COMPLETE] - doubted:
        lines.append(fill("{} complete: ask the ESD for the document.", people(number, _IS, _ARE)))
    if number := counts[State.DOCUMENTED]:
        lines.append(fill("{} documented.", people(number, _IS, _ARE)))
    return tuple(lines)


def _sentences(pairs: Iterable[tuple[PersonGaps, tuple[PartnerText, ...]]]) -> tuple[PersonSentences, ...]:
    return tuple(
        PersonSentences(words.clean(person.name), tuple(words.clean(sentence) for sentence in sentences))
        for person, sentences in pairs
        if sentences
    )


def _listed(report: GapReport, most: int) -> tuple[PersonGaps, ...]:
    ranks = {"overdue": 0, "soon": 1, "later": 2}
    with_gaps = [person for person in report.people if person.open]
    urgent = sorted(with_gaps, key=lambda person: min(ranks[urgency(standing, report)] for standing in person.open))
    chosen = {person.person_id for person in urgent[:most]}
    return tuple(person for person in with_gaps if person.person_id in chosen)


def _section(
    person: PersonGaps, plan: PersonPlan | None, report: GapReport, names: Mapping[str, str]
) -> LetterSection:
    first_day = fill("first day with students {}", words.written(person.first_day)) if person.first_day else NOTHING
    about = (words.CLASS_WORDS[person.staff_class], words.clean(person.position), first_day)
    notes = plan.notes if plan else (NO_PLAN,)
    settling = settling_words(plan.settling, names) if plan else NOTHING
    return LetterSection(
        name=words.clean(person.name),
        state=planned_state(person, plan),
        about=joined(" · ", about),
        missing=missing_of(person.open, report, names),
        plan=plan_lines(plan) if plan else (),
        unclosed=requirement_words(plan.unclosed, names) if plan else NOTHING,
        notes=tuple(words.clean(note) for note in (settling, *notes) if note),
    )


def _unclosed(
    report: GapReport, plans: Mapping[PartnerText, PersonPlan], names: Mapping[str, str]
) -> tuple[tuple[PartnerText, PartnerText], ...]:
    people: dict[PartnerText, list[PartnerText]] = {}
    for person in report.people:
        plan = plans.get(person.person_id)
        for requirement in plan.unclosed if plan else ():
            people.setdefault(requirement, []).append(words.clean(person.name))
    alike: dict[PartnerText, list[PartnerText]] = {}
    for requirement in sorted(people):
        alike.setdefault(joined("; ", people[requirement]), []).append(requirement)
    return tuple((requirement_words(requirements, names), who) for who, requirements in alike.items())


def _also_late(report: GapReport, listed: Collection[PartnerText]) -> tuple[PartnerText, ...]:
    late = (person for person in report.people if any(standing.late for standing in person.open))
    return tuple(words.clean(person.name) for person in late if person.person_id not in listed)


def _undecided(report: GapReport) -> tuple[tuple[PartnerText, PartnerText], ...]:
    waiting = sorted((person for person in report.people if person.undecided), key=lambda person: -person.undecided)
    return tuple(
        (words.clean(person.name), words.count(person.undecided, program("completion"), program("completions")))
        for person in waiting
    )


def _in_state(report: GapReport, state: State) -> tuple[PartnerText, ...]:
    """Return who is in the state by sound training; whose is in doubt stands among the decisions."""
    sound = (p for p in report.people if p.state is not State.COMPLETE or p.doubted is None)
    return tuple(words.clean(person.name) for person in sound if person.state is state)
