"""Acts about evidence: claims, doubts, what a pull waits for, the map and the roster."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from openpyxl import load_workbook

from lms_sync.compliance.decide import decide_claim
from lms_sync.compliance.decide_doubts import end_completions, keep_completions, undo_decision
from lms_sync.mail.before_issuing import issue_without
from lms_sync.model.doubt import DoubtCause
from lms_sync.model.finding import Area
from lms_sync.model.readings import RefusedRows
from lms_sync.model.rule_change import RuleChange
from lms_sync.operations.intake import take_in
from lms_sync.operations.pull.decide import days_author, drop_author
from lms_sync.operations.pull.doubts import Asking, Question, doubts_of
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.pull.waiting import accept_refused
from lms_sync.operations.take_over.course_map import map_file, take_over_map
from lms_sync.operations.take_over.roster import roster_file, take_over_roster
from lms_sync.operations.upgrade.decide import accept_rules, keep
from lms_sync.operations.worklist import Answer, settle, settle_each
from lms_sync.store.known.registers import DOUBTS, REFUSED, joined
from tests.acts.here import ADA, Case, Here
from tests.cli.small_district import COURSES, DONE, INBOX, export

DONE_ON = date(2026, 10, 5)
"""The claim of the small district names no day."""


def _claim(here: Here, *, accepted: bool) -> None:
    waiting = here.workspace.store.findings.open()
    (claim,) = [one.finding.id for one in waiting if one.finding.area is Area.CLAIM]
    here.do(decide_claim, claim_id=claim, accepted=accepted, training_day=DONE_ON if accepted else None)


def _in_doubt(here: Here) -> None:
    """Let the source of one completion no longer call it done."""
    store, now = here.workspace.store, here.workspace.clock()
    completion = store.evidence.completions()[0]
    question = Question(completion, DoubtCause.NOT_DONE, 0, "No")
    (doubt,) = doubts_of([question], [""], Asking(now, here.workspace.today()))
    with store.transaction():
        DOUBTS.put(store, joined(*doubt.key), doubt, now=now)


def _about_a_doubt(here: Here, act: Callable[..., Any]) -> None:
    (doubt,) = DOUBTS.read(here.workspace.store).values()
    here.do(act, finding_id=doubt.finding_id)


def _ended_after_a_doubt(here: Here) -> None:
    _in_doubt(here)
    _about_a_doubt(here, end_completions)


def _changed_rules(here: Here) -> None:
    change = RuleChange("rules-x", "matching and judging", date(2026, 11, 22), ("Ada: on plan → overdue",), (ADA,))
    with here.workspace.store.transaction():
        keep(here.workspace.store, change, now=here.workspace.clock())


def _pull(here: Here, by: str) -> None:
    """Pull an export that lost most of its records; somebody insists on it."""
    drop_author(by, here.author.at)
    (here.folder / INBOX).write_text(export(DONE[:1]), encoding="utf-8")
    intake = take_in(here.workspace, now=here.workspace.clock())
    (pulled,) = pull_sources(here.workspace, intake, accept_drop={"vendor": by})
    assert pulled.error is None


def _exchanged(here: Here) -> None:
    """Let everything have been done on the fifth of October."""
    rows = [(*row[:5], "10/05/2026", *row[6:]) for row in DONE]
    (here.folder / INBOX).write_text(export(rows), encoding="utf-8")
    intake, sure = take_in(here.workspace, now=here.workspace.clock()), {"vendor": "A. Roe"}
    pull_sources(here.workspace, intake, accept_drop=sure, accept_days=sure)


def _pull_days(here: Here, by: str) -> None:
    """Pull an export whose days came with day and month exchanged; somebody says that they are right."""
    days_author(by, here.author.at)
    rows = [(*row[:5], "05/10/2026", *row[6:]) for row in DONE]
    (here.folder / INBOX).write_text(export(rows), encoding="utf-8")
    intake = take_in(here.workspace, now=here.workspace.clock())
    (pulled,) = pull_sources(here.workspace, intake, accept_drop={}, accept_days={"vendor": by})
    assert pulled.error is None


def _never_read(here: Here) -> None:
    """Let a source be set up that no pull has read."""
    facts = here.workspace.store.facts
    with here.workspace.store.transaction():
        settings = facts.read("settings")["settings"] | {"sources": [{"name": "late", "partners": []}]}
        facts.put("settings", "settings", settings, now=here.workspace.clock())


def _much_refused(here: Here) -> None:
    """Let a file be one of which most was refused."""
    rows = RefusedRows("vendor", "export.csv", "5a", 9, 12, ("9 rows: blank",), people=(), everybody=True)
    with here.workspace.store.transaction():
        REFUSED.put(here.workspace.store, joined("vendor", "export.csv"), rows, now=here.workspace.clock())


def _the_claim(here: Here) -> str:
    (waiting,) = [waiting for waiting in here.workspace.store.findings.open() if waiting.finding.area is Area.CLAIM]
    return waiting.finding.id


def _edited(here: Here, name: str, cell_of: str, value: str) -> bytes:
    """Return a workbook of the workspace with the cell beside the one that holds `cell_of` changed."""
    book = load_workbook(here.folder / name)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell, beside in pairwise(row):
                if cell.value == cell_of:
                    beside.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _take_over_map(here: Here, title: str, *, seen: str = "") -> None:
    content = _edited(here, "mappings/courses.xlsx", COURSES[0], title)
    here.do(take_over_map, content=content, seen=seen or map_file(here.workspace).sha256)


def _take_over_roster(here: Here, *, seen: str = "") -> None:
    content = _edited(here, "roster.xlsx", "Heron Guards", "security company")
    if not seen:
        content = _edited(here, "roster.xlsx", "HERON", "Heron Guards and Sons")
    here.do(take_over_roster, content=content, seen=seen or roster_file(here.workspace).sha256)


CASES: Mapping[str, Case] = {
    "decide_claim": Case(
        lambda here: _claim(here, accepted=True),
        lambda here: here.do(decide_claim, claim_id="none", accepted=True),
    ),
    "decide_claim, refused by the reviewer": Case(
        lambda here: _claim(here, accepted=False),
        lambda here: here.do(decide_claim, claim_id="none", accepted=False),
    ),
    "decide_claim, accepted without the day that the source does not give": Case(
        lambda here: _claim(here, accepted=True),
        lambda here: here.do(decide_claim, claim_id=_the_claim(here), accepted=True),
    ),
    "keep_completions": Case(
        lambda here: _about_a_doubt(here, keep_completions),
        lambda here: here.do(keep_completions, finding_id="none"),
        given=_in_doubt,
    ),
    "end_completions": Case(
        lambda here: _about_a_doubt(here, end_completions),
        lambda here: here.do(end_completions, finding_id="none"),
        given=_in_doubt,
    ),
    "undo_decision": Case(
        lambda here: _about_a_doubt(here, undo_decision),
        lambda here: here.do(undo_decision, finding_id="none"),
        given=_ended_after_a_doubt,
    ),
    "settle": Case(
        lambda here: here.do(settle, finding_id=_the_claim(here), answer=Answer.ACCEPT, training_day=DONE_ON),
        lambda here: here.do(settle, finding_id="none", answer=Answer.REFUSE),
    ),
    "settle, of what is in doubt": Case(
        lambda here: _about_a_doubt(here, partial(settle, answer=Answer.KEEP)),
        lambda here: here.do(settle, finding_id="none", answer=Answer.UNDO),
        given=_in_doubt,
    ),
    "settle, of what new rules change": Case(
        lambda here: here.do(settle, finding_id="rules-x", answer=Answer.ACCEPT),
        lambda here: here.do(settle, finding_id="rules-x", answer=Answer.REFUSE),
        given=_changed_rules,
    ),
    "settle_each": Case(
        lambda here: here.do(settle_each, answers={_the_claim(here): Answer.REFUSE, "none": Answer.KEEP}),
        lambda here: here.do(settle_each, answers={}),
    ),
    "accept_rules": Case(
        lambda here: here.do(accept_rules, finding_id="rules-x"),
        lambda here: here.do(accept_rules, finding_id="none"),
        given=_changed_rules,
    ),
    "accept_refused": Case(
        lambda here: here.do(accept_refused, source="vendor"),
        lambda here: here.do(accept_refused, source="late"),
        given=_much_refused,
    ),
    "a drop that is accepted": Case(lambda here: _pull(here, "A. Roe"), lambda here: _pull(here, " ")),
    "exchanged days that are accepted": Case(
        lambda here: _pull_days(here, "A. Roe"), lambda here: _pull_days(here, " "), given=_exchanged
    ),
    "issue_without": Case(
        lambda here: here.do(issue_without, source="late"),
        lambda here: here.do(issue_without, source="vendor"),
        given=_never_read,
    ),
    "take_over_map": Case(
        lambda here: _take_over_map(here, "Another unit"), lambda here: _take_over_map(here, "x", seen="another file")
    ),
    "take_over_roster": Case(_take_over_roster, lambda here: _take_over_roster(here, seen="another file")),
}
