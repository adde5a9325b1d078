"""Every act of a person: one entry of the log when it is done; when it is refused, not a row and not a file.

`CASES` names every act that there is; each is done in a copy of one small district, prepared once.
"""

import ast
import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from lms_sync.agreements.clause_c.issue import issue_document
from lms_sync.agreements.clause_c.send import send_document, withdraw_document
from lms_sync.agreements.review.adoption import Vote, adopt, undo_adoption
from lms_sync.agreements.review.checklist import PointEntry, checklist_id
from lms_sync.agreements.review.record import copy_now, read_checklist, read_review
from lms_sync.agreements.review.record_point import PointSaid, record_point, seen_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.agreements.year.record import DutyNamed, record_done, undo_done
from lms_sync.compliance.decide import decide_claim
from lms_sync.compliance.decide_doubts import end_completions, keep_completions, undo_decision
from lms_sync.compliance.disputed import WHY_IT_WAITS
from lms_sync.compliance.judge import book_of
from lms_sync.documents.decide import Filing, file_path, withdraw
from lms_sync.documents.request.decide import RequestDraft, answer, make_requests, unanswer
from lms_sync.documents.scans import file_scan, withdraw_scan
from lms_sync.errors import UsageError
from lms_sync.mail import decide as mail
from lms_sync.mail.before_issuing import issue_without
from lms_sync.mail.issue import current_report
from lms_sync.mail.page_links import end_links
from lms_sync.mail.reasons_to_hold import stop_reasons
from lms_sync.mail.retract import retract
from lms_sync.model.agreement import Adoption, FiledDocument, KeptFile, ReviewedPoint
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState, RecipientState
from lms_sync.model.doubt import DoubtCause
from lms_sync.model.finding import Area
from lms_sync.model.issued import IssuedKind
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.model.partner_page import Acknowledgement, PartnerLink, SharedEvidence
from lms_sync.model.readings import RefusedRows
from lms_sync.model.roster import Partner
from lms_sync.model.rule_change import RuleChange
from lms_sync.model.second_person import ActRequest, AskedAct, SecondAct
from lms_sync.operations.agreed.decide import database_is_right, log_is_right
from lms_sync.operations.backup.manifest import Manifest
from lms_sync.operations.backup.restore import settle_restored
from lms_sync.operations.cleaning.decide import clean, planned_cleaning
from lms_sync.operations.cleaning.plan import CleaningPlan
from lms_sync.operations.evidence_folder import export_evidence
from lms_sync.operations.intake import take_in
from lms_sync.operations.night import open_issuer
from lms_sync.operations.partner_page.report_training import TrainingForm, acknowledge, report_training
from lms_sync.operations.partner_page.shared_documents import end_sharing, share_evidence
from lms_sync.operations.pull.decide import drop_author
from lms_sync.operations.pull.doubts import Asking, Question, doubts_of
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.operations.pull.waiting import accept_refused
from lms_sync.operations.release import release_held
from lms_sync.operations.retention import decide as retention
from lms_sync.operations.second_person.decide import approve, ask, take_back
from lms_sync.operations.second_person.decide import refuse as refuse_request
from lms_sync.operations.take_over.course_map import map_file, take_over_map
from lms_sync.operations.take_over.roster import roster_file, take_over_roster
from lms_sync.operations.upgrade.decide import accept_rules, keep
from lms_sync.operations.worklist import Answer, settle, settle_each
from lms_sync.people import decide as people
from lms_sync.people.cases import cases
from lms_sync.people.name_answer import answer_question
from lms_sync.people.outdated import question_id
from lms_sync.people.workbook import people_workbook
from lms_sync.reports.issuer import Issuer
from lms_sync.store.audit import broken
from lms_sync.store.kept_rows import KeptRows, Rewrite
from lms_sync.store.known.differences import read_differences
from lms_sync.store.known.registers import (
    ACKNOWLEDGED,
    ACT_REQUESTS,
    ADOPTIONS,
    DOCUMENTS,
    DOUBTS,
    HOLDS,
    PARTNER_LINKS,
    POINTS,
    REFUSED,
    SCANS,
    SHARED,
    joined,
)
from lms_sync.store.known.snapshot import read_people_decisions, read_roster, record_roster
from lms_sync.store.known.who_is_who import read_links, record_link
from lms_sync.store.workspace import Workspace
from tests.cli.small_district import CLAIMED, COURSES, DONE, GUARD, INBOX, NIGHT, NOW, OFFICER, district, export
from tests.operations.night_town import Town

