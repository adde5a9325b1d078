"""The people desk as a workbook: one row for each learner and candidate, to fill in and to read back."""

from collections.abc import Mapping, Sequence

from lms_sync.model.roster import Person
from lms_sync.people.cases import UNKNOWN, Case
from lms_sync.tables.fields import Column
from lms_sync.tables.form import Form
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook

DECIDE = Form(
    "Who is who",
    (
        Column("Learner", "id", required=True, width=30, note="As the source shows it; not to be changed."),
        Column("Name", width=24),
        Column("E-mail", width=30),
        Column("Employer", width=22),
        Column("Completions", "whole", width=12, note="How many completions wait for the decision."),
        Column("Person ID", "id", required=True, width=12, note="Somebody on the roster whom it may be."),
        Column("Person", width=26),
        Column("Employed by", width=22),
        Column("Speaks for it", width=44),
        Column("Speaks against it", width=36),
        Column("Decision", "choice", choices=("yes", "no"), width=10, note="yes: it is this person. no: it is not."),
        Column("Reason", width=36, note="Why; kept with the decision."),
    ),
)
_INTRO = (
    "Who is who",
    "Write yes beside the person that a learner is, no beside those that it is not, and why. Blank rows stay open.",
    "One yes a learner at most. Nothing is credited until you decide; a decision can be taken back later.",
)


def people_workbook(
    cases: Sequence[Case], people: Mapping[str, Person], employers: Mapping[str, Sequence[str]]
) -> bytes:
    """Return an xlsx file with a row for each candidate of each case."""
    rows = tuple(
        (
            case.handle,
            case.name,
            "; ".join(case.emails),
            case.employer,
            case.completions,
            candidate.person_id,
            people[candidate.person_id].name if candidate.person_id in people else "",
            "; ".join(employers.get(candidate.person_id, ())),
            "\n".join(candidate.speaks_for),
            "\n".join((*candidate.speaks_against, *_conflict(case))),
            None,
            None,
        )
        for case in cases
        for candidate in case.candidates
    )
    columns = tuple(
        ColumnSpec(c.heading, c.width, "number" if c.kind == "whole" else "text", c.note, c.choices)
        for c in DECIDE.columns
    )
    sheet = SheetSpec(DECIDE.title, columns, rows, intro=_INTRO, table="Who", freeze_columns=2)
    return write_workbook(None, [sheet], title="Who is who")


def _conflict(case: Case) -> tuple[str, ...]:
    return () if case.why == UNKNOWN else (case.why,)
