"""Acts about documents: filed, scanned, requested, exported."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lms_sync.documents.decide import Filing, file_path, withdraw
from lms_sync.documents.request.decide import RequestDraft, answer, make_requests, unanswer
from lms_sync.documents.scans import file_scan, withdraw_scan
from lms_sync.operations.evidence_folder import export_evidence
from lms_sync.store.known.registers import SCANS
from tests.acts.here import ADA, BEN, LETTER, LIST, Case, Here, documented


def draft(*names: str, again: bool = False) -> RequestDraft:
    return RequestDraft(names, "ESD 900", 30, again)


def _file(here: Here, name: str, content: bytes, **what: Any) -> None:
    filing = Filing(here.written(name, content), **what)
    here.do(file_path, filing=filing, snapshot=here.issuer.snapshot)


def _scan(here: Here, sheet: str) -> None:
    here.do(file_scan, path=here.written("roll.eml", LETTER), source="vendor", sheet=sheet)


def _letter(here: Here, day: date) -> None:
    facts = {"people": (BEN,), "components": ("classroom",), "kind": "verified", "esd": "ESD 900", "day": day}
    _file(here, "letter.eml", LETTER, **facts, insists=True)


def _answer(here: Here, request_id: str) -> None:
    here.do(answer, snapshot=here.issuer.snapshot, request_id=request_id)


CASES: Mapping[str, Case] = {
    "file_path": Case(
        lambda here: _letter(here, date(2026, 11, 2)),
        lambda here: _letter(here, date(2026, 12, 2)),
    ),
    "file_path, of a list": Case(
        lambda here: _file(here, "list.csv", LIST.encode()),
        lambda here: _file(here, "list.csv", LIST.replace("Component", "Remark").encode()),
    ),
    "withdraw": Case(
        lambda here: here.do(withdraw, document_id="D1"),
        lambda here: here.do(withdraw, document_id="D2"),
        given=documented,
    ),
    "file_scan": Case(
        lambda here: _scan(here, "export.csv"),
        lambda here: _scan(here, "exports.csv"),
    ),
    "withdraw_scan": Case(
        lambda here: here.do(withdraw_scan, scan_id=next(iter(SCANS.read(here.workspace.store)))),
        lambda here: here.do(withdraw_scan, scan_id="S0"),
        given=lambda here: _scan(here, "export.csv"),
    ),
    "make_requests": Case(
        lambda here: here.judged(make_requests, draft=draft(ADA, again=True), folder=here.out),
        lambda here: here.judged(make_requests, draft=draft(ADA, BEN, again=True), folder=here.out),
    ),
    "answer": Case(
        lambda here: _answer(here, "Q-2026-0001"),
        lambda here: _answer(here, "Q-2026-0009"),
    ),
    "unanswer": Case(
        lambda here: here.do(unanswer, request_id="Q-2026-0001"),
        lambda here: here.do(unanswer, request_id="Q-2026-0009"),
        given=lambda here: _answer(here, "Q-2026-0001"),
    ),
    "export_evidence": Case(
        lambda here: here.judged(export_evidence, about="HERON-26", whom="an auditor", folder=here.out),
        lambda here: here.judged(export_evidence, about="HERON-27", whom="an auditor", folder=here.out),
    ),
}