PRODUCT = Path(__file__).parent.parent / "lms_sync"
ADA, BEN, FORMER, STRANGER = OFFICER[0], GUARD[0], "00301", "vendor:X-9"
FINISHED = tuple((*OFFICER, course, "09/16/2026", "Completed") for course in COURSES[9:])
UNKNOWN = ("X-9", "Brook", "Ben", "b@away.example.com", COURSES[1], "10/05/2026", "Completed")
ROWS = (*DONE, *FINISHED, CLAIMED, UNKNOWN)
LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe verified this:"
LIST = "Person ID,Component,Kind,ESD,Date\n00201,classroom,verified,ESD 900,2026-11-02\n"
TEXTS = ("A1", "A2", "A3", "A4", "A5", "B1", "B2")
INVOLVED = ("parents", "students", "community")


@dataclass(frozen=True)
class Here:
    """An opened district, and who decides in it."""

    folder: Path
    workspace: Workspace
    author: Author

    @property
    def issuer(self) -> Issuer:
        return open_issuer(self.workspace, as_of=self.workspace.today())

    def do(self, act: Callable[..., Any], **what: Any) -> None:
        # Of two decisions about one thing in a test each has an instant of its own.
        act(self.workspace, replace(self.author, at=self.workspace.clock()), **what)

    def judged(self, act: Callable[..., Any], **what: Any) -> None:
        self.do(act, issuer=self.issuer, **what)

    @property
    def out(self) -> Path:
        """The folder for packets."""
        return self.folder.parent / "out"

    def held(self) -> str:
        """Return the id of a held delivery."""
        return self.workspace.store.deliveries.listed(DeliveryState.HELD)[0].delivery_id

    def written(self, name: str, content: bytes) -> Path:
        """Write a file beside the workspace."""
        path = self.folder.parent / name
        path.write_bytes(content)
        return path


Act = Callable[[Here], None]


def _nothing(here: Here) -> None:
    """Find the district as it was prepared."""


