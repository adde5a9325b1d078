"""Acts about agreements, their year, and what a second person must agree to."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from openpyxl import load_workbook

from lms_sync.agreements.clause_c.issue import issue_document
from lms_sync.agreements.clause_c.send import send_document, withdraw_document
from lms_sync.agreements.review.adoption import Vote, adopt, undo_adoption
from lms_sync.agreements.review.checklist import PointEntry, checklist_id
from lms_sync.agreements.review.record import copy_now, read_checklist, read_review
from lms_sync.agreements.review.record_point import PointSaid, record_point, seen_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.agreements.year.record import DutyNamed, record_done, undo_done
from lms_sync.model.issued import IssuedKind
from lms_sync.model.second_person import ActRequest, AskedAct, SecondAct
from lms_sync.operations.second_person.decide import approve, ask, take_back
from lms_sync.operations.second_person.decide import refuse as refuse_request
from lms_sync.store.known.registers import ACT_REQUESTS
from tests.acts.here import LETTER, Case, Here, documented


def _checklist(here: Here, answer_: str) -> None:
    now = here.workspace.clock()
    review = read_review(here.workspace, "QPD-26", now)
    copy = checklist_id(copy_now(here.workspace.store, review, now), here.workspace.pseudonyms)
    book = load_workbook(io.BytesIO(review_workbook(review, checklist=copy)))
    sheet = book.worksheets[0]
    cells = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for heading, value in (("Done", answer_), ("On date", date(2026, 11, 3)), ("Attachment", "scan.eml")):
        sheet.cell(cells["A1"].row, cells[heading].column).value = value
    here.written("scan.eml", LETTER)
    path = here.folder.parent / "checklist.xlsx"
    book.save(path)
    here.do(read_checklist, agreement_id="QPD-26", path=path, folder=path.parent)


def _done(here: Here, on: date) -> None:
    named = DutyNamed("students", "", ("Pinehill HS",))
    here.do(record_done, named=named, on=on, file=here.written("agenda.eml", LETTER))


def _undo(here: Here, year: str) -> None:
    here.do(undo_done, named=DutyNamed("students", year))


def _vote(here: Here, on: date) -> None:
    vote = Vote(on, "item 7", here.written("minutes.eml", LETTER))
    here.judged(adopt, agreement_id="HERON-26", vote=vote)


def _point(here: Here, on: date) -> None:
    (found,) = [found for point, found in read_review(here.workspace, "QPD-26").points if point.id == "A1"]
    entry = PointEntry("yes", on, note="section 3", attachment="scan.eml")
    statement = PointSaid("A1", entry, seen_of(found), here.written("scan.eml", LETTER))
    here.do(record_point, agreement_id="QPD-26", statement=statement)


WAITS = AskedAct(SecondAct.ADOPT, "HERON-26", date(2026, 11, 19), "item 7")


def _waits(here: Here) -> None:
    """Let an adoption wait for a second person; Kim asked for it under the name that acts have here."""
    at = here.author.at
    request = ActRequest("S1", WAITS, "Kim", "kim@example.org", "item 7", at, at + timedelta(days=7))
    with here.workspace.store.transaction():
        ACT_REQUESTS.put(here.workspace.store, "S1", request, now=at)


def _second(here: Here, act: Callable[..., Any], account: str = "a.roe") -> None:
    here.do(act, email=f"{account}@example.org", request_id="S1")


def _issued(act: Callable[..., Any]) -> Case:
    return Case(
        lambda here: here.judged(act, number="TP-2026-0001"), lambda here: here.judged(act, number="TP-2026-0009")
    )


def _document(kind: IssuedKind, agreement_id: str, refused: str) -> Case:
    issue = partial(Here.judged, act=issue_document, kind=kind)
    return Case(lambda here: issue(here, agreement_id=agreement_id), lambda here: issue(here, agreement_id=refused))


CASES: Mapping[str, Case] = {
    "record_point": Case(lambda here: _point(here, date(2026, 11, 5)), lambda here: _point(here, date(2026, 12, 5))),
    "read_checklist": Case(lambda here: _checklist(here, "yes"), lambda here: _checklist(here, "perhaps")),
    "adopt": Case(lambda here: _vote(here, date(2026, 11, 19)), lambda here: _vote(here, date(2026, 11, 30))),
    "undo_adoption": Case(
        lambda here: here.do(undo_adoption, agreement_id="QPD-26"),
        lambda here: here.do(undo_adoption, agreement_id="HERON-26"),
    ),
    "issue_document, a confirmation": replace(
        _document(IssuedKind.CONFIRMATION, "QPD-26", "HERON-26"), given=documented
    ),
    "issue_document": _document(IssuedKind.PLAN, "QPD-26", "none"),
    "send_document": _issued(send_document),
    "withdraw_document": _issued(withdraw_document),
    "record_done": Case(lambda here: _done(here, date(2026, 9, 16)), lambda here: _done(here, date(2026, 12, 1))),
    "record_done, a second time": Case(
        lambda here: here.do(record_done, named=DutyNamed("families"), on=date(2026, 9, 4)),
        lambda here: _done(here, date(2026, 9, 17)),
        given=lambda here: here.do(
            record_done, named=DutyNamed("students", "", ("Pinehill HS",)), on=date(2026, 9, 16)
        ),
    ),
    "undo_done": Case(
        lambda here: _undo(here, "2026-27"),
        lambda here: _undo(here, "2025-26"),
        given=lambda here: _done(here, date(2026, 9, 16)),
    ),
    "ask": Case(
        lambda here: here.do(ask, wanted=replace(WAITS, subject="QPD-26"), email="a.roe@example.org"),
        lambda here: here.do(ask, wanted=WAITS),
        given=_waits,
    ),
    "approve": Case(lambda here: _second(here, approve), lambda here: _second(here, approve, "kim"), given=_waits),
    "refuse, of a request": Case(
        lambda here: _second(here, refuse_request), lambda here: _second(here, refuse_request, "kim"), given=_waits
    ),
    "take_back": Case(
        lambda here: _second(here, take_back, "kim"), lambda here: _second(here, take_back), given=_waits
    ),
}
