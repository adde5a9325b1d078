"""Issue a partner's gap report: build it, keep it as issued, and put its message into the outbox.

Nothing is built for a partner whose message must wait; it is built again when a person lets it go.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lms_sync import __version__
from lms_sync.compliance.audience import about_of
from lms_sync.compliance.build import LastReport, build_report
from lms_sync.compliance.gap_report import GapReport
from lms_sync.errors import UsageError
from lms_sync.mail.documents import make_documents
from lms_sync.mail.message import Attachment, MessageParts, Thread, build_message, message_id
from lms_sync.mail.packet import Packet, packet_of
from lms_sync.mail.page_links import keep_links, link_of, new_seed
from lms_sync.mail.posting import Draft, Ready, post
from lms_sync.model.address import address_problem, named_sender
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery, DeliveryKind, new_delivery_id
from lms_sync.model.issued import IssuedReport
from lms_sync.model.roster import Cadence, Partner
from lms_sync.reports.issuer import Correspondence, Issuer
from lms_sync.reports.night.email import night_email
from lms_sync.reports.night.summary import NightSummary
from lms_sync.reports.partner.history import with_history
from lms_sync.reports.templates import EmailParts, Templates, template_environment
from lms_sync.store.reports import LastDays
from lms_sync.store.store import Store
from lms_sync.workspace.settings.config import Settings

log = logging.getLogger(__name__)

WEEK = timedelta(days=7)


def current_report(
    store: Store, issuer: Issuer, partner: Partner, *, for_district: bool = False, at: tuple[str, ...] = ()
) -> GapReport:
    """Return the partner's report as it stands, compared with the last one that had reached it by then.

    `at` asks for the one that contacts read who are told of the people of these buildings only.
    `for_district` tells every origin as it is; otherwise what names somebody outside the partner is withheld.
    """
    last = last_report(store, issuer, partner.partner_id, about=about_of(at))
    return build_report(issuer.snapshot, issuer.judged, partner, last=last, for_district=for_district, at=at)


def last_report(store: Store, issuer: Issuer, partner_id: str, *, about: str = "") -> LastReport | None:
    """Return the last report that had reached the partner by then, or contacts of some buildings; None for none."""
    issued = store.reports.last(partner_id, issuer.snapshot.known_at, arrived=True, about=about)
    return LastReport(issued.as_of, issued.report) if issued else None


def may_be_wanted(partner: Partner, as_of: date, last: LastDays) -> bool:
    """Tell whether the partner may be to be sent a report, as far as that can be told before the report is built."""
    if partner.cadence is Cadence.NONE or last.issued is None:
        return partner.cadence is not Cadence.NONE
    never_arrived = last.arrived is None and as_of - last.issued >= WEEK
    return never_arrived or _calendar_asks(partner.cadence, as_of, last.issued)


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
    changed = cadence is not Cadence.ON_CHANGE or report.gone or any(person.changes for person in report.people)
    return never_arrived or (bool(changed) and _calendar_asks(cadence, report.as_of, last))


def _calendar_asks(cadence: Cadence, as_of: date, previous: date) -> bool:
    match cadence:
        case Cadence.NONE:
            return False
        case Cadence.WEEKLY:
            return as_of - previous >= WEEK
        case Cadence.MONTHLY:
            return (as_of.year, as_of.month) > (previous.year, previous.month)
        case Cadence.ON_CHANGE:
            return True


@dataclass(frozen=True, slots=True)
class PostedReport:
    """A partner's message that is to be put into the outbox."""

    partner: Partner
    stop: str
    """Why it must wait; empty if it may go."""
    seed: str
    """Of the links to the partner's page; empty for none."""
    about: str = ""
    """What tells the message of some contacts from the partner's others."""


def issue(store: Store, issuer: Issuer, report: GapReport, *, stop: str = "") -> Delivery:
    """Put the partner's message into the outbox, queued or held; the caller holds the transaction.

    The report is recorded as issued in the same transaction as its delivery is queued. `stop` says why it must wait.
    """
    posted = PostedReport(report.partner, stop, seed_of(issuer, report), about_of(report.at))

    def make() -> Packet:
        link = link_of(issuer, posted.seed)
        return packet_of(make_documents(report_with_history(store, report), issuer, link=link))

    return post_packet(store, issuer, posted, make=make)


def seed_of(issuer: Issuer, report: GapReport) -> str:
    """Return what the links of a report's message are made of; the partner's page is about everybody."""
    return "" if report.at else new_seed(issuer)


def report_with_history(store: Store, report: GapReport) -> GapReport:
    """Return the report with how the partner stood before, which is about everybody."""
    return report if report.at else with_history(store, report)


def post_packet(store: Store, issuer: Issuer, posted: PostedReport, *, make: Callable[[], Packet]) -> Delivery:
    """Put the partner's message into the outbox as `issue` does; the packet is asked for only if it may go out."""
    draft = draft_of(issuer, posted, delivery_id=new_delivery_id(issuer.judged.as_of, issuer.mint()))

    def build(envelope: Envelope) -> Ready:
        packet = make()
        keep_links(store, issuer, draft.partner_id, envelope, seed=posted.seed)
        report_id = f"R{issuer.judged.as_of:%Y%m%d}-{issuer.mint()}"
        store.reports.issue(_issued(store, issuer, posted, packet, report_id=report_id))
        return ready(issuer, packet.email, envelope, attachments=packet.attachments, report_id=report_id)

    return post(store.deliveries, draft, build=build, at=issuer.now)


def draft_of(issuer: Issuer, posted: PostedReport, *, delivery_id: str = "") -> Draft:
    """Return the delivery that a partner's message is wanted for."""
    district = issuer.snapshot.settings.district
    return Draft(
        delivery_id=delivery_id,
        kind=DeliveryKind.PARTNER,
        partner_id=posted.partner.partner_id,
        sender=named_sender(issuer.config.settings.mail.sender, district),
        to=posted.partner.report_to,
        copy=posted.partner.copy_to,
        about=posted.about,
        stop=posted.stop,
    )


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


def _issued(store: Store, issuer: Issuer, posted: PostedReport, packet: Packet, *, report_id: str) -> IssuedReport:
    before = store.reports.last(posted.partner.partner_id, about=posted.about)
    return IssuedReport(
        report_id=report_id,
        partner_id=posted.partner.partner_id,
        as_of=issuer.judged.as_of,
        known_at=issuer.snapshot.known_at,
        issued_at=issuer.now,
        program=__version__,
        replaces=before.report_id if before else None,
        judgement=dict(packet.judgement),
    )