@dataclass(frozen=True)
class Case:
    """An act: how it is done, how it is refused, and what comes before either."""

    done: Act
    refused: Act
    given: Act = _nothing


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a district after a night, in which each act finds something to decide."""
    folder = tmp_path_factory.mktemp("acts") / "ws"
    with district(folder, nights=0):
        pass
    (folder / INBOX).write_text(export(ROWS), encoding="utf-8")
    town = Town(folder, NIGHT)
    town.night()
    town.now = NOW
    with town.workspace() as workspace:
        _prepare(workspace)
        here = _here(folder, workspace)
        here.judged(issue_document, agreement_id="HERON-26", kind=IssuedKind.PLAN)
        here.judged(make_requests, draft=_draft(ADA), folder=folder.parent / "to-send")
    return folder


def _here(folder: Path, workspace: Workspace) -> Here:
    return Here(folder, workspace, Author("A. Roe", "so decided", workspace.clock()))


def _prepare(workspace: Workspace) -> None:
    """Record what acts rest on: somebody who left, a review that lacks nothing, an adoption."""
    store, now, today = workspace.store, workspace.clock(), workspace.today()
    roster = read_roster(store)
    former = replace(roster.people[BEN], person_id=FORMER)
    with store.transaction():
        record_roster(store, replace(roster, people={**roster.people, FORMER: former}), now=now)
        record_roster(store, roster, now=workspace.clock())
        for point in (*TEXTS, *INVOLVED):
            met = ("a meeting", "the council") if point in INVOLVED else ("", "")
            facts = ("HERON-26", point, True, date(2026, 11, 3), *met, "", None, "Kim", today)
            POINTS.put(store, joined("HERON-26", point), ReviewedPoint(*facts), now=now)
        adopted = Adoption("QPD-26", date(2026, 11, 19), "item 7", None, "Kim", today)
        ADOPTIONS.put(store, "QPD-26", adopted, now=now)


def _documented(here: Here) -> None:
    """Let a document of the ESD be on file for the officer."""
    file = KeptFile("0" * 64, "letter.pdf", "application/pdf", 9)
    what = (("classroom", "on-the-job"), "verified", "ESD 900", date(2026, 11, 2), "88", file)
    document = FiledDocument("D1", (ADA,), *what, "Kim", here.workspace.today())
    store, author = here.workspace.store, replace(here.author, by="Kim", at=here.workspace.clock())
    with store.transaction():
        DOCUMENTS.put(store, "D1", document, now=author.at)
        store.audit.add(DecisionKind.DOCUMENT, "D1", author, before=None, after=DOCUMENTS.plain(document))


def _planted(here: Here) -> None:
    """Let an address stand among the released ones that no person has released."""
    store, author = here.workspace.store, replace(here.author, at=here.workspace.clock())
    with store.transaction():
        store.deliveries.release("QPD", ["stranger@evil.example"], author=author)


def _about_the_difference(here: Here, act: Callable[..., Any]) -> None:
    (difference,) = read_differences(here.workspace.store)
    here.do(act, difference_id=difference.id)
    assert read_differences(here.workspace.store) == ()


def _draft(*names: str, again: bool = False) -> RequestDraft:
    return RequestDraft(names, "ESD 900", 30, again)


def _claim(here: Here, *, accepted: bool) -> None:
    waiting = here.workspace.store.findings.open()
    (claim,) = [one.finding.id for one in waiting if one.finding.area is Area.CLAIM]
    here.do(decide_claim, claim_id=claim, accepted=accepted)


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


def _renamed_after_a_link(here: Here) -> None:
    """Let the roster have another name under the id that a learner was linked to."""
    here.do(people.link, handle=STRANGER, person_id=BEN)
    store = here.workspace.store
    roster = read_roster(store)
    renamed = replace(roster.people[BEN], first_name="Zoe", last_name="Quill", preferred_name="")
    with store.transaction():
        record_roster(store, replace(roster, people={**roster.people, BEN: renamed}), now=here.workspace.clock())


def _changed_rules(here: Here) -> None:
    change = RuleChange("rules-x", "matching and judging", date(2026, 11, 22), ("Ada: on plan → overdue",), (ADA,))
    with here.workspace.store.transaction():
        keep(here.workspace.store, change, now=here.workspace.clock())


def _question(here: Here) -> str:
    (decided,) = read_people_decisions(here.workspace.store, read_roster(here.workspace.store)).outdated
    return question_id(BEN, decided.then, read_roster(here.workspace.store).people[BEN].name)


def _match_workbook(here: Here, reason: str) -> None:
    issuer = here.issuer
    pseudonyms = here.workspace.pseudonyms
    waiting = cases(issuer.snapshot, issuer.judged.matches, book_of(issuer.snapshot, pseudonyms), pseudonyms)
    roster = issuer.snapshot.roster
    book = load_workbook(io.BytesIO(people_workbook(waiting, roster.people, roster.employers())))
    sheet = book["Who is who"]
    cells = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    (handle,) = {case.handle for case in waiting}
    for heading, answer_ in (("Decision", "yes"), ("Reason", reason)):
        sheet.cell(cells[handle].row, cells[heading].column).value = answer_
    path = here.folder.parent / "who.xlsx"
    book.save(path)
    here.do(people.decide_all, waiting=waiting, path=path)


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


def _partner(here: Here) -> Partner:
    return here.issuer.snapshot.roster.partners["HERON"]


def _lost(here: Here) -> str:
    return here.workspace.store.deliveries.listed(DeliveryState.UNKNOWN)[0].delivery_id


def _failed(here: Here, state: DeliveryState = DeliveryState.FAILED) -> None:
    """Let a delivery be one that nobody has taken, or of which nobody knows."""
    before = here.workspace.store.deliveries.get(here.held())
    with here.workspace.store.transaction():
        here.workspace.store.deliveries.save(before, replace(before, state=state))


def _sent(here: Here) -> str:
    """Let a delivery be one that its partner has, and return its id."""
    before = here.workspace.store.deliveries.get(here.held())
    taken = tuple(replace(recipient, state=RecipientState.ACCEPTED) for recipient in before.recipients)
    with here.workspace.store.transaction():
        named = replace(before, subject="training", message_id="<a@b.example>")
        sent = replace(named, state=DeliveryState.SENT, recipients=taken)
        here.workspace.store.deliveries.save(before, sent)
    return before.delivery_id


def _retry_failed(here: Here) -> None:
    (failed,) = here.workspace.store.deliveries.listed(DeliveryState.FAILED)
    here.do(mail.retry, delivery_ids=[failed.delivery_id])


def _release_again(here: Here) -> None:
    """Hold what was released, so that no address of it is new."""
    delivery_id = here.held()
    here.do(release_held, delivery_ids=[delivery_id])
    here.do(mail.hold, delivery_ids=[delivery_id])


def _done(here: Here, on: date) -> None:
    named = DutyNamed("students", "", ("Pinehill HS",))
    here.do(record_done, named=named, on=on, file=here.written("agenda.eml", LETTER))


def _undo(here: Here, year: str) -> None:
    here.do(undo_done, named=DutyNamed("students", year))


def _vote(here: Here, on: date) -> None:
    vote = Vote(on, "item 7", here.written("minutes.eml", LETTER))
    here.judged(adopt, agreement_id="HERON-26", vote=vote)


def _pull(here: Here, by: str) -> None:
    """Pull an export that lost most of its records; somebody insists on it."""
    drop_author(by, here.author.at)
    (here.folder / INBOX).write_text(export(DONE[:1]), encoding="utf-8")
    intake = take_in(here.workspace, now=here.workspace.clock())
    (pulled,) = pull_sources(here.workspace, intake, accept_drop={"vendor": by})
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


def _an_unknown_column(here: Here) -> None:
    """Let an earlier version have stored a column that the layout does not name."""
    store = here.workspace.store
    kept = KeptRows(store.connection, store.district_id)
    key, row = next(kept.rows("item"))
    with store.transaction():
        kept.rewrite([Rewrite("item", key, {"text": [*row["text"], ["Shoe size", "44"]]})])


def _the_claim(here: Here) -> str:
    (waiting,) = [waiting for waiting in here.workspace.store.findings.open() if waiting.finding.area is Area.CLAIM]
    return waiting.finding.id


def _point(here: Here, on: date) -> None:
    (found,) = [found for point, found in read_review(here.workspace, "QPD-26").points if point.id == "A1"]
    entry = PointEntry("yes", on, note="section 3", attachment="scan.eml")
    statement = PointSaid("A1", entry, seen_of(found), here.written("scan.eml", LETTER))
    here.do(record_point, agreement_id="QPD-26", statement=statement)


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


def _report_training(here: Here, person_id: str) -> None:
    issuer = here.issuer
    theirs = current_report(here.workspace.store, issuer, issuer.snapshot.roster.partners["HERON"])
    file = here.written("scan.eml", LETTER)
    form = TrainingForm((person_id,), "topic-02", date(2026, 11, 2), "Canyon ESD", file=file)
    here.do(report_training, issuer=issuer, report=theirs, form=form)


def _read_once(here: Here) -> None:
    with here.workspace.store.transaction():
        read = Acknowledgement("HERON", "D1", here.author.by, here.author.at)
        ACKNOWLEDGED.put(here.workspace.store, joined("D1", here.author.by), read, now=here.author.at)


def _linked(here: Here) -> None:
    """Let a link of a partner's work."""
    link = PartnerLink("HERON", ("boss@heron.example.com",), "D1", date(2026, 11, 20), date(2026, 12, 20))
    with here.workspace.store.transaction():
        PARTNER_LINKS.put(here.workspace.store, "0" * 64, link, now=here.author.at)


