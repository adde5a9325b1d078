"""Issue a partner's gap report: build it, keep it as issued, and put its message into the outbox.

Nothing is built for a partner whose message must wait; it is built anew when a person lets it go.
"""

import logging
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lms_sync import __version__
from lms_sync.compliance.audience import about_of
from lms_sync.compliance.build import LastReport, build_report
from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.open_gate import contacts_gate, partner_gate
from lms_sync.compliance.plan.partner_plan import plan_partner
from lms_sync.compliance.plan.school_days import SchoolDays
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.errors import UsageError
from lms_sync.files import id_in_name
from lms_sync.mail.links import new_link
from lms_sync.mail.message import Attachment, MessageParts, Thread, build_message, message_id
from lms_sync.mail.posting import Draft, Ready, post
from lms_sync.mail.same_again import planned_mark
from lms_sync.model.address import address_problem, named_sender
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery, DeliveryKind, new_delivery_id
from lms_sync.model.issued import IssuedReport
from lms_sync.model.roster import Cadence, Partner
from lms_sync.reports.gaps_export import report_json
from lms_sync.reports.issuer import Correspondence, Issuer
from lms_sync.reports.night.email import night_email
from lms_sync.reports.night.summary import NightSummary
from lms_sync.reports.partner.calendar_file import sittings_ical
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.partner.history import with_history
from lms_sync.reports.partner.pdf import training_plan_pdf
from lms_sync.reports.partner.sittings import sitting_lines
from lms_sync.reports.partner.workbook import partner_workbook
from lms_sync.reports.templates import EmailParts, Templates, template_environment
from lms_sync.reports.typeset import Pdf
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Settings

log = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ICS = "text/calendar"
WEEK = timedelta(days=7)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Documents:
    """What one partner receives."""

    report: GapReport
    plan: TrainingPlan
    email: EmailParts
    workbook: bytes
    """An xlsx file."""
    training_plan: Pdf
    sittings: bytes = b""
    """An iCalendar file of the planned sittings; empty where there are none."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Return what goes with the e-mail: the workbook, the training plan, the planned sittings if any."""
        whose = f"{id_in_name(self.report.partner.partner_id)}-{self.report.as_of.isoformat()}"
        calendar = (Attachment(f"planned-training-{whose}.ics", self.sittings, ICS),) if self.sittings else ()
        return (
            Attachment(f"training-gaps-{whose}.xlsx", self.workbook, XLSX),
            Attachment(f"training-plan-{whose}.pdf", self.training_plan.content, PDF),
            *calendar,
        )


def current_report(
    store: Store, issuer: Issuer, partner: Partner, *, for_district: bool = False, at: tuple[str, ...] = ()
) -> GapReport:
    """Return the partner's report as it stands, compared with the last one that had reached it by then.

    `at` asks for the one that contacts read who are told of the people of these buildings only.
    `for_district` tells every origin as it is; otherwise what names somebody outside the partner is withheld.
    """
    issued = store.reports.last(partner.partner_id, issuer.snapshot.known_at, arrived=True, about=about_of(at))
    last = LastReport(issued.as_of, issued.report) if issued else None
    return build_report(issuer.snapshot, issuer.judged, partner, last=last, for_district=for_district, at=at)


def wanted(report: GapReport, *, last: date | None, same: bool = False) -> bool:
    """Tell whether the partner is to be sent this report, by its cadence and the day of the last one issued.

    The last one may still be on its way; what changed is told against the last that arrived. Where none has arrived
    yet, another is tried after a week at the latest. `same`: it says what the last one issued said; then *on change*
    asks for it at most once a week, which is only where that one did not arrive.
    """
    cadence = report.partner.cadence
    if cadence is Cadence.NONE or not (report.people or report.gone):
        return False
    if last is None:
        return True
    never_arrived = report.previous is None and report.as_of - last >= WEEK
    if same and cadence is Cadence.ON_CHANGE and report.as_of - last < WEEK:
        return False
    return never_arrived or _cadence_asks(report, last)


def _cadence_asks(report: GapReport, previous: date) -> bool:
    match report.partner.cadence:
        case Cadence.NONE:
            return False
        case Cadence.WEEKLY:
            return report.as_of - previous >= WEEK
        case Cadence.MONTHLY:
            return (report.as_of.year, report.as_of.month) > (previous.year, previous.month)
        case Cadence.ON_CHANGE:
            return bool(report.gone) or any(person.changes for person in report.people)


def make_plan(report: GapReport, issuer: Issuer) -> TrainingPlan:
    """Return the plan that closes the gaps of `report`, of what is open to its partner."""
    inside = {person.person_id for person in report.people}
    theirs = contacts_gate if report.at else partner_gate
    gate = theirs(issuer.judged.gate, issuer.snapshot.roster, report.partner, inside=inside)
    school = SchoolDays(issuer.snapshot.settings.closed)
    return plan_partner(report, issuer.snapshot.course_map, gate, openings=issuer.judged.openings, school=school)


