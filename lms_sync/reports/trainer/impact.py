"""What a new map would change → a workbook, JSON and lines of text."""

from collections.abc import Iterator, Sequence
from typing import Any

from lms_sync.compliance.impact import Impact, ImpactCause, PartnerImpact, PersonImpact, Shift
from lms_sync.model.roster import Partner
from lms_sync.reports import words
from lms_sync.reports.templates import Templates
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook
from lms_sync.text import days_written, written_day

_PEOPLE = (
    ColumnSpec("Person", 26),
    ColumnSpec("Person ID", 12),
    ColumnSpec("Partner", 14),
    ColumnSpec("State now", 20),
    ColumnSpec("State then", 20),
    ColumnSpec("What", 10),
    ColumnSpec("Requirement", 34),
    ColumnSpec("Now", 14),
    ColumnSpec("Then", 14),
    ColumnSpec("Why", 70),
)
_PARTNERS = (
    ColumnSpec("Partner", 34),
    ColumnSpec("State", 16),
    ColumnSpec("People now", 12, "number"),
    ColumnSpec("People then", 12, "number"),
    ColumnSpec("Before and after", 40),
)
NAMED = 5
"""More people than this in one line are counted; they stand first in the list below it."""
LONGEST_BAR = 20
"""Signs of the longest bar of a partner."""
_BROKEN = (
    ColumnSpec("Confirmation", 16),
    ColumnSpec("Agreement", 20),
    ColumnSpec("As of", 13, "date"),
    ColumnSpec("No longer documented", 60),
)


def impact_workbook(impact: Impact, templates: Templates) -> bytes:
    """Return an xlsx file: who gains and loses what, how partners' figures change, which confirmations fall."""
    intro = (
        "What the new course map would change",
        f"Judged as of {words.written(impact.as_of)}: map {impact.before} (now) against map {impact.after} (then).",
        *headlines(impact),
        summary(impact),
    )
    ordered = (*impact.turn_overdue, *impact.become_complete, *impact.others)
    people = tuple(row for person in ordered for row in _person_rows(person, templates))
    partners = tuple(
        (partner.name, state, now, then, "now  {}\nthen {}".format(*bars(partner, now, then)))
        for partner in impact.partners
        for state, now, then in partner.states
    )
    broken = tuple(
        (confirmed.number, confirmed.agreement_id, confirmed.as_of, "; ".join(people))
        for confirmed, people in impact.broken
    )
    sheets = (
        SheetSpec("People", _PEOPLE, people, intro=intro, table="People", freeze_columns=1),
        SheetSpec("Partners", _PARTNERS, partners, intro=("How many people are in which state",), table="Partners"),
        SheetSpec("Confirmations", _BROKEN, broken, intro=("Those that would no longer hold",), table="Broken"),
    )
    return write_workbook(None, sheets, title="What the new course map would change", day=impact.as_of)


def headlines(impact: Impact) -> tuple[str, ...]:
    """Return who turns overdue and who becomes complete, a line each; nothing where nobody's training changes."""
    if not (impact.people or impact.broken):
        return ()
    return (
        f"Turns overdue: {_named(impact.turn_overdue)}.",
        f"Becomes complete: {_named(impact.become_complete)}.",
    )


def _named(people: Sequence[PersonImpact]) -> str:
    names = [f"{words.clean(person.name)} ({person.person_id})" for person in people]
    more = len(names) - NAMED
    return ("; ".join(names[:NAMED]) or "nobody") + (f" and {more} more" if more > 0 else "")


def bars(partner: PartnerImpact, now: int, then: int) -> tuple[str, str]:
    """Return how many people of a partner are in a state before and after, as bars of one scale a partner."""
    most = max(number for _, *both in partner.states for number in both)
    before, after = (f"{_bar(number, most)} {number}".lstrip() for number in (now, then))
    return before, after


def _bar(number: int, most: int) -> str:
    return "█" * max(round(LONGEST_BAR * number / most), 1 if number else 0)


def summary(impact: Impact) -> str:
    """Return in a sentence what the new map would change."""
    if not (impact.people or impact.broken):
        return "It changes nobody's training."
    gains = sum(any(s.gained for s in person.shifts) for person in impact.people)
    losses = sum(any(not s.gained for s in person.shifts) for person in impact.people)
    states = sum(person.before != person.after for person in impact.people)
    parts = [
        f"{gains} {'person gains' if gains == 1 else 'people gain'} something",
        f"{losses} {'loses' if losses == 1 else 'lose'} something",
        f"the state of {states} changes",
    ]
    if impact.broken:
        number = words.count(len(impact.broken), "confirmation", "confirmations")
        parts.append(f"{number} would no longer hold")
    return ", ".join(parts) + "."


def _person_rows(person: PersonImpact, templates: Templates) -> Iterator[Row]:
    who = (
        person.name,
        person.person_id,
        ", ".join(person.partners),
        days_written(person.before),
        days_written(person.after),
    )
    if not person.shifts:
        yield (*who, "state", "", "", "", "")
    for shift in person.shifts:
        what = Toned("gains" if shift.gained else "loses", "good" if shift.gained else "bad")
        requirement = templates.names[shift.requirement]
        yield (*who, what, requirement, shift.before, shift.after, "\n".join(why(shift.causes)))


def why(causes: Sequence[ImpactCause]) -> Iterator[str]:
    """Yield a line for each completion that counts otherwise."""
    for cause in causes:
        completion = f"“{cause.title}”, {written_day(cause.day, 'no date')} ({cause.origin})"
        yield f"{completion}. Now: {cause.before}. Then: {cause.after}."


def impact_json(impact: Impact, partners: dict[str, Partner]) -> dict[str, Any]:
    """Return the impact as JSON; days as ISO 8601 text."""
    return {
        "as_of": impact.as_of.isoformat(),
        "before": impact.before,
        "after": impact.after,
        "turn_overdue": [person.person_id for person in impact.turn_overdue],
        "become_complete": [person.person_id for person in impact.become_complete],
        "people": [_person_json(person, partners) for person in impact.people],
        "partners": [
            {
                "id": partner_impact.partner_id,
                "name": partner_impact.name,
                "states": [
                    {"state": state, "before": now, "after": then} for state, now, then in partner_impact.states
                ],
            }
            for partner_impact in impact.partners
        ],
        "confirmations": [
            {
                "number": confirmed.number,
                "agreement": confirmed.agreement_id,
                "as_of": confirmed.as_of.isoformat(),
                "people": people,
            }
            for confirmed, people in impact.broken
        ],
    }


def _person_json(person: PersonImpact, partners: dict[str, Partner]) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "partners": [{"id": partner, "name": partners[partner].name} for partner in person.partners],
        "before": person.before,
        "after": person.after,
        "requirements": [_shift_json(shift) for shift in person.shifts],
    }


def _shift_json(shift: Shift) -> dict[str, Any]:
    causes = [
        {
            "title": cause.title,
            "day": cause.day.isoformat() if cause.day else None,
            "origin": cause.origin,
            "before": cause.before,
            "after": cause.after,
        }
        for cause in shift.causes
    ]
    gained = {"id": shift.requirement, "gained": shift.gained, "before": shift.before, "after": shift.after}
    return {**gained, "causes": causes}