def _shared(here: Here) -> None:
    shared = SharedEvidence("HERON-26", "an auditor", "Kim", date(2026, 11, 20), date(2026, 12, 20))
    with here.workspace.store.transaction():
        SHARED.put(here.workspace.store, "0" * 64, shared, now=here.author.at)


def _share(here: Here, days: int) -> None:
    config = here.workspace.config
    outer = config.settings.web.outer.model_copy(update={"url": "https://training.example.org"})
    web = config.settings.web.model_copy(update={"outer": outer})
    config = config.model_copy(update={"settings": config.settings.model_copy(update={"web": web})})
    workspace = replace(here.workspace, config=config)
    author = replace(here.author, at=workspace.clock())
    share_evidence(workspace, author, agreement_id="HERON-26", whom="an auditor", days=days)


def _purge(here: Here) -> None:
    plan = retention.planned_purge(here.workspace, date(2020, 1, 1))
    here.do(retention.purge, plan=plan)


def _purge_left_over(here: Here) -> None:
    """Purge, where a file was left that nothing refers to."""
    (here.folder / "documents" / f"{'e' * 64}.pdf").write_bytes(b"%PDF-1.7")
    _purge(here)


WAITS = AskedAct(SecondAct.ADOPT, "HERON-26", date(2026, 11, 19), "item 7")


