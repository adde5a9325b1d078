"""The workbooks that people fill in, as text: sheets, cells, fills and drop-downs, made of made-up people.

`python tests/documents/golden_books.py` writes the goldens anew; a person reads the diff before it is committed.
"""

from datetime import date
from io import BytesIO

from golden_documents import GOLDENS, VOICE
from openpyxl import load_workbook

from lms_sync.documents.impact_book import impact_workbook
from lms_sync.documents.people_book import people_workbook
from lms_sync.documents.sample import sample_plan, sample_report
from lms_sync.documents.suggestions import suggestions_workbook
from lms_sync.documents.workbook import partner_workbook
from lms_sync.gaps.desk import UNKNOWN, Case
from lms_sync.gaps.impact import Cause, Confirmed, Impact, PartnerImpact, PersonImpact, Shift
from lms_sync.gaps.unmapped import UnmappedCourse
from lms_sync.law.standing import State
from lms_sync.mapping.suggest import Ranked, Suggestion
from lms_sync.matching import Candidate, Seal, SealedLearner
from lms_sync.model import Person

SEAL = Seal(b"made up for the goldens")


def books() -> dict[str, str]:
    """Return the golden's file name → what the workbook holds now."""
    corrections = partner_workbook(sample_report(), sample_plan(), VOICE, seal=SEAL)
    return {
        "corrections.txt": told(corrections, only="Corrections"),
        "who-is-who.txt": told(people_workbook([_case()], _people(), {"E1": ["Heron Guards"]})),
        "suggestions.txt": told(suggestions_workbook([_unmapped((10,)), _unmapped(())])),
        "impact.txt": told(impact_workbook(_impact(), VOICE)),
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
    names = {"00FFF3CD": "[yellow]", "00F8D7DA": "[red]", "00E2F0D9": "[green]", "00EDEDED": "[grey]"}
    return names.get(str(colour), "")


def _people() -> dict[str, Person]:
    return {"E1": Person("E1", "Roe", "Ann"), "E2": Person("E2", "Roe", "Anna")}


def _case() -> Case:
    best = Candidate("E1", 0.97, ("same last name; Annie and Ann are forms of one name",), ("another e-mail domain",))
    other = Candidate("E2", 0.9, ("same last name; one first name begins the other",), ())
    learner = SealedLearner("moodle", "0" * 32, (), (), "")
    emails = ("annie@example.com",)
    return Case(learner, "moodle:annie", "Annie Roe", emails, "=Heron+Guards", 3, UNKNOWN, (best, other))


def _unmapped(topics: tuple[int, ...]) -> UnmappedCourse:
    ranked = tuple(Ranked(n, 0.9, ("“calming”",)) for n in topics)
    suggestion = Suggestion("Calming Down", ranked, "" if topics else "no word of it speaks clearly")
    return UnmappedCourse("moodle", f"C{len(topics)}", "", "Calming Down", ("E1", "E2"), suggestion, 2 * len(topics))


def _impact() -> Impact:
    cause = Cause(
        "Calm", date(2026, 10, 7), "a.csv, A2", "Courses!B5 counts it toward topic-10", "no row has the course"
    )
    shift = Shift("topic-10", gained=False, before="met", after="0 of 1", causes=(cause,))
    person = PersonImpact("E1", "Roe, Ann", ("heron",), State.COMPLETE, State.OVERDUE, (shift,))
    partner = PartnerImpact("heron", "Heron Guards", ((State.COMPLETE, 2, 1), (State.OVERDUE, 0, 1)))
    broken = (Confirmed("TC-2026-0001", "heron-26", date(2026, 10, 1), ("E1",)), ("E1",))
    return Impact(date(2026, 11, 24), "aaaaaaaaaa", "bbbbbbbbbb", (person,), (partner,), (broken,))


if __name__ == "__main__":
    for name, text in books().items():
        (GOLDENS / name).write_text(text, encoding="utf-8", newline="")
