"""Issue a training confirmation or a training plan for an agreement, or show it as a draft."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms_sync import __version__
from lms_sync.agreements.clause_c.as_json import clause_c_json
from lms_sync.agreements.clause_c.codes import verification_code
from lms_sync.agreements.clause_c.intact import digest_of, next_number
from lms_sync.agreements.clause_c.pdf import Stamp, agreement_plan_pdf, confirmation_pdf
from lms_sync.agreements.clause_c.status import ClauseC, clause_c
from lms_sync.compliance.gate import law_text, own_row, setting
from lms_sync.errors import UsageError
from lms_sync.mail.before_issuing import expect_complete, expect_read
from lms_sync.mail.documents import make_plan
from lms_sync.model.author import Author
from lms_sync.model.course_map import CourseMap
from lms_sync.model.issued import Issued, IssuedKind
from lms_sync.model.known import known_agreement
from lms_sync.model.log import DecisionKind
from lms_sync.model.roster import Agreement, Roster
from lms_sync.model.second_person import SecondAct
from lms_sync.model.stored.log_payload import ISSUE, LoggedIssue
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.typeset import Pdf
from lms_sync.store.known.snapshot import read_map, read_roster
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import command_line, written_day
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.settings.config import Config

log = logging.getLogger(__name__)

LETTERS = {IssuedKind.CONFIRMATION: "TC", IssuedKind.PLAN: "TP"}
"""What a document's number begins with."""
LOGGED = {IssuedKind.CONFIRMATION: DecisionKind.CONFIRMATION, IssuedKind.PLAN: DecisionKind.PLAN}


@dataclass(frozen=True, slots=True)
class IssueResult:
    """A document as issued, its PDF, and whether it was issued just now."""

    issued: Issued
    content: bytes
    new: bool
    """False when the one that stands says just the same: nothing is issued a second time."""


def read_clause(issuer: Issuer, agreement: Agreement) -> ClauseC:
    """Return clause C on the day judged.

    Raises: UsageError for a day to come, and for an agreement that covers nobody, or has ended.
    """
    as_of = issuer.judged.as_of
    if as_of > issuer.today:
        raise UsageError(f"--as-of {as_of}: a day in the future", hint="Name today, or a day that has passed.")
    if agreement.ended(as_of):
        raise UsageError(
            f"{agreement.agreement_id} ended on {written_day(agreement.ends)}, before {written_day(as_of)}",
            hint="Name the agreement that is in force, or --as-of a day of this one.",
        )
    clause = clause_c(issuer.snapshot, issuer.judged, agreement)
    if not clause.people:
        raise UsageError(
            f"{agreement.agreement_id}: nobody is assigned under it on {written_day(clause.report.as_of)} or later",
            hint="Put the people into the roster's sheet Assignments with this Agreement ID, and let a night run.",
        )
    return clause


def issue_document(
    workspace: Workspace, author: Author, *, issuer: Issuer, agreement_id: str, kind: IssuedKind
) -> IssueResult:
    """Issue an agreement's document, or return the one that stands where nothing has changed: then nothing is logged.

    Raises: UsageError when the roster or the map was changed since the last night, for an agreement that has no
    clause C on the day judged, and when a confirmation would not be true, naming each person and what is lacking; for
    a plan, when evidence of its people may not have been read; ConfigError when nothing may be issued yet.
    """
    expect_complete(issuer)
    store = workspace.store
    with store.transaction():
        expect_current(store, workspace.config)
        clause = read_clause(issuer, known_agreement(issuer.snapshot.roster, agreement_id))
        if kind is IssuedKind.CONFIRMATION:
            expect_documented(clause)
        else:
            expect_read(issuer, clause.partner.partner_id, frozenset(c.gaps.person_id for c in clause.people))
        judgement = clause_c_json(clause)
        if (same := _standing_same(store, clause, kind, judgement)) is not None:
            return IssueResult(same, store.issued.content(same.number), new=False)
        if kind is IssuedKind.CONFIRMATION:
            workspace.expect_second(author, SecondAct.CONFIRM)
        issued, content = _issued(store, issuer, clause, judgement, kind=kind, author=author)
        store.issued.add(issued, content)
        after = _logged(issued, clause)
        store.audit.add(LOGGED[kind], clause.agreement.agreement_id, author, before=None, after=after)
    return IssueResult(issued, content, new=True)


def issue_reason(issuer: Issuer, agreement_id: str) -> str:
    """Return why a document is issued: the reason of its entry in the log."""
    every = issuer.snapshot.roster.agreements
    named = next((name for name in every if name.casefold() == agreement_id.strip().casefold()), agreement_id)
    return f"clause C of {named}"


def _logged(issued: Issued, clause: ClauseC) -> dict[str, Any]:
    people = tuple(covered.gaps.person_id for covered in clause.people)
    return ISSUE.plain(LoggedIssue(issued.number, issued.sha256, issued.as_of, people, digest_of(issued)))