def _waits(here: Here) -> None:
    """Let an adoption wait for a second person; Kim asked for it under the name that acts have here."""
    at = here.author.at
    request = ActRequest("S1", WAITS, "Kim", "kim@example.org", "item 7", at, at + timedelta(days=7))
    with here.workspace.store.transaction():
        ACT_REQUESTS.put(here.workspace.store, "S1", request, now=at)


def _second(here: Here, act: Callable[..., Any], account: str = "a.roe") -> None:
    here.do(act, email=f"{account}@example.org", request_id="S1")


def _mail(act: Callable[..., Any]) -> Case:
    return Case(
        lambda here: here.do(act, delivery_ids=[here.held()]),
        lambda here: here.do(act, delivery_ids=[here.held(), "20261123-none"]),
    )


def _issued(act: Callable[..., Any]) -> Case:
    return Case(
        lambda here: here.judged(act, number="TP-2026-0001"), lambda here: here.judged(act, number="TP-2026-0009")
    )


def _document(kind: IssuedKind, agreement_id: str, refused: str) -> Case:
    issue = partial(Here.judged, act=issue_document, kind=kind)
    return Case(lambda here: issue(here, agreement_id=agreement_id), lambda here: issue(here, agreement_id=refused))


def _backed_up(here: Here) -> Manifest:
    """Return what a backup of the district says of itself; nothing has to be written for that."""
    number, head = here.workspace.store.audit.head()
    return Manifest("x", here.author.at, "1", "1", number, head, "here", ())