def make_documents(report: GapReport, issuer: Issuer, *, preview: bool = False, link: str = "") -> Documents:
    """Return the documents that tell `report`; the workbook of a preview can't be sent back.

    `link` leads the e-mail's readers to the partner's page; empty where there is none.
    """
    plan = make_plan(report, issuer)
    email = partner_email(report, plan, issuer.templates, link=link)
    workbook = partner_workbook(report, plan, issuer.templates, pseudonyms=None if preview else issuer.pseudonyms)
    pdf = training_plan_pdf(report, plan, issuer.templates)
    if pdf.trouble:
        log.warning("partner %s: the PDF does not claim PDF/UA-1: %s", report.partner.partner_id, pdf.trouble)
    plans = {person.person_id: person for person in plan.people}
    return Documents(report, plan, email, workbook, pdf, sittings_ical(report, sitting_lines(report, plans)))


def issue(store: Store, issuer: Issuer, report: GapReport, *, stop: str = "") -> Delivery:
    """Put the partner's message into the outbox, queued or held; the caller holds the transaction.

    The report is recorded as issued in the same transaction as its delivery is queued. `stop` says why it must wait.
    """
    partner = report.partner
    draft = Draft(
        delivery_id=new_delivery_id(report.as_of, issuer.mint()),
        kind=DeliveryKind.PARTNER,
        partner_id=partner.partner_id,
        sender=named_sender(issuer.config.settings.mail.sender, report.district),
        to=partner.report_to,
        copy=partner.copy_to,
        about=about_of(report.at),
        stop=stop,
    )

    def build(envelope: Envelope) -> Ready:
        # The partner's page and its history are about everybody.
        link = "" if report.at else new_link(store, issuer, partner, envelope)
        documents = make_documents(report if report.at else with_history(store, report), issuer, link=link)
        report_id = f"R{report.as_of:%Y%m%d}-{issuer.mint()}"
        store.reports.issue(_issued(store, issuer, report, report_id=report_id, plan=documents.plan))
        return ready(issuer, documents.email, envelope, attachments=documents.attachments, report_id=report_id)

    return post(store.deliveries, draft, build=build, at=issuer.now)


def issue_summary(store: Store, issuer: Correspondence, summary: NightSummary) -> Delivery:
    """Queue the night's summary to HR; the caller holds the transaction."""
    settings = issuer.config.settings
    draft = Draft(
        delivery_id=new_delivery_id(summary.as_of, issuer.mint()),
        kind=DeliveryKind.NIGHT,
        partner_id="",
        sender=settings.mail.sender,
        to=settings.district.hr,
    )
    email = _summary_email(summary, issuer.templates)
    return post(store.deliveries, draft, build=lambda envelope: ready(issuer, email, envelope), at=issuer.now)


def _summary_email(summary: NightSummary, templates: Templates) -> EmailParts:
    """Return the summary by the workspace's template, or by the shipped one when that cannot be filled.

    HR must hear of the night; `check` and the partners' reports tell of the broken template.
    """
    try:
        return night_email(summary, templates)
    except UsageError as error:
        log.warning("the night's summary is sent by the shipped template: %s", error)
        return night_email(summary, replace(templates, environment=template_environment(None)))


def ready(
    issuer: Correspondence,
    email: EmailParts,
    envelope: Envelope,
    *,
    attachments: tuple[Attachment, ...] = (),
    report_id: str | None = None,
) -> Ready:
    """Return the exact message of an e-mail, with a Message-ID minted for it."""
    settings = issuer.config.settings
    series = f"safety-training.{settings.district.id}"
    parts = MessageParts(email.subject, email.html, email.text, attachments, _reply_to(settings), series)
    return _ready(issuer, parts, envelope, report_id=report_id)


def ready_in_thread(
    issuer: Correspondence, email: EmailParts, envelope: Envelope, *, earlier: str, is_answer: bool
) -> Ready:
    """Return the same of an e-mail that readers see beside an `earlier` one, of which they know the Message-ID.

    `is_answer` where a person wrote that one.
    """
    settings = issuer.config.settings
    series = f"safety-training.{settings.district.id}"
    thread = Thread(earlier, is_answer) if earlier else None
    return _ready(
        issuer, MessageParts(email.subject, email.html, email.text, (), _reply_to(settings), series, thread), envelope
    )


def _ready(issuer: Correspondence, parts: MessageParts, envelope: Envelope, *, report_id: str | None = None) -> Ready:
    minted = message_id(issuer.mint(), sender=envelope.sender)
    body = build_message(parts, envelope=envelope, message_id=minted, date=issuer.now)
    return Ready(parts.subject, minted, body, report_id)


def _reply_to(settings: Settings) -> str:
    """Return where answers are read: as the operator says, else where corrections are, else by HR."""
    mailbox = settings.corrections.mailbox
    read = mailbox.user if mailbox and not address_problem(mailbox.user) else ""
    return settings.mail.reply_to or read or settings.district.hr[0]


def _issued(store: Store, issuer: Issuer, report: GapReport, *, report_id: str, plan: TrainingPlan) -> IssuedReport:
    before = store.reports.last(report.partner.partner_id, about=about_of(report.at))
    return IssuedReport(
        report_id=report_id,
        partner_id=report.partner.partner_id,
        as_of=report.as_of,
        known_at=report.known_at,
        issued_at=issuer.now,
        program=__version__,
        replaces=before.report_id if before else None,
        judgement={**report_json([report])["partners"][0], "planned": planned_mark(plan)},
    )