def draft_document(issuer: Issuer, clause: ClauseC, kind: IssuedKind) -> bytes:
    """Return the document as it would look, without number and code: it says that it is a draft."""
    return _pdf(issuer, clause, kind, None)


def expect_documented(clause: ClauseC) -> None:
    """Raise UsageError that names each person who is not documented, and what each lacks."""
    lacking = clause.undocumented
    if not lacking:
        return
    alike: dict[str, list[str]] = {}
    for covered in lacking:
        alike.setdefault("; ".join(covered.lacks), []).append(f"{covered.gaps.name} ({covered.gaps.person_id})")
    lines = [f"  {', '.join(people)}: {lacks}" for lacks, people in alike.items()]
    agreement_id, total = clause.agreement.agreement_id, len(clause.people)
    raise UsageError(
        f"{agreement_id} can't be confirmed as of {written_day(clause.report.as_of)}: {len(lacking)} of {total}"
        " people are not documented\n" + "\n".join(lines),
        hint="File the ESD's documents (`lms-sync documents add`), or describe the plan instead:"
        f" `{command_line('agreements plan', agreement_id)}`.",
    )


def expect_current(store: Store, config: Config) -> None:
    """Refuse to issue by a roster or a course map that has been changed since the last night took it in.

    Raises: UsageError that says which file.
    """
    settings = config.settings
    roster = config.path(settings.roster.path)
    courses = config.path(settings.mappings.courses)
    names = {source.name for source in settings.source} | store.runs.pulls().keys()
    dates = settings.district.dates
    mapping = check_mapping(courses, sources=names, dates=dates)
    stale = [
        path.name
        for path, same in (
            (roster, _facts(check_roster(roster, dates=dates).roster) == _facts(read_roster(store))),
            (courses, _version(mapping.course_map) == read_map(store).version),
        )
        if not same
    ]
    if stale:
        raise UsageError(
            f"{' and '.join(stale)}: changed since the last night took it in, or not in order",
            hint="See `lms-sync check`, run `lms-sync nightly` (or `lms-sync pull`), then try again.",
        )


def _facts(roster: Roster | None) -> object:
    """Return what two rosters have in common that differ in the order of their rows only."""
    if roster is None:
        return None
    return dict(roster.partners), dict(roster.agreements), dict(roster.people), frozenset(roster.assignments)


def _version(course_map: CourseMap | None) -> str:
    return course_map.version if course_map is not None else "none"


def _standing_same(store: Store, clause: ClauseC, kind: IssuedKind, judgement: dict[str, Any]) -> Issued | None:
    """Return the document that stands and says the same, whenever it was known; None when there is none.

    A document of the other kind that was issued since has replaced it.
    """
    for issued in reversed(
        [issued for issued in store.issued.listed(clause.agreement.agreement_id) if issued.stands]
    ):
        if issued.kind is not kind:
            return None
        if {**issued.judgement, "known_at": ""} == {**judgement, "known_at": ""}:
            return issued
    return None


def _issued(
    store: Store, issuer: Issuer, clause: ClauseC, judgement: dict[str, Any], *, kind: IssuedKind, author: Author
) -> tuple[Issued, bytes]:
    report = clause.report
    issued_on = author.at.astimezone(issuer.templates.zone).date()
    number = next_number(store, f"{LETTERS[kind]}-{issued_on.year}-")
    code = verification_code(
        issuer.pseudonyms, number, as_of=report.as_of, known_at=report.known_at, judgement=judgement
    )
    terms = issuer.snapshot.yearly.on(report.as_of).citation
    content = _pdf(issuer, clause, kind, _stamp(number, code, issued_on, author.by, terms))
    issued = Issued(
        number=number,
        kind=kind,
        agreement_id=clause.agreement.agreement_id,
        partner_id=clause.partner.partner_id,
        as_of=report.as_of,
        known_at=report.known_at,
        issued_at=author.at,
        issued_by=author.by,
        program=__version__,
        law=report.law,
        map_version=report.mapping,
        code=code,
        sha256=hashlib.sha256(content).hexdigest(),
        judgement=judgement,
    )
    return issued, content


def _stamp(number: str, code: str, issued_on: date, by: str, terms: str) -> Stamp:
    return Stamp(
        number=own_row(number),
        code=own_row(code),
        issued_on=issued_on,
        issued_by=setting(by),
        program=setting(__version__),
        terms=law_text(terms),
    )


def _pdf(issuer: Issuer, clause: ClauseC, kind: IssuedKind, stamp: Stamp | None) -> bytes:
    pdf: Pdf
    if kind is IssuedKind.CONFIRMATION:
        pdf = confirmation_pdf(clause, stamp, issuer.templates)
    else:
        pdf = agreement_plan_pdf(clause, make_plan(clause.report, issuer), stamp, issuer.templates)
    if pdf.trouble:
        log.warning("agreement %s: the PDF does not claim PDF/UA-1: %s", clause.agreement.agreement_id, pdf.trouble)
    return pdf.content