CASES: Mapping[str, Case] = {
    "settle_restored": Case(
        lambda here: here.do(settle_restored, manifest=_backed_up(here), again=()),
        lambda here: here.do(settle_restored, manifest=replace(_backed_up(here), log_head="f" * 64), again=()),
    ),
    "decide_claim": Case(
        lambda here: _claim(here, accepted=True),
        lambda here: here.do(decide_claim, claim_id="none", accepted=True),
    ),
    "decide_claim, refused by the reviewer": Case(
        lambda here: _claim(here, accepted=False),
        lambda here: here.do(decide_claim, claim_id="none", accepted=False),
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
        lambda here: here.do(settle, finding_id=_the_claim(here), answer=Answer.ACCEPT),
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
    "record_point": Case(lambda here: _point(here, date(2026, 11, 5)), lambda here: _point(here, date(2026, 12, 5))),
    "take_over_map": Case(
        lambda here: _take_over_map(here, "Another unit"), lambda here: _take_over_map(here, "x", seen="another file")
    ),
    "take_over_roster": Case(_take_over_roster, lambda here: _take_over_roster(here, seen="another file")),
    "report_training": Case(lambda here: _report_training(here, BEN), lambda here: _report_training(here, ADA)),
    "acknowledge": Case(
        lambda here: here.do(acknowledge, partner_id="HERON", delivery_id="D2"),
        lambda here: here.do(acknowledge, partner_id="HERON", delivery_id="D1"),
        given=_read_once,
    ),
    "end_links": Case(
        lambda here: here.do(end_links, partner_id="HERON"),
        lambda here: here.do(end_links, partner_id="QPD"),
        given=_linked,
    ),
    "export_evidence": Case(
        lambda here: here.judged(export_evidence, about="HERON-26", whom="an auditor", folder=here.out),
        lambda here: here.judged(export_evidence, about="HERON-27", whom="an auditor", folder=here.out),
    ),
    "share_evidence": Case(lambda here: _share(here, 14), lambda here: _share(here, 900)),
    "end_sharing": Case(
        lambda here: here.do(end_sharing, agreement_id="HERON-26"),
        lambda here: here.do(end_sharing, agreement_id="QPD-26"),
        given=_shared,
    ),
    "link": Case(
        lambda here: here.do(people.link, handle=STRANGER, person_id=BEN),
        lambda here: here.do(people.link, handle=STRANGER, person_id="99999"),
    ),
    "refuse": Case(
        lambda here: here.do(people.refuse, handle=STRANGER, people=[BEN]),
        lambda here: here.do(people.refuse, handle="vendor:nobody", people=[BEN]),
    ),
    "deny": Case(
        lambda here: here.do(people.deny, handle=STRANGER, person_id=BEN),
        lambda here: here.do(people.deny, handle=STRANGER, person_id="99999"),
    ),
    "answer_question": Case(
        lambda here: here.do(answer_question, question_id=_question(here), same=True),
        lambda here: here.do(answer_question, question_id="none", same=False),
        given=_renamed_after_a_link,
    ),
    "accept_rules": Case(
        lambda here: here.do(accept_rules, finding_id="rules-x"),
        lambda here: here.do(accept_rules, finding_id="none"),
        given=_changed_rules,
    ),
    "database_is_right": Case(
        lambda here: _about_the_difference(here, database_is_right),
        lambda here: here.do(database_is_right, difference_id="none"),
        given=_planted,
    ),
    "log_is_right": Case(
        lambda here: _about_the_difference(here, log_is_right),
        lambda here: here.do(log_is_right, difference_id="none"),
        given=_planted,
    ),
    "unlink": Case(
        lambda here: here.do(people.unlink, handle=STRANGER),
        lambda here: here.do(people.unlink, handle="vendor:nobody"),
        given=lambda here: here.do(people.link, handle=STRANGER, person_id=BEN),
    ),
    "decide_all": Case(
        lambda here: _match_workbook(here, "asked him"),
        lambda here: _match_workbook(here, ""),
    ),
    "merge": Case(
        lambda here: here.do(people.merge, former=FORMER, person_id=BEN),
        lambda here: here.do(people.merge, former=ADA, person_id=BEN),
    ),
    "unmerge": Case(
        lambda here: here.do(people.unmerge, former=FORMER),
        lambda here: here.do(people.unmerge, former=ADA),
        given=lambda here: here.do(people.merge, former=FORMER, person_id=BEN),
    ),
    "release": _mail(mail.release),
    "release_held": _mail(release_held),
    "release, of addresses released before": replace(_mail(mail.release), given=_release_again),
    "hold": _mail(mail.hold),
    "hold_partner": Case(
        lambda here: here.do(mail.hold_partner, partner=_partner(here)),
        lambda here: here.do(mail.hold_partner, partner=replace(_partner(here), report_to=(), copy_to=())),
    ),
    "settle, of a delivery": Case(
        lambda here: here.do(mail.settle, delivery_ids=[_lost(here)], arrived=True),
        lambda here: here.do(mail.settle, delivery_ids=[here.held()], arrived=True),
        given=lambda here: _failed(here, DeliveryState.UNKNOWN),
    ),
    "retract": Case(
        lambda here: here.judged(retract, delivery_id=_sent(here)),
        lambda here: here.judged(retract, delivery_id=here.held()),
    ),
    "retry": Case(_retry_failed, lambda here: here.do(mail.retry, delivery_ids=[here.held()]), given=_failed),
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
        given=_documented,
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
        lambda here: here.judged(make_requests, draft=_draft(ADA, again=True), folder=here.out),
        lambda here: here.judged(make_requests, draft=_draft(ADA, BEN, again=True), folder=here.out),
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
    "read_checklist": Case(lambda here: _checklist(here, "yes"), lambda here: _checklist(here, "perhaps")),
    "adopt": Case(lambda here: _vote(here, date(2026, 11, 19)), lambda here: _vote(here, date(2026, 11, 30))),
    "undo_adoption": Case(
        lambda here: here.do(undo_adoption, agreement_id="QPD-26"),
        lambda here: here.do(undo_adoption, agreement_id="HERON-26"),
    ),
    "issue_document, a confirmation": replace(
        _document(IssuedKind.CONFIRMATION, "QPD-26", "HERON-26"), given=_documented
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
    "issue_without": Case(
        lambda here: here.do(issue_without, source="late"),
        lambda here: here.do(issue_without, source="vendor"),
        given=_never_read,
    ),
    "accept_refused": Case(
        lambda here: here.do(accept_refused, source="vendor"),
        lambda here: here.do(accept_refused, source="late"),
        given=_much_refused,
    ),
    "a drop that is accepted": Case(lambda here: _pull(here, "A. Roe"), lambda here: _pull(here, " ")),
    "add_hold": Case(
        lambda here: here.do(retention.add_hold, subject=BEN),
        lambda here: here.do(retention.add_hold, subject="99999"),
    ),
    "lift_hold": Case(
        lambda here: here.do(retention.lift_hold, subject=BEN),
        lambda here: here.do(retention.lift_hold, subject=ADA),
        given=lambda here: here.do(retention.add_hold, subject=BEN),
    ),
    "clean": Case(
        lambda here: here.do(clean, plan=planned_cleaning(here.workspace)),
        lambda here: here.do(clean, plan=CleaningPlan(())),
        given=_an_unknown_column,
    ),
    "purge": Case(
        _purge_left_over,
        _purge,
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


@pytest.fixture
def here(prepared: Path, tmp_path: Path) -> Iterator[Here]:
    """Yield a copy of the district, opened."""
    with _copied(prepared, tmp_path / "ws") as here:
        yield here


@pytest.fixture(scope="module")
def unchanged(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """Yield a copy, opened, for acts that are refused: each of their tests leaves it as it was, or fails."""
    with _copied(prepared, tmp_path_factory.mktemp("refused") / "ws") as here:
        yield here


@contextmanager
def _copied(prepared: Path, folder: Path) -> Iterator[Here]:
    shutil.copytree(prepared, folder)
    (folder / "documents").mkdir(exist_ok=True)
    town = Town(folder, NOW)
    town.later(minutes=5)
    with town.workspace() as workspace:
        yield _here(folder, workspace)


def rows(here: Here) -> list[str]:
    """Return all that the database holds."""
    with closing(sqlite3.connect(here.folder / "state" / "lms_sync.db")) as connection:
        return list(connection.iterdump())


def kept(here: Here) -> list[str]:
    """Return the names of the files that the workspace keeps, and of those written for others."""
    out = here.out
    return sorted(path.name for folder in (here.folder / "documents", out) for path in folder.glob("*"))


def entries(here: Here) -> tuple[LogEntry, ...]:
    return here.workspace.store.audit.entries()


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_is_done_leaves_one_entry_of_the_log(here: Here, name: str) -> None:
    case = CASES[name]
    case.given(here)
    before = entries(here)
    case.done(here)
    after = entries(here)
    assert len(after) == len(before) + 1
    assert after[-1].payload.get("second", after[-1].payload["by"]) == "A. Roe"
    assert broken(after) == ()


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_is_refused_leaves_nothing(request: pytest.FixtureRequest, name: str) -> None:
    case = CASES[name]
    here: Here = request.getfixturevalue("unchanged" if case.given is _nothing else "here")
    case.given(here)
    before = rows(here), kept(here)
    with pytest.raises(UsageError) as refusal:
        case.refused(here)
    assert (rows(here), kept(here)) == before
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("decide_claim", "UPDATE decision SET person_name = 'Poe, Ann'"),
        ("keep_completions", "UPDATE fact SET payload = json_set(payload, '$.status', 'x') WHERE kind = 'doubt'"),
    ],
)
def test_13_2_what_a_decision_was_about_stands_in_its_entry_and_cannot_be_changed_unseen(
    here: Here, name: str, change: str
) -> None:
    CASES[name].given(here)
    CASES[name].done(here)
    store = here.workspace.store
    assert read_differences(store) == ()
    with store.transaction():
        store.connection.exec_driver_sql(change)
    assert len(read_differences(store)) == 1


def test_13_2_the_partner_of_a_difference_is_held_and_nothing_is_purged(here: Here) -> None:
    """The log has nothing of a release, of a link and of a hold that was taken away: the safe side holds."""
    assert stop_reasons(here.issuer, ()).get("QPD", "") != WHY_IT_WAITS
    here.do(retention.add_hold, subject=BEN)
    with here.workspace.store.transaction():
        HOLDS.end(here.workspace.store, BEN, now=here.workspace.clock())
    assert [name for name, why in stop_reasons(here.issuer, ()).items() if why == WHY_IT_WAITS] == ["HERON"]
    _planted(here)
    stops = stop_reasons(here.issuer, ())
    assert (stops["HERON"], stops["QPD"]) == (WHY_IT_WAITS, WHY_IT_WAITS)
    with pytest.raises(UsageError, match="differ"):
        _purge_left_over(here)


def test_13_2_a_learner_with_a_planted_link_is_nobody(here: Here) -> None:
    here.do(people.link, handle=STRANGER, person_id=BEN)
    key = people.pseudonym_of(STRANGER, here.workspace.pseudonyms)
    assert here.issuer.judged.matches[key].person_id == BEN
    store = here.workspace.store
    with store.transaction():
        planted = replace(read_links(store)[0], person_id=ADA)
        record_link(store, planted, now=here.workspace.clock())
    match = here.issuer.judged.matches[key]
    assert (match.person_id, match.candidates) == ("", ())
    assert stop_reasons(here.issuer, ())["QPD"] == WHY_IT_WAITS


def _functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Yield the functions of the modules that speak of an author."""
    texts = ((path, path.read_text(encoding="utf-8")) for path in sorted(PRODUCT.rglob("*.py")))
    for path, text in ((path, text) for path, text in texts if "author: Author" in text):
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                yield path, node


def test_the_cases_name_every_act() -> None:
    acts = {
        node.name
        for path, node in _functions()
        if [argument.arg for argument in node.args.args[:2]] == ["workspace", "author"]
        and not node.name.startswith("_")
        and path.parent.name != "cli"
    }
    assert acts == {name.partition(",")[0] for name in CASES} - {"a drop that is accepted"}


def test_the_store_writes_no_entry_of_the_log_by_itself() -> None:
    assert [
        path.name
        for path in (PRODUCT / "store").rglob("*.py")
        if path.name != "audit.py" and "audit.add(" in path.read_text(encoding="utf-8")
    ] == []


def _writes() -> frozenset[str]:
    """Return the names of the store's methods and functions that write: their transaction is the caller's."""
    names = {"transaction", "add", "save", "put", "end", "record", "see", "decide", "clear", "release"}
    names |= {"start", "finish", "withdraw", "accept_absences", "end_absences", "record_pull", "record_file"}
    return frozenset(names)


def _is_write(node: ast.AST) -> bool:
    """Tell whether a node writes to a store: `….store.x.add(…)`, `REGISTER.put(…)`, `record_roster(…)`."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("lms_sync.store") and any(
            alias.name.startswith(("record_", "end_")) for alias in node.names
        )
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _writes()):
        return False
    owner = ast.unparse(node.func.value)
    return "store" in owner.split(".") or owner.isupper()


def test_the_command_line_opens_no_transaction_and_writes_nothing() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((PRODUCT / "cli").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.ImportFrom) and _is_write(node)
    ]
    assert found == []


def test_what_counts_as_a_write_is_found() -> None:
    for text in ("workspace.store.transaction()", "workspace.store.findings.decide(x)", "HOLDS.put(store, x)"):
        assert any(_is_write(node) for node in ast.walk(ast.parse(text)))
    for text in ("workspace.store.findings.open()", "decide.link(workspace, author)", "names.add(x)"):
        assert not any(_is_write(node) for node in ast.walk(ast.parse(text)))
