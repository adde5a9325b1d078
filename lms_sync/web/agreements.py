"""Agreements: the year as a checklist, clause C (confirm, or plan), send, verify, adopt, and the calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import abort
from werkzeug.wrappers import Response

from lms_sync.agreements.clause_c.issue import draft_document, issue_document, issue_reason, read_clause
from lms_sync.agreements.clause_c.send import send_document
from lms_sync.agreements.clause_c.send import withdraw_document as withdraw_issued_document
from lms_sync.agreements.clause_c.status import ClauseC
from lms_sync.agreements.clause_c.verify import Verification, verify_code, verify_file
from lms_sync.agreements.clause_c.watch import contradictions
from lms_sync.agreements.review.adoption import Vote, undo_adoption
from lms_sync.agreements.review.adoption import adopt as record_adoption
from lms_sync.agreements.review.checklist import BLANK, PointEntry, checklist_id
from lms_sync.agreements.review.record import copy_now, file_problems, read_checklist, read_recorded
from lms_sync.agreements.review.record_point import PointSaid, record_point, seen_of
from lms_sync.agreements.review.status import Review, listed, review_of
from lms_sync.agreements.review.workbook import review_workbook
from lms_sync.documents.vault import open_vault, plain_name
from lms_sync.errors import NeedsSecond, UsageError
from lms_sync.files import id_in_name
from lms_sync.mail.documents import PDF, XLSX
from lms_sync.mail.send import send
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.known import known_agreement
from lms_sync.model.partner_page import SharedEvidence
from lms_sync.model.roster import Agreement
from lms_sync.model.second_person import AskedAct, SecondAct
from lms_sync.operations.night import open_issuer
from lms_sync.operations.partner_page.shared_documents import end_sharing, share_evidence
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.words import ISSUED_WORDS
from lms_sync.store.known.registers import SHARED
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_day
from lms_sync.web.documents import kept_file
from lms_sync.web.looks import record_look
from lms_sync.web.second import asked
from lms_sync.web.uploads import all_uploaded, needed, uploaded
from lms_sync.web.visit import Visit, content, day_of, done, form, page, whole_of

ADOPTION = "adoption"
KINDS = {"confirmation": IssuedKind.CONFIRMATION, "plan": IssuedKind.PLAN}


def agreements(visit: Visit) -> str:
    """Return all agreements, those first whose review is due first."""
    issuer = visit.issuer
    reviews = listed(issuer.snapshot.roster, read_recorded(visit.workspace.store), as_of=issuer.judged.as_of)
    return page("agreements.html", reviews=reviews, words=ISSUED_WORDS, day=issuer.judged.as_of)


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """Clause C of an agreement as the page shows it."""

    clause: ClauseC | None
    why_not: str
    """Why there is none to show; empty where there is."""


def agreement(visit: Visit, agreement_id: str) -> str:
    """Return one agreement's year: each point, clause C person by person, its documents, the adoption."""
    review = _review(visit, agreement_id)
    issuer = visit.issuer
    standing = review.clause_c
    return page(
        "agreement.html",
        review=review,
        lacks={lack.point.id: lack for lack in review.lacks},
        seen={point.id: seen_of(found) for point, found in review.points},
        clause_c=_clause(issuer, review.agreement),
        contradictions=contradictions(standing, issuer) if standing else (),
        problems=file_problems(open_vault(*visit.workspace.config.kept_files), review),
        words=ISSUED_WORDS,
        zone=visit.workspace.zone,
        day=issuer.judged.as_of,
        shared=_shared(visit, review.agreement.agreement_id),
        can_share=bool(visit.workspace.config.settings.web.outer.url),
    )


def _shared(visit: Visit, agreement_id: str) -> list[SharedEvidence]:
    today = visit.workspace.today()
    found = SHARED.read(visit.workspace.store).values()
    return [shared for shared in found if shared.agreement_id == agreement_id and shared.works(today)]


def share(visit: Visit, agreement_id: str) -> str:
    """Make a link to the agreement's documents for an outsider; it is shown once."""
    name = _review(visit, agreement_id).agreement.agreement_id
    days = whole_of("days", "Write for how many days it should work.")
    with visit.writing() as workspace:
        author = visit.author(workspace)
        link = share_evidence(workspace, author, agreement_id=name, whom=form("whom"), days=days)
    return page("shared.html", link=link, whom=form("whom"), agreement_id=name)


