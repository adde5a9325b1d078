"""The workbooks that people fill in, as text: sheets, cells, fills and drop-downs, made of made-up people.

`python tests/reports/golden_books.py` writes the goldens anew; a person reads the diff before it is committed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from lms_sync.agreements.review.status import Recorded, Review, review_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.compliance.impact import Confirmed, Impact, ImpactCause, PartnerImpact, PersonImpact, Shift
from lms_sync.compliance.unmapped import UnmappedCourse
from lms_sync.law.standing import State
from lms_sync.law.yearly import load_yearly
from lms_sync.model.agreement import KeptFile, ReviewedPoint
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.pseudonyms import PseudonymousLearner, Pseudonyms
from lms_sync.model.roster import Agreement, Cadence, Partner, PartnerKind, Person, Roster
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.people.candidates import Candidate
from lms_sync.people.cases import UNKNOWN, Case
from lms_sync.people.workbook import people_workbook
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.trainer.impact import impact_workbook
from lms_sync.reports.trainer.suggestions import suggestions_workbook
from lms_sync.workspace.mapping.suggest import Ranked, Suggestion
from tests.reports.golden_documents import GOLDENS, VOICE

BOOKS = ("corrections.txt", "impact.txt", "review.txt", "suggestions.txt", "who-is-who.txt")
"""What `books` makes."""
SEAL = Pseudonyms(b"made up for the goldens")


@cache
def books() -> dict[str, str]:
    """Return the golden's file name → what the workbook holds now."""
    corrections = partner_workbook(sample_report(), sample_plan(), VOICE, pseudonyms=SEAL)
    return {
        "corrections.txt": told(corrections, only="Corrections"),
        "who-is-who.txt": told(people_workbook([_case()], _people(), {"E1": ["Heron Guards"]})),
        "suggestions.txt": told(suggestions_workbook([_unmapped((10,)), _unmapped(())])),
        "impact.txt": told(impact_workbook(_impact(), VOICE)),
        "review.txt": told(review_workbook(sample_review(), checklist="HERON-26/20261123T161000.000000Z/0/0")),
    }


def told(content: bytes, only: str = "") -> str:
    """Return a workbook as text: a line for each row, the cells with their fills, the drop-downs."""
    lines = []
    for sheet in load_workbook(BytesIO(content)).worksheets:
        if only and sheet.title != only:
            continue
        lines.append(f"=== {sheet.title}, frozen at {sheet.freeze_panes}")
        for row in sheet.iter_rows():
            cells = [(cell.value, _fill(cell.fill.fgColor.rgb)) for cell in row]
            said = [f"{value!r}{fill}" if value or fill else "" for value, fill in cells]
            lines.append(" | ".join(said).rstrip(" |"))
        choices = [f"{one.sqref}: {one.formula1}" for one in sheet.data_validations.dataValidation if one.formula1]
        lines += [f"--- choices {choice}" for choice in choices]
    return "\n".join(lines) + "\n"


def _fill(colour: object) -> str:
    names = {"FFFFF3CD": "[yellow]", "FFF8D7DA": "[red]", "FFE2F0D9": "[green]", "FFEDEDED": "[grey]"}
    return names.get(str(colour), "")


def _people() -> dict[str, Person]:
    return {"E1": Person("E1", "Roe", "Ann"), "E2": Person("E2", "Roe", "Anna")}


def _case() -> Case:
    best = Candidate("E1", 0.97, ("same last name; Annie and Ann are forms of one name",), ("another e-mail domain",))
    other = Candidate("E2", 0.9, ("same last name; one first name begins the other",), ())
    learner = PseudonymousLearner("moodle", "0" * 32, (), (), "")
    emails = ("annie@example.com",)
    return Case(learner, "moodle:annie", "Annie Roe", emails, "=Heron+Guards", 3, UNKNOWN, (best, other))


def _unmapped(topics: tuple[int, ...]) -> UnmappedCourse:
    ranked = tuple(Ranked(n, 0.9, ("“calming”",)) for n in topics)
    suggestion = Suggestion("Calming Down", ranked, "" if topics else "no word of it speaks clearly")
    return UnmappedCourse("moodle", f"C{len(topics)}", "", "Calming Down", ("E1", "E2"), suggestion, 2 * len(topics))


def sample_review() -> Review:
    """Return a review that is half done, with a training plan that stands."""
    partner = Partner("HERON", "Heron Guards", PartnerKind.SECURITY_COMPANY, (), (), Cadence.NONE)
    agreement = Agreement("HERON-26", "HERON", "2026-27", date(2026, 9, 1), date(2027, 8, 31))
    at = datetime(2026, 11, 20, tzinfo=UTC)
    made: tuple[Any, ...] = (
        "HERON-26",
        "HERON",
        at.date(),
        at,
        at,
        "B. Coe",
        "0",
        "law",
        "map",
        "CODE",
        "0" * 64,
        {},
    )
    minutes = KeptFile("0" * 64, "minutes.pdf", "application/pdf", 9)
    points = (
        _point("A1", date(2026, 11, 3), note="section 4"),
        replace(_point("A2", None, note="is being written"), done=False),
        replace(_point("parents", date(2026, 11, 4)), how="=1+1", who="the council of parents", file=minutes),
    )
    recorded = Recorded(
        {p.point: p for p in points}, {}, (Issued("TP-2026-0001", IssuedKind.PLAN, *made),), load_yearly()
    )
    roster = Roster({"HERON": partner}, {"HERON-26": agreement}, {}, ())
    return review_of(roster, recorded, agreement, as_of=date(2026, 11, 24))


def _point(name: str, on: date | None, note: str = "") -> ReviewedPoint:
    said = ("", "", note, None, "B. Coe", date(2026, 11, 20))
    return ReviewedPoint("HERON-26", name, on is not None, on, *said)


def _impact() -> Impact:
    cause = ImpactCause(
        "Calm", date(2026, 10, 7), "a.csv, A2", "Courses!B5 counts it toward topic 10", "no row has the course"
    )
    shift = Shift("topic-10", gained=False, before="met", after="0 of 1", causes=(cause,))
    person = PersonImpact("E1", "Roe, Ann", ("heron",), State.COMPLETE, State.OVERDUE, (shift,))
    partner = PartnerImpact("heron", "Heron Guards", ((State.COMPLETE, 2, 1), (State.OVERDUE, 0, 1)))
    broken = (Confirmed("TC-2026-0001", "heron-26", date(2026, 10, 1), ("E1",)), ("E1",))
    return Impact(date(2026, 11, 24), "aaaaaaaaaa", "bbbbbbbbbb", (person,), (partner,), (broken,))


if __name__ == "__main__":
    for name, text in books().items():
        (GOLDENS / name).write_text(text, encoding="utf-8", newline="")
