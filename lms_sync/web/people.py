"""People: search, and the matrix of people and requirements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request
from werkzeug.wrappers import Response

from lms_sync.compliance.district_figures import district_figures
from lms_sync.compliance.gap_report import GapReport
from lms_sync.errors import UsageError
from lms_sync.law.standing import Judgement, Standing, State
from lms_sync.mail.documents import XLSX
from lms_sync.model.roster import Assignment, Partner, Person, Roster
from lms_sync.reports.district.workbook import district_workbook
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.missing import topic_words
from lms_sync.text import fold
from lms_sync.web.opening import JudgedDistrict as Judged
from lms_sync.web.visit import Visit, content, line_from, page
from lms_sync.web.wording import STATE_NAMES, Cell, cell_of

MOST = 100
"""Lines of the matrix on one page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are asked for; empty for all."""

    words: str
    partner: str
    building: str
    state: str

    @classmethod
    def asked(cls) -> "Wanted":
        """Return what the address asks for."""
        return cls(*(request.args.get(name, "").strip() for name in ("q", "partner", "building", "state")))

    @classmethod
    def everybody(cls) -> "Wanted":
        """Return what asks for all."""
        return cls("", "", "", "")


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One person in the matrix."""

    person: Person
    partners: tuple[str, ...]
    state: State
    words: str
    due: date | None
    """The next last lawful day; None where nothing is due."""
    cells: tuple[Cell, ...]
    """In the order of the requirements."""
    found_by: str
    """What a search looks through."""
    buildings: frozenset[str]


def people(visit: Visit) -> str:
    """Return the matrix of those assigned today, the next deadline first."""
    judgement, wanted = visit.judgement, Wanted.asked()
    issuer = judgement.issuer
    lines = matrix_of(judgement)
    found = [line for line in lines if _fits(line, wanted)]
    start = line_from(len(found), MOST)
    return page(
        "people.html",
        lines=found[start : start + MOST],
        others=_not_assigned(issuer, lines, wanted),
        total=len(found),
        start=start,
        most=MOST,
        wanted=wanted,
        requirements=requirements(issuer),
        partners=issuer.snapshot.roster.partners,
        buildings=sorted({building for line in lines for building in line.buildings}),
        states=STATE_NAMES,
        day=issuer.judged.as_of,
    )


def _not_assigned(issuer: Issuer, assigned: Sequence[MatrixLine], wanted: Wanted) -> list[Person]:
    """Return who is found by a search for somebody, and is on the roster but not assigned today."""
    searched = fold(wanted.words).split()
    if not searched or wanted.partner or wanted.building or wanted.state:
        return []
    here = {line.person.person_id for line in assigned}
    return [
        person
        for person in issuer.snapshot.roster.people.values()
        if person.person_id not in here and all(word in _found_by(person) for word in searched)
    ][:MOST]


def _found_by(person: Person, *besides: str) -> str:
    return fold(" ".join((person.name, person.person_id, *person.emails, *besides)))


def requirements(issuer: Issuer) -> tuple[tuple[str, str, str], ...]:
    """Return (id, short sign, name) of each requirement of the series, in the law's order."""
    names = dict.fromkeys(s.requirement for judgement in issuer.judged.people.values() for s in judgement.standings)
    signs = {"on-the-job": "OJT", "check-in": "CI"}
    ordered = sorted(names, key=lambda name: (not name.startswith("topic-"), name == "check-in", name))
    return tuple(
        (name, signs.get(name, name.removeprefix("topic-").lstrip("0")), topic_words(name, issuer.templates.names))
        for name in ordered
    )


def matrix_of(judgement: Judged) -> list[MatrixLine]:
    """Return the matrix of a judgement, made once for it."""
    return judgement.once("matrix", lambda: matrix(judgement.issuer))


def matrix(issuer: Issuer) -> list[MatrixLine]:
    """Return a line for everybody assigned on the day judged: overdue first, then by the next last lawful day."""
    roster, judged = issuer.snapshot.roster, issuer.judged
    asked = requirements(issuer)
    lines = [
        _matrix_line(roster, roster.people[person_id], assignments, judged.people[person_id], asked)
        for person_id, assignments in roster.people_on(judged.as_of).items()
    ]
    return sorted(lines, key=lambda line: (line.due or date.max, line.person.name.casefold(), line.person.person_id))


def _matrix_line(
    roster: Roster,
    person: Person,
    assignments: tuple[Assignment, ...],
    judgement: Judgement,
    asked: tuple[tuple[str, str, str], ...],
) -> MatrixLine:
    standings = {standing.requirement: standing for standing in judgement.standings}
    partners = tuple(dict.fromkeys(assignment.partner_id for assignment in assignments))
    names = [roster.partners[partner].name for partner in partners if partner in roster.partners]
    return MatrixLine(
        person,
        partners,
        judgement.state,
        judgement.words,
        _due(judgement.standings),
        tuple(cell_of(standings.get(name)) for name, _, _ in asked),
        _found_by(person, *names, *partners),
        frozenset(building for assignment in assignments for building, _ in assignment.buildings),
    )


def _due(standings: tuple[Standing, ...]) -> date | None:
    return min((s.last_lawful_day for s in standings if s.open and s.last_lawful_day), default=None)


def _fits(line: MatrixLine, wanted: Wanted) -> bool:
    return (
        all(word in line.found_by for word in fold(wanted.words).split())
        and (not wanted.partner or wanted.partner in line.partners)
        and (not wanted.building or wanted.building in line.buildings)
        and (not wanted.state or line.state.value == wanted.state)
    )


def people_workbook(visit: Visit) -> Response:
    """Return the people whom the matrix shows, as the workbook that `gaps --format xlsx` writes, of all pages."""
    judgement, wanted = visit.judgement, Wanted.asked()
    with visit.district.heavy:
        book = _workbook_of_all(judgement) if wanted == Wanted.everybody() else _workbook(judgement, wanted)
        return content(book, kind=XLSX, name=f"training-gaps-{judgement.issuer.judged.as_of}.xlsx")


def _workbook_of_all(judgement: Judged) -> bytes:
    issuer = judgement.issuer
    partners = issuer.snapshot.roster.partners.values()
    return judgement.once("workbook of everybody", lambda: _written(issuer, _figures(issuer, partners)))


def _workbook(judgement: Judged, wanted: Wanted) -> bytes:
    """Return the workbook of whom a filter finds: only their partners are in it."""
    found = [line for line in matrix_of(judgement) if _fits(line, wanted)]
    people, partners = {line.person.person_id for line in found}, {p for line in found for p in line.partners}
    if wanted.partner:
        partners = {wanted.partner}
    issuer = judgement.issuer
    roster = issuer.snapshot.roster.partners
    reports = _figures(issuer, [roster[partner] for partner in roster if partner in partners])
    of_them = [replace(r, people=tuple(p for p in r.people if str(p.person_id) in people)) for r in reports]
    return _written(issuer, of_them)


def _figures(issuer: Issuer, partners: Iterable[Partner]) -> tuple[GapReport, ...]:
    return district_figures(issuer.snapshot, issuer.judged, partners)


def _written(issuer: Issuer, reports: Sequence[GapReport]) -> bytes:
    if not reports:
        raise UsageError("nobody is found by this filter", hint="Choose another one, or all.")
    return district_workbook(reports, issuer.templates.names)