def end_share(visit: Visit, agreement_id: str) -> Response:
    """Let no link to the agreement's documents work any longer."""
    name = _review(visit, agreement_id).agreement.agreement_id
    with visit.writing() as workspace:
        ended = end_sharing(workspace, visit.author(workspace), agreement_id=name)
    return done(f"{ended} links to the documents of {name} no longer work.", f"/agreements/{name}")


def _review(visit: Visit, agreement_id: str) -> Review:
    roster = visit.issuer.snapshot.roster
    try:
        found = known_agreement(roster, agreement_id)
    except UsageError:
        abort(404)
    return review_of(roster, read_recorded(visit.workspace.store), found, as_of=visit.issuer.judged.as_of)


def _clause(issuer: Issuer, agreement: Agreement) -> ClauseShown:
    try:
        return ClauseShown(read_clause(issuer, agreement), "")
    except UsageError as error:
        return ClauseShown(None, f"{error}. {error.hint}")


def point(visit: Visit, agreement_id: str) -> Response:
    """Record one point of the review."""
    name = _review(visit, agreement_id).agreement.agreement_id
    with uploaded("file", optional=True) as path, visit.writing() as workspace:
        attachment = plain_name(path.name) if path else form("attachment")
        entry = PointEntry(form("done"), day_of("on"), form("how"), form("who"), form("note"), attachment)
        blank = not (entry.done or entry.on or entry.how or entry.who or entry.note)
        statement = PointSaid(form("point"), BLANK if blank else entry, form("seen"), path)
        author = visit.author(workspace, f"the review of {name}")
        record_point(workspace, author, agreement_id=name, statement=statement)
    return done(
        f"{statement.point} is {'taken back' if blank else 'recorded'}.", f"/agreements/{name}#{statement.point}"
    )


def attachment(visit: Visit, agreement_id: str, number: str) -> Response:
    """Return what was attached to a point of the review, or as `adoption` to the board's vote; record the look."""
    review = _review(visit, agreement_id)
    files = {point.id: found.file for point, found in review.points if found}
    file = (review.adoption.file if review.adoption else None) if number == ADOPTION else files.get(number)
    if file is None:
        abort(404)
    return kept_file(visit, file, what=f"attachment {number} of agreement {review.agreement.agreement_id}")


def checklist(visit: Visit, agreement_id: str) -> Response:
    """Return the checklist as a workbook to fill in."""
    workspace = visit.workspace
    review = _review(visit, agreement_id)
    with visit.district.heavy:
        mark = checklist_id(copy_now(workspace.store, review, workspace.clock()), workspace.pseudonyms)
        book = review_workbook(review, checklist=mark)
    return content(book, kind=XLSX, name=f"checklist-{id_in_name(review.agreement.agreement_id)}.xlsx")


def checklist_back(visit: Visit, agreement_id: str) -> Response:
    """Record what a filled-in checklist says, with its attachments: all of it, or nothing."""
    name = _review(visit, agreement_id).agreement.agreement_id
    with needed("file") as path, all_uploaded("attachments") as attachments, visit.writing() as workspace:
        for attachment in attachments:
            attachment.rename(path.parent / attachment.name)
        author = visit.author(workspace, f"the review of {name}")
        result = read_checklist(workspace, author, agreement_id=name, path=path, folder=path.parent)
    sentences = [f"Recorded: {', '.join(result.changed) or 'nothing new'}."]
    sentences += [f"Taken back: {', '.join(result.cleared)}."] if result.cleared else []
    sentences += [f"Left as somebody recorded since: {', '.join(result.newer)}."] if result.newer else []
    return done("\n".join(sentences), f"/agreements/{name}")


def draft(visit: Visit, agreement_id: str, kind: str) -> Response:
    """Return a confirmation or a plan as it would look; nothing is issued, and each page says so."""
    if kind not in KINDS:
        abort(404)
    agreement = _review(visit, agreement_id).agreement
    with visit.district.heavy:
        data = draft_document(visit.issuer, read_clause(visit.issuer, agreement), KINDS[kind])
    return content(data, kind=PDF, name=f"draft-{kind}-{id_in_name(agreement.agreement_id)}.pdf")


@contextmanager
def _issuing(visit: Visit) -> Iterator[tuple[Workspace, Issuer]]:
    """Yield the workspace and everybody judged just now, for one act of an agreement."""
    with visit.writing() as workspace:
        yield workspace, open_issuer(workspace, as_of=workspace.today())


