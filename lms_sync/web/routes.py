"""The one table of pages: what is where, who may see it, who may do it. A test walks every line with every role."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms_sync.web import (
    agreements,
    calendar,
    courses,
    documents,
    log,
    partners,
    people,
    person_page,
    roster,
    second,
    sheets,
    today,
    worklist,
)
from lms_sync.web.roles import EVERYBODY, Role


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the desk, for those who are signed in."""

    name: str
    method: str
    """GET shows and changes nothing; POST decides."""
    rule: str
    view: Callable[..., Any]
    roles: frozenset[Role]


HR = frozenset({Role.HR})
STAFF = frozenset({Role.HR, Role.REVIEWER})
"""Those who decide about people's training and agreements."""
RECORDS = STAFF | {Role.READER}
"""Those who read people's records."""
TRAINERS = frozenset({Role.TRAINER, Role.HR})
SHEETS = frozenset({Role.HR, Role.OPERATOR, Role.TRAINER})
MESSAGES = RECORDS | {Role.OPERATOR}

ROUTES = (
    Route("today", "GET", "/", today.today, EVERYBODY),
    Route("year", "GET", "/year", today.year, EVERYBODY),
    Route("worklist", "GET", "/worklist", worklist.worklist, EVERYBODY),
    Route("answer", "POST", "/worklist", worklist.answer, STAFF),
    Route("matches", "GET", "/matches", worklist.matches, RECORDS),
    Route("match", "POST", "/matches", worklist.match, STAFF),
    Route("people", "GET", "/people", people.people, RECORDS),
    Route("people_workbook", "GET", "/people.xlsx", people.people_workbook, RECORDS),
    Route("person", "GET", "/people/<person_id>", person_page.person, RECORDS),
    Route("person_pdf", "GET", "/people/<person_id>/record.pdf", person_page.person_pdf, RECORDS),
    Route("file_document", "POST", "/people/<person_id>/documents", documents.file_document, STAFF),
    Route("document", "GET", "/documents/<document_id>", documents.document, RECORDS),
    Route("withdraw_document", "POST", "/documents/<document_id>/withdraw", documents.withdraw_document, STAFF),
    Route("partners", "GET", "/partners", partners.partners, RECORDS),
    Route("partner", "GET", "/partners/<partner_id>", partners.partner, RECORDS),
    Route("partner_email", "GET", "/partners/<partner_id>/e-mail.html", partners.partner_email, RECORDS),
    Route("partner_text", "GET", "/partners/<partner_id>/e-mail.txt", partners.partner_text, RECORDS),
    Route("partner_file", "GET", "/partners/<partner_id>/files/<name>", partners.partner_file, RECORDS),
    Route("end_links", "POST", "/partners/<partner_id>/links/end", partners.end_partner_links, HR),
    Route("reported_file", "GET", "/reported/<report_id>", partners.reported_file, RECORDS),
    Route("messages", "GET", "/messages", partners.messages, MESSAGES),
    Route("message", "GET", "/messages/<delivery_id>", partners.message, RECORDS),
    Route("act_on_messages", "POST", "/messages", partners.act_on_messages, HR),
    Route("agreements", "GET", "/agreements", agreements.agreements, RECORDS),
    Route("agreement", "GET", "/agreements/<agreement_id>", agreements.agreement, RECORDS),
    Route("point", "POST", "/agreements/<agreement_id>/points", agreements.point, STAFF),
    Route("attachment", "GET", "/agreements/<agreement_id>/files/<number>", agreements.attachment, RECORDS),
    Route("checklist", "GET", "/agreements/<agreement_id>/checklist.xlsx", agreements.checklist, STAFF),
    Route("checklist_back", "POST", "/agreements/<agreement_id>/checklist", agreements.checklist_back, STAFF),
    Route("draft", "GET", "/agreements/<agreement_id>/draft/<kind>.pdf", agreements.draft, STAFF),
    Route("issue", "POST", "/agreements/<agreement_id>/issue/<kind>", agreements.issue, STAFF),
    Route("adopt", "POST", "/agreements/<agreement_id>/adopt", agreements.adopt, STAFF),
    Route("undo_adopt", "POST", "/agreements/<agreement_id>/adopt/undo", agreements.undo_adopt, STAFF),
    Route("share", "POST", "/agreements/<agreement_id>/share", agreements.share, STAFF),
    Route("end_share", "POST", "/agreements/<agreement_id>/share/end", agreements.end_share, STAFF),
    Route("issued_pdf", "GET", "/issued/<number>.pdf", agreements.issued_pdf, RECORDS),
    Route("send_issued", "POST", "/issued/<number>/send", agreements.send_issued, STAFF),
    Route("withdraw_issued", "POST", "/issued/<number>/withdraw", agreements.withdraw_issued, STAFF),
    Route("verify", "GET", "/verify", agreements.verify, RECORDS),
    Route("verified", "POST", "/verify", agreements.verified, RECORDS),
    Route("requests", "GET", "/requests", second.requests, STAFF),
    Route("decide_request", "POST", "/requests", second.decide_request, STAFF),
    Route("request_file", "GET", "/requests/<request_id>/file", second.request_file, STAFF),
    Route("calendar", "GET", "/calendar", calendar.calendar, RECORDS),
    Route("calendar_file", "GET", "/calendar.ics", calendar.calendar_file, RECORDS),
    Route("duty_file", "GET", "/calendar/proof", calendar.duty_file, RECORDS),
    Route("duty_done", "POST", "/calendar", calendar.duty_done, STAFF),
    Route("duty_undone", "POST", "/calendar/undo", calendar.duty_undone, STAFF),
    Route("courses", "GET", "/courses", courses.courses, EVERYBODY),
    Route("course", "GET", "/courses/<handle>", courses.course, TRAINERS),
    Route("decide", "POST", "/courses/decide", courses.decide, TRAINERS),
    Route("upload_map", "POST", "/courses/upload", courses.upload, TRAINERS),
    Route("save_map", "POST", "/courses/save", courses.save, TRAINERS),
    Route("map_workbook", "GET", "/courses.xlsx", courses.map_workbook, EVERYBODY),
    Route("map_history", "GET", "/map-history", courses.map_versions, EVERYBODY),
    Route("roster", "GET", "/roster", roster.roster, STAFF),
    Route("roster_workbook", "GET", "/roster.xlsx", roster.roster_workbook, STAFF),
    Route("roster_upload", "POST", "/roster/upload", roster.roster_upload, HR),
    Route("roster_save", "POST", "/roster/save", roster.roster_save, HR),
    Route("sheets", "GET", "/sheets", sheets.sheets, SHEETS),
    Route("try_sheet", "POST", "/sheets", sheets.try_sheet, SHEETS),
    Route("keep_layout", "POST", "/sheets/layouts", sheets.keep_layout, SHEETS),
    Route("log", "GET", "/log", log.log, STAFF | {Role.OPERATOR}),
)
"""Another page is another line."""
