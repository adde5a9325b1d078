"""What counts as another judgement: facts, and not the sentences about them."""

from dataclasses import replace

import pytest

from lms_sync.law.standing import Judgement, Standing, State
from lms_sync.model.finding import Area, Finding
from lms_sync.store.known.judged_people import JudgedPerson

CLAIM = Finding(Area.CLAIM, "claim", "a.csv, A2", "the source says exempt", "a document of an ESD", "Ask the ESD.")
OPEN = Standing(
    requirement="on-the-job",
    component="on-the-job",
    need=2,
    have=0,
    met_by=None,
    on=None,
    due=None,
    last_lawful_day=None,
    late=False,
    credits=(),
    claims=(),
    notes=("No host school.",),
)
JUDGED = JudgedPerson(
    Judgement(State.UNDETERMINED, ("No class is recorded.",), (OPEN,)), claims=(CLAIM,), future=(CLAIM,)
)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(JUDGED, judgement=replace(JUDGED.judgement, reasons=("Record the class.",))), True),
        (replace(JUDGED, judgement=replace(JUDGED.judgement, standings=(replace(OPEN, notes=("Which?",)),))), True),
        (replace(JUDGED, claims=(replace(CLAIM, found="exempt, says the source", remedy="Ask."),)), True),
        (replace(JUDGED, future=(replace(CLAIM, expected="a letter"),)), True),
        (replace(JUDGED, judgement=replace(JUDGED.judgement, state=State.OVERDUE)), False),
        (replace(JUDGED, judgement=replace(JUDGED.judgement, reasons=())), False),
        (replace(JUDGED, judgement=replace(JUDGED.judgement, standings=(replace(OPEN, notes=()),))), False),
        (replace(JUDGED, claims=()), False),
        (replace(JUDGED, claims=(replace(CLAIM, where="a.csv, A3"),)), False),
    ],
)
def test_another_wording_is_no_other_judgement(other: JudgedPerson, *, same: bool) -> None:
    assert (other.without_sentences == JUDGED.without_sentences) is same