def issue(visit: Visit, agreement_id: str, kind: str) -> Response:
    """Issue a confirmation or a plan, or show the one that stands where nothing has changed."""
    if kind not in KINDS:
        abort(404)
    name = _review(visit, agreement_id).agreement.agreement_id
    with visit.district.heavy, _issuing(visit) as (workspace, issuer):
        author = visit.author(workspace, issue_reason(issuer, name))
        try:
            result = issue_document(workspace, author, issuer=issuer, agreement_id=name, kind=KINDS[kind])
        except NeedsSecond:
            return asked(visit, workspace, author, wanted=AskedAct(SecondAct.CONFIRM, name))
    number = f"{ISSUED_WORDS[result.issued.kind]} {result.issued.number}, verification code {result.issued.code}"
    sentence = f"Issued: {number}." if result.new else f"Nothing has changed since {number}, which is in force."
    return done(sentence, f"/agreements/{name}#documents")


def issued_pdf(visit: Visit, number: str) -> Response:
    """Return a document as it was issued, and record the look."""
    issued = _issued(visit.workspace, number)
    if issued.purged:
        abort(404)
    record_look(visit.district, visit.user.name, f"issued document {number}")
    return content(visit.workspace.store.issued.content(issued.number), kind=PDF, name=f"{issued.number}.pdf")


def _issued(workspace: Workspace, number: str) -> Issued:
    try:
        return workspace.store.issued.get(number)
    except UsageError:
        abort(404)


def send_issued(visit: Visit, number: str) -> Response:
    """Mail a document, as it was issued, to the agreement's partner."""
    with _issuing(visit) as (workspace, issuer):
        issued = _issued(workspace, number)
        author = visit.author(workspace, f"mailed {issued.number} to its partner")
        again = form("again") == "yes"
        delivery = send_document(workspace, author, issuer=issuer, number=issued.number, again=again)
        send(workspace)
        after = workspace.store.deliveries.get(delivery.delivery_id)
    sentence = f"{issued.number}: {after.state.value}. {after.detail}".strip()
    return done(sentence, f"/agreements/{issued.agreement_id}#documents")


def withdraw_issued(visit: Visit, number: str) -> Response:
    """Retract a document; whoever was mailed it is mailed that it no longer counts."""
    with _issuing(visit) as (workspace, issuer):
        issued = _issued(workspace, number)
        delivery = withdraw_issued_document(workspace, visit.author(workspace), issuer=issuer, number=issued.number)
        send(workspace)
    receivers = "Everybody who received it by mail is notified." if delivery else "It was mailed to nobody from here."
    sentence = f"{issued.number} is withdrawn. {receivers} Inform everybody who has it on paper."
    return done(sentence, f"/agreements/{issued.agreement_id}#documents")


def adopt(visit: Visit, agreement_id: str) -> Response:
    """Record that the board adopted the agreement, once its review is whole."""
    name = _review(visit, agreement_id).agreement.agreement_id
    with uploaded("file", optional=True) as path, _issuing(visit) as (workspace, issuer):
        on = day_of("on")
        if on is None:
            raise UsageError("the day of the board's vote is blank", hint="Fill in the day.")
        vote = Vote(on, form("note"), path)
        author = visit.author(workspace, vote.reason)
        try:
            new = record_adoption(workspace, author, issuer=issuer, agreement_id=name, vote=vote)
        except NeedsSecond:
            wanted = AskedAct(SecondAct.ADOPT, name, on, vote.note)
            return asked(visit, workspace, author, wanted=wanted, file=path)
    return done(
        f"{name}: adopted on {written_day(on)}." if new else "This was already recorded.", f"/agreements/{name}"
    )


def undo_adopt(visit: Visit, agreement_id: str) -> Response:
    """Take the record of an adoption back."""
    name = _review(visit, agreement_id).agreement.agreement_id
    with visit.writing() as workspace:
        undo_adoption(workspace, visit.author(workspace), agreement_id=name)
    return done(f"{name}: the record of its adoption is taken back.", f"/agreements/{name}")


def verify(visit: Visit) -> str:
    """Return the form that says whether a document was issued here."""
    return page("verify_here.html", verdict=None)


def verified(visit: Visit) -> str:
    """Say whether a file, or a number and a code, is a document that was issued here."""
    return page("verify_here.html", verdict=_verdict(visit))


def _verdict(visit: Visit) -> Verification:
    with uploaded("file", optional=True) as path:
        if path is not None:
            data = open_vault(*visit.workspace.config.kept_files).read(path)
            return verify_file(visit.workspace.store, data, visit.issuer)
    if not form("number") or not form("code"):
        raise UsageError("nothing to verify", hint="Choose a file, or type the number and the code.")
    return verify_code(visit.workspace.store, form("number"), form("code"), visit.issuer)
