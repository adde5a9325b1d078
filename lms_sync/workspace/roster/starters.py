"""Before assignment: may a person start on a day, and who starts soon without what must be recorded first. Pure.

Source: RCW 28A.400.345(1): before anybody is assigned, the district and its contractors confirm that the person has
training series documentation, or require the series. RCW 28A.320.1242: staff of an agency or a company work under an
agreement that is in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Assignment, Partner, PartnerKind, Person, Roster
from lms_sync.text import written_day

AHEAD = timedelta(days=30)
"""How far ahead starters are looked for; the last day is included."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing without which a person may not start."""

    code: str
    """`assignment`, `class`, `first-day`, `decision` or `agreement`."""
    found: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Start:
    """A person's first day of work under an assignment, or the first day with students during it."""

    person_id: str
    day: date
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class StartAnswer:
    """Whether a person may start on a day."""

    person_id: str
    name: str
    day: date
    obstacles: tuple[Obstacle, ...]
    decisions: tuple[str, ...]
    """What speaks for it: each decision before assignment with who and when, in sentences."""

    @property
    def may_start(self) -> bool:
        """Tell whether nothing stands against it."""
        return not self.obstacles


def may_start(roster: Roster, person_id: str, *, on: date) -> StartAnswer:
    """Return whether the person may start on that day, under every assignment that covers it.

    Our reading: a decision on the day of the start itself comes before it; the roster knows no hours.
    Raises: KeyError when nobody on the roster has the id.
    """
    person = roster.people[person_id]
    covering = [a for a in roster.assignments if a.person_id == person_id and a.covers(on)]
    obstacles = [*_of_person(person)]
    if not covering:
        obstacles.append(
            Obstacle("assignment", f"no assignment covers {written_day(on)}", "Add a row to Assignments.")
        )
    for assignment in covering:
        obstacles += [*_of_decision(assignment, on), *_of_agreement(assignment, on, roster=roster)]
    decisions = tuple(_decided(a, roster.partners.get(a.partner_id)) for a in covering if _sound(a, on))
    return StartAnswer(person_id, person.name, on, tuple(obstacles), decisions)


def starts(roster: Roster, *, since: date, until: date) -> tuple[Start, ...]:
    """Return who starts from `since` to `until`, both included, by day and person.

    The first day with students stands for the start of an assignment that began earlier; each assignment starts once.
    """
    found = []
    for assignment in roster.assignments:
        person = roster.people.get(assignment.person_id)
        first = person.first_day if person else None
        days = [assignment.starts, *([first] if first and assignment.covers(first) else [])]
        coming = [day for day in days if since <= day <= until]
        if person and coming:
            found.append(Start(person.person_id, min(coming), assignment))
    return tuple(sorted(found, key=lambda start: (start.day, start.person_id, start.assignment.partner_id)))


def next_start(roster: Roster, person_id: str, *, since: date) -> date:
    """Return the day on which the person starts next, from `since` on; `since` itself when there is none."""
    coming = starts(roster, since=since, until=date.max)
    return next((start.day for start in coming if start.person_id == person_id), since)


def starter_findings(roster: Roster, *, as_of: date) -> tuple[Finding, ...]:
    """Return a finding for each thing that is not recorded about somebody who starts within `AHEAD` of `as_of`.

    Agreements are left to the roster's own check, which names the cell.
    """
    found: dict[str, Finding] = {}
    for start in starts(roster, since=as_of, until=as_of + AHEAD):
        person = roster.people[start.person_id]
        for obstacle in (*_of_person(person), *_of_decision(start.assignment, start.day)):
            finding = _finding(person, start, obstacle)
            found.setdefault(finding.id, finding)
    return tuple(found.values())


def _finding(person: Person, start: Start, obstacle: Obstacle) -> Finding:
    return Finding(
        Area.PERSON,
        "starter-not-ready",
        where=f"roster, person {person.person_id}, start on {start.day}",
        found=f"{person.name} starts on {written_day(start.day)}, but {obstacle.found}",
        expected="class, first day with students and the decision before assignment (RCW 28A.400.345(1))",
        remedy=f"{obstacle.remedy} Until then the person may not start; see `lms-sync roster check`.",
        people=(person.person_id,),
        subject=_subject(start, obstacle),
    )


def _subject(start: Start, obstacle: Obstacle) -> str:
    """Return the person and what is not recorded; a decision is one of each assignment."""
    of = start.assignment
    assigned = (of.partner_id, of.agreement_id or "", str(of.starts)) if obstacle.code == "decision" else ()
    return ", ".join((f"person {start.person_id}", obstacle.code, *assigned))


def _of_person(person: Person) -> Iterator[Obstacle]:
    if person.staff_class is None:
        yield Obstacle(
            "class", "the class is not decided", "Record the class, who decided it and when (RCW 28A.320.124(3))."
        )
    if person.first_day is None:
        yield Obstacle("first-day", "the first day with students is not recorded", "Record it in People.")


def _of_decision(assignment: Assignment, day: date) -> Iterator[Obstacle]:
    if not (assignment.series and assignment.decided_by and assignment.decided_on):
        yield Obstacle(
            "decision",
            f"no decision before assignment is fully recorded (work for {assignment.partner_id})",
            "Record whether the series was confirmed or is required, who decided it and when.",
        )
    elif assignment.decided_on > day:
        yield Obstacle(
            "decision",
            f"the series was {assignment.series} only on {written_day(assignment.decided_on)}"
            f" (work for {assignment.partner_id})",
            "Let the person start after the decision, or correct the day if it is mistyped.",
        )


def _sound(assignment: Assignment, day: date) -> bool:
    return not any(_of_decision(assignment, day))


def _of_agreement(assignment: Assignment, day: date, *, roster: Roster) -> Iterator[Obstacle]:
    partner = roster.partners.get(assignment.partner_id)
    if assignment.agreement_id is None:
        if partner is None or partner.kind is not PartnerKind.DISTRICT:
            found = f"the work for {assignment.partner_id} is under no agreement (RCW 28A.320.1242)"
            yield Obstacle("agreement", found, "Name the agreement in Assignments.")
        return
    agreement = roster.agreements.get(assignment.agreement_id)
    if agreement is None or not agreement.covers(day):
        found = f"agreement {assignment.agreement_id} is not in force on {written_day(day)}"
        yield Obstacle("agreement", found, "Name the agreement of that day, or correct its days.")
    elif agreement.adopted_on and agreement.adopted_on > day:
        found = f"agreement {assignment.agreement_id} is adopted only on {written_day(agreement.adopted_on)}"
        yield Obstacle("agreement", found, "Wait for its adoption, or correct the day.")


def _decided(assignment: Assignment, partner: Partner | None) -> str:
    whom = partner.name if partner else assignment.partner_id
    decided = f"decided by {assignment.decided_by} on {written_day(assignment.decided_on)}"
    return f"{whom}: series {assignment.series}, {decided}"
